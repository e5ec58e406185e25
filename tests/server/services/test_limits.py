"""Limits on labels and tags: who has a place runs, everybody else waits and is told why."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flowtui.server.loops.lazarus import bring_back
from tests.server.installation import Client, Refusal, SetClock, flow

NO_PLACE = "The limit of 1 flow run with the label gpu is reached."


async def limit_label(api: Client, label: str, limit: int) -> str:
    made = await api.do("update_flow_concurrency_limit", "id", label=label, limit=limit)
    return str(made["id"])


async def limit_tag(api: Client, tag: str, limit: int) -> str:
    """As the Python client does it."""
    made = await api.do("update_task_tag_limit", "id", tag=tag, limit=limit)
    return str(made["id"])


async def labelled(api: Client, *labels: str, count: int = 2) -> list[str]:
    """Runs with labels, the first due first."""
    flow_id = await api.flow()
    runs = []
    for _ in range(count):
        runs.append(await api.run(flow_id, labels=list(labels)))
        api.clock.advance(seconds=1)
    return runs


async def tagged(api: Client, *tags: str) -> tuple[str, list[str]]:
    """A Running flow run whose two tasks have tags, and its task runs."""
    tasks = [{**task, "tags": list(tags)} for task in flow()["tasks"]]
    run = await api.run(await api.flow(tasks=tasks))
    await api.set_flow_run(run, "Running")
    return run, [task_run["id"] for task_run in await api.task_runs(run)]


async def test_limits_are_set_changed_listed_and_removed(api: Client) -> None:
    listing = "{ flow_concurrency_limit(order_by: {name: asc}) { id name limit } }"
    gpu = await limit_label(api, "gpu", 1)
    lab = await limit_label(api, "lab", 5)
    assert await limit_label(api, "gpu", 2) == gpu
    assert (await api.ask(listing))["flow_concurrency_limit"] == [
        {"id": gpu, "name": "gpu", "limit": 2},
        {"id": lab, "name": "lab", "limit": 5},
    ]
    remove = ("delete_flow_concurrency_limit", "success")
    assert await api.do(*remove, limit_id=gpu) == {"success": True}
    assert await api.do(*remove, limit_id=gpu) == {"success": False}
    assert len((await api.ask(listing))["flow_concurrency_limit"]) == 1


async def test_limits_of_tags_have_two_names(api: Client) -> None:
    made = await limit_tag(api, "database", 3)
    found = await api.ask(
        "query($tag: String) { task_tag_limit(where: {tag: {_eq: $tag}}) { id tag limit }"
        " task_concurrency_limit { id name limit } task_tag_limit_aggregate { aggregate { count } }"
        f' task_tag_limit_by_pk(id: "{made}") {{ limit }} }}',
        tag="database",
    )
    assert found == {
        "task_tag_limit": [{"id": made, "tag": "database", "limit": 3}],
        "task_concurrency_limit": [{"id": made, "name": "database", "limit": 3}],
        "task_tag_limit_aggregate": {"aggregate": {"count": 1}},
        "task_tag_limit_by_pk": {"limit": 3},
    }
    assert (await api.do("update_task_concurrency_limit", "id", name="database", limit=4))[
        "id"
    ] == made
    assert await api.do("delete_task_tag_limit", limit_id=made) == {"success": True}
    assert await api.do("delete_task_concurrency_limit", limit_id=made) == {"success": False}


@pytest.mark.parametrize(
    ("input", "message"),
    [
        ({"label": "gpu", "limit": -1}, r"Concurrency limits must be >= 0\."),
        ({"label": "", "limit": 1}, r"A limit needs a label\."),
        (
            {"label": "gpu", "limit": 1, "tenant_id": "00000000-0000-4000-8000-000000000000"},
            r"Invalid tenant id\.",
        ),
    ],
)
async def test_limits_that_make_no_sense(api: Client, input: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal, match=message):
        await api.do("update_flow_concurrency_limit", "id", **input)


async def test_a_run_without_a_place_waits_and_is_told_why(api: Client) -> None:
    await limit_label(api, "gpu", 1)
    first, second = await labelled(api, "gpu")
    assert (await api.set_flow_run(first, "Running"))["status"] == "SUCCESS"
    await api.set_flow_run(second, "Submitted")
    answer = await api.set_flow_run(second, "Running")
    assert (answer["status"], answer["message"]) == ("QUEUED", NO_PLACE)
    waiting = await api.flow_run(
        second, "state state_message state_start_time start_time serialized_state"
    )
    assert (waiting["state"], waiting["state_message"]) == ("Queued", NO_PLACE)
    assert waiting["state_start_time"] is None
    assert waiting["start_time"] is None
    assert waiting["serialized_state"]["state"]["type"] == "Submitted"
    await api.set_flow_run(first, "Success")
    assert (await api.set_flow_run(second, "Running"))["status"] == "SUCCESS"
    assert (await api.flow_run(second))["state"] == "Running"


async def test_asking_again_adds_nothing_to_the_history(api: Client, clock: SetClock) -> None:
    await limit_label(api, "gpu", 0)
    (run,) = await labelled(api, "gpu", count=1)
    versions = set()
    for _ in range(3):
        asked = clock.advance(seconds=30)
        assert (await api.set_flow_run(run, "Running"))["status"] == "QUEUED"
        found = await api.flow_run(run, "version heartbeat states { state }")
        assert found["heartbeat"] == asked.isoformat()
        assert len(found["states"]) == 2
        versions.add(found["version"])
    assert versions == {2}


async def test_the_same_request_twice_takes_one_place(api: Client) -> None:
    await limit_label(api, "gpu", 2)
    first, second = await labelled(api, "gpu")
    for run in (first, first, second, second):
        assert (await api.set_flow_run(run, "Running"))["status"] == "SUCCESS"


async def test_many_at_once_take_as_many_places_as_there_are(api: Client) -> None:
    await limit_label(api, "gpu", 3)
    runs = await labelled(api, "gpu", count=12)
    answers = await asyncio.gather(*(api.set_flow_run(run, "Running") for run in runs))
    assert [answer["status"] for answer in answers].count("SUCCESS") == 3


async def test_a_place_is_needed_under_every_limited_label(api: Client) -> None:
    await limit_label(api, "gpu", 5)
    await limit_label(api, "lab", 1)
    await api.set_flow_run((await labelled(api, "lab", count=1))[0], "Running")
    both, gpu = (
        (await labelled(api, "gpu", "lab", "unlimited", count=1))[0],
        (await labelled(api, "gpu", "unlimited", count=1))[0],
    )
    answer = await api.set_flow_run(both, "Running")
    assert answer["message"] == "The limit of 1 flow run with the label lab is reached."
    assert (await api.set_flow_run(gpu, "Running"))["status"] == "SUCCESS"


@pytest.mark.parametrize("state", ["Running", "Cancelling"])
async def test_a_run_keeps_its_place_until_it_is_over(api: Client, state: str) -> None:
    await limit_label(api, "gpu", 1)
    first, second = await labelled(api, "gpu")
    await api.set_flow_run(first, "Running")
    await api.set_flow_run(first, state)
    assert (await api.set_flow_run(second, "Running"))["status"] == "QUEUED"


async def test_a_limit_that_is_lowered_ends_nothing(api: Client) -> None:
    first, second = await labelled(api, "gpu")
    for run in (first, second):
        await api.set_flow_run(run, "Running")
    await limit_label(api, "gpu", 1)
    assert (await api.set_flow_run(second, "Running"))["status"] == "SUCCESS"
    assert (await api.flow_run(first))["state"] == "Running"


async def test_a_waiting_run_is_cancelled_like_any_other(api: Client) -> None:
    await limit_label(api, "gpu", 0)
    (run,) = await labelled(api, "gpu", count=1)
    await api.set_flow_run(run, "Running")
    done = await api.do("cancel_flow_run", "state", flow_run_id=run)
    assert done == {"state": "Cancelled"}


async def test_a_run_whose_process_died_waiting_is_scheduled_again(
    api: Client, clock: SetClock
) -> None:
    """It has no start time, so that no agent comes for it while its process lives."""
    await limit_label(api, "gpu", 0)
    (run,) = await labelled(api, "gpu", count=1)
    await api.set_flow_run(run, "Running")
    assert await api.queue("gpu") == []
    clock.advance(minutes=9)
    await api.set_flow_run(run, "Running")
    clock.advance(minutes=9)
    assert (await bring_back(api.storage, silent_for=600, attempts=3))["runs rescheduled"] == 0
    clock.advance(minutes=1)
    assert (await bring_back(api.storage, silent_for=600, attempts=3))["runs rescheduled"] == 1
    assert (await api.flow_run(run))["state"] == "Scheduled"


async def test_agents_are_handed_as_many_runs_as_there_are_places(api: Client) -> None:
    await limit_label(api, "gpu", 2)
    runs = await labelled(api, "gpu", count=4)
    free = (await labelled(api, "gpu", "free", count=1))[0]
    assert await api.queue("gpu") == runs[:2]
    assert await api.queue("gpu", "free") == runs[:2]
    await api.set_flow_run(runs[0], "Submitted")
    assert await api.queue("gpu") == runs[1:2]
    await api.set_flow_run(runs[0], "Running")
    await api.set_flow_run(runs[1], "Submitted")
    assert await api.queue("gpu", "free") == []
    await api.set_flow_run(runs[0], "Failed")
    assert await api.queue("gpu", "free") == [runs[2]]
    assert free not in await api.queue("gpu", "free")


async def test_runs_without_a_place_do_not_hide_others_in_the_queue(api: Client) -> None:
    await limit_label(api, "gpu", 0)
    await labelled(api, "gpu", count=30)
    last = (await labelled(api, "cpu", count=1))[0]
    assert await api.queue("gpu", "cpu") == [last]


async def test_a_run_that_is_resumed_has_its_place_already(api: Client) -> None:
    await limit_label(api, "gpu", 1)
    (run,) = await labelled(api, "gpu", count=1)
    await api.set_flow_run(run, "Running")
    task_run = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(task_run, "Paused")
    await api.set_task_run(task_run, "Resume")
    assert await api.queue("gpu") == [run]


async def test_task_runs_wait_for_places_under_their_tags(api: Client) -> None:
    made = await limit_tag(api, "database", 1)
    run, (first, second) = await tagged(api, "database", "slow")
    assert (await api.set_task_run(first, "Running"))["status"] == "SUCCESS"
    answer = await api.set_task_run(second, "Running")
    message = "The limit of 1 task run with the tag database is reached."
    assert (answer["status"], answer["message"]) == ("QUEUED", message)
    states = [one["state"] for one in await api.task_runs(run)]
    assert states == ["Running", "Queued"]
    assert await api.queue() == []
    await api.set_task_run(first, {"type": "Retrying", "start_time": "2021-05-08T00:00:00Z"})
    assert (await api.set_task_run(second, "Running"))["status"] == "SUCCESS"
    assert (await api.set_task_run(first, "Running"))["status"] == "QUEUED"
    await api.do("delete_task_tag_limit", limit_id=made)
    assert (await api.set_task_run(first, "Running"))["status"] == "SUCCESS"


async def test_inputs_survive_the_wait(api: Client) -> None:
    await limit_tag(api, "database", 0)
    run, (first, _) = await tagged(api, "database")
    inputs = {"x": {"type": "NoResultType", "__version__": "1.4.1"}}
    retrying = {"type": "Retrying", "run_count": 2, "cached_inputs": inputs}
    await api.set_task_run(first, retrying)
    await api.set_task_run(first, "Running")
    found, _ = await api.task_runs(run, "state serialized_state")
    assert found["serialized_state"]["cached_inputs"] == inputs
    assert found["serialized_state"]["state"]["run_count"] == 2


async def test_task_runs_of_runs_that_ended_keep_no_place(api: Client) -> None:
    """A flow process that is killed leaves its task runs Running."""
    await limit_tag(api, "database", 1)
    dead, (left, _) = await tagged(api, "database")
    await api.set_task_run(left, "Running")
    await api.set_flow_run(dead, "Failed")
    _, (first, _) = await tagged(api, "database")
    assert (await api.set_task_run(first, "Running"))["status"] == "SUCCESS"


async def test_usage_is_what_runs_now(api: Client) -> None:
    await limit_label(api, "gpu", 3)
    await limit_label(api, "idle", 1)
    runs = await labelled(api, "gpu", "lab")
    await api.set_flow_run(runs[0], "Running")
    await api.set_flow_run(runs[1], "Submitted")
    await limit_tag(api, "database", 3)
    _, (first, _) = await tagged(api, "database")
    await api.set_task_run(first, "Running")
    found = await api.ask(
        "query($labels: [String!]) { limited: flow_concurrency { label usage }"
        " asked: flow_concurrency(labels: $labels) { label usage }"
        ' task_concurrency(names: ["database", "other"]) { name usage } }',
        labels=["lab", "gpu"],
    )
    assert found == {
        "limited": [{"label": "gpu", "usage": 1}, {"label": "idle", "usage": 0}],
        "asked": [{"label": "lab", "usage": 1}, {"label": "gpu", "usage": 1}],
        "task_concurrency": [
            {"name": "database", "usage": 1},
            {"name": "other", "usage": 0},
        ],
    }


async def test_limits_are_their_tenant_s_own(api: Client) -> None:
    other = (await api.do("create_tenant", "id", name="Other", slug="other"))["id"]
    await api.do("update_flow_concurrency_limit", "id", label="gpu", limit=0, tenant_id=other)
    (run,) = await labelled(api, "gpu", count=1)
    assert await api.queue("gpu") == [run]
    assert (await api.set_flow_run(run, "Running"))["status"] == "SUCCESS"
    asked = f'{{ flow_concurrency(tenant_id: "{other}") {{ label usage }} }}'
    assert (await api.ask(asked))["flow_concurrency"] == [{"label": "gpu", "usage": 0}]
