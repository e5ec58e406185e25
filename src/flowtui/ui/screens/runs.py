"""Runs: the newest of every flow, what is wrong first where that is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Any

from textual import on
from textual.app import ComposeResult

from flowtui.models import states
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, cells, countdown, duration, thin_groups
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.paint import counts_of, heading, when_piece, wrongness
from flowtui.ui.screens.frame import Handler, selected
from flowtui.ui.screens.run_actions import RunActions
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 2.0
LIMIT = 500


class RunsScreen(RunActions):
    """The newest runs of all flows."""

    tab = "runs"
    title_text = "Runs"

    DEFAULT_CSS = """
    RunsScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #table { margin: 0 0 1 0; }
        &.-tall #table { margin: 1 0 1 0; }
    }
    """

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        yield RecordTable[FlowRun](
            run_columns(self.shown_now, lambda: self.flowtui.zone),
            lambda run: run.id,
            sentence="Asking for runs …",
            id="table",
        )

    def on_mount(self) -> None:
        self.table.focus()

    @property
    def table(self) -> RecordTable[FlowRun]:
        return self.query_one("#table", RecordTable)

    @property
    def subject(self) -> FlowRun | None:
        """The run under the cursor."""
        return self.table.record

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.subject

    def sources(self) -> list[tuple[Feed[Any], Handler]]:
        feed = self.flowtui.feed(
            ("runs", LIMIT), lambda backend: backend.flow_runs(limit=LIMIT), INTERVAL
        )
        return [(feed, self._show)]

    def _show(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is None:
            self.table.say("No answer yet.")
            return
        self.table.show(in_order(snapshot.value, self.flowtui.now()), empty="No runs yet.")
        self.query_one("#title", Lines).repaint()

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        runs, now = self.table.rows, self.flowtui.now()
        counts = counts_of(run.shown_state(now) for run in runs)
        loud = sorted((one for one in counts if look_of(one).loud), key=wrongness)
        note = f"the newest {amount(len(runs), 'run')}" if len(runs) == LIMIT else ""
        left = heading("Runs", note or (thin_groups(len(runs)) if runs else ""))
        for with_words in (True, False):
            right = _tally(((one, counts[one]) for one in loud), palette, with_words)
            if width_of(left) + 3 + width_of(right) <= width:
                break
        return [between(left, right, width)]

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_run()

    @action("enter", "open", selected)
    def open_run(self) -> None:
        """The run under the cursor: its tasks, its states and its log."""
        from flowtui.ui.screens.run import RunScreen

        if self.subject is not None:
            self.app.push_screen(RunScreen(self.subject.id))


def _tally(counts: Iterable[tuple[str, int]], palette: Palette, with_words: bool) -> list[Piece]:
    """How many runs are in each of these states."""
    pieces: list[Piece] = []
    for state, count in counts:
        look = look_of(state)
        gap = [blank(3)] if pieces else []
        name = re.sub("(?<=[a-z])(?=[A-Z])", " ", look.name).lower()
        word = [Piece(f" {name}", "fg2")] if with_words else []
        said = Piece(f"{palette.state_glyph(state)} {count}", look.token, bold=look.alarming)
        pieces += [*gap, said, *word]
    return pieces


def in_order(runs: list[FlowRun], now: datetime) -> list[FlowRun]:
    """What is late or runs, then what has been, then what is to come; the newest first."""

    def rank(run: FlowRun) -> int:
        shown = run.shown_state(now)
        if shown == states.LATE or states.is_running(shown) or shown in ("Submitted", "Paused"):
            return 0
        return 2 if states.is_scheduled(shown) else 1

    past = [run for run in runs if rank(run) < 2]
    planned = sorted((run for run in runs if rank(run) == 2), key=lambda r: r.scheduled_start_time)
    return [*sorted(past, key=lambda run: (rank(run), _rank_of_late(run, now))), *planned]


def _rank_of_late(run: FlowRun, now: datetime) -> bool:
    return run.shown_state(now) != states.LATE


def run_columns(
    now: Callable[[], datetime], zone: Callable[[], tzinfo | None], with_flow: bool = True
) -> list[Column[FlowRun]]:
    """The columns of a list of runs."""

    def shown(run: FlowRun) -> str:
        return run.shown_state(now())

    def time_of(run: FlowRun) -> str | None:
        seconds = run.seconds(now())
        if seconds is not None:
            return duration(seconds)
        if states.is_scheduled(run.state.type) and run.state.type != "Paused":
            due = run.state.start_time or run.scheduled_start_time
            return countdown((due - now()).total_seconds())
        return None

    flow: list[Column[FlowRun]] = [
        Column("flow", lambda run: run.flow_name, most=18, least=8),
        Column("project", lambda run: run.project_name, token="fg2", drop=2, most=12),
    ]
    return [
        Column(
            "state",
            paint=lambda run, palette, width: state_pieces(shown(run), palette, width),
            wants=lambda run: 2 + cells(look_of(shown(run)).name),
            least=12,
            ticks=lambda run: run.state.type == "Scheduled",
        ),
        Column(
            "run",
            lambda run: run.name,
            token=lambda run: "fg0" if look_of(shown(run)).loud else "fg1",
            bold=lambda run: look_of(shown(run)).alarming,
            least=10,
            most=20,
        ),
        *(flow if with_flow else ()),
        Column(
            "ver",
            lambda run: f"v{run.flow_version}",
            token="fg2",
            right=True,
            drop=1 if with_flow else 4,
        ),
        Column(
            "start",
            lambda run: when_piece(run.start_time or run.scheduled_start_time, now(), zone()),
            right=True,
            least=12,
        ),
        Column(
            "time",
            time_of,
            right=True,
            least=8,
            ticks=lambda run: not run.is_finished,
        ),
        Column(
            "message",
            lambda run: run.state.message,
            token=lambda run: "fg1" if look_of(shown(run)).alarming else "fg2",
            drop=3,
            least=24,
            most=24,
            grows=True,
        ),
    ]
