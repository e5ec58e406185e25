"""Mutations of schedules."""

from __future__ import annotations

from typing import Any

from flowtui.errors import ApiError
from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import schedules
from flowtui.server.storage import Transaction


async def _flow_id(tx: Transaction, input: Input) -> str:
    if input.get("flow_id") is not None:
        return str(input["flow_id"])
    if input.get("schedule_id") is None:
        raise ApiError("A flow id or schedule id must be provided.")
    return await schedules.scheduled_flow(tx, input["schedule_id"])


@mutation("set_schedule_active")
async def set_schedule_active(tx: Transaction, input: Input, request: Request) -> Any:
    """Switch a schedule on."""
    return {"success": await schedules.set_schedule_active(tx, await _flow_id(tx, input))}


@mutation("set_schedule_inactive")
async def set_schedule_inactive(tx: Transaction, input: Input, request: Request) -> Any:
    """Switch a schedule off."""
    return {"success": await schedules.set_schedule_inactive(tx, await _flow_id(tx, input))}


@mutation("set_flow_group_schedule")
async def set_flow_group_schedule(tx: Transaction, input: Input, request: Request) -> Any:
    """Give every version of a flow one schedule."""
    success = await schedules.set_group_schedule(
        tx,
        input["flow_group_id"],
        cron_clocks=[schedules.CronClock(**clock) for clock in input.get("cron_clocks") or ()],
        interval_clocks=[
            schedules.IntervalClock(**clock) for clock in input.get("interval_clocks") or ()
        ],
        zone=input.get("timezone"),
    )
    return {"success": success}


@mutation("delete_flow_group_schedule")
async def delete_flow_group_schedule(tx: Transaction, input: Input, request: Request) -> Any:
    """Let each version follow its own schedule again."""
    return {"success": await schedules.delete_group_schedule(tx, input["flow_group_id"])}
