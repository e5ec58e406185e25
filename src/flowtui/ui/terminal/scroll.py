"""Finds rows that only moved, so that the terminal can be told to move them.

A page that scrolls by a line is then sent as that line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby
from operator import ne
from typing import TypeVar

from flowtui.frozen import frozen

T = TypeVar("T")
_Key = tuple[tuple["str | None", ...], tuple["int | None", ...]]
"""What a row shows between two columns."""

ROWS_WORTHWHILE = 5
"""Changed rows under which nobody looks for a shift."""
_WORTHWHILE = 40
"""Cells that a shift must save: its own sequences cost about 25 bytes."""
_COMMON = 2
"""A row that stands in more places than this, say an empty one, tells nothing."""


@frozen
class Rows:
    """The rows of a screen: characters and looks, unknown ones None."""

    characters: Sequence[Sequence[str | None]]
    looks: Sequence[Sequence[int | None]]


@frozen
class Shift:
    """Rows `top` to `bottom`, both included, move up by so many; down if it is negative."""

    top: int
    bottom: int
    by: int

    @property
    def coming_in(self) -> range:
        """The rows that are blank afterwards."""
        end = self.bottom + 1
        return range(end - self.by, end) if self.by > 0 else range(self.top, self.top - self.by)


def move(rows: list[list[T]], shift: Shift, blank: T) -> None:
    """Move rows as the terminal does; what comes in is blank."""
    count = abs(shift.by)
    block = rows[shift.top : shift.bottom + 1]
    fresh = [[blank] * len(block[0]) for _ in range(count)]
    moved = [*block[count:], *fresh] if shift.by > 0 else [*fresh, *block[:-count]]
    rows[shift.top : shift.bottom + 1] = moved


def find_shift(before: Rows, after: Rows, changed: Sequence[int]) -> Shift | None:
    """The shift that leaves least to be sent, if there is one that pays."""
    left, right = _columns(before, after, changed)
    numbers: dict[_Key, int] = {}
    old = [numbers.setdefault(key, len(numbers)) for key in _keys(before, left, right)]
    new = [numbers.setdefault(key, len(numbers)) for key in _keys(after, left, right)]
    places = Counter(old)
    votes: Counter[int] = Counter()
    where: dict[int, list[int]] = {}
    for y in changed:
        where.setdefault(old[y], []).append(y)
    for y in changed:
        if places[new[y]] <= _COMMON:
            votes.update(at - y for at in where.get(new[y], ()) if at != y)
    found = []
    for by, _ in votes.most_common(2):
        rows = range(max(0, -by), len(new) - max(0, by))
        found += _blocks([y for y in rows if new[y] == old[y + by]], by)
    return _best(before, after, found)


def known_shift(before: Rows, after: Rows, moved: Shift, left: int, right: int) -> Shift | None:
    """The same for rows that are known to have moved between two columns."""
    by = moved.by
    hits = [
        y
        for y in range(moved.top, moved.bottom + 1)
        if moved.top <= y + by <= moved.bottom
        and after.characters[y][left:right] == before.characters[y + by][left:right]
        and after.looks[y][left:right] == before.looks[y + by][left:right]
    ]
    shifts = _blocks(hits, by)
    if len(shifts) == 1 and right - left == len(after.characters[0]):
        return shifts[0] if _pays(before, after, shifts[0], hits) else None
    return _best(before, after, shifts)


def _pays(before: Rows, after: Rows, shift: Shift, hits: Sequence[int]) -> bool:
    """Whether a shift is worthwhile; rows that moved as a whole can only add to that, so the first
    few of them tell."""
    others = set(range(shift.top, shift.bottom + 1)).difference(hits)
    in_others = sum(_saved_in(y, before, after, shift) for y in others)
    in_hits = (_saved_in(y, before, after, shift) for y in hits)
    return any(saved > _WORTHWHILE for saved in accumulate(in_hits, initial=in_others))


def _best(before: Rows, after: Rows, shifts: Iterable[Shift]) -> Shift | None:
    best, most = None, _WORTHWHILE
    for shift in shifts:
        saved = _saved(before, after, shift)
        if saved > most:
            best, most = shift, saved
    return best


def _columns(before: Rows, after: Rows, changed: Sequence[int]) -> tuple[int, int]:
    """Where anything changed, without the last two columns: a scroll bar moves differently."""
    left = width = len(after.characters[0])
    right = 0
    for y in changed:
        old, new = before.characters[y], after.characters[y]
        if old[:left] != new[:left]:
            left = list(map(ne, old[:left], new[:left])).index(True)
        if old[right:] != new[right:]:
            right = width - list(map(ne, reversed(old), reversed(new))).index(True)
    return min(left, right), max(left + 1, right - 2)


def _keys(rows: Rows, left: int, right: int) -> list[_Key]:
    return [
        (tuple(characters[left:right]), tuple(looks[left:right]))
        for characters, looks in zip(rows.characters, rows.looks, strict=True)
    ]


def _blocks(hits: Sequence[int], by: int) -> list[Shift]:
    """The longest rows in a row that moved so far, and all from the first to the last."""
    if not hits:
        return []
    runs = [
        [y for _, y in run]
        for _, run in groupby(enumerate(hits), key=lambda numbered: numbered[1] - numbered[0])
    ]
    longest = max(runs, key=len)
    spans = {(longest[0], longest[-1]), (hits[0], hits[-1])}
    return [
        Shift(min(first, first + by), max(last, last + by), by) for first, last in sorted(spans)
    ]


def _saved(before: Rows, after: Rows, shift: Shift) -> int:
    return sum(_saved_in(y, before, after, shift) for y in range(shift.top, shift.bottom + 1))


def _saved_in(y: int, before: Rows, after: Rows, shift: Shift) -> int:
    """What a shift saves in a row of it; less than nothing where it does harm."""
    wanted, looks = after.characters[y], after.looks[y]
    saved = _differing(before.characters[y], before.looks[y], wanted, looks)
    came = y + shift.by
    if shift.top <= came <= shift.bottom:
        return saved - _differing(before.characters[came], before.looks[came], wanted, looks)
    return saved - (len(wanted) - wanted.count(" "))


def _differing(
    characters: Sequence[str | None],
    looks: Sequence[int | None],
    wanted: Sequence[str | None],
    wanted_looks: Sequence[int | None],
) -> int:
    if characters == wanted and looks == wanted_looks:
        return 0
    texts: int = sum(map(ne, characters, wanted))
    colours: int = sum(map(ne, looks, wanted_looks))
    return texts + colours // 2
