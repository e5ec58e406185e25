"""The table of pictures leaves nothing out."""

from __future__ import annotations

from tests.ui.snapshots.matrix import EVERYWHERE, WALKS


def test_every_tab_and_every_page_is_drawn_at_each_size_and_in_each_theme() -> None:
    looks = {
        stop.screen: {str(look) for look in stop.drawn}
        for walk in WALKS.values()
        for stop in walk.stops
        if stop.screen
    }
    assert set(looks) == set(EVERYWHERE)
    for name, found in looks.items():
        assert {"80x24 dark", "120x40 dark", "200x60 dark"} <= found, name
        assert {look.split()[1] for look in found} == {"dark", "light", "ansi16", "mono"}, name
