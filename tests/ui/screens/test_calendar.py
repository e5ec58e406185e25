"""The calendar: a day of every flow, its runs, its plans, and one moment of it."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
from tests.hostile import TEXTS, hostile_world
from tests.world import World


async def test_a_day_shows_what_ran_what_is_planned_and_opens_it(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.press("6")
        await ui.sees("Friday, 20 November 2026  today", "1 late", "1 failed", "2 running")
        await ui.sees("82 planned", "ledger-reconcile  ▲ Late since 02:56", "red-wasp")
        await ui.highlight("churn-features")
        await ui.press("N")
        await ui.sees("churn-features  ✗ Failed 01:16 to 01:18")
        await ui.press("left")
        await ui.sees("churn-features  nothing here")
        await ui.press("n", "enter")
        await ui.sees("churn-features-9", "Tasks")
        await ui.press("escape", "n")
        await ui.sees("churn-features  ○ Scheduled for 03:20")


async def test_neighbouring_days_are_siblings_and_beyond_the_plan_clocks_speak(
    world: World,
) -> None:
    async with dashboard(world) as ui:
        await ui.press("6")
        await ui.sees("82 planned")
        await ui.press("left_square_bracket")
        await ui.sees("Thursday, 19 November 2026  yesterday", "23 ok", "1 failed")
        await ui.press("left_square_bracket", "left_square_bracket")
        await ui.sees("Tuesday, 17 November 2026  3 days ago", "Nothing ran on")
        assert "no runs" not in ui.text
        await ui.until(lambda: "next day" in ui.last_line, "what keys do")
        await ui.until(lambda: "open" not in ui.last_line, "there is nothing to open")
        await ui.press("n")
        await ui.sees("next run: no flow is selected")
        await ui.press("t")
        await ui.sees("Friday, 20 November 2026  today", "82 planned")
        await ui.press("right_square_bracket")
        await ui.sees("Saturday, 21 November 2026  tomorrow", "96 planned", "At once  most 2 at")
        await ui.highlight("churn-features")
        await ui.press("n")
        await ui.sees("its clock says so; usually 1m 15s")
        await ui.press("enter")
        await ui.sees("Settings", "churn-features")


async def test_the_calendar_is_filtered_sorted_and_exported_as_every_list(
    world: World, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(str(tmp_path))
    async with dashboard(world) as ui:
        await ui.press("6")
        await ui.sees("82 planned")
        await ui.press("slash")
        await ui.type("project:ml !state:failed")
        await ui.press("enter")
        await ui.sees("2 of 6", "weather-pull", "feature-store")
        await ui.sees_no("churn-features")
        await ui.press("E")
        await ui.sees("Export", "flowtui-calendar.csv")
        await ui.press("enter")
        await ui.sees("2 flows, ")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
async def test_hostile_names_leave_the_calendar_whole(
    installation: World, size: tuple[int, int]
) -> None:
    await hostile_world(installation)
    async with dashboard(installation, size, theme="flowtui-ansi16") as ui:
        await ui.press("6")
        await ui.until(lambda: "1 running" in ui.text, "the day was not shown")
        for _ in TEXTS:
            await ui.press("j", "left")
            await ui.pilot.pause()
            assert all(line.isprintable() for line in ui.lines)
