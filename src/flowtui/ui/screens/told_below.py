"""A list that is as high as its rows, and below it what is told of the one under the cursor."""

from __future__ import annotations

from abc import abstractmethod

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.ui.screens.titled_list import TitledList
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable


class ToldBelow(TitledList):
    """Says what stands below its list, side by side; where the screen is low, nothing does."""

    DEFAULT_CSS = """
    ToldBelow {
        &.-tall #table { max-height: 50%; margin: 1 0 0 0; }
        #below { display: none; height: 1fr; margin: 1 2; }
        &.-tall #below { display: block; }
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
        is_to_fit = self.has_class("-tall") and rows > 0
        self.list_table.styles.height = rows + 1 if is_to_fit else None
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
