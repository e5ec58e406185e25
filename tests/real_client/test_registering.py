"""Projects are created, and flows registered, by Prefect's client and its command line."""

import pytest

from .farm import FLOWS, Prefect, Row, Server

HARVEST = str(FLOWS / "harvest.py")
VERSIONS = """
query($project: String!) {
  flow(where: {project: {name: {_eq: $project}}}, order_by: {version: asc}) {
    id version archived core_version parameters flow_group_id
    tasks(order_by: {name: asc}) { name slug max_retries retry_delay type }
    edges { key mapped upstream_task { name } downstream_task { name } }
  }
}
"""


@pytest.fixture
def project(prefect: Prefect, request: pytest.FixtureRequest) -> str:
    """An empty project, called like the test."""
    assert prefect("create", "project", request.node.name).code == 0
    return str(request.node.name)


def versions(server: Server, project: str) -> list[Row]:
    """The versions of the one flow of a project, the oldest first."""
    return server.ask(VERSIONS, project=project)["flow"]


def test_a_project_is_created_with_its_description(prefect: Prefect, server: Server):
    created = prefect("create", "project", "orchard", "-d", "Apples & pears")
    assert "orchard created" in created.output
    question = '{ project(where: {name: {_eq: "orchard"}}) { description tenant { slug } } }'
    assert server.ask(question)["project"] == [
        {"description": "Apples & pears", "tenant": {"slug": "default"}}
    ]


def test_creating_a_project_again_leads_to_the_first(prefect: Prefect, project: str):
    create = f"import prefect; print(prefect.Client().create_project({project!r}))"
    assert prefect.python("-c", create) == prefect.python("-c", create)


def test_a_project_that_exists_is_skipped_when_asked(
    prefect: Prefect, server: Server, project: str
):
    again = prefect("create", "project", project, "-d", "Another", "--skip-if-exists")
    assert f"{project} already exists" in again.output
    question = "query($name: String!) { project(where: {name: {_eq: $name}}) { description } }"
    assert server.ask(question, name=project)["project"] == [{"description": None}]


def test_a_deleted_project_takes_its_flows_along(prefect: Prefect, server: Server, project: str):
    prefect.python(HARVEST, project)
    deleted = prefect("delete", "project", project)
    assert f"{project} deleted" in deleted.output
    assert versions(server, project) == []


def test_a_flow_is_registered_with_its_parameters_tasks_and_edges(
    prefect: Prefect, server: Server, project: str
):
    flow_id = prefect.python(HARVEST, project)
    (flow,) = versions(server, project)
    assert (flow["id"], flow["version"], flow["archived"]) == (flow_id, 1, False)
    assert flow["core_version"] == "1.4.1"
    assert {parameter["name"]: parameter["default"] for parameter in flow["parameters"]} == {
        "count": 2,
        "farm": "Hilltop",
    }
    names = [task["name"] for task in flow["tasks"]]
    assert names == ["count", "farm", "pick", "rows", "weigh"]
    weigh = flow["tasks"][-1]
    assert (weigh["max_retries"], weigh["slug"]) == (2, "weigh-1")
    edges = {
        (edge["upstream_task"]["name"], edge["downstream_task"]["name"], edge["mapped"])
        for edge in flow["edges"]
    }
    assert edges == {
        ("count", "rows", False),
        ("farm", "rows", False),
        ("rows", "pick", True),
        ("pick", "weigh", False),
    }


def test_registering_again_gives_version_2_and_archives_version_1(
    prefect: Prefect, server: Server, project: str
):
    first = prefect.python(HARVEST, project)
    second = prefect.python(HARVEST, project)
    one, two = versions(server, project)
    assert (one["id"], one["version"], one["archived"]) == (first, 1, True)
    assert (two["id"], two["version"], two["archived"]) == (second, 2, False)
    assert one["flow_group_id"] == two["flow_group_id"]


def test_the_same_idempotency_key_leads_to_the_same_version(
    prefect: Prefect, server: Server, project: str
):
    first = prefect.python(HARVEST, project, "spring")
    again = prefect.python(HARVEST, project, "spring")
    later = prefect.python(HARVEST, project, "summer")
    assert first == again != later
    one, two = versions(server, project)
    assert (one["archived"], two["archived"]) == (True, False)
    assert len(one["tasks"]) == len(two["tasks"]) == 5


def test_the_command_line_registers_a_file_and_skips_it_when_nothing_changed(
    prefect: Prefect, server: Server, project: str
):
    command = ("register", "--project", project, "-p", HARVEST)
    first = prefect(*command)
    assert "1 registered" in first.output
    again = prefect(*command)
    assert "1 skipped" in again.output
    forced = prefect(*command, "--force")
    assert "1 registered" in forced.output
    assert [(flow["version"], flow["archived"]) for flow in versions(server, project)] == [
        (1, True),
        (2, False),
    ]


def test_registering_into_a_project_that_is_not_there_says_so(prefect: Prefect):
    refused = prefect("register", "--project", "nowhere", "-p", HARVEST)
    assert refused.code == 1
    assert "'nowhere' does not exist" in refused.output
