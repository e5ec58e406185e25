"""The log reader alone: it reads and searches in slices, between which keys are answered."""

from __future__ import annotations

import asyncio
from datetime import timedelta, timezone

from textual.app import ComposeResult

from flowtui.models.ids import LogId
from flowtui.models.logs import LogLine
from flowtui.ui.log_book import LogBook
from flowtui.ui.log_search import search_for
from flowtui.ui.themes import ThemedApp
from flowtui.ui.widgets.log_reader import LogReader
from flowtui.ui.widgets.sliced_log import SLICE
from tests.ui.gallery import NOW, screen_text

MANY = 20 * SLICE


class Reading(ThemedApp[None]):
    """A log reader alone."""

    def __init__(self) -> None:
        super().__init__(theme="flowtui-dark", ascii_only=False)

    def compose(self) -> ComposeResult:
        yield LogReader(zone=timezone.utc, source=lambda line: line.logger, sentence="Nothing.")

    def on_mount(self) -> None:
        self.view.focus()

    @property
    def view(self) -> LogReader:
        return self.query_one(LogReader)

    async def settled(self) -> None:
        """Wait until what was asked for has been done."""
        for _ in range(100_000):
            if not self.view.is_reading:
                return
            await asyncio.sleep(0)
        raise AssertionError("it reads for ever")


def lines(first: int, last: int) -> LogBook:
    """Every hundredth is a warning and every thousandth an error."""
    return LogBook(
        LogLine(
            LogId(str(n)),
            NOW + timedelta(seconds=n),
            "ERROR" if n % 1000 == 0 else "WARNING" if n % 100 == 0 else "INFO",
            f"line {n}",
            "etl",
        )
        for n in range(first, last)
    )


async def turns(count: int) -> None:
    """Let others have so many turns."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_long_log_is_there_at_once() -> None:
    app = Reading()
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.take(lines(0, MANY))
        assert not app.view.is_reading
        await pilot.pause()
        assert screen_text(app)[-1].endswith(f"line {MANY - 1}")
        assert app.view.contents.lines == len(app.view.lines) == MANY


async def test_many_lines_are_wrapped_while_keys_are_answered() -> None:
    app = Reading()
    async with app.run_test(size=(30, 10)) as pilot:
        app.view.take(lines(0, MANY))
        app.view.go_to_place(MANY // 2)
        app.view.action_wrap()
        assert (app.view.is_reading, app.view.wraps) == (True, False)
        app.view.action_move(1)
        await app.settled()
        await pilot.pause()
        assert (app.view.wraps, app.view.place) == (True, MANY // 2 + 1)
        assert app.view.virtual_size.height == 2 * MANY - 1000
        app.view.action_wrap()
        app.view.action_wrap()
        app.view.action_wrap()
        await app.settled()
        assert (app.view.wraps, app.view.virtual_size.height) == (False, MANY)


async def test_a_search_gives_way_and_another_one_takes_its_place() -> None:
    app, log = Reading(), lines(0, MANY)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.take(log)
        await app.settled()
        app.view.action_first()
        app.view.look_for(search_for("9"))
        await turns(4)
        assert app.view.is_searching
        assert app.view.hits.total > 0
        assert app.view.whole_line == log[9], "the first hit is gone to before all is searched"
        app.view.look_for(search_for("99999$|12345$"))
        await app.settled()
        await pilot.pause()
        assert (app.view.is_searching, app.view.hits.total) == (False, 1)
        assert app.view.whole_line == log[12345]


async def test_what_is_written_while_it_searches_is_not_missed() -> None:
    app, log = Reading(), lines(0, MANY)
    async with app.run_test(size=(80, 10)):
        app.view.take(log)
        await app.settled()
        app.view.look_for(search_for("line"))
        await turns(3)
        log.extend(lines(MANY, MANY + 50))
        app.view.take(log)
        await turns(2)
        app.view.show_from_level(2)
        await turns(2)
        log.extend(lines(MANY + 50, MANY + 101))
        app.view.take(log)
        await app.settled()
        assert app.view.hits.total == MANY // 100 + 2
        assert app.view.contents.lines == MANY + 101
        assert list(app.view.lines) == log[::100]


async def test_a_reader_stays_on_their_line_when_others_go() -> None:
    app, log = Reading(), lines(0, 3 * SLICE)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.take(log)
        await app.settled()
        app.view.go_to_place(2500)
        await pilot.pause()
        before = next(row for row in screen_text(app) if "▌" in row)
        row = screen_text(app).index(before)
        app.view.show_from_level(2)
        await app.settled()
        await pilot.pause()
        assert screen_text(app)[row] == before
        app.view.show_from_level(0)
        await app.settled()
        await pilot.pause()
        assert screen_text(app)[row] == before


async def test_a_search_asked_for_while_lines_are_rearranged_loses_neither() -> None:
    app, log = Reading(), lines(0, MANY)
    async with app.run_test(size=(80, 10)):
        app.view.take(log)
        await app.settled()
        app.view.show_from_level(3)
        app.view.look_for(search_for("line 5000$"))
        await app.settled()
        assert list(app.view.lines) == log[::1000]
        assert app.view.hits.total == 1


async def test_wrapped_lines_mark_a_hit_that_goes_on_in_the_next_row() -> None:
    app = Reading()
    words = "".join(f"<{n:03}>" for n in range(60))
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.take(LogBook([LogLine(LogId("1"), NOW, "INFO", words)]))
        await pilot.press("w")
        app.view.look_for(search_for("<011><012>"))
        await app.settled()
        await pilot.pause()
        marked = [
            segment.text
            for y in range(4)
            for segment in app.view.render_line(y)
            if segment.style and segment.style.bgcolor and segment.text in "<011><012>"
        ]
        assert "".join(text for text in marked if text.strip(" ▏")) == "<011><012>"
        assert len(marked) > 1


async def test_a_hit_far_to_the_right_is_brought_into_sight() -> None:
    app = Reading()
    async with app.run_test(size=(80, 10)) as pilot:
        long = LogLine(LogId("1"), NOW, "INFO", "x" * 500 + "needle" + "y" * 500)
        app.view.take(LogBook([long]))
        app.view.look_for(search_for("needle"))
        await app.settled()
        await pilot.pause()
        assert "needle" in screen_text(app)[0]
        app.view.look_for(search_for("x{20}"))
        await app.settled()
        await pilot.pause()
        assert app.view.current == 0
        assert screen_text(app)[0].endswith("x…")


async def test_it_takes_less_to_follow_than_to_read_again() -> None:
    """A search that is over looks only at what is new."""
    app, log = Reading(), lines(0, 3 * SLICE)
    async with app.run_test(size=(80, 10)):
        app.view.take(log)
        app.view.look_for(search_for("line"))
        app.view.show_only_hits(True)
        await app.settled()
        app.view.hits.add = counted = Counted(app.view.hits.add)  # type: ignore
        log.extend(lines(3 * SLICE, 3 * SLICE + 7))
        app.view.take(log)
        assert counted.calls == 7


class Counted:
    """A function, and how often it was called."""

    def __init__(self, function: object) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *given: object) -> None:
        self.calls += 1
        self.function(*given)  # type: ignore
