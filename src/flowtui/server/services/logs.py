"""Log lines: stored once each, however often a batch is delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from flowtui.server.services.states import REPEATED_WITHIN
from flowtui.server.storage import Row, Transaction


class NewLog(NamedTuple):
    """One line as a client sends it; a tuple, because hundreds come at once."""

    flow_run_id: str
    task_run_id: str | None = None
    timestamp: datetime | None = None
    name: str | None = None
    level: str | None = None
    message: str | None = None
    info: Any = None


async def write_logs(tx: Transaction, lines: Sequence[NewLog]) -> None:
    """Store lines in the order given.

    A line's id follows from its time, its content and its place among those of the batch that are
    like it. So a batch that is delivered again finds its own ids taken, equal lines that belong
    together stay apart, and of lines with one time the ids keep the order.
    """
    tenants = await _tenants(tx, {line.flow_run_id for line in lines})
    alike: dict[str, int] = {}
    at_once: dict[tuple[str, datetime], int] = {}
    arrived: dict[str, int] = {}
    rows = []
    for line in lines:
        time = line.timestamp or tx.now
        milliseconds = max(0, int(time.timestamp() * 1000))
        content = _content(line, milliseconds)
        occurrence = alike.get(content, 0)
        alike[content] = occurrence + 1
        if line.timestamp is None:
            if content not in arrived:
                arrived[content] = await _arrived_lately(tx, line)
            if occurrence < arrived[content]:
                continue
        moment = line.flow_run_id, time
        place = at_once.get(moment, 0)
        at_once[moment] = place + 1
        id = _log_id(milliseconds, place, f"{occurrence} {content}")
        rows.append(_row(id, line, tenants.get(line.flow_run_id), time))
    if rows:
        await tx.insert("log", rows, ignore_conflicts=True)


async def _arrived_lately(tx: Transaction, line: NewLog) -> int:
    """How many lines like this one came in while its sender may have been repeating itself.

    A line without a time is dated by its arrival, so its id cannot tell a repetition.
    """
    await tx.get("flow_run", line.flow_run_id, columns=("id",), keep="alone")
    values = {
        "task_run_id": line.task_run_id,
        "name": line.name,
        "level": line.level or "INFO",
        "message": line.message,
    }
    alike = {
        column: {"_is_null": True} if value is None else {"_eq": value}
        for column, value in values.items()
    }
    lately = {
        "flow_run_id": {"_eq": line.flow_run_id},
        "timestamp": {"_gt": tx.now - REPEATED_WITHIN},
    }
    return await tx.count("log", {**lately, **alike})


async def _tenants(tx: Transaction, flow_run_ids: set[str]) -> Mapping[str, str | None]:
    runs = await tx.find(
        "flow_run", {"id": {"_in": sorted(flow_run_ids)}}, columns=("id", "tenant_id")
    )
    return {run["id"]: run["tenant_id"] for run in runs}


def _row(id: str, line: NewLog, tenant_id: str | None, time: datetime) -> Row:
    return {
        "id": id,
        "flow_run_id": line.flow_run_id,
        "task_run_id": line.task_run_id,
        "tenant_id": tenant_id,
        "timestamp": time,
        "name": line.name,
        "level": line.level or "INFO",
        "message": line.message,
        "info": line.info,
    }


def _content(line: NewLog, milliseconds: int) -> str:
    """All that makes a line this line; one without a time is known by the rest."""
    run, task, time, name, level, message, info = line
    said = time and f"{milliseconds}.{time.microsecond}"
    return f"{run} {task} {said} {level} {name!r} {info!r} {message is None} {message}"


_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
# The first digit of the random part of a uuid tells its kind.


def _log_id(milliseconds: int, place: int, said: str) -> str:
    """A version 7 uuid whose random part is a digest, so that the same line has the same id."""
    time = f"{milliseconds & (1 << 48) - 1:012x}"
    digest = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    random = f"{_VARIANT[digest[0]]}{digest[1:4]}-{digest[4:]}"
    return f"{time[:8]}-{time[8:]}-7{place & 0xFFF:03x}-{random}"
