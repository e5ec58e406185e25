"""Watching a run where there is no terminal: plain lines, each sent as soon as it is known."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TextIO

from flowtui.models import states
from flowtui.models.ids import FlowRunId
from flowtui.models.text import clock, duration, plain
from flowtui.watch.follow import Follower, Pace, Source
from flowtui.watch.lines import WORD, plain_text
from flowtui.watch.story import Happening, Interleaver, Snapshot

INTERRUPTED = 130
NOBODY_READS = 128 + 13
"""As if SIGPIPE had ended it, which is what happens to any other program."""


class Transcript:
    """Writes one run's story to a stream."""

    def __init__(self, source: Source, run_id: FlowRunId, pace: Pace, out: TextIO) -> None:
        self._follower = Follower(source, run_id, self._on_news, pace)
        self._interleaver = Interleaver()
        self._out = out
        self._run_id = run_id
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[int] = self._loop.create_future()

    async def run(self) -> int:
        """Write until the run has ended; the exit code."""
        following = self._loop.create_task(self._follow())
        with contextlib.suppress(NotImplementedError):  # Windows
            self._loop.add_signal_handler(signal.SIGINT, self._interrupted)
        try:
            await asyncio.wait({following, self._ended}, return_when=asyncio.FIRST_COMPLETED)
            return self._ended.result() if self._ended.done() else following.result()
        finally:
            following.cancel()
            if self._timer is not None:
                self._timer.cancel()
            with contextlib.suppress(NotImplementedError):
                self._loop.remove_signal_handler(signal.SIGINT)

    async def _follow(self) -> int:
        try:
            await self._follower.first()
            snapshot = await self._follower.follow()
        finally:
            self._write(self._interleaver.rest())
        self._write_last(snapshot)
        return 0 if states.is_success(snapshot.run.state.type) else 1

    def _interrupted(self) -> None:
        sys.stderr.write(f"flowtui: stopped watching; run {self._run_id} goes on.\n")
        self._end_with(INTERRUPTED)

    def _on_news(self, snapshot: Snapshot, happenings: Sequence[Happening]) -> None:
        self._interleaver.add(happenings, _now())
        self._write_what_is_due()

    def _write_what_is_due(self) -> None:
        now = _now()
        self._write(self._interleaver.ready(now))
        if self._timer is not None:
            self._timer.cancel()
        due = self._interleaver.seconds_until_due(now)
        if due is not None and not self._ended.done():
            self._timer = self._loop.call_later(due, self._write_what_is_due)

    def _write(self, happenings: Sequence[Happening]) -> None:
        for happening in happenings:
            for line in plain_text(happening):
                self._write_line(line)

    def _write_last(self, snapshot: Snapshot) -> None:
        run = snapshot.run
        seconds = run.seconds(_now())
        after = "" if seconds is None else f" after {duration(seconds)}"
        when = run.state.timestamp or _now()
        name = plain(f"{run.flow_name}/{run.name}")
        ended = f"{clock(when)}  {plain(run.state.type):{WORD}}  {name}  ended{after}"
        self._write_line(f"{ended}: flowtui --open {run.id}")

    def _write_line(self, line: str) -> None:
        if self._ended.done():
            return
        try:
            self._out.write(line + "\n")
            self._out.flush()
        except BrokenPipeError:
            # The interpreter flushes once more at its end, and must not fail there.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._end_with(NOBODY_READS)

    def _end_with(self, code: int) -> None:
        if not self._ended.done():
            self._ended.set_result(code)


def _now() -> datetime:
    return datetime.now(timezone.utc)
