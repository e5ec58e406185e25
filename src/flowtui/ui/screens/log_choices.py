"""What of a log is shown: from which level, whose lines, since when."""

from __future__ import annotations

from typing import Any

from flowtui.ui.actions import action
from flowtui.ui.live_log import LiveLog
from flowtui.ui.live_run import LiveRun
from flowtui.ui.log_filter import LogFilter, sources_of
from flowtui.ui.log_head import AT_LEAST
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.widgets.log_reader import LogReader
from flowtui.ui.widgets.sliced_log import SlicedLog


def with_log(screen: Any) -> str | None:
    """There is a log."""
    return None if screen.log_view.contents.lines else "no line has been read yet"


def take_log(screen: ActionScreen, view: SlicedLog, log: LiveLog) -> None:
    """Show what was read of a log, and say once what is wrong with keeping it."""
    view.take(log.book)
    trouble = log.new_trouble()
    if trouble:
        screen.show_notice(trouble, wrong=True)


class LogChoices(ActionScreen):
    """A screen with a log of which one may leave lines out."""

    live: LiveRun | None = None

    def __init__(self) -> None:
        super().__init__()
        self.log_filter = LogFilter()

    @property
    def log_view(self) -> LogReader:
        """The log."""
        return self.query_one("#log", LogReader)

    def show_filter(self, chosen: LogFilter) -> None:
        """Show only what this lets through."""
        self.log_filter = chosen
        self.log_view.show_only(chosen.lets if chosen.is_active else None)

    def nothing_shown(self) -> str:
        """What to read where no line is shown."""
        least = self.log_view.least
        if not self.log_view.contents.lines:
            return "No log lines yet."
        words = self.log_filter.words(self.flowtui.zone)
        worse = [f"{AT_LEAST[least]} or worse"] if least else []
        return f"No line is {', '.join([*words, *worse])}."

    @action("L", "level", pane="log")
    def next_level(self) -> None:
        """Show all lines, or from info, from warning, or errors only."""
        self.log_view.show_from_level((self.log_view.least + 1) % len(AT_LEAST))

    @action("u", "whose", with_log, pane="log")
    async def choose_source(self) -> None:
        """Show only the lines of one task, of one mapped child, or of one logger."""
        from flowtui.ui.dialogs.log_choices import SourcePicker

        live = self.live
        assert live is not None
        line = self.log_view.whole_line
        found = sources_of(live.lines.everybody, live.tasks, line)
        chosen = await self.app.push_screen_wait(SourcePicker(found, self.log_filter.source))
        if chosen is not None:
            self.show_filter(LogFilter(chosen, self.log_filter.since))

    @action("W", "since", with_log, bar=False, pane="log")
    async def choose_since(self) -> None:
        """Show only the lines of the last minutes or hours before the newest one."""
        from flowtui.ui.dialogs.log_choices import WindowPicker

        chosen = await self.app.push_screen_wait(WindowPicker())
        newest = self.log_view.contents.last
        if chosen is not None and newest is not None:
            since = newest - chosen[2] if chosen[2] is not None else None
            self.show_filter(LogFilter(self.log_filter.source, since))
