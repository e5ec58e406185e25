"""A log in a file: as text, as CSV or as JSON lines, by the name of the file.

What is written as text or CSV can be shown in any terminal. JSON has the messages as they were
written; JSON itself spells what is not a letter. A file that is there is never written over.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timezone
from itertools import islice
from pathlib import Path
from typing import TextIO

from flowtui.errors import UsageProblem
from flowtui.models.logs import LogLine
from flowtui.models.text import plain, plain_lines

_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would take for the beginning of a formula."""


def default_name(run_name: str, folder: Path) -> str:
    """A name for the log of a run, of a file that is not there yet."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", plain(run_name)).strip(".-")[:80] or "run"
    name, number = f"{stem}.log", 1
    while (folder / name).exists():
        number += 1
        name = f"{stem}-{number}.log"
    return name


def path_for(typed: str) -> Path:
    """The file that is meant. Raises UsageProblem when it cannot be written."""
    if not typed.isprintable():
        raise UsageProblem("that cannot be written: it has signs that names do not have")
    try:
        path = Path(typed.strip()).expanduser().absolute()
        if not typed.strip() or path.is_dir():
            raise UsageProblem("the name of a file is missing")
        if path.exists():
            raise UsageProblem("there is such a file already; it stays as it is")
        if not path.parent.is_dir():
            raise UsageProblem(f"there is no folder {path.parent}")
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageProblem(f"that cannot be written: {error}") from None
    return path


def line_text(line: LogLine, source: str) -> str:
    """A line as it is copied and saved: time, level, who wrote it, and the rows of the message."""
    first, *rest = plain_lines(line.message)
    when = line.timestamp.astimezone(timezone.utc)
    head = f"{when:%Y-%m-%d %H:%M:%S}.{when.microsecond // 1000:03}Z {plain(line.level):<8}"
    who = f" {plain(source)}" if source else ""
    return "\n".join([f"{head}{who}  {first}", *(f"    {row}" for row in rest)])


def write_log(path: Path, lines: Sequence[LogLine], source: Callable[[LogLine], str]) -> int:
    """Write the lines to a new file, the oldest first; how many bytes it has."""
    in_order = sorted(lines, key=lambda line: line.timestamp)
    write = {".csv": _write_csv, ".json": _write_json, ".jsonl": _write_json}.get(
        path.suffix.lower(), _write_text
    )
    try:
        file = path.open("x", encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise UsageProblem(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with file:
            write(file, in_order, source)
        return path.stat().st_size
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UsageProblem(f"{path} was not written: {error.strerror}.") from None
        raise


def _write_text(file: TextIO, lines: Iterable[LogLine], source: Callable[[LogLine], str]) -> None:
    rest = iter(lines)
    while some := list(islice(rest, 1000)):
        file.write("".join(f"{line_text(line, source(line))}\n" for line in some))


def _write_csv(file: TextIO, lines: Iterable[LogLine], source: Callable[[LogLine], str]) -> None:
    rows = csv.writer(file)
    rows.writerow(("timestamp", "level", "source", "logger", "message"))
    for line in lines:
        message = "\n".join(plain_lines(line.message))
        cells = (plain(line.level), plain(source(line)), plain(line.logger), message)
        rows.writerow((line.timestamp.isoformat(), *(_no_formula(cell) for cell in cells)))


def _write_json(file: TextIO, lines: Iterable[LogLine], source: Callable[[LogLine], str]) -> None:
    for line in lines:
        row = {
            "timestamp": line.timestamp.isoformat(),
            "level": line.level,
            "source": source(line),
            "logger": line.logger,
            "message": line.message,
            "id": line.id,
            "task_run_id": line.task_run_id,
        }
        file.write(json.dumps(row) + "\n")


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
