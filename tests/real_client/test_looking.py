"""`prefect get` and `prefect describe` show what is there."""

import json

import pytest

from .farm import Agent, Farm, Prefect, Row, Server

FLOW_NAMES = ["auction", "dairy", "harvest", "ledger", "lost", "market", "milking", "milling"]
FLOW_NAMES += ["pulse", "sale", "storm", "threshing", "vigil", "watering", "well"]


@pytest.fixture(scope="module")
def run(farm: Farm, agent: Agent, server: Server) -> Row:
    """A finished run to look at."""
    flow_run_id = farm.start("harvest", "--run-name", "a harvest to look at", farm="Seen")
    server.run_when(flow_run_id, "Success")
    return server.run_when_logged(flow_run_id, "Flow run SUCCESS")


def rows(output: str) -> list[list[str]]:
    """The cells of a printed table, its heading left out."""
    _, *lines = output.strip().splitlines()
    return [line.split() for line in lines]


def test_flows(prefect: Prefect, farm: Farm):
    listed = rows(prefect("get", "flows", "--project", farm.project, "--limit", "50").output)
    assert [(line[0], line[1]) for line in listed] == [(name, "1") for name in FLOW_NAMES]


def test_projects(prefect: Prefect, farm: Farm):
    listed = rows(prefect("get", "projects", "-n", farm.project).output)
    assert [(line[0], line[1]) for line in listed] == [(farm.project, str(len(FLOW_NAMES)))]


def test_flow_runs(prefect: Prefect, farm: Farm, run: Row):
    listed = prefect("get", "flow-runs", "--flow", "harvest", "--started", "-l", "50").output
    (line,) = [line for line in listed.splitlines() if run["id"] in line]
    assert "a harvest to look at" in line
    assert "Success" in line


def test_tasks(prefect: Prefect, farm: Farm):
    options = ("--flow-name", "harvest", "--project", farm.project)
    listed = rows(prefect("get", "tasks", *options).output)
    assert {line[0] for line in listed} == {"count", "farm", "pick", "rows", "weigh"}


def test_logs(prefect: Prefect, run: Row):
    by_name = prefect("get", "logs", "--name", "a harvest to look at").output
    assert "Walking the 2 rows of Seen" in by_name
    by_id = prefect("get", "logs", "--id", run["id"]).output
    assert by_id == by_name


def test_a_flow_described(prefect: Prefect, farm: Farm):
    said = prefect("describe", "flows", "-n", "harvest", "-p", farm.project).output
    described = json.loads(said)
    assert described["name"] == "harvest"
    assert described["archived"] is False
    assert {parameter["name"] for parameter in described["parameters"]} == {"count", "farm"}


def test_tasks_described(prefect: Prefect, farm: Farm):
    said = prefect("describe", "tasks", "-n", "harvest", "-p", farm.project).output
    assert '"slug": "weigh-1"' in said
    assert '"max_retries": 2' in said


def test_a_flow_run_described(prefect: Prefect, run: Row):
    said = prefect("describe", "flow-runs", "-n", "a harvest to look at").output
    described = json.loads(said)
    assert described["flow"]["name"] == "harvest"
    assert described["parameters"] == {"count": 2, "farm": "Seen"}
    assert described["serialized_state"]["type"] == "Success"


def test_a_flow_run_seen_from_python(prefect: Prefect, run: Row):
    """The library's own view: task runs, mapped children, and a result read back."""
    script = (
        "from prefect.backend import FlowRunView\n"
        f"run = FlowRunView.from_flow_run_id({run['id']!r})\n"
        "children = run.get_task_run(task_slug='pick-1').iter_mapped()\n"
        "print(run.state.is_successful(), len(run.get_all_task_runs()), len(list(children)),"
        " run.get_task_run(task_slug='weigh-1').get_result())"
    )
    assert prefect.python("-c", script) == "True 7 2 30"
