"""Agents: who is alive, what waits for whom, and forgetting one that is gone."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
from tests.ui.screens.test_changing import choose
from tests.ui.screens.test_why import agent
from tests.world import World


@pytest.fixture
async def staffed(world: World) -> World:
    """Three agents: alive, away for half an hour, and gone for days."""
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    await agent(world, "k8s-prod-1", "prod", "k8s")
    await agent(world, "legacy-local", minutes_ago=4000)
    return world


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_who_is_away_stands_first_with_what_waits_for_it(
    staffed: World, size: tuple[int, int]
) -> None:
    async with dashboard(staffed, size) as ui:
        await ui.press("4")
        await ui.sees("1 run late without an agent", "1 late, 10 planned")
        rows = [line.split()[:3] for line in ui.lines if "local" in line]
        assert rows[0][:3] == ["▌▲", "stale", "mainframe-1"]
        assert ui.line_with("mainframe-1").split()[-3:-1] == ["31m", "1"]
        assert "ledger-reconcile" in ui.line_with("Late")
        await ui.press("j")
        await ui.sees("0 late, 10 planned", "churn-features")
        await ui.press("j")
        await ui.sees("nothing it would take")


async def test_an_agent_that_is_gone_is_removed(staffed: World) -> None:
    async with dashboard(staffed) as ui:
        await ui.press("4")
        await ui.highlight("legacy-local")
        await ui.press("x d")
        await ui.sees("Remove agent  legacy-local", "old, asked for work 2d ago", "delete_agent")
        await choose(ui, "Remove the agent")
        await ui.sees("legacy-local is removed.")
        await ui.sees_no("✗ old")
    names = await staffed.ask("{ agent(order_by: {name: asc}) { name } }")
    assert [one["name"] for one in names["agent"]] == ["k8s-prod-1", "mainframe-1"]


async def test_without_agents_it_says_how_to_start_one(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.press("4")
        await ui.sees("Start one with 'prefect agent local start'.")
