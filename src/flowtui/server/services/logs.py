"""Log lines: stored once each, however often a batch is delivered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

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

    A line's id follows from its time, its content and how many like it stand before it in the
    batch. So a batch that is delivered again finds its own ids taken, and equal lines that
    belong together stay apart.
    """
    tenants = await _tenants(tx, {line.flow_run_id for line in lines})
    alike: dict[bytes, int] = {}
    arrived: dict[bytes, int] = {}
    rows = []
    for line in lines:
        content = _content(line)
        occurrence = alike[content] = alike.get(content, -1) + 1
        if line.timestamp is None:
            if content not in arrived:
                arrived[content] = await _arrived_lately(tx, line)
            if occurrence < arrived[content]:
                continue
        rows.append(_row(line, _log_id(line, content, occurrence, tx.now), tenants, tx.now))
    if rows:
        await tx.insert("log", rows, ignore_conflicts=True)


async def _arrived_lately(tx: Transaction, line: NewLog) -> int:
    """How many lines like this one came in while its sender may have been repeating itself.

    A line without a time is dated by its arrival, so its id cannot tell a repetition.
    """
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
        "created": {"_gt": tx.now - REPEATED_WITHIN},
    }
    return await tx.count("log", {**lately, **alike})


async def _tenants(tx: Transaction, flow_run_ids: set[str]) -> Mapping[str, str | None]:
    runs = await tx.find(
        "flow_run", {"id": {"_in": sorted(flow_run_ids)}}, columns=("id", "tenant_id")
    )
    return {run["id"]: run["tenant_id"] for run in runs}


def _row(line: NewLog, log_id: str, tenants: Mapping[str, str | None], now: datetime) -> Row:
    return {
        "id": log_id,
        "flow_run_id": line.flow_run_id,
        "task_run_id": line.task_run_id,
        "tenant_id": tenants.get(line.flow_run_id),
        "timestamp": line.timestamp or now,
        "name": line.name,
        "level": line.level or "INFO",
        "message": line.message,
        "info": line.info,
    }


def _content(line: NewLog) -> bytes:
    return json.dumps(
        [
            line.flow_run_id,
            line.task_run_id,
            line.timestamp and line.timestamp.isoformat(),
            line.name,
            line.level,
            line.message,
            line.info,
        ]
    ).encode()


def _log_id(line: NewLog, content: bytes, occurrence: int, now: datetime) -> str:
    """A version 7 uuid whose random part is a digest, so that the same line has the same id."""
    time = line.timestamp or now
    milliseconds = max(0, int(time.timestamp() * 1000))
    digest = hashlib.blake2b(content + b"%d" % occurrence, digest_size=10).digest()
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(digest, "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))
