"""The client against our own backend, in this process."""

from __future__ import annotations

import httpx
import pytest

from flowtui.client import reading
from flowtui.client.backend import Place
from flowtui.errors import (
    Conflict,
    NotFound,
    NotUnderstood,
    Unauthorized,
    Unreachable,
    UsageProblem,
)
from flowtui.models.ids import FlowGroupId, FlowId, FlowRunId
from flowtui.models.runs import NewFlowRun
from flowtui.models.states import RunState
from tests.world import NOW, World


async def test_flows_come_with_their_last_runs_and_what_is_next(world: World) -> None:
    flows = {flow.name: flow for flow in await world.backend().flows()}
    assert flows["orders-etl"].latest.version == 5
    assert [run.flow_version for run in flows["orders-etl"].recent_runs] == [5, 4, 4, 4, 3, 3, 3]
    assert len(flows["churn-features"].recent_runs) == 9
    assert flows["churn-features"].shown_state(NOW) == "Failed"
    assert flows["ledger-reconcile"].shown_state(NOW) == "Late"
    assert flows["orders-etl"].shown_state(NOW) == "Running"
    assert flows["churn-features"].next_run is not None
    assert str(flows["churn-features"].schedule) == "every 20 min"


async def test_a_flow_has_all_its_versions_and_how_their_runs_ended(world: World) -> None:
    group = await world.backend().flow_group(FlowGroupId(await world.group_of("orders-etl")))
    assert [version.version for version in group.versions] == [5, 4, 3, 2, 1]
    assert [version.archived for version in group.versions] == [False, True, True, True, True]
    assert (group.versions[1].succeeded, group.versions[1].finished) == (1, 3)
    assert [one.name for one in group.latest.parameters if one.required] == ["since"]


async def test_a_run_has_its_states_its_tasks_and_its_log(world: World) -> None:
    backend = world.backend()
    run_id = FlowRunId(world.runs["rosy-otter"])
    detail = await backend.run(run_id)
    assert [record.type for record in detail.states] == ["Scheduled", "Submitted", "Running"]
    tasks = await backend.task_runs(run_id)
    assert sum(task.is_child for task in tasks) == 12
    retried = next(task for task in tasks if task.task_slug == "fetch_fx_rates")
    assert retried.attempts == 2
    page = await backend.logs(run_id)
    assert page.complete
    assert [line.timestamp for line in page.lines] == sorted(line.timestamp for line in page.lines)
    for held in ("flow_run_id", "level", "logger"):  # a million lines hold it once
        values = [getattr(line, held) for line in page.lines]
        assert len({id(value) for value in values}) == len(set(values))


async def test_a_log_read_in_small_pages_is_whole_and_has_no_line_twice(world: World) -> None:
    """Also when lines share a time, and when one arrives later than a younger one."""
    backend = world.backend()
    for number in range(20):
        await world.log("rosy-otter", f"same moment {number}")
    run_id, cursor, seen = FlowRunId(world.runs["rosy-otter"]), None, []
    for _ in range(30):
        page = await backend.logs(run_id, cursor, limit=3)
        seen += [line.message for line in page.lines]
        cursor = page.cursor
    world.clock.forward(seconds=-10)
    await world.log("rosy-otter", "it was on its way")
    for _ in range(30):
        page = await backend.logs(run_id, cursor, limit=3)
        seen += [line.message for line in page.lines]
        cursor = page.cursor
    everything = await backend.logs(run_id)
    assert sorted(seen) == sorted(line.message for line in everything.lines)
    assert "it was on its way" in seen


async def test_creating_twice_with_one_key_makes_one_run(world: World) -> None:
    backend = world.backend()
    new = NewFlowRun(
        FlowId(world.flows["billing-audit"]), "key-1", name="once", parameters={}, labels=("a",)
    )
    assert await backend.create_flow_run(new) == await backend.create_flow_run(new)


async def test_a_state_is_only_set_where_it_has_not_moved(world: World) -> None:
    backend = world.backend()
    run_id = FlowRunId(world.runs["slow-lynx"])
    seen = await backend.run_state(run_id)
    await world.set("slow-lynx", "Failed", "It failed meanwhile.")
    with pytest.raises(Conflict):
        await backend.set_flow_run_state(run_id, "Success", seen=seen)
    assert await world.state_of("slow-lynx") == "Failed"
    await backend.set_flow_run_state(
        run_id, "Success", seen=await backend.run_state(run_id), reason="rows loaded by hand"
    )
    assert (await backend.run_state(run_id)).message == "rows loaded by hand"


async def test_a_backend_that_checks_no_versions_is_asked_right_before(world: World) -> None:
    """The old server ignores the version: the client has to compare it itself."""
    backend = world.backend()
    known = await backend.capabilities()
    backend._capabilities = type(known)(known.mutations - {"set_flow_run_state"})
    run_id = FlowRunId(world.runs["slow-lynx"])
    with pytest.raises(Conflict):
        await backend.set_flow_run_state(run_id, "Success", seen=RunState("Running", version=1))
    assert await world.state_of("slow-lynx") == "Running"
    await backend.set_flow_run_state(run_id, "Success", seen=await backend.run_state(run_id))
    assert await world.state_of("slow-lynx") == "Success"


