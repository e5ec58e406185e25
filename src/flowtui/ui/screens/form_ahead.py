"""What stands beside a run form: what will be sent, and what there is to know before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.models.agents import Agent
from flowtui.models.inputs import InputProblem, parse_labels
from flowtui.models.limits import Limit
from flowtui.ui.feeds import Snapshot
from flowtui.ui.form_before import before_lines, end_line
from flowtui.ui.form_facts import FEWEST, ROWS_BESIDES, sent_lines
from flowtui.ui.paint import Line
from flowtui.ui.pane_ages import Question
from flowtui.ui.preview import BROAD as STARTS
from flowtui.ui.preview import run_lines
from flowtui.ui.screens.form_tools import FormTools
from flowtui.ui.screens.frame import WIDE
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines

LAST = 10
"""Runs that are listed at most: of each version as many are known, so none between is missing."""
LIMITS_INTERVAL = 30.0
"""Seconds between two looks at the limits under which a run would start."""


class FormAhead(FormTools):
    """A run form with a pane beside it, where there is room for one."""

    def __init__(self) -> None:
        super().__init__()
        self.agents: list[Agent] | None = None
        self._limits: Sequence[Limit] | None = None
        self.start_says = ""
        """When it starts, in words."""

    def questions_beside(self) -> list[Question]:
        """What only the pane shows, while there is room for it."""
        if self.flowtui.size.width < WIDE:
            return []
        feed = self.flowtui.feed(
            ("limits of labels",), lambda backend: backend.limits(), LIMITS_INTERVAL
        )
        return [Question(feed, self._show_limits)]

    def on_resize(self) -> None:
        super().on_resize()
        if not self._listening:
            return
        wanted = self.questions_beside()
        new = [one for one in wanted if one not in self._listening]
        gone = [
            one for one in self._listening if one.take == self._show_limits and one not in wanted
        ]
        self.ask_instead(gone, new)

    def _show_limits(self, snapshot: Snapshot[list[Limit] | None]) -> None:
        self._limits = snapshot.value
        self.query_one("#sent", Lines).repaint()

    def labels_if_empty(self) -> tuple[str, ...]:
        """What the server gives a run that is sent without labels."""
        assert self.group is not None
        assert self.form is not None
        if self.group.labels is not None:
            return self.group.labels
        return tuple((self.form.version.run_config or {}).get("labels") or ())

    def paint_sent(self, palette: Palette, width: int) -> list[Line]:
        """What will be sent, what there is to know, and where it is broad the last runs."""
        if self.form is None or self.group is None:
            return []
        before = self._before(palette, width)
        height, app = self.query_one("#sent").size.height, self.flowtui
        room = height - ROWS_BESIDES - len(before) - 1
        sent = sent_lines(self.form, self.start_says, app.profile.title, width, room)
        lines = [*sent, [], *before]
        runs = self.group.last_runs[: min(LAST, height - len(lines) - 2)]
        if width < STARTS or len(runs) < FEWEST:
            return lines
        return [*lines, [], *run_lines(runs, app.now(), palette, width, app.zone, "its last")]

    def _before(self, palette: Palette, width: int) -> list[Line]:
        assert self.form is not None
        assert self.group is not None
        app, version = self.flowtui, self.form.version
        now, zone = app.now(), app.zone
        lines = before_lines(
            self.group,
            version,
            parse_labels(self.form.labels) or self.labels_if_empty(),
            self.agents,
            self._limits,
            now,
            zone,
            palette,
            width,
        )
        try:
            start = self.form.start_time(now, zone) or now
        except InputProblem:
            return lines
        end = end_line(self.group, version, start, now, zone)
        return [*lines, [], end] if end else lines
