"""Questions that no table answers: who the server is, what states there are, one task run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from importlib import resources
from typing import Any

from flowtui import __version__
from flowtui.models.times import iso
from flowtui.server.mutations import refuse_unreadable
from flowtui.server.services import limits, tasks
from flowtui.server.services.keys import USER
from flowtui.server.services.vocabulary import COLOURS, PREFECT_VERSION, hierarchy
from flowtui.server.storage import Storage, Transaction


def sdl() -> str:
    """The root of all questions, with the fields that stand beside the tables'."""
    return resources.files("flowtui.server").joinpath("helpers.graphql").read_text("utf-8")


async def hello(storage: Storage, arguments: Mapping[str, Any]) -> str:
    """Shows that the API is there."""
    return "👋"


async def api(storage: Storage, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What kind of backend this is; clients take SERVER for a Prefect Server."""
    return {
        "backend": "SERVER",
        "mode": "normal",
        "version": os.environ.get("PREFECT_SERVER_VERSION") or f"flowtui {__version__}",
        "core_version": os.environ.get("PREFECT_CORE_VERSION") or PREFECT_VERSION,
        "release_timestamp": os.environ.get("RELEASE_TIMESTAMP"),
    }


async def auth_info(storage: Storage, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Who asks, for `prefect auth login`: there is one user, who may do everything."""

    async def ask(tx: Transaction) -> str:
        return await limits.tenant_or_first(tx, None)

    tenant_id = await storage.write(ask)
    return {
        "tenant_id": tenant_id,
        "user_id": USER,
        "license": None,
        "permissions": [],
        "role_id": None,
    }


async def reference_data(storage: Storage, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Prefect's states, their families and colours."""
    colours = {name: {"color": colour} for name, colour in COLOURS.items()}
    return {"state_hierarchy": hierarchy(), "state_info": colours}


async def mapped_children(storage: Storage, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The children of a mapped task run, taken together."""

    refuse_unreadable(arguments)

    async def ask(tx: Transaction) -> tasks.MappedChildren:
        return await tasks.mapped_children(tx, arguments["task_run_id"])

    children = await storage.write(ask)
    return {
        "min_start_time": children.min_start_time and iso(children.min_start_time),
        "max_end_time": children.max_end_time and iso(children.max_end_time),
        "state_counts": dict(children.state_counts),
    }


async def get_task_run_info(storage: Storage, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The state of one task run."""

    refuse_unreadable(arguments)

    async def ask(tx: Transaction) -> tasks.TaskRunInfo:
        return await tasks.get_task_run_info(tx, arguments["task_run_id"])

    return asdict(await storage.write(ask))


async def flow_concurrency(storage: Storage, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How many flow runs have a place under each label."""
    return await _places(storage, limits.BY_LABEL, arguments, names="labels", name="label")


async def task_concurrency(storage: Storage, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How many task runs have a place under each tag."""
    return await _places(storage, limits.BY_TAG, arguments, names="names", name="name")


async def _places(
    storage: Storage, kind: limits.Kind, arguments: Mapping[str, Any], *, names: str, name: str
) -> list[dict[str, Any]]:
    refuse_unreadable(arguments)

    async def ask(tx: Transaction) -> Mapping[str, int]:
        tenant_id = await limits.tenant_or_first(tx, arguments.get("tenant_id"))
        return await limits.usage(tx, kind, tenant_id, arguments.get(names))

    return [{name: one, "usage": usage} for one, usage in (await storage.write(ask)).items()]


HELPERS = (
    hello,
    api,
    auth_info,
    reference_data,
    mapped_children,
    get_task_run_info,
    flow_concurrency,
    task_concurrency,
)
"""Root fields of queries that are not tables, each under its own name."""
