"""What both databases read alike: a condition becomes a statement, and what it finds rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from flowtui.server.storage import Keep, Order, Row, Where
from flowtui.server.storage.sentences import EVERY_ROW, Sentences


class RowsRead(ABC):
    """The part of a transaction that reads; a subclass says how a statement is asked."""

    def __init__(self, say: Sentences) -> None:
        self._say = say

    async def get(
        self, table: str, id: str, *, columns: Sequence[str] = (), keep: Keep | None = None
    ) -> Row | None:
        """The row with this id."""
        return await self.first(table, {"id": {"_eq": id}}, columns=columns, keep=keep)

    async def find(
        self,
        table: str,
        where: Where = EVERY_ROW,
        *,
        order_by: Order = (),
        limit: int | None = None,
        columns: Sequence[str] = (),
        keep: Keep | None = None,
    ) -> list[Row]:
        """The rows that meet a condition."""
        sql, parameters, reading = self._say.selection(
            table, where, order_by, limit, columns, keep=keep
        )
        return [reading.row(found) for found in await self._fetch(sql, parameters)]

    async def first(
        self,
        table: str,
        where: Where = EVERY_ROW,
        *,
        order_by: Order = (),
        columns: Sequence[str] = (),
        keep: Keep | None = None,
    ) -> Row | None:
        """The first row that meets a condition."""
        found = await self.find(
            table, where, order_by=order_by, limit=1, columns=columns, keep=keep
        )
        return found[0] if found else None

    async def count(self, table: str, where: Where = EVERY_ROW) -> int:
        """How many rows meet a condition."""
        ((number,),) = await self._fetch(*self._say.counting(table, where))
        return int(number)

    async def rows(self, question: str, **arguments: Any) -> list[Row]:
        """The answer to a question that has a name."""
        sql, parameters, reading = self._say.question(question, arguments)
        return [reading.row(found) for found in await self._fetch(sql, parameters)]

    @abstractmethod
    async def _fetch(self, sql: str, parameters: Sequence[Any]) -> Sequence[Any]:
        """What a statement finds."""
