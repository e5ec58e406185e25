"""The log view: following, pausing, and long, many or hostile lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from textual.app import ComposeResult

from flowtui.ui.loglines import Layout, RowIndex
from flowtui.ui.themes import ThemedApp
from flowtui.ui.widgets.log import LogView
from tests.ui.gallery import HOSTILE, LOG, NOW, LogRow, screen_text


class Reading(ThemedApp[None]):
    """A log alone."""

    def __init__(self, lines: Sequence[LogRow] = (), theme: str = "flowtui-dark") -> None:
        super().__init__(theme=theme, ascii_only=False)
        self.first = lines
        self.changes = 0

    def compose(self) -> ComposeResult:
        yield LogView(
            zone=timezone.utc, source=lambda line: line.task, sentence="No line has been written."
        )

    def on_mount(self) -> None:
        self.view.extend(self.first)
        self.view.focus()

    @property
    def view(self) -> LogView[LogRow]:
        return self.query_one(LogView)

    def on_log_view_changed(self) -> None:
        self.changes += 1


def batches(first: int, last: int) -> list[LogRow]:
    return [
        LogRow(NOW + timedelta(seconds=n), "INFO", f"batch {n}", "etl") for n in range(first, last)
    ]


@contextmanager
def refreshed(view: LogView[LogRow]) -> Iterator[set[int]]:
    painted: set[int] = set()
    paint = view.render_line

    def counting(y: int) -> object:
        painted.add(y)
        return paint(y)

    view.render_line = counting  # type: ignore
    yield painted
    del view.render_line


async def test_a_wide_log_shows_milliseconds_and_who_wrote_it() -> None:
    app = Reading(LOG)
    async with app.run_test(size=(120, 20)) as pilot:
        await pilot.pause()
        lines = screen_text(app)
    assert lines[0] == (
        "  ▏ 03:12:11.640  info  load_warehouse[136] copied 18 011 rows into staging.orders"
    )
    assert lines[3].startswith("  ▍ 03:12:45.118  ERR   load_warehouse[137] Task 'load_ware")
    assert [line[:44].rstrip() for line in lines[4:8]] == ["  ▍"] * 4
    assert lines[7][44:] == "KeyError: 'currency_code'"


async def test_a_narrow_log_keeps_the_message() -> None:
    app = Reading(LOG)
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        lines = screen_text(app)
    assert lines[2] == "  ▎ 03:12:44  WARN  column 'currency_code' missing"
    assert lines[3].endswith("Exception encountered during …")
    assert (
        lines[5] == '  ▍                   File "/srv/flows/orders/load.py", line 88, in load_ware…'
    )


async def test_mono_says_errors_with_letters() -> None:
    app = Reading(LOG, theme="flowtui-mono")
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        assert [line[2] for line in screen_text(app)[:9]] == list("  !EEEEE ")


async def test_new_lines_scroll_into_view_while_it_follows() -> None:
    app = Reading(batches(0, 30))
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.extend(batches(30, 35))
        await pilot.pause()
        assert screen_text(app)[-1].endswith("batch 34")
        assert (app.view.following, app.view.unseen, app.changes) == (True, 0, 0)


async def test_scrolling_up_pauses_and_new_lines_then_cost_nothing() -> None:
    app = Reading(batches(0, 30))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press("k")
        before = screen_text(app)
        with refreshed(app.view) as lines:
            app.view.extend(batches(30, 67))
            await pilot.pause()
        assert lines == set()
        assert screen_text(app) == before
        assert (app.view.following, app.view.unseen) == (False, 37)
        assert app.changes == 2


@pytest.mark.parametrize("key", ["F", "G", "end"])
async def test_one_key_goes_back_to_following(key: str) -> None:
    app = Reading(batches(0, 30))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press("g")
        app.view.extend(batches(30, 40))
        await pilot.press(key)
        assert screen_text(app)[-1].endswith("batch 39")
        assert (app.view.following, app.view.unseen) == (True, 0)
        app.view.extend(batches(40, 41))
        await pilot.pause()
        assert screen_text(app)[-1].endswith("batch 40")


async def test_where_there_is_room_only_the_new_lines_are_painted() -> None:
    app = Reading(batches(0, 3))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        with refreshed(app.view) as lines:
            app.view.extend(batches(3, 5))
            await pilot.pause()
    assert lines == {2, 3, 4}


async def test_the_same_log_again_paints_nothing_and_a_longer_one_only_its_end() -> None:
    app = Reading(batches(0, 3))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        with refreshed(app.view) as lines:
            app.view.show(batches(0, 3))
            await pilot.pause()
            assert lines == set()
            app.view.show(batches(0, 4))
            await pilot.pause()
            assert lines == {2, 3}


async def test_another_log_takes_its_place_and_a_reader_stays_on_their_line() -> None:
    app = Reading(batches(10, 60))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press("g", *"jjjj")
        app.view.show(batches(0, 60))
        await pilot.pause()
        assert app.view.line == batches(14, 15)[0]
        assert screen_text(app)[0].endswith("batch 10")


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        ("g", 0),
        ("g j j", 2),
        ("g down up", 0),
        ("k", 98),
        ("g ctrl+d", 5),
        ("g pagedown", 10),
        ("g ctrl+f pageup", 0),
        ("ctrl+u", 94),
        ("g home k", 0),
    ],
)
async def test_every_key_moves(keys: str, number: int) -> None:
    app = Reading(batches(0, 100))
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press(*keys.split())
        assert app.view.line == batches(number, number + 1)[0]
        assert any(line.endswith(f"batch {number}") for line in screen_text(app))


async def test_long_messages_are_read_sideways_or_wrapped() -> None:
    line = LogRow(NOW, "INFO", "".join(f"<{n:03}>" for n in range(40)))
    app = Reading([line])
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        assert "<000>" in screen_text(app)[0]
        assert screen_text(app)[0].endswith("…")
        await pilot.press("l")
        assert screen_text(app)[0].split()[-1].startswith("003>")
        await pilot.press("h", "h", "w")
        lines = [text.strip() for text in screen_text(app) if text.strip()]
        assert "".join(text.split()[-1] for text in lines) == line.message.replace(" ", "")
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        lines = [text.strip() for text in screen_text(app) if text.strip()]
        assert "".join(text.split()[-1] for text in lines) == line.message
        await pilot.press("w")
        assert len([text for text in screen_text(app) if text.strip()]) == 1


async def test_a_time_can_be_gone_to() -> None:
    app = Reading(LOG)
    async with app.run_test(size=(120, 5)) as pilot:
        app.view.go_to_time(LOG[3].timestamp)
        await pilot.pause()
        assert app.view.line == LOG[3]
        assert not app.view.following
        app.view.go_to_time(LOG[4].timestamp + timedelta(seconds=0.5))
        assert app.view.line == LOG[4]


async def test_a_time_that_was_out_of_sight_comes_with_what_was_before_it() -> None:
    lines = [replace(LOG[0], timestamp=LOG[0].timestamp + timedelta(seconds=n)) for n in range(90)]
    app = Reading(lines)
    async with app.run_test(size=(120, 9)) as pilot:
        app.view.go_to_time(lines[40].timestamp)
        await pilot.pause()
        assert app.view.line == lines[40]
        assert app.view.scroll_offset.y == 37


async def test_an_empty_log_says_so() -> None:
    app = Reading()
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press(*"jkgGFhlw", "ctrl+d", "ctrl+u", "pageup")
        assert screen_text(app)[0] == "  No line has been written."
        app.view.say("prod does not answer.")
        await pilot.pause()
        assert screen_text(app)[0] == "  prod does not answer."


async def test_hostile_lines_stay_in_their_rows() -> None:
    app = Reading([LogRow(NOW, HOSTILE, HOSTILE, HOSTILE), *batches(0, 1)])
    async with app.run_test(size=(120, 10)) as pilot:
        await pilot.press("k")
        lines = screen_text(app)
    assert all(line.isprintable() for line in lines)
    assert "[red]x[/] red evil 日本␇    end" in lines[0]
    assert lines[1].endswith("2nd")
    assert lines[2].endswith("batch 0")


async def test_many_lines_cost_their_rows_and_what_one_sees() -> None:
    looked_at = 0

    class Watched(LogRow):
        @property
        def level(self) -> str:  # type: ignore
            nonlocal looked_at
            looked_at += 1
            return "INFO"

        @level.setter
        def level(self, level: str) -> None: ...

    lines = [Watched.__new__(Watched) for _ in range(100_000)]
    for number, line in enumerate(lines):
        vars(line).update(timestamp=NOW, message=f"line {number}", task="")
    app = Reading(lines)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press("k")
        assert screen_text(app)[-1].endswith("line 99999")
    assert looked_at < 200


def test_rows_are_found_by_their_line() -> None:
    index: RowIndex[LogRow] = RowIndex(Layout(80).rows_of)
    index.extend(LOG)
    assert index.rows == len(LOG) + 4
    assert [index.find(row) for row in (0, 3, 5, 7, 8)] == [(0, 0), (3, 0), (3, 2), (3, 4), (4, 0)]
    assert index.first_row(4) == 8


async def test_it_lives_in_any_size() -> None:
    app = Reading(LOG)
    async with app.run_test(size=(80, 10)) as pilot:
        for size in [(1, 1), (20, 2), (200, 60), (100, 3), (5, 5)]:
            await pilot.resize_terminal(*size)
            await pilot.press("k", "w")
        await pilot.resize_terminal(80, 24)
        await pilot.press("F")
        lines = [line for line in screen_text(app) if line]
        assert lines[-1].endswith("batch 42 of 66")
