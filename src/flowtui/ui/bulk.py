"""Doing one thing to many: what it is declared by, and how it is carried out, one after the other.

A deed is declared once (run_deeds, flow_deeds …) with what becomes of each target, and what sends
it. The targets are looked at again before they are shown. Each is sent only if it has not moved
since it was shown, no faster than the profile's rate. What moved stays in the list and is not tried
again; when an answer is lost everything stops, and going on first looks what has become of it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flowtui.errors import (
    BackendError,
    Conflict,
    FlowtuiError,
    NotFound,
    NotUnderstood,
    Unreachable,
)
from flowtui.frozen import frozen
from flowtui.models.journal import Batch, naming, together
from flowtui.models.text import amount

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

R = TypeVar("R")

WAITING, SENDING, DONE = "waiting", "sending", "done"
MOVED, REFUSED, UNKNOWN, LEFT = "moved", "refused", "unknown", "left alone"


@frozen
class Becomes:
    """What a deed makes of one target, or why it leaves it alone."""

    word: str = ""
    """What it becomes; a state where it has one."""
    skip: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether something is sent at all."""
        return not self.skip


@frozen
class Kind(Generic[R]):
    """A kind of things that deeds are done to."""

    noun: str
    key: Callable[[R], str]
    name: Callable[[R], str]
    belongs: Callable[[R], str]
    """What it belongs to: a run to its flow."""
    owner: str
    """What that is called, above a column."""
    state: Callable[[R, datetime], str]
    version: Callable[[R], int | None]
    seconds: Callable[[R, datetime], float | None]
    """How long it has been so; less than nothing is a time to come."""
    again: Callable[[Backend, Sequence[R]], Awaitable[Mapping[str, R]]]
    """Those that are there, by their keys, as they are now."""
    moved: Callable[[Backend, R], Awaitable[str]]
    """What has changed about one since it was shown; empty for nothing."""
    state_called: str = "now"
    """What its state is called, above a column."""


@frozen
class BulkDeed(Generic[R]):
    """One thing that can be done to many."""

    kind: Kind[R]
    key: str
    """Its letter in the menu."""
    act: str
    """`Set {} to Failed`, as on a button; the targets are counted where the braces are."""
    label: str
    """What the menu calls it."""
    text: str
    """One sentence, for the menu."""
    sends: str
    becomes: Callable[[R, datetime], Becomes]
    send: Callable[[Backend, R], Awaitable[None]]
    undo: str = "there is no way back"
    removes: bool = False
    """Whether what it is done to is not listed any more afterwards."""
    guards_itself: bool = False
    """Whether what is sent is refused by version, so that nothing need be asked before."""

    def doing(self, count: int) -> str:
        """`Cancel 12 flow runs`."""
        return self.act.format(amount(count, self.kind.noun))


def set_to(
    kind: Kind[R],
    state: str,
    key: str,
    text: str,
    becomes: Callable[[R, datetime], Becomes],
    send: Callable[[Backend, R], Awaitable[None]],
    **more: Any,
) -> BulkDeed[R]:
    """The deed of setting them to a state by hand."""
    return BulkDeed(
        kind,
        key,
        f"Set {{}} to {state}",
        f"set to {state} …",
        text,
        "the state, guarded by its version",
        becomes,
        send,
        guards_itself=True,
        **more,
    )


@dataclass
class Item(Generic[R]):
    """One target, and what has become of it."""

    record: R
    becomes: Becomes
    status: str = WAITING
    said: str = ""
    is_hidden: bool = False
    """Whether the filter of the list hides it."""
    is_chosen: bool = True


