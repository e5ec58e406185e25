"""A list that is as high as its rows, and below it what is told of the one under the cursor."""

from __future__ import annotations

from abc import abstractmethod

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.ui.screens.titled_list import TitledList
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

AROUND = 6
"""Rows of a low screen that are neither its list nor below it."""
LEAST = 5
"""Rows below from which on they tell anything."""


class ToldBelow(TitledList):
    """Says what stands below its list, side by side; where the screen is low, only what room the
    whole list leaves."""

    DEFAULT_CSS = """
    ToldBelow {
        &.-tells #table { margin: 0; }
        &.-tall #table { max-height: 50%; margin: 1 0 0 0; }
        #below { display: none; height: 1fr; margin: 1 2; }
        &.-tells #below { display: block; }
        #below Lines { height: 1fr; }
    }
    """

    @abstractmethod
    def compose_below(self) -> ComposeResult:
        """The lines that tell of the record under the cursor."""

    def compose_body(self) -> ComposeResult:
        yield from super().compose_body()
        with Horizontal(id="below"):
            yield from self.compose_below()

    def list_changed(self) -> None:
        super().list_changed()
        self._fit()

    def on_resize(self) -> None:
        super().on_resize()
        self._fit()

    def _fit(self) -> None:
        rows = len(self.list_table.rows)
        room = self.size.height - AROUND - (rows + 1)
        tells = rows > 0 and (self.has_class("-tall") or room >= LEAST)
        self.set_class(tells, "-tells")
        self.list_table.styles.height = rows + 1 if tells else None
        self.call_after_refresh(self._paint_below)

    @on(RecordTable.Highlighted)
    def _paint_below(self) -> None:
        """Paint what is below; the screen may have gone."""
        for lines in self.query("#below Lines").results(Lines):
            lines.repaint()

    @property
    def room_below(self) -> int:
        """Rows for each list of what is told."""
        return max(0, self.query_one("#below").size.height - 1)
