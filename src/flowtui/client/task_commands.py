"""What can be done to task runs: set a state by hand, approve, restart, rename.

The backend takes a state for any version of a task run unless it is asked to guard; so what was
seen is compared with what is there right before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowtui.client import reading
from flowtui.client.rows import PAGE, all_rows
from flowtui.client.run_commands import RunCommands
from flowtui.errors import Conflict, NotFound, Refused
from flowtui.models.ids import FlowRunId, TaskId, TaskRunId
from flowtui.models.runs import TaskRunCounts
from flowtui.models.states import RunState
from flowtui.models.tasks import SeenTaskRun, TaskRun


class TaskRunCommands(RunCommands):
    """Commands on task runs, and the questions that go before them."""

    async def task_run_state(self, task_run_id: TaskRunId) -> RunState:
        """What a task run is in now. Raises NotFound."""
        found = await self.seen_task_runs({"id": {"_eq": task_run_id}})
        if not found:
            raise NotFound(f"There is no task run {task_run_id} on this backend.")
        return found[0].state

    async def seen_task_runs(self, where: Mapping[str, Any]) -> list[SeenTaskRun]:
        """The task runs a filter finds, with their versions."""
        rows = await all_rows(self.connection, "task_run_states", "task_run", where=dict(where))
        with reading.understood("task runs"):
            return [_seen(row) for row in rows]

    async def paused_task_runs(self, run_id: FlowRunId) -> list[SeenTaskRun]:
        """The task runs of a run that wait for somebody to approve them."""
        return await self.seen_task_runs(
            {"flow_run_id": {"_eq": run_id}, "state": {"_eq": "Paused"}}
        )

    async def task_run_counts(self, run_id: FlowRunId) -> TaskRunCounts:
        """How many task runs there are to a run."""
        answer = await self.connection.execute("task_run_counts", run=run_id)
        with reading.understood("how many task runs there are"):
            return TaskRunCounts(*(reading.count(answer[name]) for name in ("not_mapped", "all")))

    async def set_task_run_state(
        self, task_run_id: TaskRunId, state: str, *, seen: RunState, reason: str = ""
    ) -> None:
        """Set one task run's state by hand, if it is still the one that was seen.

        Raises Conflict, and writes nothing, when it has moved.
        """
        self._writable()
        wanted = {"type": state, "message": reason or f"Set to {state} by hand."}
        entry = {"task_run_id": task_run_id, "version": seen.version, "state": wanted}
        if (await self.capabilities()).can("set_task_run_state"):
            await self._command("set_task_run_state", entry)
            return
        now = await self.task_run_state(task_run_id)
        if now.version != seen.version:
            raise Conflict(f"The task run has moved to {now.type}, version {now.version}.")
        await self._set_all([entry])

    async def set_task_run_states(
        self, tasks: Sequence[TaskRun | SeenTaskRun], state: str, *, reason: str
    ) -> None:
        """Set many task runs to a state, each for the version it was seen in."""
        self._writable()
        wanted = {"type": state, "message": reason}
        entries = [
            {"task_run_id": task.id, "version": task.state.version, "state": wanted}
            for task in tasks
        ]
        for first in range(0, len(entries), PAGE):
            await self._set_all(entries[first : first + PAGE])

    async def _set_all(self, entries: Sequence[Mapping[str, Any]]) -> None:
        payload = await self._command("set_task_run_states", {"states": list(entries)})
        with reading.understood("setting task runs"):
            refused = [
                reading.text(one["message"] or one["status"])
                for one in payload["states"]
                if one["status"] not in _TAKEN
            ]
        if refused:
            count = f"{len(refused)} of {len(entries)}"
            raise Refused(f"{count} task runs were refused: {refused[0]}")

    async def set_with_task_runs(
        self,
        run_id: FlowRunId,
        state: str,
        *,
        seen: RunState,
        reason: str,
        mapped: bool,
    ) -> int:
        """Set a run's task runs, with or without mapped children, and then the run itself.

        The task runs are read right before, as the web UI does; how many there were is returned.
        Raises Conflict, and writes nothing, when the run has moved since it was seen.
        """
        self._writable()
        await self._check_run(run_id, seen)
        where: dict[str, Any] = {"flow_run_id": {"_eq": run_id}}
        if not mapped:
            where["map_index"] = {"_eq": -1}
        tasks = await self.seen_task_runs(where)
        await self.set_task_run_states(tasks, state, reason=reason)
        await self.set_flow_run_state(run_id, state, seen=seen, reason=reason)
        return len(tasks)

    async def approve(self, tasks: Sequence[SeenTaskRun]) -> None:
        """Let paused task runs go on."""
        for task in tasks:
            reason = f"Task {task.label} approved by hand."
            await self.set_task_run_state(task.id, "Resume", seen=task.state, reason=reason)

    async def downstream_of(self, run_id: FlowRunId, task_id: TaskId) -> list[SeenTaskRun]:
        """The task runs that a restart from a task resets: its own, and those of all that follow.

        Mapped children are found by their parents, as a restart from the web UI does.
        """
        answer = await self.connection.execute("downstream_tasks", tasks=f"{{{task_id}}}")
        with reading.understood("what follows from a task"):
            tasks = [reading.identity(row["task_id"]) for row in answer["utility_downstream_tasks"]]
        return await self.seen_task_runs(
            {
                "flow_run_id": {"_eq": run_id},
                "task_id": {"_in": tasks},
                "map_index": {"_eq": -1},
            }
        )

    async def restart(
        self,
        run_id: FlowRunId,
        tasks: Sequence[TaskRun | SeenTaskRun],
        *,
        seen: RunState,
        reason: str,
    ) -> None:
        """Set these task runs back to Pending and the run to Scheduled, if it has not moved.

        Raises Conflict, and writes nothing, when the run has moved since it was seen.
        """
        self._writable()
        await self._check_run(run_id, seen)
        await self.set_task_run_states(tasks, "Pending", reason=reason)
        await self.set_flow_run_state(run_id, "Scheduled", seen=seen, reason=reason)

    async def rename_task_run(self, task_run_id: TaskRunId, name: str) -> None:
        """Give a task run a name of its own."""
        sent = {"task_run_id": task_run_id, "name": name}
        await self._command("set_task_run_name", sent, missing=f"task run {task_run_id}")


_TAKEN = ("SUCCESS", "QUEUED", None)
"""What a backend says of a state it took; QUEUED ones are taken a little later."""


def _seen(row: reading.Json) -> SeenTaskRun:
    return SeenTaskRun(
        TaskRunId(reading.identity(row["id"])),
        reading.text(row["task"]["name"] or row["task"]["slug"]),
        int(row["map_index"]),
        reading.run_state(row),
    )
