"""A night in which every block of every page has something to show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from tests.world import URL, World, standard_world


async def full_world(world: World) -> None:
    """The standard world with agents that ask for work, limits with holders, and errors of two
    flows that are alike."""
    await standard_world(world)
    now = world.clock.time
    await world.do(
        "set_flow_group_description",
        "success",
        flow_group_id=await world.group_of("churn-features"),
        description="Builds churn features.",
    )
    world.clock.forward(minutes=-100)
    silent = await _agent(world, "mainframe-1", "mainframe")
    world.clock.forward(minutes=5)
    await _as_agent(world, silent, "get_runs_in_queue", _asking(world))
    world.clock.time = now
    live = await _agent(world, "k8s-1", "prod")
    await world.do("update_flow_concurrency_limit", label="prod", limit=2)
    await world.do("update_task_concurrency_limit", name="api", limit=12)
    await world.flow("nightly", labels=["prod"], tasks=[{"slug": "call", "tags": ["api"]}])
    await world.run("nightly", "calm-bison")
    taken = {"type": "Submitted", "message": "Taken."}
    states = [{"flow_run_id": world.runs["calm-bison"], "state": taken}]
    await _as_agent(world, live, "set_flow_run_states", {"states": states})
    await world.set("calm-bison", "Running")
    await world.task("calm-bison", "call", "Running")
    for minutes, flow, name, task, shard in (
        (40, "weather-pull", "wet-owl", "pull", 7),
        (12, "churn-features", "odd-ibis", "fetch_events", 12),
    ):
        world.clock.time = now
        world.clock.forward(minutes=-minutes)
        await world.run(flow, name)
        await world.start(name)
        await world.task(name, task, "Running")
        await world.task(name, task, "Failed", f"HTTPError: 503 of shard {shard}")
        world.clock.forward(seconds=20)
        await world.set(name, "Failed", "Some reference tasks failed.")
    world.clock.time = now


def _asking(world: World) -> dict[str, Any]:
    return {"tenant_id": world.installed.tenant_id, "labels": ["none"]}


async def _agent(world: World, name: str, label: str) -> str:
    """Register an agent; its id."""
    tenant = world.installed.tenant_id
    made = await world.do(
        "register_agent", tenant_id=tenant, type="LocalAgent", name=name, labels=[label]
    )
    return str(made["id"])


async def _as_agent(world: World, agent: str, mutation: str, given: Mapping[str, Any]) -> None:
    """A mutation of an agent, who says in a header which one it is."""
    text = f"mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ __typename }} }}"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(world.installed.app), base_url=URL
    ) as client:
        asked = {"query": text, "variables": {"input": given}}
        answer = await client.post("/", json=asked, headers={"X-PREFECT-AGENT-ID": agent})
    assert "errors" not in answer.json()
