"""What an operation does with rows: they come back as they were put in, and conditions mean what
they say.
"""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowtui.errors import ApiError, UniquenessViolation
from flowtui.server.storage import open_storage
from flowtui.server.storage.ids import TimeOrderedIds
from flowtui.server.storage.values import (
    interval_text,
    parse_interval,
    parse_timestamp,
    store_json,
    store_text,
    store_timestamp,
)


@pytest.fixture
async def storage(database, clock):
    opened = await open_storage(database, clock=clock, synchronous="OFF")
    yield opened
    await opened.close()


async def a_flow(tx, slug="acme"):
    """A tenant with a project with a flow with two tasks."""
    tenant = {"name": slug, "slug": slug}
    await tx.insert("tenant", [tenant])
    project = {"tenant_id": tenant["id"], "name": "etl"}
    await tx.insert("project", [project])
    group = {"tenant_id": tenant["id"], "name": "group"}
    await tx.insert("flow_group", [group])
    flow = {"project_id": project["id"], "flow_group_id": group["id"], "name": "daily"}
    await tx.insert("flow", [{**flow, "tenant_id": tenant["id"]}])
    flow = await tx.first("flow", {"flow_group_id": {"_eq": group["id"]}})
    tasks = [{"flow_id": flow["id"], "slug": slug} for slug in ("extract", "load")]
    await tx.insert("task", tasks)
    return flow, tasks


async def test_what_a_row_leaves_out_is_filled_in(storage, clock):
    async def operation(tx):
        flow, _ = await a_flow(tx)
        run = {"flow_id": flow["id"]}
        await tx.insert("flow_run", [run])
        return run["id"], await tx.get("flow_run", run["id"])

    id, run = await storage.write(operation)

    assert run["id"] == id
    assert uuid.UUID(id).version == 7
    assert run["created"] == run["updated"] == run["scheduled_start_time"] == clock.now
    assert (run["parameters"], run["labels"], run["context"]) == ({}, [], None)
    assert (run["version"], run["times_resurrected"], run["auto_scheduled"]) == (0, 0, False)


async def test_values_come_back_as_they_went_in(storage):
    moment = datetime(2021, 5, 7, 17, 9, 16, 815228, timezone(timedelta(hours=2)))
    given = {
        "name": "näh\U0001f600",
        "parameters": {"b": [1, 2.5, None, True], "a": {"ü": "\N{BUG}"}},
        "scheduled_start_time": moment,
        "auto_scheduled": True,
    }

    async def operation(tx):
        flow, tasks = await a_flow(tx)
        run = {**given, "flow_id": flow["id"].upper()}
        await tx.insert("flow_run", [run])
        await tx.update("task", {"slug": {"_eq": "load"}}, {"retry_delay": timedelta(minutes=1.5)})
        return await tx.get("flow_run", run["id"]), await tx.get("task", tasks[1]["id"])

    run, task = await storage.write(operation)

    assert {name: run[name] for name in given} == given
    assert run["scheduled_start_time"].utcoffset() == timedelta(0)
    assert run["flow_id"] == run["flow_id"].lower()
    assert task["retry_delay"] == timedelta(minutes=1.5)


async def test_only_the_columns_asked_for_are_read(storage):
    async def operation(tx):
        await a_flow(tx)
        return await tx.find("flow", columns=("id", "name"))

    (flow,) = await storage.write(operation)
    assert set(flow) == {"id", "name"}


async def test_a_change_moves_updated_and_says_how_many_rows_it_met(storage, clock):
    async def make(tx):
        return (await a_flow(tx))[0]

    async def rename(tx):
        changed = await tx.update("flow", {"id": {"_eq": made["id"]}}, {"name": "nightly"})
        missed = await tx.update("flow", {"name": {"_eq": "daily"}}, {"name": "weekly"})
        return changed, missed, await tx.get("flow", made["id"])

    made = await storage.write(make)
    clock.forward(minutes=5)
    changed, missed, flow = await storage.write(rename)

    assert (changed, missed) == (1, 0)
    assert flow["name"] == "nightly"
    assert flow["updated"] == clock.now > flow["created"]


