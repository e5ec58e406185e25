"""Tenants and projects: what each mutation takes, does, answers and refuses."""

from __future__ import annotations

import pytest

from tests.server.installation import Client, Refusal, flow


async def tenant(api: Client, tenant_id: str) -> dict[str, object]:
    asked = f'{{ tenant_by_pk(id: "{tenant_id}") {{ name slug settings }} }}'
    found: dict[str, object] = (await api.ask(asked))["tenant_by_pk"]
    return found


async def test_create_tenant_wants_a_slug_of_its_own(api: Client) -> None:
    made = await api.do("create_tenant", "id", name="Night Shift", slug="night-shift")
    found = await tenant(api, made["id"])
    assert (found["name"], found["slug"]) == ("Night Shift", "night-shift")
    with pytest.raises(Refusal, match="slugified"):
        await api.do("create_tenant", "id", name="Other", slug="Night Shift")
    with pytest.raises(Refusal, match="Uniqueness violation"):
        await api.do("create_tenant", "id", name="Other", slug="night-shift")


async def test_delete_tenant_wants_to_be_confirmed(api: Client, nobody: str) -> None:
    made = await api.do("create_tenant", "id", name="Gone", slug="gone")
    with pytest.raises(Refusal, match="confirm=True"):
        await api.do("delete_tenant", tenant_id=made["id"], confirm=False)
    assert (await api.do("delete_tenant", tenant_id=made["id"], confirm=True))["success"] is True
    assert await tenant(api, made["id"]) is None
    assert (await api.do("delete_tenant", tenant_id=nobody, confirm=True))["success"] is False


async def test_a_tenant_is_renamed(api: Client, nobody: str) -> None:
    await api.do("update_tenant_name", "id", tenant_id=api.tenant_id, name="Ops")
    await api.do("update_tenant_slug", "id", tenant_id=api.tenant_id, slug="ops")
    found = await tenant(api, api.tenant_id)
    assert (found["name"], found["slug"]) == ("Ops", "ops")
    with pytest.raises(Refusal, match="slugified"):
        await api.do("update_tenant_slug", "id", tenant_id=api.tenant_id, slug="O p s")
    for mutation, value in (("update_tenant_name", "name"), ("update_tenant_slug", "slug")):
        with pytest.raises(Refusal, match="Update failed"):
            await api.do(mutation, "id", tenant_id=nobody, **{value: "nobody"})


async def test_the_first_tenant_stays_the_first(api: Client) -> None:
    """The client works for whichever comes first, and where rows lie changes with each write."""
    for name in ("b", "a"):
        api.clock.advance(seconds=1)
        await api.do("create_tenant", "id", name=name, slug=name)
    await api.do("pause_tenant_work_queue", tenant_id=api.tenant_id)
    asked = "{ tenant { slug } one: tenant(limit: 1) { id } tenant_aggregate { nodes { slug } } }"
    found = await api.ask(asked)
    in_order = [{"slug": "default"}, {"slug": "b"}, {"slug": "a"}]
    assert found["tenant"] == found["tenant_aggregate"]["nodes"] == in_order
    assert found["one"] == [{"id": api.tenant_id}]
    other = await api.ask("{ tenant(order_by: {slug: asc}) { slug } }")
    assert [tenant["slug"] for tenant in other["tenant"]] == ["a", "b", "default"]


async def test_settings_of_a_tenant_are_merged(api: Client, nobody: str) -> None:
    for settings in ({"theme": "dark", "zone": {"name": "UTC"}}, {"zone": {"of": "ops"}}):
        await api.do("update_tenant_settings", "id", tenant_id=api.tenant_id, settings=settings)
    settings = (await tenant(api, api.tenant_id))["settings"]
    assert isinstance(settings, dict)
    assert (settings["theme"], settings["zone"]) == ("dark", {"of": "ops"})
    with pytest.raises(Refusal, match="Invalid tenant id"):
        await api.do("update_tenant_settings", "id", tenant_id=nobody, settings={"a": 1})


async def test_the_queue_of_a_tenant_pauses_and_goes_on(api: Client) -> None:
    run = await api.run(await api.flow())
    await api.do("pause_tenant_work_queue", "success", tenant_id=api.tenant_id)
    assert await api.queue() == []
    await api.do("resume_tenant_work_queue", "success", tenant_id=api.tenant_id)
    assert await api.queue() == [run]


async def project(api: Client, project_id: str) -> dict[str, object] | None:
    asked = f'{{ project_by_pk(id: "{project_id}") {{ name description }} }}'
    found: dict[str, object] | None = (await api.ask(asked))["project_by_pk"]
    return found


async def test_create_project_is_refused_twice(api: Client, nobody: str) -> None:
    given = {"tenant_id": api.tenant_id, "name": "Reports"}
    made = await api.do("create_project", "id", **given, description="Nightly")
    assert await project(api, made["id"]) == {"name": "Reports", "description": "Nightly"}
    with pytest.raises(Refusal, match="Uniqueness violation"):
        await api.do("create_project", "id", **given)
    with pytest.raises(Refusal, match="Foreign key violation"):
        await api.do("create_project", "id", tenant_id=nobody, name="Elsewhere")


async def test_a_project_is_renamed_and_described(api: Client, nobody: str) -> None:
    first, second = await api.project("first"), await api.project("second")
    await api.do("set_project_name", "id", project_id=first, name="renamed")
    await api.do("set_project_description", "id", project_id=first, description="what it is")
    assert await project(api, first) == {"name": "renamed", "description": "what it is"}
    await api.do("set_project_description", "id", project_id=first, description=None)
    assert await project(api, first) == {"name": "renamed", "description": None}
    with pytest.raises(Refusal, match="Uniqueness violation"):
        await api.do("set_project_name", "id", project_id=second, name="renamed")
    with pytest.raises(Refusal, match="Update failed"):
        await api.do("set_project_name", "id", project_id=nobody, name="x")
    with pytest.raises(Refusal, match="Update failed"):
        await api.do("set_project_description", "id", project_id=nobody, description="x")


async def test_delete_project_takes_its_flows_along(api: Client, nobody: str) -> None:
    home = await api.project()
    flow_id = await api.register(flow(), home)
    run = await api.run(flow_id)
    assert (await api.do("delete_project", project_id=home))["success"] is True
    gone = await api.ask(
        f'{{ flow_by_pk(id: "{flow_id}") {{ id }} flow_run_by_pk(id: "{run}") {{ id }} }}'
    )
    assert gone == {"flow_by_pk": None, "flow_run_by_pk": None}
    assert (await api.do("delete_project", project_id=nobody))["success"] is False
