"""A log in a file: as text, as CSV or as JSON lines, by the name of the file.

What is written as text or CSV can be shown in any terminal. JSON has the messages as they were
written; JSON itself spells what is not a letter. A file that is there is never written over.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import TextIO

from flowtui.models.logs import LogLine
from flowtui.models.text import plain, plain_lines
from flowtui.ui.files import free_name, no_formula, write_new


def default_name(run_name: str, folder: Path) -> str:
    """A name for the log of a run, of a file that is not there yet."""
    return free_name(run_name, ".log", folder, "run")


def line_text(line: LogLine, source: str) -> str:
    """A line as it is copied and saved: time, level, who wrote it, and the rows of the message."""
    first, *rest = plain_lines(line.message)
    when = line.timestamp.astimezone(timezone.utc)
    head = f"{when:%Y-%m-%d %H:%M:%S}.{when.microsecond // 1000:03}Z {plain(line.level):<8}"
    who = f" {plain(source)}" if source else ""
    return "\n".join([f"{head}{who}  {first}", *(f"    {row}" for row in rest)])


def write_log(
    path: Path,
    lines: Sequence[LogLine],
    source: Callable[[LogLine], str],
    count: int | None = None,
) -> int:
    """Write the lines, or the first so many, to a new file, the oldest first; how many bytes it
    has."""
    in_order = _in_order(lines, len(lines) if count is None else count)
    write = {".csv": _write_csv, ".json": _write_json, ".jsonl": _write_json}.get(
        path.suffix.lower(), _write_text
    )
    return write_new(path, lambda file: write(file, in_order, source))


def _in_order(lines: Sequence[LogLine], count: int) -> Iterator[LogLine]:
    """The first so many lines, the oldest first; only what came late is held."""
    late: list[tuple[datetime, int]] = []
    newest = datetime.min.replace(tzinfo=timezone.utc)
    for place, line in enumerate(islice(lines, count)):
        if line.timestamp < newest:
            late.append((line.timestamp, place))
        newest = max(newest, line.timestamp)
    left_out = {place for _, place in late}
    late.sort(reverse=True)
    for place, line in enumerate(islice(lines, count)):
        if place in left_out:
            continue
        while late and late[-1] < (line.timestamp, place):
            yield lines[late.pop()[1]]
        yield line
    yield from (lines[place] for _, place in reversed(late))


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
        rows.writerow((line.timestamp.isoformat(), *(no_formula(cell) for cell in cells)))


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
