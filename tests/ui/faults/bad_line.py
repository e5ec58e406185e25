"""A bad line between the dashboard and its backend: real TCP on loopback, and what goes wrong.

Each fault is what it does with one request; requests and answers are otherwise whole. What arrives
at the backend is kept, so that a test can say that nothing was sent twice.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx

Json = Any
Change = Callable[[Json], Json]


class BadLine:
    """Passes requests on to a backend in this process, as well or as badly as it is told."""

    def __init__(self, app: Any) -> None:
        self._far_end = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://world.test:4200"
        )
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._port = 0
        self.fault: Fault = whole
        self.spoiled = 0
        """How many requests met a fault."""
        self.arrived: list[str] = []
        """The bodies of the requests that reached the backend."""
        self.asked: Counter[str] = Counter()
        """How often each question was asked, by the name of its operation."""
        self.news = asyncio.Event()
        """Something was asked; whoever waits for it clears it first."""
        self.met: Counter[str] = Counter()
        """How often each question met a fault of its own, up to its answer's end."""
        self.keys: set[str] = set()
        """Every name that was met in an answer."""
        self.fields: defaultdict[str, set[str]] = defaultdict(set)
        """The same, by the name of the question."""
        self.open_requests = 0
        """Those that wait for an answer."""
        self.released = asyncio.Event()
        """Lets go of what `held` holds back."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def listen(self) -> None:
        """Be there; at the same place after an absence."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def vanish(self) -> None:
        """Be gone: nobody listens, and what was open is cut."""
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        self._server = None

    async def close(self) -> None:
        if self._server is not None:
            await self.vanish()
        await self._far_end.aclose()

    def mutations(self) -> list[str]:
        """The mutations that reached the backend."""
        return [body for body in self.arrived if json.loads(body)["query"].startswith("mutation")]

    async def answer(self, body: str) -> bytes:
        """What the backend says to a request."""
        self.arrived.append(body)
        content = (await self._far_end.post("/", content=body)).content
        answer = json.loads(content)
        _names(answer, self.keys)
        _names(answer.get("data"), self.fields[operation_of(body)])
        return content

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                length = int(head.partition("content-length:")[2].split("\r\n")[0])
                body = (await reader.readexactly(length)).decode()
                fault = self.fault
                self.asked[operation_of(body)] += 1
                self.news.set()
                self.open_requests += 1
                try:
                    goes_on = await fault(self, writer, body)
                finally:
                    self.open_requests -= 1
                if fault is not whole:
                    self.spoiled += 1
                await writer.drain()
                if not goes_on:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._open.discard(writer)
            writer.close()


Fault = Callable[[BadLine, asyncio.StreamWriter, str], Awaitable[bool]]
"""Does something about a request; whether the connection goes on."""

_OPERATION = re.compile(r'"(?:query|mutation) (\w+)')


def operation_of(body: str) -> str:
    """The name of the operation that a request asks for; empty for one without a name."""
    found = _OPERATION.search(body)
    return found[1] if found else ""


def _names(value: Json, into: set[str]) -> None:
    if isinstance(value, dict):
        into.update(value)
        for one in value.values():
            _names(one, into)
    elif isinstance(value, list):
        for one in value:
            _names(one, into)


def _reply(writer: asyncio.StreamWriter, content: bytes, status: str = "200 OK") -> None:
    kind = "text/html" if content.startswith(b"<") else "application/json"
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content)


