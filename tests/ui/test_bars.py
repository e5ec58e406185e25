"""The first row and the last, and lines that only send what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import pytest
from textual.app import ComposeResult
from textual.screen import Screen

from flowtui.models.text import cells
from flowtui.ui.ink import Piece
from flowtui.ui.pulse import pulse_of
from flowtui.ui.themes import ThemedApp, theme_for
from flowtui.ui.tokens import speaks_utf8
from flowtui.ui.widgets.bars import KeyBar, Tab, TopBar
from flowtui.ui.widgets.painted import Lines
from tests.ui.gallery import HOSTILE, KEYS, NOW, TABS, Age, screen_text


@dataclass
class Clock:
    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now


class Framed(ThemedApp[None]):
    """Two bars and a line that counts."""

    def __init__(self, profile: str = "prod", ascii_only: bool = False) -> None:
        super().__init__(theme="flowtui-dark", ascii_only=ascii_only)
        self.clock = Clock()
        self.profile = profile
        self.count = 0
        self.ticking = False

    def compose(self) -> ComposeResult:
        yield TopBar("Runs", tabs=TABS, profile=self.profile, clock=self.clock, zone=timezone.utc)
        yield Lines(
            lambda palette, width: [[Piece("title")], [Piece(str(self.count))], []],
            ticks=lambda: self.ticking,
        )
        yield KeyBar(KEYS)

    @property
    def top(self) -> TopBar:
        return self.query_one(TopBar)

    @property
    def keys(self) -> KeyBar:
        return self.query_one(KeyBar)


async def test_the_active_tab_is_underlined_where_there_is_room() -> None:
    app = Framed()
    async with app.run_test(size=(120, 40)) as pilot:
        app.top.show_connection(0.042)
        await pilot.pause()
        lines = screen_text(app)
        assert lines[0] == (
            "  flowtui   1 Overview   2 Flows   3 Runs ✗7   4 Logs   5 Agents   6 Projects"
            "             prod  ● 42 ms      03:14 UTC"
        )
        assert lines[1] == " " * 35 + "▔▔▔▔▔▔"
        assert lines[0][35:41] == "3 Runs"
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        assert screen_text(app)[1] == "title"


MANY = ("Overview", "Flows", "Runs", "Agents", "Projects", "Calendar", "Limits", "API")


@pytest.mark.parametrize("active", ["Overview", "Runs", "API"])
async def test_the_active_tab_is_named_and_the_others_by_their_keys(active: str) -> None:
    app = Framed()
    async with app.run_test(size=(80, 24)) as pilot:
        app.top.active = active
        app.top.show_tabs([Tab(str(key), name) for key, name in enumerate(MANY, 1)])
        for width in (80, 60, 50, 40, 36):
            await pilot.resize_terminal(width, 24)
            await pilot.pause()
            first = screen_text(app)[0]
            assert f"{MANY.index(active) + 1} {active}" in first
            assert "03:14 UTC" in first
            if width >= 60:
                assert all(f" {key}" in first for key in range(1, 9)), width


@pytest.mark.parametrize("width", [1, 10, 30, 40, 60, 80, 99, 100, 130, 200])
async def test_the_bars_fit_every_width(width: int) -> None:
    app = Framed(profile=HOSTILE)
    async with app.run_test(size=(width, 24)) as pilot:
        app.top.show_connection(0.042)
        app.keys.show_freshness(Age())
        await pilot.pause()
        for strip in app.screen._compositor.render_strips():
            assert cells(strip.text) == width
            assert strip.text.isprintable()
        if width >= 40:
            assert "3 Runs" in screen_text(app)[0]


async def test_a_backend_that_does_not_answer_is_late_not_gone() -> None:
    app = Framed()
    async with app.run_test(size=(120, 24)) as pilot:
        app.top.show_connection(0.042, OSError("refused"))
        app.keys.show_freshness(Age(41.3, is_stale=True))
        await pilot.pause()
        assert "prod  ▲ no answer   03:14:22 UTC" in screen_text(app)[0]  # an age counts
        assert screen_text(app)[-1].endswith("▲ 41 s old")


async def test_keys_that_do_not_fit_are_left_out_whole_and_help_last() -> None:
    app = Framed()
    async with app.run_test(size=(50, 24)) as pilot:
        app.keys.show_freshness(Age(0.4))
        await pilot.pause()
        assert screen_text(app)[-1] == "  enter open   x actions   ? help         ● live"


async def test_a_notice_takes_the_place_of_the_keys_until_the_next_one() -> None:
    app = Framed()
    async with app.run_test(size=(80, 24)) as pilot:
        app.keys.show_notice(f"Cancel: {HOSTILE}", wrong=True)
        await pilot.pause()
        assert screen_text(app)[-1].startswith("  ✗ Cancel: [red]x[/] red evil")
        app.keys.clear_notice()
        await pilot.pause()
        assert screen_text(app)[-1].startswith("  enter open")


async def test_the_clock_shows_seconds_while_something_else_counts_them() -> None:
    app = Framed()
    app.clock.now = NOW + timedelta(milliseconds=250)
    async with app.run_test(size=(120, 24)) as pilot:
        lines, pulse = app.query_one(Lines), pulse_of(app.top)
        await pilot.pause()
        assert "prod  ●      03:14 UTC" in screen_text(app)[0]
        assert not pulse.is_beating
        assert app.top.seconds_to_change() == 37.75
        app.ticking = True
        lines.repaint()
        await pilot.pause()
        assert pulse.is_beating
        assert app.top.seconds_to_change() is None
        assert "prod  ●   03:14:22 UTC" in screen_text(app)[0]
        app.clock.now += timedelta(seconds=1)
        pulse.beat()
        await pilot.pause()
        assert "prod  ●   03:14:23 UTC" in screen_text(app)[0]
        app.ticking = False
        pulse.beat()
        await pilot.pause()
        assert not pulse.is_beating
        assert "prod  ●      03:14 UTC" in screen_text(app)[0]


async def test_what_nobody_can_see_does_not_count() -> None:
    app = Framed()
    app.ticking = True
    async with app.run_test(size=(120, 24)) as pilot:
        lines, pulse = app.query_one(Lines), pulse_of(app.top)
        await pilot.pause()
        pulse.beat()
        assert pulse.is_beating
        lines.display = False
        await pilot.pause()
        pulse.beat()
        assert not pulse.is_beating
        lines.display = True
        await pilot.pause()
        lines.repaint()
        assert pulse.is_beating
        await app.push_screen(Screen())
        pulse.beat()
        assert not pulse.is_beating


async def test_a_fresh_answer_is_looked_at_again_when_it_would_be_stale() -> None:
    app = Framed()
    async with app.run_test(size=(80, 24)):
        app.keys.show_freshness(Age(0.4, stale_in=6.0))
        assert (app.keys.counts_seconds(), app.keys.seconds_to_change()) == (False, 6.0)
        app.keys.show_freshness(Age(41.3, is_stale=True))
        assert app.keys.counts_seconds()
        app.keys.show_freshness(Age(91.0, is_stale=True))
        assert (app.keys.counts_seconds(), app.keys.seconds_to_change()) == (False, 29.0)
        app.keys.show_paused(True)
        assert (app.keys.counts_seconds(), app.keys.seconds_to_change()) == (False, 29.0)
        app.keys.show_freshness(Age(41.0, stale_in=6.0))
        assert (app.keys.counts_seconds(), app.keys.seconds_to_change()) == (False, 19.0)
        app.keys.show_note("nothing is sent yet")
        assert (app.keys.counts_seconds(), app.keys.seconds_to_change()) == (False, None)


async def test_only_the_line_that_changed_is_painted() -> None:
    app = Framed()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = app.query_one(Lines)
        painted: list[int] = []
        paint = lines.render_line
        lines.render_line = lambda y: (painted.append(y), paint(y))[1]  # type: ignore
        lines.repaint()
        await pilot.pause()
        assert painted == []
        app.count = 1
        lines.repaint()
        await pilot.pause()
        assert painted == [1]


async def test_ascii_terminals_get_ascii() -> None:
    app = Framed(ascii_only=True)
    async with app.run_test(size=(120, 40)) as pilot:
        app.top.show_connection(0.042)
        app.keys.show_keys([("enter", "open")])
        app.keys.show_freshness(Age())
        await pilot.pause()
        assert all(line.isascii() for line in screen_text(app))


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TERM": "xterm-256color"}, "flowtui-dark"),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, "flowtui-dark"),
        ({"TERM": "xterm-kitty"}, "flowtui-dark"),
        ({"TERM": "linux"}, "flowtui-ansi16"),
        ({"TERM": "xterm"}, "flowtui-ansi16"),
        ({"TERM": "screen"}, "flowtui-ansi16"),
        ({}, "flowtui-ansi16"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "flowtui-mono"),
    ],
)
def test_a_terminal_gets_the_theme_it_can_show(environ: dict[str, str], theme: str) -> None:
    assert theme_for(environ) == theme


@pytest.mark.parametrize(
    ("environ", "utf8"),
    [
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}, False),
    ],
)
def test_the_locale_says_whether_there_is_unicode(environ: dict[str, str], utf8: bool) -> None:
    assert speaks_utf8(environ) is utf8


async def test_what_is_fresh_costs_nothing_to_say() -> None:
    """Each answer takes another while to come; only one that differs a lot is worth a repaint."""
    app = Framed()
    async with app.run_test(size=(120, 40)) as pilot:
        for latency in (0.042, 0.030, 0.060):
            app.top.show_connection(latency)
            app.keys.show_freshness(Age(latency))
            await pilot.pause()
            assert "● 42 ms" in screen_text(app)[0]
            assert screen_text(app)[-1].endswith("● live")
        app.top.show_connection(0.4)
        await pilot.pause()
        assert "● 42 ms" in screen_text(app)[0], "once is chance"
        for latency in (0.4, 0.5):
            app.top.show_connection(latency)
        await pilot.pause()
        assert "● 400 ms" in screen_text(app)[0]