async def test_rows_whose_key_exists_can_be_passed_over(storage):
    async def operation(tx):
        flow, _ = await a_flow(tx)
        again = [{"flow_id": flow["id"], "slug": slug} for slug in ("load", "report")]
        return await tx.insert("task", again, ignore_conflicts=True), await tx.count("task")

    assert await storage.write(operation) == (1, 3)


async def test_of_hundreds_of_rows_each_is_counted_once(storage):
    async def operation(tx):
        flow, _ = await a_flow(tx)
        before = await tx.count("task")

        def some(numbers):
            return [{"flow_id": flow["id"], "slug": f"{n}", "max_retries": n} for n in numbers]

        added = await tx.insert("task", some(range(300)))
        more = await tx.insert("task", some(range(200, 507)), ignore_conflicts=True)
        with pytest.raises(UniquenessViolation):
            await tx.insert("task", some(range(506, 1000)))
        found = await tx.find("task", {"max_retries": {"_is_null": False}}, columns=("slug",))
        return added, more, await tx.count("task") - before, {int(one["slug"]) for one in found}

    assert await storage.write(operation) == (300, 207, 507, set(range(507)))


async def test_a_batch_that_breaks_a_rule_leaves_nothing_behind(storage):
    async def operation(tx):
        flow, _ = await a_flow(tx)
        batch = [{"flow_id": flow["id"], "slug": slug} for slug in ("new", "load")]
        with pytest.raises(UniquenessViolation):
            await tx.insert("task", batch)
        return await tx.count("task")

    assert await storage.write(operation) == 2


async def test_deleting_takes_along_what_hangs_on_a_row_and_forgets_what_only_names_it(storage):
    async def operation(tx):
        flow, tasks = await a_flow(tx)
        agent = {"tenant_id": flow["tenant_id"], "name": "agent"}
        await tx.insert("agent", [agent])
        run = {"flow_id": flow["id"], "agent_id": agent["id"]}
        await tx.insert("flow_run", [run])
        await tx.insert("task_run", [{"flow_run_id": run["id"], "task_id": tasks[0]["id"]}])
        await tx.insert("log", [{"flow_run_id": run["id"], "message": "hello"}])
        await tx.delete("agent", {"id": {"_eq": agent["id"]}})
        forgotten = (await tx.get("flow_run", run["id"]))["agent_id"]
        deleted = await tx.delete("project", {"name": {"_eq": "etl"}})
        left = [await tx.count(name) for name in ("flow", "task", "flow_run", "task_run", "log")]
        return forgotten, deleted, left, await tx.count("flow_group")

    assert await storage.write(operation) == (None, 1, [0, 0, 0, 0, 0], 1)


async def test_conditions_reach_through_relations_and_rows_come_in_order(storage):
    async def operation(tx):
        flow, _ = await a_flow(tx)
        await a_flow(tx, "other")
        runs = [{"flow_id": flow["id"], "name": name, "state": "Failed"} for name in "bca"]
        await tx.insert("flow_run", runs)
        found = await tx.find(
            "flow_run",
            {
                "flow": {"project": {"tenant": {"slug": {"_eq": "acme"}}}},
                "state": {"_in": ["Failed"]},
            },
            order_by=[("name", "desc")],
            limit=2,
        )
        return [run["name"] for run in found], await tx.count("flow", {"flow_runs": {}})

    assert await storage.write(operation) == (["c", "b"], 1)


@pytest.mark.parametrize(
    "where",
    [
        {"id": {"_eq": None}},
        {"id": None},
        None,
        {"id": {"_in": [None]}},
        {"_or": [{"name": {"_eq": "daily"}}, {"id": {"_eq": None}}]},
        {"_not": None},
        {"project": None},
        {"project": {"name": None}},
    ],
    ids=str,
)
async def test_inside_the_server_none_never_selects_everything(storage, where):
    async def operation(tx):
        await tx.delete("flow", where)

    with pytest.raises(ValueError, match="None"):
        await storage.write(operation)


@pytest.mark.parametrize("where", [{"colour": {"_eq": 1}}, {"name": {"_resembles": "x"}}], ids=str)
async def test_a_misspelt_condition_is_an_error(storage, where):
    async def operation(tx):
        await tx.find("flow", where)

    with pytest.raises(LookupError, match=r"colour|_resembles"):
        await storage.write(operation)


