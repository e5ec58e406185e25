"""The records of a table that are marked, by their keys: some of them may not be shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic

from flowtui.ui.columns import R
from flowtui.ui.places import SEARCHED


class Marks(Generic[R]):
    """Marked records, in the order they were marked."""

    def __init__(self, key: Callable[[R], Hashable]) -> None:
        self._key = key
        self._records: dict[Hashable, R] = {}
        self._shown = 0
        """How many of them were among the rows when those were last shown."""

    def __contains__(self, record: R) -> bool:
        return bool(self._records) and self._key(record) in self._records

    @property
    def records(self) -> list[R]:
        """All of them."""
        return list(self._records.values())

    @property
    def last(self) -> Hashable | None:
        """The key of the one that was marked last."""
        return next(reversed(self._records), None)

    def clear(self) -> None:
        """Mark nothing."""
        self._records.clear()

    def add(self, records: Iterable[R]) -> None:
        """Mark these as well."""
        self._records.update((self._key(record), record) for record in records)

    def remove(self, keys: Iterable[Hashable]) -> None:
        """Take the marks of these away."""
        for key in keys:
            self._records.pop(key, None)

    def turn(self, record: R) -> None:
        """Mark it, or take its mark away."""
        key = self._key(record)
        if self._records.pop(key, None) is None:
            self._records[key] = record

    def hidden(self, rows: Iterable[R]) -> list[R]:
        """Those that are not among these rows."""
        shown = set(map(self._key, rows))
        return [record for key, record in self._records.items() if key not in shown]

    def renew(self, rows: Sequence[R]) -> bool:
        """Keep the marks, hidden ones too, with the records as they are now.

        Whether there are more or fewer among the rows than before; of too many rows nobody knows.
        """
        if not self._records or len(rows) > SEARCHED:
            return False
        before, self._shown = self._shown, 0
        for record in rows:
            if record in self:
                self._records[self._key(record)] = record
                self._shown += 1
        return self._shown != before
