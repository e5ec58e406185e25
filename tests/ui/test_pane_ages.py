"""Panes that say how old and how slow their own answer is, and nothing while all is well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flowtui.ui.pane_ages import Question, told_age
from flowtui.ui.widgets.bars import KeyBar
from tests.driver import UI, dashboard
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def all_answered(ui: UI) -> None:
    """Wait until every question of the page has an answer."""
    asked = ui.app.screen._listening  # type: ignore[attr-defined]
    await ui.until(lambda: all(one.feed.snapshot.took for one in asked), "no answer to one")


def shown_in(ui: UI, pane: str) -> list[Question]:
    """The questions whose answers a pane shows."""
    return [one for one in ui.app.screen._listening if pane in one.panes]  # type: ignore[attr-defined]


def grow_old(ui: UI, pane: str, seconds: float) -> None:
    """Let the answer that a pane shows be older than it is."""
    for one in shown_in(ui, pane):
        snapshot = one.feed.snapshot
        one.feed.snapshot = replace(snapshot, taken=snapshot.taken - seconds)


async def test_a_pane_says_how_old_its_own_answer_is(night: World) -> None:
    async with dashboard(night, view="overview") as ui:
        await ui.sees("Attention", "Just happened", "● live")
        await all_answered(ui)
        assert "s old" not in ui.text
        night.transport.lose_on = b"query Agents"
        try:
            await ui.press("r")
            agents = shown_in(ui, "agents")
            await ui.until(lambda: all(one.feed.snapshot.error for one in agents), "an answer")
            grow_old(ui, "agents", 41)
            await ui.press("r")
            await ui.sees("▲ 40 s old")
            assert "Agents" in ui.line_with("▲ 40 s old")
            assert "● live" in ui.last_line
            assert ui.text.count("s old") == 1
        finally:
            night.transport.lose_on = b""
        await ui.press("r")
        await ui.sees_no("s old")


async def test_what_is_true_of_all_panes_is_said_once(night: World) -> None:
    async with dashboard(night, view="overview") as ui:
        await ui.sees("Attention", "Just happened", "● live")
        await all_answered(ui)
        night.transport.is_down = True
        try:
            await ui.press("r")
            await ui.sees("again in")
            assert ui.line_with("again in").startswith("  ▲ No backend answers")
            asked = ui.app.screen._listening  # type: ignore[attr-defined]
            await ui.until(lambda: all(one.feed.snapshot.error for one in asked), "some answer")
            for pane in ("running", "attention", "agents", "soon"):
                grow_old(ui, pane, 41)
            await ui.press("r")
            await ui.sees("s old")
            assert ui.text.count("s old") == 1
            assert "s old" in ui.last_line
        finally:
            night.transport.is_down = False


async def test_of_what_is_paused_is_said_once_since_when(night: World) -> None:
    async with dashboard(night, view="overview") as ui:
        await ui.sees("Attention", "Just happened", "● live")
        await all_answered(ui)
        await ui.press("P")
        await ui.sees("● paused")
        grow_old(ui, "agents", 41)
        ui.app.screen._show_ages()  # type: ignore[attr-defined]
        await ui.pilot.pause()
        assert "s old" not in ui.text
        grow_old(ui, "running", 150)
        bar = ui.app.screen.query_one(KeyBar)
        bar.show_freshness(ui.app.screen._main_feed.snapshot)  # type: ignore[attr-defined]
        await ui.sees("● paused, 2 m old")
        await ui.press("P")
        await ui.sees("● live")


async def test_a_pane_that_never_got_an_answer_says_why(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        night.transport.lose_on = b"query FlowErrors"
        try:
            await ui.press("enter")
            await ui.sees("Errors", "● live")
            while ui.app.screen.focused is None or ui.app.screen.focused.id != "errors-table":
                await ui.press("tab")
            await ui.sees("▲ no answer", "● live")
        finally:
            night.transport.lose_on = b""
        await ui.press("r")
        await ui.sees_no("▲ no answer")


async def test_a_slow_answer_is_told_until_answers_are_quick_again(night: World) -> None:
    async with dashboard(night, view="overview") as ui:
        await ui.sees("in the next hour", "● live")
        await all_answered(ui)
        asked = {one.panes: one.feed for one in ui.app.screen._listening}  # type: ignore[attr-defined]
        planned = asked["soon",]
        planned.snapshot = replace(planned.snapshot, took=1.4)
        ui.app.slow_after = 1.0
        ui.app.screen._show_ages()  # type: ignore[attr-defined]
        await ui.sees("slow 1.4 s")
        assert "Next" in ui.line_with("slow 1.4 s")
        ui.app.slow_after = 1000.0
        await ui.press("r")
        await ui.sees_no("slow 1.4 s")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(10, "10 s"), (49.9, "40 s"), (61, "1 m"), (7300, "2 h")],
)
async def test_ages_are_told_in_steps(seconds: float, told: str) -> None:
    assert told_age(seconds) == told


async def test_every_pane_that_is_named_is_there(night: World) -> None:
    async with dashboard(night) as ui:
        for view in ("overview", "flows", "runs", "agents", "projects", "calendar", "limits"):
            await ui.app.show_view(view)
            await ui.until(lambda: bool(ui.app.screen._listening), "nothing is asked")  # type: ignore[attr-defined]
            named = {one for asked in ui.app.screen._listening for one in asked.panes}  # type: ignore[attr-defined]
            assert named, view
            assert all(ui.app.screen.query(f"#{one}") for one in named), named
            await all_answered(ui)
