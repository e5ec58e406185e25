"""Cloud hooks: who is told of which states of flow runs, and what they are told.

A change of state only writes down whom to call, in its own transaction; the calls are made later
and elsewhere (`server/calls.py`), so that no target, however slow, holds up a run.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.models.states import STATE_NAMES
from flowtui.models.times import iso
from flowtui.server.services.vocabulary import State, simple_state
from flowtui.server.storage import Row, Transaction

log = logging.getLogger("flowtui.server.hooks")

CONFIG: Final[Mapping[str, frozenset[str]]] = {
    "WEBHOOK": frozenset({"url"}),
    "SLACK_WEBHOOK": frozenset({"url"}),
    "TWILIO": frozenset({"account_sid", "auth_token", "messaging_service_sid", "to"}),
    "PAGERDUTY": frozenset({"api_token", "routing_key", "severity"}),
}
"""What each type of hook has to know, exactly; messages of our own take anything."""

MESSAGE: Final = "PREFECT_MESSAGE"

SEVERITIES: Final = ("info", "warning", "error", "critical")

MOST_WAITING: Final = 1000
"""Calls that wait at most; what comes on top is dropped, and the log says so."""

STALE: Final = timedelta(minutes=10)
"""A call that waited longer, through a restart say, is news no more."""

REPEATED_WITHIN: Final = timedelta(seconds=120)
"""A request for the same hook within this time is one that was sent again."""

_RUN: Final = (
    "id",
    "name",
    "flow_id",
    "tenant_id",
    "version",
    "state",
    "state_message",
    "parameters",
    "labels",
    "scheduled_start_time",
    "start_time",
    "end_time",
    "auto_scheduled",
    "times_resurrected",
)
_FLOW: Final = ("id", "name", "version", "version_group_id", "flow_group_id", "project_id")

_NAMES: Final = {name.upper(): name for name in STATE_NAMES}


@frozen
class Call:
    """Somebody to be told of something."""

    type: str
    config: Mapping[str, Any]
    event: Mapping[str, Any]


async def create_hook(
    tx: Transaction,
    *,
    tenant_id: str,
    type: str,
    states: Sequence[str],
    config: Any = None,
    name: str | None = None,
    version_group_id: str | None = None,
) -> str:
    """Have somebody told of states; a request that arrives twice makes one hook."""
    wanted = sorted({str(state).upper() for state in states})
    if not wanted or not set(wanted) <= _NAMES.keys():
        raise ApiError("Invalid states")
    hook: Row = {
        "tenant_id": tenant_id,
        "name": name,
        "type": type,
        "states": wanted,
        "config": _checked(type, {} if config is None else config),
        "version_group_id": version_group_id,
    }
    # A request that arrives twice at once waits here for itself.
    await tx.get("tenant", tenant_id, columns=("id",), keep="alone")
    since = {"_gt": tx.now - REPEATED_WITHIN}
    for other in await tx.find("cloud_hook", {"tenant_id": {"_eq": tenant_id}, "created": since}):
        if all(other[key] == value for key, value in hook.items()):
            return str(other["id"])
    await tx.insert("cloud_hook", [hook])
    return str(hook["id"])


def _checked(type: str, config: Any) -> Mapping[str, Any]:
    if not isinstance(config, Mapping):
        raise ApiError("Invalid config: it must be a JSON object")
    known = CONFIG.get(type)
    if known is None:
        return config
    if set(config) != known:
        raise ApiError(f"Invalid config: {type} takes exactly {', '.join(sorted(known))}")
    texts = {key: value for key, value in config.items() if key != "to"}
    if not all(isinstance(value, str) and value for value in texts.values()):
        raise ApiError(f"Invalid config: {', '.join(sorted(texts))} must be texts")
    if type == "PAGERDUTY" and config["severity"] not in SEVERITIES:
        raise ApiError(f"Invalid config: severity is one of {', '.join(SEVERITIES)}")
    if type == "TWILIO":
        to = [config["to"]] if isinstance(config["to"], str) else config["to"]
        if not (isinstance(to, list) and to and all(isinstance(one, str) and one for one in to)):
            raise ApiError("Invalid config: to must name somebody")
    if "url" in config and not config["url"].lower().startswith(("http://", "https://")):
        raise ApiError("Invalid config: url must begin with http:// or https://")
    return config


async def set_active(tx: Transaction, hook_id: str, active: bool) -> bool:
    """Switch a hook on or off."""
    return await tx.update("cloud_hook", {"id": {"_eq": hook_id}}, {"active": active}) > 0


async def delete_hook(tx: Transaction, hook_id: str) -> bool:
    """Remove a hook, and the calls that wait for it."""
    return await tx.delete("cloud_hook", {"id": {"_eq": hook_id}}) > 0


async def tell(tx: Transaction, run: Row, record: Row) -> None:
    """Write down whom to tell of a state; `run` is the flow run as it was before."""
    hooks = await tx.find(
        "cloud_hook",
        {
            "tenant_id": {"_eq": run["tenant_id"]},
            "active": {"_eq": True},
            "states": {"_has_key": record["state"].upper()},
        },
    )
    if not hooks:
        return
    flow = await tx.get("flow", run["flow_id"], columns=_FLOW)
    tenant = await tx.get("tenant", run["tenant_id"], columns=("id", "name", "slug"))
    assert flow is not None
    for hook in hooks:
        if hook["version_group_id"] not in (None, flow["version_group_id"]):
            continue
        event = _event(tx.now, run, record, flow, tenant or {})
        if hook["type"] == MESSAGE:
            await _leave_message(tx, hook, event)
        elif await tx.count("hook_call") >= MOST_WAITING:
            log.warning(
                "Too many calls wait: hook %s does not tell of run %s", hook["id"], run["id"]
            )
        else:
            await tx.insert("hook_call", [{"cloud_hook_id": hook["id"], "event": event}])


async def _leave_message(tx: Transaction, hook: Row, event: Mapping[str, Any]) -> None:
    run, state = event["flow_run"], event["state"]
    await tx.insert(
        "message",
        [
            {
                "tenant_id": hook["tenant_id"],
                "type": "CLOUD_HOOK",
                "text": f"Run {run.get('name')} of {event['flow'].get('name')} is "
                f"{state.get('state')}.",
                "content": {"type": "CLOUD_HOOK", "event": event},
            }
        ],
    )


def _event(
    now: datetime, run: Row, record: Row, flow: Row, tenant: Row, test: bool = False
) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "timestamp": iso(now),
        "type": "FlowRunStateChange",
        "is_test_event": test,
        "flow_run": _plain({key: run[key] for key in _RUN if key in run}),
        "state": _plain(record),
        "flow": _plain(flow),
        "tenant": _plain(tenant),
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: iso(value) if isinstance(value, datetime) else value for key, value in row.items()}


async def take_calls(tx: Transaction, *, limit: int) -> list[Call]:
    """Calls to be made now, the oldest first. They are taken off the list: each is made once."""
    calls = []
    for waiting in await tx.find("hook_call", order_by=(("created", "asc"),), limit=limit):
        # Where several servers share a database, another one may have it by now.
        if not await tx.delete("hook_call", {"id": {"_eq": waiting["id"]}}):
            continue
        hook = await tx.get("cloud_hook", waiting["cloud_hook_id"])
        if hook is None or waiting["created"] < tx.now - STALE:
            log.warning("A call of hook %s was dropped: too late", waiting["cloud_hook_id"])
        else:
            calls.append(Call(hook["type"], hook["config"], waiting["event"]))
    return calls


async def try_out(
    tx: Transaction, hook_id: str, *, flow_run_id: str | None, state_type: str | None
) -> Call | None:
    """A call that shows whether a hook works; None when it needs no call.

    Raises ApiError when there is no such hook or run.
    """
    hook = await tx.get("cloud_hook", hook_id)
    if hook is None:
        raise ApiError("Invalid ID")
    run: Row = {"id": str(uuid4()), "name": "test-run", "tenant_id": hook["tenant_id"]}
    flow: Row | None = {"id": str(uuid4()), "name": "Test Flow", "version": 1}
    if flow_run_id is not None:
        found = await tx.get("flow_run", flow_run_id)
        if found is None:
            raise ApiError("Invalid ID")
        run, flow = found, await tx.get("flow", found["flow_id"], columns=_FLOW)
    state = simple_state(_NAMES[state_type or "SUCCESS"], "Test message", tx.now)
    tenant = await tx.get("tenant", hook["tenant_id"], columns=("id", "name", "slug"))
    record = _record(run, state, tx.now)
    event = _event(tx.now, run, record, flow or {}, tenant or {}, test=True)
    if hook["type"] == MESSAGE:
        await _leave_message(tx, hook, event)
        return None
    return Call(hook["type"], hook["config"], event)


def _record(run: Row, state: State, now: datetime) -> Row:
    return {
        "flow_run_id": run["id"],
        "tenant_id": run["tenant_id"],
        "timestamp": now,
        "state": state.type,
        "message": state.message,
        "start_time": state.start_time,
        "serialized_state": dict(state.serialized),
        "version": run.get("version", 0) + 1,
    }
