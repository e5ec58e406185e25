"""One pass of a loop, now: made by the server of the database if there is one, else right here."""

from __future__ import annotations

import asyncio

import httpx

from flowtui.errors import ServerProblem
from flowtui.server.address import RunningServer, running_server
from flowtui.server.embedded import backend
from flowtui.server.loops import Tally, told
from flowtui.server.loops.roster import roster
from flowtui.server.settings import ServerSettings

PATIENCE = 600.0
"""Seconds for one pass; the first one over a thousand schedules makes ten thousand runs."""


def run_once(settings: ServerSettings, name: str) -> str:
    """Make one pass of a loop and say in one line what it did.

    Raises ServerProblem when there is no database, or its server does not do it.
    """
    path = settings.database_path
    if path is None:
        raise ServerProblem("Rows in memory are their server's own.", "Name a file with --db.")
    server = running_server(path)
    if server is not None:
        return told(name, _asked(server, settings, name))
    if not path.exists():
        raise ServerProblem(f"There is no database {path}.", "Name one with --db.")
    return told(name, asyncio.run(_made(settings, name)))


async def _made(settings: ServerSettings, name: str) -> Tally:
    async with backend(settings) as ours:
        return await roster(settings)[name].once(ours.storage)


def _asked(server: RunningServer, settings: ServerSettings, name: str) -> Tally:
    if not server.url:
        raise ServerProblem(
            f"The server of this database (process {server.pid}) is starting or ending.",
            "Try again in a moment.",
        )
    key = settings.api_key
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(trust_env=False, timeout=PATIENCE) as http:
            answer = http.post(f"{server.url}/loops/{name}", headers=headers).json()
    except (httpx.HTTPError, ValueError) as problem:
        raise ServerProblem(
            f"The server at {server.url} gave no answer: {problem}.", "Is it still running?"
        ) from problem
    if "done" in answer:
        done: Tally = answer["done"]
        return done
    error = answer["errors"][0]
    refused = error.get("extensions", {}).get("code") == "UNAUTHENTICATED"
    hint = "Set FLOWTUI_SERVER_API_KEY, or say --api-key." if refused else ""
    raise ServerProblem(error["message"], hint)
