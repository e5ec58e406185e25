"""Our own backend, for a dashboard that nobody gave one.

It is a process of its own, so runs and agents outlive the dashboard and several dashboards share
it; it goes on until it is stopped or the machine is.
"""

from __future__ import annotations

import http.client
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from flowtui.cli.server_settings import DATABASE
from flowtui.config import Profile, data_folder
from flowtui.errors import ServerProblem

PATIENCE = 20.0
"""Seconds a server that another dashboard has started gets to be ready."""


def own_backend_unless_answering(profile: Profile) -> Profile:
    """The profile, or that of our own backend where nothing answers; started when need be.

    Raises ServerProblem when it does not get ready; its log says why.
    """
    from flowtui.server.address import running_server

    database = data_folder() / DATABASE
    running = running_server(database)
    url = running.url if running is not None else ""
    if answers(profile.api_url):
        if running is None or profile.api_key or not _same_place(url, profile.api_url):
            return profile
        return replace(profile, api_key=running.token)
    if not (url and answers(url)):
        click.echo(f"No backend answers at {profile.api_url}: starting flowtui's own …", err=True)
        url = _started(database, urlsplit(profile.api_url).port or 4200)
    found = running_server(database)
    # Whoever owns the database needs no key of their own making.
    key = profile.api_key or (found.token if found is not None else "")
    return replace(profile, api_url=url, api_key=key, name="own", is_default=False)


def _same_place(ours: str, url: str) -> bool:
    hosts = {"localhost" if host == "127.0.0.1" else host for host in map(_host, (ours, url))}
    return len(hosts) == 1 and urlsplit(ours).port == urlsplit(url).port


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def answers(url: str) -> bool:
    """Whether something speaks HTTP there."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", "/health")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _started(database: Path, port: int) -> str:
    """Start the server, detached, and wait until it answers; its URL."""
    from flowtui.server.address import running_server
    from flowtui.server.configuration import configured
    from flowtui.server.detached import log_path, start_detached

    database.parent.mkdir(parents=True, exist_ok=True)
    settings = configured({"port": port, "db": str(database)}).settings
    try:
        return start_detached(settings).url
    except ServerProblem as problem:
        # Another dashboard may have been faster; then its server is ours, too.
        deadline = time.monotonic() + PATIENCE
        while (running := running_server(database)) and time.monotonic() < deadline:
            if running.url and answers(running.url):
                return running.url
            time.sleep(0.05)
        raise ServerProblem(
            f"flowtui's own backend did not get ready. {problem.message}",
            f"{log_path(settings)} says why; 'flowtui server start' shows it here.",
        ) from problem
