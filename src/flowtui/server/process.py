"""The backend as a process of its own: listens, says where, runs its loops, stops when told to.

Beside the database lie its lock and, while the server answers, a file with its address; that is how
dashboards find a server that another one started.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import uvicorn

from flowtui.errors import ServerProblem
from flowtui.server.address import address_known
from flowtui.server.calls import Caller, keep_calling
from flowtui.server.embedded import backend
from flowtui.server.log_lines import say_ready, write_log
from flowtui.server.loops import keep_going
from flowtui.server.loops.roster import roster
from flowtui.server.services import keys
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Storage
from flowtui.server.storage.locations import without_password

GRACE = 5
"""Seconds that requests under way are given at the end."""

KEPT_ALIVE = 75
"""Seconds that a connection stays open between two requests. Proxies keep theirs for a minute, as a
rule, and a request on one that is closed just then is lost."""


Preparation = Callable[[Storage], Awaitable[None]]
"""Something to be done with the rows before anybody is answered."""

Companion = Callable[[str], Coroutine[Any, Any, None]]
"""Something that goes on while the server answers, given its URL; cancelled at the end."""


def run(
    settings: ServerSettings,
    *,
    prepare: Preparation | None = None,
    beside: Sequence[Companion] = (),
) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises ServerProblem when the server cannot start: the port, the database, or who may ask.
    """
    check_reach(settings)
    write_log(settings.log_format)
    listener = listen(settings)
    with listener:
        _run_until_complete(_serve(settings, listener, prepare, beside))


def _run_until_complete(serving: Coroutine[Any, Any, None]) -> None:
    loop = _new_event_loop()
    try:
        loop.run_until_complete(serving)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


def _new_event_loop() -> asyncio.AbstractEventLoop:
    """The fastest event loop there is."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop


def check_reach(settings: ServerSettings) -> None:
    """Refuse to be reached from elsewhere by anybody; keys may lie in a database that is there."""
    path = settings.database_path
    is_there = settings.on_postgres or (path is not None and path.exists())
    if not (settings.is_loopback or settings.is_open or is_there):
        raise _reached_by_anybody(settings)


async def _check_keys(settings: ServerSettings, storage: Storage) -> None:
    if not (await storage.write(partial(keys.verdict, key=""))).some:
        raise _reached_by_anybody(settings)


def _reached_by_anybody(settings: ServerSettings) -> ServerProblem:
    return ServerProblem(
        f"Listening on {settings.host} would let anybody who reaches it run and change flows.",
        "Make a key with `flowtui server keys create`, set FLOWTUI_SERVER_API_KEY, listen on "
        "127.0.0.1, or say --insecure.",
    )


def listen(settings: ServerSettings) -> socket.socket:
    """The socket that is listened on; taken before anything else is touched."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host.strip("[]"), settings.port))
        # Listening at once makes a port that is in use known here.
        listener.listen(2048)
    except (OSError, OverflowError) as problem:
        listener.close()
        raise _cannot_listen(settings, problem) from problem
    return listener


def _cannot_listen(settings: ServerSettings, problem: Exception) -> ServerProblem:
    where = f"{settings.host}:{settings.port}"
    number = problem.errno if isinstance(problem, OSError) else None
    if number == errno.EADDRINUSE:
        return ServerProblem(
            f"Port {settings.port} on {settings.host} is in use by another program.",
            "End that program, or choose another port with --port.",
        )
    if number == errno.EACCES:
        return ServerProblem(
            f"No permission to listen on {where}.", "Choose a port above 1023 with --port."
        )
    reason = getattr(problem, "strerror", None) or problem
    return ServerProblem(f"Cannot listen on {where}: {reason}.", "Check --host and --port.")


class _Server(uvicorn.Server):
    """uvicorn, told to stop by us, and telling us when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # Signals are ours: the database has to be closed after the last answer.
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


async def _serve(
    settings: ServerSettings,
    listener: socket.socket,
    prepare: Preparation | None,
    beside: Sequence[Companion],
) -> None:
    token = secrets.token_urlsafe(32)
    async with backend(settings, operator=token) as ours:
        if not (settings.is_loopback or settings.is_open):
            await _check_keys(settings, ours.storage)
        if prepare is not None:
            await prepare(ours.storage)
        config = uvicorn.Config(
            ours.app,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=KEPT_ALIVE,
        )
        server = _Server(config)
        with _stopped_by_signals(server):
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            starting = asyncio.create_task(server.ready.wait())
            await asyncio.wait({serving, starting}, return_when=asyncio.FIRST_COMPLETED)
            starting.cancel()
            if server.ready.is_set():
                url = _url(settings, listener)
                going_on = [companion(url) for companion in beside]
                loops = roster(settings)
                going_on += [
                    keep_going(loops[name], ours.storage, ours.metrics.of_loop(name))
                    for name in settings.loops
                ]
                going_on.append(keep_calling(ours.storage, Caller(settings)))
                await _while_serving(settings, url, token, going_on, serving)
            await serving


async def _while_serving(
    settings: ServerSettings,
    url: str,
    token: str,
    going_on: Sequence[Coroutine[Any, Any, None]],
    serving: asyncio.Task[None],
) -> None:
    tasks = [asyncio.create_task(one) for one in going_on]
    with address_known(settings.database_path, url, token):
        named = _named(settings)
        ready = f"flowtui server ready at {url} (database {named})"
        say_ready(settings.log_format, ready, url=url, pid=os.getpid(), database=named)
        await asyncio.wait({serving})
    for one in tasks:
        one.cancel()
        with suppress(asyncio.CancelledError):
            await one


def _url(settings: ServerSettings, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    host = settings.host.strip("[]")
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _named(settings: ServerSettings) -> str:
    if settings.on_postgres:
        return without_password(settings.database)
    path = settings.database_path
    return "in memory" if path is None else str(path)


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Generator[None, None, None]:
    """The first signal lets requests finish; the second does not wait for them."""

    def stop() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for one in signals:
        loop.add_signal_handler(one, stop)
    try:
        yield
    finally:
        for one in signals:
            loop.remove_signal_handler(one)
