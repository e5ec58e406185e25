"""What changed between two versions, place by place."""

from __future__ import annotations

from typing import Any

from flowtui.models.flow_tasks import FlowTask, Upstream
from flowtui.models.flows import FlowVersion, Parameter
from flowtui.models.ids import FlowId, TaskId
from flowtui.models.schedules import schedule_from
from flowtui.models.version_changes import Changes, changes
from tests.world import NOW


def version(number: int, **facts: Any) -> FlowVersion:
    return FlowVersion(FlowId(f"v{number}"), "sync", number, NOW, False, **facts)


def told(found: Changes) -> dict[str, list[tuple[str, str, str | None, str | None]]]:
    return {
        place.title: [(one.sign, one.name, one.before, one.after) for one in place.changes]
        for place in found.places
    }


def test_nothing_changed_says_what_was_looked_at() -> None:
    found = changes(version(1), version(2), [], [])
    assert found.count == 0
    assert {"parameters", "tasks", "edges", "schedule", "labels", "storage"} <= {*found.unchanged}


def test_parameters_lose_gain_and_change_their_defaults() -> None:
    old = version(1, parameters=(Parameter("a", False, 1), Parameter("b", False, "x")))
    new = version(2, parameters=(Parameter("b", True), Parameter("c", False, [1])))
    assert told(changes(old, new, [], []))["Parameters"] == [
        ("-", "a", "1", None),
        ("~", "b", "x", "required"),
        ("+", "c", None, "[1]"),
    ]


def test_a_default_that_is_a_text_is_not_the_number_it_looks_like() -> None:
    old = version(1, parameters=(Parameter("a", False, 5),))
    new = version(2, parameters=(Parameter("a", False, "5"),))
    assert told(changes(old, new, [], []))["Parameters"] == [("~", "a", "5", '"5"')]


def test_documents_are_compared_leaf_by_leaf() -> None:
    old = version(1, run_config={"type": "DockerRun", "image": "etl:1", "env": {"A": "1"}})
    new = version(
        2, run_config={"type": "DockerRun", "image": "etl:2", "env": {"A": "1", "B": "2"}}
    )
    assert told(changes(old, new, [], []))["Run config"] == [
        ("+", "env.B", None, "2"),
        ("~", "image", "etl:1", "etl:2"),
    ]


def test_labels_and_clocks_are_places_of_their_own() -> None:
    daily = {"type": "Schedule", "clocks": [{"type": "CronClock", "cron": "0 5 * * *"}]}
    old = version(1, run_config={"type": "UniversalRun", "labels": ["k8s"]})
    new = version(
        2,
        run_config={"type": "UniversalRun", "labels": ["prod"]},
        schedule=schedule_from(daily),
    )
    found = told(changes(old, new, [], []))
    assert found["Labels"] == [("-", "k8s", "set", None), ("+", "prod", None, "set")]
    assert found["Schedule"] == [("+", "clock 1", None, "daily 05:00")]
    assert "Run config" not in found


def test_tasks_and_what_they_wait_for() -> None:
    def task(slug: str, *after: str, **facts: Any) -> FlowTask:
        upstream = tuple(Upstream(one) for one in after)
        return FlowTask(TaskId(slug), FlowId("f"), slug, slug, upstream=upstream, **facts)

    old = [task("extract"), task("load", "extract", max_retries=3, retry_seconds=60.0)]
    new = [task("extract"), task("clean", "extract"), task("load", "clean", is_mapped=True)]
    found = changes(version(1), version(2), old, new)
    assert told(found)["Tasks"] == [
        ("+", "clean", None, "plain"),
        ("~", "load", "retries 3, every 1m", "mapped"),
    ]
    assert told(found)["Edges"] == [("~", "load", "after extract", "after clean")]
    assert found.places[0].note == "3, was 2"
