"""One connection to one backend: operations out, plain answers in, and foreign errors made ours."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowtui.client.wire import Answer, wire_for
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
        body = _written({"query": text, "variables": variables})
        started = time.monotonic()
        answer = await self._wire.post(body)
        self.latency = time.monotonic() - started
        return _read(answer, self.profile.api_url)

    async def close(self) -> None:
        """Let go of the network."""
        await self._wire.close()


def _written(request: dict[str, Any]) -> bytes:
    try:
        return json.dumps(request, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(f"Nothing was sent: {error}.") from error


def _read(answer: Answer, url: str) -> tuple[Any, Sequence[Any]]:
    """The `data` and the `errors` of an answer that has at least one of them, whatever its status:
    a backend may say why it refuses with any."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise _bad_answer(url, answer.status) from error
    if not isinstance(told, dict) or not told.keys() & {"data", "errors"}:
        raise _bad_answer(url, answer.status)
    errors = told.get("errors") or []
    return told.get("data"), errors if isinstance(errors, list) else (errors,)


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


def _bad_answer(url: str, status: int) -> BackendError:
    if status in (401, 403):
        return _unauthorized(f"{url} answered {status}.")
    if status >= 500:
        return Unreachable(f"{url} answered {status}.", "The backend, or what is before it.")
    why = "it did not answer in GraphQL" if 200 <= status < 300 else f"it answered {status}"
    return NotUnderstood(
        f"{url} is not a Prefect API: {why}.",
        "The API of a Prefect Server is at port 4200, its web page at 8080.",
    )
