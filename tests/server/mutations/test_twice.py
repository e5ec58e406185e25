"""Every mutation delivered twice has the effect of one.

Prefect's client repeats a request for about a minute when its answer is lost, so whatever it sends
may arrive again: half a minute later, when the server has been started anew meanwhile, or at the
same time. The story below sends each mutation there is, and compares the rows.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from flowtui.server.catalogue import TABLES
from flowtui.server.embedded import backend
from flowtui.server.mutations import MUTATIONS
from flowtui.server.settings import ServerSettings
from tests.server.installation import Client, Refusal, SetClock, flow, hourly

SIGNS_OF_LIFE = {"updated", "heartbeat", "last_queried", "contacts"}
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


class Restarted:
    """A backend that can be started anew."""

    def __init__(self, database: str, clock: SetClock) -> None:
        self._settings = ServerSettings(database=database)
        self._clock = clock
        self._running = AsyncExitStack()

    async def start(self, headers: Mapping[str, str] = MappingProxyType({})) -> Client:
        """End the server, if one runs, and start another on its database."""
        await self.stop()
        ours = backend(self._settings, clock=self._clock, synchronous="OFF")
        client = Client(await self._running.enter_async_context(ours), self._clock)
        self._running.push_async_callback(client.http.aclose)
        client.headers |= headers
        return client

    async def stop(self) -> None:
        """End the server."""
        await self._running.aclose()


@pytest.fixture
async def restarted(database: str, clock: SetClock) -> AsyncIterator[Restarted]:
    made = Restarted(database, clock)
    yield made
    await made.stop()


class Story:
    """What is sent, one after the other; each time to a server that was started anew."""

    def __init__(self, api: Client, restarted: Restarted) -> None:
        self.api = api
        self._restarted = restarted

    async def deliver(self, name: str, selection: str = "success", /, **values: Any) -> Any:
        """Send a mutation, and again; what the first answer was."""
        first = await self.api.do(name, selection, **values)
        once = await everything(self.api)
        self.api.clock.advance(seconds=30)
        self.api = await self._restarted.start(self.api.headers)
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


async def tell(story: Story) -> None:
    """Send every mutation there is, in an order that makes sense."""
    sent: list[str] = []
    tenant = {"tenant_id": story.api.tenant_id}

    async def twice(name: str, selection: str = "success", /, **values: Any) -> Any:
        sent.append(name)
        return await story.deliver(name, selection, **values)

    other = {"tenant_id": (await twice("create_tenant", "id", name="x", slug="x"))["id"]}
    await twice("update_tenant_name", "id", **other, name="y")
    await twice("update_tenant_slug", "id", **other, slug="y")
    await twice("update_tenant_settings", "id", **other, settings={"a": 1})
    await twice("pause_tenant_work_queue", **tenant)
    await twice("resume_tenant_work_queue", **tenant)
    project = {"project_id": (await twice("create_project", "id", **tenant, name="p"))["id"]}
    second_project = (await story.api.do("create_project", "id", **tenant, name="q"))["id"]
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
    group_id = (await story.api.ask(f'{{ flow_by_pk(id: "{flows[0]}") {{ flow_group_id }} }}'))[
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
    dead_end = (await story.api.do("create_cloud_hook", "id", **web))["id"]
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
    task_runs = await story.api.task_runs(run["flow_run_id"], "id version task_id")
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
    version = (await story.api.flow_run(run["flow_run_id"]))["version"]
    guarded = {"version": version, "state": {"type": "Success"}}
    # Another run of the same task has come since, and rows come in no order of their own.
    found = {one["id"]: one["version"] for one in await story.api.task_runs(run["flow_run_id"])}
    version = found[task["task_run_id"]]
    guarded_task = {"version": version, "state": {"type": "Success"}}
    await twice("set_task_run_state", "status", **task, **guarded_task)
    await twice("set_flow_run_state", "status", **run, **guarded)

    message = {"message_id": (await story.api.ask("{ message { id } }"))["message"][0]["id"]}
    await twice("mark_message_as_read", **message)
    await twice("mark_message_as_unread", **message)
    await twice("delete_message", **message)
    waiting = {"flow_run_id": await story.api.run(flows[0])}
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
    made = await story.api.do("create_api_key", "id key", name="k")
    story.api.headers["Authorization"] = f"Bearer {made['key']}"
    await twice("create_api_key", "id key", name="l")
    spare = await story.api.do("create_api_key", "id", name="m")
    await twice("delete_api_key", key_id=spare["id"])
    assert set(sent) == set(MUTATIONS)


async def test_every_mutation_delivered_again_after_a_restart(restarted: Restarted) -> None:
    await tell(Story(await restarted.start(), restarted))


class Once(Story):
    """What is sent, once; and what came of it, each time."""

    def __init__(self, api: Client) -> None:
        self.api = api
        self.effects: list[Any] = []

    async def deliver(self, name: str, selection: str = "success", /, **values: Any) -> Any:
        """Send a mutation."""
        answer = await self.api.do(name, selection, **values)
        self.effects.append((name, await measured(self.api)))
        self.api.clock.advance(minutes=5)
        return answer


class AtTheSameTime(Once):
    """What is sent, and sent again before there is an answer."""

    async def deliver(self, name: str, selection: str = "success", /, **values: Any) -> Any:
        """Send a mutation twice; what one of the two was answered that was not refused."""
        answers = await asyncio.gather(
            *(self.api.do(name, selection, **values) for _ in range(2)), return_exceptions=True
        )
        done = [answer for answer in answers if not isinstance(answer, BaseException)]
        refused = [str(answer) for answer in answers if isinstance(answer, BaseException)]
        assert refused == (["Uniqueness violation."] if name in REFUSED_AGAIN else []), name
        assert selection != "id" or len({one["id"] for one in done}) == 1, name
        self.effects.append((name, await measured(self.api)))
        self.api.clock.advance(minutes=5)
        return done[0]


async def measured(api: Client) -> dict[str, Any]:
    """How many rows each table has, and what the numbers in them come to."""
    return {
        name: (
            len(rows),
            {
                column.name: sum(row[column.name] or 0 for row in rows)
                for column in TABLES[name].numeric
            },
        )
        for name, rows in (await everything(api)).items()
    }


async def test_every_mutation_delivered_twice_at_once(
    restarted: Restarted, tmp_path: Path, clock: SetClock
) -> None:
    begun = clock.now
    single = Restarted(str(tmp_path / "once.db"), clock)
    once = Once(await single.start())
    await tell(once)
    await single.stop()
    clock.now = begun
    twice = AtTheSameTime(await restarted.start())
    await tell(twice)
    for (name, expected), (_, found) in zip(once.effects, twice.effects, strict=True):
        assert found == expected, name
