"""HTTP/1.1 to a server that is spoken to directly: h11 reads and writes it, asyncio carries it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import h11

from flowtui import __version__
from flowtui.client.answers import Answer, read, written
from flowtui.client.wire import (
    CONNECTING,
    WAITING,
    cut_off,
    no_url,
    not_connected,
    too_slow,
)
from flowtui.errors import NotSent

LEAVING = 1.0
"""Seconds that connections on their way get to come about when all are closed."""
KEPT = 4.0
"""Seconds that a connection is kept for the next request; the usual server closes it after 5."""


class PlainWire:
    """Connections to one server, each for one request at a time."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._url, self._host, self._port = url, parts.hostname or "", parts.port or 80
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {
            "Host": parts.netloc,
            "User-Agent": f"flowtui/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/json",
            **headers,
        }
        self._resting: list[_Line] = []
        self._busy: set[_Line] = set()
        self._opening: set[_Opening] = set()
        """Connections that are on their way, also those that nobody waits for any more."""
        self._is_closed = False

    async def ask(self, text: str, variables: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
        """The `data` and the `errors` of the answer to a document."""
        request = written({"query": text, "variables": variables})
        return read(await self.post(request.encode()), self._url)

    async def post(self, body: bytes) -> Answer:
        """The answer to a request. It is sent once: what breaks is not tried again."""
        request = self._request(body)
        line = self._rested() or await self._connected()
        self._busy.add(line)
        try:
            answer = await line.ask(request, body)
        except TimeoutError as error:
            raise too_slow(self._url) from error
        except (OSError, h11.RemoteProtocolError) as error:
            raise cut_off(self._url, error) from error
        finally:
            self._busy.discard(line)
            if self._is_closed:
                line.cut()
            elif line.rest():
                self._resting.append(line)
        return answer

    async def close(self) -> None:
        """Close every connection; who still waits for an answer is told that it was cut off."""
        self._is_closed = True
        lines = [*self._resting, *self._busy]
        self._resting.clear()
        for line in lines:
            await line.closed()
        if self._opening:
            _, late = await asyncio.wait(self._opening, timeout=LEAVING)
            for opening in late:
                opening.cancel()

    def _request(self, body: bytes) -> h11.Request:
        headers = [*self._headers.items(), ("Content-Length", str(len(body)))]
        try:
            return h11.Request(method="POST", target=self._target, headers=headers)
        except (h11.LocalProtocolError, UnicodeEncodeError) as error:
            raise no_url(self._url) from error

    def _rested(self) -> _Line | None:
        """The connection that was used last, if it can be used again; all older ones end."""
        while self._resting:
            line = self._resting.pop()
            if line.is_fresh:
                return line
            line.cut()
        return None

    async def _connected(self) -> _Line:
        loop = asyncio.get_running_loop()
        opening = loop.create_task(
            loop.create_connection(_Line, self._host, self._port, happy_eyeballs_delay=0.25)
        )
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            await asyncio.wait({opening}, timeout=CONNECTING)
            if not opening.done():
                raise too_slow(self._url, NotSent)
            return opening.result()[1]
        except (OSError, UnicodeError) as error:
            raise not_connected(self._url, error) from error
        except asyncio.CancelledError:
            # Not cancelled: asyncio would forget a socket that is connected, but not told of yet.
            opening.add_done_callback(_cut_when_open)
            raise
        except BaseException:
            opening.add_done_callback(_cut_when_open)
            opening.cancel()
            raise


class _Line(asyncio.Protocol):
    """One connection, and the answer that is awaited on it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.CLIENT)
        self._transport: asyncio.Transport | None = None
        self._lost = self._loop.create_future()
        self._answer: asyncio.Future[Answer] | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._rests_since = 0.0
        self._status = 0
        self._is_packed = False
        self._body = bytearray()

    async def ask(self, request: h11.Request, body: bytes) -> Answer:
        """Send a request and wait for its answer, as long as more of it comes."""
        assert self._transport is not None
        self._answer = self._loop.create_future()
        parts = (request, h11.Data(data=body), h11.EndOfMessage())
        self._transport.write(b"".join(self._http.send(part) or b"" for part in parts))
        self._listen()
        try:
            return await self._answer
        finally:
            if self._silence is not None:
                self._silence.cancel()

    @property
    def is_fresh(self) -> bool:
        """Whether another request may be sent, as far as one can know."""
        return not self._is_closing and self._loop.time() - self._rests_since < KEPT

    def rest(self) -> bool:
        """Be ready for the next request; false where this was the last, and the connection ends."""
        self._answer, self._body = None, bytearray()
        if self._is_closing or self._http.states != _DONE or self._http.trailing_data[0]:
            self.cut()
            return False
        self._http.start_next_cycle()
        self._rests_since = self._loop.time()
        return True

    def cut(self) -> None:
        """End the connection now."""
        if self._transport is not None:
            self._transport.abort()

    async def closed(self) -> None:
        """End the connection, and wait until it has."""
        self.cut()
        await asyncio.wait({self._lost})

    @property
    def _is_closing(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def _listen(self) -> None:
        """Give what comes next its time."""
        if self._silence is not None:
            self._silence.cancel()
        self._silence = self._loop.call_later(WAITING, self._fail, TimeoutError("silence"))

    # What asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            self.cut()  # nobody asked, so it is no answer to what will be asked
            return
        self._listen()
        self._http.receive_data(data)
        self._read_on()

    def eof_received(self) -> None:
        if self._answer is not None:
            self._http.receive_data(b"")
            self._read_on()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionResetError("the connection was closed without an answer"))
        if not self._lost.done():
            self._lost.set_result(None)

    # The answer

    def _read_on(self) -> None:
        """Take in all that has come of the answer."""
        try:
            while True:
                event = self._http.next_event()
                if isinstance(event, h11.Response):
                    self._status = event.status_code
                    packed = dict(event.headers).get(b"content-encoding", b"")
                    self._is_packed = packed.lower() in (b"gzip", b"x-gzip")
                elif isinstance(event, h11.Data):
                    self._body += event.data
                elif isinstance(event, h11.EndOfMessage):
                    self._finish()
                    return
                elif not isinstance(event, h11.InformationalResponse):
                    return  # more is to come, or nothing any more
        except (OSError, h11.RemoteProtocolError) as error:
            self._fail(error)

    def _finish(self) -> None:
        body = _unpacked(self._body) if self._is_packed else bytes(self._body)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(Answer(self._status, body))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


_Opening = asyncio.Task[tuple[asyncio.Transport, _Line]]
_DONE = {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}


def _unpacked(body: bytearray) -> bytes:
    """What gzip has packed; only what is between packs, so it is imported then."""
    import zlib

    try:
        return zlib.decompress(body, wbits=16 + zlib.MAX_WBITS)
    except zlib.error as error:
        raise OSError(f"the answer is packed, but badly: {error}") from error


def _cut_when_open(opening: _Opening) -> None:
    """End a connection that nobody waits for any more."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result()[1].cut()
