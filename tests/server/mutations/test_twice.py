"""Every mutation delivered twice has the effect of one.

Prefect's client repeats a request for about a minute when its answer is lost, so whatever it sends
may arrive again. The story below sends each mutation there is, then sends it again half a minute
later, and compares every row.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from flowtui.server.catalogue import TABLES
from flowtui.server.mutations import MUTATIONS
from tests.server.installation import Client, Refusal, flow, hourly

SIGNS_OF_LIFE = {"updated", "heartbeat", "last_queried"}
"""Columns that may move: somebody was heard again."""

REFUSED_AGAIN = {"create_tenant", "create_project", "create_api_key"}
"""What has to be unique: the second delivery is told that it is there already."""

Row = dict[str, Any]


async def everything(api: Client) -> dict[str, list[Row]]:
    """Every row of every table."""

    async def look(tx: Any) -> dict[str, list[Row]]:
        return {
            name: [
                {column: value for column, value in row.items() if column not in SIGNS_OF_LIFE}
                for row in await tx.find(name, {}, order_by=(("id", "asc"),))
            ]
            for name, table in TABLES.items()
            if table.stored
        }

    return await api.storage.write(look)


class Story:
    """What is sent, one after the other."""

    def __init__(self, api: Client) -> None:
        self.api = api

    async def twice(self, name: str, selection: str = "success", /, **values: Any) -> Any:
        """Send a mutation, and again; what the first answer was."""
        first = await self.api.do(name, selection, **values)
        once = await everything(self.api)
        self.api.clock.advance(seconds=30)
        if name in REFUSED_AGAIN:
            with pytest.raises(Refusal, match=r"^Uniqueness violation\.$"):
                await self.api.do(name, selection, **values)
        else:
            again = await self.api.do(name, selection, **values)
            assert selection != "id" or again == first, name
        assert await everything(self.api) == once, name
        self.api.clock.advance(minutes=5)
        return first


def registrations() -> Iterator[tuple[str, dict[str, Any]]]:
    """A whole flow comes with a key, as the command line sends it; one whose tasks follow, without.

    A whole flow without a key is `prefect register --force`: somebody wants another version.
    """
    whole = flow("first", schedule=hourly())
    yield "create_flow", {"serialized_flow": whole, "idempotency_key": "k"}
    begun = flow("second", tasks=[], edges=[])
    packed = base64.b64encode(gzip.compress(json.dumps(begun).encode())).decode()
    yield "create_flow_from_compressed_string", {"serialized_flow": packed}


async def test_every_mutation_delivered_twice(api: Client) -> None:
    sent: list[str] = []
    story = Story(api)
    tenant = {"tenant_id": api.tenant_id}

    async def twice(name: str, selection: str = "success", /, **values: Any) -> Any:
        sent.append(name)
        return await story.twice(name, selection, **values)

    other = {"tenant_id": (await twice("create_tenant", "id", name="x", slug="x"))["id"]}
    await twice("update_tenant_name", "id", **other, name="y")
    await twice("update_tenant_slug", "id", **other, slug="y")
    await twice("update_tenant_settings", "id", **other, settings={"a": 1})
    await twice("pause_tenant_work_queue", **tenant)
    await twice("resume_tenant_work_queue", **tenant)
    project = {"project_id": (await twice("create_project", "id", **tenant, name="p"))["id"]}
    second_project = (await api.do("create_project", "id", **tenant, name="q"))["id"]
    await twice("set_project_name", "id", **project, name="r")
    await twice("set_project_description", "id", **project, description="d")
    flows = [
        (await twice(name, "id", **project, **registration))["id"]
        for name, registration in registrations()
    ]
    one = {"flow_id": flows[0]}
    await twice("register_tasks", **one, serialized_tasks=[{"slug": "more-1", "name": "more"}])
    edge = {"upstream_task": {"slug": "load-1"}, "downstream_task": {"slug": "more-1"}}
    await twice("register_edges", **one, serialized_edges=[edge])
    await twice("update_flow_project", "id", **one, project_id=second_project)
    for name in ("flow_heartbeat", "flow_lazarus_process", "flow_version_lock"):
        await twice(f"disable_{name}", **one)
        await twice(f"enable_{name}", **one)
    await twice("disable_flow_version_lock", **one)
    group_id = (await api.ask(f'{{ flow_by_pk(id: "{flows[0]}") {{ flow_group_id }} }}'))[
        "flow_by_pk"
    ]
    await twice("set_schedule_inactive", **one)
    await twice("set_schedule_active", **one)
    clocks = [{"interval": 3600}]
    await twice("set_flow_group_schedule", **group_id, interval_clocks=clocks)
    await twice("delete_flow_group_schedule", **group_id)
    await twice("set_flow_group_default_parameters", **group_id, parameters={"x": 1})
    await twice("set_flow_group_labels", **group_id, labels=["a"])
    await twice("set_flow_group_run_config", **group_id, run_config={"type": "UniversalRun"})
    await twice("set_flow_group_description", **group_id, description="d")
    await twice("set_flow_group_labels", **group_id, labels=[])

    hook = {"type": "PREFECT_MESSAGE", "states": ["SUCCESS"], **tenant}
    hook_id = {"cloud_hook_id": (await twice("create_cloud_hook", "id", **hook))["id"]}
    await twice("set_cloud_hook_inactive", **hook_id)
    await twice("set_cloud_hook_active", **hook_id)
    web = {"type": "WEBHOOK", "states": ["FAILED"], "config": {"url": "http://10.0.0.1"}, **tenant}
    dead_end = (await api.do("create_cloud_hook", "id", **web))["id"]
    await twice("test_cloud_hook", "success error", cloud_hook_id=dead_end)

    key = {"idempotency_key": "k"}
    run = {"flow_run_id": (await twice("create_flow_run", "id", **one, **key))["id"]}
    await twice("set_flow_run_name", **run, name="n")
    await twice("set_flow_run_labels", **run, labels=[])
    agent = await twice("register_agent", "id", **tenant, type="LocalAgent", labels=[])
    await twice("get_runs_in_queue", "flow_run_ids", **tenant, labels=[])
    running = {"type": "Running"}
    await twice("set_flow_run_states", "states { status }", states=[{**run, "state": running}])
    await twice("update_flow_run_heartbeat", **run)
    task_runs = await api.task_runs(run["flow_run_id"], "id version task_id")
    task = {"task_run_id": task_runs[0]["id"]}
    named = {**run, "task_id": task_runs[0]["task_id"], "map_index": 3}
    await twice("get_or_create_task_run", "id", **named)
    await twice("get_or_create_task_run_info", "id state", **{**named, "map_index": 4})
    await twice("set_task_run_states", "states { status }", states=[{**task, "state": running}])
    await twice("set_task_run_name", **task, name="n")
    await twice("update_task_run_heartbeat", **task)
    await twice("write_run_logs", logs=[{**run, "message": "m"}, {**run, **task, "message": "m"}])
    artifact = {"kind": "link", "data": {"a": 1}}
    made = await twice("create_task_run_artifact", "id", **task, **artifact)
    artifact_id = {"task_run_artifact_id": made["id"]}
    await twice("update_task_run_artifact", **artifact_id, data={"a": 2})
    await twice("delete_task_run_artifact", **artifact_id)
    version = (await api.flow_run(run["flow_run_id"]))["version"]
    guarded = {"version": version, "state": {"type": "Success"}}
    # Another run of the same task has come since, and rows come in no order of their own.
    found = {one["id"]: one["version"] for one in await api.task_runs(run["flow_run_id"])}
    version = found[task["task_run_id"]]
    guarded_task = {"version": version, "state": {"type": "Success"}}
    await twice("set_task_run_state", "status", **task, **guarded_task)
    await twice("set_flow_run_state", "status", **run, **guarded)

    message = {"message_id": (await api.ask("{ message { id } }"))["message"][0]["id"]}
    await twice("mark_message_as_read", **message)
    await twice("mark_message_as_unread", **message)
    await twice("delete_message", **message)
    waiting = {"flow_run_id": await api.run(flows[0])}
    await twice("cancel_flow_run", "state", **waiting)
    await twice("delete_flow_run", **waiting)
    await twice("delete_agent", agent_id=agent["id"])
    config = {"name": "c", "settings": {}}
    made = await twice("create_agent_config", "id", **tenant, **config)
    config_id = {"agent_config_id": made["id"]}
    await twice("update_agent_config", **config_id, name="d")
    await twice("delete_agent_config", **config_id)
    for name, subject in (
        ("flow_concurrency_limit", "label"),
        ("task_concurrency_limit", "name"),
        ("task_tag_limit", "tag"),
    ):
        limit = await twice(f"update_{name}", "id", limit=3, **{subject: name})
        await twice(f"delete_{name}", limit_id=limit["id"])
    await twice("delete_cloud_hook", **hook_id)
    await twice("archive_flow", **one)
    await twice("delete_flow", **one)
    await twice("delete_flow_group", **group_id)
    await twice("delete_project", **project)
    await twice("delete_tenant", **other, confirm=True)
    made = await api.do("create_api_key", "id key", name="k")
    api.headers["Authorization"] = f"Bearer {made['key']}"
    await twice("create_api_key", "id key", name="l")
    spare = await api.do("create_api_key", "id", name="m")
    await twice("delete_api_key", key_id=spare["id"])
    assert set(sent) == set(MUTATIONS)
