"""What a backend is sent and answers, as GraphQL; refusals and nonsense become errors of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flowtui.errors import (
    BackendError,
    Conflict,
    NotUnderstood,
    Refused,
    Unauthorized,
    Unreachable,
)
from flowtui.frozen import frozen
from flowtui.models.text import plain


@frozen
class Answer:
    """What came back, whatever it is."""

    status: int
    body: bytes


def written(request: Mapping[str, Any]) -> str:
    """A request as JSON. Raises Refused for what JSON has no word for."""
    try:
        return json.dumps(request, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise Refused(f"Nothing was sent: {error}.") from error


def read(answer: Answer, url: str) -> tuple[Any, Sequence[Any]]:
    """The `data` and the `errors` of an answer that has at least one of them, whatever its status:
    a backend may say why it refuses with any."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise bad_answer(url, answer.status) from error
    if not isinstance(told, dict) or not told.keys() & {"data", "errors"}:
        raise bad_answer(url, answer.status)
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


def bad_answer(url: str, status: int) -> BackendError:
    """The error that an answer stands for which is none of GraphQL's."""
    if status in (401, 403):
        return _unauthorized(f"{url} answered {status}.")
    if status >= 500:
        return Unreachable(f"{url} answered {status}.", "The backend, or what is before it.")
    why = "it did not answer in GraphQL" if 200 <= status < 300 else f"it answered {status}"
    return NotUnderstood(
        f"{url} is not a Prefect API: {why}.",
        "The API of a Prefect Server is at port 4200, its web page at 8080.",
    )
