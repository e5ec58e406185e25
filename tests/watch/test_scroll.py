"""A block at the end of a scrollback, on a terminal that is emulated."""

from __future__ import annotations

import random

import pyte

from flowtui.watch.scroll import Scroll


class Screen:
    """A small terminal with what was scrolled out of it."""

    def __init__(self, columns: int = 20, rows: int = 6) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=10_000, ratio=0.001)
        self.stream = pyte.Stream(self.screen)
        self.scroll = Scroll()

    def update(self, stay: list[str], block: list[str]) -> str:
        text = self.scroll.update(stay, block)
        self.stream.feed(text)
        return text

    @property
    def lines(self) -> list[str]:
        gone = [
            "".join(line[column].data for column in range(self.screen.columns))
            for line in self.screen.history.top
        ]
        lines = [line.rstrip() for line in [*gone, *self.screen.display]]
        while lines and not lines[-1]:
            lines.pop()
        return lines


def test_lines_stay_above_the_block() -> None:
    screen = Screen()
    screen.update([], ["status", "keys"])
    screen.update(["one"], ["status", "keys"])
    screen.update(["two", "three"], ["other", "keys"])
    assert screen.lines == ["one", "two", "three", "other", "keys"]


def test_only_what_has_changed_is_sent() -> None:
    screen = Screen()
    screen.update([], ["1s", "keys", "more"])
    assert screen.update([], ["1s", "keys", "more"]) == ""
    text = screen.update([], ["1s", "keys", "less"])
    assert "keys" not in text
    assert screen.lines == ["1s", "keys", "less"]
    assert (screen.screen.cursor.x, screen.screen.cursor.y) == (0, 0)


def test_a_shorter_line_leaves_nothing_of_the_longer_one() -> None:
    screen = Screen()
    screen.update([], ["a long status", "keys"])
    screen.update([], ["short", "keys"])
    assert screen.lines == ["short", "keys"]


def test_the_end_erases_the_block_and_leaves_the_last_lines() -> None:
    screen = Screen()
    screen.update(["one"], ["status", "keys"])
    screen.stream.feed(screen.scroll.finish(["summary"]))
    assert screen.lines == ["one", "summary"]
    assert screen.screen.cursor.x == 0


def test_whatever_happens_no_line_is_lost_or_doubled() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        screen, stayed = Screen(), []
        for step in range(60):
            new = [f"line {step}.{number}" for number in range(chance.choice((0, 0, 1, 2, 9)))]
            block = [f"block {chance.random():.2f}" for _ in range(chance.randrange(1, 6))]
            if chance.random() < 0.1:
                screen.scroll.forget()
            screen.update(new, block)
            stayed += new
            assert screen.lines == [*stayed, *block]


def test_after_a_resize_the_block_is_drawn_from_where_the_cursor_is() -> None:
    screen = Screen(columns=20, rows=6)
    screen.update(["one", "two"], ["status", "keys"])
    screen.screen.resize(6, 12)
    screen.scroll.forget()
    screen.update([], ["state", "keys"])
    assert screen.lines == ["one", "two", "state", "keys"]
