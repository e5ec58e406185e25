"""The filter language: what is found, what is offered, and what is said when it makes no sense."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.models import states
from flowtui.models.filter_fields import FLOWS, LANGUAGES, RUNS, TASKS
from flowtui.models.filter_kinds import span_seconds
from flowtui.models.filters import Language
from flowtui.models.flows import FlowSummary, FlowVersion
from flowtui.models.ids import FlowGroupId, FlowId, FlowRunId, TaskId, TaskRunId
from flowtui.models.runs import FlowRun
from flowtui.models.schedules import Schedule
from flowtui.models.states import RunState, StateRecord
from flowtui.models.tasks import TaskRun

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def run(name: str, state: str = "Success", flow: str = "etl", **more: Any) -> FlowRun:
    start = more.pop("start", ago(hours=1))
    return FlowRun(
        id=FlowRunId(more.pop("id", f"00000000-0000-4000-8000-{len(name):012}")),
        name=name,
        state=RunState(state, 1, message=more.pop("message", "")),
        scheduled_start_time=more.pop("due", start or NOW),
        start_time=start,
        end_time=more.pop("end", None),
        flow_name=flow,
        **more,
    )


RUN_LIST = [
    run("rosy-otter", "Running", "orders-etl", labels=("prod", "k8s"), flow_version=12),
    run("grey-heron", "Failed", "orders-etl", end=ago(minutes=58), labels=("non-prod",)),
    run("red-wasp", "TimedOut", "billing audit", message="took too long, a:b", flow_version=3),
    run("slow-lynx", "Scheduled", start=None, due=ago(minutes=18), auto_scheduled=True),
    run("new-moth", "Scheduled", start=None, due=NOW + timedelta(hours=1), auto_scheduled=True),
    run("old-crow", parameters={"date": "2021-03-01", "n": 10, "env": "prod"}, start=ago(days=3)),
    run("odd-ibis", "Cached", parameters={"date": "2022-03-01", "n": 1}, project_name="ml"),
]


def names(text: str, zone: Any = None) -> list[str]:
    found = RUNS.parse(text, NOW, zone)
    assert found.problem is None, str(found.problem)
    return [one.name for one in RUN_LIST if found.matches(one)]


def problem(text: str) -> tuple[int, str]:
    found = RUNS.parse(text, NOW).problem
    assert found is not None
    return found.column, found.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("otter", "rosy-otter"),
        ("OTTER", "rosy-otter"),
        ("orders", "rosy-otter grey-heron"),
        ("orders heron", "grey-heron"),
        ("otter,heron", "rosy-otter grey-heron"),
        ("*-moth", "new-moth"),
        ("o??-*", "old-crow odd-ibis"),
        ("/^o/", "rosy-otter grey-heron old-crow odd-ibis"),
        ("name:/^o/", "old-crow odd-ibis"),
        ('"billing audit"', "red-wasp"),
        ("flow:'billing audit'", "red-wasp"),
        ("00000000-0000-4000-8000-000000000008", "red-wasp new-moth old-crow odd-ibis"),
    ],
)
def test_words_are_looked_for_in_names(text: str, found: str) -> None:
    assert names(text) == found.split()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("state:failed", "grey-heron red-wasp"),
        ("state:timedout", "red-wasp"),
        ("state:late", "slow-lynx"),
        ("state:scheduled", "slow-lynx new-moth"),
        ("state:success", "old-crow odd-ibis"),
        ("state:wrong", "grey-heron red-wasp slow-lynx"),
        ("state:failed,late", "grey-heron red-wasp slow-lynx"),
        ("state:run", "rosy-otter"),
        ("state:*out", "red-wasp"),
        ("!state:success,scheduled", "rosy-otter grey-heron red-wasp"),
        ("STATE:Failed", "grey-heron red-wasp"),
    ],
)
def test_a_state_stands_for_its_family(text: str, found: str) -> None:
    assert names(text) == found.split()


def test_pending_does_not_stand_for_all_that_is_scheduled() -> None:
    assert states.PARENTS["Scheduled"] == "Pending"
    assert names("state:pending") == []


def test_a_failure_of_the_client_is_a_failure() -> None:
    broken = run("broken", "ClientFailed")
    assert RUNS.parse("state:failed", NOW).matches(broken)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("label:prod", "rosy-otter"),
        ("label:*prod", "rosy-otter grey-heron"),
        ("label:prod label:k8s", "rosy-otter"),
        ("!label:* state:failed", "red-wasp"),
        ("project:ml", "odd-ibis"),
        ("version:3", "red-wasp"),
        ("version:v12", "rosy-otter"),
        ("version:>=3", "rosy-otter red-wasp"),
        ('message:"too long"', "red-wasp"),
        ('message:"a:b"', "red-wasp"),
        ("by:schedule", "slow-lynx new-moth"),
        ("param:date", "old-crow odd-ibis"),
        ("param:date=2021-*", "old-crow"),
        ("param:date=2021-*,2022-*", "old-crow odd-ibis"),
        ("param:n=1", "odd-ibis"),
        ("param:n=/1/", "old-crow odd-ibis"),
        ("param:env=prod,n=1", "old-crow odd-ibis"),
        ('param:env="prod"', "old-crow"),
        ("!param:date state:success", ""),
    ],
)
def test_fields_ask_for_what_a_run_is(text: str, found: str) -> None:
    assert names(text) == found.split()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("since:20m", "slow-lynx"),
        ("since:2h !state:running,success", "grey-heron red-wasp slow-lynx"),
        ("since:03:00", ""),
        ("since:02:50", "slow-lynx"),
        ("since:22:00 state:late", "slow-lynx"),
        ("until:1d", "old-crow"),
        ("until:2026-11-18", "old-crow"),
        ("until:2026-11-17T03:14:22Z", "old-crow"),
        ("since:+10m until:+2h", "new-moth"),
        ("age:<20m", "slow-lynx"),
        ("age:>1d", "old-crow"),
        ("age:>=1h age:<1h30m state:running", "rosy-otter"),
        ("time:>1m", "rosy-otter grey-heron"),
    ],
)
def test_times_are_counted_from_now(text: str, found: str) -> None:
    assert names(text, timezone.utc) == found.split()


def test_clock_times_are_those_of_the_zone_that_is_shown() -> None:
    east = timezone(timedelta(hours=5))
    assert names("since:07:50", east) == ["slow-lynx"]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("colour:red", 0, "no field is called 'colour'; there are state, flow,"),
        ("labels:red", 0, "no field is called 'labels'; there are label, state,"),
        ("otter state:frozen", 12, "no state is called 'frozen'; there are failed, late,"),
        ("state:failed,frozen", 13, "no state is called 'frozen'"),
        ("!state:,late", 7, "a state is expected here"),
        ("version:new", 8, "a number is expected here"),
        ("version:>", 9, "a number is expected here"),
        ("age:2h", 4, "< or > is expected here, as in <2h"),
        ("age:<2x", 5, "a length of time is expected here"),
        ("since:noon", 6, "a time is expected here"),
        ("since:25:00", 6, "a time is expected here"),
        ("by:magic", 3, "schedule or hand is expected here"),
        ("/a(b/", 2, "this is no regular expression"),
        ("name:/x/y", 8, "a comma or a blank is expected here"),
        ('"otter', 0, "the quote that opens here is not closed"),
        ("param:date=", 11, "a value of date is expected here"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_place(text: str, column: int, said: str) -> None:
    at, message = problem(text)
    assert message.startswith(said)
    assert at == column
    assert str(RUNS.parse(text, NOW).problem).startswith(f"column {column + 1}: ")


@pytest.mark.parametrize("text", ["state:", "state:failed,", '"ott', "/ott", "age:<2", "since:202"])
def test_what_is_only_begun_is_no_mistake_yet(text: str) -> None:
    found = RUNS.parse(text, NOW).problem
    assert found is not None
    assert found.unfinished


def test_the_rest_of_a_text_holds_beside_a_mistake() -> None:
    found = RUNS.parse("colour:red otter", NOW)
    assert [one.name for one in RUN_LIST if found.matches(one)] == ["rosy-otter"]


def test_an_empty_text_hides_nothing() -> None:
    found = RUNS.parse("  ", NOW)
    assert not found.is_active
    assert all(map(found.matches, RUN_LIST))


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("1h30m", 5400), ("1.5d", 129_600), ("2min", 120)]
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert span_seconds(text) == seconds
    assert span_seconds(text + "x") is None


SIGNS = st.text(st.sampled_from("ab:!,/\\\"'=<>*?()[]+{}9h0-. \x1b\n٣é") | st.characters())
FIELDS = st.sampled_from([f"{one.name}:" for language in LANGUAGES for one in language.fields])


@given(st.lists(SIGNS | FIELDS, max_size=6).map("".join))
def test_no_text_is_too_strange(text: str) -> None:
    records: tuple[tuple[Language[Any], Any], ...]
    records = ((RUNS, RUN_LIST[0]), (FLOWS, FLOW), (TASKS, TASK))
    for language, record in records:
        found = language.parse(text, NOW, timezone.utc)
        assert found.matches(record) in (True, False)
        assert found.problem is None or 0 <= found.problem.column <= len(text)
        for cursor in (0, len(text) // 2, len(text)):
            offered = language.complete(text, cursor, [record])
            for option in offered.options:
                offered.applied(text, option)


# Flows and task runs ------------------------------------------------------------------------------

FLOW = FlowSummary(
    FlowGroupId("g"),
    FlowVersion(
        FlowId("f"),
        "churn-features",
        18,
        ago(days=2),
        False,
        project_name="ml",
        schedule=Schedule(("every 20 min",)),
        run_config={"labels": ["prod"]},
    ),
    schedule=Schedule(("every 20 min",)),
    recent_runs=(run("one", "Failed"),),
)
TASK = TaskRun(
    TaskRunId("t"),
    FlowRunId("r"),
    TaskId("k"),
    "load",
    "load",
    RunState("Failed", 3, "KeyError: 'x'"),
    map_index=7,
    start_time=ago(minutes=5),
    end_time=ago(minutes=1),
    states=(StateRecord("Running", ago(minutes=5)), StateRecord("Running", ago(minutes=3))),
)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("churn", True),
        ("ml", True),
        ("state:wrong", True),
        ("schedule:off", True),
        ("schedule:on", False),
        ("schedule:20", True),
        ("label:prod", True),
        ("version:>17", True),
        ("since:2h", True),
        ("age:>2h", False),
        ("!project:ml", False),
    ],
)
def test_flows_have_fields_of_their_own(text: str, is_found: bool) -> None:
    found = FLOWS.parse(text, NOW)
    assert found.problem is None
    assert found.matches(FLOW) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("load[7]", True),
        ("index:7", True),
        ("index:<7", False),
        ("state:failed", True),
        ("time:>3m", True),
        ("attempts:>1", True),
        ("message:keyerror", True),
        ("name:extract", False),
    ],
)
def test_task_runs_have_fields_of_their_own(text: str, is_found: bool) -> None:
    found = TASKS.parse(text, NOW)
    assert found.problem is None
    assert found.matches(TASK) is is_found


def test_every_field_has_a_sentence_and_an_example_that_is_understood() -> None:
    for language in LANGUAGES:
        for one in language.fields:
            assert one.doc.endswith(".")
            assert one.example.startswith(f"{one.name}:")
            assert language.parse(one.example, NOW).problem is None


# Completion ---------------------------------------------------------------------------------------


def offered(text: str, cursor: int | None = None) -> list[str]:
    """The text as it would be with each option in its place."""
    at = len(text) if cursor is None else cursor
    completion = RUNS.complete(text, at, RUN_LIST)
    return [completion.applied(text, option)[0] for option in completion.options]


def test_names_of_fields_are_completed() -> None:
    assert offered("otter st") == ["otter state:"]
    assert offered("!s") == ["!state:", "!since:"]
    assert len(offered("")) == len(RUNS.fields)


def test_values_are_completed_from_what_is_known_and_what_is_there() -> None:
    assert offered("state:fa")[0] == "state:failed"
    assert offered("state:timed") == ["state:timedout"]
    assert offered("label:pr") == ["label:prod", "label:non-prod"]
    assert offered("flow:b") == ['flow:"billing audit"']
    assert offered("state:failed,la") == ["state:failed,late"]


def test_parameters_are_completed_first_by_name_then_by_value() -> None:
    assert offered("param:") == ["param:date=", "param:env=", "param:n="]
    assert offered("param:date=2") == ["param:date=2021-03-01", "param:date=2022-03-01"]


def test_completion_in_the_middle_of_a_text_leaves_the_rest() -> None:
    assert offered("st otter", 2) == ["state: otter"]


def test_a_completed_value_finds_what_it_came_from() -> None:
    strange = run("x", flow='say "hi", \\ all')
    completion = RUNS.complete("flow:say", 8, [strange])
    text, _ = completion.applied("flow:say", completion.options[0])
    found = RUNS.parse(text, NOW)
    assert found.problem is None
    assert found.matches(strange)
