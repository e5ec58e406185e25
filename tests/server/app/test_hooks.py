"""Cloud hooks: told after the commit, once, in their own time, and only those who may be called."""

from __future__ import annotations

import ipaddress
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from flowtui.server.calls import Caller, is_public, make_calls
from flowtui.server.services import hooks
from flowtui.server.services.hooks import Call
from flowtui.server.settings import ServerSettings
from tests.server.app.test_process import PATIENCE, ask, started
from tests.server.installation import Client, Refusal, flow


class Target:
    """Somebody who is called: an HTTP server on this machine."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.status = 200
        self.answering = threading.Event()
        self.answering.set()
        self.called = threading.Event()
        target = self

        class Listening(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                target.answering.wait(30)
                target.heard.append((dict(self.headers), json.loads(body)))
                target.called.set()
                self.send_response(target.status)
                if target.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *words: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Listening)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.url = f"http://localhost:{self.port}/hook?x=1"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)


@pytest.fixture
def target() -> Iterator[Target]:
    target = Target()
    target.thread.start()
    yield target
    target.answering.set()
    target.server.shutdown()
    target.thread.join()
    target.server.server_close()


def caller(*targets: str, patience: float = 20.0) -> Caller:
    return Caller(ServerSettings(hook_targets=targets, hook_patience=patience))


async def hook(api: Client, url: str, *states: str, **more: Any) -> str:
    given = {
        "tenant_id": api.tenant_id,
        "type": "WEBHOOK",
        "states": states,
        "config": {"url": url},
        **more,
    }
    return str((await api.do("create_cloud_hook", "id", **given))["id"])


async def test_a_hook_is_told_of_its_states_and_no_others(api: Client, target: Target) -> None:
    await hook(api, target.url, "failed", "Running", "FAILED", name="pager")
    (stored,) = (await api.ask("{ cloud_hook { name states active config } }"))["cloud_hook"]
    assert stored == {
        "name": "pager",
        "states": ["FAILED", "RUNNING"],
        "active": True,
        "config": {"url": target.url},
    }
    run = await api.run(await api.flow(), flow_run_name="amber-otter")
    await api.set_flow_run(run, "Running")
    for task_run in await api.task_runs(run):
        await api.set_task_run(task_run["id"], "Failed")
    await api.set_flow_run(run, "TimedOut")
    await api.set_flow_run(run, {"type": "Failed", "message": "no rows"})
    # Nobody was called yet: a change of state waits for no one.
    assert target.heard == []
    assert await make_calls(api.storage, caller("localhost")) == 2
    first, second = sorted(
        (body["event"] for _, body in target.heard), key=lambda e: e["timestamp"]
    )
    states = {event["state"]["state"]: event for event in (first, second)}
    assert set(states) == {"Running", "Failed"}
    failed = states["Failed"]
    assert (failed["type"], failed["is_test_event"]) == ("FlowRunStateChange", False)
    assert (failed["flow_run"]["id"], failed["flow_run"]["name"]) == (run, "amber-otter")
    assert (failed["flow_run"]["state"], failed["state"]["message"]) == ("TimedOut", "no rows")
    assert (failed["flow"]["name"], failed["tenant"]["slug"]) == ("nightly", "default")
    ids = {headers["X-PREFECT-EVENT-ID"] for headers, _ in target.heard}
    assert ids == {event["id"] for event in states.values()}
    assert {headers["Host"] for headers, _ in target.heard} == {f"localhost:{target.port}"}
    assert await make_calls(api.storage, caller("localhost")) == 0


def test_a_server_makes_the_calls_by_itself(target: Target, tmp_path: Path) -> None:
    options = ("--db", str(tmp_path / "server.db"), "--no-loops", "--hook-targets", "127.0.0.1,::1")
    with started(*options) as (process, url):

        def do(mutation: str, selection: str, **values: Any) -> Any:
            document = (
                f"mutation($input: {mutation}_input!)"
                f" {{ {mutation}(input: $input) {{ {selection} }} }}"
            )
            body = {"query": document, "variables": {"input": values}}
            return httpx.post(url, json=body, timeout=PATIENCE).json()["data"][mutation]

        tenant = ask(url, "{ tenant { id } }")["tenant"][0]["id"]  # type: ignore[index]
        do(
            "create_cloud_hook",
            "id",
            tenant_id=tenant,
            type="WEBHOOK",
            states=["SCHEDULED"],
            config={"url": target.url},
        )
        project = do("create_project", "id", tenant_id=tenant, name="p")["id"]
        made = do("create_flow", "id", project_id=project, serialized_flow=flow())
        run = do("create_flow_run", "id", flow_id=made["id"])["id"]
        assert target.called.wait(PATIENCE)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    ((_, body),) = target.heard
    assert body["event"]["flow_run"]["id"] == run


async def test_which_hooks_a_state_is_for(api: Client, target: Target) -> None:
    flow_id = await api.flow()
    group = (await api.ask("{ flow { version_group_id } }"))["flow"][0]["version_group_id"]
    await hook(api, target.url + "&who=group", "SCHEDULED", version_group_id=group)
    await hook(api, target.url + "&who=other", "SCHEDULED", version_group_id="another")
    off = await hook(api, target.url + "&who=off", "SCHEDULED")
    assert await api.do("set_cloud_hook_inactive", cloud_hook_id=off) == {"success": True}
    gone = await hook(api, target.url + "&who=gone", "SCHEDULED")
    await api.run(flow_id)
    assert await api.do("delete_cloud_hook", cloud_hook_id=gone) == {"success": True}
    assert await make_calls(api.storage, caller("*")) == 1
    assert await api.do("set_cloud_hook_active", cloud_hook_id=off) == {"success": True}
    await api.run(flow_id)
    assert await make_calls(api.storage, caller("*")) == 2
    assert await api.do("set_cloud_hook_active", cloud_hook_id=gone) == {"success": False}
    assert await api.do("delete_cloud_hook", cloud_hook_id=gone) == {"success": False}


@pytest.mark.parametrize(
    ("type", "config"),
    [
        ("WEBHOOK", {}),
        ("WEBHOOK", {"url": "http://x", "more": 1}),
        ("WEBHOOK", {"url": "file:///etc/passwd"}),
        ("WEBHOOK", {"url": 7}),
        ("SLACK_WEBHOOK", None),
        ("PAGERDUTY", {"api_token": "a", "routing_key": "b", "severity": "bad"}),
        ("TWILIO", {"account_sid": "a", "auth_token": "b", "messaging_service_sid": "c", "to": []}),
        ("WEBHOOK", ["url"]),
    ],
)
async def test_a_hook_has_to_know_what_its_type_needs(api: Client, type: str, config: Any) -> None:
    with pytest.raises(Refusal, match=r"^Invalid config"):
        await hook(api, "", "FAILED", type=type, config=config)


@pytest.mark.parametrize("states", [[], ["Failing"], ["FAILED", ""]])
async def test_a_hook_has_to_know_its_states(api: Client, states: list[str]) -> None:
    with pytest.raises(Refusal, match=r"^Invalid states$"):
        await hook(api, "http://x", *states)


async def test_a_hook_that_is_asked_for_twice_is_made_once(api: Client) -> None:
    first = await hook(api, "http://x", "FAILED")
    assert await hook(api, "http://x", "Failed") == first
    assert await hook(api, "http://y", "FAILED") != first


async def test_trying_a_hook_out(api: Client, target: Target) -> None:
    """By default nothing within the house is called, and the answer says so."""
    made = await hook(api, target.url, "FAILED")
    tried = await api.do("test_cloud_hook", "success error", cloud_hook_id=made)
    assert tried["success"] is False
    assert "hook_targets" in tried["error"]
    assert target.heard == []
    for wrong in ({"cloud_hook_id": api.tenant_id}, {"cloud_hook_id": made, "flow_run_id": made}):
        answer = await api.do("test_cloud_hook", "success error", **wrong)
        assert answer == {"success": False, "error": "Invalid ID"}


async def test_a_target_that_refuses_redirects_or_is_slow(target: Target) -> None:
    call = Call(
        "WEBHOOK",
        {"url": target.url},
        {"id": "e", "is_test_event": True, "flow_run": {}, "flow": {}, "state": {"state": "x"}},
    )
    assert await caller("127.0.0.0/8", "::1").call(call) is None
    for status in (500, 302):
        target.status = status
        assert str(status) in str(await caller("localhost").call(call))
    target.answering.clear()
    said = await caller("localhost", patience=1.0).call(call)
    assert said == "No answer within 1 seconds."
    target.answering.set()
    unheard = Call("WEBHOOK", {"url": "http://localhost:1/"}, call.event)
    assert "ConnectError" in str(await caller("localhost").call(unheard))
    for nonsense in ("http://", "http://[::1", "http://x:99999999/", "http://\u0000/"):
        assert await caller("*").call(Call("WEBHOOK", {"url": nonsense}, call.event))


async def test_a_name_is_looked_up_once_and_called_where_it_was_judged() -> None:
    """Otherwise a name that means another address a moment later gets round the judgement."""
    asked: list[str] = []
    sent: list[httpx.Request] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(f"{host}:{port}")
        return answers[host]

    def hear(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(202)

    answers = {
        "events.pagerduty.com": ["93.184.215.14"],
        "api.twilio.com": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
        "rebound.example": ["93.184.215.14", "10.0.0.1"],
        "slack.example": ["93.184.215.14"],
    }
    settings = ServerSettings()
    caller = Caller(settings, resolve=resolve, transport=httpx.MockTransport(hear))
    event = {
        "id": "e",
        "timestamp": "now",
        "is_test_event": False,
        "flow_run": {"name": "amber-otter"},
        "flow": {"name": "etl"},
        "tenant": {"slug": "acme"},
        "state": {"state": "Failed", "message": "no rows"},
    }
    pager = {"api_token": "a", "routing_key": "r", "severity": "error"}
    assert await caller.call(Call("PAGERDUTY", pager, event)) is None
    twilio = {
        "account_sid": "AC",
        "auth_token": "t",
        "messaging_service_sid": "M",
        "to": ["1", "2"],
    }
    assert await caller.call(Call("TWILIO", twilio, event)) is None
    assert (
        await caller.call(Call("SLACK_WEBHOOK", {"url": "https://slack.example/x"}, event)) is None
    )
    refused = await caller.call(Call("WEBHOOK", {"url": "https://rebound.example"}, event))
    assert "hook_targets" in str(refused)

    page, first, second, slack = sent
    assert (page.url.host, page.headers["host"]) == ("93.184.215.14", "events.pagerduty.com")
    assert page.extensions["sni_hostname"] == "events.pagerduty.com"
    paged = json.loads(page.content)["payload"]
    assert paged["summary"] == "Run amber-otter of etl is Failed."
    # Rules that sort incidents go by these.
    assert (paged["component"], paged["group"]) == ("etl", "amber-otter")
    assert paged["class"] == "State->Failed"
    assert paged["custom_details"].items() >= {
        ("flow", "etl"),
        ("flow_run", "amber-otter"),
        ("state", "Failed"),
        ("state_message", "no rows"),
        ("tenant_slug", "acme"),
    }
    assert [parse_qs(text.content.decode())["To"] for text in (first, second)] == [["1"], ["2"]]
    assert first.headers["authorization"].startswith("Basic ")
    assert json.loads(slack.content)["attachments"][0]["text"] == "no rows"
    assert asked == [
        "events.pagerduty.com:443",
        "api.twilio.com:443",
        "api.twilio.com:443",
        "slack.example:443",
        "rebound.example:443",
    ]


async def test_an_answer_that_never_ends_is_not_read() -> None:
    """It would fill the memory for as long as the server's patience lasts."""
    read = []

    async def endless() -> AsyncIterator[bytes]:
        while len(read) < 100:
            read.append(1)
            yield b"more and more"

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14"]

    def hear(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=endless())

    caller = Caller(ServerSettings(), resolve=resolve, transport=httpx.MockTransport(hear))
    event = {"id": "e", "is_test_event": True, "flow_run": {}, "flow": {}, "state": {}}
    assert await caller.call(Call("WEBHOOK", {"url": "https://talker.example"}, event)) is None
    assert read == []


