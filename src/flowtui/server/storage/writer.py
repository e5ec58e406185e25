"""The one writer: a thread that takes whatever operations wait, commits them together, and answers
only then.

Pressing a commit onto the disk costs as much for sixty operations as for one. Each operation
stands in a savepoint of its own, so that one which fails takes nothing of its neighbours with it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from flowtui.errors import ApiError, FlowtuiError, ServerProblem
from flowtui.server.storage import Operation, Transaction
from flowtui.server.storage.problems import translated

GROUP: Final = 64
"""At most this many operations share a commit."""

T = TypeVar("T")


@dataclass(eq=False)
class _Waiting:
    """An operation in the queue, and who waits for its result."""

    operation: Operation[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    problem: BaseException | None = None

    def answer(self) -> None:
        """Hand over the result; called in the loop that waits."""
        if self.future.done():
            return
        if self.problem is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.problem)


class Writer:
    """Owns the only connection that writes."""

    def __init__(
        self, connection: sqlite3.Connection, begin: Callable[[], Transaction], name: str
    ) -> None:
        self._connection = connection
        self._begin = begin
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._group = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many operations are queued or in the commit that goes on."""
        return self._queue.qsize() + self._group

    async def write(self, operation: Operation[T]) -> T:
        """Queue an operation; returns its result after the commit."""
        if self._closed:
            raise ServerProblem("The database has been closed.")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(operation, loop, loop.create_future())
        self._queue.put(waiting)
        result: T = await waiting.future
        return result

    async def close(self) -> None:
        """Do what is queued, then end the thread."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        going_on = True
        while going_on:
            group, going_on = self._next_group()
            if not group:
                continue
            self._group = len(group)
            try:
                self._commit(group)
            except BaseException as problem:  # the thread outlives whatever happens to one group
                self._fail(group, problem)
            self._group = 0
            _answer(group)

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        first = self._queue.get()
        if first is None:
            return [], False
        group = [first]
        while len(group) < GROUP:
            try:
                more = self._queue.get_nowait()
            except Empty:
                break
            if more is None:
                return group, False
            group.append(more)
        return group, True

    def _commit(self, group: list[_Waiting]) -> None:
        with translated():
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN IMMEDIATE")
        for waiting in group:
            self._perform(waiting)
            if not self._connection.in_transaction:
                # SQLite gave the whole transaction up (a full disk, say), and the neighbours' rows
                # with it.
                raise waiting.problem or ServerProblem("The database gave up a transaction.")
        with translated():
            self._connection.execute("COMMIT")

    def _perform(self, waiting: _Waiting) -> None:
        execute = self._connection.execute
        try:
            execute("SAVEPOINT operation")
            with translated():
                waiting.result = _driven(waiting.operation, self._begin())
            execute("RELEASE operation")
        except BaseException as problem:
            waiting.problem = problem
            if self._connection.in_transaction:
                execute("ROLLBACK TO operation")
                execute("RELEASE operation")

    def _fail(self, group: list[_Waiting], problem: BaseException) -> None:
        for waiting in group:
            if waiting.problem is None:
                # One exception object must not be raised in several places at once.
                waiting.problem = _again(problem)
        if self._connection.in_transaction:
            # Should even this fail, the next group tries it again.
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")


def _again(problem: BaseException) -> BaseException:
    if isinstance(problem, ApiError):
        return ApiError(problem.message, problem.code)
    if isinstance(problem, FlowtuiError):
        return ServerProblem(problem.message, problem.hint)
    return ServerProblem(f"The database could not write: {problem}.")


def _driven(operation: Operation[T], transaction: Transaction) -> T:
    """Run a coroutine that never suspends."""
    steps = operation(transaction).__await__()
    try:
        next(steps)
    except StopIteration as done:
        result: T = done.value
        return result
    raise RuntimeError("an operation on the database awaited something other than its transaction")


def _answer(group: list[_Waiting]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for waiting in group:
        by_loop.setdefault(waiting.loop, []).append(waiting)
    for loop, answered in by_loop.items():
        try:
            loop.call_soon_threadsafe(_answer_all, answered)
        except RuntimeError:
            continue  # that loop has ended, and with it all who waited in it


def _answer_all(group: list[_Waiting]) -> None:
    for waiting in group:
        waiting.answer()
