"""The list of flows: what it leaves out, what stands beside and below it, what can be done."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flowtui.models.flows import FlowSummary
from flowtui.ui.preview_blocks import Known
from flowtui.ui.screens import flow_closer
from tests.driver import dashboard
from tests.ui.screens.test_changing import choose
from tests.ui.screens.test_why import agent
from tests.world import World


async def test_archived_flows_are_shown_when_they_are_asked_for(world: World) -> None:
    await world.do("archive_flow", "success", flow_id=world.flows["billing-audit"])
    async with dashboard(world, (120, 30)) as ui:
        await ui.sees("6 in 4 projects", "weather-pull")
        assert "billing-audit" not in ui.text
        await ui.press("A")
        await ui.sees("archived:yes", "billing-audit", " archived", "1 of 7")
        await ui.press("enter")
        await ui.sees("its runs stay, new ones are refused")
        await ui.press("escape")
        await ui.sees("billing-audit", " archived")
        await ui.press("A")
        await ui.sees("6 in 4 projects", "weather-pull")
        await ui.sees_no("billing-audit")
        await ui.press("slash")
        await ui.type("archived:yes,no project:finance")
        await ui.press("enter")
        await ui.sees("2 of 7", "billing-audit", " archived", "ledger-reconcile")


async def test_flows_are_found_by_name_project_and_id(world: World) -> None:
    group = await world.group_of("feature-store")
    async with dashboard(world) as ui:
        await ui.sees("7 in 4 projects")
        for typed, found, count in (
            (group, "feature-store", "1 of 7"),
            ("name:ledger*", "ledger-reconcile", "1 of 7"),
            ("platform", "never-ran", "1 of 7"),
        ):
            await ui.press("slash")
            await ui.type(typed)
            await ui.press("enter")
            await ui.sees(count)
            assert found in ui.text
            await ui.press("escape")
            await ui.sees("7 in 4 projects")


async def test_a_schedule_is_switched_from_the_list_of_flows(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("billing-audit")
        await ui.press("x p")
        await ui.sees("schedule …: the flow has no schedule")
        await ui.highlight("churn-features")
        await ui.press("x p")
        await ui.sees("Schedule off  churn-features", "set_schedule_inactive")
        await choose(ui, "Switch the schedule off")
        await ui.sees("The schedule of churn-features is off.  o  opens it")
    found = await world.ask(
        "query($id: uuid!) { flow_by_pk(id: $id) { is_schedule_active } }",
        id=world.flows["churn-features"],
    )
    assert found["flow_by_pk"]["is_schedule_active"] is False


async def test_marked_flows_are_moved_to_a_project_with_all_their_versions(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("orders-etl")
        await ui.press("space")
        await ui.highlight("never-ran")
        await ui.press("space", "x m")
        await ui.sees("Move to project  2 flows")
        await ui.type("ml")
        await ui.press("enter")
        await ui.sees("update_flow_project", "2 to ml", "type 2 to go on")
        await ui.type("2")
        await choose(ui, "Move 2 flows to ml")
        await ui.sees("2 done")
    found = await world.ask('{ flow(where: {project: {name: {_eq: "ml"}}}) { name } }')
    names = [one["name"] for one in found["flow"]]
    assert (names.count("orders-etl"), names.count("never-ran")) == (5, 1)


async def test_where_there_is_room_the_runs_of_a_flow_stand_below_the_list(world: World) -> None:
    async with dashboard(world, (200, 60)) as ui:
        await ui.highlight("churn-features")
        await ui.sees("Runs of churn-features", "churn-features-8")
        assert ui.text.count("churn-features-8") == 1
        await ui.highlight("never-ran")
        await ui.sees("Runs of never-ran", "It never ran.")
        await ui.highlight("orders-etl")
        await ui.sees("Runs of orders-etl", "rosy-otter")
        await ui.press("tab", "enter")
        await ui.sees("rosy-otter", "16 lines")
        await ui.press("escape")
        await ui.pilot.resize_terminal(120, 40)
        await ui.sees_no("Runs of orders-etl")


async def test_a_flow_is_drawn_beside_the_list_once_and_with_all_that_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[str, bool]] = []
    preview = flow_closer.flow_preview

    def counted(flow: FlowSummary, known: Known, *rest: Any, **more: Any) -> Any:
        drawn.append((flow.name, known.group is not None))
        return preview(flow, known, *rest, **more)

    monkeypatch.setattr(flow_closer, "flow_preview", counted)
    monkeypatch.setattr(flow_closer, "TOGETHER", 60.0)
    async with dashboard(world, (120, 40)) as ui:
        await ui.sees("7 in 4 projects", "ok of runs")
        screen = ui.app.screen
        first = screen.subject.name
        assert set(drawn) == {(first, True)}
        drawn.clear()
        await ui.press("j")
        await ui.until(lambda: bool(drawn), "nothing is drawn")
        assert set(drawn) == {(screen.subject.name, True)}
        assert screen.subject.name != first
        monkeypatch.setattr(flow_closer, "RESTING", 60.0)
        drawn.clear()
        await ui.press("j", "j", "k", "k", "k")
        assert screen.subject.name == first
        assert drawn == []


async def _failed(world: World, flow: str, name: str, task: str, message: str) -> None:
    """A run of a flow in which a task has failed now."""
    await world.run(flow, name)
    await world.start(name)
    await world.task(name, task, "Running")
    await world.task(name, task, "Failed", message)
    world.clock.forward(seconds=20)
    await world.set(name, "Failed", "Some reference tasks failed.")


@pytest.fixture
async def troubled(world: World) -> World:
    """Two flows in which the same went wrong, and one in which something else did."""
    now = world.clock.time
    for minutes, flow, name, task, message in (
        (40, "weather-pull", "wet-owl", "pull", "HTTPError: 503 of shard 7"),
        (30, "billing-audit", "sad-crow", "audit", "KeyError: 'sku'"),
        (20, "churn-features", "even-ibis", "features", "ValueError: no rows"),
        (12, "churn-features", "odd-ibis", "fetch_events", "HTTPError: 503 of shard 12"),
    ):
        world.clock.time = now
        world.clock.forward(minutes=-minutes)
        await _failed(world, flow, name, task, message)
    world.clock.time = now
    await agent(world, "k8s-1")
    await agent(world, "k8s-2")
    await agent(world, "gpu-1", "gpu")
    await world.do(
        "set_flow_group_description",
        "success",
        flow_group_id=await world.group_of("churn-features"),
        description="Builds churn features.\n\nPage data-platform after 30 min.",
    )
    return world


async def test_all_that_stands_beside_a_flow_is_asked_again_by_hand(troubled: World) -> None:
    beside = ("Flows", "FlowsLately", "Agents", "FlowRuns", "FlowGroup")
    async with dashboard(troubled, (200, 60)) as ui:
        for _ in range(2):
            await ui.sees("24 h", "Runs of", "Versions")
            await ui.press("P")
            await ui.sees("Updates are paused")
            for operation in beside:
                before = asked(troubled, operation)
                await ui.press("r")
                await ui.until(
                    lambda operation=operation, n=before: asked(troubled, operation) > n,  # type: ignore[misc]
                    f"{operation} is not asked",
                )
            await ui.press("P", "enter")
            await ui.sees("Read me")
            await ui.press("escape")


async def test_what_was_wider_once_gives_way_when_it_is_asked_again_by_hand(world: World) -> None:
    backend = world.backend()
    before = {one.name: one.id for one in await backend.projects()}
    async with dashboard(world) as ui:
        await ui.sees("project", "commerce")
        for name in before:
            await backend.rename_project(before[name], f"{name}-of-the-whole-northern-region")
        await ui.press("r")
        await ui.sees_no("project ")
        for name in before:
            await backend.rename_project(before[name], name)
        await ui.press("r")
        await ui.sees("● live")
        await ui.press("r")
        await ui.sees("project ", "commerce")
    await backend.close()


def asked(world: World, operation: str) -> int:
    """How often a question was asked."""
    named = re.compile(rf"query {operation}\b".encode())
    return sum(named.search(request) is not None for request in world.transport.requests)


async def test_beside_a_flow_that_failed_stands_why_and_all_that_belongs_to_it(
    troubled: World,
) -> None:
    async with dashboard(troubled, (200, 60)) as ui:
        await ui.highlight("churn-features")
        await ui.sees("HTTPError: 503 of shard 12", "fetch_events  run odd-ibis")
        await ui.sees("Tasks that fail most", "7 days", "Same error elsewhere")
        await ui.sees("2 without labels", "Read me", "Page data-platform after 30 min.")
        await ui.sees("24 h  ok / all", "7 / 11")
        beside = [line[137:].strip() for line in ui.lines]
        at = beside.index("Same error elsewhere")
        assert beside[at + 1].startswith("✗ Failed  weather-pull")
        assert beside[at + 2 : at + 4] == ["", "Read me"]
        count = asked(troubled, "FlowTroubles")
        await ui.highlight("never-ran")
        await ui.sees_no("Same error elsewhere")
        assert asked(troubled, "FlowTroubles") == count


async def test_beside_a_list_that_is_less_wide_stands_why_and_who_would_take_it(
    troubled: World,
) -> None:
    async with dashboard(troubled, (120, 40)) as ui:
        await ui.highlight("churn-features")
        await ui.sees("fetch_events  run odd-ibis", "2 without labels")
        next_times = ui.line_with("Next").partition("Next")[2].split()
        assert next_times == ["03:20", "03:40", "04:00", "UTC"]
        await ui.sees_no("Tasks that fail most")
        assert asked(troubled, "FlowsLately") == 0
        await ui.highlight("ledger-reconcile")
        await ui.sees("none live for mainframe")


async def test_where_nothing_stands_beside_the_list_nothing_is_asked_for_it(
    troubled: World,
) -> None:
    async with dashboard(troubled, (80, 24)) as ui:
        await ui.highlight("churn-features")
        await ui.sees("churn-features")
        for operation in ("FlowTroubles", "FlowsLately", "Agents", "FlowGroup"):
            assert asked(troubled, operation) == 0
        await ui.pilot.resize_terminal(200, 60)
        await ui.sees("24 h  ok / all", "2 without labels", "Same error elsewhere")
        assert asked(troubled, "FlowsLately") == 1
