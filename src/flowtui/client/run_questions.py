"""What is asked about runs and task runs besides what lists and the page of a run show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.client.connection import Connection
from flowtui.client.reading import count, understood
from flowtui.client.wanted import checked_id, found
from flowtui.models.ids import FlowGroupId, FlowRunId, TaskRunId
from flowtui.models.run_lists import RunNumber
from flowtui.models.runs import FlowRun
from flowtui.models.times import iso

if TYPE_CHECKING:  # a page of one run reads with them; the first page does without
    from flowtui.models.course import Course
    from flowtui.models.task_detail import Artifact, TaskRunDetail

TASK_RUNS_OF_A_COURSE = 1000
"""Task runs that say how a run usually goes; of a wide mapped task the first will do."""

COUNTED = 1000
"""Runs of a flow that are counted: however many there are, that costs no more."""

ARTIFACTS = 200
"""Artifacts that are fetched at most."""


class RunQuestions:
    """Questions about runs."""

    connection: Connection

    async def usual_course(self, group_id: FlowGroupId, run_id: FlowRunId) -> Course:
        """How the last run of the flow that went well went; empty where none did."""
        from flowtui.client.run_reading import course

        answer = await self.connection.execute(
            "last_success", group=group_id, run=run_id, limit=TASK_RUNS_OF_A_COURSE
        )
        with understood("the last run that went well"):
            return course(answer["flow_run"])

    async def run_number(self, group_id: FlowGroupId, run: FlowRun) -> RunNumber | None:
        """Which of its flow's runs it is; None for one that is too far back to be counted."""
        due = iso(run.scheduled_start_time)
        answer = await self.connection.execute("run_number", group=group_id, due=due, limit=COUNTED)
        with understood("how many runs there are"):
            newer, known = count(answer["newer"]), count(answer["all"])
        return None if newer >= COUNTED else RunNumber(newer + 1, known, known >= COUNTED)

    async def task_run(
        self, run_id: FlowRunId, task_run_id: TaskRunId, map_index: int = -1
    ) -> TaskRunDetail:
        """A task run with its task and its neighbours. Raises NotFound."""
        from flowtui.client.run_reading import task_run_detail

        answer = await self.connection.execute(
            "task_run", id=checked_id(task_run_id), run=run_id, indexes=sorted({-1, map_index})
        )
        with understood("a task run"):
            row = found(answer["task_run_by_pk"], "task run", task_run_id)
            return task_run_detail(row)

    async def artifacts(
        self, run_id: FlowRunId, task_run_id: TaskRunId | None = None
    ) -> list[Artifact]:
        """What the task runs of a run left, or one of them, oldest first."""
        from flowtui.client.run_reading import artifact

        whose = {"task_run": {"flow_run_id": {"_eq": run_id}}}
        where = whose if task_run_id is None else {"task_run_id": {"_eq": task_run_id}}
        answer = await self.connection.execute("artifacts", where=where, limit=ARTIFACTS)
        with understood("artifacts"):
            return [artifact(row) for row in answer["task_run_artifact"]]
