"""Spans of time, as people write them."""

from __future__ import annotations

import click
import pytest

from flowtui.cli.spans import span, spelled


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("1.5m", 90), ("24h", 86_400), (" 7D ", 604_800), (150.0, 150)],
)
def test_spellings(text: str | float, seconds: float) -> None:
    assert span(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "0", "-5s", "0.5", "1h30m", "٣m", "9" * 400, "1e9"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no span of time"):
        span(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(150.0, "150s"), (600.0, "10m"), (86_400.0, "1d"), (1.5, "1.5s")]
)
def test_spelled_as_people_would(seconds: float, text: str) -> None:
    assert spelled(seconds) == text
    assert span(text) == seconds
