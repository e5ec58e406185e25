"""Lists in files: every value as data, and nothing in it that a terminal or spreadsheet obeys."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from flowtui.errors import UsageProblem
from flowtui.ui.columns import Column
from flowtui.ui.export import data_of, export_path, exported, write_rows

START = datetime(2026, 11, 20, 4, 14, 22, tzinfo=timezone(timedelta(hours=1)))

COLUMNS: list[Column[dict[str, Any]]] = [
    Column("run", raw=lambda row: row["run"]),
    Column("ver", title="version", raw=lambda row: row.get("version")),
    Column("start", raw=lambda row: row.get("start")),
    Column("labels", raw=lambda row: row.get("labels", [])),
    Column("parameters", raw=lambda row: row.get("parameters", {})),
    Column("", paint=lambda row, palette, width: []),
]

ROWS: list[dict[str, Any]] = [
    {"run": "rosy-otter", "version": 3, "start": START, "labels": ["prod", "k8s"]},
    {"run": 'a "quoted", name\nof two lines', "parameters": {"n": 1, "date": "2021-01-01"}},
    {"run": "\x1b[31mred\x1b[0m \x07\u202egnol", "labels": ["\x1b]0;title\x07x"]},
    {"run": '=HYPERLINK("http://x")', "version": -1},
]


def written(path: Path) -> str:
    columns = exported(COLUMNS)
    size = write_rows(path, columns, data_of(columns, ROWS))
    assert path.stat().st_size == size
    return path.read_bytes().decode("utf-8")


def test_csv_reads_back_with_its_quotes_commas_and_lines(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(written(tmp_path / "runs.csv"), newline="")))
    assert rows[0] == ["run", "version", "start", "labels", "parameters"]
    assert rows[1] == ["rosy-otter", "3", "2026-11-20T03:14:22+00:00", "prod, k8s", ""]
    assert rows[2][0] == 'a "quoted", name\nof two lines'
    assert json.loads(rows[2][4]) == {"n": 1, "date": "2021-01-01"}


def test_csv_obeys_nobody(tmp_path: Path) -> None:
    text = written(tmp_path / "runs.csv")
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\x9b"}
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[3][0].startswith("red")
    assert rows[4][0] == '\'=HYPERLINK("http://x")'
    assert rows[4][1] == "-1"


def test_json_has_every_text_as_it_was(tmp_path: Path) -> None:
    text = written(tmp_path / "runs.json")
    assert text.isascii()
    assert "\x1b" not in text
    rows = json.loads(text)
    assert [row["run"] for row in rows] == [row["run"] for row in ROWS]
    assert rows[0]["start"] == "2026-11-20T03:14:22+00:00"
    assert rows[0]["labels"] == ["prod", "k8s"]
    assert rows[1]["version"] is None


def test_no_rows_are_a_file_too(tmp_path: Path) -> None:
    write_rows(tmp_path / "none.json", COLUMNS, [])
    assert json.loads((tmp_path / "none.json").read_text("utf-8")) == []


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("mine", "utf-8")
    with pytest.raises(UsageProblem, match="already"):
        export_path(str(path))
    with pytest.raises(UsageProblem, match="cannot be written"):
        write_rows(path, COLUMNS, [])
    assert path.read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["", "runs", "runs.txt", "runs.csv.exe", "no/such/folder/x.csv"])
def test_other_names_are_refused(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageProblem):
        export_path(name)
