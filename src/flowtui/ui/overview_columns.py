"""The tables of the overview: what needs somebody, what runs, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flowtui.models import states
from flowtui.models.attention import Matter
from flowtui.models.flows import FlowSummary
from flowtui.models.runs import FlowRun
from flowtui.models.text import age, amount, away, clock, duration
from flowtui.ui.columns import Column
from flowtui.ui.graphics import bar, state_pieces, strip
from flowtui.ui.ink import Piece
from flowtui.ui.paint import due_piece, marks_of
from flowtui.ui.tokens import Palette
from flowtui.ui.usual_columns import Now, Zone
from flowtui.ui.widgets.table import RecordTable

Flows = Callable[[], Mapping[str, FlowSummary]]
Heading = Callable[[Palette, int], Sequence[Piece]]

CAUSE = "cause"
"""The column under which is told what else is known of a cause."""
SLOW = 1.5
"""Times the usual duration from which a run counts as slow."""


def _titled(name: str) -> Heading:
    return lambda palette, width: [Piece(name, "fg0", bold=True)]


def _noted(note: Callable[[], str]) -> Heading:
    return lambda palette, width: [Piece(note(), "fg2")]


def how_many(table: RecordTable[Any], word: str = "run") -> str:
    """How many rows it has; where there is no room for all, how many are to be seen."""
    count, seen = len(table.rows), table.page
    if not count:
        return ""
    return f"{seen} of {count}" if 0 < seen < count else amount(count, word)


def attention_columns(
    flows: Flows, now: Now, note: Callable[[], str] = str, *, tall: bool = False
) -> list[Column[Matter]]:
    """A cause a row; the note says how many there are. A tall one tells its task below."""

    def last(matter: Matter, palette: Palette, width: int) -> Sequence[Piece]:
        flow = flows().get(matter.flow_group_id)
        return strip(marks_of(flow.recent_runs, now()), palette) if flow else ()

    task = Column[Matter]("task", lambda one: one.task or None, token="fg2", drop=2, most=20)
    return [
        Column(
            "",
            paint=lambda one, palette, width: state_pieces(one.state, palette, width),
            least=12,
            caption=_titled("Attention"),
        ),
        Column(
            "",
            lambda one: one.flow_name,
            token="fg0",
            bold=lambda _: True,
            least=12,
            most=22,
            caption=_noted(note),
        ),
        Column(
            "",
            lambda one: one.cause or None,
            token="fg1",
            least=16,
            most=30,
            grows=True,
            title=CAUSE,
        ),
        *([] if tall else [task]),
        Column("runs", lambda one: str(one.runs), token="fg1", right=True, drop=3),
        Column("last 10", paint=last, least=10, drop=1),
        Column("since", lambda one: age(now() - one.since), right=True, least=6, ticks=True),
    ]


def usual_of(flows: Mapping[str, FlowSummary], run: FlowRun) -> float | None:
    """How long runs of its flow take."""
    flow = flows.get(run.flow_group_id or "")
    return flow.usual_seconds if flow else None


def running_columns(
    flows: Flows, now: Now, zone: Zone, note: Callable[[], str] = str
) -> list[Column[FlowRun]]:
    """A run in progress a row; the note says how many there are."""

    def usual(run: FlowRun) -> float | None:
        return usual_of(flows(), run)

    def progress(run: FlowRun, palette: Palette, width: int) -> Sequence[Piece]:
        expected, seconds = usual(run), run.seconds(now())
        if not expected or seconds is None:
            return ()
        token = "late" if seconds > SLOW * expected else "running"
        return bar(min(1.0, seconds / expected), palette, min(width, 40), token)

    def elapsed(run: FlowRun) -> str | None:
        seconds = run.seconds(now())
        return None if seconds is None else duration(seconds)

    def eta(run: FlowRun) -> Piece | None:
        expected = usual(run)
        if not expected or run.start_time is None:
            return None
        end = run.start_time + timedelta(seconds=expected)
        if end > now():
            return Piece(clock(end, zone(), seconds=False), "fg2")
        return Piece("over", "late")

    def expected(run: FlowRun) -> str | None:
        seconds = usual(run)
        return duration(seconds) if seconds else None

    return [
        Column(
            "",
            paint=lambda run, palette, width: state_pieces(run.state.type, palette, width),
            least=12,
            caption=_titled("Running"),
        ),
        Column("", lambda run: run.flow_name, token="fg0", most=22, least=12, caption=_noted(note)),
        Column("", lambda run: run.name, token="fg2", most=22, drop=1),
        Column("", paint=progress, least=16, grows=True, ticks=True),
        Column("elapsed", elapsed, right=True, least=8, ticks=True),
        Column("eta", eta, right=True, least=6, ticks=True, drop=3),
        Column("usual", expected, right=True, token="fg2", drop=2, least=8),
    ]


def planned_columns(now: Now, zone: Zone) -> list[Column[FlowRun]]:
    """A run that is late or planned a row."""

    def sign(run: FlowRun, palette: Palette, width: int) -> Sequence[Piece]:
        return state_pieces(run.shown_state(now()), palette, 2)[:1]

    def wait(run: FlowRun, palette: Palette, width: int) -> Sequence[Piece]:
        return [due_piece(run, now(), palette)]

    def wanted(run: FlowRun) -> int:
        return 3 + len(away(abs(run.due - now())))

    return [
        Column("", paint=sign, least=1, ticks=True),
        Column(
            "",
            lambda run: clock(run.due, zone(), seconds=False),
            token="fg2",
            least=5,
            gap=1,
        ),
        Column(
            "",
            lambda run: run.flow_name,
            token=lambda run: "fg0" if run.shown_state(now()) == states.LATE else "fg1",
            least=14,
            grows=True,
        ),
        Column("", paint=wait, wants=wanted, right=True, least=6, ticks=True),
    ]
