"""One task run with all that its own page shows: its task, its neighbours, what it left behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from flowtui.frozen import frozen
from flowtui.models.ids import TaskRunId
from flowtui.models.tasks import TaskRun


@frozen
class Neighbour:
    """What is at the other end of an edge, as far as it has run in the same run."""

    task_name: str
    task_run_id: TaskRunId | None = None
    state: str = "Pending"
    map_index: int = -1
    key: str = ""
    """The argument that the edge fills; empty where it only says what comes first."""
    is_mapped: bool = False
    """Whether each mapped child gets one item of it."""

    @property
    def label(self) -> str:
        """As `TaskRun.label`."""
        return f"{self.task_name}[{self.map_index}]" if self.map_index >= 0 else self.task_name


@frozen
class TaskRunDetail:
    """A task run, its task, and its neighbours."""

    task: TaskRun
    heartbeat: datetime | None = None
    cache_key: str = ""
    type: str = ""
    trigger: str = ""
    retry_delay: timedelta | None = None
    description: str = ""
    expected_children: int | None = None
    """How many mapped children its state says there will be."""
    has_cached_inputs: bool = False
    upstream: tuple[Neighbour, ...] = ()
    downstream: tuple[Neighbour, ...] = ()

    @property
    def misses_inputs(self) -> bool:
        """Whether a restart from here would find no inputs: some are data, and none are kept."""
        return any(one.key for one in self.upstream) and not self.has_cached_inputs


@frozen
class Artifact:
    """A link or a text in Markdown that a task run left; hostile, as all that comes from flows."""

    id: str
    kind: str
    created: datetime
    task_name: str
    map_index: int = -1
    text: str = ""
    """The address of a link, the text of Markdown, and of other kinds their data as JSON."""

    @property
    def source(self) -> str:
        """The task run that left it."""
        return f"{self.task_name}[{self.map_index}]" if self.map_index >= 0 else self.task_name
