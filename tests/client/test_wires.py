"""What carries requests: each is sent once, answers belong to their questions, and what breaks says
whether anything can have arrived."""

from __future__ import annotations

import asyncio
import errno
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from flowtui.client import plain_wire
from flowtui.client.gql_wire import GqlWire
from flowtui.client.plain_wire import PlainWire
from flowtui.client.wire import Wire, not_connected, wire_for
from flowtui.config import Profile
from flowtui.errors import NotSent, Unreachable

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class FarEnd:
    """A server that gives the answers it was told to, and remembers what it was asked."""

    def __init__(self, *answers: bytes | None) -> None:
        self.answers = list(answers)
        """One a request; None gives none, and keeps the connection; an empty one closes it."""
        self.asked: list[bytes] = []
        self.heads: list[bytes] = []
        self.connections = 0
        self.ended = 0
        self.url = ""
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.heads.append(head)
                self.asked.append(await reader.readexactly(length))
                answer = self.answers.pop(0)
                if answer is None:
                    continue
                writer.write(answer)
                if not answer or b"close" in answer:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self.ended += 1
        writer.close()


@asynccontextmanager
async def far_end(*answers: bytes | None) -> AsyncIterator[tuple[FarEnd, PlainWire]]:
    """A far end, and a plain way to it."""
    end = FarEnd(*answers)
    server = await asyncio.start_server(end.serve, "127.0.0.1", 0)
    end.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/graphql"
    wire = PlainWire(end.url, {"Authorization": "Bearer key"})
    try:
        yield end, wire
    finally:
        await wire.close()
        for writer in end.writers:
            writer.close()
        server.close()
        await server.wait_closed()


