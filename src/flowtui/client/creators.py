"""Who registered a version and who made a run: asked where a backend keeps that, as Cloud does.

Nobody's deed changes its maker, so each is asked for once. Not to be told costs no page anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from flowtui.client import reading
from flowtui.client.writing import Writer
from flowtui.errors import NotUnderstood, Refused
from flowtui.models.flows import FlowVersion
from flowtui.models.runs import FlowRunDetail


class CreatorQuestions(Writer):
    """Questions about makers."""

    @cached_property
    def _creators(self) -> dict[str, str]:
        """The names by ids; empty for who is not known."""
        return {}

    async def with_creators(self, versions: Sequence[FlowVersion]) -> list[FlowVersion]:
        """The versions, with who registered them where that can be known."""
        known = await self._creators_of("flow", [version.id for version in versions])
        return [replace(one, created_by=known.get(one.id, "")) for one in versions]

    async def with_creator(self, detail: FlowRunDetail) -> FlowRunDetail:
        """The run, with who made it where that can be known."""
        known = await self._creators_of("run", [detail.run.id])
        return replace(detail, created_by=known.get(detail.run.id, ""))

    async def _creators_of(self, kind: str, ids: Iterable[str]) -> Mapping[str, str]:
        try:
            wanted = [one for one in ids if one not in self._creators]
            if wanted and (await self.capabilities()).knows_creators(kind):
                answer = await self.connection.execute(f"cloud/{kind}_creators", ids=wanted)
                self._creators.update(dict.fromkeys(wanted, ""))
                with reading.understood("who made it"):
                    for row in answer["creators"]:
                        self._creators[row["id"]] = reading.text(
                            (row["created_by"] or {}).get("username")
                        )
        except (Refused, NotUnderstood):
            self._creators.update(dict.fromkeys(wanted, ""))
        return self._creators
