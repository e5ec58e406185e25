"""One agent of the list more closely: what it took last, asked for once the cursor rests on it."""

from __future__ import annotations

from textual import on
from textual.timer import Timer

from flowtui.models.agents import Agent
from flowtui.models.ids import AgentId
from flowtui.models.work import Lately
from flowtui.ui.agent_chosen import LATELY, MANY
from flowtui.ui.feeds import Snapshot
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.flow_closer import RESTING
from flowtui.ui.screens.frame import TALL, WIDE
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 30.0
"""Seconds between two looks at what the agent under the cursor took."""


class AgentCloser(ListingScreen):
    """A list of agents, one of which is shown more closely where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._closer: AgentId | None = None
        """The agent that more is asked of than the list says."""
        self._closer_question: list[Question] = []
        self._resting: Timer | None = None
        self.lately: Lately | None = None
        """What the agent under the cursor took; None before that is known."""

    @property
    def subject(self) -> Agent | None:
        """The agent under the cursor."""
        return self.list_table.record

    @property
    def has_room_for_strips(self) -> bool:
        """Whether what was of late has a place on the page."""
        width, height = self.app.size
        return width >= WIDE and height >= TALL

    @property
    def tells_past(self) -> bool:
        """Whether there is room for what the agent under the cursor took."""
        return self.app.size.width >= WIDE

    def on_screen_suspend(self) -> None:
        self._look_away()
        super().on_screen_suspend()

    def on_screen_resume(self) -> None:
        self.look_closer()

    def on_resize(self) -> None:
        super().on_resize()
        self.look_closer()

    @on(RecordTable.Highlighted)
    def _rest_on(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        here = self.subject.id if self.subject is not None else None
        if here != self._closer:
            self.lately = None
        self._resting = self.set_timer(RESTING, self.look_closer)

    def _look_away(self) -> None:
        self.ask_instead(self._closer_question, ())
        self._closer_question, self._closer, self.lately = [], None, None

    def look_closer(self) -> None:
        """Ask what the agent under the cursor took, while there is room to show it."""
        wanted = self.subject.id if self.subject is not None and self.tells_past else None
        if wanted == self._closer or not self.is_current:
            return
        self._look_away()
        self._closer, app = wanted, self.flowtui
        if wanted is None:
            return
        feed = app.feed(
            ("lately", wanted),
            lambda backend: backend.agent_lately(wanted, app.now() - LATELY, MANY),
            INTERVAL,
        )
        self._closer_question = [Question(feed, self._show_lately)]
        self.ask_instead((), self._closer_question)

    def _show_lately(self, snapshot: Snapshot[Lately]) -> None:
        self.lately = snapshot.value
        self.query_one("#chosen", Lines).repaint()