async def whole(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
    """No fault."""
    _reply(writer, await line.answer(body))
    return True


async def dropped(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
    """The connection is closed before anything reaches the backend."""
    return False


async def lost(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
    """The backend has done it, and its answer is lost."""
    await line.answer(body)
    return False


async def cut(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
    """Half the answer, then nothing: fewer bytes than were announced."""
    content = await line.answer(body)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content))
    writer.write(content[: len(content) // 2])
    return False


async def held(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
    """Nothing, until it is released; then the connection is cut."""
    with suppress(asyncio.CancelledError):
        await line.released.wait()
    return False


def only(operation: str, fault: Fault) -> Fault:
    """That fault for one question; all others are well."""

    async def choosing(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
        if operation_of(body) != operation:
            return await whole(line, writer, body)
        goes_on = await fault(line, writer, body)
        line.met[operation] += 1
        return goes_on

    return choosing


def saying(content: bytes, status: str = "200 OK") -> Fault:
    """Always the same answer, whatever is asked."""

    async def fault(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
        _reply(writer, content, status)
        return True

    return fault


def changing(change: Change) -> Fault:
    """The backend's answer with something about it changed."""

    async def fault(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
        answer = json.loads(await line.answer(body))
        _reply(writer, json.dumps({"data": change(answer["data"])}).encode())
        return True

    return fault


def half_a_body() -> Fault:
    """An answer that is whole for HTTP and ends in the middle of its JSON."""

    async def fault(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
        content = await line.answer(body)
        _reply(writer, content[: len(content) // 2])
        return True

    return fault


def nulls(value: Json) -> Json:
    """Null in every place that is not a list or an object."""
    return _each(value, lambda leaf: None)


def other_types(value: Json) -> Json:
    """A number for every text, a text for every number, a list for every truth."""
    return _each(value, lambda leaf: 7 if isinstance(leaf, str) else ["odd", {"type": leaf}])


def hostile_texts(value: Json) -> Json:
    """Escape sequences and markup in every text that is not an id or a time."""

    def leaf(one: Json) -> Json:
        is_name = isinstance(one, str) and not (one[:8].isalnum() and "-" in one)
        return f"\x1b[2J[red]{one}\x07" if is_name else one

    return _each(value, leaf)


def without(name: str) -> Change:
    """Null wherever this name is."""
    return replaced(name, lambda value: None)


def replaced(name: str, instead: Change) -> Change:
    """Something else wherever this name is."""

    def change(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: instead(one) if key == name else change(one) for key, one in value.items()}
        return [change(one) for one in value] if isinstance(value, list) else value

    return change


def gone(name: str) -> Change:
    """As if a field of this name had never been asked for."""

    def change(value: Json) -> Json:
        if isinstance(value, dict):
            return {key: change(one) for key, one in value.items() if key != name}
        return [change(one) for one in value] if isinstance(value, list) else value

    return change


def _each(value: Json, leaf: Change) -> Json:
    if isinstance(value, dict):
        return {key: _each(one, leaf) for key, one in value.items()}
    if isinstance(value, list):
        return [_each(one, leaf) for one in value]
    return leaf(value)


FAULTS: dict[str, Fault] = {
    "dropped": dropped,
    "lost": lost,
    "cut": cut,
    "half a body": half_a_body(),
    "500": saying(b'{"detail":"boom"}', "500 Internal Server Error"),
    "502 in HTML": saying(b"<html><h1>Bad gateway</h1>", "502 Bad Gateway"),
    "a login page": saying(b"<html>log in</html>"),
    "401": saying(b'{"error":"who are you?"}', "401 Unauthorized"),
    "429": saying(b"slow down", "429 Too Many Requests"),
    "nothing": saying(b""),
    "no object": saying(b"[1, 2]"),
    "data that is null": saying(b'{"data": null}'),
    "data without fields": saying(b'{"data": {}}'),
    "data that is a list": saying(b'{"data": [[]]}'),
    "errors of no shape": saying(b'{"errors": ["\\u001b[31mboom", null, {"message": 5}]}'),
    "an error that is a text": saying(b'{"errors": "boom"}'),
    "no UTF-8": saying(b'{"data": "\xff\xfe"}'),
    "deep": saying(b'{"data": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "nulls": changing(nulls),
    "other types": changing(other_types),
    "hostile texts": changing(hostile_texts),
}
"""What can go wrong with an answer, by name."""


@asynccontextmanager
async def bad_line(app: Any) -> AsyncIterator[BadLine]:
    """A line to a backend, whole at first."""
    line = BadLine(app)
    await line.listen()
    try:
        yield line
    finally:
        line.released.set()
        await line.close()
