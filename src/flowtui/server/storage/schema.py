"""The tables as databases have them, made from the catalogue, and how an older file is brought up
to date.

A new database is made whole, at the newest version. MIGRATIONS carry older ones there, one number
at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flowtui.server.catalogue import TABLES, by_reference
from flowtui.server.storage.dialect import SQLITE, Dialect
from flowtui.server.tables import Column, Table

APPLICATION: Final = 0x666C_6F77
"""SQLite's application id: a file with this one is ours."""

INDEXES: Final[Mapping[str, tuple[str, ...]]] = {
    "project": ("name",),
    "flow": (
        "project_id",
        "flow_group_id, version",
        "version_group_id, version",
        "name",
        "tenant_id, archived",
    ),
    "flow_group": ("tenant_id, name",),
    "task": ("slug",),
    "edge": ("upstream_task_id", "downstream_task_id"),
    "flow_run": (
        "flow_id, scheduled_start_time",
        "flow_id, state, scheduled_start_time",
        "name",
        "scheduled_start_time",
        "start_time",
        "state, state_start_time",
        "state, scheduled_start_time",
        "state_timestamp",
        "created",
        "updated",
        "agent_id, scheduled_start_time",
    ),
    "task_run": (
        "task_id, state, state_timestamp",
        "state, state_start_time",
        "cache_key, state_timestamp",
        "name",
        "updated",
    ),
    "flow_run_state": ("flow_run_id, timestamp",),
    "task_run_state": ("task_run_id, timestamp",),
    "log": ("flow_run_id, timestamp", "task_run_id, timestamp"),
    "agent": ("tenant_id", "agent_config_id"),
    "task_run_artifact": ("task_run_id",),
    "cloud_hook": ("tenant_id",),
    "message": ("tenant_id, created",),
    "api_key": ("default_tenant_id",),
    "hook_call": ("cloud_hook_id",),
}
"""What is asked for often, and each foreign key that a deletion follows."""

ROWS: Final[Mapping[str, int]] = {
    "tenant": 2,
    "project": 20,
    "flow_group": 100,
    "flow": 1_000,
    "task": 10_000,
    "edge": 20_000,
    "flow_run": 100_000,
    "task_run": 1_000_000,
    "flow_run_state": 400_000,
    "task_run_state": 3_000_000,
    "log": 10_000_000,
    "agent": 20,
    "agent_config": 5,
    "task_run_artifact": 10_000,
    "cloud_hook": 20,
    "message": 1_000,
    "flow_concurrency_limit": 20,
    "task_concurrency_limit": 20,
    "api_key": 20,
    "hook_call": 20,
}
"""What a busy installation holds. The planner is told so from the beginning: left to guess, it
looks for the failed tasks of one run among all failed tasks there ever were. Told once, it plans
alike on every machine and every day."""

_FEW: Final = {"state": 6, "archived": 2, "map_index": 50}
# How many different values a column has, where that is neither one for each row nor a key.

_SPARSE: Final = {
    ("log", "task_run_id"),
    ("flow_run", "agent_id"),
    ("task_run", "cache_key"),
    ("task_run", "name"),
}
# Mostly null; rows without a value stay out of these indexes.

_LATEST_FIRST: Final = {"flow_run": ("start_time",)}
# Asked for from the latest on, with what has no value at the end: in PostgreSQL an index has its
# nulls at one end, and serves no order that wants them at the other.


def _column(column: Column, say: Dialect) -> str:
    parts = [f'"{column.name}"', say.types[column.type]]
    if column.name == "id":
        parts.append("PRIMARY KEY")
    if not column.nullable:
        parts.append("NOT NULL")
    if column.references:
        action = "SET NULL" if column.forgets else "CASCADE"
        parts.append(f'REFERENCES "{column.references}" ("id") ON DELETE {action}')
    return " ".join(parts)


def _quoted(names: str) -> str:
    return ", ".join(f'"{name}"' for name in names.split(", "))


def _indexes(table: Table, say: Dialect) -> list[str]:
    made = []
    for columns in INDEXES.get(table.name, ()):
        first = columns.split(", ")[0]
        name = f"{table.name}_by_{columns.replace(', ', '_and_')}"
        where = f' WHERE "{first}" IS NOT NULL' if (table.name, first) in _SPARSE else ""
        made.append(f'CREATE INDEX "{name}" ON "{table.name}" ({_quoted(columns)}){where}')
    if say.nulls_have_a_place:
        made += [
            f'CREATE INDEX "{table.name}_by_latest_{column}" ON "{table.name}"'
            f' ("{column}" DESC NULLS LAST)'
            for column in _LATEST_FIRST.get(table.name, ())
        ]
    return made


def create_table(name: str, say: Dialect = SQLITE) -> list[str]:
    """The statements that make a table of the catalogue and its indexes."""
    table = TABLES[name]
    parts = [_column(column, say) for column in table.columns]
    parts += [f"UNIQUE ({_quoted(', '.join(unique))})" for unique in table.uniques]
    return [f'CREATE TABLE "{name}" ({", ".join(parts)})', *_indexes(table, say)]


def create_view(table: Table) -> str:
    """The statement that makes a table which shows the rows of another."""
    theirs = dict(table.renamed)
    columns = ", ".join(
        f'"{theirs.get(column.name, column.name)}" AS "{column.name}"' for column in table.columns
    )
    return f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM "{table.shows}"'


def create_everything(say: Dialect) -> list[str]:
    """The statements that make the whole catalogue."""
    tables = [statement for table in by_reference() for statement in create_table(table.name, say)]
    return tables + [create_view(table) for table in TABLES.values() if table.shows]


