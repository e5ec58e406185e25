"""Why is it not running? The answer names the fact and what would mend it."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
from tests.ui.screens.test_changing import choose
from tests.world import World


async def agent(world: World, name: str, *labels: str, minutes_ago: float = 0) -> None:
    """An agent that asked for work some time ago."""
    now = world.clock.time
    world.clock.forward(minutes=-minutes_ago)
    await world.do(
        "register_agent",
        tenant_id=world.installed.tenant_id,
        type="LocalAgent",
        name=name,
        labels=list(labels),
    )
    world.clock.time = now


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_late_run_says_which_agent_is_missing(world: World, size: tuple[int, int]) -> None:
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    await agent(world, "k8s-1", "prod")
    async with dashboard(world, size) as ui:
        await ui.press("3")
        await ui.highlight("red-wasp")
        await ui.press("W")
        await ui.sees("No living agent takes a run with the label mainframe.")
        await ui.sees("mainframe-1 is the only one that would. It last asked for work 31m ago")
        await ui.sees("start mainframe-1 again on its host", "it is taken within seconds")
        await ui.sees("x L    change the labels of this run")
        await ui.press("G")
        await ui.sees("Lazarus")
        assert ui.line_with("✗ agent")
        assert "not reached" in ui.line_with("heartbeat")
        if size[0] >= 120:
            assert ui.line_with("▲ mainframe-1").split()[-3:] == ["takes", "it", "31m"]
            assert ui.line_with("● k8s-1").split()[-3:] == ["lacks", "it", "0s"]


async def test_on_a_narrow_screen_what_would_help_is_told_whole(world: World) -> None:
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    async with dashboard(world, (60, 20)) as ui:
        await ui.press("3")
        await ui.highlight("red-wasp")
        await ui.press("W")
        await ui.sees("start mainframe-1 again on its host")
        await ui.sees("       it is taken within seconds")


async def test_a_run_that_runs_says_so(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.press("3")
        await ui.highlight("rosy-otter")
        await ui.press("W")
        await ui.sees("Its process has gone silent.", "none for 12m 40s")


async def test_what_mends_it_is_a_key_away(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.press("3")
        await ui.highlight("red-wasp")
        await ui.press("W")
        await ui.sees("No living agent")
        await ui.press("x c")
        await ui.sees("Cancel run  red-wasp")


async def test_the_page_shows_since_when_nobody_asks_and_what_waits_for_the_same(
    world: World,
) -> None:
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    await world.switch_schedule("ledger-reconcile")
    async with dashboard(world, (120, 44), open_id=world.runs["red-wasp"]) as ui:
        await ui.sees("red-wasp")
        await ui.press("W")
        await ui.sees("mainframe-1 asked for work  the last 2 hours", "02:56 due")
        clocks = ui.line_with("02:56 due")
        strip = ui.lines[ui.lines.index(clocks) - 1]
        assert clocks.split() == ["01:16", "02:43", "02:56", "due", "now"]
        assert strip.strip() == "▄▄▄▄" + "·" * 31
        await ui.sees("Same cause", "1 run late now, 3 more due by 06:00")
        await ui.sees("x c    cancel this run …", "the next one is due 04:00; it will be late too")


async def test_words_for_a_ticket_are_copied(world: World) -> None:
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    async with dashboard(world, open_id=world.runs["red-wasp"]) as ui:
        await ui.sees("red-wasp")
        await ui.press("W")
        await ui.sees("Copy for the ticket", "mainframe-1 silent since 02:43:22 UTC.")
        await ui.sees(f"flowtui --open {world.runs['red-wasp']}")
        await ui.press("y")
        await ui.sees("Words for the ticket: sent ")


async def test_the_schedule_of_what_is_late_is_switched_off(world: World) -> None:
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    await world.switch_schedule("ledger-reconcile")
    async with dashboard(world, open_id=world.runs["red-wasp"]) as ui:
        await ui.sees("red-wasp")
        await ui.press("W")
        await ui.sees("turn the schedule off …", "10 planned runs would go")
        await ui.press("x p")
        await ui.sees("Schedule off  ledger-reconcile", "set_schedule_inactive")
        await choose(ui, "Switch the schedule off")
        await ui.sees_no("turn the schedule off …")
        await ui.press("x p")
        await ui.sees("the schedule of this flow is off")
