"""Agents: who is alive, what waits for whom, and forgetting one that is gone."""

from __future__ import annotations

import httpx
import pytest

from tests.driver import dashboard
from tests.ui.screens.test_changing import choose
from tests.ui.screens.test_why import agent
from tests.world import URL, World


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


async def test_the_next_24_hours_say_what_is_missed_while_an_agent_is_away(
    staffed: World,
) -> None:
    async with dashboard(staffed, view="agents") as ui:
        await ui.sees("Next 24 hours  what will be missed while it stays away")
        lines = ui.lines
        lane = lines[lines.index(ui.line_with("Next 24 hours")) + 1]
        assert lane.startswith("  ledger-reconcile")
        assert lane.endswith("····")
        await ui.press("j")
        await ui.sees("0 late, 10 planned", "churn-features  ")
        await ui.highlight("k8s-prod-1")
        await ui.sees("nothing it would take")
        await ui.sees_no("Next 24 hours")


async def test_an_agent_that_is_gone_is_removed(staffed: World) -> None:
    async with dashboard(staffed, view="overview") as ui:
        await ui.sees("Agents  1 healthy, 1 stale, 1 old")
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


async def test_agents_are_filtered_by_health_and_label(staffed: World) -> None:
    async with dashboard(staffed) as ui:
        await ui.press("4")
        await ui.sees("legacy-local", "k8s-prod-1", "mainframe-1")
        await ui.press("/")
        await ui.type("state:stale,old")
        await ui.press("enter")
        await ui.sees("2 of 3", "1 is hidden by your filter")
        assert "● healthy" not in ui.text.split("Waiting")[0].split("status")[1]
        await ui.press("/")
        await ui.press("ctrl+u")
        await ui.type("label:k8s")
        await ui.press("enter")
        await ui.sees("1 of 3")
        assert "k8s-prod-1" in ui.line_with("▌")


async def _take(world: World, run: str, agent_id: str) -> None:
    """The agent takes a run, as it says in a header."""
    entry = {"flow_run_id": world.runs[run], "state": {"type": "Submitted", "message": "Taken."}}
    text = (
        "mutation($input: set_flow_run_states_input!) "
        "{ set_flow_run_states(input: $input) { states { status } } }"
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(world.installed.app), base_url=URL
    ) as client:
        answer = await client.post(
            "/",
            json={"query": text, "variables": {"input": {"states": [entry]}}},
            headers={"X-PREFECT-AGENT-ID": agent_id},
        )
    assert "errors" not in answer.json()


async def test_an_agent_has_a_page_with_what_waits_and_what_it_took(staffed: World) -> None:
    found = await staffed.ask('{ agent(where: {name: {_eq: "mainframe-1"}}) { id } }')
    await staffed.run("billing-audit", "taken-by-it")
    await _take(staffed, "taken-by-it", found["agent"][0]["id"])
    async with dashboard(staffed) as ui:
        await ui.press("4")
        await ui.highlight("mainframe-1")
        await ui.press("enter")
        await ui.sees("agents / mainframe-1", "▲ stale", "31m ago; old from")
        await ui.sees("1 late", "red-wasp", found["agent"][0]["id"])
        await ui.sees("Took  1 run in progress")
        assert "Submitted" in ui.line_with("taken-by-it")
        await ui.press("enter")
        await ui.sees("finance / ledger-reconcile v1 / red-wasp")
        await ui.press("escape", "tab", "enter")
        await ui.sees("finance / billing-audit v1 / taken-by-it")


async def test_all_that_are_gone_are_cleaned_up_at_once_but_none_that_came_back(
    staffed: World,
) -> None:
    async with dashboard(staffed, profile={"bulk_rate": 1000.0}) as ui:
        await ui.press("4")
        await ui.sees("mainframe-1")
        await ui.press("x u")
        await ui.sees("Remove 2 agents", "mainframe-1", "legacy-local", "2 removed")
        await ui.type("2")
        await ui.press("enter", "enter")
        await ui.sees("✓ 2 done")
        await ui.press("enter")
        await ui.sees("Remove 2 agents: 2 done.")
        await ui.sees_no("legacy-local")
        await ui.press("x u")
        await ui.sees("clean up …: every agent is alive")