def add_concurrency_limits(say: Dialect) -> list[str]:
    """The limits of labels and tags, for a file that was made before there were any; a database of
    PostgreSQL is younger.

    Said in full: what an older file lacks stays the same, however the catalogue goes on.
    """
    columns = (
        '"id" TEXT PRIMARY KEY NOT NULL, "created" TEXT NOT NULL, "updated" TEXT NOT NULL,'
        ' "tenant_id" TEXT NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE,'
        ' "name" TEXT NOT NULL, "limit" INTEGER NOT NULL, UNIQUE ("tenant_id", "name")'
    )
    return [
        f'CREATE TABLE "flow_concurrency_limit" ({columns})',
        f'CREATE TABLE "task_concurrency_limit" ({columns})',
        'CREATE VIEW "task_tag_limit" AS SELECT "id" AS "id", "created" AS "created",'
        ' "updated" AS "updated", "tenant_id" AS "tenant_id", "name" AS "tag",'
        ' "limit" AS "limit" FROM "task_concurrency_limit"',
    ]


def add_keys_and_calls(say: Dialect) -> list[str]:
    """API keys, and the calls that cloud hooks wait for, for a file from before there were any; a
    database of PostgreSQL is younger.
    """
    every = '"id" TEXT PRIMARY KEY NOT NULL, "created" TEXT NOT NULL, "updated" TEXT NOT NULL,'
    shown = ("id", "created", "updated", "name", "user_id", "default_tenant_id", "expires_at")
    return [
        f'CREATE TABLE "api_key" ({every} "name" TEXT NOT NULL, "hash" TEXT NOT NULL,'
        ' "user_id" TEXT, "default_tenant_id" TEXT REFERENCES "tenant" ("id") ON DELETE CASCADE,'
        ' "expires_at" TEXT, UNIQUE ("name"), UNIQUE ("hash"))',
        f'CREATE TABLE "hook_call" ({every} "cloud_hook_id" TEXT NOT NULL'
        ' REFERENCES "cloud_hook" ("id") ON DELETE CASCADE, "event" TEXT NOT NULL)',
        'CREATE INDEX "api_key_by_default_tenant_id" ON "api_key" ("default_tenant_id")',
        'CREATE INDEX "hook_call_by_cloud_hook_id" ON "hook_call" ("cloud_hook_id")',
        'CREATE VIEW "auth_api_key" AS SELECT '
        + ", ".join(f'"{name}" AS "{name}"' for name in shown)
        + ' FROM "api_key"',
    ]


def add_orders_of_runs(say: Dialect) -> list[str]:
    """Indexes for questions that read through all runs there had been: in the order in which they
    were made or came into their state, those of an agent, those of a task that are in the cache,
    and the few task runs that have names of their own.
    """
    return [
        'DROP INDEX "flow_run_by_agent_id"',
        'DROP INDEX "task_run_by_task_id_and_map_index"',
        'CREATE INDEX "flow_run_by_state_timestamp" ON "flow_run" ("state_timestamp")',
        'CREATE INDEX "flow_run_by_created" ON "flow_run" ("created")',
        'CREATE INDEX "flow_run_by_agent_id_and_scheduled_start_time" ON "flow_run"'
        ' ("agent_id", "scheduled_start_time") WHERE "agent_id" IS NOT NULL',
        'CREATE INDEX "task_run_by_task_id_and_state_and_state_timestamp" ON "task_run"'
        ' ("task_id", "state", "state_timestamp")',
        'CREATE INDEX "task_run_by_name" ON "task_run" ("name") WHERE "name" IS NOT NULL',
    ]


def add_contacts(say: Dialect) -> list[str]:
    """How often agents asked for work lately."""
    return [f'ALTER TABLE "agent" ADD COLUMN "contacts" {say.types["jsonb"]}']


def _alike(table: Table, name: str) -> int:
    """How many rows of a busy installation share a value of this column."""
    rows = ROWS[table.name]
    parent = table.column[name].references
    return max(1, rows // (ROWS[parent] if parent else _FEW.get(name, rows)))


def _statistic(table: Table, columns: Sequence[str]) -> str:
    rows = ROWS[table.name]
    if (table.name, columns[0]) in _SPARSE:
        rows //= 10
    shares = []
    share = float(rows)
    for name in columns:
        share *= _alike(table, name) / rows
        shares.append(str(max(1, round(share))))
    return " ".join([str(rows), *shares])


def expectations(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """What the planner is to expect of each index: table, index, and SQLite's own notation."""
    found = []
    for table in TABLES.values():
        if not table.stored:
            continue
        for _, index, *_ in connection.execute(f'PRAGMA index_list("{table.name}")').fetchall():
            members = connection.execute(f'PRAGMA index_info("{index}")').fetchall()
            found.append((table.name, index, _statistic(table, [name for *_, name in members])))
    return found


Migration = Callable[[Dialect], list[str]]

MIGRATIONS: Final[tuple[Migration, ...]] = (
    create_everything,
    add_concurrency_limits,
    add_keys_and_calls,
    add_orders_of_runs,
    add_contacts,
)
"""The first makes the catalogue; each later one changes what an older database has. A database's
version is how many it has had.
"""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Give a new file its tables, or an older one what it lacks, in one transaction."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    missing = MIGRATIONS[version:] if version else MIGRATIONS[:1]
    if not missing:
        return
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for migration in missing:
            for statement in migration(SQLITE):
                connection.execute(statement)
        connection.execute("ANALYZE sqlite_master")
        connection.execute("DELETE FROM sqlite_stat1")
        connection.executemany(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", expectations(connection)
        )
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
        # Read the expectations into this connection, too.
        connection.execute("ANALYZE sqlite_master")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
