"""Why is it not running? The answer names the fact and what would mend it."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
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
        await ui.sees("mainframe-1 would take it, but it last asked for work 31m ago")
        await ui.sees("start the agent again on its host")
        await ui.sees("x L    change the labels of this run")
        await ui.press("G")
        await ui.sees("Lazarus")
        assert ui.line_with("✗ agent")
        assert "not reached" in ui.line_with("heartbeat")
        if size[0] >= 120:
            assert "31m" in ui.line_with("▲ mainframe-1")
            assert "0s" in ui.line_with("● k8s-1")


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
