"""Rows that a question finds: page by page where there may be many, and runs as models."""

from __future__ import annotations

from typing import Any

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.models.runs import FlowRun

PAGE = 500
"""Rows a request; more come in further pages."""

NEWEST_FIRST = [{"scheduled_start_time": "desc"}, {"id": "desc"}]
OLDEST_FIRST = [{"scheduled_start_time": "asc"}, {"id": "asc"}]
"""The order of runs."""


async def all_rows(
    connection: Connection, operation: str, rows: str, /, most: int | None = None, **asked: Any
) -> list[reading.Json]:
    """What an operation with a limit and an offset finds under a name; the first `most` of it."""
    found: list[reading.Json] = []
    while most is None or len(found) < most:
        answer = await connection.execute(operation, limit=PAGE, offset=len(found), **asked)
        with reading.understood("a page"):
            page = list(answer[rows])
        found += page
        if len(page) < PAGE:
            break
    return found


async def runs_of(
    connection: Connection, operation: str, what: str, /, **asked: Any
) -> list[FlowRun]:
    """The runs that an operation finds; `what` names them where the answer makes no sense."""
    answer = await connection.execute(operation, **asked)
    with reading.understood(what):
        return [reading.flow_run(row) for row in answer["flow_run"]]
