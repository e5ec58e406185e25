"""The shadow against a terminal: whatever is drawn, the terminal shows it in the end.

Each fault in `MUTANTS` is one that the same comparison must notice.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from flowtui.ui.terminal import scroll, sgr, shadow
from flowtui.ui.terminal.cells import cells, settled
from flowtui.ui.terminal.sgr import parse
from flowtui.ui.terminal.shadow import Shadow
from tests.ui.terminal.emulator import WIDER_THAN_EXPECTED, Cell, Emulator

STEPS = 1_500
SEEDS = range(6, 11)
LOOKS = [
    "", "1", "3;38;5;7", "4;31", "7;33;44", "9", "38;2;1;2;3", "38;2;1;2;3;48;2;9;9;9",
    "1;48;2;9;9;9", "48;2;9;9;9", "4;48;2;9;9;9", "39;49", "97;100",
]  # fmt: skip
TEXTS = [
    "a", "hello", "──┬──", "█▇▅▂", "✓ done", "● 日本語 ●", "한국어", "e\u0301te\u0301",
    "👩\u200d🚀 up", "☁\ufe0f", "a\u200bb", "\u0301lead", "évil\x1b[2J\r\n\x9b5n", "  ",
    " " * 30, "x" * 30, "日" * 12, "ｆｕｌｌ", "aaaa    bbbb", "a         b", "\U0001f600", "½…—",
    "word " * 6, "\u26a1\u26a1", f"{WIDER_THAN_EXPECTED} rain",
]  # fmt: skip
CHARACTERS = {
    1: ["a", "✓", WIDER_THAN_EXPECTED, "e\u0301", "☁"],
    2: ["日", "한", "👩\u200d🚀", "☁\ufe0f", "\U0001f600"],
}
"""By width: what replaces a character that stands among others."""
LINK = "id=1;https://example.org"


@lru_cache
def painted(text: str, codes: str, link: str) -> Cell:
    """How one cell must look, by the terminal's own reading of the codes."""
    paper = Emulator(2, 1)
    paper.feed(f"\x1b[H\x1b[0;{codes}m\x1b]8;{link or ';'}\x1b\\{text}")
    return paper.seen[0][0]


