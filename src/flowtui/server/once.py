"""Operations on a database: done by its server if there is one, else right here.

A database in SQLite belongs to one process at a time, so what changes it goes through that process.
"""

from __future__ import annotations

import asyncio
from typing import Final

import httpx

from flowtui.errors import ApiError, ServerProblem
from flowtui.server.address import RunningServer, running_server
from flowtui.server.embedded import backend
from flowtui.server.loops import told
from flowtui.server.operations import OPERATIONS, Done, Wishes
from flowtui.server.settings import ServerSettings

PATIENCE: Final = 600.0
"""Seconds for one operation; the first pass over a thousand schedules makes ten thousand runs."""


def run_once(settings: ServerSettings, name: str) -> str:
    """Make one pass of a loop and say in one line what it did.

    Raises ServerProblem when there is no database, or its server does not do it.
    """
    return told(name, perform(settings, name, {}))


def perform(settings: ServerSettings, name: str, wishes: Wishes, *, new: bool = False) -> Done:
    """Have an operation done and say what it did; `new` says that the database may be made for it.

    Raises ServerProblem when there is no database, or its server does not do it.
    """
    if settings.on_postgres:
        # Its servers share it, with us as well.
        return asyncio.run(_done(settings, name, wishes))
    path = settings.database_path
    if path is None:
        raise ServerProblem("Rows in memory are their server's own.", "Name a file with --db.")
    server = running_server(path)
    if server is not None:
        return _asked(server, settings, name, wishes)
    if not (new or path.exists()):
        raise ServerProblem(f"There is no database {path}.", "Name one with --db.")
    return asyncio.run(_done(settings, name, wishes))


async def _done(settings: ServerSettings, name: str, wishes: Wishes) -> Done:
    async with backend(settings) as ours:
        try:
            return await OPERATIONS[name](ours.storage, settings, wishes)
        except ApiError as refused:
            raise ServerProblem(refused.message) from refused


def _asked(server: RunningServer, settings: ServerSettings, name: str, wishes: Wishes) -> Done:
    if not server.url:
        raise ServerProblem(
            f"The server of this database (process {server.pid}) is starting or ending.",
            "Try again in a moment.",
        )
    key = server.token or settings.api_key
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(trust_env=False, timeout=PATIENCE) as http:
            answer = http.post(
                f"{server.url}/operations/{name}", headers=headers, json=dict(wishes)
            ).json()
    except (httpx.HTTPError, ValueError) as problem:
        raise ServerProblem(
            f"The server at {server.url} gave no answer: {problem}.", "Is it still running?"
        ) from problem
    if "done" in answer:
        done: Done = answer["done"]
        return done
    error = answer["errors"][0]
    refused = error.get("extensions", {}).get("code") == "UNAUTHENTICATED"
    hint = "Set FLOWTUI_SERVER_API_KEY, or say --api-key." if refused else ""
    raise ServerProblem(error["message"], hint)