async def until(condition: Callable[[], object]) -> None:
    """Let the loop go round until something is so."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to that")


@pytest.fixture(autouse=True)
def nothing_between(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)


async def test_one_connection_carries_one_request_after_the_other() -> None:
    async with far_end(WHOLE, WHOLE) as (end, wire):
        answer = await wire.post(b'{"query":"{ a }"}')
        assert (answer.status, answer.body) == (200, b"{}")
        await wire.post(b"second")
        assert end.asked == [b'{"query":"{ a }"}', b"second"]
        assert end.connections == 1
        assert end.heads[0].startswith(b"POST /graphql HTTP/1.1\r\n")
        assert b"authorization: bearer key" in end.heads[0].lower()


async def test_requests_at_the_same_time_do_not_share_a_connection() -> None:
    async with far_end(WHOLE, WHOLE, WHOLE) as (end, wire):
        await asyncio.gather(wire.post(b"one"), wire.post(b"two"))
        assert end.connections == 2
        await wire.post(b"three")
        assert end.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nwha\r\n1\r\nt\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nwhat",
        b"HTTP/1.0 200 OK\r\n\r\nwhat",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwhat",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
        + gzip.compress(b"what"),
    ],
    ids=["chunked", "to the end", "old", "hints", "packed"],
)
async def test_an_answer_is_read_however_it_comes(answer: bytes) -> None:
    async with far_end(answer, WHOLE) as (end, wire):
        asked = asyncio.create_task(wire.post(b"one"))
        if b"HTTP/1.0" in answer:
            await until(lambda: end.asked)
            end.writers[0].write_eof()
        assert (await asked).body == b"what"
        assert (await wire.post(b"two")).body == b"{}"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{",
        b"SSH-2.0-OpenSSH_9.2 close\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\nnot packed",
    ],
    ids=["nothing", "half", "another language", "badly packed"],
)
async def test_a_broken_answer_is_an_error_and_nothing_is_sent_again(answer: bytes) -> None:
    async with far_end(answer, WHOLE) as (end, wire):
        with pytest.raises(Unreachable) as told:
            await wire.post(b"mutation")
        assert not isinstance(told.value, NotSent), "it may have arrived"
        assert end.url in str(told.value)
        assert end.asked == [b"mutation"]
        assert (await wire.post(b"next")).body == b"{}"


async def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    async with far_end(WHOLE, WHOLE) as (end, wire):
        await wire.post(b"one")
        end.writers[0].close()
        await until(lambda: end.ended)
        await asyncio.sleep(0)
        assert (await wire.post(b"two")).body == b"{}"
        assert end.asked == [b"one", b"two"]


async def test_what_nobody_asked_for_is_no_answer() -> None:
    stray = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    async with far_end(WHOLE + stray, WHOLE, WHOLE) as (end, wire):
        await wire.post(b"one")
        assert (await wire.post(b"two")).status == 200
        end.writers[-1].write(stray)
        await end.writers[-1].drain()
        await until(lambda: end.ended == 2)
        assert (await wire.post(b"three")).status == 200
        assert end.asked == [b"one", b"two", b"three"]


async def test_a_connection_that_rested_too_long_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plain_wire, "KEPT", 0)
    async with far_end(WHOLE, WHOLE) as (end, wire):
        await wire.post(b"one")
        await wire.post(b"two")
        assert end.connections == 2


async def test_silence_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_wire, "WAITING", 0.01)
    async with far_end(None) as (end, wire):
        with pytest.raises(Unreachable, match="did not answer in time") as told:
            await wire.post(b"one")
        assert not isinstance(told.value, NotSent)
        await until(lambda: end.ended)


async def test_who_gives_up_takes_the_connection_along() -> None:
    async with far_end(None, WHOLE) as (end, wire):
        asked = asyncio.create_task(wire.post(b"one"))
        await until(lambda: end.asked)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        await until(lambda: end.ended)
        assert (await wire.post(b"two")).body == b"{}"


@pytest.mark.parametrize("kind", [PlainWire, GqlWire])
async def test_where_nobody_listens_nothing_was_sent(kind: Callable[..., Wire]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and never listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        wire = kind(url, {})
        with pytest.raises(NotSent) as told:
            await wire.ask("{ a }", {})
        await wire.close()
    assert "flowtui server start" in str(told.value)
    assert url in str(told.value)


@pytest.mark.parametrize(
    ("cause", "told", "advice"),
    [
        (
            "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)",
            "wrong version number",
            "Does it speak https? Try http:// instead.",
        ),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
            "self-signed certificate (_ssl.c:1006)",
            "self-signed certificate",
            "SSL_CERT_FILE names a file of certificates to trust.",
        ),
        (
            "[Errno -2] Name or service not known",
            "Name or service not known",
            "Is the host's name right?",
        ),
        (
            f"[Errno {errno.ECONNREFUSED}] Connect call failed ('127.0.0.1', 4200)",
            "Connection refused",
            "Start one with 'flowtui server start', or name another with --api.",
        ),
    ],
)
def test_what_keeps_a_connection_from_coming_about_is_said_for_people(
    cause: str, told: str, advice: str
) -> None:
    error = not_connected("https://host:4200", OSError(cause))
    assert str(error) == f"No backend answers at https://host:4200: {told}. {advice}"


async def test_https_to_a_server_without_it_says_what_to_try() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        wire = GqlWire(url, {})
        with pytest.raises(NotSent, match="Try http:// instead"):
            await wire.ask("{ a }", {})
        await wire.close()


async def test_who_waits_for_a_connection_can_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    started = asyncio.Event()

    async def never(*given: object, **more: object) -> None:
        started.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", never)
    asked = asyncio.create_task(PlainWire("http://127.0.0.1:4200", {}).post(b"one"))
    await started.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    monkeypatch.setattr(plain_wire, "CONNECTING", 0.01)
    with pytest.raises(NotSent, match="did not answer in time"):
        await PlainWire("http://127.0.0.1:4200", {}).post(b"one")


@pytest.mark.parametrize(
    ("url", "variables", "kind"),
    [
        ("http://127.0.0.1:4200", {}, PlainWire),
        ("http://[::1]:4200/graphql", {"NO_PROXY": "*"}, PlainWire),
        ("https://api.prefect.io", {}, GqlWire),
        ("http://me:secret@prefect.example", {}, GqlWire),
        ("http://prefect.example", {"HTTP_PROXY": "http://proxy:3128"}, GqlWire),
        ("http://prefect.example", {"all_proxy": "http://proxy:3128"}, GqlWire),
    ],
)
async def test_what_is_between_decides_who_carries(
    url: str, variables: dict[str, str], kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    wire = wire_for(Profile(api_url=url))
    assert type(wire) is kind
    await wire.close()


@pytest.mark.parametrize("url", ["", "localhost:4200", "http://", "http://a b", "http://a:99999"])
async def test_a_url_that_is_none_says_so(url: str) -> None:
    wire = wire_for(Profile(api_url=url))
    with pytest.raises(NotSent, match=r"is no URL|No backend"):
        await wire.ask("{ a }", {})
    await wire.close()
