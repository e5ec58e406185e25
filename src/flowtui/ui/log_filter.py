"""Whose lines of a log are shown, and since when; the least level is chosen besides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo

from flowtui.frozen import frozen
from flowtui.models.ids import TaskRunId
from flowtui.models.logs import LogLine
from flowtui.models.tasks import TaskRun
from flowtui.models.text import clock, cut, plain
from flowtui.ui.log_book import Voice

WINDOWS = (
    ("0", "everything", None),
    ("1", "the last minute", timedelta(minutes=1)),
    ("2", "the last 5 minutes", timedelta(minutes=5)),
    ("3", "the last 15 minutes", timedelta(minutes=15)),
    ("4", "the last hour", timedelta(hours=1)),
    ("5", "the last 6 hours", timedelta(hours=6)),
    ("6", "the last 24 hours", timedelta(hours=24)),
)
"""Spans before the newest line, with the digit of each."""


@frozen
class Source:
    """Somebody who wrote lines: a task, one task run, a logger; or everybody."""

    kind: str = ""
    """`task`, `child` or `logger`; empty is everybody."""
    name: str = ""
    lines: int = 0
    errors: int = 0
    task_runs: frozenset[TaskRunId] = frozenset()

    @property
    def words(self) -> str:
        """What it is called among what a log is narrowed to."""
        return f"only {cut(plain(self.name), 32)}" if self.kind else ""


@frozen
class LogFilter:
    """What of a log is shown."""

    source: Source = Source()
    since: datetime | None = None

    @property
    def is_active(self) -> bool:
        """Whether anything is left out."""
        return bool(self.source.kind) or self.since is not None

    def lets(self, line: LogLine) -> bool:
        """Whether a line is shown."""
        if self.since is not None and line.timestamp < self.since:
            return False
        if self.source.kind == "logger":
            return line.logger == self.source.name
        return not self.source.kind or line.task_run_id in self.source.task_runs

    def words(self, zone: tzinfo | None) -> list[str]:
        """What is left out, in words."""
        since = [f"since {clock(self.since, zone)}"] if self.since is not None else []
        return [*([self.source.words] if self.source.kind else []), *since]


def sources_of(
    everybody: Iterable[Voice], tasks: Mapping[TaskRunId, TaskRun], here: LogLine | None
) -> list[Source]:
    """Everybody who wrote lines, whoever wrote the line one stands on first, then tasks, loggers.

    The children of a mapped task count as one.
    """
    loggers: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    runs: Counter[TaskRunId] = Counter()
    failing: Counter[TaskRunId] = Counter()
    for voice in everybody:
        loggers[voice.logger] += voice.lines
        wrong[voice.logger] += voice.errors
        if voice.task_run_id is not None:
            runs[voice.task_run_id] += voice.lines
            failing[voice.task_run_id] += voice.errors
    found = [Source(lines=sum(loggers.values()), errors=sum(wrong.values()))]
    task = tasks.get(here.task_run_id) if here is not None and here.task_run_id else None
    if task is not None and task.is_child:
        found.append(Source("child", task.label, runs[task.id], failing[task.id], _ids(task.id)))
    named: dict[str, list[TaskRunId]] = {}
    for run_id in runs:
        known = tasks.get(run_id)
        named.setdefault(known.task_name if known is not None else run_id, []).append(run_id)
    found += sorted((_task(name, ids, runs, failing) for name, ids in named.items()), key=_by_name)
    each = (Source("logger", name, loggers[name], wrong[name]) for name in loggers if name)
    return [*found, *sorted(each, key=_by_name)]


def _ids(*ids: TaskRunId) -> frozenset[TaskRunId]:
    return frozenset(ids)


def _task(
    name: str,
    ids: Iterable[TaskRunId],
    runs: Mapping[TaskRunId, int],
    failing: Mapping[TaskRunId, int],
) -> Source:
    whose = frozenset(ids)
    return Source(
        "task", name, sum(runs[one] for one in whose), sum(failing[one] for one in whose), whose
    )


def _by_name(one: Source) -> str:
    return one.name
