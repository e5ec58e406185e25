"""The table: what it sends, where its cursor goes, and when it ticks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from flowtui.ui.columns import Column
from flowtui.ui.pulse import pulse_of
from flowtui.ui.themes import ThemedApp
from flowtui.ui.usual_columns import state_column
from flowtui.ui.widgets.table import RecordTable
from tests.ui.gallery import FLOWS, HOSTILE, FlowsGallery, screen_text


@dataclass(frozen=True)
class Run:
    name: str
    state: str = "Success"
    took: int = 60


RUNS = [Run(f"run-{n:02}") for n in range(50)]
PAGE = 19


class Counting(ThemedApp[None]):
    """A table alone, and seconds that a test turns on."""

    def __init__(self, **options: bool) -> None:
        super().__init__(theme="flowtui-dark", ascii_only=False)
        self.seconds = 0
        self.unit = "s"
        self.options = options
        self.seen: list[str] = []

    def compose(self) -> ComposeResult:
        columns: list[Column[Run]] = [
            state_column(lambda run: run.state, least=10),
            Column("run", lambda run: run.name),
            Column("time", self.time, right=True, ticks=lambda run: run.state == "Running"),
        ]
        yield RecordTable(columns, lambda run: run.name, sentence="Asking prod …", **self.options)

    def time(self, run: Run) -> str:
        return f"{run.took + (self.seconds if run.state == 'Running' else 0)}{self.unit}"

    @property
    def table(self) -> RecordTable[Run]:
        return self.screen_stack[0].query_one(RecordTable)

    def on_record_table_highlighted(self, message: RecordTable.Highlighted) -> None:
        self.seen.append(message.record.name)


@contextmanager
def refreshed(widget: Widget) -> Iterator[set[int]]:
    """The lines of the widget that are painted meanwhile."""
    painted: set[int] = set()
    paint = widget.render_line

    def counting(y: int) -> object:
        painted.add(y)
        return paint(y)

    widget.render_line = counting  # type: ignore
    yield painted
    del widget.render_line


def names(app: Counting) -> list[str]:
    return [line.split()[-2] for line in screen_text(app)[1:] if line.strip()]


@pytest.fixture
async def shown() -> object:
    app = Counting()
    async with app.run_test(size=(60, PAGE + 1)) as pilot:
        app.table.show(RUNS)
        app.table.focus()
        await pilot.pause()
        yield app, pilot


async def test_only_the_line_of_a_changed_record_is_painted(shown) -> None:
    app, pilot = shown
    with refreshed(app.table) as lines:
        app.table.show([*RUNS[:4], replace(RUNS[4], state="Failed"), *RUNS[5:]])
        await pilot.pause()
    assert lines == {5}
    assert "✗ Failed" in screen_text(app)[5]


async def test_the_same_rows_again_paint_nothing(shown) -> None:
    app, pilot = shown
    with refreshed(app.table) as lines:
        app.table.show([replace(run) for run in RUNS])
        await pilot.pause()
    assert lines == set()


async def test_a_change_out_of_sight_paints_nothing(shown) -> None:
    app, pilot = shown
    with refreshed(app.table) as lines:
        app.table.show([*RUNS[:-1], replace(RUNS[-1], took=99)])
        await pilot.pause()
    assert lines == set()


async def test_moving_the_cursor_paints_two_lines(shown) -> None:
    app, pilot = shown
    with refreshed(app.table) as lines:
        await pilot.press("j")
    assert lines == {1, 2}


async def test_the_cursor_stays_on_its_record_when_rows_move(shown) -> None:
    app, pilot = shown
    await pilot.press("j", "j")
    app.table.show([RUNS[9], RUNS[2], *RUNS[:2], *RUNS[3:]])
    await pilot.pause()
    assert (app.table.cursor, app.table.record) == (1, RUNS[2])
    assert app.seen == ["run-00", "run-01", "run-02"]


async def test_when_its_record_goes_the_cursor_takes_the_next_one_below(shown) -> None:
    app, pilot = shown
    await pilot.press("j", "j")
    app.table.show([run for run in RUNS if run.name not in {"run-00", "run-02", "run-03"}])
    await pilot.pause()
    assert app.table.record == RUNS[4]
    app.table.show(RUNS[:2])
    await pilot.pause()
    assert app.table.record == RUNS[1]


async def test_rows_that_come_in_above_do_not_move_what_one_reads(shown) -> None:
    app, pilot = shown
    await pilot.press("G", "k")
    before = screen_text(app)
    app.table.show([Run("new-1"), Run("new-2"), *RUNS])
    await pilot.pause()
    assert screen_text(app) == before


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["j", "down", "k"], 1),
        (["G"], 49),
        (["end", "up"], 48),
        (["G", "g"], 0),
        (["G", "home"], 0),
        (["ctrl+d"], PAGE // 2),
        (["ctrl+d", "ctrl+u"], 0),
        (["ctrl+f"], PAGE),
        (["pagedown", "pagedown", "pageup"], PAGE),
        (["k"], 0),
        (["G", "j"], 49),
    ],
)
async def test_every_key_moves(shown, keys: list[str], row: int) -> None:
    app, pilot = shown
    await pilot.press(*keys)
    assert app.table.cursor == row
    assert f"run-{row:02}" in names(app)


async def test_the_cursor_can_be_seen_with_the_focus_and_without(shown) -> None:
    app, pilot = shown
    line = screen_text(app)[1]
    assert line.startswith(" ▌✓ Success")
    row = app.screen._compositor.render_strips()[1]
    backgrounds = {segment.style.bgcolor.name for segment in row if segment.text.strip()}
    assert backgrounds == {"#222733"}
    app.set_focus(None)
    await pilot.pause()
    row = app.screen._compositor.render_strips()[1]
    assert "#15181e" in {segment.style.bgcolor.name for segment in row}


async def test_enter_opens_the_record(shown) -> None:
    app = FlowsGallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "enter")
        await pilot.pause()
        assert app.opened == ["churn-features"]
        assert app.highlighted[-1] == "churn-features"


async def test_space_marks_where_marking_is_meant() -> None:
    app = Counting(marks=True)
    async with app.run_test(size=(60, 20)) as pilot:
        app.table.show(RUNS)
        app.table.focus()
        await pilot.press("space", "j", "space")
        assert app.table.marked == [RUNS[0], RUNS[2]]
        assert [line[0] for line in screen_text(app)[1:5]] == ["•", " ", "•", " "]
        app.table.show(RUNS[1:])
        assert app.table.marked == [RUNS[0], RUNS[2]]
        assert app.table.hidden_marks == [RUNS[0]]
        app.table.unmark_all()
        assert app.table.marked == []


async def test_only_running_lines_tick_and_the_clock_stops_with_them(shown) -> None:
    app, pilot = shown
    pulse = pulse_of(app.table)
    assert not pulse.is_beating
    running = replace(RUNS[3], state="Running")
    app.table.show([*RUNS[:3], running, *RUNS[4:]])
    await pilot.pause()
    assert pulse.is_beating
    with refreshed(app.table) as lines:
        pulse.beat()
        await pilot.pause()
        assert lines == set()
        app.seconds = 1
        pulse.beat()
        await pilot.pause()
        assert lines == {4}
    assert screen_text(app)[4].endswith("61s")
    app.table.show(RUNS)
    pulse.beat()
    assert not pulse.is_beating


async def test_what_counts_minutes_waits_for_the_next_answer(shown) -> None:
    app, pilot = shown
    app.unit = "m"
    app.table.show([replace(RUNS[0], state="Running"), *RUNS[1:]])
    await pilot.pause()
    assert not pulse_of(app.table).is_beating


async def test_seconds_stop_under_another_screen_and_go_on_when_it_is_gone(shown) -> None:
    app, pilot = shown
    pulse = pulse_of(app.table)
    rows = [replace(RUNS[0], state="Running"), *RUNS[1:]]
    app.table.show(rows)
    await pilot.pause()
    await app.push_screen(ModalScreen())
    pulse.beat()
    assert pulse.is_beating
    await app.push_screen(Screen())
    pulse.beat()
    assert not pulse.is_beating
    app.pop_screen()
    app.table.show(rows)
    assert pulse.is_beating


async def test_a_running_line_out_of_sight_costs_nothing(shown) -> None:
    app, pilot = shown
    app.table.show([*RUNS[:-1], replace(RUNS[-1], state="Running")])
    await pilot.pause()
    assert not pulse_of(app.table).is_beating


class Million(Sequence[Run]):
    """Rows that exist when they are looked at."""

    looked_at = 0

    def __len__(self) -> int:
        return 1_000_000

    def __getitem__(self, index):  # type: ignore
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        self.looked_at += 1
        return Run(f"run-{index}")


async def test_a_million_rows_are_looked_at_where_one_looks(shown) -> None:
    app, pilot = shown
    rows = Million()
    app.table.show([])
    app.table.show(rows)
    await pilot.press("G")
    assert "run-999999" in screen_text(app)[-1]
    assert rows.looked_at < 1000


async def test_an_empty_table_says_why(shown) -> None:
    app, pilot = shown
    app.table.show([], empty="No run matches. esc shows all.")
    await pilot.pause()
    assert screen_text(app)[0] == "  No run matches. esc shows all."
    await pilot.press("j", "enter", "G", "space", "ctrl+d")
    app.table.say(f"prod does not answer: {HOSTILE}", "late")
    await pilot.pause()
    assert screen_text(app)[0].startswith("  prod does not answer: [red]x[/] red")


async def test_before_there_are_rows_it_says_what_it_waits_for() -> None:
    app = Counting()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert screen_text(app)[0] == "  Asking prod …"


async def test_hostile_rows_stay_on_their_lines(shown) -> None:
    app, pilot = shown
    app.table.show([Run(HOSTILE), Run("after")])
    await pilot.pause()
    lines = screen_text(app)
    assert "[red]x[/] red evil 日本␇ end↵2nd" in lines[1]
    assert "after" in lines[2]
    assert all(line.isprintable() for line in lines)


async def test_it_lives_in_the_smallest_terminal_and_after_every_resize() -> None:
    app = FlowsGallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("G")
        for size in [(1, 1), (10, 3), (40, 10), (200, 60), (20, 5)]:
            await pilot.resize_terminal(*size)
            await pilot.press("k")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.table.record is not None
        assert any(app.table.record.name in line for line in screen_text(app))


async def test_the_title_and_the_keys_frame_the_table() -> None:
    app = FlowsGallery()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = screen_text(app)
    assert lines[0] == (
        "  flowtui   1 Overview  2 Flows  3 Runs  4 Logs  5  6        ● prod  03:14 UTC"
    )
    assert lines[2] == "  Flows  31 in 6 projects   / filter"
    assert lines[4].split()[:4] == ["▌▲", "Late", "ledger-reconcile", "finance"]
    assert lines[23].startswith(
        "  enter open   / filter   t run …   V versions   x actions   ? help"
    )
    assert lines[23].endswith("● live")
    assert len(FLOWS) > 18
