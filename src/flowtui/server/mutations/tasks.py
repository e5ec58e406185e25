"""Mutations of task runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flowtui.errors import ApiError
from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import runs, tasks
from flowtui.server.storage import Transaction


async def _task_run(tx: Transaction, input: Input) -> tasks.TaskRunInfo:
    return await tasks.get_or_create_task_run(
        tx,
        flow_run_id=input["flow_run_id"],
        task_id=input["task_id"],
        map_index=input.get("map_index"),
    )


@mutation("get_or_create_task_run")
async def get_or_create_task_run(tx: Transaction, input: Input, request: Request) -> Any:
    """The id of the task run for a task and an index."""
    try:
        return {"id": (await _task_run(tx, input)).id}
    except ApiError:
        # The older mutation has one word for everything that can be wrong.
        raise ApiError("Invalid ID") from None


@mutation("get_or_create_task_run_info")
async def get_or_create_task_run_info(tx: Transaction, input: Input, request: Request) -> Any:
    """The task run for a task and an index, with the state it is in."""
    return asdict(await _task_run(tx, input))


@mutation("set_task_run_name")
async def set_task_run_name(tx: Transaction, input: Input, request: Request) -> Any:
    """Name a task run."""
    return {"success": await tasks.set_task_run_name(tx, input["task_run_id"], input["name"])}


@mutation("update_task_run_heartbeat")
async def update_task_run_heartbeat(tx: Transaction, input: Input, request: Request) -> Any:
    """A task run is alive."""
    await runs.record_heartbeat(tx, "task_run", input["task_run_id"])
    return {"success": True}
