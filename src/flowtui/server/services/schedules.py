"""Schedules: switched on and off, and turned into runs ahead of time."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import timezone
from typing import Any

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.models.clocks import (
    SHORTEST_INTERVAL,
    BadSchedule,
    Event,
    clock_parameters,
    next_events,
)
from flowtui.models.times import zone_of
from flowtui.server.services.runs import NewFlowRun, create_flow_run, required_parameters
from flowtui.server.storage import Row, Transaction, Where

log = logging.getLogger("flowtui.server.schedules")

RUNS_AHEAD = 10
"""Future runs that a flow with an active schedule has."""

FLOW_COLUMNS = ("id", "flow_group_id", "archived", "is_schedule_active", "schedule", "parameters")


async def scheduled_flow(tx: Transaction, schedule_id: str) -> str:
    """The flow a schedule belongs to: a schedule has the id of its flow, or of its flow group.

    A group's schedule is that of its newest version.
    """
    if await tx.get("flow", schedule_id, columns=("id",)) is not None:
        return schedule_id
    newest = await tx.first(
        "flow",
        {"flow_group_id": {"_eq": schedule_id}, "archived": {"_eq": False}},
        order_by=(("version", "desc"),),
        columns=("id",),
    )
    return str(newest["id"]) if newest else schedule_id


async def set_schedule_active(tx: Transaction, flow_id: str) -> bool:
    """Switch a flow's schedule on and make its first runs; False if it has none."""
    flow = await tx.get("flow", flow_id, columns=FLOW_COLUMNS, keep="alone")
    if flow is None:
        return False
    group = await tx.get("flow_group", flow["flow_group_id"])
    assert group is not None
    if flow["schedule"] is None and group["schedule"] is None:
        return False
    if flow["archived"]:
        raise ApiError(f"Flow {flow_id} is archived.")
    _check_required_parameters(flow, group)
    await tx.update("flow", {"id": {"_eq": flow_id}}, {"is_schedule_active": True})
    await schedule_flow_runs(tx, flow, group)
    return True


def _check_required_parameters(flow: Row, group: Row) -> None:
    """Refuse a schedule whose clocks cannot say what the flow has to know."""
    required = required_parameters(flow) - (group["default_parameters"] or {}).keys()
    if flow["schedule"] is None or not required:
        return
    clocks = flow["schedule"].get("clocks") or []
    if not all(required <= clock_parameters(clock).keys() for clock in clocks):
        raise ApiError("Can not schedule a flow that has required parameters.")


async def set_schedule_inactive(tx: Transaction, flow_id: str) -> bool:
    """Switch a schedule off and take back the runs it made that nobody has taken yet."""
    values = {"is_schedule_active": False}
    if not await tx.update("flow", {"id": {"_eq": flow_id}}, values):
        return False
    await delete_automatic_runs(tx, {"id": {"_eq": flow_id}})
    return True


async def delete_automatic_runs(tx: Transaction, flows: Where) -> None:
    """Take back the scheduled runs of flows; runs that people made stay."""
    await tx.delete(
        "flow_run",
        {"flow": flows, "state": {"_eq": "Scheduled"}, "auto_scheduled": {"_eq": True}},
    )


@frozen
class CronClock:
    """A clock of a group schedule, in cron's words."""

    cron: str
    parameter_defaults: Mapping[str, Any] | None = None


@frozen
class IntervalClock:
    """A clock of a group schedule that fires every so many seconds."""

    interval: int
    parameter_defaults: Mapping[str, Any] | None = None


async def set_group_schedule(
    tx: Transaction,
    group_id: str,
    *,
    cron_clocks: Sequence[CronClock] = (),
    interval_clocks: Sequence[IntervalClock] = (),
    zone: str | None = None,
) -> bool:
    """Give all versions of a flow a schedule that goes before their own."""
    start_date = _start_date(tx, zone)
    clocks = [
        *(_cron_clock(clock, start_date) for clock in cron_clocks),
        *(_interval_clock(clock, start_date) for clock in interval_clocks),
    ]
    return await _replace_schedule(tx, group_id, {"type": "Schedule", "clocks": clocks})


async def delete_group_schedule(tx: Transaction, group_id: str) -> bool:
    """Let each version follow its own schedule again."""
    return await _replace_schedule(tx, group_id, None)


async def _replace_schedule(tx: Transaction, group_id: str, schedule: Any) -> bool:
    if not await tx.update("flow_group", {"id": {"_eq": group_id}}, {"schedule": schedule}):
        return False
    await delete_automatic_runs(tx, {"flow_group_id": {"_eq": group_id}})
    return True


