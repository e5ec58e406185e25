"""Prefect's states on the wire: what each carries, read strictly and stored with every default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.models.moments import moment
from flowtui.models.states import FINISHED, PARENTS, RUNNING, STATE_NAMES, family
from flowtui.server.services.sizes import STANDARD, check_size

PREFECT_VERSION = "1.4.1"
"""The client whose serialisation our answers follow."""

ENDING = frozenset({"Success", "Failed", "Cached", "TimedOut", "Looped", "Cancelled"})
"""States that write `end_time`. The others that finish a run do not: clients allow for it."""

COLOURS = {
    "Pending": "#7ebdff",
    "Scheduled": "#ffab00",
    "Paused": "#99a8e8",
    "Resume": "#f58c0c",
    "Retrying": "#f66a0a",
    "Submitted": "#ffdf5d",
    "Queued": "#ffea7f",
    "ClientFailed": "#eb0000",
    "Running": "#3d67ff",
    "Cancelling": "#E8E8E8",
    "Finished": "#003ccb",
    "Looped": "#003ccb",
    "Success": "#28a745",
    "Cached": "#34d058",
    "Mapped": "#003ccb",
    "Skipped": "#62757f",
    "Cancelled": "#bdbdbd",
    "Failed": "#eb0000",
    "TimedOut": "#ff4e33",
    "TriggerFailed": "#ff5131",
    "ValidationFailed": "#ff5131",
}
"""Each state's colour as Prefect itself has it; clients ask for them."""

EXTRA_FIELDS = {
    "Scheduled": ("start_time",),
    "Paused": ("start_time",),
    "Resume": ("start_time",),
    "Retrying": ("start_time", "run_count"),
    "Submitted": ("state",),
    "Queued": ("state", "start_time"),
    "ClientFailed": ("state",),
    "Looped": ("loop_count",),
    "Cached": ("cached_parameters", "cached_result_expiration", "hashed_inputs"),
    "Mapped": ("n_map_states",),
}
"""What some states carry besides that which all carry."""


def hierarchy() -> dict[str, list[str]]:
    """Each class of states with everything that descends from it, itself included."""
    return {name: sorted(family(name)) for name in PARENTS}


@frozen
class State:
    """A state as it is stored: read from what a client sent, with every default filled in."""

    type: str
    message: str | None
    start_time: datetime | None
    serialized: Mapping[str, Any]
    implied_start: bool = False
    """The start time is ours (now), because the client named none."""

    @property
    def is_finished(self) -> bool:
        """Nothing more is expected of the run."""
        return self.type in FINISHED

    @property
    def is_running(self) -> bool:
        """Running, or on the way from there to Cancelled."""
        return self.type in RUNNING

    def with_cached_inputs(self, cached_inputs: Mapping[str, Any]) -> State:
        """The same state, remembering inputs of an earlier one."""
        serialized = {**self.serialized, "cached_inputs": dict(cached_inputs)}
        return State(self.type, self.message, self.start_time, serialized, self.implied_start)


def simple_state(
    type: str, message: str, now: datetime, start_time: datetime | None = None
) -> State:
    """A state that the server itself gives to a run."""
    document: dict[str, Any] = {"type": type, "message": message}
    if start_time is not None:
        document["start_time"] = start_time.isoformat()
    return parse_state(document, now)


def queued(message: str, before: Any, now: datetime) -> State:
    """The state of a run whose process waits for a free place; `before` is what it was in.

    It has no start time: with one, agents would come for a run that a process has already.
    """
    if isinstance(before, Mapping) and before.get("type") == "Queued":
        before = before.get("state")
    state = parse_state({"type": "Queued", "message": message, "state": before}, now)
    return State(state.type, message, None, {**state.serialized, "start_time": None})


PENDING: Mapping[str, Any] = {"type": "Pending", "message": "Task run created"}
"""What a task run is created with."""


