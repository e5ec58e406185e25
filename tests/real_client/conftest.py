"""Our server and the real Prefect beside it, shared by all stories of this folder.

Starting processes is most of what these tests cost, so there is one server, one agent and one
project with every flow. A story that wants to be left alone by the agent gives its run a label of
its own, as people do.
"""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.postgres import Postgres

from .environment import Environment, prefect_environment
from .farm import FLOWS, Agent, Farm, Prefect, Server


@pytest.fixture(scope="session")
def environment() -> Environment:
    """The virtual environment with the real Prefect in it."""
    return prefect_environment()


DATABASES = os.environ.get("FLOWTUI_REAL_CLIENT_ON", "sqlite,postgres").split(",")
"""Every story is told on each; `sqlite` alone is enough while one is written."""


@pytest.fixture(scope="session", params=DATABASES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Our server; `server.url` is its address. Whatever the stories did, nothing broke inside."""
    location = ""
    if request.param == "postgres":
        rows: Postgres = request.getfixturevalue("postgres_server")
        name = f"stories_{uuid4().hex}"  # the server may be started again
        rows.sql(f"CREATE DATABASE {name}")
        location = rows.url(name)
    server = Server(tmp_path_factory.mktemp("server"), location)
    yield server
    server.stop()
    assert "Traceback" not in server.program.output, server.program.output


@pytest.fixture(scope="session")
def prefect(
    environment: Environment, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Prefect:
    """The real `prefect` command: `prefect("get", "flows")`."""
    return Prefect(environment, server.url, tmp_path_factory.mktemp("prefect"))


@pytest.fixture(scope="session")
def farm(server: Server, prefect: Prefect) -> Farm:
    """The project "farm" with every flow of `flows/` registered."""
    farm = Farm(server, prefect, "farm")
    farm.register(FLOWS)
    return farm


@pytest.fixture(scope="session")
def agent(farm: Farm, server: Server, prefect: Prefect) -> Iterator[Agent]:
    """A local agent that takes every run which asks for no label but this machine's."""
    with Agent(prefect, server, "farmhand") as agent:
        farm.agents.append(agent)
        yield agent
