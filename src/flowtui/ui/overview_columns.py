"""The tables of the overview: what needs somebody, what runs, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flowtui.models import states
from flowtui.models.at_work import AtWork
from flowtui.models.attention import Matter
from flowtui.models.flows import FlowSummary
from flowtui.models.limits import Limit
from flowtui.models.runs import FlowRun
from flowtui.models.text import age, amount, away, cells, clock, cut, duration, plain, thin_groups
from flowtui.ui.columns import Column
from flowtui.ui.graphics import bar, state_pieces, strip
from flowtui.ui.ink import Piece, blank, width_of
from flowtui.ui.paint import due_piece, heading, marks_of
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import Now, Zone
from flowtui.ui.widgets.table import RecordTable

Flows = Callable[[], Mapping[str, FlowSummary]]
Heading = Callable[[Palette, int], Sequence[Piece]]

CAUSE = "cause"
"""The column under which is told what else is known of a cause."""
DOING = 27
"""Cells of what is being done in a run: always the same, because it is known last."""
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


def is_slow(run: FlowRun, usual: float | None, now: datetime) -> bool:
    """Whether it takes far longer than runs of its flow take."""
    return bool(usual) and (run.seconds(now) or 0.0) > SLOW * (usual or 0.0)


def running_columns(
    flows: Flows,
    now: Now,
    zone: Zone,
    note: Callable[[], str] = str,
    tasks: Callable[[FlowRun], AtWork | None] | None = None,
    limit: Callable[[], Limit | None] = lambda: None,
) -> list[Column[FlowRun]]:
    """A run in progress a row; the note says how many there are, or which limit holds for them.

    Where `tasks` tells what is being done in a run, that takes the place of its state's name.
    """

    def usual(run: FlowRun) -> float | None:
        return usual_of(flows(), run)

    def progress(run: FlowRun, palette: Palette, width: int) -> Sequence[Piece]:
        expected, seconds = usual(run), run.seconds(now())
        if not expected or seconds is None:
            return ()
        token = "late" if is_slow(run, expected, now()) else "running"
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
        return Piece("over", "late" if is_slow(run, expected, now()) else "fg2")

    def expected(run: FlowRun) -> str | Piece | None:
        seconds = usual(run)
        if seconds and is_slow(run, seconds, now()):
            return Piece(f"{_times((run.seconds(now()) or 0.0) / seconds)} p50", "late")
        return duration(seconds) if seconds else None

    return [
        *(_named(note) if tasks is None else _at_work(note, tasks, limit)),
        Column("", paint=progress, least=16, grows=True, ticks=True),
        Column("elapsed", elapsed, right=True, least=8, ticks=True),
        Column("eta", eta, right=True, least=6, ticks=True, drop=3),
        Column("usual", expected, right=True, token="fg2", drop=2, least=8),
    ]


def _times(ratio: float) -> str:
    """How many times as much: `3.4×`, `12×`."""
    return f"{ratio:.1f}×" if ratio < 10 else f"{thin_groups(int(ratio))}×"


def _named(note: Callable[[], str]) -> list[Column[FlowRun]]:
    """The state of a run, its flow, and its name."""
    return [
        Column(
            "",
            paint=lambda run, palette, width: state_pieces(run.state.type, palette, width),
            least=12,
            caption=_titled("Running"),
        ),
        Column("", lambda run: run.flow_name, token="fg0", most=22, least=12, caption=_noted(note)),
        Column("", lambda run: run.name, token="fg2", most=22, drop=1),
    ]


def _at_work(
    note: Callable[[], str],
    tasks: Callable[[FlowRun], AtWork | None],
    limit: Callable[[], Limit | None],
) -> list[Column[FlowRun]]:
    """The flow of a run, its name, and what is being done in it; a state that is not Running is
    said before that."""

    def title(palette: Palette, width: int) -> list[Piece]:
        held = limit()
        said = note() if held is None else f"{held.used} of {amount(held.limit, 'slot')}"
        return heading("Running", said)

    def under(palette: Palette, width: int) -> list[Piece]:
        held = limit()
        said = f"label {plain(held.name)}" if held is not None else ""
        return [Piece(cut(said, width, palette.ellipsis), "fg2")]

    def flow(run: FlowRun, palette: Palette, width: int) -> list[Piece]:
        sign = state_pieces(run.state.type, palette)[0]
        name = cut(plain(run.flow_name), width - 2, palette.ellipsis)
        return [sign, blank(1), Piece(name, "fg0", bold=True)]

    def doing(run: FlowRun, palette: Palette, width: int) -> list[Piece]:
        return doing_pieces(run, tasks(run), palette, width)

    return [
        Column(
            "",
            paint=flow,
            wants=lambda run: 2 + cells(plain(run.flow_name)),
            least=22,
            most=22,
            caption=title,
        ),
        Column("", lambda run: run.name, token="fg2", least=8, most=16, drop=1, caption=under),
        Column("", paint=doing, least=DOING, most=DOING),
    ]


def doing_pieces(run: FlowRun, told: AtWork | None, palette: Palette, width: int) -> list[Piece]:
    """The task that runs, which of its children, and how many others run; what there is no room
    for is lost from the end of its name."""
    word = run.state.type
    if word == "Running" and told is not None:
        word = told.task.state
    pieces: list[Piece] = []
    if word != "Running":
        look = look_of(word)
        pieces = [Piece(f"{look.name}  ", look.word_token)]
    if told is None:
        return pieces
    more = f"  +{told.others}" if told.others else ""
    room = width - width_of(pieces) - len(told.task.place) - cells(more)
    name = cut(plain(told.task.name), max(0, room), palette.ellipsis)
    return [*pieces, Piece(name + told.task.place, "fg1"), Piece(more, "fg2")]


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
