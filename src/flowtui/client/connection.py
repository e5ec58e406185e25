"""One connection to one backend: operations out, plain answers in, and foreign errors made ours."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any
from urllib.request import getproxies

import httpx
from gql.graphql_request import GraphQLRequest
from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportError,
    TransportProtocolError,
    TransportQueryError,
    TransportServerError,
)
from gql.transport.httpx import HTTPXAsyncTransport

from flowtui.config import Profile
from flowtui.errors import (
    BackendError,
    Conflict,
    NotUnderstood,
    Refused,
    Unauthorized,
    Unreachable,
)
from flowtui.models.text import plain

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
"""Seconds; 15 is what Prefect's own client waits."""

_QUERIES = resources.files("flowtui.client") / "queries"
_SPREAD = re.compile(r"\.\.\.(\w+)")


def operation_names() -> list[str]:
    """Every operation there is: the names of the files in `queries`."""
    names = (entry.name for entry in _QUERIES.iterdir())
    return sorted(name[: -len(".graphql")] for name in names if name.endswith(".graphql"))


def operation_text(name: str) -> str:
    """The document of one operation, with the fragments it spreads."""
    text = (_QUERIES / f"{name}.graphql").read_text("utf-8")
    spread = dict.fromkeys(_SPREAD.findall(text))
    fragments = (_QUERIES / "fragments" / f"{one}.graphql" for one in spread)
    return "\n".join([text, *(fragment.read_text("utf-8") for fragment in fragments)])


@cache
def _sent_text(name: str) -> str:
    lines = (line.strip() for line in operation_text(name).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("#"))


class Operation(GraphQLRequest):
    """A text that is sent as it stands: that of a file, which tests have checked, or another."""

    def __init__(self, name: str, variables: dict[str, Any], text: str = "") -> None:
        self._text = text or _sent_text(name)
        self.variable_values = variables
        self.operation_name = None
        self.extensions = None

    @property
    def payload(self) -> dict[str, Any]:
        """What is sent as JSON."""
        return {"query": self._text, "variables": self.variable_values}


class Connection:
    """Sends operations by name; every error it raises is a `BackendError`.

    `transport` takes the place of the network: tests give `httpx.ASGITransport`.
    """

    def __init__(self, profile: Profile, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.profile = profile
        self.latency: float | None = None
        """Seconds the last answer took."""
        headers = {"X-PREFECT-UI": "true"}
        if profile.api_key:
            headers["Authorization"] = f"Bearer {profile.api_key}"
            if profile.tenant:
                headers["X-PREFECT-TENANT-ID"] = profile.tenant
        self._transport = HTTPXAsyncTransport(
            profile.api_url,
            headers=headers,
            timeout=TIMEOUT,
            transport=transport,
            verify=_needs_certificates(profile.api_url),
        )

    async def execute(self, name: str, /, **variables: Any) -> dict[str, Any]:
        """The `data` of one operation's answer."""
        request = Operation(name, variables)
        with translated(self.profile.api_url):
            if self._transport.client is None:
                await self._transport.connect()  # type: ignore[no-untyped-call]
            started = time.monotonic()
            result = await self._transport.execute(request)
            self.latency = time.monotonic() - started
            if result.errors:
                raise TransportQueryError(str(result.errors[0]), errors=list(result.errors))
            if not isinstance(result.data, dict):
                raise NotUnderstood(f"{self.profile.api_url} sent an answer without data.")
            return result.data

    async def send(self, text: str, variables: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
        """The `data` and the `errors` of the answer to a document that somebody wrote."""
        request = Operation("", variables, text)
        with translated(self.profile.api_url):
            if self._transport.client is None:
                await self._transport.connect()  # type: ignore[no-untyped-call]
            started = time.monotonic()
            result = await self._transport.execute(request)
            self.latency = time.monotonic() - started
            return result.data, result.errors or ()

    async def close(self) -> None:
        """Let go of the network."""
        await self._transport.close()  # type: ignore[no-untyped-call]


def _needs_certificates(url: str) -> bool:
    """Whether anything on the way proves who it is; reading all authorities costs memory."""
    return not url.lower().startswith("http://") or bool(getproxies())


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what gql and httpx raise into errors of ours."""
    try:
        yield
    except BackendError:
        raise
    except TransportConnectionFailed as error:
        raise _unreachable(url, error.__cause__ or error) from error
    except TransportQueryError as error:
        raise refusal(error.errors or ()) from error
    except TransportServerError as error:
        raise _bad_status(url, error) from error
    except (TransportProtocolError, json.JSONDecodeError) as error:
        raise _not_prefect(url) from error
    except (TransportError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise _not_prefect(url) from error


def refusal(errors: Any) -> BackendError:
    """The error that a GraphQL `errors` list stands for."""
    entries = [entry for entry in errors if isinstance(entry, Mapping)]
    first = entries[0] if entries else {}
    message = plain(str(first.get("message") or "The backend refused, without saying why."))
    extensions = first.get("extensions")
    code = str(extensions.get("code", "")) if isinstance(extensions, Mapping) else ""
    if code == "UNAUTHENTICATED" or "Malformed Authorization header" in message:
        return _unauthorized(message)
    if code == "VERSION_LOCKING_ERROR":
        return Conflict(message, code=code)
    return Refused(message, code=code)


def _unauthorized(message: str) -> Unauthorized:
    return Unauthorized(message, "Give an API key with --api-key or FLOWTUI_API_KEY.")


def _unreachable(url: str, cause: BaseException) -> Unreachable:
    if isinstance(cause, httpx.TimeoutException):
        return Unreachable(f"{url} did not answer in time.", "Is the backend busy, or far away?")
    if isinstance(cause, (httpx.UnsupportedProtocol, httpx.InvalidURL)):
        return Unreachable(f"{url} is no URL of a backend.", "It should read http://HOST:4200.")
    reason = plain(str(cause)).rstrip(".") or type(cause).__name__
    return Unreachable(
        f"No backend answers at {url}: {reason}.",
        "Start one with 'flowtui server start', or name another with --api.",
    )


def _bad_status(url: str, error: TransportServerError) -> BackendError:
    if error.code in (401, 403):
        return _unauthorized(f"{url} answered {error.code}.")
    if error.code is not None and error.code >= 500:
        return Unreachable(f"{url} answered {error.code}.", "The backend, or what is before it.")
    return _not_prefect(url, f"it answered {error.code}")


def _not_prefect(url: str, why: str = "it did not answer in GraphQL") -> NotUnderstood:
    return NotUnderstood(
        f"{url} is not a Prefect API: {why}.",
        "The API of a Prefect Server is at port 4200, its web page at 8080.",
    )
