"""The band of the last runs, with a cursor: left and right go from run to run, enter opens one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from flowtui.models.ids import FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.text import cells, clock, day, duration, plain
from flowtui.ui.graphics import band, state_pieces
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.paint import heading, last_runs, marks_of, zoned_moment
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line, Painted

APART = 24
"""Cells between two clocks of the axis."""
BROAD = 156
"""Cells from which runs stand two cells apart and the band is higher."""


class RunBand(Painted, can_focus=True):
    """A column a run, the newest at the right, then the planned ones."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1)", "run before", show=False, id="band.left"),
        Binding("right", "go(1)", "next run", show=False, id="band.right"),
        Binding("home", "go(-10000)", "first run", show=False, id="band.first"),
        Binding("end", "go(10000)", "newest run", show=False, id="band.last"),
        Binding("enter", "open", "open", show=False, id="band.open"),
    ]

    class Opened(Message):
        """Enter was pressed on this run."""

        def __init__(self, run: FlowRun) -> None:
            super().__init__()
            self.run = run

    class Moved(Message):
        """The cursor stands on another run."""

    def __init__(
        self, now: Callable[[], datetime], zone: Callable[[], tzinfo | None], id: str
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._zone = zone
        self._past: Sequence[FlowRun] = ()
        self._ahead: Sequence[float] = ()
        self._expected = 0
        self._at: FlowRunId | None = None
        self.is_low = False
        """Whether what stands below it needs the room more."""

    def show(self, past: Sequence[FlowRun], ahead: Sequence[float], expected: int) -> None:
        """Show these runs, the newest first, and how long the planned ones usually take.

        `expected` is how many of those there are, or will be: the past does not move for them.
        """
        self._past, self._ahead, self._expected = past, ahead, expected
        if past and self.display and not self.size.height:
            self.refresh(layout=True)  # it had nothing to show, and got no room for it
        self.repaint()

    @property
    def run(self) -> FlowRun | None:
        """The run one stands on: the newest, until somebody moves."""
        found = next((run for run in self._past if run.id == self._at), None)
        return found or (self._past[0] if self._past else None)

    def action_go(self, steps: int) -> None:
        """Go to a later run, or an earlier one."""
        if self.run is None:
            return
        index = self._past.index(self.run) - steps
        last = len(self._fitting(self.size.width)[0]) - 1
        self._at = self._past[max(0, min(index, last))].id
        self.repaint()
        self.post_message(self.Moved())

    def action_open(self) -> None:
        """Open the run one stands on."""
        if self.run is not None:
            self.post_message(self.Opened(self.run))

    # Painting

    def _spacing(self, width: int) -> int:
        return 2 if width >= BROAD else 1

    def _fitting(self, width: int) -> tuple[Sequence[FlowRun], Sequence[float], int]:
        """The runs there is room for, of the planned ones a share, and the cells they take."""
        spacing = self._spacing(width)
        for planned in range(min(self._expected, width // 8), -1, -1):
            beyond = 2 * planned + 1 if planned else 0
            count = max(1, min(len(self._past), (width - beyond) // spacing))
            room = count * spacing + beyond
            if planned <= room // 8:
                break
        return self._past[:count], self._ahead[:planned], room if self._ahead else count * spacing

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        if not self._past or width < 8:
            return []
        now, zone, spacing = self._now(), self._zone(), self._spacing(width)
        shown, ahead, room = self._fitting(width)
        height = (5 if self.is_low else 7) if spacing == 2 else 4
        lines = band(marks_of(shown, now), ahead, palette, room, height, spacing)
        title = self._title(palette, len(shown))
        said = [Piece(f"next {len(ahead)}", "fg2")] if ahead else []
        end = min(width, max(room, width_of(title) + 3 + width_of(said)))
        axis = self._axis(palette, width, shown, zoned_moment(_start(shown[-1]), now, zone))
        return [between(title, said, end), *lines, axis]

    def _title(self, palette: Palette, count: int) -> Line:
        title = last_runs(count)
        run = self.run
        if not self.has_focus or run is None:
            return heading(title, "height is duration, log scale")
        now, seconds = self._now(), run.seconds(self._now())
        state = run.shown_state(now)
        took = f"  {duration(seconds)}" if seconds is not None else ""
        return [
            Piece(title, "fg0", bold=True),
            blank(3),
            *state_pieces(state, palette, cells(state) + 4),
            Piece(f"{plain(run.flow_name)}  ", "fg0"),
            Piece(plain(run.name), "fg2"),
            Piece(took, "fg1"),
        ]

    def _axis(
        self, palette: Palette, width: int, shown: Sequence[FlowRun], first: str
    ) -> list[Piece]:
        """The time of the first run; and, where one stands, a mark and that run's time."""
        run = self.run
        if not self.has_focus or run is None or run not in shown:
            return self._clocks(width, shown, first)
        x = (len(shown) - 1 - shown.index(run)) * self._spacing(width)
        when = zoned_moment(_start(run), self._now(), self._zone())
        mark = Piece(palette.glyph("here"), "accent", bold=True)
        if x + 2 + cells(when) <= width:
            pointed = [mark, Piece(f" {when}", "accent")]
            before = x
        else:
            pointed = [Piece(f"{when} ", "accent"), mark]
            before = x - width_of(pointed) + 1
        left = [Piece(first, "fg2")] if cells(first) + 2 <= before else []
        return [*left, blank(before - width_of(left)), *pointed]

    def _clocks(self, width: int, shown: Sequence[FlowRun], first: str) -> list[Piece]:
        """When the first run began, now, and between them some more, as far apart as `APART`."""
        zone, spacing = self._zone(), self._spacing(width)
        end = len(shown) * spacing
        line, before = [Piece(first, "fg2")], day(_start(shown[-1]), zone)
        for x in range(APART, end - 8, APART):
            when = _start(shown[len(shown) - 1 - x // spacing])
            today = day(when, zone)
            text = clock(when, zone, seconds=False) if today == before else today
            line += [blank(x - width_of(line)), Piece(text, "fg2")]
            before = today
        at = min(end - 1, width - len("now"))
        if at > width_of(line) + 1:
            line += [blank(at - width_of(line)), Piece("now", "fg1")]
        return line


def _start(run: FlowRun) -> datetime:
    return run.start_time or run.scheduled_start_time
