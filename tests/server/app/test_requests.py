"""The endpoint: every path, every form of a request, and the shapes of what goes wrong."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from flowtui.errors import ServerProblem
from flowtui.server.app import create_app
from flowtui.server.embedded import backend
from flowtui.server.settings import ServerSettings
from tests.server.installation import Client, Refusal

HELLO = {"query": "{ hello }"}
GREETING = {"data": {"hello": "👋"}}
KEY = {"api_key": "k"}


@asynccontextmanager
async def server(**settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A server with these settings, and a browser or client before it."""
    async with (
        backend(ServerSettings(**settings)) as ours,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(ours.app), base_url="http://127.0.0.1:4200"
        ) as http,
    ):
        yield http


@pytest.mark.parametrize("path", ["/", "/graphql", "/graphql/", "/foo/bar"])
async def test_every_path_is_the_api(api: Client, path: str) -> None:
    answer = await api.http.post(path, json=HELLO)
    assert (answer.status_code, answer.json()) == (200, GREETING)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.content.endswith(b"\n")


@pytest.mark.parametrize("variables", [None, "null", {}, "{}", "", '{"id": "x"}'])
async def test_variables_in_every_form(api: Client, variables: Any) -> None:
    answer = await api.http.post("/", json={**HELLO, "variables": variables})
    assert answer.json() == GREETING


async def test_variables_as_an_object_and_as_a_text_say_the_same(api: Client) -> None:
    document = "query($slug: String) { tenant(where: {slug: {_eq: $slug}}) { slug } }"
    for variables in ({"slug": "default"}, '{"slug": "default"}'):
        answer = await api.http.post("/", json={"query": document, "variables": variables})
        assert answer.json() == {"data": {"tenant": [{"slug": "default"}]}}


async def test_a_list_of_requests_is_answered_by_a_list(api: Client) -> None:
    answer = await api.http.post("/", json=[HELLO, {"query": "{ nope }"}, HELLO])
    assert answer.status_code == 200
    first, second, third = answer.json()
    assert first == third == GREETING
    assert second["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_one_of_several_operations(api: Client) -> None:
    document = "query a { hello } query b { api { backend mode core_version } }"
    answer = await api.http.post("/", json={"query": document, "operationName": "b"})
    assert answer.json() == {
        "data": {"api": {"backend": "SERVER", "mode": "normal", "core_version": "1.4.1"}}
    }
    answer = await api.http.post("/", json={"query": document})
    assert answer.status_code == 400
    assert "operation name" in answer.json()["errors"][0]["message"]


async def test_a_query_in_the_url(api: Client) -> None:
    assert (await api.http.get("/", params={"query": "{ hello }"})).json() == GREETING
    document = "query($slug: String) { tenant(where: {slug: {_eq: $slug}}) { slug } }"
    answer = await api.http.get("/", params={"query": document, "variables": '{"slug": "x"}'})
    assert answer.json() == {"data": {"tenant": []}}


async def test_a_url_changes_nothing(api: Client) -> None:
    document = 'mutation { create_tenant(input: {name: "x", slug: "x"}) { id } }'
    answer = await api.http.get("/", params={"query": document})
    assert answer.status_code == 405
    assert len((await api.ask("query { tenant { id } }"))["tenant"]) == 1


async def test_a_browser_that_comes_by_is_told_what_this_is(api: Client) -> None:
    answer = await api.http.get("/")
    assert answer.status_code == 400
    assert "Prefect API" in answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_REQUEST"),
        (b"{", "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'"text"', "BAD_REQUEST"),
        (b"\xff\xfe", "BAD_REQUEST"),
        (b"[" * 100_000, "BAD_REQUEST"),
        (b'{"query": 1}', "BAD_REQUEST"),
        (b'{"query": "{ hello }", "variables": "{"}', "BAD_REQUEST"),
        (b'{"query": "{ hello }", "variables": [1]}', "BAD_REQUEST"),
        (b'{"query": "{ hello }", "operationName": 1}', "BAD_REQUEST"),
        (b'{"query": "{ hello"}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ nope }"}', "GRAPHQL_VALIDATION_FAILED"),
        (
            b'{"query": "mutation { create_project(input: {}) { id } }"}',
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ],
)
async def test_what_is_no_request(api: Client, body: bytes, code: str) -> None:
    answer = await api.http.post("/", content=body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert "data" not in answer.json()


async def test_variables_that_do_not_fit(api: Client) -> None:
    answer = await api.post(
        "mutation($input: create_project_input!) { create_project(input: $input) { id } }",
        input={"name": "x"},
    )
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "data" not in answer.json()


async def test_errors_stand_before_data(api: Client) -> None:
    answer = await api.post('mutation { cancel_flow_run(input: {flow_run_id: "zzz"}) { state } }')
    assert answer.status_code == 200
    assert list(answer.json()) == ["errors", "data"]
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {
        "code": "INTERNAL_SERVER_ERROR",
        "exception": {"message": error["message"]},
    }


async def test_a_body_that_is_too_large() -> None:
    async with server(largest_body=1000) as http:
        assert (await http.post("/", json=HELLO)).json() == GREETING
        answer = await http.post("/", json={"query": "{ hello }", "padding": "x" * 1000})
        assert answer.status_code == 413
        assert "1000 bytes" in answer.json()["errors"][0]["message"]


async def test_what_is_taken_can_be_set(api: Client) -> None:
    """The limits of depth and size are settings, and a refusal names the one that was met."""
    run = await api.run(await api.flow())
    task_run = (await api.task_runs(run))[0]["id"]
    long = {"words": "m" * 600}
    packed = base64.b64encode(gzip.compress(json.dumps(long).encode())).decode()
    running = {"type": "Running", "context": long}
    tight = ServerSettings(
        deepest_query=2, largest_flow=500, largest_state=500, largest_artifact=500
    )
    await api.http.aclose()
    api.http = httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(api.storage, tight)),
        base_url="http://127.0.0.1:4200",
    )
    assert await api.ask("{ flow { project { name } } }")
    for mutation, input, words in (
        (
            "create_flow_from_compressed_string",
            {"project_id": run, "serialized_flow": packed},
            "largest_flow",
        ),
        (
            "set_flow_run_state",
            {"flow_run_id": run, "version": 1, "state": running},
            "largest_state",
        ),
        (
            "create_task_run_artifact",
            {"task_run_id": task_run, "kind": "markdown", "data": long},
            "largest_artifact",
        ),
    ):
        with pytest.raises(Refusal, match=words):
            await api.do(mutation, "id", **input)
    with pytest.raises(Refusal, match="maximum operation depth of 2"):
        await api.ask("{ flow { project { tenant { id } } } }")


