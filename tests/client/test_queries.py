"""Every operation of the client is valid on the schema that our own server serves."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, extend_schema, parse, validate

from flowtui.client.connection import operation_names, operation_text
from flowtui.client.limits import DELETIONS, UPDATES
from flowtui.server.schema import served_schema

SOURCES = Path(__file__).parents[2] / "src" / "flowtui" / "client"


@pytest.mark.parametrize("name", operation_names())
def test_our_server_understands(name: str) -> None:
    document = parse(operation_text(name))
    assert validate(served_schema(), document) == []
    assert len([d for d in document.definitions if isinstance(d, OperationDefinitionNode)]) == 1


CLOUD = """
extend type flow { created_by: maker }
extend type flow_run { created_by: maker }
type maker { id: uuid! username: String }
"""
"""What Cloud's tables have besides, as far as it is asked for."""


@pytest.mark.parametrize("path", sorted((SOURCES / "queries" / "cloud").iterdir()), ids=str)
def test_cloud_understands_what_only_it_is_asked(path: Path) -> None:
    cloud = extend_schema(served_schema(), parse(CLOUD))
    assert validate(cloud, parse(operation_text(f"cloud/{path.stem}"))) == []
    assert validate(served_schema(), parse(path.read_text("utf-8")))


def test_every_operation_is_asked_by_a_method_of_the_backend() -> None:
    backend = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    switches = ("enable_flow_", "disable_flow_", "set_schedule_")
    unused = [
        name
        for name in operation_names()
        if f'"{name}"' not in backend and not name.startswith(switches)
    ]
    assert unused == []


def test_every_fragment_is_spread_in_an_operation() -> None:
    spread = "".join(operation_text(name) for name in operation_names())
    fragments = [path.stem for path in (SOURCES / "queries" / "fragments").iterdir()]
    assert [name for name in fragments if f"...{name}\n" not in spread] == []


BEHIND_CAPABILITIES = {
    "capabilities",
    "contacts",
    "limits",
    "limits_usage",
    "tag_holders",
    *UPDATES.values(),
    *DELETIONS.values(),
}
"""What is only asked of a backend that says it can answer."""


@pytest.mark.parametrize("name", sorted(set(operation_names()) - BEHIND_CAPABILITIES))
def test_no_operation_asks_for_what_only_cloud_or_only_we_have(name: str) -> None:
    """One unknown field makes an older server refuse the whole document."""
    text = operation_text(name)
    for cloud_only in (
        "created_by",
        "token_name",
        "license",
        "key_value",
        "concurrency",
        "contacts",
    ):
        assert cloud_only not in text