class Scribbler:
    """Draws at random into a shadow, and into a plain grid of what must be seen."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.shadow = Shadow(40, 14)
        self.start(40, 14)

    def start(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.terminal = Emulator(width, height)
        self.grid = [[(" ", "", "")] * width for _ in range(height)]
        self.lines = [self.fresh() for _ in range(height)]

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """Do something, and mostly show it."""
        choice = self.random.random()
        if choice < 0.4:
            for _ in range(self.random.randint(1, 6)):
                self.write()
        elif choice < 0.6:
            self.replace()
        elif choice < 0.78:
            self.scroll()
        elif choice < 0.86:
            self.page()
        elif choice < 0.9:
            self.clear()
        elif choice < 0.94:
            self.resize()
        else:
            self.terminal.deface()
            self.shadow.invalidate()
        if self.random.random() < 0.65:
            self.show()

    # What is drawn.

    def replace(self) -> None:
        """Exchange a character that is not plain for another of its width."""
        y = self.random.randrange(self.height)
        for x, (text, codes, _) in enumerate(self.grid[y]):
            if text and not text.isascii():
                end = x + 1
                while end < self.width and self.grid[y][end][0] == "":
                    end += 1
                self.put(x, y, self.random.choice(CHARACTERS[end - x]), codes)

    def write(self) -> None:
        x, y = self.random.randrange(self.width), self.random.randrange(self.height)
        self.put(x, y, self.random.choice(TEXTS), self.random.choice(LOOKS))

    def scroll(self) -> None:
        """Move a block of rows, perhaps beside a pane that stays, and write what comes in."""
        top = self.random.randrange(self.height - 6)
        bottom = self.random.randrange(top + 5, self.height)
        by = self.random.choice((-3, -1, 1, 1, 2))
        pane = self.random.choice((0, 0, 5))
        told = not pane and self.random.random() < 0.5
        if told:
            self.shadow.shift(0, top, self.width, bottom + 1 - top, by)
        before, grid = list(self.lines), [list(row) for row in self.grid]
        for y in range(top, bottom + 1):
            inside = top <= y + by <= bottom
            self.lines[y] = before[y + by] if inside else self.fresh()
            if told and inside:
                self.grid[y] = grid[y + by]
                continue
            text, codes = self.lines[y]
            self.put(pane, y, text.ljust(self.width), codes)

    def page(self) -> None:
        """Fill everything with rows that can be told apart."""
        for y in range(self.height):
            text, codes = self.lines[y] = self.fresh()
            self.put(0, y, text.ljust(self.width), codes)

    def fresh(self) -> tuple[str, str]:
        number = self.random.randrange(10_000)
        return f"{number} a line of the log {number * 7}", self.random.choice(LOOKS[:7])

    def clear(self) -> None:
        codes = self.random.choice(LOOKS)
        for y in range(self.height):
            self.put(0, y, " " * self.width, codes)

    def resize(self) -> None:
        self.shadow.resize(self.random.randint(20, 50), self.random.randint(8, 16))
        self.start(self.shadow.width, self.shadow.height)

    def put(self, x: int, y: int, text: str, codes: str) -> None:
        link = LINK if self.random.random() < 0.05 else ""
        self.shadow.put(x, y, text, self.shadow.looks.number(parse(codes, link)))
        row = self.grid[y]
        written = cells(text)
        for at, cell in enumerate(written, x):
            if at < self.width:
                for half in self.whole(row, at):
                    row[half] = (" ", *row[half][1:])
                row[at] = (cell, codes, link)
        end = x + len(written)
        if end > self.width and written[self.width - x] == "":
            row[-1] = (" ", codes, link)

    def whole(self, row: list[tuple[str, str, str]], x: int) -> range:
        """The columns of the character that is here, as far as it was there before."""
        start = end = x
        while row[start][0] == "":
            start -= 1
        while end + 1 < self.width and row[end + 1][0] == "":
            end += 1
        return range(start, end + 1) if (start, end) != (x, x) else range(0)

    # What is shown.

    def show(self) -> None:
        x, y = self.random.randrange(self.width), self.random.randrange(self.height)
        self.terminal.feed(self.shadow.frame(x, y))
        assert (self.terminal.cursor.x, self.terminal.cursor.y) == (x, y)
        for row, shown in zip(self.grid, self.terminal.seen, strict=True):
            assert self.comparable(row, shown) == self.comparable(row, self.wanted(row))

    def wanted(self, row: list[tuple[str, str, str]]) -> list[Cell]:
        return [painted(text, codes, link) for text, codes, link in row]

    def comparable(self, row: list[tuple[str, str, str]], shown: list[Cell]) -> list[Cell | None]:
        """Without the cells about which terminals have ideas of their own."""
        found: list[Cell | None] = []
        for x, (text, _, _) in enumerate(row):
            start = x
            while row[start][0] == "":
                start -= 1
            sure = settled(row[start][0]) or row[start][0] == " "
            found.append(shown[x] if sure and text else None)
        return found


def scribble() -> None:
    for seed in SEEDS:
        Scribbler(seed).run(STEPS // len(SEEDS))


def test_the_terminal_shows_what_was_drawn() -> None:
    scribble()


Fault = Callable[[pytest.MonkeyPatch], None]


def replaced(owner: Any, name: str, by: Any) -> Fault:
    """A fault: this name means something else."""
    return lambda patch: patch.setattr(owner, name, by)


def forgets(*names: str) -> Fault:
    """A fault: these are still believed after the screen has been invalidated."""

    def patched(patch: pytest.MonkeyPatch) -> None:
        invalidate = Shadow.invalidate

        def faulty(self: Shadow) -> None:
            known = {name: getattr(self, name, None) for name in names}
            invalidate(self)
            vars(self).update({name: at for name, at in known.items() if at is not None})

        patch.setattr(Shadow, "invalidate", faulty)

    return patched


def scroll_in_any_colour(self: Shadow, changed: list[int]) -> list[int]:
    """Scrolls with the pen as it is."""
    vars(self)["_use"] = lambda look: None
    left = SCROLL(self, changed)
    del vars(self)["_use"]
    return left


def clear_to_any_colour(self: Shadow) -> None:
    """Clears with another pen than it says."""
    CLEAR(self)
    self._out.insert(-1, "\x1b[45m")


def any_cell_may_be_blank(self: Shadow, end: int, y: int) -> str:
    """Blanks cells on the way as if all of them were drawn later."""
    start = vars(self)["_x"]
    on_the_way = vars(self)["_y"] == y and start is not None and 0 < end - start <= 3
    return " " * (end - start) if on_the_way else ""


def a_row_too_few(start: int | None, x: int, y: int, down: int | None) -> str:
    """Goes down a row too few, where there are several."""
    return WAY(start, x, y, down - 1 if down is not None and down > 1 else down)


SCROLL, CLEAR = Shadow._scroll, Shadow._clear
WAY = shadow.way
MUTANTS: dict[str, Fault] = {
    "lines on blanks do not matter": replaced(
        sgr.Look, "on_blanks", property(lambda look: sgr.Look(background=look.background))
    ),
    "backgrounds of blanks do not matter": replaced(
        sgr.Look,
        "on_blanks",
        property(lambda look: look if look.link or look.attributes else sgr.Look()),
    ),
    "half a character at the right edge": replaced(
        shadow, "_without_halves", lambda written, following: written
    ),
    "left halves stay": replaced(shadow, "_blank_half_before", lambda row, x: None),
    "right halves stay": replaced(shadow, "_blank_half_after", lambda row, x: None),
    "every width is certain": replaced(shadow, "settled", lambda cell: True),
    "neighbours are safe": replaced(shadow, "reach", lambda cell: 1),
    "wide characters are written in part": replaced(
        shadow, "_with_neighbours", lambda changed, row, seen: changed
    ),
    "rows are not moved": replaced(shadow, "move", lambda rows, shift, blank: None),
    "rows move the other way": replaced(
        shadow,
        "move",
        lambda rows, shift, blank: scroll.move(
            rows, scroll.Shift(shift.top, shift.bottom, -shift.by), blank
        ),
    ),
    "what scrolls in has any colour": replaced(Shadow, "_scroll", scroll_in_any_colour),
    "what is cleared has any colour": replaced(Shadow, "_clear", clear_to_any_colour),
    "bold is never switched off": replaced(sgr, "_OFF", {**sgr._OFF, "1": "28"}),
    "a link never ends": replaced(sgr, "_linked", lambda old, new: f"\x1b]8;{new}\x1b\\"),
    "cells on the way are blanked": replaced(Shadow, "_between", any_cell_may_be_blank),
    "rows are miscounted": replaced(shadow, "way", a_row_too_few),
    "a line feed leaves its column": replaced(
        shadow, "way", lambda start, x, y, down: WAY(start, x, y, down).replace("\n", "\n\r")
    ),
    "gaps are written in any look": replaced(Shadow, "_fits", lambda self, cell, look: True),
    "what must be drawn in order is not": replaced(
        shadow, "_with_neighbours", lambda changed, row, seen: sorted(changed, key=lambda x: -x)
    ),
    "what is around the uncertain is drawn at any time": replaced(
        shadow, "_parts", lambda columns, row, seen: (columns, [], [])
    ),
    "the pen survives": forgets("_pen"),
    "the cursor survives": forgets("_x", "_y"),
}


@pytest.mark.parametrize("fault", MUTANTS.values(), ids=MUTANTS.keys())
def test_a_fault_is_noticed(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault(monkeypatch)
    with pytest.raises((AssertionError, IndexError)):
        scribble()
