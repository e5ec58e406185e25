"""The whole story once more on PostgreSQL, told by two servers that share a database: flows are
registered and runs created through one, while the agent and what it starts speak to the other.
"""

from collections.abc import Iterator

import pytest

from tests.postgres import Postgres

from .environment import Environment
from .farm import FINISHED, FLOWS, Agent, Farm, Prefect, Server, messages, states, task_states


@pytest.fixture(scope="module")
def database(postgres_server: Postgres) -> str:
    """The location of a new database."""
    postgres_server.sql("CREATE DATABASE farm")
    return postgres_server.url("farm")


@pytest.fixture(scope="module")
def servers(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Two servers; whatever the story did, nothing broke inside."""
    started = [Server(tmp_path_factory.mktemp("server"), database) for _ in range(2)]
    yield started
    for server in started:
        server.stop()
        assert "Traceback" not in server.program.output, server.program.output


def test_a_farm_on_two_servers(
    environment: Environment, servers: list[Server], tmp_path_factory: pytest.TempPathFactory
):
    for_people, for_agents = servers
    prefect = Prefect(environment, for_people.url, tmp_path_factory.mktemp("people"))
    elsewhere = Prefect(environment, for_agents.url, tmp_path_factory.mktemp("agents"))
    farm = Farm(for_people, prefect, "farm")
    farm.register(FLOWS / "harvest.py")
    farm.register(FLOWS / "threshing.py")

    with Agent(elsewhere, for_agents, "farmhand") as agent:
        farm.agents.append(agent)
        harvest = farm.start("harvest", count=3)
        threshing = farm.start("threshing")
        for_people.run_when(harvest, *FINISHED)
        run = for_people.run_when_logged(harvest, "Flow run SUCCESS")
        assert states(run) == ["Scheduled", "Submitted", "Running", "Success"]
        assert [state["version"] for state in run["states"]] == [1, 2, 3, 4]
        assert task_states(run, "pick")[1:] == [["Pending", "Running", "Success"]] * 3
        assert task_states(run, "weigh") == [
            ["Pending", "Running", "Failed", "Retrying", "Running", "Success"]
        ]
        assert "Submitted for execution" in messages(run)[0]

        run = for_agents.run_when(threshing, *FINISHED)
        parent, *children = task_states(run, "sheaf")
        assert parent == ["Pending", "Mapped"]
        assert children == [["Pending", "Running", "Success"]] * 24
        assert run["state"] == "Success"
