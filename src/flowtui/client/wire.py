"""What carries a request to a backend and its answer back, and what it says when that fails.

There are two: `plain_wire` for a server that is spoken to directly, and `gql_wire` where
certificates, proxies or anything else is between. gql, httpx and what they stand on take more
memory than all the rest of the client, so they are imported only where they are needed.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from flowtui.config import Profile
from flowtui.errors import NotSent, Unreachable
from flowtui.models.text import plain

if TYPE_CHECKING:
    import httpx

_ERRNO = re.compile(r"\[Errno (\d+)\]")
_NUMBERED = re.compile(r"^\[[^]]*\] |^certificate verify failed: | \(_ssl\.c:\d+\)$")
"""What a cause says for programmers, around what it says for people."""

_START = "Start one with 'flowtui server start', or name another with --api."
_ADVICE = (
    (("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"), "Does it speak https? Try http:// instead."),
    (("CERTIFICATE_VERIFY_FAILED",), "SSL_CERT_FILE names a file of certificates to trust."),
    (("Name or service not known", "nodename nor servname"), "Is the host's name right?"),
)
"""What is in a cause, and what helps then."""

CONNECTING, WAITING = 5.0, 15.0
"""Seconds that a connection may take, and a silence; 15 is what Prefect's own client waits."""


class Wire(Protocol):
    """A way to one backend. Raises Unreachable, NotSent where nothing can have arrived, and what
    `answers` makes of an answer that is none.
    """

    async def ask(self, text: str, variables: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
        """The `data` and the `errors` of the answer to a document; it is sent once."""

    async def close(self) -> None:
        """Let go of the network."""


def wire_for(profile: Profile, transport: httpx.AsyncBaseTransport | None = None) -> Wire:
    """The way to a profile's backend; `transport` takes the place of the network."""
    headers = {"X-PREFECT-UI": "true"}
    if profile.api_key:
        headers["Authorization"] = f"Bearer {profile.api_key}"
        if profile.tenant:
            headers["X-PREFECT-TENANT-ID"] = profile.tenant
    if transport is None and is_plain(profile.api_url) and not has_proxies():
        from flowtui.client.plain_wire import PlainWire

        return PlainWire(profile.api_url, headers)
    from flowtui.client.gql_wire import GqlWire

    return GqlWire(profile.api_url, headers, transport)


def is_plain(url: str) -> bool:
    """Whether a URL says no more than a server, a port and a path, without certificates."""
    try:
        parts = urlsplit(url)
        named = parts.hostname and parts.port != 0
    except ValueError:
        return False
    visible = url.isascii() and url.isprintable() and " " not in url
    return bool(parts.scheme == "http" and named and visible and "@" not in parts.netloc)


def has_proxies() -> bool:
    """Whether anything may be between; httpx knows then what, and for whom."""
    if sys.platform in ("darwin", "win32"):
        from urllib.request import getproxies

        return bool(getproxies())
    named = (name for name, value in os.environ.items() if value)
    return any(name.lower() in ("http_proxy", "https_proxy", "all_proxy") for name in named)


def no_url(url: str) -> NotSent:
    """The error of a URL that leads nowhere."""
    return NotSent(f"{url} is no URL of a backend.", "It should read http://HOST:4200.")


def not_connected(url: str, cause: BaseException) -> NotSent:
    """The error of a connection that did not come about."""
    return NotSent(*_nobody(url, cause))


def cut_off(url: str, cause: BaseException) -> Unreachable:
    """The error of a connection that broke before the answer was whole."""
    return Unreachable(*_nobody(url, cause))


def too_slow(url: str, kind: type[Unreachable] = Unreachable) -> Unreachable:
    """The error of a silence that lasted too long."""
    return kind(f"{url} did not answer in time.", "Is the backend busy, or far away?")


def _nobody(url: str, cause: BaseException) -> tuple[str, str]:
    said = plain(str(cause))
    numbers = _ERRNO.findall(said)
    is_name = "nodename" in said  # macOS numbers these from one as well
    told = os.strerror(int(numbers[-1])) if numbers and not is_name else said.rstrip(".")
    while told != (shorter := _NUMBERED.sub("", told)):
        told = shorter
    advice = next((then for signs, then in _ADVICE if any(one in said for one in signs)), _START)
    return f"No backend answers at {url}: {told or type(cause).__name__}.", advice
