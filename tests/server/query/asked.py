"""What the dashboard, Prefect's client, its command line and its agent ask, with the variables they
ask it with: what must not cost more because the past is long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from graphql import OperationDefinitionNode, OperationType, parse

from flowtui.client.conditions import where
from flowtui.client.connection import operation_names, operation_text
from flowtui.client.flow_questions import counted
from flowtui.client.overview_questions import BUSY, ENDED, last_days
from flowtui.models import run_conditions, states
from flowtui.models.conditions import every
from flowtui.models.filters_runs import RUNS
from flowtui.models.ids import FlowGroupId
from flowtui.models.run_lists import RunKey
from flowtui.models.times import iso

IDS = ("tenant", "project", "group", "flow", "agent", "task", "run", "task run")
"""What has to be named by those who ask."""

SUCCEEDED = sorted(states.SUCCESS)
FAILED = sorted(states.FAILURES)
NEWEST = [{"scheduled_start_time": "desc"}, {"id": "desc"}]
OLDEST = [{"scheduled_start_time": "asc"}, {"id": "asc"}]


class Asked(NamedTuple):
    """A document and its variables."""

    name: str
    text: str
    variables: dict[str, Any] | None = None


def dashboard_queries() -> list[str]:
    """The operations of the dashboard that read tables."""
    return [name for name in operation_names() if _reads(operation_text(name))]


def _reads(text: str) -> bool:
    (operation,) = (
        one for one in parse(text).definitions if isinstance(one, OperationDefinitionNode)
    )
    fields = {getattr(one, "name").value for one in operation.selection_set.selections}  # noqa: B009
    own = {"hello", "api", "__schema", "__type", "flow_concurrency", "task_concurrency"}
    return operation.operation is OperationType.QUERY and not fields <= own


def asked_by_dashboard(ids: Mapping[str, str], now: datetime) -> Iterator[Asked]:
    """Every query of the dashboard, some in several ways."""
    variables = _variables(ids, now)
    for name in dashboard_queries():
        for way, given in variables[name].items():
            yield Asked(f"{name}: {way}" if way else name, operation_text(name), given)


def _filtered(text: str, now: datetime) -> Any:
    return RUNS.parse(text, now).condition


def _variables(ids: Mapping[str, str], now: datetime) -> dict[str, dict[str, Any]]:
    run = {"run": ids["run"]}
    page = {"limit": 200, "offset": 0}
    lately = iso(now - timedelta(hours=12))
    group = FlowGroupId(ids["group"])
    of_group = {"group": group}
    nothing_more: dict[str, Any] = {"": {}}
    return {
        "agent_lately": {
            "": {
                "agent": ids["agent"],
                "since": lately,
                "succeeded": SUCCEEDED,
                "ended": sorted(states.ENDED),
                "limit": 8,
            }
        },
        "agents": nothing_more,
        "artifacts": {
            "of a run": {
                "where": {"task_run": {"flow_run_id": {"_eq": ids["run"]}}},
                "limit": 200,
            },
            "of a task run": {
                "where": {"task_run_id": {"_eq": ids["task run"]}},
                "limit": 200,
            },
        },
        "contacts": nothing_more,
        "count_runs": {
            "in a state": {"where": where(_filtered("state:running", now))},
            "of a day": {"where": {"scheduled_start_time": {"_gte": lately, "_lt": iso(now)}}},
            "all": {"where": {}},
        },
        "day": {"": {"start": lately, "end": iso(now + timedelta(hours=2)), **page}},
        "downstream_tasks": {"": {"tasks": "{" + ids["task"] + "}"}},
        "ended_lately": {
            "": {
                "since": iso(now - timedelta(hours=2)),
                "running": sorted(states.RUNNING),
                "limit": 600,
            }
        },
        "flow_counts": {
            "of late": counted(group, now - timedelta(hours=12)),
            "ever": counted(group),
        },
        "flow_errors": {
            way: {**of_group, "since": since, "failed": FAILED, "limit": 50}
            for way, since in (("of late", lately), ("ever", None))
        },
        "flow_group": {
            "": {"id": ids["group"], "succeeded": SUCCEEDED, "finished": sorted(states.ENDED)}
        },
        "flow_run": {"": {"id": ids["run"]}},
        "flow_run_state": {"": {"id": ids["run"]}},
        "flow_runs": {"": {**of_group, "limit": 200}},
        "flow_tasks": {"": {"flows": [ids["flow"]], **page}},
        "flow_troubles": {
            way: {
                **of_group,
                "since": lately,
                "lately": lately,
                "failed": FAILED,
                "limit": limit,
                "others": others,
            }
            for way, limit, others in (("in short", 0, 0), ("in full", 100, 20))
        },
        "flow_upcoming": {"": {**of_group, "limit": 100}},
        "flows": {
            "that can run": {"where": {"archived": {"_eq": False}}, "limit": 1000},
            "archived": {
                "where": {
                    "archived": {"_eq": True},
                    "flow_group": {"_not": {"flows": {"archived": {"_eq": False}}}},
                },
                "limit": 1000,
            },
        },
        "version_failures": {"": {"flows": [ids["flow"]], "failed": FAILED}},
        "flows_lately": {"": {"since": lately, "succeeded": SUCCEEDED, "failed": FAILED}},
        "going_on": {"": {"states": sorted(states.RUNNING), "limit": 200}},
        "last_success": {"": {**of_group, **run, "limit": 1000}},
        "limits": nothing_more,
        "tag_holders": {
            "": {"tags": ["x"], "states": [*sorted(states.RUNNING), "Queued"], "limit": 300}
        },
        "last_logs": {"": {**run, "limit": 1000}},
        "logs": {
            "from the beginning": {
                **run,
                "after": "1970-01-01T00:00:00+00:00",
                "id": ids["run"],
                "limit": 1000,
            },
            "behind a place": {
                **run,
                "after": iso(now - timedelta(minutes=15)),
                "id": ids["run"],
                "limit": 1000,
            },
        },
        "outcomes_by_flow": {"": {"since": lately, "failed": FAILED, "ended": ENDED}},
        "past_runs": {"": {"groups": [ids["group"]] * 40, "limit": 30}},
        "success_by_day": {
            way: {
                **{f"day_{n}": iso(day) for n, day in enumerate(last_days(now))},
                "project": project,
                "succeeded": SUCCEEDED,
                "ended": ENDED,
            }
            for way, project in (("of all", None), ("of a project", "project-1"))
        },
        "overview": {
            way: {
                "since": iso(now - timedelta(hours=1)),
                "project": project,
                "succeeded": SUCCEEDED,
                "failed": FAILED,
                "limit": 200,
            }
            for way, project in (("of all", None), ("of a project", "project-1"))
        },
        "place": {"": {"id": ids["run"]}},
        "project_flows": {
            "of a project": {"project": ids["project"], **page},
            "of groups": {"groups": [ids["group"]], **page},
        },
        "project_runs": {"": {"project": ids["project"]}},
        "projects": nothing_more,
        "running_now": {"": {"running": sorted(states.RUNNING), "limit": 300}},
        "run_lists": {
            "of all": _lists("", ids, now),
            "in a state": _lists("state:failed", ids, now),
            "by name": _lists("nightly", ids, now),
        },
        "run_number": {"": {**of_group, "due": lately, "limit": 1000}},
        "run_page": {
            "below a place": {
                "where": where(every((run_conditions.been(), _below(ids, now)))),
                "order": NEWEST,
                "limit": 200,
            },
            "above a place": {
                "where": where(run_conditions.earlier_in_list(RunKey(now, ids["run"]))),
                "order": OLDEST,
                "limit": 200,
            },
            "of an agent": {
                "where": {"agent_id": {"_eq": ids["agent"]}},
                "order": NEWEST,
                "limit": 100,
            },
            "by ids": {
                "where": {"id": {"_in": [ids["run"]] * 20}},
                "order": [{"id": "asc"}],
                "limit": 200,
            },
        },
        "runs_named": {"": {"name": "run-0000007"}},
        "running_tasks": {
            "": {
                "flows": [ids["flow"]] * 20,
                "runs": [ids["run"]] * 20,
                "states": BUSY,
                "limit": 20,
            }
        },
        "schedules": {"": page},
        "search_ids": {"": {"first": ids["run"], "last": ids["run"], "limit": 30}},
        "search_names": {"": {"name": "%nightly%", "begins": "nightly%", "limit": 6, "more": 30}},
        "still_flow": {"": {"id": ids["flow"]}},
        "still_flow_group": {"": {"id": ids["group"]}},
        "still_flow_run": {"": {"id": ids["run"]}},
        "still_project": {"": {"id": ids["project"]}},
        "task_history": {"": {**of_group, "slug": "task-1", "limit": 20}},
        "task_run": {"": {"id": ids["task run"], **run, "indexes": [-1, 3]}},
        "task_run_counts": {"": run},
        "task_run_states": {
            "of a run": {"where": {"flow_run_id": {"_eq": ids["run"]}}, **page},
            "paused": {
                "where": {"flow_run_id": {"_eq": ids["run"]}, "state": {"_eq": "Paused"}},
                **page,
            },
            "of some tasks": {
                "where": {
                    "flow_run_id": {"_eq": ids["run"]},
                    "task_id": {"_in": [ids["task"]]},
                    "map_index": {"_eq": -1},
                },
                **page,
            },
        },
        "task_runs": {
            "that changed": {
                "where": {
                    "_and": [
                        {"flow_run_id": {"_eq": ids["run"]}},
                        {"updated": {"_gte": lately}},
                        {"_or": [{"updated": {"_gt": lately}}, {"id": {"_gt": ids["run"]}}]},
                    ]
                },
                "order": [{"updated": "asc"}, {"id": "asc"}],
                "limit": 500,
            },
            "that failed": {
                "where": {"flow_run_id": {"_eq": ids["run"]}, "state": {"_in": FAILED}},
                "order": [{"updated": "desc"}, {"id": "desc"}],
                "limit": 500,
            },
        },
        "tenants": nothing_more,
        "upcoming": {"": {"limit": 200}},
    }


def _below(ids: Mapping[str, str], now: datetime) -> Any:
    return run_conditions.later_in_list(RunKey(now - timedelta(days=1), ids["run"]))


def _lists(text: str, ids: Mapping[str, str], now: datetime) -> dict[str, Any]:
    wanted = _filtered(text, now)
    return {
        "at_work": where(every((wanted, run_conditions.at_work(now)))),
        "been": where(every((wanted, run_conditions.been(), _below(ids, now)))),
        "to_come": where(every((wanted, run_conditions.to_come(now)))),
        "at_work_limit": 500,
        "been_limit": 200,
        "to_come_limit": 200,
    }


FLOW_VIEW = (
    "id settings run_config serialized_flow name archived project{name} core_version storage"
    " flow_group{labels}"
)
RUN_VIEW = (
    "id name flow_id serialized_state states{timestamp serialized_state} labels parameters context"
    " updated run_config"
)
TASK_VIEW = "id name task { id slug } map_index serialized_state flow_run_id"

CLIENT = {
    "flow by id": f'flow(where: {{ id: {{ _eq: "<flow>" }} }}) {{ {FLOW_VIEW} }}',
    "flow by group": (
        'flow(where: { flow_group_id: { _eq: "<group>" } }, order_by: { created: desc })'
        f" {{ {FLOW_VIEW} }}"
    ),
    "flow by name": (
        'flow(where: { name: { _eq: "flow-1" }, archived: { _eq: false },'
        f' project: {{ name: {{ _eq: "project-1" }} }} }}) {{ {FLOW_VIEW} }}'
    ),
    "run": f'flow_run(where: {{ id: {{ _eq: "<run>" }} }}) {{ {RUN_VIEW} }}',
    "run info": (
        'flow_run_by_pk(id: "<run>") { id name flow_id parameters context version'
        " scheduled_start_time serialized_state"
        " task_runs(where: { map_index: { _eq: -1 } })"
        " { id version serialized_state task { id slug } } flow { project { id name } } }"
    ),
    "all task runs": 'task_run(where: { flow_run_id: { _eq: "<run>" } }) { id }',
    "task runs not seen yet": (
        'task_run(where: { id: { _nin: [] }, flow_run_id: { _eq: "<run>" } })'
        f" {{ {TASK_VIEW} }}"
    ),
    "mapped task runs": (
        'task_run(where: { flow_run_id: { _eq: "<run>" }, task: { slug: { _eq: "task-1" } },'
        " map_index: { _neq: -1 } }, order_by: { map_index: asc })"
        f" {{ {TASK_VIEW} }}"
    ),
    "logs so far": (
        'flow_run(where: { id: { _eq: "<run>" } }) { logs(order_by: { timestamp: asc },'
        ' where: { _and: [{ timestamp: { _lte: "<now>" } }, { timestamp: { _gt: "<lately>" } }] })'
        " { timestamp message level } }"
    ),
    "picked up by an agent": (
        'flow_run(where: { id: { _in: ["<run>"] }, _or: [{ state: { _eq: "Scheduled" } },'
        ' { state: { _eq: "Running" }, task_runs: { state_start_time: { _lte: "<now>" } } }] })'
        " { id version state serialized_state parameters scheduled_start_time run_config name"
        " flow { id name environment storage version core_version }"
        ' task_runs(where: { state_start_time: { _lte: "<now>" } })'
        " { id version task_id serialized_state } }"
    ),
    "when scheduled": (
        'flow_run(where: { id: { _eq: "<run>" } })'
        ' { states(where: { state: { _eq: "Scheduled" } }) { start_time created }'
        " scheduled_start_time }"
    ),
    "when resumed": (
        'task_run(where: { state_start_time: { _is_null: false }, flow_run_id: { _eq: "<run>" },'
        ' flow_run: { state: { _eq: "Running" } } }) { state_start_time }'
    ),
    "cached under a key": (
        'task_run(where: { state: { _eq: "Cached" }, state_timestamp: { _gte: "<lately>" },'
        ' cache_key: { _eq: "k" } }, order_by: { state_timestamp: desc }, limit: 100)'
        " { serialized_state }"
    ),
    "cached by a task": (
        'task_run(where: { state: { _eq: "Cached" }, state_timestamp: { _gte: "<lately>" },'
        ' task_id: { _eq: "<task>" } }, order_by: { state_timestamp: desc }, limit: 100)'
        " { serialized_state }"
    ),
    "settings": 'flow_run_by_pk(id: "<run>") { flow { settings } }',
    "flows listed": (
        "flow(where: { _and: { name: { _eq: null }, version: { _eq: null },"
        " project: { name: { _eq: null } } } }, order_by: { name: asc, version: desc },"
        " distinct_on: null, limit: 10, offset: 0)"
        " { name version project { name } created settings }"
        " flow_aggregate(distinct_on: name) { aggregate { count } }"
    ),
    "projects listed": (
        "project(where: { _and: { name: { _eq: null } } }, order_by: { name: asc }, limit: 10)"
        " { name flow_count: flows_aggregate(distinct_on: name) { aggregate { count } } created }"
    ),
    "runs listed": (
        "flow_run(where: { flow: { _and: { name: { _eq: null },"
        " project: { name: { _eq: null } } } } }, limit: 10, order_by: { created: desc })"
        " { flow { name } id created state name start_time }"
    ),
    "runs of a flow listed": (
        'flow_run(where: { flow: { _and: { name: { _eq: "flow-01" },'
        " project: { name: { _eq: null } } } } }, limit: 10, order_by: { created: desc })"
        " { flow { name } id created state name start_time }"
    ),
    "runs that started listed": (
        "flow_run(where: { _and: { flow: { name: { _eq: null } },"
        " start_time: { _is_null: false } } }, limit: 10, order_by: { start_time: desc })"
        " { flow { name } id created state name start_time }"
    ),
    "logs of a run by name": (
        'flow_run(where: { name: { _eq: "run-0000007" }, id: { _eq: null } },'
        " order_by: { start_time: desc }) { logs(order_by: { timestamp: asc })"
        " { timestamp message level } start_time }"
    ),
    "a run described": (
        'flow_run(where: { _and: { name: { _eq: "run-0000007" }, flow: { name: { _eq: null } } } })'
        " { name flow { name } created parameters serialized_state }"
    ),
    "agents known": "agent { last_queried labels name id }",
    "a tenant": 'tenant(where: { slug: { _eq: "default" } }) { id slug name }',
}
"""What Prefect's client, command line and agent ask."""


def asked_by_client(ids: Mapping[str, str], now: datetime) -> Iterator[Asked]:
    """Every question of Prefect's client, command line and agent."""
    lately = now - timedelta(hours=12)
    given = {**ids, "now": iso(now), "lately": iso(lately)}
    for name, text in CLIENT.items():
        for key, value in given.items():
            text = text.replace(f"<{key}>", value)
        yield Asked(name, f"query {{ {text} }}")
