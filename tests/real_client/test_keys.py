"""The real client and a server that wants a key: its own words without one, its work with one."""

import json
from collections.abc import Iterator

import pytest

from .environment import Environment
from .farm import Prefect, Server

KNOCK = """
import json, prefect
from prefect.exceptions import AuthorizationError

client = prefect.Client()
try:
    client.graphql({"query": {"project": {"name"}}})
    project = client.create_project(project_name="behind the door")
    print(json.dumps(["in", client.tenant_id, project]))
except AuthorizationError as error:
    print(json.dumps(["out", str(error)]))
"""

LOGIN = """
import json, prefect

client = prefect.Client()
asked = client.graphql({"query": {"auth_info": {"tenant_id", "user_id"}}}).data.auth_info
listed = client.graphql({"query": {"auth_api_key": {"id", "name", "expires_at"}}}).data.auth_api_key
print(json.dumps([asked.tenant_id, [key.name for key in listed]]))
"""


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, with a key in `locked.http`."""
    server = Server(tmp_path_factory.mktemp("locked"))
    try:
        made = server.ask('mutation { create_api_key(input: {name: "first"}) { key } }')
        server.http.headers["Authorization"] = f"Bearer {made['create_api_key']['key']}"
        yield server
    finally:
        server.stop()
    assert "Traceback" not in server.program.output, server.program.output


@pytest.fixture(scope="module")
def visitor(
    environment: Environment, locked: Server, tmp_path_factory: pytest.TempPathFactory
) -> Prefect:
    """The real Prefect at the door of that server."""
    return Prefect(environment, locked.url, tmp_path_factory.mktemp("visitor"))


def test_without_a_key_and_with_a_wrong_one_the_client_raises_its_own_error(visitor: Prefect):
    for key in ("", "wrong"):
        visitor.variables["PREFECT__CLOUD__API_KEY"] = key
        where, said = json.loads(visitor.python("-c", KNOCK))
        assert where == "out"
        assert "UNAUTHENTICATED" in said
        assert "API key" in said


def test_with_its_key_the_client_works(visitor: Prefect, locked: Server):
    visitor.variables["PREFECT__CLOUD__API_KEY"] = locked.http.headers["Authorization"][7:]
    where, tenant_id, _ = json.loads(visitor.python("-c", KNOCK))
    assert where == "in"
    assert locked.ask("{ tenant { id } project { name } }") == {
        "tenant": [{"id": tenant_id}],
        "project": [{"name": "behind the door"}],
    }
    assert json.loads(visitor.python("-c", LOGIN)) == [tenant_id, ["first"]]
