"""Log lines: stored once each, however often a batch is delivered."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flowtui.server.services.states import REPEATED_WITHIN
from flowtui.server.storage import Row, Transaction


@dataclass(frozen=True)
class NewLog:
    """One line as a client sends it."""

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
    alike: Counter[str] = Counter()
    at_once: Counter[tuple[str, datetime]] = Counter()
    arrived: dict[str, int] = {}
    rows = []
    for line in lines:
        content = _content(line)
        occurrence = alike[content]
        alike[content] += 1
        if line.timestamp is None:
            if content not in arrived:
                arrived[content] = await _arrived_lately(tx, line)
            if occurrence < arrived[content]:
                continue
        time = line.timestamp or tx.now
        place = at_once[line.flow_run_id, time]
        at_once[line.flow_run_id, time] += 1
        rows.append(_row(line, _log_id(time, place, content, occurrence), tenants, time))
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


def _row(line: NewLog, log_id: str, tenants: Mapping[str, str | None], time: datetime) -> Row:
    return {
        "id": log_id,
        "flow_run_id": line.flow_run_id,
        "task_run_id": line.task_run_id,
        "tenant_id": tenants.get(line.flow_run_id),
        "timestamp": time,
        "name": line.name,
        "level": line.level or "INFO",
        "message": line.message,
        "info": line.info,
    }


def _content(line: NewLog) -> str:
    return repr(
        (
            line.flow_run_id,
            line.task_run_id,
            line.timestamp and line.timestamp.timestamp(),
            line.name,
            line.level,
            line.message,
            line.info,
        )
    )


def _log_id(time: datetime, place: int, content: str, occurrence: int) -> str:
    """A version 7 uuid whose random part is a digest, so that the same line has the same id."""
    milliseconds = max(0, int(time.timestamp() * 1000)) & (1 << 48) - 1
    said = f"{occurrence}{content}".encode("utf-8", "surrogatepass")
    digest = int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big")
    variant = digest & (1 << 62) - 1 | 1 << 63
    text = f"{milliseconds:012x}7{place & 0xFFF:03x}{variant:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
