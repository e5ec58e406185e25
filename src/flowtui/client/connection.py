"""One connection to one backend: operations out, plain answers in."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowtui.client.answers import refusal
from flowtui.client.wire import wire_for
from flowtui.config import Profile
from flowtui.errors import NotUnderstood

if TYPE_CHECKING:
    import httpx

_QUERIES = Path(__file__).with_name("queries")
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


class Connection:
    """Sends operations by name, as the text that tests have checked; every error it raises is a
    `BackendError`.

    `transport` takes the place of the network: tests give `httpx.ASGITransport`.
    """

    def __init__(self, profile: Profile, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.profile = profile
        self.latency: float | None = None
        """Seconds the last answer took."""
        self._wire = wire_for(profile, transport)

    async def execute(self, name: str, /, **variables: Any) -> dict[str, Any]:
        """The `data` of one operation's answer."""
        data, errors = await self.send(_sent_text(name), variables)
        if errors:
            raise refusal(errors)
        if not isinstance(data, dict):
            raise NotUnderstood(f"{self.profile.api_url} sent an answer without data.")
        return data

    async def send(self, text: str, variables: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
        """The `data` and the `errors` of the answer to a document."""
        started = time.monotonic()
        answer = await self._wire.ask(text, variables)
        self.latency = time.monotonic() - started
        return answer

    async def close(self) -> None:
        """Let go of the network."""
        await self._wire.close()
