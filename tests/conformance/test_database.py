"""What the old server's database did by itself: walks along edges, columns that follow others, rows
that go with others; and its scalars.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from flowtui.errors import ApiError
from flowtui.server.storage import Row, Transaction
from tests.server.installation import NOON, Client, SetClock, flow

END = {"Success", "Failed", "Cached", "TimedOut", "Looped", "Cancelled"}
NO_END = {"Finished", "Skipped", "Mapped", "TriggerFailed", "ValidationFailed"}


def drawn(*edges: tuple[str, str], alone: tuple[str, ...] = ()) -> dict[str, Any]:
    """A flow of these tasks and edges."""
    slugs = dict.fromkeys([*(end for edge in edges for end in edge), *alone])
    return flow(
        tasks=[{"slug": slug, "name": slug} for slug in slugs],
        edges=[
            {"upstream_task": {"slug": above}, "downstream_task": {"slug": below}}
            for above, below in edges
        ],
    )


async def tasks_of(api: Client, document: dict[str, Any]) -> dict[str, str]:
    flow_id = await api.register(document, await api.project())
    found = await api.ask(f'{{ task(where: {{flow_id: {{_eq: "{flow_id}"}}}}) {{ id slug }} }}')
    return {task["slug"]: task["id"] for task in found["task"]}


async def walked(
    api: Client,
    ids: dict[str, str],
    way: str,
    *start: str,
    limit: int | None = None,
    more: str = "",
) -> list[tuple[str, int]]:
    """The tasks that are reached and their depths, in the order they come."""
    array = "{" + ",".join(ids.get(slug, slug) for slug in start) + "}"
    walk = f"utility_{way}_tasks(args: {{start_task_ids: $ids, depth_limit: $depth}}{more})"
    found = await api.ask(
        f"query($ids: _uuid, $depth: Int) {{ found: {walk} {{ depth task_id task {{ slug }} }} }}",
        ids=array,
        depth=limit,
    )
    assert all(row["task_id"] == ids[row["task"]["slug"]] for row in found["found"])
    return [(row["task"]["slug"], row["depth"]) for row in found["found"]]


async def test_tasks_are_walked_along_edges(api: Client, nobody: str) -> None:
    ids = await tasks_of(
        api,
        drawn(("a", "b"), ("a", "c"), ("a", "d"), ("b", "d"), ("c", "d"), ("d", "e"), alone=("z",)),
    )
    down = await walked(api, ids, "downstream", "a")
    assert dict(down) == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 3}
    assert down == sorted(down, key=lambda one: (one[1], ids[one[0]]))
    assert dict(await walked(api, ids, "upstream", "e")) == {"e": 0, "d": 1, "b": 2, "c": 2, "a": 3}
    # As far as is asked for; the starting tasks are always there.
    assert await walked(api, ids, "downstream", "a", limit=0) == [("a", 0)]
    assert dict(await walked(api, ids, "downstream", "a", limit=1)) == {
        "a": 0,
        "b": 1,
        "c": 1,
        "d": 1,
    }
    assert dict(await walked(api, ids, "upstream", "e", limit=1)) == {"e": 0, "d": 1}
    # From several at once, each as deep as it lies below any of them.
    assert dict(await walked(api, ids, "downstream", "b", "c")) == {"b": 0, "c": 0, "d": 1, "e": 2}
    assert dict(await walked(api, ids, "downstream", "a", "d"))["d"] == 2
    # Nothing is tied to it, or nobody knows it.
    for way in ("downstream", "upstream"):
        assert await walked(api, ids, way, "z") == [("z", 0)]
        assert await walked(api, ids, way, nobody) == await walked(api, ids, way) == []
    # With what every list takes.
    below = ', where: {depth: {_gt: 0}, task: {slug: {_neq: "c"}}}, order_by: {depth: desc}'
    assert await walked(api, ids, "downstream", "a", more=f"{below}, limit: 2") == [
        ("e", 3),
        ("d", 2),
    ]
    assert await walked(api, ids, "downstream", "a", more=f"{below}, offset: 2") == [("b", 1)]


async def test_no_walk_is_longer_than_fifty_steps(api: Client) -> None:
    ids = await tasks_of(api, drawn(*((f"t{n:02}", f"t{n + 1:02}") for n in range(53))))
    for limit in (None, 60):
        reached = await walked(api, ids, "downstream", "t00", limit=limit)
        assert reached[-1] == ("t50", 50)
        assert len(reached) == 51


async def test_start_and_end_follow_the_states(api: Client, clock: SetClock) -> None:
    run = await api.run(await api.flow())
    await api.set_flow_run(run, "Running")
    first, second = (task["id"] for task in await api.task_runs(run))

    async def seen() -> dict[str, Any]:
        found = await api.ask(
            f'{{ task_run_by_pk(id: "{first}") {{ state version start_time end_time }} }}'
        )
        return dict(found["task_run_by_pk"])

    assert await seen() == {"state": "Pending", "version": 1, "start_time": None, "end_time": None}
    for state in sorted(NO_END):
        await api.set_task_run(first, state)
        assert (await seen())["end_time"] is None, state
    begun = clock.advance(minutes=1).isoformat()
    await api.set_task_run(first, "Running")
    clock.advance(hours=1)
    await api.set_task_run(first, "Running")
    assert await seen() == {
        "state": "Running",
        "version": 8,
        "start_time": begun,
        "end_time": None,
    }
    for state in sorted(END):
        ended = clock.advance(minutes=1).isoformat()
        await api.set_task_run(first, state)
        assert ((await seen())["start_time"], (await seen())["end_time"]) == (begun, ended), state
    # Neither is taken back when it runs once more.
    clock.advance(minutes=1)
    await api.set_task_run(first, "Running")
    assert ((await seen())["start_time"], (await seen())["end_time"]) == (begun, ended)
    others = {task["id"]: task["version"] for task in await api.task_runs(run)}
    assert others[second] == 1


async def test_updated_moves_with_every_change(api: Client, clock: SetClock) -> None:
    project = await api.project("Moved")
    flow_id = await api.register(flow(), project, schedule_on=False)
    run = await api.run(flow_id)
    agent = (
        await api.do("register_agent", "id", type="LocalAgent", tenant_id=api.tenant_id, labels=[])
    )["id"]
    rows = {"project": project, "flow": flow_id, "flow_run": run, "agent": agent}
    clock.advance(hours=1)
    await api.do("set_project_name", "id", project_id=project, name="Elsewhere")
    await api.do("archive_flow", flow_id=flow_id)
    await api.do("set_flow_run_name", flow_run_id=run, name="slow-heron")
    await api.queue()
    asked = " ".join(
        f'{table}: {table}_by_pk(id: "{id}") {{ created updated }}'
        for table, id in rows.items()
        if table != "agent"
    )
    noon, then = NOON.isoformat(), clock().isoformat()
    found = await api.ask(f"{{ {asked} }}")
    assert found == {table: {"created": noon, "updated": then} for table in found}
    (task,) = (await api.ask("{ task(limit: 1) { created updated } }"))["task"]
    assert task == {"created": noon, "updated": noon}


async def test_what_names_a_row_forgets_it_or_goes_with_it(api: Client) -> None:
    flow_id = await api.flow()
    run = await api.run(flow_id)
    config = await api.do("create_agent_config", "id", tenant_id=api.tenant_id, name="c")
    agent = await api.do(
        "register_agent",
        "id",
        type="LocalAgent",
        tenant_id=api.tenant_id,
        agent_config_id=config["id"],
    )
    api.headers["X-PREFECT-AGENT-ID"] = agent["id"]
    await api.set_flow_run(run, "Submitted")
    assert await api.flow_run(run, "agent_id") == {"agent_id": agent["id"]}
    await api.do("delete_agent", agent_id=agent["id"])
    assert await api.flow_run(run, "agent_id state") == {"agent_id": None, "state": "Submitted"}
    # A flow's group outlives it, and the project.
    project = (await api.ask("{ project { id } }"))["project"][0]["id"]
    await api.do("delete_project", project_id=project)
    left = await api.ask(
        "{ project { id } flow { id } task { id } edge { id } flow_run { id }"
        " task_run { id } flow_run_state { id } task_run_state { id } flow_group { flows { id } } }"
    )
    assert left.pop("flow_group") == [{"flows": []}]
    assert not any(left.values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_the_api_says_of_itself(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "{ api { backend mode version core_version release_timestamp } }"
    said = (await api.ask(asked))["api"]
    assert (said["backend"], said["mode"], said["release_timestamp"]) == ("SERVER", "normal", None)
    assert said["version"].startswith("flowtui ")
    names = ("PREFECT_SERVER_VERSION", "PREFECT_CORE_VERSION", "RELEASE_TIMESTAMP")
    for name in names:
        monkeypatch.setenv(name, f"our {name}")
    said = (await api.ask(asked))["api"]
    assert [said[key] for key in ("version", "core_version", "release_timestamp")] == [
        f"our {name}" for name in names
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_times_and_documents_in_a_literal_and_in_a_variable(api: Client) -> None:
    flow_id = await api.flow()
    for given, meant in (
        ("2021-05-08 15:00:00", "2021-05-08T15:00:00+00:00"),
        ("2021-05-08T15:00:00", "2021-05-08T15:00:00+00:00"),
        ("2021-05-08T15:00:00.25+02:00", "2021-05-08T13:00:00.25+00:00"),
        ("2021-05-08T15:00:00Z", "2021-05-08T15:00:00+00:00"),
        ("2021-05-08", "2021-05-08T00:00:00+00:00"),
    ):
        in_text = await api.ask(
            f'mutation {{ create_flow_run(input: {{flow_id: "{flow_id}", scheduled_start_time:'
            f' "{given}", context: "{{\\"a\\": [1, null]}}"}}) {{ id }} }}'
        )
        in_variable = await api.run(flow_id, scheduled_start_time=given, context={"a": [1, None]})
        for run in (in_text["create_flow_run"]["id"], in_variable):
            assert await api.flow_run(run, "scheduled_start_time context") == {
                "scheduled_start_time": meant,
                "context": {"a": [1, None]},
            }


async def test_a_version_is_never_lower_than_before(api: Client) -> None:
    """The old database passed over a state with a lower version; here whatever a client says it
    follows, it becomes the next."""
    run = await api.run(await api.flow())
    for said in (1, 0, -7, 99, None):
        await api.set_flow_run(run, {"type": "Running", "message": f"after {said}"}, said)
    found = await api.flow_run(run, "version state_message states { version }")
    assert found["version"] == 6
    assert found["state_message"] == "after None"
    assert sorted(state["version"] for state in found["states"]) == [1, 2, 3, 4, 5, 6]


async def test_what_a_table_refuses_is_said_in_the_old_words(api: Client, nobody: str) -> None:
    """Clients match on the first words, whichever database stands behind them."""
    project = {"tenant_id": api.tenant_id, "name": "etl"}
    for rows, words in (
        ([project, project], r"^Uniqueness violation\."),
        ([{**project, "tenant_id": nobody}], r"^Foreign key violation\."),
        ([{**project, "name": None}], r"^Not-NULL violation\. .*'name'"),
    ):
        with pytest.raises(ApiError, match=words):
            await api.storage.write(partial(add, rows=[dict(row) for row in rows]))
    assert (await api.ask("{ project { name } }"))["project"] == []


async def add(tx: Transaction, rows: list[Row]) -> int:
    return await tx.insert("project", rows)
