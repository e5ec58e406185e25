"""Agents: who is alive, what waits for whom, and forgetting one that is gone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

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
        await ui.until(
            lambda: ui.line_with("mainframe-1").split()[-4:-1] == ["31m", "0", "1"],
            "what it runs and what waits for it",
        )
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
        await ui.sees("No agents yet. 'prefect agent local start' starts one.")
        await ui.press("1")
        await ui.sees("Agents  none")


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


async def _as_agent(world: World, agent_id: str, mutation: str, **given: Any) -> None:
    """A mutation of an agent, who says in a header which one it is."""
    text = f"mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ __typename }} }}"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(world.installed.app), base_url=URL
    ) as client:
        answer = await client.post(
            "/",
            json={"query": text, "variables": {"input": given}},
            headers={"X-PREFECT-AGENT-ID": agent_id},
        )
    assert "errors" not in answer.json()


async def _take(world: World, run: str, agent_id: str) -> None:
    """The agent takes a run."""
    state = {"type": "Submitted", "message": "Taken."}
    entry = {"flow_run_id": world.runs[run], "state": state}
    await _as_agent(world, agent_id, "set_flow_run_states", states=[entry])


async def _ids(world: World) -> dict[str, str]:
    return {one["name"]: one["id"] for one in (await world.ask("{ agent { id name } }"))["agent"]}


async def _asks(world: World, agent_id: str, minutes_ago: int, times: int) -> None:
    """The agent asks for work so often."""
    now = world.clock.time
    world.clock.forward(minutes=-minutes_ago)
    for _ in range(times):
        tenant = world.installed.tenant_id
        await _as_agent(world, agent_id, "get_runs_in_queue", tenant_id=tenant, labels=["none"])
    world.clock.time = now


async def test_a_strip_says_how_often_an_agent_asked_and_since_when_it_is_silent(
    world: World,
) -> None:
    await agent(world, "mainframe-1", "mainframe", minutes_ago=100)
    await agent(world, "k8s-prod-1", "prod", minutes_ago=21)
    await agent(world, "legacy-local", minutes_ago=4000)
    ids = await _ids(world)
    for minutes_ago, times in ((95, 1), (91, 4), (87, 1), (31, 2)):
        await _asks(world, ids["mainframe-1"], minutes_ago, times)
    await _asks(world, ids["k8s-prod-1"], 0, 3)
    async with dashboard(world, (200, 60), view="agents") as ui:
        await ui.sees("asked for work, 2 h")
        place = ui.line_with("asked for work, 2 h").index("asked for work")
        strips = {name: ui.line_with(name)[place : place + 30] for name in ids}
        assert strips["mainframe-1"] == "    ▁▁▄▁             ▂········"
        assert strips["k8s-prod-1"].strip(" ") == "▁    ▄"
        assert strips["legacy-local"] == "·" * 30
        await ui.highlight("mainframe-1")
        await ui.press("enter")
        await ui.sees("asked, 2 h      ▁▁▄▁             ▂········  4 minutes a step")


class Older(httpx.AsyncBaseTransport):
    """A Prefect Server: it knows when an agent asked last, and says that this is all."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.was_asked = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        self.was_asked = self.was_asked or b"query Contacts" in body
        answer = await self._inner.handle_async_request(request)
        if b"query Capabilities" not in body:
            return answer
        told = json.loads(await answer.aread())
        told["data"]["agent"]["fields"] = [{"name": "id"}, {"name": "last_queried"}]
        return httpx.Response(200, json=told)


async def test_a_backend_that_keeps_no_contacts_is_not_asked_for_them(staffed: World) -> None:
    older = Older(staffed.transport)
    staffed.transport = older  # type: ignore[assignment]
    async with dashboard(staffed, view="agents") as ui:
        await ui.sees("mainframe-1", "runs  waiting", "slots taken, last 2 h")
        await ui.sees_no("asked for work, 2 h")
    assert not older.was_asked


async def test_the_agent_under_the_cursor_says_what_it_ran_last_and_how_that_ended(
    staffed: World,
) -> None:
    ids = await _ids(staffed)
    now = staffed.clock.time
    for minutes_ago, name, ends in ((70, "first", "Success"), (40, "second", "Failed")):
        staffed.clock.time = now - timedelta(minutes=minutes_ago)
        await staffed.run("billing-audit", name, labels=["k8s"])
        await _take(staffed, name, ids["k8s-prod-1"])
        await staffed.set(name, "Running")
        staffed.clock.forward(minutes=5, seconds=7)
        await staffed.set(name, ends)
    staffed.clock.time = now - timedelta(minutes=3)
    await staffed.run("billing-audit", "third", labels=["k8s"])
    await _take(staffed, "third", ids["k8s-prod-1"])
    await staffed.set("third", "Running")
    staffed.clock.time = now
    async with dashboard(staffed, view="agents") as ui:
        await ui.sees("Ran last", "nothing that is still known")
        await ui.highlight("k8s-prod-1")
        await ui.sees("last 24 h: 1 ok of 2", "third", "5m 07s")
        assert "Failed" in ui.line_with("second")
        assert "Success" in ui.line_with("first")
        await ui.until(
            lambda: ui.line_with("● healthy").split()[-3:-1] == ["1", "0"], "what it runs"
        )
        labels = ui.lines[ui.lines.index(ui.line_with("Every label")) :]
        await ui.until(lambda: "▇" in ui.line_with("  k8s  "), "how many ran with the label")
        missed, k8s = labels[1].split(), ui.line_with("  k8s  ").split()
        assert missed[:4] == ["mainframe", "▲", "none", "2"]
        assert k8s[:4] == ["k8s", "●", "1", "0"]
    async with dashboard(staffed, (80, 24), view="agents") as ui:
        await ui.sees("Waiting for it", "1 late, 10 planned")
        await ui.sees_no("Ran last")
    asked = b"".join(staffed.transport.requests)
    assert asked.count(b"query AgentLately") == 2


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


async def test_what_waits_for_an_agent_gets_the_room_that_nothing_else_needs(
    staffed: World,
) -> None:
    for number in range(30):
        later = staffed.clock.time + timedelta(hours=1, minutes=number)
        await staffed.run(
            "billing-audit",
            f"due-{number}",
            scheduled_start_time=later.isoformat(),
            labels=["mainframe"],
        )
    async with dashboard(staffed, (120, 40), view="agents") as ui:
        await ui.highlight("mainframe-1")
        await ui.press("enter")
        await ui.sees("It has taken no run that is still known.", "Waiting for it")
        await ui.until(lambda: ui.text.count("○ Scheduled") > 15, "rows are left empty")
        await ui.pilot.resize_terminal(120, 30)
        await ui.sees("It has taken no run that is still known.")


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
