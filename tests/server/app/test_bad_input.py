"""Ten thousand requests that make no sense: each is answered, none by a failure of ours.

The cases are made from a seed, so that one which fails can be had again.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import random
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
)

from flowtui.server.app import INTERNAL_ERROR
from flowtui.server.schema import served_schema
from tests.server.app.test_process import PATIENCE, ask, started
from tests.server.installation import Client

SEED = 1919

HELLO = b'{"query": "{ hello }"}'

DOCUMENTS = (
    "{ hello }",
    "query($id: uuid!) { flow_run_by_pk(id: $id) { id state flow { name project { name } } } }",
    "query($where: flow_run_bool_exp, $n: Int) { flow_run(where: $where, limit: $n,"
    " order_by: {scheduled_start_time: desc, flow: {name: asc}}) { id name task_runs(limit: 2)"
    " { id map_index } } }",
    "query($name: String) { flow(where: {name: {_ilike: $name}}, distinct_on: name) { id name"
    ' parameters(path: "$.a[0]") } }',
    "query($s: [String!]) { flow_run_aggregate(where: {state: {_in: $s}}) { aggregate { count max"
    " { version } } nodes { id } } }",
    "query($ids: _uuid) { utility_downstream_tasks(args: {start_task_ids: $ids}) { task_id depth }"
    " }",
    "query($j: jsonb) { flow_group(where: {settings: {_contains: $j}}) { id settings } }",
    "query($t: timestamptz) { log(where: {timestamp: {_gt: $t}}) { message } }",
)
"""Queries whose variables are filled with nonsense, and whose text is spoiled."""

STRINGS = (
    "",
    " ",
    "null",
    "\x00",
    "a\x00b",
    "\ud800",
    "💥" * 50,
    "'; DROP TABLE flow_run; --",
    '"',
    "%",
    "\\",
    "[",
    "(?P<",
    "(a+)+$",
    "9" * 400,
    "2021-02-30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-12:00",
    "now",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "{,}",
    "$.a[",
    "../../etc/passwd",
    "\u202e",
    "Running",
    "Success",
    "A" * 3000,
)
NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**30, 0.5, -0.0, 1e308, 1e-308)


def value(rng: random.Random, depth: int = 0) -> Any:
    """Something that JSON can say."""
    roll = rng.random()
    if depth > 3 or roll < 0.35:
        return rng.choice(STRINGS)
    if roll < 0.55:
        return rng.choice(NUMBERS)
    if roll < 0.7:
        return rng.choice((None, True, False))
    if roll < 0.85:
        return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
    keys = (*STRINGS, "_eq", "_in", "_and", "_or", "_not", "type", "state", "id", "flow", "_ilike")
    return {rng.choice(keys): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def fitting(kind: Any, rng: random.Random, depth: int = 0) -> Any:
    """A value that mostly fits a type of the schema, so that it gets as far as what is behind."""
    if rng.random() < 0.04:
        return value(rng)
    if isinstance(kind, GraphQLNonNull):
        return fitting(kind.of_type, rng, depth)
    if rng.random() < 0.1:
        return None
    if isinstance(kind, GraphQLList):
        return [fitting(kind.of_type, rng, depth + 1) for _ in range(rng.randrange(3))]
    if isinstance(kind, GraphQLEnumType):
        return rng.choice(list(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: fitting(field.type, rng, depth + 1)
            for name, field in kind.fields.items()
            if isinstance(field.type, GraphQLNonNull) or rng.random() < 0.6
        }
    assert isinstance(kind, GraphQLScalarType)
    if kind.name in ("UUID", "uuid"):
        return rng.choice(KNOWN_IDS) if rng.random() < 0.7 else rng.choice(STRINGS)
    if kind.name in ("JSON", "jsonb"):
        return value(rng)
    if kind.name == "Int":
        return rng.choice((0, 1, -1, 2**31 - 1, -(2**31)))
    if kind.name == "Boolean":
        return rng.choice((True, False))
    return rng.choice(STRINGS)


KNOWN_IDS: list[str] = ["00000000-0000-0000-0000-000000000000"]
"""Ids of rows that are there, once a test has made some."""


def spoiled(rng: random.Random, text: bytes) -> bytes:
    """The same bytes with some of them changed, doubled, moved or gone."""
    spoilt = bytearray(text)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(spoilt) + 1)
        match rng.randrange(5):
            case 0:
                spoilt[at:at] = bytes([rng.randrange(256)])
            case 1:
                del spoilt[at : at + rng.randrange(1, 6)]
            case 2:
                spoilt[at:at] = spoilt[at : at + rng.randrange(1, 20)]
            case 3:
                spoilt[at:at] = rng.choice(
                    (b"{", b"}", b'"', b"$x", b"@skip(if: 1)", b"...", b"[" * 50)
                )
            case _:
                spoilt[at : at + 1] = rng.choice((b"\xff", b"\x00", b"\\u0000", b"\\ud800", b"#"))
    return bytes(spoilt)


def dumped(document: Any) -> bytes:
    return json.dumps(document).encode()


def nonsense_for_variables(rng: random.Random) -> bytes:
    variables = {name: value(rng) for name in ("id", "where", "n", "name", "s", "ids", "j", "t")}
    given: Any = json.dumps(variables) if rng.random() < 0.5 else variables
    return dumped({"query": rng.choice(DOCUMENTS), "variables": given})


def a_mutation(rng: random.Random) -> bytes:
    mutation_type = served_schema().mutation_type
    assert mutation_type is not None
    name, field = rng.choice(MUTATIONS)
    kind = field.args["input"].type
    document = f"mutation($input: {kind}) {{ {name}(input: $input) {{ __typename }} }}"
    return dumped({"query": document, "variables": {"input": fitting(kind, rng)}})


def a_filter(rng: random.Random) -> bytes:
    table = rng.choice(("flow_run", "task", "log", "flow_group", "agent", "cloud_hook"))
    kind = served_schema().type_map[f"{table}_bool_exp"]
    where = shallow(kind, rng, 0)
    document = (
        f"query($where: {table}_bool_exp) {{ {table}(where: $where, limit: 2) {{ created }} }}"
    )
    return dumped({"query": document, "variables": {"where": where}})


def shallow(kind: Any, rng: random.Random, depth: int) -> Any:
    """A filter with a few conditions."""
    while isinstance(kind, (GraphQLNonNull, GraphQLList)):
        kind = kind.of_type
    if not isinstance(kind, GraphQLInputObjectType):
        return fitting(kind, rng)
    if depth > 3:
        return {}
    names = rng.sample(list(kind.fields), min(2, len(kind.fields)))
    return {name: shallow(kind.fields[name].type, rng, depth + 1) for name in names}


def a_spoiled_document(rng: random.Random) -> bytes:
    text = spoiled(rng, rng.choice(DOCUMENTS).encode()).decode("utf-8", "replace")
    return dumped({"query": text, "variables": {}})


def a_spoiled_body(rng: random.Random) -> bytes:
    return spoiled(rng, nonsense_for_variables(rng))


def anything_at_all(rng: random.Random) -> bytes:
    match rng.randrange(6):
        case 0:
            return dumped(value(rng))
        case 1:
            return dumped(
                {"query": value(rng), "variables": value(rng), "operationName": value(rng)}
            )
        case 2:
            return rng.randbytes(rng.randrange(200))
        case 3:
            return b"[" * 5000 + b"]" * rng.randrange(5000)
        case 4:
            return b'{"query": "' + b"{ a " * rng.randrange(2000) + b'"}'
        case _:
            return dumped([{"query": "{ hello }"}, value(rng), {"query": value(rng)}])


def a_strange_encoding(rng: random.Random) -> bytes:
    text = '{"query": "{ hello }", "variables": {"n": NaN, "m": Infinity}}'
    return rng.choice(
        (
            text.encode("utf-16"),
            text.encode("utf-32-be"),
            b"\xef\xbb\xbf" + text.encode(),
            gzip.compress(text.encode()),
            text.encode() + b"\x00",
            text.encode("utf-7"),
            b"query={hello}",
            text.replace("hello", "hello é").encode("latin-1"),
        )
    )


MUTATIONS = sorted(
    (name, field)
    for name, field in (served_schema().mutation_type or served_schema().query_type).fields.items()  # type: ignore[union-attr]
    # Once there is a key, everybody else would be refused before anything is read.
    if name not in ("create_api_key", "createApiKey")
)

KINDS: tuple[tuple[int, Callable[[random.Random], bytes]], ...] = (
    (3000, nonsense_for_variables),
    (3000, a_mutation),
    (1200, a_filter),
    (900, a_spoiled_document),
    (900, a_spoiled_body),
    (700, anything_at_all),
    (300, a_strange_encoding),
)

HEADERS = (
    (b"content-type", (b"text/plain", b"application/json; charset=utf-16", b"\xff", b"")),
    (b"x-prefect-agent-id", (b"no uuid", b"\xe9", b"", b"0" * 500)),
    (b"x-prefect-core-version", (b"\xff\xfe", b"1.4.1", b"")),
    (b"authorization", (b"Bearer", b"Bearer \xff", b"Basic Og==", b":")),
    (b"origin", (b"null", b"http://[", b"http://localhost:1", b"file://")),
    (b"content-encoding", (b"gzip", b"br")),
)


def cases(rng: random.Random) -> Iterator[tuple[str, bytes, list[tuple[bytes, bytes]]]]:
    """Ten thousand bodies with the headers they come with, in no order."""
    makers = [maker for count, maker in KINDS for _ in range(count)]
    rng.shuffle(makers)
    for maker in makers:
        headers = [(name, rng.choice(some)) for name, some in HEADERS if rng.random() < 0.1]
        yield maker.__name__, maker(rng), headers


class Gate:
    """The application, asked without a network between."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def post(
        self, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
    ) -> tuple[int, bytes]:
        """The status and the body of the answer."""
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"localhost"), *(headers or [])],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 4200),
        }
        incoming = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return incoming.pop() if incoming else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await asyncio.wait_for(self.app(scope, receive, send), PATIENCE)
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize(
    ("database", "every"), [("sqlite", 1), ("postgres", 10)], indirect=["database"]
)
async def test_ten_thousand_requests_that_make_no_sense(
    api: Client, every: int, caplog: pytest.LogCaptureFixture
) -> None:
    flow_id = await api.flow()
    run = await api.run(flow_id)
    KNOWN_IDS[1:] = [flow_id, run, (await api.task_runs(run))[0]["id"], api.tenant_id]
    gate = Gate(api.backend.app)
    made = list(cases(random.Random(SEED)))
    assert len(made) == 10_000
    failures: list[str] = []
    with caplog.at_level(logging.ERROR):
        for number, (kind, body, headers) in enumerate(made[::every]):
            status, answer = await gate.post(body, headers)
            problem = complaint(status, answer)
            if problem or caplog.records:
                why = caplog.records[-1].exc_text if caplog.records else problem
                failures.append(f"case {number} {kind} {body[:600]!r} {headers}: {why}")
                caplog.clear()
            if number % 500 == 0:
                assert json.loads((await gate.post(HELLO))[1]) == {"data": {"hello": "👋"}}
    assert not failures, f"{len(failures)}\n" + "\n\n".join(failures[:8])


