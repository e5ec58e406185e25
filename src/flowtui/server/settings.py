"""How the backend is run: where it listens, where it keeps its rows, what it allows."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024

LOOPS = ("scheduler", "lazarus", "zombie-killer")
"""What a server does by itself, by name."""


@dataclass(frozen=True)
class ServerSettings:
    """Everything that can be set; the defaults are those of a Prefect Server on this machine."""

    host: str = "127.0.0.1"
    port: int = 4200
    """0 takes any free port; the ready line says which."""

    database: str = ":memory:"
    """A file, or `:memory:` for rows that are forgotten at the end."""

    api_key: str | None = None
    """When set, every request has to bring it as a bearer token."""

    insecure: bool = False
    """Whether to listen beyond this machine without a key."""

    loops: tuple[str, ...] = LOOPS
    """What to do unasked."""

    scheduler_every: float = 150.0
    """Seconds from one pass of the scheduler to the next."""

    lazarus_every: float = 600.0
    """Seconds from one pass of Lazarus to the next."""

    lazarus_after: float = 600.0
    """Seconds without a heartbeat after which a run that nothing goes on with counts as lost."""

    lazarus_attempts: int = 3
    """How often a lost run is scheduled again before it has failed."""

    zombie_killer_every: float = 30.0
    """Seconds from one pass of the zombie killer to the next."""

    zombie_after: float = 120.0
    """Seconds without a heartbeat after which a running run counts as dead: four missed."""

    largest_body: int = 16 * MEGABYTE

    @property
    def database_path(self) -> Path | None:
        """The database's file, if it has one."""
        if self.database in ("", ":memory:"):
            return None
        return Path(self.database.removeprefix("sqlite://")).expanduser().absolute()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def is_open(self) -> bool:
        """Whether somebody decided who may ask: by a key, or by `--insecure`."""
        return bool(self.api_key) or self.insecure


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
