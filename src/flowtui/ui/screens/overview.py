"""The overview: what needs a human, what runs, and what comes next, in one look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.attention import Matter, Overview, matters
from flowtui.models.flows import FlowSummary
from flowtui.models.runs import FlowRun
from flowtui.models.text import age, amount, clock, cut, duration, plain, thin_groups
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.graphics import band, bar, ribbon, state_pieces, strip
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import due_piece, heading, marks_of, zoned_moment
from flowtui.ui.screens.agents import HEALTHS, health_pieces
from flowtui.ui.screens.frame import Handler
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

WINDOW = timedelta(hours=24)
SOON = timedelta(hours=1)
RUNS, PLANNED = 500, 300
BAND_HEIGHT = 4


class OverviewScreen(RunEdits):
    """The first look."""

    tab = "overview"
    title_text = "Overview"

    DEFAULT_CSS = """
    OverviewScreen {
        Lines { padding: 0 2; }
        &.-low #headline { padding: 1 2 0 2; }
        #attention { margin-top: 1; }
        #running { margin-top: 1; }
        #band { margin-top: 1; }
        #lists { height: 1fr; margin: 1 0; }
        &.-low #lists { display: none; }
        &.-narrow #lists #agents, &.-narrow #lists #happened { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.overview: Overview | None = None
        self.flows: dict[str, FlowSummary] = {}
        self.runs: Sequence[FlowRun] = ()
        self.planned: Sequence[FlowRun] = ()
        self._knows_planned = False
        self.agents: Sequence[Agent] = ()

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_headline, id="headline")
        yield RecordTable[Matter](
            self._attention_columns(), lambda one: one.key, sentence="Asking …", id="attention"
        )
        yield RecordTable[FlowRun](
            self._running_columns(), lambda run: run.id, sentence="Nothing runs.", id="running"
        )
        yield Lines(self._paint_band, id="band")
        with Horizontal(id="lists"):
            yield Lines(self._paint_next, id="next")
            yield Lines(self._paint_agents, id="agents")
            yield Lines(self._paint_happened, id="happened")

    def on_mount(self) -> None:
        self.attention.focus()

    @property
    def attention(self) -> RecordTable[Matter]:
        return self.query_one("#attention", RecordTable)

    @property
    def running(self) -> RecordTable[FlowRun]:
        return self.query_one("#running", RecordTable)

    @property
    def chosen_run(self) -> FlowRun | None:
        if self.focused is self.running:
            return self.running.record
        matter = self.attention.record
        known = [*self.runs, *self.planned]
        return next((run for run in known if matter and run.id == matter.run_id), None)

    # Feeds

    def sources(self) -> list[tuple[Feed[Any], Handler]]:
        app = self.flowtui
        return [
            (
                app.feed(("runs", RUNS), lambda backend: backend.flow_runs(limit=RUNS), 2.0),
                self._show_runs,
            ),
            (
                app.feed(("overview",), lambda backend: backend.overview(app.now() - WINDOW), 5.0),
                self._show_overview,
            ),
            (app.feed(("flows",), lambda backend: backend.flows(), 5.0), self._show_flows),
            (app.feed(("agents",), lambda backend: backend.agents(), 5.0), self._show_agents),
            (
                app.feed(("upcoming",), lambda backend: backend.upcoming(PLANNED), 5.0),
                self._show_planned,
            ),
        ]

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self.runs = snapshot.value or self.runs
        now = self.flowtui.now()
        going = [run for run in self.runs if states.is_running(run.state.type)]
        going.sort(key=lambda run: run.seconds(now) or 0.0, reverse=True)
        self.running.show(going)
        self._fit()
        self._repaint("#band", "#headline")
        self.call_after_refresh(self._repaint, "#next", "#agents", "#happened")

    def _show_overview(self, snapshot: Snapshot[Overview]) -> None:
        self.overview = snapshot.value or self.overview
        self._show_attention()

    def _show_flows(self, snapshot: Snapshot[list[FlowSummary]]) -> None:
        self.flows = {flow.group_id: flow for flow in snapshot.value or ()} or self.flows
        self.attention.repaint()
        self.running.repaint()

    def _show_agents(self, snapshot: Snapshot[list[Agent]]) -> None:
        self.agents = snapshot.value or self.agents
        self._show_attention()
        self._repaint("#agents")

    def _show_planned(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is not None:
            self.planned, self._knows_planned = snapshot.value, True
        self._show_attention()
        self._repaint("#next", "#band")

    def _show_attention(self) -> None:
        if self.overview is None or not self._knows_planned:
            return
        found = matters(self.overview, self.planned, self.agents, self.flowtui.now())
        self.attention.show(found, empty="Nothing needs you.")
        self._repaint("#headline")
        self._fit()

    def _repaint(self, *names: str) -> None:
        """Paint these again; one that is asked for later may have gone with its screen."""
        for name in names:
            for lines in self.query(name).results(Lines):
                lines.repaint()

    def _fit(self) -> None:
        """Each table as high as it needs to be, and no higher than it may."""
        rows = self.size.height
        most = max(4, rows // 4), max(3, rows // 6)
        for table, limit in ((self.attention, most[0]), (self.running, most[1])):
            height = min(max(1, len(table.rows)), limit) + 1
            if table.styles.height is None or table.styles.height.value != height:
                table.styles.height = height
        tables = len(self.attention.rows) + len(self.running.rows)
        self.query_one("#band").display = rows - min(tables, sum(most)) > BAND_HEIGHT + 10

    def on_resize(self) -> None:
        self._fit()
        self.call_after_refresh(self._repaint, "#next", "#agents", "#happened")

    @property
    def _listed(self) -> int:
        """Rows there is room for in the lists at the bottom."""
        return max(1, self.query_one("#lists").size.height - 1)

    # Painting

    def _paint_headline(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.overview is None:
            return [heading("Overview")]
        now, seen = self.flowtui.now(), self.overview
        late = sum(1 for run in self.planned if run.shown_state(now) == states.LATE)
        soon = sum(1 for run in self.planned if now <= _due(run) <= now + SOON)
        pieces: list[Piece] = []
        for state, count, word in (
            ("Failed", seen.failed, "failed"),
            (states.LATE, late, "late"),
            ("Running", seen.running, "running"),
            ("Scheduled", soon, "next hour"),
        ):
            look = look_of(state)
            wrong = look.group == "wrong" and count > 0
            token = look.token if count else "fg2"
            pieces += [
                Piece(f"{palette.state_glyph(state)} ", token, bold=wrong),
                Piece(thin_groups(count), token if wrong else "fg0", bold=True),
                Piece(f" {word}", "fg1"),
                blank(3),
            ]
        share = 100 * seen.succeeded / seen.finished if seen.finished else 100.0
        said = f"{share:.1f} % of {thin_groups(seen.finished)} ok"
        said += ", 24 h" if self.has_class("-wide") else ""
        counts = {"Success": seen.succeeded, "Failed": seen.failed, "Cancelled": seen.cancelled}
        lines = [between(pieces[:-1], [Piece(said, "fg1")], width)]
        return [*lines, ribbon(counts, palette, width)] if self.has_class("-tall") else lines

    def _attention_columns(self) -> list[Column[Matter]]:
        def last(matter: Matter, palette: Palette, width: int) -> Sequence[Piece]:
            flow = self.flows.get(matter.flow_group_id)
            return strip(marks_of(flow.recent_runs, self.shown_now()), palette) if flow else ()

        return [
            Column(
                "",
                paint=lambda one, palette, width: state_pieces(one.state, palette, width),
                least=12,
                caption=lambda palette, width: [Piece("Attention", "fg0", bold=True)],
            ),
            Column("", lambda one: one.flow_name, token="fg0", bold=lambda _: True, most=22),
            Column("", lambda one: one.cause or None, token="fg1", least=16, most=30, grows=True),
            Column("task", lambda one: one.task or None, token="fg2", drop=2, most=20),
            Column("runs", lambda one: str(one.runs), token="fg1", right=True, drop=3),
            Column("last 10", paint=last, least=10, drop=1),
            Column(
                "since",
                lambda one: age(self.shown_now() - one.since),
                right=True,
                least=6,
                ticks=True,
            ),
        ]

    def _running_columns(self) -> list[Column[FlowRun]]:
        return [
            Column(
                "",
                paint=lambda run, palette, width: state_pieces(run.state.type, palette, width),
                least=12,
                caption=lambda palette, width: [Piece("Running", "fg0", bold=True)],
            ),
            Column("", lambda run: run.flow_name, token="fg0", most=22, least=12),
            Column("", lambda run: run.name, token="fg2", most=22, drop=1),
            Column("", paint=self._paint_progress, least=16, grows=True, ticks=True),
            Column("elapsed", self._elapsed, right=True, least=8, ticks=True),
            Column("eta", self._eta, right=True, least=6, ticks=True),
            Column("usual", self._usual, right=True, token="fg2", drop=2, least=8),
        ]

    def _usual_of(self, run: FlowRun) -> float | None:
        flow = self.flows.get(run.flow_group_id or "")
        return flow.usual_seconds if flow else None

    def _paint_progress(self, run: FlowRun, palette: Palette, width: int) -> Sequence[Piece]:
        usual, seconds = self._usual_of(run), run.seconds(self.shown_now())
        if not usual or seconds is None:
            return ()
        slow = seconds > 1.5 * usual
        return bar(
            min(1.0, seconds / usual), palette, min(width, 40), "late" if slow else "running"
        )

    def _elapsed(self, run: FlowRun) -> str | None:
        seconds = run.seconds(self.shown_now())
        return None if seconds is None else duration(seconds)

    def _eta(self, run: FlowRun) -> Piece | None:
        usual = self._usual_of(run)
        if not usual or run.start_time is None:
            return None
        end = run.start_time + timedelta(seconds=usual)
        if end > self.shown_now():
            return Piece(clock(end, self.flowtui.zone, seconds=False), "fg2")
        return Piece("over", "late")

    def _usual(self, run: FlowRun) -> str | None:
        usual = self._usual_of(run)
        return duration(usual) if usual else None

    def _paint_band(self, palette: Palette, width: int) -> list[list[Piece]]:
        now, zone = self.shown_now(), self.flowtui.zone
        past = [run for run in self.runs if not states.is_scheduled(run.state.type)]
        ahead = [self._usual_of(run) or 60.0 for run in self.planned if _due(run) > now][:10]
        shown = past[: max(1, width - 2 * len(ahead) - 1)]
        if not shown:
            return []
        first = zoned_moment(shown[-1].scheduled_start_time, now, zone)
        room = min(width, len(shown) + 2 * len(ahead) + 1)
        lines = band(marks_of(shown, now), ahead, palette, room, BAND_HEIGHT)
        title = heading(f"Last {amount(len(shown), 'run')}", "height is duration, log scale")
        return [
            between(title, [Piece(f"next {len(ahead)}", "fg2")], width),
            *lines,
            [Piece(first, "fg2")],
        ]

    def _paint_next(self, palette: Palette, width: int) -> list[list[Piece]]:
        now, zone = self.shown_now(), self.flowtui.zone
        ahead = [run for run in self.planned if _due(run) > now]
        soon = sum(1 for run in ahead if _due(run) <= now + SOON)
        lines = [heading("Next", f"{soon} in the next hour")]
        for run in ahead[: self._listed]:
            left = [
                Piece(f"{palette.state_glyph('Scheduled')} ", "scheduled"),
                Piece(f"{clock(_due(run), zone, seconds=False)}  ", "fg2"),
                Piece(cut(plain(run.flow_name), max(4, width - 18)), "fg1"),
            ]
            lines.append(between(left, [due_piece(run, now, palette)], width))
        return lines

    def _paint_agents(self, palette: Palette, width: int) -> list[list[Piece]]:
        now = self.shown_now()
        counts = [
            f"{sum(1 for one in self.agents if one.health(now) == health)} {health}"
            for health in reversed(HEALTHS)
        ]
        lines = [heading("Agents", ", ".join(counts))]
        for agent in self.agents[: self._listed]:
            asked = age(now - agent.last_queried) if agent.last_queried else "never"
            left = [*health_pieces(agent.health(now), palette)]
            name = Piece(cut(plain(agent.name), max(4, width - 20)), "fg1")
            lines.append(between([*fit_pieces(left, 11), name], [Piece(asked, "fg2")], width))
        return lines

    def _paint_happened(self, palette: Palette, width: int) -> list[list[Piece]]:
        zone = self.flowtui.zone
        moved = [run for run in self.runs if run.state.type != "Scheduled" and run.state.timestamp]
        moved.sort(key=_moved_at, reverse=True)
        lines = [heading("Just happened")]
        for run in moved[: self._listed]:
            lines.append(
                [
                    Piece(f"{clock(_moved_at(run), zone)}  ", "fg2"),
                    *state_pieces(run.state.type, palette, 13),
                    Piece(cut(plain(run.flow_name), max(4, width - 24)), "fg1"),
                ]
            )
        return lines

    # What keys do

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_run()

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.show_keys()

    @action("enter", "open")
    def open_run(self) -> None:
        """The run under the cursor; of a cause, its newest run."""
        from flowtui.ui.screens.run import RunScreen

        if self.focused is self.running and self.running.record is not None:
            self.app.push_screen(RunScreen(self.running.record.id))
        elif self.focused is self.attention and self.attention.record is not None:
            self.app.push_screen(RunScreen(self.attention.record.run_id))

    @action("tab,shift+tab", "attention / running")
    def next_pane(self) -> None:
        """From what needs you to what runs, and back."""
        (self.running if self.attention.has_focus else self.attention).focus()


def _due(run: FlowRun) -> datetime:
    return run.state.start_time or run.scheduled_start_time


def _moved_at(run: FlowRun) -> datetime:
    return run.state.timestamp or run.scheduled_start_time
