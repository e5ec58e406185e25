"""Prefect's states: their families, and the questions everybody asks about them.

Families as prefect 1.4.1 has them; a name that is not in the table (an older or newer backend's)
is taken as it is and belongs to no family.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flowtui.frozen import frozen

LATE = "Late"
"""Not a state of Prefect's: Scheduled, and more than `LATE_AFTER` past its time."""

LATE_AFTER = timedelta(seconds=20)

PARENTS: dict[str, str | None] = {
    "State": None,
    "_MetaState": "State",
    "Pending": "State",
    "Scheduled": "Pending",
    "Paused": "Scheduled",
    "Resume": "Scheduled",
    "Retrying": "Scheduled",
    "Submitted": "_MetaState",
    "Queued": "_MetaState",
    "ClientFailed": "_MetaState",
    "Running": "State",
    "Cancelling": "Running",
    "Finished": "State",
    "Looped": "Finished",
    "Success": "Finished",
    "Cached": "Success",
    "Mapped": "Success",
    "Skipped": "Success",
    "Cancelled": "Finished",
    "Failed": "Finished",
    "TimedOut": "Failed",
    "TriggerFailed": "Failed",
    "ValidationFailed": "Failed",
}
"""Every state type and the one it is a kind of."""


def family(name: str) -> frozenset[str]:
    """The state type and all that descend from it: `family("Failed")` has TimedOut in it."""
    members = {name}
    for _ in PARENTS:
        members |= {child for child, parent in PARENTS.items() if parent in members}
    return frozenset(members)


SCHEDULED = family("Scheduled") | {"Queued"}
RUNNING = family("Running")
FINISHED = family("Finished")
SUCCESS = family("Success")
FAILED = family("Failed")
ENDED = FINISHED | {"ClientFailed"}
"""What a person calls over; ClientFailed is shown as Failed."""
FAILURES = FAILED | {"ClientFailed"}
"""What a person calls failed."""

STATE_NAMES = tuple(name for name in PARENTS if name not in ("State", "_MetaState"))


def is_scheduled(name: str | None) -> bool:
    """Waiting for a moment: the Scheduled family, and Queued."""
    return name in SCHEDULED


def is_running(name: str | None) -> bool:
    """Running or Cancelling."""
    return name in RUNNING


def is_finished(name: str | None) -> bool:
    """Over, however it ended."""
    return name in ENDED


def is_success(name: str | None) -> bool:
    """Ended well: Success, Cached, Mapped or Skipped."""
    return name in SUCCESS


def is_failed(name: str | None) -> bool:
    """Ended badly: Failed, TimedOut, TriggerFailed, ValidationFailed or ClientFailed."""
    return name in FAILURES


def is_late(name: str | None, due: datetime | None, now: datetime) -> bool:
    """Scheduled, and nobody took it in time."""
    return name == "Scheduled" and due is not None and now - due > LATE_AFTER


@frozen(slots=True)
class RunState:
    """What a flow run or task run is in now."""

    type: str
    version: int
    message: str = ""
    timestamp: datetime | None = None
    start_time: datetime | None = None
    """When it is due, for states that wait."""


@frozen(slots=True)
class StateRecord:
    """One entry of a state history."""

    type: str
    timestamp: datetime
    message: str = ""
    version: int = 0
    start_time: datetime | None = None
