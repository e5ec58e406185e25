"""What Textual's own table and log give: `stock.py table ROWS` or `stock.py log LINES`."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable, RichLog


class Stock(App[None]):
    """A table of runs or a log, as the documentation of Textual has them."""

    BINDINGS = [("q", "quit", "Quit"), ("j", "down", "Down")]

    def compose(self) -> ComposeResult:
        if sys.argv[1] == "table":
            yield DataTable(cursor_type="row")
        else:
            yield RichLog()

    def on_mount(self) -> None:
        number = int(sys.argv[2])
        if sys.argv[1] == "log":
            log = self.query_one(RichLog)
            for line in range(number):
                log.write(f"13:00:00.000 INFO CloudTaskRunner line {line}: copied 120 rows")
            return
        table = self.query_one(DataTable)
        table.add_columns("State", "Run", "Flow", "Project", "Start", "Time", "Message")
        table.add_rows(
            (
                "Success",
                f"run-{row:07}",
                f"flow-{row % 50}",
                "project",
                "13:00",
                "10s",
                "All reference tasks succeeded.",
            )
            for row in range(number)
        )
        table.focus()

    def action_down(self) -> None:
        """A row or a line on."""
        if sys.argv[1] == "table":
            self.query_one(DataTable).action_cursor_down()
        else:
            self.query_one(RichLog).action_scroll_up()


if __name__ == "__main__":
    Stock().run(mouse=False)
