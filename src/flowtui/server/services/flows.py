"""Flows: registered, numbered by version within their group, archived when a newer one comes."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import re
import zlib
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.server.services import groups, schedules
from flowtui.server.services.sizes import STANDARD
from flowtui.server.services.states import FLOW_RUN, REPEATED_WITHIN, set_state
from flowtui.server.services.tasks import insert_edges, insert_tasks
from flowtui.server.services.vocabulary import simple_state
from flowtui.server.storage import Row, Transaction

log = logging.getLogger("flowtui.server.flows")

OLDEST_CLIENT = (0, 6, 1)
"""Flows built with an older Prefect cannot be run by the states of today."""


@frozen
class NewFlow:
    """A registration: the serialized flow and where it goes."""

    project_id: str
    serialized_flow: Any
    version_group_id: str | None = None
    set_schedule_active: bool = True
    description: str | None = None
    idempotency_key: str | None = None


def decompressed(text: str, largest: int = STANDARD.flow) -> Any:
    """The JSON document in base64 of gzip."""
    try:
        inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        document = inflater.decompress(base64.b64decode(text), largest)
        if inflater.unconsumed_tail:
            raise ApiError(f"The flow exceeds {largest} bytes limit (largest_flow).")
        if not inflater.eof:
            raise ApiError("Unable to decompress serialized flow")
        return json.loads(document)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ApiError("Unable to decompress serialized flow") from error


async def create_flow(tx: Transaction, new: NewFlow) -> str:
    """Register a flow as the next version of its group and archive the versions before it.

    The key of the group's latest registration gives the flow that it made.
    """
    document = new.serialized_flow
    _check_document(document)
    # Two registrations of one flow would make the same version twice.
    project = await tx.get("project", new.project_id, keep="alone")
    if project is None:
        raise ApiError("Invalid project.")
    version_group = new.version_group_id or await _version_group(tx, project, document["name"])
    group, flow = await _group_and_same_flow(
        tx, project, version_group, new.idempotency_key, document
    )
    if flow is None:
        flow = await _insert_version(tx, project, group, document, new.description)
        await insert_tasks(tx, flow, document.get("tasks") or [])
        await insert_edges(tx, flow, document.get("edges") or [])
        if new.set_schedule_active:
            await _try_schedule(tx, flow["id"])
    older = await tx.find(
        "flow",
        {
            "flow_group_id": {"_eq": group["id"]},
            "archived": {"_eq": False},
            "id": {"_neq": flow["id"]},
        },
        columns=("id",),
    )
    for version in older:
        await archive_flow(tx, version["id"])
    return str(flow["id"])


async def _try_schedule(tx: Transaction, flow_id: str) -> None:
    try:
        await schedules.set_schedule_active(tx, flow_id)
    except ApiError as problem:
        # The flow is registered all the same; only its schedule stays off.
        log.warning("The schedule of flow %s stays off: %s", flow_id, problem)


def _check_document(document: Any) -> None:
    if not isinstance(document, Mapping):
        raise ApiError(str({"_schema": ["Invalid input type."]}))
    if not isinstance(document.get("name"), str):
        raise ApiError(str({"name": ["Missing data for required field."]}))
    for field in ("tasks", "edges", "parameters"):
        if not isinstance(document.get(field) or [], list):
            raise ApiError(str({field: ["Not a valid list."]}))
    built_with = str(document.get("__version__") or "")
    numbers = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", built_with)
    if numbers and tuple(int(number or 0) for number in numbers.groups()) < OLDEST_CLIENT:
        raise ApiError(
            "Prefect backends require new flows to be built with Prefect"
            f" {'.'.join(map(str, OLDEST_CLIENT))}+, but this flow was built with Prefect"
            f" {built_with}."
        )


async def _version_group(tx: Transaction, project: Row, name: str) -> str:
    """The version group of the newest flow of that name in the project, or a new one."""
    namesake = await tx.first(
        "flow",
        {"project_id": {"_eq": project["id"]}, "name": {"_eq": name}},
        order_by=(("created", "desc"), ("version", "desc")),
        columns=("id", "version_group_id"),
    )
    if namesake is not None and namesake["version_group_id"]:
        return str(namesake["version_group_id"])
    return str(uuid4())


async def _group_and_same_flow(
    tx: Transaction, project: Row, version_group: str, key: str | None, document: Mapping[str, Any]
) -> tuple[Row, Row | None]:
    """The group of the new version, and the flow that this very registration made before."""
    group = await tx.first(
        "flow_group",
        {"tenant_id": {"_eq": project["tenant_id"]}, "name": {"_eq": version_group}},
        keep="alone",
    )
    if group is None:
        group = await groups.create_group(
            tx,
            tenant_id=project["tenant_id"],
            version_group_id=version_group,
            idempotency_key=key,
        )
        return group, None
    latest = (group["settings"] or {}).get("idempotency_key")
    if key and latest == key:
        same = await tx.first(
            "flow",
            {"flow_group_id": {"_eq": group["id"]}, "archived": {"_eq": False}},
            order_by=(("version", "desc"),),
        )
        if same is not None:
            return group, same
    await groups.write_settings(tx, group, {"idempotency_key": key})
    if key or latest:
        # A repetition would have brought the key that was remembered.
        return group, None
    return group, await _begun_registration(tx, group, document)


async def _begun_registration(
    tx: Transaction, group: Row, document: Mapping[str, Any]
) -> Row | None:
    """The version this request has made already, when it was sent again for want of an answer.

    A client that sends tasks apart from their flow waits for the flow's id first. So the same flow
    arriving while that of a moment ago still has no tasks is a repetition; later, it means a new
    version.

    A whole flow without a key, which is what `prefect register --force` sends, always means a new
    version: whoever wants a repetition to be known as one sends a key.
    """
    latest = await tx.first(
        "flow",
        {
            "flow_group_id": {"_eq": group["id"]},
            "archived": {"_eq": False},
            "created": {"_gt": tx.now - REPEATED_WITHIN},
        },
        order_by=(("version", "desc_nulls_last"),),
    )
    if latest is None or document.get("tasks") or latest["serialized_flow"] != dict(document):
        return None
    begun = await tx.count("task", {"flow_id": {"_eq": latest["id"]}})
    return None if begun else latest


async def _insert_version(
    tx: Transaction, project: Row, group: Row, document: Mapping[str, Any], description: str | None
) -> Row:
    latest = await tx.first(
        "flow",
        {"flow_group_id": {"_eq": group["id"]}},
        order_by=(("version", "desc_nulls_last"),),
        columns=("id", "version"),
    )
    flow: Row = {
        "tenant_id": project["tenant_id"],
        "project_id": project["id"],
        "flow_group_id": group["id"],
        "version_group_id": group["name"],
        "version": ((latest and latest["version"]) or 0) + 1,
        "name": document["name"],
        "description": description,
        "schedule": document.get("schedule"),
        "parameters": document.get("parameters") or [],
        "serialized_flow": dict(document),
        "environment": document.get("environment"),
        "run_config": document.get("run_config"),
        "storage": document.get("storage"),
        "core_version": document.get("__version__"),
        "settings": groups.flow_settings(group),
    }
    await tx.insert("flow", [flow])
    return flow


async def archive_flow(tx: Transaction, flow_id: str) -> bool:
    """Retire a version: no new runs, no schedule; what has run stays to be read."""
    values = {"archived": True, "is_schedule_active": False}
    if not await tx.update("flow", {"id": {"_eq": flow_id}}, values):
        return False
    await schedules.delete_automatic_runs(tx, {"id": {"_eq": flow_id}})
    waiting = await tx.find(
        "flow_run",
        {"flow_id": {"_eq": flow_id}, "state": {"_eq": "Scheduled"}},
        columns=("id",),
    )
    state = simple_state("Cancelled", f"Flow {flow_id} was archived.", tx.now)
    for run in waiting:
        await set_state(tx, FLOW_RUN, run["id"], state)
    return True


async def delete_flow(tx: Transaction, flow_id: str) -> bool:
    """Remove a version with its tasks, runs, states and logs; its group stays."""
    return await tx.delete("flow", {"id": {"_eq": flow_id}}) > 0


async def set_flow_project(tx: Transaction, flow_id: str, project_id: str) -> str:
    """Move one version to another project of its tenant."""
    flow = await tx.get("flow", flow_id, columns=("id", "tenant_id"))
    project = await tx.get("project", project_id)
    if flow is None or project is None or flow["tenant_id"] != project["tenant_id"]:
        raise ApiError("Invalid flow or project ID.")
    await tx.update("flow", {"id": {"_eq": flow_id}}, {"project_id": project_id})
    return flow_id
