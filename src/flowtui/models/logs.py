"""Log lines, and the place in a run's log up to which somebody has read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models.ids import FlowRunId, LogId, TaskRunId

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@frozen(slots=True)
class LogLine:
    """One line, possibly of several rows; the text is as the flow wrote it, hence hostile.

    There may be a million of them, so each is as small as it can be.
    """

    id: LogId
    timestamp: datetime
    level: str
    message: str
    logger: str = ""
    flow_run_id: FlowRunId | None = None
    task_run_id: TaskRunId | None = None


@frozen
class LogCursor:
    """How far a log has been read.

    Lines are written in batches by several processes, so one may arrive after another that is
    younger. Once the end is reached, reading starts again a little before the newest line, and
    what was `seen` there is left out: no line is lost and none comes twice.
    """

    timestamp: datetime
    id: str = ""
    seen: Mapping[str, datetime] = field(default_factory=dict)
    """Ids read within the overlap, and their times."""
    newest: datetime | None = None
    earliest: datetime | None = None
    """Before that nothing is read again: it has not been read at all."""


@frozen
class LogPage:
    """Lines not read before, oldest first, and where to go on."""

    lines: tuple[LogLine, ...]
    cursor: LogCursor | None
    complete: bool
    """Whether the end of the log, as it is now, was reached."""
