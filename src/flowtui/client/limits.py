"""Limits on labels and tags, asked for and changed where the backend has them."""

from __future__ import annotations

from flowtui.client import reading
from flowtui.client.writing import Writer
from flowtui.errors import NotFound, Refused
from flowtui.models.limits import LABEL, TAG, Limit

UPDATES = {LABEL: "update_flow_concurrency_limit", TAG: "update_task_concurrency_limit"}
DELETIONS = {LABEL: "delete_flow_concurrency_limit", TAG: "delete_task_concurrency_limit"}
"""Mutations, by what is limited."""


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
            used = {(LABEL, row["label"]): row["usage"] for row in taken["flow_concurrency"] or ()}
            used.update(
                ((TAG, row["name"]), row["usage"]) for row in taken["task_concurrency"] or ()
            )
            return [
                Limit(
                    str(row["id"]),
                    kind,
                    row["name"],
                    row["limit"],
                    used.get((kind, row["name"]), 0),
                )
                for kind, rows in ((LABEL, by_label), (TAG, by_tag))
                for row in rows
            ]

    async def set_limit(self, kind: str, name: str, limit: int) -> None:
        """Limit a label or a tag, anew or for the first time."""
        await self._have_limits()
        named = "label" if kind == LABEL else "name"
        await self._command(UPDATES[kind], {named: name, "limit": limit})

    async def delete_limit(self, limit: Limit) -> None:
        """Let as many run as want to."""
        await self._have_limits()
        payload = await self._command(DELETIONS[limit.kind], {"limit_id": limit.id})
        if payload.get("success") is False:
            raise NotFound(f"There is no limit on {limit.name} any more.")

    async def _have_limits(self) -> None:
        if not (await self.capabilities()).limits:
            raise Refused("this backend has no limits.")
