"""What is asked about runs and task runs besides what lists and the page of a run show."""

from __future__ import annotations

from flowtui.client.connection import Connection
from flowtui.client.reading import understood
from flowtui.client.run_reading import course
from flowtui.models.course import Course
from flowtui.models.ids import FlowGroupId, FlowRunId

TASK_RUNS_OF_A_COURSE = 1000
"""Task runs that say how a run usually goes; of a wide mapped task the first will do."""


class RunQuestions:
    """Questions about runs."""

    connection: Connection

    async def usual_course(self, group_id: FlowGroupId, run_id: FlowRunId) -> Course:
        """How the last run of the flow that went well went; empty where none did."""
        answer = await self.connection.execute(
            "last_success", group=group_id, run=run_id, limit=TASK_RUNS_OF_A_COURSE
        )
        with understood("the last run that went well"):
            return course(answer["flow_run"])
