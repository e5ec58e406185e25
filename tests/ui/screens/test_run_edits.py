"""Changing a run: each key leads to a dialog that names it, and says what it sends."""

from __future__ import annotations

from typing import Any

from tests.driver import UI, dashboard
from tests.ui.screens.test_changing import choose, open_run
from tests.world import World


async def run_of(world: World, name: str) -> dict[str, Any]:
    """A run as the backend knows it."""
    found = await world.ask(
        "query($id: uuid!) { flow_run_by_pk(id: $id) { name labels state state_start_time "
        "task_runs(order_by: [{task: {slug: asc}}, {map_index: asc}]) { state map_index "
        "task { slug } } } }",
        id=world.runs[name],
    )
    return dict(found["flow_run_by_pk"] or {})


async def typed_over(ui: UI, text: str) -> None:
    """Put this in the field in place of what it holds."""
    await ui.press("ctrl+u")
    await ui.type(text)


async def test_a_planned_run_is_started_now(world: World) -> None:
    await world.run("billing-audit", "early-bird", scheduled_start_time="2026-11-20T09:00:00Z")
    async with dashboard(world, open_id=world.runs["early-bird"]) as ui:
        await ui.sees("/ early-bird")
        await ui.press("x g")
        await ui.sees("Start now  early-bird", "in 5h 45m", "Scheduled, to start at once")
        await choose(ui, "Start the run now")
        await ui.sees("early-bird is scheduled to start now.")
    assert (await run_of(world, "early-bird"))["state_start_time"].startswith("2026-11-20T03:14")


async def test_a_late_run_may_start_now_but_is_told_what_that_changes(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "red-wasp")
        await ui.press("x g")
        await ui.sees("It is late already: no agent has taken it", "18m ago")
        await ui.press("escape", "escape")
        await open_run(ui, "slow-lynx")
        await ui.press("x")
        await ui.sees("it does not wait for its time: Running")


async def test_a_run_is_renamed_and_renamed_back(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "slow-lynx")
        await ui.press("x n")
        await ui.sees("Rename run  slow-lynx", "set_flow_run_name")
        await typed_over(ui, "quick-lynx")
        await choose(ui, "Rename the run")
        await ui.sees("The run is called quick-lynx now.", "feature-store v1 / quick-lynx")
    backend = world.backend()
    await backend.rename_flow_run(world.runs["slow-lynx"], "slow-lynx", was="quick-lynx")
    assert (await run_of(world, "slow-lynx"))["name"] == "slow-lynx"
    undo = backend.journal_entries()[0].undo
    assert undo is not None
    assert undo.says == "rename it back to quick-lynx"


async def test_labels_of_a_run_are_edited_with_a_look_at_the_agents(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "red-wasp")
        await ui.press("x L")
        await ui.sees("Labels  red-wasp", "mainframe", "no live agent", "set_flow_run_labels")
        await typed_over(ui, "prod, k8s")
        await choose(ui, "Set the labels")
        await ui.sees("red-wasp has prod k8s now.")
    assert (await run_of(world, "red-wasp"))["labels"] == ["k8s", "prod"]


async def test_a_run_is_deleted_once_somebody_says_so(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "grey-heron")
        await ui.press("x D")
        await ui.sees("Delete run  grey-heron", "its 1 task run", "there is no way back")
        await ui.press("enter")
        assert await run_of(world, "grey-heron")
        await ui.press("x D")
        await choose(ui, "Delete the run")
        await ui.sees("grey-heron is deleted.")
        await ui.until(lambda: "grey-heron" not in "".join(ui.lines[:-1]), "it is still listed")
    assert not await run_of(world, "grey-heron")


async def test_a_run_is_started_again_with_one_key_and_a_yes(world: World) -> None:
    await world.run(
        "orders-etl", "with-values", parameters={"since": "2026-11-01", "dry_run": True},
        labels=["prod"],
    )  # fmt: skip
    world.clock.forward(seconds=1)
    async with dashboard(world, open_id=world.runs["with-values"]) as ui:
        await ui.sees("/ with-values")
        await ui.press("x K")
        await ui.sees("Run again now  with-values", "dry_run = true", "2026-11-01", "prod")
        await choose(ui, "Start a new run")
        await ui.sees("Flow run scheduled.", "orders-etl v5")
        await ui.sees_no("with-values")
    made = await world.ask(
        "{ flow_run(order_by: {created: desc}, limit: 1) { name labels parameters } }"
    )
    run = made["flow_run"][0]
    assert run["name"] != "with-values"
    assert run["labels"] == ["prod"]
    assert run["parameters"]["dry_run"] is True
    assert run["parameters"]["since"] == "2026-11-01"


async def test_a_paused_task_is_approved(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "slow-lynx")
        await ui.press("x a")
        await ui.sees("Approve  slow-lynx", "waits    approve", "Waiting for approval.")
        await choose(ui, "Let it go on")
        await ui.sees("slow-lynx may go on.", "Approved by hand: approve.")
        tasks = (await run_of(world, "slow-lynx"))["task_runs"]
        assert [task["state"] for task in tasks] == ["Resume", "Pending"]
        await ui.press("x a")
        await ui.sees("nothing in it waits for approval")


async def test_a_paused_run_is_approved(world: World) -> None:
    await world.run("weather-pull", "on-hold")
    await world.set("on-hold", "Paused", "Hold it.")
    async with dashboard(world, open_id=world.runs["on-hold"]) as ui:
        await ui.sees("/ on-hold")
        await ui.press("x a")
        await ui.sees("waits    the run itself", "said     Hold it.")
        await choose(ui, "Let it go on")
        await ui.sees("on-hold may go on.")
    assert (await run_of(world, "on-hold"))["state"] == "Resume"


async def set_along(world: World, downs: int, along: str) -> dict[tuple[str, int], str]:
    """Set rosy-otter to Failed with task runs; what its task runs are in then."""
    async with dashboard(world) as ui:
        await open_run(ui, "rosy-otter")
        await ui.press("x s")
        await ui.sees("only the run itself", "5 not mapped", "all 17")
        await ui.press("j", "tab", "tab", *["j"] * downs)
        await ui.sees(f"the state of {along}, then")
        await choose(ui, "Set to Failed")
        await ui.sees("The run was set to Failed.")
    run = await run_of(world, "rosy-otter")
    assert run["state"] == "Failed"
    return {(one["task"]["slug"], one["map_index"]): one["state"] for one in run["task_runs"]}


async def test_a_state_is_set_with_its_task_runs_but_not_their_children(world: World) -> None:
    states = await set_along(world, 1, "5 task runs")
    assert {state for (_, index), state in states.items() if index < 0} == {"Failed"}
    assert states["load_warehouse", 0] == "Success"


async def test_a_state_is_set_with_all_task_runs(world: World) -> None:
    states = await set_along(world, 2, "17 task runs")
    assert set(states.values()) == {"Failed"}
    assert len(states) == 17
