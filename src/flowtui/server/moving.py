"""All rows of one database into another, for the day one machine is outgrown, and for the way back.

All of it or nothing: in PostgreSQL the rows arrive in one transaction, in SQLite in a file that
takes its place only when it is whole. Ids and times stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

from flowtui.errors import ApiError, ServerProblem
from flowtui.frozen import frozen
from flowtui.server.catalogue import by_reference
from flowtui.server.storage import Operation, Row, T, open_storage
from flowtui.server.storage.locations import file_of, is_postgres, without_password

PAGE: Final = 1000
"""Rows that are moved together."""


class Rows(Protocol):
    """The rows of a database, for as long as they are moved."""

    async def __call__(self, operation: Operation[T]) -> T:
        """Have an operation done with them."""


@frozen
class Progress:
    """How far the rows of a table have been moved."""

    table: str
    moved: int
    rows: int


async def move(source: str, target: str, tell: Callable[[Progress], None]) -> int:
    """Move all rows, and say how many there were; `tell` hears how far it has come.

    Raises ServerProblem when there is nothing to move, when the target is not empty, or when
    something goes wrong; the target is then as it was.
    """
    try:
        async with _from(source) as theirs, _into(target) as ours:
            await _refuse_rows(ours, target)
            moved = 0
            for table in by_reference():
                moved += await _moved(theirs, ours, table.name, tell)
            return moved
    except ApiError as problem:
        raise ServerProblem(
            f"The rows could not be moved: {problem.message}", "The target is as it was."
        ) from problem


async def _moved(theirs: Rows, ours: Rows, table: str, tell: Callable[[Progress], None]) -> int:
    rows = await theirs(lambda tx: tx.count(table))
    moved, last = 0, ""
    while page := await theirs(_page_after(table, last)):
        last = page[-1]["id"]
        await ours(_addition(table, page))
        moved += len(page)
        tell(Progress(table, moved, rows))
    arrived = await ours(lambda tx: tx.count(table))
    if not rows == moved == arrived:
        raise ServerProblem(
            f"Of {rows} rows of {table} only {arrived} arrived; the target is as it was.",
            "Does a server still use one of the two databases? Stop it, and try again.",
        )
    if not rows:
        tell(Progress(table, 0, 0))
    return rows


def _page_after(table: str, last: str) -> Operation[list[Row]]:
    where = {"id": {"_gt": last}} if last else {}
    return lambda tx: tx.find(table, where, order_by=(("id", "asc"),), limit=PAGE)


def _addition(table: str, rows: list[Row]) -> Operation[int]:
    return lambda tx: tx.insert(table, rows)


async def _refuse_rows(ours: Rows, target: str) -> None:
    for table in by_reference():
        if await ours(lambda tx, name=table.name: tx.count(name)):  # type: ignore[misc]
            raise ServerProblem(
                f"{without_password(target)} has rows already ({table.name}); it was left as it"
                " is.",
                "Move into a database that no server has been started on.",
            )


def _file(location: str) -> Path:
    return Path(file_of(location)).expanduser().absolute()


def _old_file(location: str) -> None:
    if not _file(location).is_file():
        raise ServerProblem(f"There is no database {_file(location)}.", "Name one with --from.")


def _new_file(location: str) -> Path:
    path = _file(location)
    if path.exists():
        raise ServerProblem(f"{path} exists already; it was left as it is.", "Name another file.")
    return path


def _put_in_place(unfinished: Path, path: Path) -> None:
    try:
        # Unlike a move, a link never takes the place of another file.
        os.link(unfinished, path)
    except OSError as problem:
        raise ServerProblem(
            f"{path} cannot be made: {problem.strerror}.", "Name another file."
        ) from problem


def _clear_away(unfinished: Path) -> None:
    for left in unfinished.parent.glob(f"{unfinished.name}*"):
        left.unlink(missing_ok=True)


@asynccontextmanager
async def _from(location: str) -> AsyncIterator[Rows]:
    """The rows of a database as they are now, whoever goes on changing them."""
    if not is_postgres(location):
        _old_file(location)
    async with _opened(location) as rows:
        yield rows


@asynccontextmanager
async def _into(location: str) -> AsyncIterator[Rows]:
    """A database that has rows in the end if the block has not failed."""
    if is_postgres(location):
        async with _opened(location) as rows:
            yield rows
        return
    path = _new_file(location)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        async with _opened(str(unfinished)) as rows:
            yield rows
        _put_in_place(unfinished, path)
    finally:
        _clear_away(unfinished)


@asynccontextmanager
async def _opened(location: str) -> AsyncIterator[Rows]:
    storage = await open_storage(location)
    try:
        if not is_postgres(location):
            # The lock beside the file keeps everybody else out meanwhile.
            yield storage.write
            return
        from flowtui.server.storage.postgres import PostgresStorage

        assert isinstance(storage, PostgresStorage)
        async with storage.whole() as transaction:

            async def rows(operation: Operation[T]) -> T:
                return await operation(transaction)

            yield rows
    finally:
        await storage.close()
