"""Lines that move instead of being painted again: the screen shows what painting all would show."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta, timezone
from functools import partial

import pytest
from rich.color import ColorSystem
from textual._compositor import LayoutUpdate
from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from flowtui.models.ids import LogId
from flowtui.models.logs import LogLine
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.log_book import LogBook
from flowtui.ui.log_search import search_for
from flowtui.ui.terminal.app import ShadowedApp
from flowtui.ui.terminal.frames import Frame, Styles, lay
from flowtui.ui.terminal.shadow import Shadow
from flowtui.ui.themes import ThemedApp
from flowtui.ui.usual_columns import state_column
from flowtui.ui.widgets.leavable import Leavable
from flowtui.ui.widgets.log_reader import LogReader
from flowtui.ui.widgets.moving import MovingLines
from flowtui.ui.widgets.table import RecordTable
from flowtui.ui.widgets.tall_table import TallTable
from tests.ui.gallery import NOW
from tests.ui.terminal.emulator import Emulator
from tests.ui.test_record_table import Run

STEPS = 120
STATES = ("Success", "Failed", "Running", "Late", "Scheduled")
KEYS = (
    *("j", "j", "j", "j", "k", "k", "down", "up", "pagedown", "pageup", "ctrl+d", "ctrl+u"),
    *("g", "G", "G", "space", "tab", "w", "left", "right", "F"),
)
THEMES = ("flowtui-dark", "flowtui-light", "flowtui-ansi16", "flowtui-mono")


class Question(Leavable[None], ModalScreen[None]):
    """Lies over everything, and lets it shine through."""

    DEFAULT_CSS = "Question { align: center middle; background: $background 60%; }"

    def compose(self) -> ComposeResult:
        yield Static("Sure?")


class Terminal:
    """Takes an app's frames, as a driver does."""

    line_is_slow = False

    def __init__(self) -> None:
        self.moved = 0
        self.start(80, 24)

    def start(self, width: int, height: int) -> None:
        self.shadow, self.emulator = Shadow(width, height), Emulator(width, height)
        self.styles = Styles(self.shadow.looks)

    def show(self, frame: Frame) -> None:
        if isinstance(frame.update, LayoutUpdate):
            size = frame.update.region.size
            if size != (self.shadow.width, self.shadow.height):
                self.start(*size)
        self.moved += len(frame.moved)
        number = partial(self.styles.number, colours=ColorSystem.TRUECOLOR)
        lay(frame.update, self.shadow, number, frame.moved)

    def compare(self, app: Moving) -> None:
        """What was drawn bit by bit is what drawing everything gives."""
        self.emulator.feed(self.shadow.frame(0, 0))
        whole = Terminal()
        with forgetting(*app.screen_stack):
            update = app.screen._compositor.render_full_update()
        whole.show(Frame((), update, (0, 0), ColorSystem.TRUECOLOR, together=False))
        whole.emulator.feed(whole.shadow.frame(0, 0))
        assert self.emulator.seen == whole.emulator.seen


class Moving(ShadowedApp[None], ThemedApp[None]):
    """A table, a tall one and a log side by side, above them a line that comes and goes."""

    CSS = "#beside { width: 9; } TallTable, LogReader { height: 1fr; }"

    def __init__(self, chance: random.Random) -> None:
        super().__init__(theme=THEMES[0], ascii_only=False)
        self.chance = chance
        self.seconds = 0
        self.read = 0
        self.book = LogBook(self.lines(60))
        self.terminal = Terminal()

    @property
    def _frames(self) -> Terminal:  # type: ignore[override]
        return self.terminal

    def get_default_screen(self) -> Leavable[None]:
        return Leavable()

    def compose(self) -> ComposeResult:
        yield Static("above", id="above")
        with Horizontal():
            yield RecordTable(self.columns(), lambda run: run.name, marks=True, id="low")
            with VerticalScroll(id="beside", can_focus=False):
                for _ in range(9):
                    yield Static("one\ntwo\nthree\nfour")
            yield TallTable(
                self.columns(),
                lambda run: run.name,
                lambda run, palette, width: [Piece(f"took {run.took + self.seconds}")],
                "run",
            )
        yield LogReader(zone=timezone.utc, source=lambda line: line.logger, sentence="Nothing.")

    def columns(self) -> list[Column[Run]]:
        return [
            state_column(lambda run: run.state, least=10),
            Column("run", lambda run: run.name),
            Column("time", self.time, right=True, ticks=lambda run: run.state == "Running"),
        ]

    def time(self, run: Run) -> str:
        return f"{run.took + (self.seconds if run.state == 'Running' else 0)}s"

    def runs(self, count: int) -> list[Run]:
        chance = self.chance
        return [
            Run(f"run-{number}" + "x" * chance.choice((0, 0, 0, 9)), chance.choice(STATES))
            for number in range(count)
        ]

    def lines(self, count: int) -> Iterator[LogLine]:
        for number in range(self.read, self.read + count):
            level = self.chance.choice(("INFO", "INFO", "WARNING", "ERROR"))
            told = self.chance.choice(("it goes on", "日本 " * 30, "a\nb\nc\nd\ne", "wide " * 40))
            when = NOW + timedelta(seconds=number)
            yield LogLine(LogId(str(number)), when, level, f"{told} {number}", "etl")
        self.read += count