class Bulk(Generic[R]):
    """One deed and its targets: looked at again, sent one after the other, stopped, gone on."""

    def __init__(
        self,
        deed: BulkDeed[R],
        records: Sequence[R],
        now: Callable[[], datetime],
        *,
        hidden: frozenset[str] = frozenset(),
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.deed = deed
        self.changed = changed
        self.is_running = False
        self.trouble = ""
        """Why it stopped by itself."""
        self._now = now
        self._id = uuid.uuid4().hex
        self._says = ""
        """What was asked for when it began."""
        self._stop = asyncio.Event()
        self.items = [
            Item(one, deed.becomes(one, now()), is_hidden=deed.kind.key(one) in hidden)
            for one in records
        ]
        self._settle()

    def _settle(self) -> None:
        """Leave alone what nothing is to be sent to."""
        for item in self.items:
            if item.status in (WAITING, LEFT):
                item.status = WAITING if item.becomes.is_sent and item.is_chosen else LEFT
                item.said = item.becomes.skip or ("" if item.is_chosen else "you left it out")

    # What it looks like

    def with_status(self, *statuses: str) -> list[Item[R]]:
        """The targets of which this has become."""
        return [item for item in self.items if item.status in statuses]

    @property
    def to_send(self) -> int:
        """How many commands are to be sent yet."""
        return len(self.with_status(WAITING, UNKNOWN))

    @property
    def has_begun(self) -> bool:
        """Whether anything has been sent."""
        return bool(self.with_status(SENDING, DONE, MOVED, REFUSED, UNKNOWN))

    def leave_out(self, item: Item[R]) -> None:
        """Choose a target, or leave it out."""
        item.is_chosen = not item.is_chosen
        self._settle()
        self.changed()

    # Doing it

    async def look(self, backend: Backend) -> None:
        """See what the targets are now, before they are shown. Raises BackendError."""
        kind, now = self.deed.kind, self._now()
        found = await kind.again(backend, [item.record for item in self.items])
        for item in self.items:
            record = found.get(kind.key(item.record))
            if record is None:
                item.becomes = Becomes(skip="it is gone")
            else:
                item.record, item.becomes = record, self.deed.becomes(record, now)
        self._settle()
        self.items.sort(key=lambda item: item.status == LEFT)
        self.changed()

    def stop(self) -> None:
        """Send nothing more; what is on its way is waited for."""
        self._stop.set()

    async def run(self, backend: Backend, rate: float) -> None:
        """Send what has not been sent, so many a second, until the end, a stop or a lost answer."""
        self._stop.clear()
        self.is_running, self.trouble = True, ""
        self._says = self._says or self.deed.doing(self.to_send)
        loop = asyncio.get_running_loop()
        try:
            await self._look_at_unknown(backend)
            for item in self.with_status(WAITING):
                if self._stop.is_set():
                    return
                due = loop.time() + 1 / rate
                await self._send(backend, item)
                if self.trouble or not self.with_status(WAITING):
                    return
                await self._rest(due - loop.time())
        finally:
            self.is_running = False
            self.changed()

    async def _rest(self, seconds: float) -> None:
        if seconds > 0:
            try:
                await asyncio.wait_for(self._stop.wait(), seconds)
            except asyncio.TimeoutError:
                return

    async def _look_at_unknown(self, backend: Backend) -> None:
        """Find out what has become of what was sent without an answer, before anything else."""
        lost = self.with_status(UNKNOWN)
        if not lost:
            return
        kind = self.deed.kind
        try:
            found = await kind.again(backend, [item.record for item in lost])
            for item in lost:
                now = found.get(kind.key(item.record))
                moved = await kind.moved(backend, item.record) if now is not None else ""
                self._tell_unknown(item, now, moved)
        except FlowtuiError as error:
            self.trouble = str(error)
            self._stop.set()

    def _tell_unknown(self, item: Item[R], now: R | None, moved: str) -> None:
        if now is not None and not moved:
            item.status, item.said = WAITING, ""
        elif self._is_done(item, now):
            item.status, item.said = DONE, "it had arrived"
        else:
            item.status, item.said = MOVED, moved or "it is gone"

    def _is_done(self, item: Item[R], now: R | None) -> bool:
        """Whether a target is what it was to become."""
        if now is None:
            return self.deed.removes
        state = self.deed.kind.state(now, self._now())
        return ("Scheduled" if state == "Late" else state) == item.becomes.word

    async def _send(self, backend: Backend, item: Item[R]) -> None:
        kind, deed, record = self.deed.kind, self.deed, item.record
        item.status, item.said = SENDING, ""
        self.changed()
        belongs = kind.belongs(record)
        named = f"{kind.name(record)} of {belongs}" if belongs else kind.name(record)
        try:
            moved = "" if deed.guards_itself else await kind.moved(backend, record)
            if moved:
                raise Conflict(moved)
        except (Unreachable, NotUnderstood) as error:
            item.status, self.trouble = WAITING, str(error)
        except BackendError as error:
            item.status, item.said = MOVED, error.message
        else:
            with naming(named), together(Batch(self._id, self._says)):
                await self._send_guarded(backend, item)
        self.changed()

    async def _send_guarded(self, backend: Backend, item: Item[R]) -> None:
        try:
            await self.deed.send(backend, item.record)
        except Conflict as error:
            item.status, item.said = MOVED, error.message
        except NotFound as error:
            item.status, item.said = REFUSED, error.message
        except (Unreachable, NotUnderstood) as error:
            item.status, item.said, self.trouble = UNKNOWN, "the answer was lost", str(error)
        except BackendError as error:
            item.status, item.said = REFUSED, error.message
        except FlowtuiError as error:
            item.status, item.said, self.trouble = REFUSED, error.message, str(error)
        else:
            item.status = DONE


def result_of(item: Item[Any]) -> str:
    """What has become of a target, for a file."""
    return f"{item.status}: {item.said}" if item.said else item.status
