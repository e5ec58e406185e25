"""What the client asks for happens once, though the answers get lost and it asks again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .environment import Environment
from .farm import FLOWS, Farm, Prefect, Server, messages, states, task_states
from .lossy import LossyLine

HARVEST = str(FLOWS / "harvest.py")


@pytest.fixture(scope="module")
def line(server: Server) -> Iterator[LossyLine]:
    """A line on which every request has to be sent twice."""
    with LossyLine(server.url) as line:
        yield line


@pytest.fixture(scope="module")
def distant(
    environment: Environment, line: LossyLine, tmp_path_factory: pytest.TempPathFactory
) -> Prefect:
    """The real Prefect at the far end of that line."""
    return Prefect(environment, line.url, tmp_path_factory.mktemp("distant"))


@pytest.fixture(scope="module")
def island(server: Server, distant: Prefect) -> Farm:
    """A project made and filled over that line."""
    island = Farm(server, distant, "island")
    distant.python(HARVEST, island.project)
    return island


def test_a_flow_is_registered_once(island: Farm, server: Server):
    question = """
    { project(where: {name: {_eq: "island"}}) {
        flows { version archived tasks { slug } edges { key } } } }
    """
    (project,) = server.ask(question)["project"]
    (flow,) = project["flows"]
    assert (flow["version"], flow["archived"]) == (1, False)
    assert len(flow["tasks"]) == 5
    assert len(flow["edges"]) == 4


def test_a_run_is_created_once_and_goes_through_its_states_once(
    island: Farm, distant: Prefect, line: LossyLine, server: Server
):
    flow_id = island.flow("harvest")["id"]
    ran = distant("run", "--id", flow_id, "--execute", "--run-name", "island harvest")
    assert ran.code == 0, ran.output
    question = "query($flow: uuid!) { flow_run(where: {flow_id: {_eq: $flow}}) { id } }"
    (created,) = server.ask(question, flow=flow_id)["flow_run"]
    run = server.run(created["id"])
    assert states(run) == ["Scheduled", "Running", "Success"]
    once = ["Pending", "Running", "Success"]
    assert task_states(run, "pick") == [["Pending", "Mapped"], once, once]
    assert task_states(run, "weigh") == [
        ["Pending", "Running", "Failed", "Retrying", "Running", "Success"]
    ]
    lines = [(log["timestamp"], log["message"]) for log in run["logs"]]
    assert len(lines) == len(set(lines))
    assert [line for line in messages(run) if line.startswith("Picking")] == [
        "Picking row 0",
        "Picking row 1",
    ]
    assert min(line.deliveries.values()) > 1


def test_a_run_outlives_the_server_it_reports_to(environment: Environment, tmp_path: Path):
    """The server is killed while the run waits for its retry, and finds everything again."""
    server = Server(tmp_path)
    try:
        prefect = Prefect(environment, server.url, tmp_path)
        farm = Farm(server, prefect, "plain")
        farm.register(FLOWS / "harvest.py")
        runner = prefect.start("run", "--project", farm.project, "-n", "harvest", "--execute")
        (waiting,) = server.found(
            '{ task_run(where: {state: {_eq: "Retrying"}}) { flow_run_id } }', "task_run"
        )
        server.die_and_come_back()
        ended = runner.finished()
        assert ended.code == 0, ended.output
        run = server.run_when_logged(waiting["flow_run_id"], "Flow run SUCCESS")
    finally:
        server.stop()
    assert states(run) == ["Scheduled", "Running", "Success"]
    assert task_states(run, "weigh") == [
        ["Pending", "Running", "Failed", "Retrying", "Running", "Success"]
    ]
    lines = [(log["timestamp"], log["message"]) for log in run["logs"]]
    assert len(lines) == len(set(lines))
    assert "Picking row 1" in messages(run)
    assert "Weighed 30 kg" in messages(run)
