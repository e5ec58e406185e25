"""The demo as a process: our own server with the sample world in it, and the simulated agents at
work. The rows live as long as the process does.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from functools import partial

from flowtui.demo.agent import SimulatedAgent
from flowtui.demo.crew import CREW
from flowtui.demo.requests import Api
from flowtui.demo.world import World, build_world
from flowtui.errors import BackendError
from flowtui.server.process import run
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Storage

log = logging.getLogger("flowtui.demo")

STOPPED = 128 + signal.SIGTERM
"""The exit code of a process that was told to end before it was ready."""

AGAIN = 2.0
"""Seconds until an agent that could not reach the server introduces itself again."""


class Demo:
    """A sample world, and what keeps it going."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._world: World | None = None

    async def prepare(self, storage: Storage) -> None:
        """Make the world; a signal ends it half-made."""
        loop = asyncio.get_running_loop()
        # A terminal that is closed ends the demo like anybody else who wants that.
        loop.add_signal_handler(signal.SIGHUP, partial(os.kill, os.getpid(), signal.SIGTERM))
        started = time.monotonic()
        making = asyncio.create_task(build_world(storage, self._seed))
        told = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told.set)
        # Said when it is true that a signal is heeded: whoever reads this may send one.
        print("flowtui demo: making the sample world …", flush=True)
        waiting = asyncio.create_task(told.wait())
        await asyncio.wait({making, waiting}, return_when=asyncio.FIRST_COMPLETED)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        waiting.cancel()
        if told.is_set():
            making.cancel()
            sys.exit(STOPPED)
        self._world = await making
        log.info(
            "The sample world took %.1f s: %d runs, %d task runs, %d log lines (seed %d)",
            time.monotonic() - started,
            self._world.flow_runs,
            self._world.task_runs,
            self._world.logs,
            self._seed,
        )

    async def agents(self, url: str) -> None:
        """Let the simulated agents work."""
        await asyncio.gather(*(self._agent(url, number) for number in range(len(CREW))))

    async def _agent(self, url: str, number: int) -> None:
        traits = CREW[number]
        if not traits.is_simulated or self._world is None:
            return
        takes_over_at = self._world.now
        while True:
            api = Api(url)
            agent = SimulatedAgent(api, traits, self._seed, takes_over_at=takes_over_at)
            try:
                await agent.work()
            except BackendError as problem:
                log.debug("%s: %s", traits.name, problem)
                await asyncio.sleep(AGAIN)
            finally:
                await api.close()


async def until_input_ends(url: str) -> None:
    """End this process when whoever started it is gone, which closes its standard input."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def look() -> None:
        with suppress(OSError):
            if os.read(sys.stdin.fileno(), 4096):
                return
        loop.remove_reader(sys.stdin.fileno())
        ended.set()

    loop.add_reader(sys.stdin.fileno(), look)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    os.kill(os.getpid(), signal.SIGTERM)


def serve(port: int, seed: int, *, with_parent: bool = False) -> None:
    """Serve the sample world until SIGTERM, SIGINT or SIGHUP; with a parent, until that is gone.

    Raises ServerProblem when the server cannot start.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)
    demo = Demo(seed)
    beside = [demo.agents, until_input_ends] if with_parent else [demo.agents]
    # Runs that are stuck are there to be looked at, so nothing may help them on.
    settings = ServerSettings(port=port, loops=("scheduler",))
    run(settings, prepare=demo.prepare, beside=beside)