def parse_state(document: Any, now: datetime, *, largest: int = STANDARD.state) -> State:
    """Read a state that a client sent, as Prefect's own schema would.

    Raises `ApiError` with the validator's text when it is none.
    """
    serialized = _serialized(document, now)
    check_size("State payload is too large.", serialized, largest, "largest_state")
    start_time = serialized.get("start_time")
    return State(
        type=serialized["type"],
        message=serialized["message"],
        start_time=None if start_time is None else moment(start_time),
        serialized=serialized,
        implied_start=start_time is not None and not document.get("start_time"),
    )


def _serialized(document: Any, now: datetime) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        raise _invalid("_schema", f"Invalid data type: {str(document)[:80]}", listed=False)
    name = document.get("type")
    if name is None:
        raise _invalid("type", "Missing data for required field.")
    if not isinstance(name, str) or name not in STATE_NAMES:
        raise _invalid("type", f"Unsupported value: {name}")
    message = document.get("message")
    if message is not None and not isinstance(message, str):
        raise _invalid("message", "Not a valid string.")
    cached_inputs = _mapping(document, "cached_inputs")
    if not all(isinstance(one, Mapping) for one in cached_inputs.values()):
        raise _invalid("cached_inputs", "Not a valid mapping type.")
    serialized: dict[str, Any] = {
        "type": name,
        "message": message,
        "context": _mapping(document, "context"),
        "cached_inputs": cached_inputs,
        # A client that reads anything but a document here fails, and with it all that it shows.
        "_result": _mapping(document, "_result")
        or {"type": "NoResultType", "__version__": PREFECT_VERSION},
        "__version__": PREFECT_VERSION,
    }
    if name == "Mapped":
        # The client's schema for Mapped knows no result and would refuse one.
        del serialized["_result"]
    for field in EXTRA_FIELDS.get(name, ()):
        serialized[field] = FIELDS[field](document, now)
    return serialized


def _mapping(document: Mapping[str, Any], field: str) -> dict[str, Any]:
    value = document.get(field)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _invalid(field, "Not a valid mapping type.")
    return dict(value)


def _start_time(document: Mapping[str, Any], now: datetime) -> str | None:
    given = document.get("start_time")
    if given is None:
        # A pause without a time waits for somebody; everything else is due at once.
        return None if document["type"] == "Paused" else now.isoformat()
    return _time("start_time", given)


def _time(field: str, value: Any) -> str:
    try:
        return moment(value).isoformat()
    except ValueError:
        raise _invalid(field, "Not a valid datetime.") from None


def _wrapped(document: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    inner = document.get("state")
    try:
        return None if inner is None else _serialized(inner, now)
    except ApiError as problem:
        raise ApiError(f"{{'state': {problem.message}}}") from None


def _count(field: str, default: int) -> Callable[[Mapping[str, Any], datetime], int]:
    def read(document: Mapping[str, Any], now: datetime) -> int:
        value = document.get(field)
        if value is None:
            return default
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            raise _invalid(field, "Not a valid integer.") from None

    return read


def _expiration(document: Mapping[str, Any], now: datetime) -> str | None:
    value = document.get("cached_result_expiration")
    return None if value is None else _time("cached_result_expiration", value)


FIELDS: dict[str, Callable[[Mapping[str, Any], datetime], Any]] = {
    "start_time": _start_time,
    "state": _wrapped,
    "run_count": _count("run_count", 1),
    "loop_count": _count("loop_count", 1),
    "n_map_states": _count("n_map_states", 0),
    "cached_parameters": lambda document, now: document.get("cached_parameters"),
    "cached_result_expiration": _expiration,
    "hashed_inputs": lambda document, now: document.get("hashed_inputs"),
}
"""How each field that only some states carry is read."""


def _invalid(field: str, problem: str, *, listed: bool = True) -> ApiError:
    return ApiError(str({field: [problem] if listed else problem}))
