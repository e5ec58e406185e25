"""A page or a dialog that is left before it was made leaves nothing behind."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.css.query import NoMatches
from textual.events import Mount
from textual.widgets import Static

from flowtui.ui.widgets.leavable import Leavable


class Page(Leavable[None]):
    """Looks for its widget as soon as it is mounted."""

    def compose(self) -> ComposeResult:
        yield Static(id="known")

    def on_mount(self) -> None:
        self.query_one("#known").update("here")  # type: ignore[attr-defined]


async def test_a_page_that_is_going_misses_nothing() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        page = Page()
        await app.push_screen(page)
        await page.query_one("#known").remove()
        page._pruning = True
        await page._dispatch_message(Mount())
        page._pruning = False
        await pilot.pause()
        assert app._exception is None


async def test_a_page_that_stays_must_have_what_it_looks_for() -> None:
    app: App[None] = App()
    async with app.run_test():
        page = Page()
        await app.push_screen(page)
        await page.query_one("#known").remove()
        with pytest.raises(NoMatches):
            await page._dispatch_message(Mount())