async def test_a_misspelt_column_is_an_error(storage):
    async def insert(tx):
        await tx.insert("tenant", [{"name": "a", "slug": "a", "colour": "red"}])

    async def update(tx):
        await tx.update("tenant", {"slug": {"_eq": "a"}}, {"colour": "red"})

    for operation in (insert, update):
        with pytest.raises(LookupError, match="colour"):
            await storage.write(operation)


async def test_a_value_that_is_required_is_asked_for_by_name(storage):
    async def operation(tx):
        await tx.insert("tenant", [{"name": "a"}])

    with pytest.raises(ApiError, match="slug"):
        await storage.write(operation)


async def test_the_queue_gives_an_agent_what_is_due_and_what_its_labels_allow(storage, clock):
    states = ["Scheduled", "Paused", "Queued", "Resume", "Retrying"]

    async def operation(tx):
        flow, tasks = await a_flow(tx)
        due, later = tx.now - timedelta(seconds=1), tx.now + timedelta(hours=1)
        base = {"flow_id": flow["id"], "tenant_id": flow["tenant_id"]}
        runs = {
            "due": {"state": "Scheduled", "state_start_time": due},
            "earlier": {"state": "Retrying", "state_start_time": due - timedelta(hours=1)},
            "later": {"state": "Scheduled", "state_start_time": later},
            "finished": {"state": "Success", "state_start_time": due},
            "waiting for a task": {"state": "Running"},
            "labelled": {"state": "Scheduled", "state_start_time": due, "labels": ["gpu"]},
            "two labels": {"state": "Scheduled", "state_start_time": due, "labels": ["gpu", "x"]},
        }
        for name, run in runs.items():
            row = {**base, **run, "name": name}
            await tx.insert("flow_run", [row])
            if name == "waiting for a task":
                waiting = {"state": "Paused", "state_start_time": due}
                await tx.insert(
                    "task_run", [{"flow_run_id": row["id"], "task_id": tasks[0]["id"], **waiting}]
                )
        names = {run["id"]: run["name"] for run in await tx.find("flow_run")}

        async def queue(*labels, limit=25):
            found = await tx.rows(
                "runs_in_queue",
                tenant_id=flow["tenant_id"],
                before=tx.now,
                states=states,
                labels=list(labels),
                taken=["crowded"],
                limit=limit,
            )
            return [names[row["id"]] for row in found]

        return await queue(), await queue(limit=1), await queue("gpu"), await queue("x", "gpu")

    plain, one, gpu, both = await storage.write(operation)

    assert plain == ["earlier", "due", "waiting for a task"]
    assert one == ["earlier"]
    assert gpu == ["labelled"]
    assert set(both) == {"labelled", "two labels"}


async def test_the_children_of_a_mapped_task_are_counted_by_state(storage, clock):
    async def operation(tx):
        flow, tasks = await a_flow(tx)
        run = {"flow_id": flow["id"]}
        await tx.insert("flow_run", [run])
        base = {"flow_run_id": run["id"], "task_id": tasks[0]["id"]}
        parent = {**base, "state": "Mapped"}
        await tx.insert("task_run", [parent])
        children = [
            {**base, "map_index": 0, "state": "Success", "start_time": tx.now},
            {**base, "map_index": 1, "state": "Success", "end_time": tx.now},
            {**base, "map_index": 2, "state": "Failed"},
        ]
        await tx.insert("task_run", children)
        return await tx.rows("mapped_children", task_run_id=parent["id"])

    found = {row["state"]: row for row in await storage.write(operation)}

    assert {state: row["runs"] for state, row in found.items()} == {"Success": 2, "Failed": 1}
    assert found["Success"]["min_start_time"] == found["Success"]["max_end_time"] == clock.now


