"""What was asked of the API before, to be asked again."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.models.text import amount
from flowtui.ui.dialogs.picker import Pick, Picker

Asked = tuple[str, str]
"""A query and its variables."""


class QueryHistory(Picker[Asked]):
    """The answer is a query with its variables."""

    placeholder = "a part of the query"
    empty = "Nothing was asked yet that has this in it."
    DEFAULT_CSS = """
    QueryHistory > #dialog { width: 100; }
    """

    def __init__(self, queries: Sequence[Asked]) -> None:
        super().__init__("Asked before", amount(len(queries), "query", "queries"))
        self._queries = queries

    def picks(self, typed: str) -> Sequence[Pick[Asked]]:
        words = typed.casefold().split()
        return [
            Pick(one, " ".join(one[0].split())[:200], " ".join(one[1].split())[:60])
            for one in self._queries
            if all(word in one[0].casefold() for word in words)
        ]