async def test_a_host_is_called_at_its_next_address_when_one_does_not_listen(
    target: Target,
) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.2", "127.0.0.1"]

    caller = Caller(ServerSettings(hook_targets=("*",), hook_patience=20.0), resolve=resolve)
    event = {"id": "e", "is_test_event": True, "flow_run": {}, "flow": {}, "state": {}}
    url = f"http://pager.example:{target.port}/"
    assert await caller.call(Call("WEBHOOK", {"url": url}, event)) is None
    ((headers, _),) = target.heard
    assert headers["Host"] == f"pager.example:{target.port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "fec0::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_what_is_within_the_house(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "64:ff9b::808:808"])
def test_what_is_out_there(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


async def test_messages(api: Client) -> None:
    await hook(api, "", "SCHEDULED", type="PREFECT_MESSAGE", config=None)
    run = await api.run(await api.flow(), flow_run_name="amber-otter")
    (message,) = (await api.ask("{ message { id read type text content } }"))["message"]
    assert (message["read"], message["type"]) == (False, "CLOUD_HOOK")
    assert message["text"] == "Run amber-otter of nightly is Scheduled."
    assert message["content"]["event"]["flow_run"]["id"] == run
    assert await make_calls(api.storage, caller()) == 0

    async def read() -> list[bool]:
        return [one["read"] for one in (await api.ask("{ message { read } }"))["message"]]

    named = {"message_id": message["id"]}
    assert await api.do("mark_message_as_read", **named) == {"success": True}
    assert await read() == [True]
    assert await api.do("mark_message_as_unread", **named) == {"success": True}
    assert await read() == [False]
    assert await api.do("delete_message", **named) == {"success": True}
    assert await read() == []
    for gone in ("mark_message_as_read", "mark_message_as_unread", "delete_message"):
        assert await api.do(gone, **named) == {"success": False}


async def test_calls_that_nobody_makes_do_not_pile_up(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "MOST_WAITING", 2)
    await hook(api, "http://x", "SCHEDULED")
    flow_id = await api.flow()
    for _ in range(3):
        await api.run(flow_id)
    assert await api.storage.write(lambda tx: tx.count("hook_call")) == 2
    api.clock.advance(minutes=11)
    assert await make_calls(api.storage, caller()) == 0
    assert await api.storage.write(lambda tx: tx.count("hook_call")) == 0
