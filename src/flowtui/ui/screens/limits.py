"""Limits: how much may run at once under a label or a tag, and how much does."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.conditions import Compared
from flowtui.models.filter_terms import exactly
from flowtui.models.filters_limits import LIMITS
from flowtui.models.limits import LABEL, TAG, Limit, TagHolder
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount
from flowtui.models.work import Stint, taken
from flowtui.ui.actions import action
from flowtui.ui.agent_labels import LATELY, window
from flowtui.ui.columns import LARGEST, Column, Paint
from flowtui.ui.feeds import Snapshot
from flowtui.ui.graphics import bar
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.limit_lines import (
    below_tag,
    holder_lines,
    past_pieces,
    queue_lines,
    task_lines,
    under,
)
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import TALL, WIDE, selected
from flowtui.ui.screens.told_below import ToldBelow
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

INTERVAL = 5.0
PAST_INTERVAL = 60.0
"""Seconds between two questions for what ended lately."""
STRIP = 30
"""Cells of the last hours."""
RUNNING, PLANNED = 200, 300
"""Runs that are looked through for those under a label."""
UNLIMITED = "This backend has no limits: a Prefect Server runs all that its agents take."


@frozen
class Seen:
    """What a backend says of its limits, and which runs there are under them."""

    has_limits: bool
    limits: Sequence[Limit] = ()
    running: Sequence[FlowRun] = ()
    planned: Sequence[FlowRun] = ()
    holders: Sequence[TagHolder] = ()


def limits_known(screen: Any) -> str | None:
    """The backend has limits."""
    return None if screen.has_limits else "this backend has no limits"


def by_label(screen: Any) -> str | None:
    """There is a list of what it counts."""
    counts_tasks = screen.subject is not None and screen.subject.kind == TAG
    return "task runs are listed with their run; there is no list by tag" if counts_tasks else None


class LimitsScreen(ToldBelow):
    """The list of limits."""

    tab = "limits"
    title_text = "Limits"
    list_title = "limits"
    empty = "Nothing is limited.  x n  limits flow runs by label,  x t  task runs by tag"
    sentence = "Asking for limits …"

    DEFAULT_CSS = """
    LimitsScreen {
        #below Lines { max-width: 84; }
        #holders { margin-right: 3; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.has_limits = True
        """Whether the backend knows limits, as far as one knows."""
        self._seen = Seen(True)
        self._ended: Sequence[Stint] | None = None
        """The flow runs that ended lately, where that is known."""

    def compose_below(self) -> ComposeResult:
        yield Lines(self._paint_holders, ticks=self._ticks, id="holders")
        yield Lines(self._paint_queue, ticks=self._ticks, id="queue")

    def row_key(self, record: Limit) -> Hashable:
        return record.key

    @property
    def subject(self) -> Limit | None:
        """The limit under the cursor."""
        return self.list_table.record

    @property
    def menu_subject(self) -> str:
        return f"{self.subject.kind} {self.subject.name}" if self.subject is not None else ""

    def sources(self) -> list[Question]:
        feed = self.flowtui.feed(("limits",), _ask, INTERVAL)
        asked = [Question(feed, self._show, ("title",))]
        if self.app.size.width >= WIDE and self.app.size.height >= TALL:
            ended = self.flowtui.feed(("ended lately",), self._ask_what_ended, PAST_INTERVAL)
            asked.append(Question(ended, self._show_ended))
        return asked

    async def _ask_what_ended(self, backend: Backend) -> list[Stint] | None:
        """What gave its place back; not asked for where nothing is limited."""
        if not any(one.kind == LABEL for one in await backend.limits() or ()):
            return None
        return await backend.ended_since(self.flowtui.now() - LATELY)

    def _show_ended(self, snapshot: Snapshot[list[Stint] | None]) -> None:
        had_any, self._ended = self._ended is not None, snapshot.value
        if (self._ended is not None) != had_any:
            self.show_list_columns()
        self.list_table.repaint()

    def make_listing(self) -> Listing[Limit]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("limits",),
            LIMITS,
            lambda: _columns(None if self._ended is None else self._paint_past),
            OwnOrder("what is full, then name", _full_first),
            zone=app.zone,
        )

    @property
    def nothing_yet(self) -> str:
        return self.empty if self.has_limits else UNLIMITED

    def _show(self, snapshot: Snapshot[Seen]) -> None:
        if snapshot.value is None:
            self.show_records(snapshot)
            return
        self._seen = snapshot.value
        self.has_limits, self.listing.records = self._seen.has_limits, self._seen.limits
        self.show_rows()

    def _ticks(self) -> bool:
        subject, seen = self.subject, self._seen
        if subject is None:
            return False
        return bool(under(subject, seen.running) or below_tag(subject, seen.holders))

    # Painting

    def _paint_past(self, limit: Limit, palette: Palette, width: int) -> list[Piece]:
        if limit.kind == TAG:
            return [Piece(palette.glyph("absent"), "fg3")]
        stints = [
            Stint(None, run.labels, run.start_time)
            for run in self._seen.running
            if run.start_time is not None
        ]
        since, until = window(self.flowtui.now(), width)
        counts = taken(limit.name, [*stints, *(self._ended or ())], since, until, width)
        return past_pieces(limit, counts, palette)

    def _paint_holders(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.subject is None:
            return []
        seen, at = self._seen, (self.shown_now(), palette, width, self.room_below)
        if self.subject.kind == TAG:
            return task_lines(self.subject, seen.holders, *at, waits=False)
        return holder_lines(self.subject, seen.running, *at)

    def _paint_queue(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.subject is None:
            return []
        now, told = self.shown_now(), (palette, width, self.room_below)
        if self.subject.kind == TAG:
            return task_lines(self.subject, self._seen.holders, now, *told, waits=True)
        return queue_lines(self.subject, self._seen.planned, now, self.flowtui.zone, *told)

    def paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        limits: Sequence[Limit] = self.listing.records
        labels = sum(1 for one in limits if one.kind == LABEL)
        note = f"{amount(labels, 'label')}, {amount(len(limits) - labels, 'tag')}" if limits else ""
        left = self.listing.heading("Limits", note, width)
        full = sum(1 for one in self.list_table.rows if one.is_full)
        said = [Piece(f"{full} full", "late", bold=True), blank(3)] if full else []
        return [between(left, [*said, *self.listing.sort_pieces()], width)]

    # What keys do

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.show_keys()

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.action_act("open_runs")

    @action("enter", "its runs", selected, by_label)
    def open_runs(self) -> None:
        """The runs that take a place under the label."""
        if self.subject is None:
            return
        term = exactly("label", self.subject.name)
        self.flowtui.memory.filters[("runs",)] = f"{term} state:running"
        self.flowtui.go_to("runs")

    @action("n", "limit a label …", limits_known, menu=True)
    async def limit_label(self) -> None:
        """Let at most so many flow runs with a label run at once."""
        from flowtui.ui.dialogs.limits import ask_for_new_limit

        await ask_for_new_limit(self, LABEL)

    @action("t", "limit a tag …", limits_known, menu=True)
    async def limit_tag(self) -> None:
        """Let at most so many task runs with a tag run at once."""
        from flowtui.ui.dialogs.limits import ask_for_new_limit

        await ask_for_new_limit(self, TAG)

    @action("e", "change …", selected, menu=True)
    async def change_limit(self) -> None:
        """Let more run at once, or fewer."""
        from flowtui.ui.dialogs.limits import ask_to_change_limit

        if self.subject is not None:
            await ask_to_change_limit(self, self.subject)

    @action("d", "delete …", selected, menu=True)
    async def delete_limit(self) -> None:
        """Let as many run as want to."""
        from flowtui.ui.dialogs.limits import ask_to_delete_limit

        if self.subject is not None:
            await ask_to_delete_limit(self, self.subject)


async def _ask(backend: Backend) -> Seen:
    """Whether the backend has limits, and which; who holds their places, and what comes next."""
    limits = await backend.limits()
    tags = [one.name for one in limits or () if one.kind == TAG]
    if not any(one.kind == LABEL for one in limits or ()):
        return Seen(limits is not None, limits or [], holders=await backend.tag_holders(tags))
    running = Compared("state", "in", tuple(sorted(states.RUNNING)))
    found = gather(
        backend.runs_below(running, None, RUNNING),
        backend.upcoming(PLANNED),
        backend.tag_holders(tags),
    )
    return Seen(True, limits or [], *await found)


def _full_first(limits: Sequence[Limit], now: datetime) -> list[Limit]:
    return sorted(limits, key=lambda one: (not one.is_full, one.kind, one.name.casefold()))


def _columns(past: Paint[Limit] | None) -> list[Column[Limit]]:
    strip = Column("taken, last 2 h", paint=past, least=STRIP, drop=1, gap=3)
    return [
        Column("of", lambda one: f"{one.runs}s", token="fg2", least=9, raw=lambda one: one.kind),
        Column(
            "label or tag",
            lambda one: one.name,
            token=lambda one: "fg0" if one.is_full else "fg1",
            bold=lambda one: one.is_full,
            least=13,
            most=28,
            raw=lambda one: one.name,
        ),
        Column(
            "taken",
            paint=lambda one, palette, width: bar(
                one.share, palette, width, "late" if one.is_full else "running"
            ),
            wants=lambda one: 32 if past is None else 16,
            least=12,
            rank=lambda one: one.share,
            way=LARGEST,
        ),
        Column(
            "used",
            lambda one: Piece(
                str(one.used),
                "late" if one.is_full else "fg1" if one.used else "fg2",
                bold=one.is_full,
            ),
            right=True,
            least=4,
            raw=lambda one: one.used,
            way=LARGEST,
        ),
        Column(
            "limit",
            lambda one: Piece(str(one.limit), "fg1"),
            right=True,
            least=5,
            raw=lambda one: one.limit,
            way=LARGEST,
        ),
        *([strip] if past is not None else []),
        Column("room", _says, token="fg2", least=20, grows=True),
    ]


def _says(one: Limit) -> Piece:
    if one.is_full:
        return Piece("full: the rest queues", "late")
    return Piece(f"{one.free} free", "fg2")
