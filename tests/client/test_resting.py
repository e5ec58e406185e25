"""What the client needs of its libraries is imported, and what it does not need still works."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(program: str) -> str:
    """What a program of its own prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_client_runs_nothing_that_it_has_no_use_for() -> None:
    loaded = run(
        "import flowtui.client.backend, sys; print(*[name for name in sys.modules"
        " if name.startswith(('graphql.validation', 'gql.client', 'tenacity', 'pygments',"
        " 'rich', 'pendulum', 'dateutil', 'aiohttp', 'requests', 'yarl'))])"
    )
    assert loaded == ""


@pytest.mark.parametrize(
    "wanted",
    [
        "from gql import Client, gql; gql('{ a }')",
        "from graphql import build_schema, validate, parse;"
        " assert validate(build_schema('type Query { a: Int }'), parse('{ a }')) == []",
        "import graphql; graphql.GraphQLError; graphql.execute",
        "import flowtui.server.schema; flowtui.server.schema.served_schema()",
        "import httpx._main",
    ],
)
def test_a_package_that_rests_wakes_when_it_is_wanted(wanted: str) -> None:
    assert run(f"import flowtui.client.connection; {wanted}; print('awake')") == "awake"


def test_what_is_there_already_stays_as_it_is() -> None:
    program = (
        "import gql, graphql, httpx; before = (gql, graphql, httpx);"
        " import flowtui.client.connection, sys;"
        " print(before == tuple(sys.modules[name] for name in ('gql', 'graphql', 'httpx')))"
    )
    assert run(program) == "True"


def test_a_name_that_does_not_exist_is_an_ordinary_mistake() -> None:
    program = (
        "import flowtui.client.connection, graphql\n"
        "try: graphql.no_such_name\n"
        "except AttributeError as error: print(error)"
    )
    assert "no_such_name" in run(program)
