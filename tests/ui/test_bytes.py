"""What a change costs on the line: one row must not cost the screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.app import App

from flowtui.ui.widgets.log import LogView
from tests.ui.gallery import FLOWS, LOG, FlowsGallery, RunGallery


def meter(app: App[None], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of every update of the screen from now on."""
    sent: list[int] = []

    def display(screen: object, update: object) -> None:
        if update is not None:
            sent.append(len(update.render_segments(app.console).encode()))  # type: ignore

    monkeypatch.setattr(app, "_display", display)
    return sent


@pytest.fixture
def truecolor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")


@pytest.mark.usefixtures("truecolor")
async def test_a_changed_row_costs_less_than_a_kilobyte(monkeypatch: pytest.MonkeyPatch) -> None:
    app = FlowsGallery()
    async with app.run_test(size=(160, 50)) as pilot:
        await pilot.press("j", "k")
        sent = meter(app, monkeypatch)
        app.table.show([*FLOWS[:12], replace(FLOWS[12], state="Running"), *FLOWS[13:]])
        await pilot.pause()
        assert 100 < sum(sent) < 1000
        sent.clear()
        await pilot.press("j")
        assert 100 < sum(sent) < 2000
        sent.clear()
        app.table.show(list(app.table.rows))
        await pilot.pause()
        assert sum(sent) == 0


@pytest.mark.usefixtures("truecolor")
async def test_a_log_that_is_read_costs_nothing_while_lines_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = RunGallery()
    async with app.run_test(size=(160, 36)) as pilot:
        await pilot.press("j", "k")
        log = app.query_one(LogView)
        sent = meter(app, monkeypatch)
        log.extend(LOG * 10)
        await pilot.pause()
        assert not log.following
        assert sum(sent) == 0