def complaint(status: int, answer: bytes) -> str:
    """What is wrong with an answer, if something is."""
    told = answer.decode("utf-8")
    if status >= 500 or INTERNAL_ERROR in told or "Traceback" in told:
        return f"{status} {told[:300]}"
    try:
        json.loads(told)
    except ValueError:
        return f"no JSON: {told[:300]}"
    return ""


LINES = (
    b"",
    b"\r\n\r\n",
    b"GET",
    b"GARBAGE\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,  # somebody speaks TLS
    b"POST / HTTP/9.9\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n{}",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{}",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    b"GET /?query=%FF%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /?query={hello}&variables=[1] HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}" * 3,
    b"POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
)
"""What comes over a line that is bad, or from somebody who means no good."""


def test_nonsense_on_the_line_itself(tmp_path: Path) -> None:
    """Nobody holds the server up by beginning something and leaving."""
    rng = random.Random(SEED)
    more = [spoiled(rng, rng.choice(LINES)) for _ in range(60)]
    with started("--db", str(tmp_path / "server.db"), "--no-loops") as (process, url):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        unfinished = []
        for line in (*LINES, *more):
            client = socket.create_connection(address, timeout=PATIENCE)
            client.sendall(line)
            unfinished.append(client)
        assert ask(url, "{ hello }") == {"hello": "👋"}
        for client in unfinished:
            with suppress(ConnectionError):
                client.shutdown(socket.SHUT_WR)
                while answer := client.recv(65536):
                    assert b"Traceback" not in answer
                    assert not answer.startswith(b"HTTP/1.1 5")
            client.close()
        assert ask(url, "{ hello }") == {"hello": "👋"}
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
