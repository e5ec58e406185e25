"""A table whose records may take two lines: where the cursor goes, and what is painted again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot

from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.pulse import pulse_of
from flowtui.ui.themes import ThemedApp
from flowtui.ui.widgets.tall_table import TallTable
from tests.ui.gallery import screen_text
from tests.ui.test_record_table import RUNS, Run, refreshed

HEIGHT = 12
"""Captions, and eleven lines: five records of two lines, or four of three."""


class Told(ThemedApp[None]):
    """Runs, and what is told of each below it."""

    def __init__(self) -> None:
        super().__init__(theme="flowtui-dark", ascii_only=False)
        self.said = "it went well"
        self.seconds = 0

    def compose(self) -> ComposeResult:
        columns: list[Column[Run]] = [
            Column("is", lambda run: run.state, least=10),
            Column("run", lambda run: run.name, title="name"),
            Column("time", self.time, right=True, ticks=lambda run: run.state == "Running"),
        ]
        yield TallTable[Run](
            columns,
            lambda run: run.name,
            lambda run, palette, width: [Piece(f"{self.said}: {run.name}", "fg2")],
            "name",
        )

    def time(self, run: Run) -> str:
        return f"{run.took + (self.seconds if run.state == 'Running' else 0)}s"

    @property
    def table(self) -> TallTable[Run]:
        return self.query_one(TallTable)


@pytest.fixture
async def told() -> AsyncIterator[tuple[Told, Pilot[None]]]:
    app = Told()
    async with app.run_test(size=(60, HEIGHT)) as pilot:
        app.table.show(RUNS)
        app.table.focus()
        await pilot.pause()
        app.table.give_each(2)
        await pilot.pause()
        yield app, pilot


async def test_the_second_line_begins_under_its_column_and_the_cursor_has_both(told) -> None:
    app, _ = told
    text = screen_text(app)
    assert text[1].index("run-00") == text[2].index("it went well: run-00")
    assert text[1].startswith(" ▌")
    assert text[2].startswith(" ▌")
    assert "run-01" in text[3]
    assert text[4].endswith("it went well: run-01")
    assert app.table.page == 5


async def test_one_goes_through_all_records_and_the_last_is_whole(told) -> None:
    app, pilot = told
    await pilot.press(*"jjjjj")
    assert "run-01" in screen_text(app)[1]
    assert "it went well: run-05" in screen_text(app)[10]
    await pilot.press("G")
    assert app.table.record == RUNS[-1]
    assert "run-49" in screen_text(app)[9]
    assert "it went well: run-49" in screen_text(app)[10]
    await pilot.press("ctrl+u", "g")
    assert app.table.record == RUNS[0]
    assert "run-00" in screen_text(app)[1]


async def test_going_down_paints_two_records_and_nothing_else(told) -> None:
    app, pilot = told
    with refreshed(app.table) as lines:
        await pilot.press("j")
        await pilot.pause()
    assert lines == {1, 2, 3, 4}


async def test_what_is_told_otherwise_is_painted_and_the_rest_is_left(told) -> None:
    app, pilot = told
    with refreshed(app.table) as lines:
        app.table.show(list(RUNS))
        await pilot.pause()
    assert lines == set()
    app.said = "it failed"
    with refreshed(app.table) as lines:
        app.table.repaint()
        await pilot.pause()
    assert lines == {2, 4, 6, 8, 10}


async def test_a_click_on_either_line_goes_to_the_record(told) -> None:
    app, pilot = told
    await pilot.click(TallTable, offset=(12, 6))
    assert app.table.record == RUNS[2]
    await pilot.click(TallTable, offset=(12, 3))
    assert app.table.record == RUNS[1]


async def test_a_blank_line_stands_between_where_each_has_three(told) -> None:
    app, pilot = told
    app.table.give_each(3)
    await pilot.pause()
    text = screen_text(app)
    assert [bool(line.strip()) for line in text[1:7]] == [True, True, False, True, True, False]
    assert app.table.page == 4
    await pilot.press("G")
    assert "it went well: run-49" in screen_text(app)[11]


async def test_with_one_line_each_it_is_a_table_like_any_other(told) -> None:
    app, pilot = told
    app.table.give_each(1)
    await pilot.pause()
    assert not any("it went well" in line for line in screen_text(app))
    await pilot.press("G")
    assert "run-49" in screen_text(app)[-1]


async def test_what_counts_seconds_counts_them_in_the_line_it_has(told) -> None:
    app, pilot = told
    running = replace(RUNS[4], state="Running")
    app.table.show([*RUNS[:4], running, *RUNS[5:]])
    await pilot.pause()
    app.seconds = 1
    with refreshed(app.table) as lines:
        pulse_of(app.table).beat()
        await pilot.pause()
    assert lines == {9}
    assert screen_text(app)[9].endswith("61s")


async def test_the_terminals_cursor_belongs_before_the_first_line_of_the_record(told) -> None:
    app, pilot = told
    await pilot.press("j", "j")
    x, y = app.table.stands_at()
    assert screen_text(app)[y][x] == "▌"
    assert "run-02" in screen_text(app)[y]
