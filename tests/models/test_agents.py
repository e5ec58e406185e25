"""How often agents asked for work."""

from __future__ import annotations

from datetime import datetime, timezone

from flowtui.models.agents import Contacts

NOW = datetime(2026, 11, 20, 3, 14, tzinfo=timezone.utc)


def test_an_agent_that_was_silent_for_ages_takes_no_more_than_is_shown() -> None:
    """A backend's clock, or what it says of it, may be decades away: that many spans filled all
    memory there is."""
    assert Contacts(1, 7, (3, 4)).until(NOW, 30) == [0] * 30
    now = int(NOW.timestamp())
    assert Contacts(60, now // 60 - 1, (3, 4)).until(NOW, 5) == [None, None, 3, 4, 0]
    assert Contacts(60, now // 60 + 9, (3, 4)).until(NOW, 1) == [4]
