"""What people type into forms."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from flowtui.models.inputs import (
    InputProblem,
    Kind,
    kind_of,
    parse_labels,
    parse_start,
    parse_value,
    shown_labels,
    shown_value,
)

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "value",
    [0, 1.5, True, None, "", "plain", " padded ", '"quoted"', "2", "[1", [1, "a"], {"a": None}],
)
def test_a_shown_value_is_read_back_as_it_was(value: Any) -> None:
    assert parse_value(shown_value(value), kind_of(value)) == value


@pytest.mark.parametrize(
    ("text", "value"), [("2", 2), ("word", "word"), ("a b", "a b"), ("null", None), ('"2"', "2")]
)
def test_a_field_without_a_default_takes_json_or_a_bare_word(text: str, value: Any) -> None:
    assert parse_value(text, Kind("any")) == value


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ("[137, 204, 290 311]", "list", 15),
        ("[1, 2", "any", 5),
        ("yes", "bool", 0),
        ("1 2", "int", 2),
        ("", "int", 0),
        ("NaN", "float", 0),
    ],
)
def test_what_is_wrong_is_shown_where_it_is(text: str, kind: str, column: int) -> None:
    with pytest.raises(InputProblem) as problem:
        parse_value(text, Kind(kind))
    assert problem.value.column == column
    assert problem.value.message


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("+10m", "UTC", "2026-11-20T03:24:22+00:00"),
        ("+1.5h", "UTC", "2026-11-20T04:44:22+00:00"),
        ("08:00", "UTC", "2026-11-20T08:00:00+00:00"),
        ("02:00", "UTC", "2026-11-21T02:00:00+00:00"),
        ("tomorrow 08:00", "Europe/Berlin", "2026-11-21T07:00:00+00:00"),
        ("2026-12-01 08:00", "America/New_York", "2026-12-01T13:00:00+00:00"),
        ("2026-12-01T08:00:00-05:00", "UTC", "2026-12-01T13:00:00+00:00"),
        ("2026-12-01T08:00:00Z", "Europe/Berlin", "2026-12-01T08:00:00+00:00"),
    ],
)
def test_start_times_as_people_write_them(text: str, zone: str, moment: str) -> None:
    assert parse_start(text, NOW, ZoneInfo(zone)) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("text", ["", " now "])
def test_at_once_is_no_time(text: str) -> None:
    assert parse_start(text, NOW, timezone.utc) is None


@pytest.mark.parametrize("text", ["soon", "25:00", "2020-01-01 00:00", "+10x", "2026-13-01 00:00"])
def test_a_time_that_is_none_or_is_past_is_refused(text: str) -> None:
    with pytest.raises(InputProblem):
        parse_start(text, NOW, timezone.utc)


def test_labels_are_separated_by_blanks_or_commas() -> None:
    assert parse_labels(" prod, k8s prod ") == ("prod", "k8s")


@pytest.mark.parametrize("labels", [("prod", "k8s"), ("two words", "a,b"), ("[x",), ('["a"]',), ()])
def test_labels_are_shown_as_they_are_read(labels: tuple[str, ...]) -> None:
    assert parse_labels(shown_labels(labels)) == labels
