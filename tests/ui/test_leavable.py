"""Pages and dialogs bear what comes too early or too late."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.events import Mount, Resize
from textual.geometry import Size
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widgets import Input, Static

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


class Keyed(Leavable[None]):
    """Has a pane that is steered by keys and a field that is typed into, and keys of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("a,slash", "app.bell", id="bell")]

    def compose(self) -> ComposeResult:
        pane = Static("steered", id="pane")
        pane.can_focus = True
        yield pane
        yield Input(id="field")


def keys_of(page: Screen[Any]) -> list[tuple[str, list[str]]]:
    return [(str(node), sorted(map_.key_to_bindings)) for node, map_ in page._binding_chain]


async def test_keys_go_the_way_that_textual_gives_them() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        page = Keyed()
        await app.push_screen(page)
        for focus in ("#pane", "#field", None):
            page.set_focus(page.query_one(focus) if focus else None)
            await pilot.pause()
            wanted = [
                (str(node), sorted(map_.key_to_bindings))
                for node, map_ in Screen._binding_chain.fget(page)  # type: ignore[attr-defined]
            ]
            assert keys_of(page) == wanted
        page.set_focus(page.query_one("#field"))
        own = dict(keys_of(page))[str(page)]
        assert "a" not in own, "the field takes it"
        app.set_keymap({"bell": "b"})
        page.set_focus(page.query_one("#pane"))
        assert {"a", "b", "slash"} & set(dict(keys_of(page))[str(page)]) == {"b"}


async def test_no_name_of_a_key_is_looked_up_where_nothing_types() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        page = Keyed()
        await app.push_screen(page)
        page.set_focus(page.query_one("#pane"))
        await pilot.pause()
        assert page.focused is page.query_one("#pane")
        key_to_character.cache_clear()
        assert page._binding_chain
        assert key_to_character.cache_info().misses == 0