def test_ids_grow_with_time_and_within_a_millisecond():
    ids, now = TimeOrderedIds(), datetime(2026, 1, 2, tzinfo=timezone.utc)
    made = [ids.new(now + timedelta(milliseconds=n // 500)) for n in range(2000)]

    assert made == sorted(made)
    assert len(set(made)) == 2000
    assert all(uuid.UUID(one).variant == uuid.RFC_4122 for one in made)


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_stored_timestamps_sort_as_the_moments_do(one, other):
    try:
        texts = store_timestamp(one), store_timestamp(other)
    except ApiError:
        return  # the first and the last day of the calendar, pushed out of it by their zone
    moments = one.astimezone(timezone.utc), other.astimezone(timezone.utc)

    assert (texts[0] < texts[1]) == (moments[0] < moments[1])
    assert {len(text) for text in texts} == {26}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-05-07T15:09:16.815228+00:00", (2021, 5, 7, 15, 9, 16, 815228)),
        ("2021-05-07T17:09:16+02:00", (2021, 5, 7, 15, 9, 16)),
        ("2021-05-07T15:09:16Z", (2021, 5, 7, 15, 9, 16)),
        ("2021-05-07 15:09:16", (2021, 5, 7, 15, 9, 16)),
        ("2021-05-07T15:09:16.8", (2021, 5, 7, 15, 9, 16, 800000)),
        ("2021-05-07", (2021, 5, 7)),
    ],
)
def test_timestamps_are_read_as_clients_write_them(text, moment):
    assert parse_timestamp(text) == datetime(*moment, tzinfo=timezone.utc)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9999)))
def test_intervals_are_read_as_they_are_written(span):
    assert parse_interval(interval_text(span // timedelta(microseconds=1))) == span


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(60, "00:01:00"), (86490, "1 day 00:01:30"), (1.5, "00:00:01.5"), (172800, "2 days")],
)
def test_intervals_look_as_postgres_writes_them(seconds, text):
    assert interval_text(int(seconds * 1_000_000)) == text


def test_equal_documents_are_equal_text():
    assert store_json({"a": 1, "b": [2]}) == store_json({"b": [2], "a": 1}) == '{"a":1,"b":[2]}'


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, object()], ids=["nan", "set", "object"])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(ApiError, match="invalid input syntax for type json"):
        store_json(value)


@given(st.text(st.characters()))
def test_any_text_can_be_stored(text):
    assert "\x00" not in store_text(text)
    store_text(text).encode("utf-8")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=DOCUMENTS, text=TEXTS)
async def test_documents_and_text_survive_the_database(storage, document, text):
    async def operation(tx):
        row = {"name": text, "slug": str(uuid.uuid4()), "info": document}
        await tx.insert("tenant", [row])
        return await tx.get("tenant", row["id"])

    found = await storage.write(operation)
    assert (found["info"], found["name"]) == (document, text)


async def test_what_no_text_can_hold_is_replaced(storage):
    async def operation(tx):
        row = {"name": "a\x00b", "slug": "a", "info": {"k": ["a\x00b", "\N{BUG}", "\ud83d"]}}
        await tx.insert("tenant", [row])
        return await tx.get("tenant", row["id"])

    found = await storage.write(operation)
    assert found["name"] == "a\N{SYMBOL FOR NULL}b"
    assert found["info"]["k"][1] == "\N{BUG}"
    # Documents are another matter: SQLite takes them as they are.
    assert found["info"]["k"][0] in ("a\x00b", "a\N{SYMBOL FOR NULL}b")
    assert found["info"]["k"][2] in ("\ud83d", "?")


@pytest.mark.parametrize("clause", ["alone", "shared"])
async def test_what_is_kept_is_read_as_the_last_one_left_it(storage, clause):
    async def make(tx):
        flow, _ = await a_flow(tx)
        return flow["id"]

    flow_id = await storage.write(make)

    async def count(tx):
        flow = await tx.get("flow", flow_id, columns=("version",), keep="alone")
        shared = await tx.first("flow", {"id": {"_eq": flow_id}}, keep=clause)
        assert shared["version"] == flow["version"]
        version = (flow["version"] or 0) + 1
        await tx.update("flow", {"id": {"_eq": flow_id}}, {"version": version})
        return version

    counted = await asyncio.gather(*(storage.write(count) for _ in range(8)))
    assert sorted(counted) == list(range(1, 9))
