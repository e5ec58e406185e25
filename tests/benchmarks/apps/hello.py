"""The yardstick: a Textual app of one Static, which changes at a key."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Hello(App[None]):
    """Says hello, and counts."""

    BINDINGS = [("q", "quit", "Quit"), ("j", "tick", "Tick")]
    count = 0

    def compose(self) -> ComposeResult:
        yield Static("Hello, world", id="said")

    def action_tick(self) -> None:
        """Count on."""
        self.count += 1
        self.query_one("#said", Static).update(f"Hello, world {self.count}")


if __name__ == "__main__":
    Hello().run(mouse=False)