async def test_the_same_request_delivered_twice_makes_one_run(api: Client) -> None:
    flow_id = await api.flow()
    values = {"flow_id": flow_id, "idempotency_key": "4f1c", "parameters": {}}
    document = "mutation($input: create_flow_run_input!) { create_flow_run(input: $input) { id } }"
    answers = [(await api.post(document, input=values)).content for _ in range(2)]
    assert answers[0] == answers[1]
    found = await api.ask("query { flow_run { id } task_run { id } flow_run_state { id } }")
    assert [len(found[one]) for one in ("flow_run", "task_run", "flow_run_state")] == [1, 2, 1]


async def test_health(api: Client) -> None:
    answer = await api.http.get("/health")
    assert answer.json()["status"] == "ok"
    answer = await api.http.get("/.well-known/apollo/server-health")
    assert answer.json() == {"status": "pass"}
    assert answer.headers["content-type"] == "application/health+json"


class _Broken:
    """A database whose disk is full."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    async def write(self, operation: Any) -> Any:
        raise ServerProblem("The database could not write: secret/path/server.db is full.")


async def test_what_fails_inside_is_logged_and_not_told(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(_Broken(api.storage))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:4200"
    ) as http:
        document = 'mutation { create_tenant(input: {name: "x", slug: "x"}) { id } }'
        answer = await http.post("/", json={"query": document})
    assert answer.status_code == 200
    message = "Unable to complete operation. An internal API error occurred."
    assert answer.json()["errors"][0]["message"] == message
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "secret/path/server.db is full" in caplog.text


async def test_half_a_character_comes_back_in_the_refusal(api: Client) -> None:
    """File names that are not UTF-8 reach Python as halves of surrogate pairs."""
    with pytest.raises(Refusal) as refusal:
        await api.do("cancel_flow_run", "state", flow_run_id="caf\udce9")
    assert refusal.value.message == "Could not parse UUID: caf\udce9"


async def test_a_line_with_half_a_character_is_not_lost(api: Client) -> None:
    run = await api.run(await api.flow())
    await api.do("write_run_logs", logs=[{"flow_run_id": run, "message": "caf\udce9"}])
    found = await api.ask("query { log { message } }")
    assert found["log"][0]["message"].startswith("caf")


# Who may ask


async def test_a_key_is_not_looked_at_unless_one_is_set(api: Client) -> None:
    answer = await api.http.post("/", json=HELLO, headers={"Authorization": "Bearer whatever"})
    assert answer.json() == GREETING


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "k"}])
async def test_a_missing_or_wrong_key(headers: dict[str, str]) -> None:
    async with server(api_key="k") as http:
        answer = await http.post("/", json=HELLO, headers=headers)
        # Prefect's client makes its AuthorizationError of this, and of nothing with a status.
        assert answer.status_code == 200
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert answer.json()["data"] is None
        assert (await http.get("/", params=HELLO, headers=headers)).json()["data"] is None


async def test_the_right_key() -> None:
    async with server(api_key="k") as http:
        answer = await http.post("/", json=HELLO, headers={"Authorization": "Bearer k"})
        assert answer.json() == GREETING
        assert (await http.get("/health")).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8080", 200),
        ("http://127.0.0.1:8080", 200),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
async def test_pages_from_elsewhere_may_not_ask_without_a_key(
    api: Client, origin: str, status: int
) -> None:
    answer = await api.http.post("/", json=HELLO, headers={"Origin": origin})
    assert answer.status_code == status
    allowed = answer.headers.get("access-control-allow-origin")
    assert allowed == ("*" if status == 200 else None)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:4200", 200),
        ("127.0.0.1", 200),
        ("[::1]:4200", 200),
        ("flowtui.localhost", 200),
        ("192.168.1.20:4200", 200),
        ("host.docker.internal:4200", 200),
        ("Prefect.Example:80", 200),
        ("rebound.example:4200", 403),
        ("127.0.0.1.nip.example", 403),
        ("a b[", 403),
    ],
)
async def test_without_a_key_a_server_answers_to_names_of_this_machine(
    host: str, status: int
) -> None:
    """A page can have a name of its own lead to this machine; its GET would carry no Origin."""
    async with server(allowed_hosts=("prefect.example",)) as http:
        asked = {"params": HELLO, "headers": {"Host": host}}
        answer = await http.get("/", **asked)
        assert answer.status_code == status
        assert (await http.get("/metrics", **asked)).status_code == status
        if status == 403:
            assert "--allowed-hosts" in answer.json()["errors"][0]["message"]
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        origin = {"Host": host, "Origin": f"http://{host}"}
        assert (await http.post("/", json=HELLO, headers=origin)).status_code in (status, 403)
        # A program is told in the form that Prefect's client takes for a refusal.
        answer = await http.post("/", json=HELLO, headers={"Host": host})
        assert answer.status_code == 200
        assert ("--allowed-hosts" in answer.text) is (status == 403)
        assert (await http.get("/health", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("settings", [{"allowed_hosts": ("*",)}, {"insecure": True}, KEY])
async def test_where_somebody_decided_who_may_ask_any_name_will_do(
    settings: dict[str, Any],
) -> None:
    headers = {"Host": "rebound.example", "Authorization": "Bearer k"}
    async with server(**settings) as http:
        assert (await http.get("/", params=HELLO, headers=headers)).json() == GREETING


async def test_with_a_key_every_page_may_ask() -> None:
    async with server(api_key="k") as http:
        answer = await http.options(
            "/graphql",
            headers={
                "Origin": "https://ui.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,x-prefect-tenant-id",
            },
        )
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "authorization" in answer.headers["access-control-allow-headers"]


async def test_reference_data(api: Client) -> None:
    found = (await api.ask("{ reference_data { state_hierarchy state_info } }"))["reference_data"]
    assert found["state_hierarchy"]["Success"] == ["Cached", "Mapped", "Skipped", "Success"]
    assert "_MetaState" in found["state_hierarchy"]["State"]
    assert found["state_info"]["Failed"] == {"color": "#eb0000"}


async def test_rows_outlive_the_server(tmp_path: Path) -> None:
    where = str(tmp_path / "server.db")
    async with server(database=where) as http:
        document = 'mutation { create_tenant(input: {name: "x", slug: "x"}) { id } }'
        made = (await http.post("/", json={"query": document})).json()
    async with server(database=where) as http:
        found = (await http.post("/", json={"query": "{ tenant { id slug } }"})).json()
    assert [one["slug"] for one in found["data"]["tenant"]] == ["default", "x"]
    assert found["data"]["tenant"][1]["id"] == made["data"]["create_tenant"]["id"]
