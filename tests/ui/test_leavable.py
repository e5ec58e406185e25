"""Pages and dialogs bear what comes too early or too late."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.css.query import NoMatches
from textual.events import Mount, Resize
from textual.geometry import Size
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


class Resized(Leavable[None]):
    """Has something to do after it was drawn in another size, as all pages and dialogs have."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[Size] = []

    def on_resize(self, event: Resize) -> None:
        self.sizes.append(event.size)
        assert len(self.sizes) < 50, "it is told of two sizes in turn, without an end"
        self.call_after_refresh(self.refresh)


@pytest.mark.parametrize("old", [Size(80, 2), Size(1, 1), Size(200, 60)])
async def test_a_page_that_still_hears_of_an_old_size_takes_the_one_there_is(old: Size) -> None:
    app: App[None] = App()
    async with app.run_test(size=(33, 9)) as pilot:
        page = Resized()
        await app.push_screen(page)
        page.post_message(Resize(old, old))
        page.call_after_refresh(page.refresh)
        page.post_message(Resize(app.size, app.size))
        await pilot.pause()
        assert page.size == page.sizes[-1] == (33, 9)
