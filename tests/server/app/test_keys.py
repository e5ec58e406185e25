"""API keys: made once, shown once, wanted from then on, and no good once revoked or expired."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from flowtui.server.app import create_app
from flowtui.server.doorkeeper import Doorkeeper
from flowtui.server.services.keys import hashed
from flowtui.server.settings import ServerSettings
from tests.server.app.test_detached import say
from tests.server.app.test_process import PATIENCE, refused, started
from tests.server.installation import Client, Refusal

LIST = "{ auth_api_key(order_by: {created: asc}) { id name expires_at user_id } }"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def allowed(api: Client, key: str = "") -> bool:
    """Whether the server answers somebody with that key."""
    headers = bearer(key) if key else {}
    answer = (await api.http.post("/", json={"query": "{ hello }"}, headers=headers)).json()
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    return "errors" not in answer


async def test_from_the_first_key_on_everybody_brings_one(api: Client) -> None:
    assert await allowed(api)
    assert await allowed(api, "any at all")
    made = await api.do("create_api_key", "id key", name="ci", user_id=None)
    assert not await allowed(api)
    assert not await allowed(api, "any at all")
    assert await allowed(api, made["key"])
    with pytest.raises(Refusal, match="needs an API key"):
        await api.ask(LIST)
    api.headers |= bearer(made["key"])
    (listed,) = (await api.ask(LIST))["auth_api_key"]
    assert (listed["id"], listed["name"], listed["expires_at"]) == (made["id"], "ci", None)
    info = (await api.ask("{ auth_info { tenant_id user_id } }"))["auth_info"]
    assert info == {"tenant_id": api.tenant_id, "user_id": listed["user_id"]}
    assert await api.do("delete_api_key", key_id=made["id"]) == {"success": True}
    assert await allowed(api)
    assert await api.do("delete_api_key", key_id=made["id"]) == {"success": False}


async def test_a_key_is_good_until_it_expires(api: Client) -> None:
    lasting = (await api.do("create_api_key", "key", name="lasting"))["key"]
    api.headers |= bearer(lasting)
    until = api.clock.now.replace(hour=13).isoformat()
    brief = (await api.do("create_api_key", "key", name="brief", expires_at=until))["key"]
    assert await allowed(api, brief)
    api.clock.advance(hours=2)
    # A verdict is remembered for a moment; whatever changes a key ends that.
    await api.do("delete_api_key", key_id=api.tenant_id)
    assert not await allowed(api, brief)
    assert await allowed(api, lasting)
    with pytest.raises(Refusal, match="before it is made"):
        await api.do("create_api_key", "key", name="late", expires_at=until)


async def test_names_are_unique_so_a_request_that_arrives_twice_makes_one_key(api: Client) -> None:
    api.headers |= bearer((await api.do("create_api_key", "key", name="ci"))["key"])
    with pytest.raises(Refusal, match=r"^Uniqueness violation\.$"):
        await api.do("create_api_key", "key", name="ci")
    with pytest.raises(Refusal, match="Invalid name"):
        await api.do("create_api_key", "key", name=" ")
    assert len((await api.ask(LIST))["auth_api_key"]) == 1


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_key_itself_is_kept_nowhere(api: Client, tmp_path: Path) -> None:
    key = (await api.do("create_api_key", "key", name="ci"))["key"]
    assert len(key) > 40
    await api.storage.close()
    kept = everything_in(tmp_path)
    assert hashed(key).encode() in kept
    assert key.encode() not in kept


@pytest.fixture
async def keyed(api: Client) -> AsyncIterator[Client]:
    """The same rows behind a server that was started with a key."""
    settings = ServerSettings(api_key="flag key")
    app = create_app(
        api.storage, settings, doorkeeper=Doorkeeper(api.storage, settings, operator="token")
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:4200"
    ) as http:
        api.http, before = http, api.http
        yield api
        api.http = before


async def test_the_key_of_the_start_and_the_operators_token_go_on_working(keyed: Client) -> None:
    assert [await allowed(keyed, key) for key in ("", "flag", "flag key", "token")] == [
        False,
        False,
        True,
        True,
    ]
    keyed.headers |= bearer("flag key")
    made = (await keyed.do("create_api_key", "key", name="ci"))["key"]
    assert [await allowed(keyed, key) for key in ("flag key", "token", made)] == [True] * 3


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "bearer\tx", "Basic Zm9v", "flag key", "é"]
)
async def test_a_header_that_makes_no_sense_is_no_key(keyed: Client, header: str) -> None:
    answer = await keyed.http.post(
        "/", json={"query": "{ hello }"}, headers={b"Authorization": header.encode("latin-1")}
    )
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_when_the_database_breaks_nobody_is_locked_out_or_let_in(api: Client) -> None:
    await api.storage.close()
    answer = await api.http.post("/", json={"query": "{ hello }"})
    assert answer.json() == {"data": {"hello": "👋"}}


class Shell:
    """`flowtui server keys` on one database."""

    def __init__(self, database: Path) -> None:
        self.database = database

    def keys(self, *words: str) -> str:
        done = say("keys", *words, "--db", str(self.database))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.keys("list", "-o", "json"))
        return found


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "server.db")


def test_keys_from_the_command_line(shell: Shell) -> None:
    """Made before there is a server, listed and revoked through one, which then needs a key."""
    database = str(shell.database)
    said = refused("--port", "0", "--host", "0.0.0.0", "--db", database)
    assert "flowtui server keys create" in said
    key = shell.keys("create", "ops", "--expires-in", "90d")
    with started("--db", database, "--host", "0.0.0.0") as (process, url):
        assert "errors" in httpx.post(url, json={"query": "{ hello }"}).json()
        brought = httpx.post(url, json={"query": "{ hello }"}, headers=bearer(key))
        assert brought.json() == {"data": {"hello": "👋"}}
        made = json.loads(shell.keys("create", "ci", "-o", "json"))
        assert [(one["name"], one["expired"]) for one in shell.listed()] == [
            ("ops", False),
            ("ci", False),
        ]
        first = shell.listed()[0]["id"]
        assert shell.keys("revoke", "ops") == f"Revoked ops ({first})"
        assert [one["id"] for one in shell.listed()] == [made["id"]]
        assert "errors" in httpx.post(url, json={"query": "{ hello }"}, headers=bearer(key)).json()
        process.terminate()
        assert process.wait(PATIENCE) == 0
    nobody = say("keys", "revoke", "ops", "--db", database)
    assert (nobody.returncode, "no key 'ops'" in nobody.stderr) == (1, True)
    with closing(sqlite3.connect(database)) as rows:
        assert rows.execute("SELECT name FROM api_key").fetchall() == [("ci",)]
