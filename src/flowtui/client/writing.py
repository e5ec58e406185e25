"""The one way a command goes to a backend: refused for a read-only profile, and written down."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeGuard

from flowtui.client import reading
from flowtui.client.capabilities import Capabilities, capabilities_from
from flowtui.client.connection import Connection
from flowtui.client.journal import Journal, settled
from flowtui.config import Profile
from flowtui.errors import (
    BackendError,
    Conflict,
    NotFound,
    NotSent,
    NotUnderstood,
    Refused,
    Unreachable,
    UsageProblem,
)
from flowtui.models.journal import (
    DONE,
    REFUSED,
    UNKNOWN,
    Entry,
    Still,
    Undo,
    UndoOf,
    batch_now,
    named_target,
    not_undoable,
)
from flowtui.models.times import Clock, system_clock

STILL = {
    "flow_run": "still_flow_run",
    "flow": "still_flow",
    "flow_group": "still_flow_group",
    "project": "still_project",
}
"""What an undo may look at, and the question that tells it."""


class Writer:
    """What every command is sent by; no screen can forget that a profile is read-only."""

    profile: Profile
    connection: Connection
    clock: Clock = staticmethod(system_clock)
    _capabilities: Capabilities | None = None
    _waiting: frozenset[str] = frozenset()
    """Entries whose answer is awaited here."""

    @cached_property
    def journal(self) -> Journal:
        """Where commands are written down; in memory only, until another is put here."""
        return Journal()

    async def capabilities(self) -> Capabilities:
        """What this backend can do; asked once."""
        if self._capabilities is None:
            answer = await self.connection.execute("capabilities")
            with reading.understood("what it can do"):
                self._capabilities = capabilities_from(answer)
        return self._capabilities

    def _writable(self) -> None:
        if self.profile.read_only:
            raise UsageProblem(
                "This profile is read-only, so nothing was sent.",
                "Start without --read-only to change things.",
            )

    async def _command(
        self,
        mutation: str,
        sent: Mapping[str, Any],
        *,
        target: str = "",
        missing: str = "",
        refusal: str = "The backend did not do it, and did not say why.",
        undo: UndoOf = None,
        undoes: str = "",
    ) -> Mapping[str, Any]:
        """Send a command once, and keep in the journal what it was and what became of it.

        `undo` is what takes it back (see models/journal.py), or a function that tells it from the
        answer; `target` names what it is sent to, where `naming` does not. Where nothing was done,
        `missing` is what there is not; without it, `refusal` is what is said.
        """
        self._writable()
        entry = Entry(
            id=uuid.uuid4().hex,
            at=self.clock(),
            profile=self.profile.title,
            api_url=self.profile.api_url,
            mutation=mutation,
            input=dict(sent),
            target=target or named_target() or _first_id(sent),
            undo=undo if isinstance(undo, Undo) else None,
            undoes=undoes,
            batch=batch_now(),
        )
        with self._written_down(entry) as done:
            answer = await self.connection.execute(mutation, input=dict(sent))
            payload = answer.get(mutation)
            if not _tells_whether(payload):
                raise NotUnderstood(f"The backend's answer does not say whether it did {mutation}.")
            done(payload, undo)
        if payload.get("success") is False:
            if missing:
                raise NotFound(f"There is no {missing} on this backend.")
            raise Refused(refusal)
        return payload

    @contextmanager
    def _written_down(self, entry: Entry) -> Iterator[Callable[[Mapping[str, Any], UndoOf], None]]:
        """Keep what becomes of a command; inside, say with what answer it was done."""

        def done(payload: Mapping[str, Any], undo: UndoOf) -> None:
            if payload.get("success") is False:
                said = "the backend did not do it"
                self.journal.write(replace(entry, outcome=REFUSED, said=said))
            else:
                self.journal.write(replace(entry, outcome=DONE, undo=_way_back(undo, payload)))

        self._waiting |= {entry.id}
        self.journal.write(entry)
        try:
            yield done
        except BackendError as error:
            outcome = UNKNOWN if _may_have_arrived(error) else REFUSED
            self.journal.write(replace(entry, outcome=outcome, said=error.message))
            raise
        except BaseException:
            self.journal.write(replace(entry, outcome=UNKNOWN, said="left before the answer"))
            raise
        finally:
            self._waiting -= {entry.id}

    # The journal

    def journal_entries(self) -> list[Entry]:
        """Every command in the journal, the newest first."""
        return settled(self.journal.entries(), self._waiting)

    async def take_back(self, entry: Entry) -> None:
        """Undo what a command did, if it is still as the command left it.

        Raises Refused, and sends nothing, where there is no way back, and Conflict where the thing
        has moved.
        """
        self._writable()
        reason = not_undoable(entry, self.journal_entries(), self.profile.api_url)
        if reason is not None or entry.undo is None:
            raise Refused(f"Nothing was sent: {reason or 'there is no way back'}.")
        moved = await self.moved_since(entry.undo)
        if moved:
            raise Conflict(f"Nothing was sent: {moved}.")
        undo = entry.undo
        await self._command(
            undo.mutation,
            undo.input,
            target=entry.target,
            refusal="The backend did not take it back.",
            undoes=entry.id,
        )

    async def moved_since(self, undo: Undo) -> str:
        """What is not any more as the command left it, in words; empty where nothing has moved."""
        return "" if undo.still is None else await self.moved(undo.still)

    async def moved(self, still: Still) -> str:
        """What is not so any more, in words; empty where nothing has moved. Raises NotFound."""
        answer = await self.connection.execute(STILL[still.kind], id=still.id)
        with reading.understood("what it is now"):
            row = answer[f"{still.kind}_by_pk"]
            if row is None:
                raise NotFound(f"There is no such {still.kind.replace('_', ' ')} any more.")
            now: Any = row
            for name in still.field.split("."):
                now = now.get(name) if isinstance(now, Mapping) else None
        if any(_same(now, one) for one in still.one_of):
            return ""
        name = still.field.rpartition(".")[2].replace("_", " ")
        return f"its {name} has been changed since; it is {now!r} now"


def _tells_whether(payload: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether an answer is one; commands that can be in vain answer `success`."""
    return isinstance(payload, Mapping) and isinstance(payload.get("success", True), bool)


def _way_back(undo: UndoOf, payload: Mapping[str, Any]) -> Undo | None:
    """The undo of a command that was answered; none where the answer does not tell it."""
    if not callable(undo):
        return undo
    try:
        return undo(payload)
    except (KeyError, TypeError, ValueError):
        return None


def _same(now: Any, wanted: Any) -> bool:
    """Whether two values are the same; labels are, in whatever order they stand."""
    if isinstance(now, list) and isinstance(wanted, (list, tuple)):
        return sorted(map(repr, now)) == sorted(map(repr, wanted))
    return bool(now == wanted)


def _may_have_arrived(error: BackendError) -> bool:
    """Whether the backend may have done what it gave no answer to."""
    return isinstance(error, (NotUnderstood, Unreachable)) and not isinstance(error, NotSent)


def _first_id(sent: Mapping[str, Any]) -> str:
    """The id that an input is about, for what nobody named."""
    ids = (value for key, value in sent.items() if key.endswith("_id") and isinstance(value, str))
    name = next(ids, "")
    if name:
        return name
    for value in sent.values():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            more = f" and {len(value) - 1} more" if len(value) > 1 else ""
            return f"{_first_id(value[0])}{more}"
    return ""