@pytest.mark.parametrize("safeguard", ["heartbeat", "lazarus", "version_lock"])
async def test_a_safeguard_is_switched_and_read_back(world: World, safeguard: str) -> None:
    backend = world.backend()
    group_id = FlowGroupId(await world.group_of("orders-etl"))
    before = getattr((await backend.flow_group(group_id)).safeguards, safeguard)
    await backend.switch(FlowId(world.flows["orders-etl"]), safeguard, not before)
    assert getattr((await backend.flow_group(group_id)).safeguards, safeguard) is not before


async def test_an_id_leads_to_a_page(world: World) -> None:
    backend = world.backend()
    run_id, flow_id = world.runs["rosy-otter"], world.flows["orders-etl"]
    group_id = await world.group_of("orders-etl")
    assert await backend.place_of(run_id) == Place("run", run_id)
    assert await backend.place_of(flow_id) == Place("flow", group_id)
    assert await backend.place_of(group_id) == Place("flow", group_id)
    assert await backend.run_named("rosy-otter") == run_id
    with pytest.raises(NotFound):
        await backend.place_of("00000000-0000-4000-8000-000000000000")
    with pytest.raises(UsageProblem):
        await backend.place_of("rosy-otter")


async def test_a_read_only_profile_sends_no_mutation(world: World) -> None:
    backend = world.backend(read_only=True)
    with pytest.raises(UsageProblem, match="read-only"):
        await backend.cancel_flow_run(FlowRunId(world.runs["rosy-otter"]))
    assert await world.state_of("rosy-otter") == "Running"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, html="<html>Prefect UI</html>"), NotUnderstood),
        (httpx.Response(200, json=[1, 2]), NotUnderstood),
        (httpx.Response(200, json={"data": {"flow": "what"}}), NotUnderstood),
        (httpx.Response(200, json={"data": {"flow": [{"id": None}]}}), NotUnderstood),
        (httpx.Response(200, json={"data": None}), NotUnderstood),
        (httpx.Response(404, text="not here"), NotUnderstood),
        (httpx.Response(502, text="bad gateway"), Unreachable),
        (httpx.Response(401, text="who are you"), Unauthorized),
        (
            httpx.Response(
                200,
                json={
                    "data": None,
                    "errors": [{"message": "no", "extensions": {"code": "UNAUTHENTICATED"}}],
                },
            ),
            Unauthorized,
        ),
    ],
)
async def test_a_strange_answer_is_one_clear_error(
    installation: World, answer: httpx.Response, error: type[Exception]
) -> None:
    installation.transport.answer = answer
    with pytest.raises(error) as told:
        await installation.backend().flows()
    assert "Traceback" not in str(told.value)


async def test_a_backend_that_is_down_says_where_and_what_to_do(installation: World) -> None:
    installation.transport.is_down = True
    with pytest.raises(Unreachable) as told:
        await installation.backend().flows()
    assert "world.test:4200" in str(told.value)
    assert "flowtui server start" in str(told.value)


async def test_what_is_usual_is_judged_by_other_runs(installation: World) -> None:
    await installation.flow("lonely")
    for name in ("first", "second"):
        await installation.run("lonely", name)
        await installation.start(name)
        installation.clock.forward(seconds=90)
        await installation.set(name, "Success")
    backend = installation.backend()
    second = await backend.run(FlowRunId(installation.runs["second"]))
    assert second.usual_seconds == 90
    await installation.flow("lonelier")
    await installation.run("lonelier", "only")
    await installation.start("only")
    await installation.set("only", "Success")
    only = await backend.run(FlowRunId(installation.runs["only"]))
    assert only.usual_seconds is None


def test_a_flow_without_a_name_can_stand_in_a_list_with_others() -> None:
    """Names that were null could not be put in order, and the page asked no more."""
    row = {
        **dict.fromkeys(("name", "version", "archived", "schedule", "is_schedule_active")),
        "id": "01a1f684-d1b0-77d0-a155-46f985bc7691",
        "created": NOW.isoformat(),
        "parameters": [],
    }
    assert reading.flow_version(row).name == ""


async def test_what_begins_with_the_words_is_found_first(installation: World) -> None:
    for name in ("crm-export", "dbt-core", "feature-store", "inventory-orb", "ml-score", "orders"):
        await installation.flow(name, project="origin", tasks=["store", "order"])
    found = await installation.backend().search("Or")
    flows = [one.name for one in found if one.kind == "flow"]
    assert flows == ["orders", "crm-export", "dbt-core", "feature-store", "inventory-orb"]
    assert next(one.name for one in found if one.kind == "task") == "order"
    assert [one.name for one in await installation.backend().search(found[0].id)] == ["orders"]
