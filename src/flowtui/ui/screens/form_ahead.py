"""What stands beside a run form: what will be sent, and what there is to know before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.models.agents import Agent
from flowtui.models.inputs import InputProblem, parse_labels
from flowtui.models.limits import Limit
from flowtui.ui.feeds import Snapshot
from flowtui.ui.form_before import before_lines, end_line
from flowtui.ui.form_facts import ROWS_BESIDES, sent_lines
from flowtui.ui.paint import Line
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.form_tools import FormTools
from flowtui.ui.screens.frame import WIDE
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines

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
        """What will be sent, and below it what there is to know."""
        if self.form is None or self.group is None:
            return []
        before = self._before(palette, width)
        room = self.query_one("#sent").size.height - ROWS_BESIDES - len(before) - 1
        title = self.flowtui.profile.title
        return [*sent_lines(self.form, self.start_says, title, width, room), [], *before]

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
