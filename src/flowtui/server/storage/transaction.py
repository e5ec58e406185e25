"""What an operation does with the rows, in SQLite's terms."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Final

from flowtui.server.catalogue import TABLES
from flowtui.server.storage import Row, Where
from flowtui.server.storage.dialect import SQLITE
from flowtui.server.storage.ids import TimeOrderedIds
from flowtui.server.storage.problems import our_error
from flowtui.server.storage.rows_read import RowsRead
from flowtui.server.storage.sentences import Sentences
from flowtui.server.storage.values import Stored, by_number, store_timestamp

PARAMETERS: Final = 400
"""So many values go into one statement that adds rows; older SQLite takes 999."""

_SAY: Final = Sentences(SQLITE)


class SqliteTransaction(RowsRead):
    """One operation's view of the database; lives in the writer's thread, inside a savepoint."""

    def __init__(self, connection: sqlite3.Connection, now: datetime, ids: TimeOrderedIds) -> None:
        super().__init__(_SAY)
        self.now = now
        self._connection = connection
        self._ids = ids

    @property
    def now(self) -> datetime:
        """The one time of this transaction."""
        return self._now

    @now.setter
    def now(self, now: datetime) -> None:
        self._now = now
        self._now_text = store_timestamp(now)

    async def insert(
        self, table: str, rows: Sequence[Row], *, ignore_conflicts: bool = False
    ) -> int:
        """Add rows; each is given its "id"."""
        if not rows:
            return 0
        columns = _SAY.addition(table, rows, self._now_text, lambda: self._ids.new(self.now))
        stored = list(zip(*columns, strict=True))
        if len(stored) == 1:
            return self._execute(_insertion(table, ignore_conflicts, 1), stored[0]).rowcount
        # A service may catch a violation and go on; then none of the batch may stay behind.
        self._connection.execute("SAVEPOINT batch")
        try:
            added = self._added(table, stored, ignore_conflicts)
        except sqlite3.Error as problem:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO batch")
                self._connection.execute("RELEASE batch")
            raise our_error(problem) from problem
        self._connection.execute("RELEASE batch")
        return added

    def _added(self, table: str, stored: Sequence[Sequence[Stored]], ignored: bool) -> int:
        """Add rows, as many to a statement as it can hold: between two statements every other
        thread of Python's wants its turn."""
        most = PARAMETERS // len(stored[0])
        whole = len(stored) - len(stored) % most
        added = 0
        for first in range(0, whole, most):
            parameters = list(chain.from_iterable(stored[first : first + most]))
            sql = _insertion(table, ignored, most)
            added += self._connection.execute(sql, parameters).rowcount
        if whole < len(stored):
            sql = _insertion(table, ignored, 1)
            added += self._connection.executemany(sql, stored[whole:]).rowcount
        return added

    async def update(self, table: str, where: Where, values: Mapping[str, Any]) -> int:
        """Change the rows that meet a condition."""
        return self._execute(*_SAY.change(table, where, values, self.now)).rowcount

    async def delete(self, table: str, where: Where) -> int:
        """Remove the rows that meet a condition, with all that hangs on them."""
        return self._execute(*_SAY.removal(table, where)).rowcount

    async def _fetch(self, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
        try:
            return self._connection.execute(sql, by_number(sql, parameters)).fetchall()
        except sqlite3.Error as problem:
            raise our_error(problem) from problem

    def _execute(self, sql: str, parameters: Sequence[Stored]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, by_number(sql, parameters))
        except sqlite3.Error as problem:
            raise our_error(problem) from problem


@cache
def _insertion(table: str, ignore_conflicts: bool, rows: int) -> str:
    names = ", ".join(f'"{column.name}"' for column in TABLES[table].columns)
    row = ", ".join("?" for _ in TABLES[table].columns)
    places = ", ".join(f"({row})" for _ in range(rows))
    ignored = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    return f'INSERT INTO "{table}" ({names}) VALUES {places}{ignored}'
