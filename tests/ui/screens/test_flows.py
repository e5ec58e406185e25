"""The list of flows: what it leaves out, what stands beside and below it, what can be done."""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.models.flows import FlowSummary
from flowtui.ui.screens import flow_closer
from tests.driver import dashboard
from tests.ui.screens.test_changing import choose
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

    def counted(flow: FlowSummary, runs: Any, versions: Any, *rest: Any, **more: Any) -> Any:
        drawn.append((flow.name, bool(versions)))
        return preview(flow, runs, versions, *rest, **more)

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
