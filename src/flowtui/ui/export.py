"""A list in a file: CSV or JSON, by the name of the file, with every column of the list.

The data is written, not its look: times as ISO 8601 in UTC, durations in seconds. JSON has texts as
they are; what is written as CSV can be shown in any terminal and opened in any spreadsheet.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

from flowtui.errors import UsageProblem
from flowtui.models.text import plain_lines
from flowtui.ui.columns import Column
from flowtui.ui.files import no_formula, path_for, write_new


def exported(columns: Sequence[Column[Any]]) -> list[Column[Any]]:
    """The columns that have data to write."""
    return [one for one in columns if one.raw is not None]


def export_path(typed: str) -> Path:
    """The file that is meant, by whose name one knows what to write. Raises UsageProblem."""
    path = path_for(typed)
    if path.suffix.lower() not in (".csv", ".json"):
        raise UsageProblem("the name has to end in .csv or .json")
    return path


def write_rows(path: Path, columns: Sequence[Column[Any]], rows: Sequence[Sequence[Any]]) -> int:
    """Write what the columns say of each row to a new file; how many bytes it has."""
    names = [one.called for one in columns]

    def write(file: TextIO) -> None:
        if path.suffix.lower() == ".json":
            _write_json(file, names, rows)
        else:
            _write_csv(file, names, rows)

    return write_new(path, write)


def data_of(columns: Sequence[Column[Any]], rows: Sequence[Any]) -> list[list[Any]]:
    """What the columns say of each row, as of now."""
    return [[column.data(row) for column in columns] for row in rows]


def _write_json(file: TextIO, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    file.write("[")
    for number, row in enumerate(rows):
        known = dict(zip(names, map(_value, row), strict=True))
        file.write(",\n " if number else "\n ")
        file.write(json.dumps(known, default=str))
    file.write("\n]\n" if rows else "]\n")


def _write_csv(file: TextIO, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return value


def _cell(value: Any) -> Any:
    """A value as a cell: text harmless, lists and objects as JSON."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime):
        return _value(value)
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        value = ", ".join(value)
    text = value if isinstance(value, str) else json.dumps(value, default=str) if value else ""
    return no_formula("\n".join(plain_lines(text)))
