"""The work queue of a tenant, paused and resumed."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.server.installation import Client, Refusal


async def is_paused(api: Client) -> object:
    (tenant,) = (await api.ask("{ tenant { settings } }"))["tenant"]
    return tenant["settings"].get("work_queue_paused")


async def test_a_paused_queue_hands_out_nothing(api: Client) -> None:
    run = await api.run(await api.flow())
    for _ in range(2):
        done = await api.do("pause_tenant_work_queue", tenant_id=api.tenant_id)
        assert done == {"success": True}
    assert await api.queue() == []
    assert await is_paused(api) is True
    assert (await api.flow_run(run))["state"] == "Scheduled"
    for _ in range(2):
        done = await api.do("resume_tenant_work_queue", tenant_id=api.tenant_id)
        assert done == {"success": True}
    assert await api.queue() == [run]
    assert await is_paused(api) is False


async def test_what_runs_goes_on_while_the_queue_is_paused(api: Client) -> None:
    run = await api.run(await api.flow())
    await api.set_flow_run(run, "Submitted")
    await api.do("pause_tenant_work_queue", tenant_id=api.tenant_id)
    for state in ("Running", "Success"):
        assert (await api.set_flow_run(run, state))["status"] == "SUCCESS"


async def test_other_settings_of_the_tenant_stay(api: Client) -> None:
    await api.do(
        "update_tenant_settings", "id", tenant_id=api.tenant_id, settings={"colour": "blue"}
    )
    await api.do("pause_tenant_work_queue", tenant_id=api.tenant_id)
    (tenant,) = (await api.ask("{ tenant { settings } }"))["tenant"]
    assert tenant["settings"] == {"colour": "blue", "work_queue_paused": True}


async def test_an_agent_that_asks_a_paused_queue_is_seen(api: Client) -> None:
    """Otherwise every agent would look dead as soon as somebody pauses the queue."""
    made = await api.do(
        "register_agent", "id", tenant_id=api.tenant_id, type="LocalAgent", labels=[]
    )
    await api.do("pause_tenant_work_queue", tenant_id=api.tenant_id)
    api.headers["X-PREFECT-AGENT-ID"] = made["id"]
    seen = api.clock.advance(minutes=5)
    assert await api.queue() == []
    (agent,) = (await api.ask("{ agent { last_queried } }"))["agent"]
    assert agent["last_queried"] == seen.isoformat()


async def test_the_queue_of_another_tenant_goes_on(api: Client) -> None:
    other = await api.do("create_tenant", "id", name="Other", slug="other")
    run = await api.run(await api.flow())
    await api.do("pause_tenant_work_queue", tenant_id=other["id"])
    assert await api.queue() == [run]


async def test_a_tenant_that_is_not_there(api: Client) -> None:
    with pytest.raises(Refusal, match=r"Invalid tenant id\."):
        await api.do("pause_tenant_work_queue", tenant_id="00000000-0000-4000-8000-000000000000")


async def contacts(api: Client) -> dict[str, object]:
    (agent,) = (await api.ask("{ agent { contacts last_queried } }"))["agent"]
    known: dict[str, object] = agent["contacts"]
    assert known["span"] == int(datetime.fromisoformat(agent["last_queried"]).timestamp()) // 240
    return known


async def test_how_often_an_agent_asked_is_kept_for_three_hours(api: Client) -> None:
    made = await api.do(
        "register_agent", "id", tenant_id=api.tenant_id, type="LocalAgent", labels=[]
    )
    api.headers["X-PREFECT-AGENT-ID"] = made["id"]
    assert (await contacts(api))["times"] == [1]
    api.clock.advance(minutes=4)
    for _ in range(3):
        await api.queue()
    api.clock.advance(minutes=12)
    await api.queue()
    assert (await contacts(api))["times"] == [1, 3, 0, 0, 1]
    api.clock.advance(minutes=4 * 43)
    await api.queue()
    assert (await contacts(api))["times"] == [0, 1, *[0] * 42, 1]
    api.clock.advance(days=30)
    await api.queue()
    assert (await contacts(api))["times"] == [*[0] * 44, 1]


async def test_an_agent_that_is_not_known_is_given_its_runs_nevertheless(api: Client) -> None:
    run = await api.run(await api.flow())
    api.headers["X-PREFECT-AGENT-ID"] = "00000000-0000-4000-8000-000000000000"
    assert await api.queue() == [run]
