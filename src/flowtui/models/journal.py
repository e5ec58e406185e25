"""The journal: what was sent to change something, how it went, and how it is taken back.

Whoever sends a command says what would undo it, at the moment when the old value is still known:

    await self._command(
        "set_flow_run_name",
        {"flow_run_id": run_id, "name": name},
        undo=Undo(
            f"rename it back to {was}",
            "set_flow_run_name",
            {"flow_run_id": run_id, "name": was},
            Still("flow_run", run_id, "name", (name,)),
        ),
    )

What is only known from the answer, such as the id of a new run, is said by a function of the
answer instead. `still` is what has to be so for the undo to be sent: where the thing has moved on
since, taking the command back would overwrite what somebody else did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from datetime import datetime
from typing import Any

from flowtui.frozen import frozen

SENT, DONE, REFUSED, UNKNOWN = "sent", "done", "refused", "unknown"
"""Outcomes. Sent is one whose answer is still awaited, or that nobody lived to read."""

MEMOS = frozenset({"write_run_logs"})
"""Commands that only write down that another was sent."""


@frozen
class Still:
    """What is so after a command, and has to be so for it to be undone."""

    kind: str
    """`flow_run`, `flow`, `flow_group` or `project`."""
    id: str
    field: str
    """Its field, such as `name` or `labels`; `settings.heartbeat_enabled` looks inside."""
    one_of: tuple[Any, ...]
    """The values it may have."""


@frozen
class Undo:
    """The command that takes another back."""

    says: str
    """What it does, as one says it: `switch the schedule on again`."""
    mutation: str
    input: Mapping[str, Any]
    still: Still | None = None


UndoOf = Undo | Callable[[Mapping[str, Any]], "Undo | None"] | None
"""What undoes a command, or a function that tells it from the command's answer."""


@frozen
class Batch:
    """Commands that somebody asked for as one."""

    id: str
    says: str
    """What was asked for: `Cancel 20 flow runs`."""


@frozen
class Entry:
    """One command that was sent."""

    id: str
    at: datetime
    profile: str
    api_url: str
    mutation: str
    input: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    """What it was sent to, in words."""
    outcome: str = SENT
    said: str = ""
    """Why it was refused, or why nobody knows."""
    undo: Undo | None = None
    undoes: str = ""
    """The entry that this one took back."""
    batch: Batch | None = None
    """What it was sent as a part of."""

    @property
    def is_memo(self) -> bool:
        """Whether it only tells of another."""
        return self.mutation in MEMOS


def undone_by(entry: Entry, journal: Iterable[Entry]) -> Entry | None:
    """The entry that took this one back, if one did."""
    return next((one for one in journal if one.undoes == entry.id and one.outcome == DONE), None)


def not_undoable(entry: Entry, journal: Iterable[Entry], api_url: str) -> str | None:
    """Why an entry cannot be taken back, as far as the journal knows; None where it can."""
    if entry.outcome == REFUSED:
        return "it was refused, so there is nothing to take back"
    if entry.undo is None:
        return "there is no way back"
    if entry.api_url != api_url:
        return f"it went to {entry.profile}, another backend than this one"
    if undone_by(entry, journal) is not None:
        return "it has been taken back already"
    return None


def batch_of(entry: Entry, journal: Iterable[Entry], api_url: str) -> list[Entry]:
    """What was sent together with an entry and can be taken back, the last one first; at least the
    entry itself."""
    if entry.batch is None:
        return [entry]
    known = list(journal)
    return [
        one
        for one in known
        if one.batch is not None
        and one.batch.id == entry.batch.id
        and not_undoable(one, known, api_url) is None
    ] or [entry]


_named: ContextVar[str] = ContextVar("named", default="")


@contextmanager
def naming(target: str) -> Iterator[None]:
    """Commands that are sent inside are written down with this target, unless they name one."""
    token = _named.set(target)
    try:
        yield
    finally:
        _named.reset(token)


def named_target() -> str:
    """The target that was named for the commands sent now."""
    return _named.get()


_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


@contextmanager
def together(batch: Batch) -> Iterator[None]:
    """Commands that are sent inside are written down as parts of this."""
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)


def batch_now() -> Batch | None:
    """What the commands sent now are a part of."""
    return _batch.get()
