"""How the backend is run: where it listens, where it keeps its rows, what it allows.

Each setting is declared once: its name, kind, default and what it means. Flags, variables of the
environment, keys of the file and `flowtui server config` follow from that.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flowtui.frozen import frozen
from flowtui.server import kinds
from flowtui.server.kinds import Kind
from flowtui.server.storage import CONNECTIONS
from flowtui.server.storage.locations import file_of, is_postgres

LOOPS: Final = ("scheduler", "lazarus", "zombie-killer")
"""What a server does by itself, by name."""

ENVIRONMENT: Final = "FLOWTUI_SERVER_"
"""What the names of settings begin with in the environment."""


@frozen
class Setting:
    """One thing that can be set."""

    attribute: str
    """Its name in `ServerSettings`."""

    name: str
    """Its name for people: the file's key; flags and the environment derive from it."""

    kind: Kind
    default: Any
    text: str
    secret: bool = False
    """Not to be shown."""

    off: str = ""
    """A switch of this name stands for nothing at all."""

    @property
    def flag(self) -> str:
        """What it is called on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """What it is called in the environment."""
        return ENVIRONMENT + self.name.upper()

    def spelled(self, value: Any) -> str:
        """A value as somebody would write it; a secret one only as being there."""
        if self.secret:
            return "***" if value else ""
        return self.kind.spell(value)


def _set(default: Any, kind: Kind, text: str, **more: Any) -> Any:
    return dataclasses.field(default=default, metadata={"kind": kind, "text": text, **more})


def _network(text: str) -> str:
    if not text or any(character.isspace() for character in text):
        raise ValueError(f"{text!r} is no host name, address or network.")
    return text.lower()


def _host(text: str) -> str:
    if not text or any(character.isspace() or character in "/:@" for character in text):
        raise ValueError(f"{text!r} is no host name; leave out scheme and port.")
    return text.lower()


@frozen
class ServerSettings:
    """Everything that can be set; the defaults are those of a Prefect Server on this machine."""

    host: str = _set("127.0.0.1", kinds.TEXT, "The address to listen on.")
    port: int = _set(4200, kinds.whole(0, 65535), "The port to listen on; 0 takes any free one.")
    database: str = _set(
        ":memory:",
        kinds.DATABASE,
        "The database's file, made when it is new, or postgresql://…; `:memory:` keeps nothing.",
        name="db",
    )
    db_connections: int = _set(
        CONNECTIONS,
        kinds.whole(2, 1000),
        "How many connections the server has to PostgreSQL at most, beside one for its loops.",
    )
    api_key: str | None = _set(
        None, kinds.KEY, "A key that clients may bring, beside those in the database.", secret=True
    )
    keys_remembered: float = _set(
        5.0,
        kinds.SPAN,
        "How long a verdict on a key is good: so long one works that another server has revoked.",
    )
    insecure: bool = _set(False, kinds.SWITCH, "Listen beyond this machine without a key.")
    loops: tuple[str, ...] = _set(
        LOOPS, kinds.names(*LOOPS), "What the server does by itself.", off="no_loops"
    )
    scheduler_every: float = _set(
        150.0, kinds.SPAN, "From the start of one pass of the scheduler to the next."
    )
    lazarus_every: float = _set(
        600.0, kinds.SPAN, "From the start of one pass of Lazarus to the next."
    )
    lazarus_after: float = _set(
        600.0, kinds.SPAN, "Silence after which a run that nothing goes on with is lost."
    )
    lazarus_attempts: int = _set(
        3, kinds.whole(0), "How often a lost run is scheduled again before it has failed."
    )
    zombie_killer_every: float = _set(
        30.0, kinds.SPAN, "From the start of one pass of the zombie killer to the next."
    )
    zombie_after: float = _set(
        120.0,
        kinds.SPAN,
        "Silence after which a running run is dead; heartbeats come every 30s.",
    )
    idempotency_key_lifetime: float | None = _set(
        None,
        kinds.SPAN_OR_NEVER,
        "How long an idempotency key gives its run, since the run changed or the key was used.",
    )
    hook_targets: tuple[str, ...] = _set(
        (),
        kinds.listed("HOSTS", _network),
        "Hosts and networks within the house that cloud hooks may call as well; * is all of them.",
    )
    hook_patience: float = _set(5.0, kinds.SPAN, "How long a cloud hook's target may take.")
    log_format: str = _set("text", kinds.choice("text", "json"), "How log lines are written.")
    allowed_hosts: tuple[str, ...] = _set(
        (),
        kinds.listed("HOSTS", _host),
        "Names besides localhost by which a server without keys may be asked; * is any.",
    )
    largest_body: int = _set(16 * 1024**2, kinds.SIZE, "The largest request that is read.")
    largest_flow: int = _set(
        64 * 1024**2, kinds.SIZE, "The largest flow that a compressed registration may unfold to."
    )
    largest_state: int = _set(
        1_000_000, kinds.SIZE, "The largest state of a run that is stored, as JSON."
    )
    largest_artifact: int = _set(
        1_000_000, kinds.SIZE, "The largest artifact that is stored, as JSON."
    )
    deepest_query: int = _set(
        7, kinds.whole(1, 100), "How many levels of fields a question may have below its first."
    )

    @property
    def database_path(self) -> Path | None:
        """The database's file, if it has one."""
        if self.database in ("", ":memory:") or self.on_postgres:
            return None
        return Path(file_of(self.database)).expanduser().absolute()

    @property
    def on_postgres(self) -> bool:
        """Whether the rows are PostgreSQL's, and perhaps other servers' as well."""
        return is_postgres(self.database)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def is_open(self) -> bool:
        """Whether somebody decided who may ask: by a key, or by `--insecure`."""
        return bool(self.api_key) or self.insecure


def _setting(field: dataclasses.Field[Any]) -> Setting:
    declared = dict(field.metadata)
    return Setting(field.name, declared.pop("name", field.name), default=field.default, **declared)


SETTINGS: Final[Mapping[str, Setting]] = {
    setting.name: setting for setting in map(_setting, dataclasses.fields(ServerSettings))
}
"""Every setting by its name for people."""


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    return is_address(host) and ipaddress.ip_address(host.strip("[]")).is_loopback


def is_address(host: str) -> bool:
    """Whether a host is an address and no name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