@contextmanager
def forgetting(*screens: Widget) -> Iterator[None]:
    """Everything is painted meanwhile, whatever was kept."""
    nodes = [node for screen in screens for node in screen.walk_children(Widget, with_self=True)]
    kept = [(node, node._styles_cache) for node in nodes]
    drawn = [(node, node._drawn) for node in nodes if isinstance(node, MovingLines)]
    for node, _ in kept:
        node._styles_cache = StylesCache()
    for view, _ in drawn:
        view._drawn = {}
    yield
    for node, cache in kept:
        node._styles_cache = cache
    for view, lines in drawn:
        view._drawn = lines


async def settled(pilot: Pilot[None]) -> None:
    """Wait until all that is known is drawn."""
    for _ in range(200):
        await pilot.pause()
        screen = pilot.app.screen
        waiting = screen._dirty_widgets or screen._compositor._dirty_regions
        reads = any(view.is_reading for view in pilot.app.screen_stack[0].query(LogReader))
        if not waiting and not reads and not screen._layout_required:
            return
    raise AssertionError("it draws for ever")


async def do_something(app: Moving, pilot: Pilot[None]) -> None:
    chance, page = app.chance, app.screen_stack[0]
    table = chance.choice((page.query_one("#low", RecordTable), page.query_one(TallTable)))
    log = page.query_one(LogReader)
    choice = chance.randrange(24)
    if choice < 12:
        await pilot.press(*chance.choices(KEYS, k=chance.choice((1, 2, 5, 9))))
    elif choice < 14:
        table.show(app.runs(chance.choice((0, 5, 80, 80, 80))))
    elif choice == 14:
        rows = list(table.rows)
        if rows:
            index = chance.randrange(len(rows))
            rows[index] = replace(rows[index], state="Failed", took=chance.randrange(9_999))
            del rows[chance.randrange(len(rows))]
            table.show(rows)
    elif choice == 15:
        app.seconds += 1
        for one in page.query(RecordTable):
            one._tick()
        beside = page.query_one("#beside", VerticalScroll)
        beside.scroll_to(y=chance.randrange(30), animate=False, immediate=True)
        chance.choice(list(beside.query(Static))).update(f"{app.seconds}\nstays\nas\nit is")
    elif choice < 18:
        app.book.extend(app.lines(chance.choice((1, 3, 30))))
        log.take(app.book)
    elif choice == 18:
        log.look_for(
            search_for(chance.choice(("goes", "wide", "none"))) if not log.search else None
        )
    elif choice == 19:
        page.query_one("#above").display = not page.query_one("#above").display
    elif choice == 20:
        if len(app.screen_stack) > 1:
            app.pop_screen()
        else:
            app.push_screen(Question())
    elif choice == 21:
        app.theme = chance.choice(THEMES)
    elif choice == 22:
        app.notify("Look here", timeout=600) if chance.random() < 0.5 else app.clear_notifications()
        page.query_one(TallTable).give_each(chance.choice((1, 2, 3)))
    else:
        await pilot.resize_terminal(chance.randint(40, 100), chance.randint(12, 40))


@pytest.mark.parametrize("seed", [7, 10])
async def test_what_moves_is_what_painting_all_would_show(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")
    app = Moving(random.Random(seed))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for table in app.query(RecordTable):
            table.show(app.runs(40))
        app.query_one(LogReader).take(app.book)
        app.screen.refresh()
        for _ in range(STEPS):
            await do_something(app, pilot)
            await settled(pilot)
            app.terminal.compare(app)
    assert app.terminal.moved > 20


@pytest.fixture
async def shown() -> AsyncIterator[tuple[Moving, Pilot[None]]]:
    """Three hundred runs, of which only the last ones have long names."""
    app = Moving(random.Random(1))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        runs = [Run(f"run-{number}") for number in range(240)]
        table = app.query_one("#low", RecordTable)
        table.show([*runs, *(Run(f"run-{number}" + "x" * 9) for number in range(240, 300))])
        table.focus()
        app.screen.refresh()
        await settled(pilot)
        yield app, pilot


async def walk(pilot: Pilot[None], app: Moving, keys: int) -> None:
    for _ in range(keys):
        await pilot.press("j")
        await settled(pilot)
        app.terminal.compare(app)


async def test_what_lies_over_lines_does_not_move_with_them(shown) -> None:
    app, pilot = shown
    log = app.query_one(LogReader)
    log.take(app.book)
    log.focus()
    await pilot.press("g", *"jjjjjjjjjjj")
    app.notify("Look here", timeout=600)
    await settled(pilot)
    moved = app.terminal.moved
    await walk(pilot, app, 3)
    assert app.terminal.moved == moved
    app.clear_notifications()
    await settled(pilot)
    await walk(pilot, app, 3)
    assert app.terminal.moved == moved + 3


async def test_a_record_that_needs_wider_columns_widens_those_of_all(shown) -> None:
    app, pilot = shown
    app.query_one("#low", RecordTable).go_to("run-238")
    await walk(pilot, app, 4)
    assert app.terminal.moved


async def test_on_a_slow_line_it_scrolls_by_many_rows_beside_what_stays(shown) -> None:
    app, pilot = shown
    table = app.query_one("#low", RecordTable)
    app.terminal.line_is_slow = True
    await walk(pilot, app, table.page)
    assert (table.cursor, table.scroll_offset.y) == (table.page, 1 + table.page // 3)
    app.query_one("#beside").display = app.query_one(TallTable).display = False
    await settled(pilot)
    table.go_to("run-100")
    await settled(pilot)
    assert table.scroll_offset.y == 100 - table.page + 1
