"""Agents and limits: what each mutation takes, does, answers and refuses."""

from __future__ import annotations

import pytest

from tests.server.installation import Client, Refusal


async def test_register_agent_knows_it_again(api: Client) -> None:
    given = {"tenant_id": api.tenant_id, "type": "LocalAgent", "name": "box-1"}
    first = (await api.do("register_agent", "id", **given, labels=["b", "a"]))["id"]
    assert (await api.do("register_agent", "id", **given, labels=["a", "b"]))["id"] == first
    assert (await api.do("register_agent", "id", **given, labels=["a"]))["id"] != first
    shown = f'{{ agent_by_pk(id: "{first}") {{ name type labels core_version }} }}'
    assert (await api.ask(shown))["agent_by_pk"] == {
        "name": "box-1",
        "type": "LocalAgent",
        "labels": ["a", "b"],
        "core_version": "1.4.1",
    }
    with pytest.raises(Refusal, match=r"No tenant found\."):
        await api.do("register_agent", "id", type="LocalAgent")


async def test_an_agent_has_a_configuration_until_it_is_deleted(api: Client, nobody: str) -> None:
    made = await api.do(
        "create_agent_config", "id", tenant_id=api.tenant_id, name="big", settings={"poll": 5}
    )
    agent = await api.do(
        "register_agent",
        "id",
        tenant_id=api.tenant_id,
        type="LocalAgent",
        agent_config_id=made["id"],
    )
    await api.do("update_agent_config", agent_config_id=made["id"], settings={"poll": 9})
    asked = f'agent_config(where: {{ id: {{ _eq: "{made["id"]}" }} }}) {{ name settings }}'
    assert (await api.ask(f"{{ {asked} }}"))["agent_config"] == [
        {"name": "big", "settings": {"poll": 9}}
    ]
    assert (await api.do("delete_agent_config", agent_config_id=made["id"]))["success"] is True
    left = f'{{ agent_by_pk(id: "{agent["id"]}") {{ agent_config_id }} }}'
    assert (await api.ask(left))["agent_by_pk"] == {"agent_config_id": None}
    assert (await api.do("delete_agent", agent_id=agent["id"]))["success"] is True
    assert (await api.do("delete_agent", agent_id=agent["id"]))["success"] is False
    assert (await api.do("delete_agent_config", agent_config_id=nobody))["success"] is False


async def test_runs_with_a_label_are_limited(api: Client) -> None:
    made = await api.do("update_flow_concurrency_limit", "id", label="gpu", limit=1)
    again = await api.do("update_flow_concurrency_limit", "id", label="gpu", limit=2)
    assert again["id"] == made["id"]
    limits = (await api.ask("{ flow_concurrency_limit { name limit } }"))["flow_concurrency_limit"]
    assert limits == [{"name": "gpu", "limit": 2}]
    await api.do("delete_flow_concurrency_limit", limit_id=made["id"])
    assert await api.ask("{ flow_concurrency_limit { id } }") == {"flow_concurrency_limit": []}


@pytest.mark.parametrize(
    ("update", "delete", "tag"),
    [
        ("update_task_concurrency_limit", "delete_task_concurrency_limit", "name"),
        ("update_task_tag_limit", "delete_task_tag_limit", "tag"),
    ],
)
async def test_task_runs_with_a_tag_are_limited(
    api: Client, update: str, delete: str, tag: str
) -> None:
    made = await api.do(update, "id", **{tag: "database"}, limit=3)
    shown = "{ task_concurrency_limit { name limit } }"
    assert (await api.ask(shown))["task_concurrency_limit"] == [{"name": "database", "limit": 3}]
    await api.do(delete, "success", limit_id=made["id"])
    assert (await api.ask(shown))["task_concurrency_limit"] == []
