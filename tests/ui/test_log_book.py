"""A log of any length: read as a list is, held nowhere, and nothing of it left on a disk."""

from __future__ import annotations

import os
import tempfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from stat import S_IMODE

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.models.ids import FlowRunId, LogId, TaskRunId
from flowtui.models.logs import LogLine
from flowtui.models.text import count_lines
from flowtui.ui.log_arrangement import Arranged, Arrangement, Fold
from flowtui.ui.log_blocks import CHARACTERS
from flowtui.ui.log_book import LogBook
from flowtui.ui.spool import Spool
from tests.hostile import TEXTS

AT = datetime(2026, 11, 19, 3, 12, 45, 118_000, tzinfo=timezone.utc)
RUN = FlowRunId("3f7c02a1-5b7e-4c11-9d2e-0a6f1c22d41c")

written = st.builds(
    lambda id, days, level, message, task: LogLine(
        id, AT + timedelta(days=days / 7), level, message, "prefect." + message[:3], RUN, task
    ),
    st.sampled_from([LogId(""), LogId("1"), LogId("a\ud800"), *(LogId(text) for text in TEXTS)]),
    st.integers(-70_000, 70_000),
    st.sampled_from(["DEBUG", "INFO", "WARNING", "ERROR", "odd"]),
    st.sampled_from([*TEXTS, "", "\ud800", "a\x00", "\n\n"]),
    st.sampled_from([None, TaskRunId("a"), TaskRunId("b")]),
)


def lines(count: int) -> Iterator[LogLine]:
    """Lines as they come from a backend: each with an id and a text of its own."""
    for n in range(count):
        id, when = LogId(f"{n:08x}-0000-7000-8000-{n * 7919:012x}"), AT + timedelta(seconds=n)
        level = "ERROR" if n % 5000 == 7 else "INFO"
        yield LogLine(id, when, level, f"line {n}: copied {n * 37} rows", "prefect.etl", RUN)


def on_disk() -> Spool:
    """What writes the first record at once."""
    return Spool(held=0)


@settings(max_examples=30, deadline=None)
@given(st.lists(written, max_size=9), st.integers(1, 40), st.integers(0, 400), st.integers(0, 400))
def test_it_is_a_list_of_lines(some: list[LogLine], times: int, first: int, end: int) -> None:
    book, plain = LogBook(some, on_disk()), some * (times + 1)
    book.extend(some * times)
    assert len(book) == len(plain)
    assert list(book) == plain
    assert book[first:end] == plain[first:end]
    assert book[::-7] == plain[::-7]
    assert [*book.messages(0, len(book))] == [line.message for line in plain]
    assert [book.rows[n] for n in range(len(book))] == [count_lines(one.message) for one in plain]
    assert book.contents.ranks[3] == sum(line.level == "ERROR" for line in plain)
    for place in range(first, len(plain), 50):
        assert book.place_of(plain[place].id, place) == place
    assert book.place_of("nobody") is None
    assert sum(voice.lines for voice in book.everybody) == len(plain)
    assert sum(voice.errors for voice in book.everybody) == book.contents.ranks[3]
    for task_run, place in book.writers.items():
        assert place == [line.task_run_id for line in some].index(task_run)


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), max_size=60), st.booleans(), st.integers(1, 60))
def test_what_is_shown_of_it_are_its_lines(hits: list[int], folds: bool, slice: int) -> None:
    plain = [LogLine(LogId(str(n)), AT, "INFO", str(n)) for n in range(len(hits))]
    arrangement: Arrangement[LogLine] = Arrangement(folds)
    shown: list[LogLine | Fold] = []
    judged = [(n, plain[n], hit == 2) for n, hit in enumerate(hits) if hit != 3]
    for first in range(0, len(judged), slice):
        change = arrangement.feed(judged[first : first + slice])
        shown = [*shown[: change.keep], *change.items]
    assert list(Arranged(LogBook(plain), arrangement)) == shown
    assert arrangement.is_straight == (shown == plain[: len(shown)])


def test_a_line_more_is_a_few_bytes_more() -> None:
    """What grows with the log is counted, not what is held of any log."""
    held: list[int] = []
    tracemalloc.start()
    try:
        book, more = LogBook(spool=on_disk()), lines(15_000)
        for count in (5_000, 10_000):
            book.extend(islice(more, count))
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert (held[1] - held[0]) / 10_000 < 10


def test_what_is_written_has_no_name_and_nobody_else_may_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    book = LogBook(lines(1000), on_disk())
    file = book.spool.file
    assert file is not None
    status = os.fstat(file)
    assert (status.st_nlink, S_IMODE(status.st_mode), status.st_size > 1000) == (0, 0o600, True)
    assert not os.get_inheritable(file)
    assert list(tmp_path.iterdir()) == []
    assert book[3] == [*lines(4)][3]


def test_long_messages_are_not_unpacked_together() -> None:
    long = [replace(line, message="x" * (CHARACTERS // 2)) for line in lines(5)]
    book = LogBook(long)
    assert (book[:], len(book.spool)) == (long, 2)


def test_a_short_log_is_not_written_at_all() -> None:
    assert LogBook(lines(1000)).spool.file is None


def test_where_no_file_can_be_written_it_is_held_up_to_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    book = LogBook(lines(2000), Spool(held=0, held_without_a_file=20_000))
    assert book.spool.trouble == "No such file or directory"
    assert (book[:], book.spool.is_full) == ([*lines(2000)], True)


def test_a_disk_that_is_full_takes_no_line_away(monkeypatch: pytest.MonkeyPatch) -> None:
    write, room = os.pwrite, 4000

    def pwrite(file: int, data: bytes, at: int) -> int:
        if at >= room:
            raise OSError(28, "No space left on device")
        return write(file, data[: room - at], at)

    monkeypatch.setattr(os, "pwrite", pwrite)
    book = LogBook(lines(2000), on_disk())
    assert (book[:], book.spool.trouble) == ([*lines(2000)], "No space left on device")
    assert not book.spool.is_full


def test_what_cannot_be_read_again_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    book = LogBook(lines(1000), on_disk())
    monkeypatch.setattr(os, "pread", lambda *_: b"")
    assert book[0].message == "this line cannot be read again: a part of the file is missing"
    assert (len(book[:]), book[999].message) == (1000, "line 999: copied 36963 rows")
