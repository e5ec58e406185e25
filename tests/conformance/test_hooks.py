"""Cloud hooks, messages and API keys: what each mutation takes, does, answers and refuses."""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.server.calls import Caller, make_calls
from flowtui.server.settings import ServerSettings
from tests.server.installation import Client, Refusal


async def hook(api: Client, kind: str = "WEBHOOK", **given: Any) -> str:
    """A hook's id; to an address that nobody may call."""
    settled = {"config": {"url": "http://127.0.0.1:9/"}, "states": ["Failed"], **given}
    made = await api.do("create_cloud_hook", "id", tenant_id=api.tenant_id, type=kind, **settled)
    return str(made["id"])


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("WEBHOOK", {"url": "https://example.com"}),
        ("SLACK_WEBHOOK", {"url": "https://example.com"}),
        ("PAGERDUTY", {"api_token": "t", "routing_key": "k", "severity": "critical"}),
        (
            "TWILIO",
            {
                "account_sid": "a",
                "auth_token": "t",
                "messaging_service_sid": "m",
                "to": ["+4712345678"],
            },
        ),
        ("PREFECT_MESSAGE", None),
    ],
)
async def test_each_kind_of_hook_wants_its_own_configuration(
    api: Client, kind: str, config: Any
) -> None:
    await hook(api, kind, config=config)
    if config is not None:
        with pytest.raises(Refusal, match="Invalid config"):
            await hook(api, kind, config={**config, "more": 1})


async def test_a_hook_is_for_states_that_there_are(api: Client) -> None:
    await hook(api, states=["success", "Success", "failed"])
    (stored,) = (await api.ask("{ cloud_hook { states type active } }"))["cloud_hook"]
    assert sorted(stored["states"]) == ["FAILED", "SUCCESS"]
    assert (stored["type"], stored["active"]) == ("WEBHOOK", True)
    for wrong in ([], ["Sleeping"]):
        with pytest.raises(Refusal, match="Invalid states"):
            await hook(api, states=wrong)


async def test_a_hook_is_switched_tried_and_deleted(api: Client, nobody: str) -> None:
    one = await hook(api)
    for mutation, active in (("set_cloud_hook_inactive", False), ("set_cloud_hook_active", True)):
        assert (await api.do(mutation, cloud_hook_id=one))["success"] is True
        assert await api.ask("{ cloud_hook { active } }") == {"cloud_hook": [{"active": active}]}
        assert (await api.do(mutation, cloud_hook_id=nobody))["success"] is False
    tried = await api.do("test_cloud_hook", "success error", cloud_hook_id=one)
    assert tried["success"] is False
    assert tried["error"]
    missing = await api.do("test_cloud_hook", "success error", cloud_hook_id=nobody)
    assert missing["success"] is False
    assert "Invalid ID" in missing["error"]
    assert (await api.do("delete_cloud_hook", cloud_hook_id=one))["success"] is True
    assert (await api.do("delete_cloud_hook", cloud_hook_id=one))["success"] is False


async def test_messages_are_left_read_and_deleted(api: Client, nobody: str) -> None:
    await hook(api, "PREFECT_MESSAGE", config=None)
    run = await api.run(await api.flow())
    await api.set_flow_run(run, "Failed")
    await make_calls(api.storage, Caller(ServerSettings()))
    (message,) = (await api.ask("{ message { id type read content } }"))["message"]
    assert (message["type"], message["read"]) == ("CLOUD_HOOK", False)
    assert message["content"]["event"]["flow_run"]["id"] == run
    for mutation, read in (("mark_message_as_read", True), ("mark_message_as_unread", False)):
        assert (await api.do(mutation, message_id=message["id"]))["success"] is True
        assert await api.ask("{ message { read } }") == {"message": [{"read": read}]}
        assert (await api.do(mutation, message_id=nobody))["success"] is False
    assert (await api.do("delete_message", message_id=message["id"]))["success"] is True
    assert (await api.do("delete_message", message_id=message["id"]))["success"] is False


async def test_a_hook_is_told_of_the_run_as_it_was_before(api: Client) -> None:
    """Also of a run that was not there before."""
    states = ["Scheduled", "Running"]
    await hook(api, "PREFECT_MESSAGE", config=None, states=states)
    run = await api.run(await api.flow())
    api.clock.advance(seconds=1)
    await api.set_flow_run(run, "Running")
    told = (await api.ask("{ message(order_by: {created: asc}) { content } }"))["message"]
    events = [message["content"]["event"] for message in told]
    assert [(one["flow_run"]["state"], one["flow_run"]["version"]) for one in events] == [
        (None, 0),
        ("Scheduled", 1),
    ]
    assert [(one["state"]["state"], one["state"]["version"]) for one in events] == [
        ("Scheduled", 1),
        ("Running", 2),
    ]


async def test_a_key_is_made_and_revoked(api: Client) -> None:
    made = await api.do("create_api_key", "id key", name="ci")
    assert (await api.post("{ hello }")).json()["errors"]
    api.headers["Authorization"] = f"Bearer {made['key']}"
    assert await api.ask("{ auth_api_key { id name } }") == {
        "auth_api_key": [{"id": made["id"], "name": "ci"}]
    }
    assert (await api.do("delete_api_key", key_id=made["id"]))["success"] is True
    del api.headers["Authorization"]
    assert (await api.post("{ hello }")).json()["data"]
