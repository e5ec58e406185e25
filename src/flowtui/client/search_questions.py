"""Looking for things by a part of their name, or by the beginning of their id."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from flowtui.client import reading
from flowtui.client.connection import Connection

if TYPE_CHECKING:
    from flowtui.models.search import Found

SEVERAL = 5
"""How many times as many rows are asked for where several stand for one thing: versions."""


class SearchQuestions:
    """Questions over everything there is."""

    connection: Connection

    async def search(self, text: str) -> list[Found]:
        """What has the text in its name, or as the beginning of its id, a few of each kind."""
        from flowtui.client.search_reading import found_in
        from flowtui.models.search import EACH, id_range

        wanted = text.strip()
        if not wanted:
            return []
        begins = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        several = SEVERAL * EACH
        many = {"limit": EACH, "more": several}
        asked = [self.connection.execute("search_names", name=f"%{begins}", begins=begins, **many)]
        ids = id_range(wanted)
        if ids is not None:
            more = {"first": ids.first, "last": ids.last, "limit": several}
            asked.insert(0, self.connection.execute("search_ids", **more))
        answers = await asyncio.gather(*asked)
        with reading.understood("a search"):
            return found_in(answers, wanted)
