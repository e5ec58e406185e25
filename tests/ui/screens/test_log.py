"""The log on the whole screen, by keyboard, over the real backend in this process."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from flowtui.ui.themes import palette_of
from flowtui.ui.widgets.log_reader import LogReader
from tests.driver import UI, dashboard
from tests.hostile import ALL, hostile_world
from tests.ui.gallery import HOSTILE
from tests.world import World

LONG = "Traceback\n" + "\n".join(f"  frame {n}" for n in range(30)) + "\nValueError: deep"


@asynccontextmanager
async def reading(
    world: World, lines: int = 16, size: tuple[int, int] = (120, 40), **settings: object
) -> AsyncIterator[UI]:
    """The log of the run that is going wrong, as soon as so many lines were read."""
    async with dashboard(world, size, open_id=world.runs["rosy-otter"], **settings) as ui:
        await ui.sees(f"{lines} lines")
        await ui.press("l")
        await ui.sees("rosy-otter", f"{lines} lines, 03:01")
        yield ui


async def open_runs(ui: UI) -> None:
    """The list of runs, by the key of its tab."""
    await ui.until(lambda: bool(ui.app.tabs), "there are no tabs")
    await ui.press(next(tab.key for tab in ui.app.tabs if tab.name == "Runs"))


async def logged(world: World, *messages: str) -> None:
    """Lines of the log, a second apart."""
    for message in messages:
        world.clock.forward(seconds=1)
        await world.log("rosy-otter", message)


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def reader(ui: UI) -> LogReader:
    return ui.app.screen.query_one(LogReader)


def under_cursor(ui: UI) -> str:
    bar = palette_of(ui.app).glyph("focus")
    return next((line for line in ui.lines[3:-1] if line.startswith(f" {bar}")), "")


def log_questions(world: World) -> list[str]:
    """From when on each question for log lines asked."""
    asked = [json.loads(body) for body in world.transport.requests]
    return [one["variables"]["after"] for one in asked if "after" in one.get("variables", {})]


async def test_it_opens_on_a_run_in_a_list_and_esc_goes_back(world: World) -> None:
    async with dashboard(world) as ui:
        await open_runs(ui)
        await ui.highlight("rosy-otter")
        await ui.press("l")
        await ui.sees("commerce / orders-etl v5 / rosy-otter / log  ● Running")
        await ui.sees("16 lines, 03:01:42 to 03:09:41 UTC", "1 error", "1 warn", "14 info")
        assert ui.line_with("03:01  ").strip().endswith("03:09")
        await ui.press("escape")
        await ui.sees("weather-pull", "Runs")


async def test_a_list_without_a_run_has_no_log(installation: World) -> None:
    async with dashboard(installation) as ui:
        await open_runs(ui)
        await ui.sees("No runs yet.")
        await ui.press("l")
        await ui.sees("log: no run is selected")


@pytest.mark.parametrize("key", ["l", "f"])
async def test_no_line_is_read_twice(world: World, key: str) -> None:
    async with dashboard(world, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("16 lines")
        await ui.press(key)
        await ui.sees("16 lines, 03:01:42")
        await world.log("rosy-otter", "written while the log is open")
        await ui.press("r")
        await ui.sees("written while the log is open", "17 lines, 03:01:42")
        await ui.press("escape")
        await ui.sees("Tasks", "17 lines", "written while the log is open")
        questions = log_questions(world)
        assert questions.count(questions[0]) == 1


async def test_it_opens_where_the_log_of_the_run_was_stopped(world: World) -> None:
    async with dashboard(world, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("16 lines")
        await ui.press("tab", "g", "j", "j", "f")
        await ui.sees("16 lines, 03:01:42", "stopped")
        assert "HTTPError 429" in under_cursor(ui)


async def test_it_follows_until_one_scrolls_up(world: World) -> None:
    async with reading(world) as ui:
        await ui.sees("following")
        await ui.press("k")
        await ui.sees("stopped")
        await world.log("rosy-otter", "one more")
        await ui.press("r")
        await ui.sees("+1 new")
        await ui.press("F")
        await ui.sees("following")
        assert "one more" in under_cursor(ui)


async def test_a_search_finds_as_one_types(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("g", "slash")
        await ui.type("copied 1800")
        await ui.sees("hit 1 of 10", "plain text", "ignore case")
        assert "copied 18000" in under_cursor(ui)
        await ui.press("enter", "n")
        await ui.sees("hit 2 of 10")
        assert "copied 18001" in under_cursor(ui)
        await ui.press("N", "N")
        await ui.sees("hit 10 of 10", "from the end again")
        await ui.press("n")
        await ui.sees("hit 1 of 10", "from the top again")


async def test_a_search_begins_where_one_is(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("g", *"jjjjjj", "slash")
        await ui.type("copied")
        await ui.sees("hit 4 of 12")
        await ui.press("escape", "F", "slash")
        await ui.type("starting")
        await ui.sees("hit 2 of 2")


async def test_a_search_without_a_hit_goes_back_to_where_it_began(world: World) -> None:
    """What the first letters found is no place to stay: the rest of the word is not there."""
    async with reading(world) as ui:
        await ui.press("g", "slash")
        await ui.type("key")
        await ui.sees("hit 1 of")
        assert "KeyError" in under_cursor(ui)
        await ui.type("note")
        await ui.sees("no hit")
        await ui.until(
            lambda: "list_partitions" in under_cursor(ui), "it stays where the first letters led to"
        )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("httperror|keyerror", ("2 hit", "regex", "ignore case")),
        ("[137", ("1 hit", "plain text: not a regex")),
        ("Copied", ("no hit", "plain text")),
        ("nowhere", ("no hit",)),
    ],
)
async def test_a_search_says_how_it_took_what_was_typed(
    world: World, typed: str, said: tuple[str, ...]
) -> None:
    async with reading(world) as ui:
        await ui.press("slash")
        await ui.type(typed)
        await ui.press("enter")
        for text in said:
            number, _, noun = text.partition(" hit")
            await ui.sees(f"of {number}" if noun == "" and number.isdigit() else text)
        assert ("ignore case" in ui.text) == (typed == typed.lower())


async def test_esc_forgets_the_search_before_it_goes_back(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("slash")
        await ui.type("copied")
        await ui.press("enter", "ampersand")
        await ui.sees("only hits", "folded")
        await ui.press("escape")
        await ui.sees_no("folded")
        assert "copied   " not in ui.text
        assert "following" in ui.text or "stopped" in ui.text
        await ui.press("n")
        await ui.sees("next: nothing is searched for; / searches")
        await ui.press("q")
        await ui.sees("Tasks")


async def test_only_hits_folds_the_rest_and_enter_opens_it(world: World) -> None:
    await logged(world, *(f"batch {number}" for number in range(5)), "deadlock detected")
    async with reading(world, lines=22) as ui:
        await ui.press("slash")
        await ui.type("deadlock|429")
        await ui.press("enter", "ampersand")
        await ui.sees("only hits", "16 lines without a hit folded  enter unfold")
        assert "copied 18000" in ui.text  # the line after a hit is shown too
        assert "copied 18005" not in ui.text
        await logged(world, "after it", "and after that", "and at last")
        await ui.press("r")
        await ui.sees("after it", "2 lines without a hit folded")
        await ui.press("g", *"jjjj", "y")
        await ui.sees("copy: these lines are folded; enter opens them")
        await ui.press("enter")
        await ui.sees("copied 18005", "KeyError")
        assert "copied 18001" in under_cursor(ui)
        await ui.press("ampersand")
        await ui.sees("and after that")
        assert "folded" not in ui.text


async def test_levels_are_counted_and_left_out(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("L", "L")
        await ui.sees("warning and worse")
        assert "HTTPError 429" in ui.text
        assert "copied" not in ui.text
        await ui.press("L")
        await ui.sees("errors")
        await ui.sees_no("HTTPError 429")
        await world.log("rosy-otter", "quiet", "DEBUG")
        await world.log("rosy-otter", "loud", "CRITICAL")
        await ui.press("r")
        await ui.sees("loud", "2 error", "1 debug", "18 lines")
        assert "quiet" not in ui.text
        await ui.press("L")
        await ui.sees("quiet", "copied")


async def test_a_search_finds_only_what_the_level_shows(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("L", "L", "slash")
        await ui.type("error")
        await ui.sees("of 2")
        await ui.press("enter", "L")
        await ui.sees("hit 1 of 1", "errors")


async def test_a_level_that_no_line_has_says_so(world: World) -> None:
    async with dashboard(world) as ui:
        await open_runs(ui)
        await ui.highlight("slow-lynx")
        await ui.press("l")
        await ui.sees("No log lines yet.")
        await ui.press("E")
        await ui.sees("save: no line has been read yet")
        await world.log("slow-lynx", "all is well")
        await ui.press("r", "L", "L", "L")
        await ui.sees("No line is error or worse.")
        await ui.press("e")
        await ui.sees("there is no error in this log")


async def test_errors_are_gone_to_and_wrap_around(world: World) -> None:
    await world.log("rosy-otter", "second failure", "ERROR")
    async with reading(world, lines=17) as ui:
        await ui.press("g", "e")
        assert "Exception encountered" in under_cursor(ui)
        await ui.press("e")
        assert "second failure" in under_cursor(ui)
        await ui.press("e")
        await ui.sees("from the first error again")
        await ui.press("b")
        await ui.sees("from the last error again")
        assert "second failure" in under_cursor(ui)
        await ui.press("b")
        assert "Exception encountered" in under_cursor(ui)


async def test_times_are_local_utc_or_from_the_start(world: World) -> None:
    async with reading_in_cet(world) as ui:
        await ui.sees("04:01:42.000", "CET")
        await ui.press("t")
        await ui.sees("times: UTC", "03:01:42.000")
        await ui.press("t")
        await ui.sees("times: since the start", "+00:00.000", "+07:59.000")
        await ui.press("t")
        await ui.sees("04:01:42.000", "times: CET")


@asynccontextmanager
async def reading_in_cet(world: World) -> AsyncIterator[UI]:
    zone = timezone(timedelta(hours=1), "CET")
    async with dashboard(world, open_id=world.runs["rosy-otter"], zone=zone) as ui:
        await ui.sees("16 lines")
        await ui.press("l")
        yield ui


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("03:08", "copied 18005"),
        ("3:05:30", "HTTPError"),
        ("-3m", "copied 18002"),
        ("+30s", "extract_orders"),
        ("00:00", "list_partitions"),
        ("23:00", "list_partitions"),
    ],
)
async def test_a_time_is_jumped_to(world: World, typed: str, line: str) -> None:
    async with reading(world) as ui:
        await ui.press("J")
        await ui.sees("Go to a time", "-10m before the end")
        await ui.type(typed)
        await ui.press("enter")
        await ui.sees("stopped")
        assert line in under_cursor(ui)


async def test_what_is_no_time_is_said_and_asked_again(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("J")
        await ui.sees("Go to a time")
        await ui.type("soon")
        await ui.press("enter")
        await ui.sees("write a time as 03:12")
        await ui.press("escape")
        await ui.sees_no("Go to a time")
        assert "following" in ui.text


async def test_a_long_message_is_folded_until_it_is_opened_or_searched(world: World) -> None:
    await world.log("rosy-otter", LONG, "ERROR")
    async with reading(world, lines=17) as ui:
        await ui.sees("Traceback", "30 rows folded  enter unfold", "ValueError: deep")
        assert "frame 7" not in ui.text
        await ui.press("enter")
        await ui.sees("frame 7")
        await ui.press("enter")
        await ui.sees_no("frame 7")
        await ui.press("slash")
        await ui.type("frame 12")
        await ui.sees("hit 1 of 1", "frame 12")
        assert "frame 12" in under_cursor(ui)


async def test_a_short_traceback_is_folded_with_enter(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("e", "enter")
        await ui.sees("3 rows folded  enter unfold")
        assert "frame['currency_code']" not in ui.text
        await ui.press("g", "enter")
        await ui.sees("there is nothing to fold here")


async def test_a_line_is_copied_and_it_is_said_where_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    async with reading(world) as ui:
        sent: list[str] = []
        assert ui.app._driver is not None
        monkeypatch.setattr(ui.app._driver, "write", sent.append)
        await ui.press("g", "y")
        await ui.sees("sent 95 B to the terminal")
        await ui.press("e", "c")
        await ui.sees("sent 241 B to the terminal")
    copied = [b64decode(one[7:-1]).decode() for one in sent if one.startswith("\x1b]52;c;")]
    assert copied[0] == (
        "2026-11-20 03:01:42.000Z INFO     CloudTaskRunner  Task 'list_partitions': "
        "Starting task run..."
    )
    assert copied[1].endswith(
        "    rows = frame['currency_code'].map(RATES)\nKeyError: 'currency_code'"
    )


async def test_the_whole_log_is_saved(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(world) as ui:
        await world.log("rosy-otter", "not on the screen yet")
        await ui.press("L", "L", "E")
        await ui.sees("Save the whole log", "rosy-otter.log")
        await ui.press("enter")
        await ui.sees("17 lines, ", " B, are in ")
        saved = (tmp_path / "rosy-otter.log").read_text("utf-8").splitlines()
        assert len(saved) == 17 + 4
        assert saved[-1].endswith("not on the screen yet")
        await ui.press("E")
        await ui.sees("rosy-otter-2.log")


async def test_a_file_that_is_there_stays_as_it_is(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    async with reading(world) as ui:
        await ui.press("E", "ctrl+u")
        await ui.type("mine.txt")
        await ui.press("enter")
        await ui.sees("there is such a file already")
        assert names_in(tmp_path) == ["mine.txt"]


async def test_a_log_that_cannot_be_read_to_its_end_is_not_saved(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(world) as ui:
        await ui.press("E", "ctrl+u")
        await ui.type("night.csv")
        world.transport.is_down = True
        await ui.press("enter")
        await ui.sees("save: No backend answers")
        assert names_in(tmp_path) == []
        await ui.press("E")
        await ui.sees("Save the whole log", "night.csv")


async def test_hostile_lines_are_searched_copied_and_shown_as_text(world: World) -> None:
    await world.log("rosy-otter", HOSTILE, "INFO", "\x1b[31mname[/]")
    await world.log("rosy-otter", "[b]\x1b]0;title\x07" + "\u0301" * 50 + "\U0001f468\u200d" * 9)
    async with reading(world, lines=18) as ui:
        await ui.press("slash")
        await ui.type("red evil")
        await ui.sees("hit 1 of 1")
        await ui.press("enter", "w", "t", "ampersand", "enter", "h")
        await ui.sees("[red]x[/]")
        assert all(line.isprintable() for line in ui.lines)


async def test_a_hostile_run_is_read_with_every_key(installation: World) -> None:
    await hostile_world(installation)
    keys = "slash e v i l enter n N ampersand g enter L L L L e b t w l h c y J 1 enter escape G"
    async with dashboard(installation, open_id=installation.runs[ALL]) as ui:
        await ui.sees(" lines", "[bold red]x[/]")
        await ui.press("l")
        await ui.sees("● Running", "following")
        for key in keys.split():
            await ui.press(key)
            assert all(line.isprintable() for line in ui.lines if line), key


async def test_a_narrow_bar_keeps_what_matters_most(world: World) -> None:
    async with reading(world, size=(80, 24)) as ui:
        await ui.press("slash")
        await ui.type("copied|starting")
        await ui.press("enter", "ampersand")
        row = ui.line_with("/ copied|starting")
        assert " ".join(row.split()) == (
            "/ copied|starting hit 14 of 14 only hits ▍ 1 error ▎ 1 warn │ 14 info"
        )


@pytest.mark.parametrize("theme", ["flowtui-light", "flowtui-ansi16", "flowtui-mono"])
async def test_hits_are_marked_in_every_theme(world: World, theme: str) -> None:
    async with reading(world, theme=theme) as ui:
        await ui.press("g", "slash")
        await ui.type("copied 1800")
        await ui.press("enter")
        await ui.sees("hit 1 of 10")
        log = reader(ui)
        rows = [log.render_line(y) for y in (3, 4)]
        looks = [
            {segment.style for segment in row if "copied 1800" in segment.text} for row in rows
        ]
        beside = [
            {segment.style for segment in row if "rows into staging" in segment.text}
            for row in rows
        ]
        assert looks[0] != looks[1]
        assert not looks[0] & beside[0]
        assert not looks[1] & beside[1]


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (20, 5), (1, 1), (200, 60)])
async def test_it_lives_in_any_size(world: World, size: tuple[int, int]) -> None:
    async with reading(world) as ui:
        await ui.press("slash")
        await ui.type("copied")
        await ui.press("enter", "ampersand")
        await ui.pilot.resize_terminal(*size)
        await ui.press("w", "k", "n", "L", "t", "e", "w", "g", "enter")
        await ui.pilot.resize_terminal(120, 40)
        await ui.press("escape", "L", "L", "L")
        await ui.sees("16 lines", "copied 18011")


async def test_help_lists_its_keys(world: World) -> None:
    async with reading(world) as ui:
        await ui.press("question_mark")
        await ui.sees("Fold the lines without a hit", "Save the whole log", "Go to a time")
