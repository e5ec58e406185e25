"""Limits on labels and tags, asked for and changed where the backend has them."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.client import reading
from flowtui.client.writing import Writer
from flowtui.errors import Refused
from flowtui.models import states
from flowtui.models.ids import FlowRunId
from flowtui.models.limits import LABEL, QUEUED, TAG, Limit, TagHolder

UPDATES = {LABEL: "update_flow_concurrency_limit", TAG: "update_task_concurrency_limit"}
DELETIONS = {LABEL: "delete_flow_concurrency_limit", TAG: "delete_task_concurrency_limit"}
"""Mutations, by what is limited."""

HOLDERS = 300
"""Task runs that are looked at."""


class LimitQuestions(Writer):
    """Questions and commands about limits."""

    async def limits(self) -> list[Limit] | None:
        """Every limit and how much of it is taken; None where the backend knows no limits."""
        if not (await self.capabilities()).limits:
            return None
        answer = await self.connection.execute("limits")
        with reading.understood("limits"):
            by_label, by_tag = answer["flow_concurrency_limit"], answer["task_concurrency_limit"]
            labels, tags = [row["name"] for row in by_label], [row["name"] for row in by_tag]
        taken = await self.connection.execute("limits_usage", labels=labels, tags=tags)
        with reading.understood("how much of the limits is taken"):
            used = {
                (kind, reading.text(row[named])): reading.number(row["usage"])
                for kind, rows, named in (
                    (LABEL, taken["flow_concurrency"], "label"),
                    (TAG, taken["task_concurrency"], "name"),
                )
                for row in rows or ()
            }
            return [
                Limit(
                    reading.identity(row["id"]),
                    kind,
                    reading.text(row["name"]),
                    reading.number(row["limit"]),
                    used.get((kind, row["name"]), 0),
                )
                for kind, rows in ((LABEL, by_label), (TAG, by_tag))
                for row in rows
            ]

    async def tag_holders(self, tags: Sequence[str]) -> list[TagHolder]:
        """The task runs that have or want a place under some tags, the longest ago in front."""
        if not tags or not (await self.capabilities()).limits:
            return []
        answer = await self.connection.execute(
            "tag_holders", tags=list(tags), states=[*sorted(states.RUNNING), QUEUED], limit=HOLDERS
        )
        with reading.understood("who holds the places of a tag"):
            return [_holder(row) for row in answer["task_run"]]

    async def set_limit(self, kind: str, name: str, limit: int) -> None:
        """Limit a label or a tag, anew or for the first time."""
        await self._have_limits()
        named = "label" if kind == LABEL else "name"
        await self._command(UPDATES[kind], {named: name, "limit": limit})

    async def delete_limit(self, limit: Limit) -> None:
        """Let as many run as want to."""
        await self._have_limits()
        sent = {"limit_id": limit.id}
        await self._command(DELETIONS[limit.kind], sent, missing=f"limit on {limit.name}")

    async def _have_limits(self) -> None:
        if not (await self.capabilities()).limits:
            raise Refused("this backend has no limits.")


def _holder(row: reading.Json) -> TagHolder:
    task, run = row["task"], row["flow_run"]
    name = reading.text(task["name"] or task["slug"])
    index = int(row["map_index"])
    state = reading.text(row["state"]) or "Running"
    return TagHolder(
        state,
        f"{name}[{index}]" if index >= 0 else name,
        reading.texts(task["tags"]),
        reading.text(run["flow"]["name"]),
        reading.text(run["name"]),
        FlowRunId(reading.identity(run["id"])),
        reading.moment(row["state_timestamp"] if state == QUEUED else row["start_time"]),
    )
