"""The tables in a database of PostgreSQL: made when it is empty, brought up to date when it is
older."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flowtui.errors import ServerProblem
from flowtui.server.catalogue import TABLES
from flowtui.server.storage.postgres_dialect import POSTGRES
from flowtui.server.storage.schema import APPLICATION, MIGRATIONS

if TYPE_CHECKING:
    import asyncpg

VERSION: Final = "flowtui_version"
"""The table whose one row says how many of MIGRATIONS a database has had."""

OLDEST: Final = 12
"""The oldest PostgreSQL that is known to understand what we say."""


async def bring_up_to_date(connection: asyncpg.Connection[Any], shown: str) -> None:
    """Give a new database its tables, or an older one what it lacks, in one transaction.

    Servers that start at the same time wait for each other.
    """
    _check(connection, shown)
    if await _version(connection, shown) == len(MIGRATIONS):
        return
    async with connection.transaction():
        await connection.execute(f"SELECT pg_advisory_xact_lock({APPLICATION})")
        version = await _version(connection, shown)
        for migration in MIGRATIONS[version:] if version else MIGRATIONS[:1]:
            for statement in migration(POSTGRES):
                await connection.execute(statement)
        if version == 0:
            await connection.execute(f"CREATE TABLE {VERSION} AS SELECT 0 AS version")
        if version < len(MIGRATIONS):
            await connection.execute(f"UPDATE {VERSION} SET version = {len(MIGRATIONS)}")


def _check(connection: asyncpg.Connection[Any], shown: str) -> None:
    server = connection.get_server_version()
    if server.major < OLDEST:
        raise ServerProblem(
            f"{shown} is PostgreSQL {server.major}; flowtui needs {OLDEST} or newer.",
            "Upgrade it, or choose another database with --db.",
        )
    encoding = connection.get_settings().server_encoding
    if encoding != "UTF8":
        raise ServerProblem(
            f"The database {shown} keeps text as {encoding}, which cannot hold all there is.",
            "Make one with `createdb --encoding=UTF8 --template=template0`.",
        )


async def _version(connection: asyncpg.Connection[Any], shown: str) -> int:
    if await connection.fetchval(f"SELECT to_regclass('{VERSION}') IS NULL"):
        others = await connection.fetchval(
            "SELECT string_agg(relname, ', ') FROM pg_class"
            " WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1::text[])",
            sorted(TABLES),
        )
        if others:
            raise ServerProblem(
                f"The database {shown} holds tables of some other program ({others[:60]}); it was"
                " left as it is.",
                "Make an empty database for flowtui, and name it with --db.",
            )
        return 0
    version: int = await connection.fetchval(f"SELECT version FROM {VERSION}")
    if version > len(MIGRATIONS):
        raise ServerProblem(
            f"The database {shown} was made by a newer flowtui (version {version} of its tables;"
            f" this one knows {len(MIGRATIONS)}).",
            "Upgrade flowtui, or choose another database with --db.",
        )
    return version
