"""Where a record is among rows that have changed: the cursor of a table belongs to a record."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

R = TypeVar("R")
Key = Callable[[R], Hashable]

SEARCHED = 100_000
"""Rows looked through for a record; further away than that it counts as gone."""


def index_of(rows: Sequence[R], key: Key[R], wanted: Hashable, near: int) -> int | None:
    """The place of the record with that key, looked for where it was before anywhere else."""
    count = len(rows)
    if near < count and key(rows[near]) == wanted:
        return near
    first, last = 0, count
    if count > SEARCHED:
        first, last = max(0, near - SEARCHED // 2), min(count, near + SEARCHED // 2)
    for index in range(first, last):
        if key(rows[index]) == wanted:
            return index
    return None


def same_place(before: Sequence[R], rows: Sequence[R], key: Key[R], was_at: int) -> int:
    """Where a record has gone; if it is gone for good, where the next one that was below it is."""
    last = max(0, len(rows) - 1)
    if not before or not rows:
        return min(was_at, last)
    found = index_of(rows, key, key(before[was_at]), was_at)
    if found is not None:
        return found
    if max(len(rows), len(before)) <= SEARCHED:
        places = {key(record): index for index, record in enumerate(rows)}
        for index in (*range(was_at + 1, len(before)), *range(was_at - 1, -1, -1)):
            place = places.get(key(before[index]))
            if place is not None:
                return place
    return min(was_at, last)
