"""Real frames of a real app: as Textual draws them and through the shadow, cell by cell."""

from __future__ import annotations

import random

import pytest
from rich.color import ColorSystem
from rich.text import Text
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import DataTable, Input, RichLog, Static

from flowtui.ui.terminal.frames import Styles, lay
from flowtui.ui.terminal.shadow import Shadow
from tests.ui.terminal.emulator import Emulator

STEPS = 90
WORDS = [
    "orders",
    "日本語",
    "한국어",
    "e\u0301tude",
    "✓ done",
    "── ▇▅▂",
    "naïve",
    "½ …",
    "a  b   c",
]
THEMES = ["textual-dark", "textual-light", "ansi-dark", "nord"]


class Question(ModalScreen[None]):
    """Lies over everything, and lets it shine through."""

    DEFAULT_CSS = "Question { align: center middle; background: $background 60%; }"
    BINDINGS = [("escape", "dismiss", "Away")]

    def compose(self) -> ComposeResult:
        yield Input(placeholder="日本 why?", id="why")


class Zoo(App[None]):
    """One of everything that draws."""

    CSS = "RichLog { width: 1fr; border: round $accent; } DataTable { width: 2fr; height: 1fr; }"
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield Static(id="title")
        with Horizontal():
            yield DataTable(cursor_type="row")
            yield RichLog(max_lines=50)


class Watcher:
    """Draws every frame of an app twice, and compares."""

    def __init__(self, app: App[None], chance: random.Random) -> None:
        self.app = app
        self.chance = chance
        self.compared = 0
        self.start(*app.size)
        vars(app)["_display"] = self.display

    def start(self, width: int, height: int) -> None:
        self.shadow = Shadow(width, height)
        self.styles = Styles(self.shadow.looks)
        self.direct, self.shadowed = Emulator(width, height), Emulator(width, height)
        self.whole = False

    def display(self, screen: object, update: object) -> None:
        if not isinstance(update, (LayoutUpdate, ChopsUpdate)):
            assert update is None
            return
        if isinstance(update, LayoutUpdate):
            if update.region.size != (self.shadow.width, self.shadow.height):
                self.start(*update.region.size)
            self.whole = True
        if not self.whole:
            return
        self.direct.feed(update.render_segments(self.app.console))
        lay(update, self.shadow, lambda style: self.styles.number(style, ColorSystem.TRUECOLOR))
        if self.chance.random() < 0.65:
            self.compare()

    def compare(self) -> None:
        self.shadowed.feed(self.shadow.frame(0, 0))
        assert self.shadowed.seen == self.direct.seen
        self.compared += 1


async def do_something(pilot: Pilot[None], chance: random.Random) -> None:
    app = pilot.app
    table, log = app.screen_stack[0].query_one(DataTable), app.screen_stack[0].query_one(RichLog)
    choice = chance.randrange(10)
    if choice < 2:
        table.add_row(*(chance.choice(WORDS) for _ in range(4)))
    elif choice < 4:
        words = " ".join(chance.choices(WORDS, k=chance.randrange(12)))
        log.write(Text(words, style=chance.choice(["", "bold red", "link https://x.org", "dim"])))
    elif choice < 7:
        await pilot.press(*chance.choices(["down", "up", "pagedown", "home", "tab", "x"], k=2))
    elif choice == 7:
        app.screen_stack[0].query_one("#title", Static).update(chance.choice(WORDS) * 3)
    elif choice == 8:
        if len(app.screen_stack) > 1:
            await pilot.press("escape")
        else:
            app.push_screen(Question())
    elif chance.random() < 0.5:
        app.theme = chance.choice(THEMES)
    else:
        await pilot.resize_terminal(chance.randint(30, 90), chance.randint(10, 30))


@pytest.mark.parametrize("seed", [1, 2])
async def test_the_shadow_shows_what_textual_would(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")
    chance = random.Random(seed)
    app = Zoo()
    async with app.run_test(size=(80, 24)) as pilot:
        watcher = Watcher(app, chance)
        app.query_one(DataTable).add_columns("one", "two", "three", "four")
        app.screen.refresh()
        for _ in range(STEPS // 2):
            await do_something(pilot, chance)
            await pilot.pause()
        watcher.compare()
    assert watcher.compared > STEPS // 4
