"""Points in time in every spelling."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from flowtui.models.moments import moment


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "soon"])
def test_what_is_no_time_in_utc_is_said_to_be_none(text: str) -> None:
    """Half a day before the first there is, and after the last."""
    with pytest.raises(ValueError, match="not a time"):
        moment(text)


def test_without_an_offset_it_is_utc() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
    assert moment("2026-11-20T12:00:00") == moment("2026-11-20T13:00:00+01:00") == noon
