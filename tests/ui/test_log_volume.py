"""What is counted of a log, and the band that shows when its lines came."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from flowtui.ui.ink import text_of
from flowtui.ui.log_head import band_lines
from flowtui.ui.log_times import Times
from flowtui.ui.log_volume import Contents, Volume, rank_of
from flowtui.ui.tokens import PALETTES
from tests.ui.gallery import LOG, NOW


def test_levels_are_ranked_and_unknown_ones_are_information() -> None:
    ranks = [rank_of(level) for level in ("DEBUG", "info", "WARNING", "ERROR", "CRITICAL", "odd")]
    assert ranks == [0, 1, 2, 3, 3, 1]


def test_lines_are_counted_once_each_however_long_the_log() -> None:
    volume = Volume()
    for second in range(100_000):
        volume.add(NOW + timedelta(seconds=second), 3 if second == 50_000 else 1)
    columns = volume.columns(100)
    assert sum(count for count, _ in columns) == 100_000
    assert [place for place, (_, rank) in enumerate(columns) if rank == 3] == [
        volume.column_of(NOW + timedelta(seconds=50_000), 100)
    ]


def test_a_line_older_than_the_first_is_counted_with_it() -> None:
    volume = Volume()
    volume.add(NOW, 1)
    volume.add(NOW - timedelta(days=1), 1)
    volume.add(NOW + timedelta(days=3650), 1)
    assert [count for count, _ in volume.columns(2)] == [2, 1]


def test_a_rare_error_is_seen_among_many_lines() -> None:
    volume = Volume()
    volume.add(NOW, 3)
    for _ in range(1000):
        volume.add(NOW + timedelta(seconds=1), 1)
    low = volume.band(PALETTES["dark"], 5, 2)[-1]
    assert text_of(low) == "█   █"
    assert (low[0].text, low[0].fg) == ("█", "failed")


def test_an_empty_log_has_an_empty_band() -> None:
    assert text_of(Volume().band(PALETTES["dark"], 5, 1)[0]) == "     "


def test_contents_know_levels_errors_and_span() -> None:
    contents = Contents()
    contents.add(LOG[:4])
    contents.add(LOG[4:])
    assert contents.lines == len(LOG)
    assert contents.ranks[3] == len(contents.errors) == 1
    assert LOG[contents.errors[0]].level == "ERROR"
    assert (contents.first, contents.last) == (LOG[0].timestamp, LOG[-1].timestamp)


def test_the_band_has_clocks_and_ends_now_where_the_last_line_is_new() -> None:
    """A run that has said nothing for long has no `now` at the end of what it said."""
    start = datetime(2026, 11, 20, 3, 2, 10, tzinfo=timezone.utc)
    contents = Contents()
    contents.add([replace(LOG[0], timestamp=start + timedelta(seconds=n)) for n in range(600)])
    times, palette = Times(timezone.utc), PALETTES["dark"]
    end = start + timedelta(seconds=600)

    def clocks(here: datetime | None, now: datetime | None) -> str:
        return text_of(band_lines(contents, here, times, palette, 100, now)[-1])

    assert clocks(None, None).split() == ["03:02", "03:04", "03:06", "03:08", "03:10", "03:12"]
    assert clocks(None, end).split()[-1] == "now"
    assert clocks(None, end + timedelta(minutes=5)).split()[-1] == "03:12"
    assert "03:07:10 ▲" in clocks(start + timedelta(seconds=300), end)