def _start_date(tx: Transaction, zone: str | None) -> dict[str, str] | None:
    if zone is None:
        return None
    try:
        local = tx.now.astimezone(zone_of(zone))
    except (ValueError, OSError, LookupError):
        raise ApiError(f"Invalid timezone provided for schedule: {zone}") from None
    return {"dt": local.replace(tzinfo=None).isoformat(), "tz": zone}


def _cron_clock(clock: CronClock, start_date: Any) -> dict[str, Any]:
    from croniter import croniter

    if not croniter.is_valid(clock.cron):
        raise ApiError(f"Invalid clock provided for schedule: {clock.cron}")
    stored: dict[str, Any] = {"type": "CronClock", "cron": clock.cron, "start_date": start_date}
    if clock.parameter_defaults is not None:
        stored["parameter_defaults"] = clock.parameter_defaults
    return stored


def _interval_clock(clock: IntervalClock, start_date: Any) -> dict[str, Any]:
    if clock.interval < SHORTEST_INTERVAL.total_seconds():
        raise ApiError(f"Invalid clock provided for schedule: {clock.interval}")
    stored: dict[str, Any] = {
        "type": "IntervalClock",
        "interval": clock.interval * 1_000_000,
        "start_date": start_date,
    }
    if clock.parameter_defaults:
        stored["parameter_defaults"] = clock.parameter_defaults
    return stored


async def active_flows(tx: Transaction) -> list[str]:
    """Ids of the flows whose schedules are on."""
    flows = await tx.find(
        "flow",
        {"archived": {"_eq": False}, "is_schedule_active": {"_eq": True}},
        order_by=(("id", "desc"),),
        columns=("id",),
    )
    return [str(flow["id"]) for flow in flows]


async def schedule_runs(tx: Transaction) -> int:
    """Make the missing future runs of every active flow: one pass of the scheduler at once."""
    return sum([await schedule_flow(tx, flow_id) for flow_id in await active_flows(tx)])


async def schedule_flow(tx: Transaction, flow_id: str) -> int:
    """Make the missing future runs of one flow, if its schedule is still on.

    A schedule that cannot be followed is left out; it must not hold up the others.
    """
    # A schedule that is switched off meanwhile would leave its runs behind.
    flow = await tx.get("flow", flow_id, columns=FLOW_COLUMNS, keep="alone")
    if flow is None or flow["archived"] or not flow["is_schedule_active"]:
        return 0
    group = await tx.get("flow_group", flow["flow_group_id"])
    assert group is not None
    try:
        return await schedule_flow_runs(tx, flow, group)
    except ApiError as problem:
        log.warning("Flow %s could not be scheduled: %s", flow_id, problem)
        return 0


async def schedule_flow_runs(tx: Transaction, flow: Row, group: Row) -> int:
    """Make a flow's next runs, the group's schedule before its own; how many are new."""
    schedule = group["schedule"] or flow["schedule"]
    if schedule is None:
        return 0
    try:
        events = next_events(schedule, tx.now, RUNS_AHEAD)
    except BadSchedule as problem:
        log.warning("The schedule of flow %s is left out: %s", flow["id"], problem)
        return 0
    latest = await tx.first(
        "flow_run",
        {"flow_id": {"_eq": flow["id"]}, "auto_scheduled": {"_eq": True}},
        order_by=(("scheduled_start_time", "desc"),),
        columns=("id", "scheduled_start_time"),
    )
    scheduled_until = tx.now if latest is None else latest["scheduled_start_time"]
    made = 0
    for event in events:
        if not _is_particular(event) and event.start_time <= scheduled_until:
            continue
        made += await _schedule_event(tx, flow, event)
    return made


async def _schedule_event(tx: Transaction, flow: Row, event: Event) -> int:
    key = event_key(event)
    known = {"flow_id": {"_eq": flow["id"]}, "idempotency_key": {"_eq": key}}
    if await tx.count("flow_run", known):
        return 0
    await create_flow_run(
        tx,
        NewFlowRun(
            flow_id=flow["id"],
            parameters=event.parameter_defaults,
            labels=event.labels,
            scheduled_start_time=event.start_time,
            idempotency_key=key,
            auto_scheduled=True,
        ),
    )
    return 1


def _is_particular(event: Event) -> bool:
    """Whether the clock says something about its runs; several such may start at one time."""
    return bool(event.parameter_defaults) or event.labels is not None


def event_key(event: Event) -> str:
    """The idempotency key of an event's run, so that each event makes one, however often seen."""
    start = event.start_time.astimezone(timezone.utc).isoformat()
    if not _is_particular(event):
        return f"auto-scheduled:{start}"
    said = json.dumps([event.parameter_defaults, event.labels], sort_keys=True)
    return f"auto-scheduled:{start}:{hashlib.md5(said.encode()).hexdigest()}"
