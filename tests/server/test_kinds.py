"""Spans of time, sizes and numbers, as people write them."""

from __future__ import annotations

import pytest

from flowtui.server.kinds import DATABASE, SIZE, span, spelled, whole


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("1.5m", 90), ("24h", 86_400), (" 7D ", 604_800), (150.0, 150)],
)
def test_spellings(text: str | float, seconds: float) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "0", "-5s", "0.5", "1h30m", "٣m", "9" * 400, "1e9"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match="no span of time"):
        span(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(150.0, "150s"), (600.0, "10m"), (86_400.0, "1d"), (1.5, "1.5s")]
)
def test_spelled_as_people_would(seconds: float, text: str) -> None:
    assert spelled(seconds) == text
    assert span(text) == seconds


@pytest.mark.parametrize(
    ("text", "size"), [("16MB", 16 * 1024**2), ("512k", 512 * 1024), ("1 GB", 1024**3), (77, 77)]
)
def test_sizes(text: str | int, size: int) -> None:
    assert SIZE.read(text) == size
    assert SIZE.read(SIZE.spell(size)) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5MB", "big", True])
def test_what_is_no_size(text: object) -> None:
    with pytest.raises(ValueError, match=r"no size|no text"):
        SIZE.read(text)


@pytest.mark.parametrize("text", ["65536", "-1", "4200.5", "port", True])
def test_numbers_have_bounds(text: object) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        whole(0, 65535).read(text)


@pytest.mark.parametrize(
    "location",
    ["a.db", "/var/a.db", ":memory:", "sqlite:///a.db", "postgres://h/x", "postgresql://"],
)
def test_places_of_databases(location: str) -> None:
    assert DATABASE.read(location) == location


@pytest.mark.parametrize("location", ["mysql://me:hush@h/x", "postgresql+asyncpg://me:hush@h/x"])
def test_databases_of_other_kinds(location: str) -> None:
    with pytest.raises(ValueError, match=r"^[a-z+]+://… is no database for flowtui") as refused:
        DATABASE.read(location)
    assert "hush" not in str(refused.value)
