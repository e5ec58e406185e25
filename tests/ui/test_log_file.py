"""Logs in files: what is written, and what is never written over."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from flowtui.errors import UsageProblem
from flowtui.models.ids import LogId
from flowtui.models.logs import LogLine
from flowtui.ui.files import path_for
from flowtui.ui.log_file import default_name, line_text, write_log
from tests.ui.gallery import HOSTILE

AT = datetime(2026, 11, 19, 3, 12, 45, 118_000, tzinfo=timezone.utc)
LINES = [
    LogLine(LogId("2"), AT + timedelta(seconds=1), "INFO", HOSTILE, "prefect.x"),
    LogLine(LogId("1"), AT, "ERROR", 'failed, "badly":\n=1+1', "prefect.y"),
]


def source(line: LogLine) -> str:
    return line.logger.removeprefix("prefect.")


def test_text_has_the_oldest_line_first_and_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    assert write_log(path, LINES, source) == path.stat().st_size
    rows = path.read_text("utf-8").splitlines()
    assert rows[:2] == ['2026-11-19 03:12:45.118Z ERROR    y  failed, "badly":', "    =1+1"]
    assert rows[2].startswith("2026-11-19 03:12:46.118Z INFO     x  [red]x[/] red evil")
    assert all(row.isprintable() for row in rows)


def test_csv_keeps_quotes_and_gives_no_formula_to_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    formula = LogLine(LogId("3"), AT + timedelta(seconds=2), "INFO", "=HYPERLINK(1)", "-x")
    write_log(path, [*LINES, formula], lambda line: line.logger)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][4] == 'failed, "badly":\n=1+1'
    assert rows[3][2:] == ["'-x", "'-x", "'=HYPERLINK(1)"]
    assert "\x1b" not in path.read_text("utf-8")


def test_json_has_messages_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_log(path, LINES, source)
    assert [json.loads(row)["message"] for row in path.read_text("ascii").splitlines()] == [
        LINES[1].message,
        HOSTILE,
    ]
    assert "\x1b" not in path.read_text("ascii")


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("mine", "utf-8")
    with pytest.raises(UsageProblem, match="already"):
        path_for(str(path))
    with pytest.raises(UsageProblem, match="cannot be written"):
        write_log(path, LINES, source)
    assert path.read_text("utf-8") == "mine"


def test_half_a_file_is_not_left_behind(tmp_path: Path) -> None:
    def failing(line: LogLine) -> str:
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.log"
    with pytest.raises(UsageProblem, match="No space left"):
        write_log(path, LINES, failing)
    assert not path.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "name of a file"),
        ("   ", "name of a file"),
        (".", "name of a file"),
        ("nowhere/a.log", "no folder"),
        ("a\0b", "cannot be written"),
        ("~nobody-of-this-name/a.log", "cannot be written"),
    ],
)
def test_a_path_that_cannot_be_written_is_said(
    typed: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageProblem, match=said):
        path_for(typed)


@pytest.mark.parametrize(
    ("run", "name"),
    [("rosy-otter", "rosy-otter.log"), ("../../etc/x", "etc-x.log"), ("\x1b[31m", "run.log")],
)
def test_a_run_gives_its_name_to_the_file(run: str, name: str, tmp_path: Path) -> None:
    assert default_name(run, tmp_path) == name
    (tmp_path / name).touch()
    assert default_name(run, tmp_path) == name.replace(".log", "-2.log")


def test_a_copied_line_says_when_how_bad_and_who() -> None:
    assert line_text(LINES[1], "y").startswith("2026-11-19 03:12:45.118Z ERROR    y  failed")
    assert line_text(LINES[0], "").startswith("2026-11-19 03:12:46.118Z INFO      [red]")
