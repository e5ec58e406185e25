"""The log of a run on the whole screen: searched, filtered, copied and saved."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from flowtui.errors import FlowtuiError, UsageProblem
from flowtui.models.ids import FlowRunId, LogId
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, plain_lines, thin_groups
from flowtui.ui.actions import action
from flowtui.ui.clipboard import copy
from flowtui.ui.feeds import Snapshot
from flowtui.ui.files import from_here, here, path_for
from flowtui.ui.ink import Piece, blank
from flowtui.ui.live_log import amount_read
from flowtui.ui.live_run import RunView, pause_after
from flowtui.ui.log_file import default_name, line_text, write_log
from flowtui.ui.log_filter import LogFilter
from flowtui.ui.log_head import (
    band_lines,
    bar_line,
    level_pieces,
    search_groups,
    title_line,
)
from flowtui.ui.log_search import search_for
from flowtui.ui.log_times import time_typed, ways_to_show
from flowtui.ui.paint import crumbs
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.screens.log_choices import LogChoices, take_log
from flowtui.ui.steering import Siblings, runs_beside
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import KeyBar
from flowtui.ui.widgets.fields import FieldInput
from flowtui.ui.widgets.log import LogView
from flowtui.ui.widgets.log_reader import LogReader
from flowtui.ui.widgets.painted import Lines


def searched(screen: Any) -> str | None:
    """Something is searched for."""
    return None if screen.log_view.search is not None else "nothing is searched for; / searches"


def with_line(screen: Any) -> str | None:
    """There is a line to do it with."""
    return None if screen.log_view.whole_line is not None else "there is no line"


def unfolded(screen: Any) -> str | None:
    """One line is meant, not those that are folded."""
    return "these lines are folded; enter opens them" if screen.log_view.on_fold else None


def written(screen: Any) -> str | None:
    """There is a log."""
    return None if screen.log_view.contents.lines else "no line has been read yet"


def not_saving(screen: Any) -> str | None:
    """The log is not being saved already."""
    return "it is being saved" if screen.saving else None


class LogScreen(LogChoices):
    """The log of one run."""

    tab = "runs"
    title_text = "Log"

    AUTO_FOCUS = "LogReader"
    DEFAULT_CSS = """
    LogScreen {
        #title { padding: 0 2; }
        #band { padding: 0 2; display: none; }
        #searching { height: 1; background: $bg1; }
        #search { display: none; width: 40; }
        #bar { width: 1fr; }
        #log { height: 1fr; }
        &.-tall #band { display: block; margin-top: 1; }
        &.-tall #searching { margin: 1 0; }
        &.-tall #log { margin-bottom: 1; }
    }
    """

    def __init__(
        self,
        run_id: FlowRunId,
        at: LogId | None = None,
        only: LogFilter | None = None,
        near: int = 0,
    ) -> None:
        """`near` is the place from which on the line to stand `at` is looked for first."""
        super().__init__()
        self.log_filter = only or LogFilter()
        self.run_id = run_id
        self.run: FlowRun | None = None
        self.saving = ""
        """What is being saved, in words."""
        self._unsaved = ""
        """The file that could not be written, to be mended where it was typed."""
        self._at = at
        self._near = near

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        yield Lines(self._paint_band, id="band")
        with Horizontal(id="searching"):
            yield FieldInput(placeholder="text or regex", id="search")
            yield Lines(self._paint_bar, ground="bg1", id="bar")
        yield LogReader(
            zone=self.flowtui.zone,
            source=lambda line: self.live.source_of(line) if self.live else "",
            sentence="Asking for the log …",
            id="log",
        )

    def on_mount(self) -> None:
        self.log_view.focus()
        if self.log_filter.is_active:
            self.show_filter(self.log_filter)

    @property
    def copied_id(self) -> str:
        """The run, and after a # the line one stands on, as `--open` takes them."""
        line = self.log_view.whole_line
        return f"{self.run_id}#{line.id}" if line is not None else self.run_id

    @property
    def _search_input(self) -> FieldInput:
        return self.query_one("#search", FieldInput)

    async def beside(self) -> Siblings | None:
        run = self.run
        if run is None:
            return None
        return await runs_beside(self.flowtui, run.id, run.flow_group_id, LogScreen)

    def above(self) -> Callable[[], ActionScreen]:
        from flowtui.ui.screens.run import RunScreen

        return partial(RunScreen, self.run_id)

    def sources(self) -> list[Question]:
        app = self.flowtui
        self.live = app.live_run(self.run_id)
        feed = app.feed(("run", self.run_id), self.live.look, pause_after)
        return [Question(feed, self._show, ("title",))]

    def _show(self, snapshot: Snapshot[RunView]) -> None:
        if snapshot.value is None or self.live is None:
            self.log_view.say("No answer yet.")
            return
        self.run = snapshot.value.detail.run
        take_log(self, self.log_view, self.live.log)
        if self._at is not None:
            self._go_to_line(self._at, snapshot.value.is_complete)
        self._repaint()

    def _go_to_line(self, id: LogId, is_all: bool) -> None:
        """Stand on that line once it has been read."""
        assert self.live is not None
        book = self.live.lines
        place = book.place_of(id, self._near)
        if place is None and is_all:
            place = book.place_of(id)
        if place is not None:
            self.log_view.go_to_place(place)
        self._near = len(book)
        if place is not None or is_all:
            self._at = None

    @on(LogView.Changed)
    def _repaint(self) -> None:
        self.log_view.say(self.nothing_shown())
        for name in ("#title", "#band", "#bar"):
            self.query_one(name, Lines).repaint()

    @on(LogView.Moved)
    def _log_moved(self) -> None:
        self.query_one("#band", Lines).repaint()

    def show_keys(self) -> None:
        if self.is_mounted and self._search_input.has_focus:
            self.query_one(KeyBar).show_keys((("enter", "stay here"), ("esc", "forget it")))
        else:
            super().show_keys()

    # Painting

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.run is None:
            return [crumbs("run", "log")]
        log = self.log_view
        now, lines = self.shown_now(), amount_read(self.live.log) if self.live is not None else ""
        return [title_line(self.run, now, lines, log.contents, log.times, palette, width)]

    def _paint_band(self, palette: Palette, width: int) -> list[list[Piece]]:
        log = self.log_view
        line = log.whole_line
        here = line.timestamp if line is not None and not log.following else None
        goes_on = self.run is not None and not self.run.is_finished
        now = self.shown_now() if goes_on else None
        return band_lines(log.contents, here, log.times, palette, width, now)

    def _paint_bar(self, palette: Palette, width: int) -> list[list[Piece]]:
        log = self.log_view
        reading = self.live.log if self.live is not None else None
        before = reading.lines_before if reading is not None else None
        groups: list[list[Piece]] = []
        if self.saving:
            groups = [[Piece(self.saving, "accent")]]
        elif log.search is not None:
            count = (log.current, log.hits.total)
            more = log.is_searching or before is not None
            groups = search_groups(log.search, count, more, log.only_hits, palette)
            groups = groups[1:] if self._search_input.display else groups
        elif log.unseen and not self._search_input.display:
            groups = [[Piece(f"+{thin_groups(log.unseen)} new", "accent")]]
        elif not self._search_input.display:
            groups = [[Piece("following" if log.following else "stopped", "fg2")]]
        told = self.log_filter.words(self.flowtui.zone)
        if told and not self._search_input.display:
            groups.append([Piece(", ".join(told), "accent")])
        if reading is not None and reading.is_full:
            groups.append([Piece("no room for more", "fg2")])
        elif before is not None and not self._search_input.display:
            groups.append([Piece(f"{thin_groups(before)} older read", "fg2")])
        right = level_pieces(log.contents, log.least, palette, max(0, width - 36))
        return [bar_line(groups, right or [blank(2)], width, palette.ellipsis)]

    # Searching

    @action("slash", "search", pane="log")
    def start_search(self) -> None:
        """Search, as one types, for a regex or a text; capitals count if there are any."""
        self.log_view.stay()
        self._search_input.display = True
        self._search_input.focus()
        self._search_input.value = ""
        self.query_one("#bar", Lines).repaint()

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        if self._search_input.display:
            self.log_view.look_for(search_for(self._search_input.value))

    @on(Input.Submitted, "#search")
    def _search_given(self) -> None:
        self.log_view.focus()

    def on_descendant_blur(self) -> None:
        if self._search_input.display and not self._search_input.has_focus:
            self._search_input.display = False
            self._repaint()

    @action("n", "next", searched, pane="log")
    def next_hit(self) -> None:
        """The next hit; after the last one, the first."""
        self._say_hit(self.log_view.go_to_next_hit(1), "from the top again")

    @action("N", "previous hit", searched, bar=False, pane="log")
    def previous_hit(self) -> None:
        """The hit before; before the first one, the last."""
        self._say_hit(self.log_view.go_to_next_hit(-1), "from the end again")

    def _say_hit(self, found: bool | None, again: str) -> None:
        if found is None:
            self.show_notice("there is no hit", wrong=True)
        elif not found:
            self.show_notice(again)

    @action("ampersand", "only hits", searched, pane="log")
    def only_hits(self) -> None:
        """Fold the lines without a hit, or show them again."""
        self.log_view.show_only_hits(not self.log_view.only_hits)

    @action("escape,q", "back", bar=False)
    def go_back(self) -> None:
        """Forget what is searched for; else back where you came from."""
        if self.log_view.search is not None or self._search_input.has_focus:
            self.log_view.only_hits = False
            self.log_view.look_for(None)
            self.log_view.focus()
        else:
            super().go_back()

    # Choosing and moving

    @action("e", "error", pane="log")
    def next_error(self) -> None:
        """The next error; after the last one, the first."""
        self._say_error(self.log_view.go_to_error(1), "from the first error again")

    @action("b", "error before", bar=False, pane="log")
    def previous_error(self) -> None:
        """The error before; before the first one, the last."""
        self._say_error(self.log_view.go_to_error(-1), "from the last error again")

    def _say_error(self, found: bool | None, again: str) -> None:
        if found is None:
            self.show_notice("there is no error in this log")
        elif not found:
            self.show_notice(again)

    @action("t", "times", with_line, pane="log")
    def next_times(self) -> None:
        """Times in your zone, in UTC, or from the start of the run."""
        line, log = self.log_view.whole_line, self.log_view
        assert line is not None
        start = self.run.start_time if self.run is not None else None
        ways = ways_to_show(self.flowtui.zone, start, line.timestamp)
        at = ways.index(log.times) if log.times in ways else -1
        log.show_times(ways[(at + 1) % len(ways)])
        self.show_notice(f"times: {log.times.name(line.timestamp)}")
        self._repaint()

    @action("J", "jump", with_line, pane="log")
    async def jump(self) -> None:
        """Go to a time: 03:12, 03:12:45, 10 minutes before the end, 90 s after the start."""
        from flowtui.ui.dialogs.ask import Ask

        log = self.log_view

        def understand(typed: str) -> Any:
            first, last, line = log.contents.first, log.contents.last, log.whole_line
            assert first is not None
            assert last is not None
            assert line is not None
            when = time_typed(typed, log.times, first, last, line.timestamp)
            if isinstance(when, str):
                raise UsageProblem(when)
            return when

        name = self.run.name if self.run is not None else ""
        placeholder = "03:12:45   -10m before the end   +90s after the start"
        question = Ask("Go to a time", name, "time", understand, placeholder=placeholder)
        when = await self.app.push_screen_wait(question)
        if when is not None:
            log.go_to_time(when)

    @action("enter", "fold", with_line, pane="log")
    def toggle_fold(self) -> None:
        """Fold a long message, or open what is folded."""
        if not self.log_view.toggle_fold():
            self.show_notice("there is nothing to fold here")

    @action("F", "follow", bar=False)
    def follow_log(self) -> None:
        """Go to the end of the log and stay there."""
        self.log_view.action_follow()

    # Taking away

    @action("y", "copy", with_line, unfolded, pane="log")
    async def copy_line(self) -> None:
        """Copy the line with its time, level, task and all rows of its message."""
        line = self.log_view.whole_line
        assert line is not None
        assert self.live is not None
        await self._copy(line_text(line, self.live.source_of(line)))

    @action("c", "copy message", with_line, unfolded, bar=False, pane="log")
    async def copy_message(self) -> None:
        """Copy the message alone, all its rows."""
        line = self.log_view.whole_line
        assert line is not None
        await self._copy("\n".join(plain_lines(line.message)))

    async def _copy(self, text: str) -> None:
        driver = self.app._driver
        write = driver.write if driver is not None else lambda data: None
        self.show_notice(await copy(text, os.environ, write))

    @action("E", "save", written, not_saving, pane="log")
    async def save(self) -> None:
        """Save the whole log to a file: .log as text, .csv, .json as a line each."""
        from flowtui.ui.dialogs.ask import Ask

        name = self.run.name if self.run is not None else "run"
        value = self._unsaved or default_name(name, here())
        path = await self.app.push_screen_wait(
            Ask("Save the whole log", name, "file", path_for, value=value)
        )
        if path is not None and not self.saving:
            self.saving = "saving"
            self.app.run_worker(self._save(path), group="save")

    async def _save(self, path: Path) -> None:
        app, live = self.flowtui, self.live
        assert live is not None
        try:
            backend = await app.backend()
            while not await live.log.read_on(backend):
                self._show_saving(f"saving, {amount(live.log.lines_read, 'line')} read")
            count = len(live.lines)
            self._show_saving(f"saving, {amount(count, 'line')} to write")
            size = await asyncio.to_thread(write_log, path, live.lines, live.source_of, count)
            self._unsaved = ""
            app.say(f"{amount(count, 'line')}, {thin_groups(size)} B, are in {path}")
        except FlowtuiError as error:
            self._unsaved = from_here(path)
            app.say(f"save: {error}", wrong=True)
        finally:
            self._show_saving("")

    def _show_saving(self, text: str) -> None:
        self.saving = text
        if self.is_attached:
            self.query_one("#bar", Lines).repaint()
