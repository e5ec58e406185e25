"""Watching a run on a terminal: what is shown, and what each key does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from flowtui.errors import FlowtuiError
from flowtui.models import states
from flowtui.models.ids import FlowRunId
from flowtui.ui.ink import Piece
from flowtui.watch import OPEN
from flowtui.watch.block import View, header, live_block, summary
from flowtui.watch.follow import Follower, Pace, SteeredSource
from flowtui.watch.lines import Line, lines_of
from flowtui.watch.story import Happening, Interleaver, LogEntry, Snapshot, StateChange
from flowtui.watch.terminal import InlineTerminal

INTERRUPTED = 130


class Session:
    """One run on one terminal, until it ends or whoever watches has seen enough."""

    def __init__(self, source: SteeredSource, run_id: FlowRunId, pace: Pace) -> None:
        self._source = source
        self._run_id = run_id
        self._follower = Follower(source, run_id, self._on_news, pace)
        self._interleaver = Interleaver()
        self._terminal: InlineTerminal | None = None
        self._snapshot: Snapshot | None = None
        self._view = View()
        self._told: list[Happening] = []
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[int] = self._loop.create_future()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> int:
        """Show the run; the exit code. Raises what the backend answers to the first question."""
        snapshot = await self._follower.first()
        self._terminal = terminal = InlineTerminal(self)
        last: list[Line] = []
        try:
            terminal.open()
            terminal.show([header(snapshot, terminal.ink.palette), []], ())
            self._draw()
            self._begin(self._follow())
            code = await self._ended
            last = self._last_lines(code)
            return code
        except FlowtuiError:
            last = self._lines(self._interleaver.rest(), terminal.size[0])
            raise
        finally:
            if self._timer is not None:
                self._timer.cancel()
            for task in self._tasks:
                task.cancel()
            await terminal.close(last)

    # What the backend says.

    def _on_news(self, snapshot: Snapshot, happenings: Sequence[Happening]) -> None:
        self._snapshot = snapshot
        self._interleaver.add(happenings, _now())
        self._draw()

    async def _follow(self) -> None:
        snapshot = await self._follower.follow()
        self._end_with(0 if states.is_success(snapshot.run.state.type) else 1)

    # What the user says.

    def on_key(self, key: str) -> None:
        """A key was pressed."""
        if self._view.asking:
            self._answer(key)
        elif key in "qQ":
            self._end_with(0)
        elif key in "lL":
            self._view = replace(self._view, logs=not self._view.logs, hidden_lines=0)
        elif key in "bB":
            self._view = replace(self._view, bell=not self._view.bell)
        elif key in "\r\n":
            self._end_with(OPEN)
        self._draw()

    def on_interrupt(self) -> None:
        """Ask once what is meant; the second time it is clear."""
        if self._view.asking:
            self._end_with(INTERRUPTED)
        else:
            self._view = replace(self._view, asking=True, notice="")
            self._draw()

    def on_end(self, exit_code: int) -> None:
        """Somebody wants the program to end, or the terminal has gone."""
        self._end_with(exit_code)

    def on_redraw(self) -> None:
        """The window is another one than before."""
        self._draw()

    def _answer(self, key: str) -> None:
        if key in "yY":
            self._view = replace(self._view, asking=False, notice="Asking for it to be cancelled.")
            self._begin(self._cancel())
        elif key in "sSqQ":
            self._end_with(INTERRUPTED)
        elif key in "nN\r\n\x1b":
            self._view = replace(self._view, asking=False)

    async def _cancel(self) -> None:
        try:
            state = await self._source.cancel_flow_run(self._run_id)
        except FlowtuiError as error:
            notice = f"It was not cancelled. {error}"
        else:
            notice = "" if states.is_finished(state) else f"It was asked to cancel, and is {state}."
        self._view = replace(self._view, notice=notice)
        self._follower.hurry()
        self._draw()

    # What is shown.

    def _draw(self) -> None:
        if self._terminal is None or self._snapshot is None or self._ended.done():
            return
        columns, rows = self._terminal.size
        palette = self._terminal.ink.palette
        now = _now()
        stay = self._lines(self._interleaver.ready(now), columns)
        block = live_block(self._snapshot, now, palette, columns, rows, self._view)
        self._terminal.show(stay, block)
        self._draw_again_in_time()

    def _lines(self, happenings: Sequence[Happening], columns: int) -> list[Line]:
        assert self._terminal is not None
        lines: list[Line] = []
        for happening in happenings:
            if isinstance(happening, LogEntry) and not self._view.logs:
                self._view = replace(self._view, hidden_lines=self._view.hidden_lines + 1)
            elif not isinstance(happening, StateChange) or happening.notable:
                lines += lines_of(happening, self._terminal.ink.palette, columns)
        return lines

    def _last_lines(self, code: int) -> list[Line]:
        """What stays: the rest of the story, and how it ended or how to come back."""
        assert self._terminal is not None
        assert self._snapshot is not None
        columns, _ = self._terminal.size
        palette = self._terminal.ink.palette
        lines = self._lines(self._interleaver.rest(), columns)
        if code in (0, 1) and self._snapshot.run.is_finished:
            if self._view.bell:
                self._terminal.bell()
            return lines + summary(self._snapshot, _now(), palette, columns)
        if code == OPEN:
            return lines
        said = "The run goes on; watch it again with  "
        return [*lines, [Piece(said, "fg2"), Piece(f"flowtui --watch {self._run_id}", "fg1")]]

    def _draw_again_in_time(self) -> None:
        """At the next full second, as the elapsed time is counted, or when something is due."""
        assert self._snapshot is not None
        if self._timer is not None:
            self._timer.cancel()
        pauses: list[float] = []
        now = _now()
        if not self._snapshot.run.is_finished or self._snapshot.silent_since is not None:
            start = self._snapshot.run.start_time or self._snapshot.run.scheduled_start_time
            passed = (now - start).total_seconds()
            pauses.append(1.0 - passed % 1.0 + 0.005)
        due = self._interleaver.seconds_until_due(now)
        if due is not None:
            pauses.append(due)
        self._timer = self._loop.call_later(min(pauses), self._draw) if pauses else None

    # How it ends.

    def _end_with(self, code: int) -> None:
        if not self._ended.done():
            self._ended.set_result(code)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            error = task.exception()
            if error is not None and not self._ended.done():
                self._ended.set_exception(error)


def _now() -> datetime:
    return datetime.now(timezone.utc)
