"""Small numbers in a row, very many of them, and their sums up to each.

A log needs to know which row on the screen belongs to which of a million lines, and which line has
the hit of that number. Most lines have one row and no hit, so a number is a byte, and pieces of
the row in which all numbers are the same are held once for all of them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache

SIZE = 256
"""Numbers a piece."""
_LARGE = 255
"""Stands for a number that does not fit in a byte."""


@cache
def _alike(number: int) -> bytes:
    return bytes([number]) * SIZE


def _shared(piece: bytes) -> bytes:
    alike = _alike(piece[0])
    return alike if piece == alike else piece


class Sums:
    """Numbers that come one behind the other, none below 0."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._ends = array("Q")
        """The sum of all numbers up to the end of each piece."""
        self._last = bytearray()
        """What is no whole piece yet."""
        self._large: dict[int, int] = {}
        self._total = 0

    def __len__(self) -> int:
        return len(self._pieces) * SIZE + len(self._last)

    def __getitem__(self, place: int) -> int:
        number = self._piece(place // SIZE)[place % SIZE]
        return number if number != _LARGE else self._large[place]

    @property
    def total(self) -> int:
        """All numbers together."""
        return self._total

    def extend(self, numbers: Iterable[int]) -> None:
        """Add numbers at the end."""
        for number in numbers:
            if number >= _LARGE:
                self._large[len(self)] = number
            self._last.append(min(number, _LARGE))
            self._total += number
            if len(self._last) == SIZE:
                self._close()

    def repeat(self, number: int, end: int) -> None:
        """Add the same small number until there are so many."""
        while len(self) < end:
            if not self._last and len(self) + SIZE <= end:
                self._pieces.append(_alike(number))
                self._total += number * SIZE
                self._ends.append(self._total)
            else:
                some = min(end - len(self), SIZE - len(self._last))
                self._last += bytes([number]) * some
                self._total += number * some
                if len(self._last) == SIZE:
                    self._close()

    def _close(self) -> None:
        self._pieces.append(_shared(bytes(self._last)))
        self._ends.append(self._total)
        self._last.clear()

    def extend_from(self, others: Sums, end: int, change: Callable[[int], int]) -> None:
        """Go on as the others do until there are so many, each number changed in the same way."""
        table = bytes(min(_LARGE, change(number)) for number in range(_LARGE)) + bytes([_LARGE])
        while len(self) < end:
            place = len(self)
            piece = others._piece(place // SIZE)
            start, stop = place % SIZE, min(end - place // SIZE * SIZE, SIZE)
            if _LARGE in piece or not set(piece).isdisjoint(_grown(table)):
                self.extend(change(others[at]) for at in range(place, place - start + stop))
            elif stop - start == SIZE and piece == _alike(piece[0]):
                self.repeat(table[piece[0]], place + SIZE)
            else:
                self._add(piece[start:stop].translate(table))

    def _add(self, some: bytes | bytearray) -> None:
        """Add numbers that are small, no more than there is room for in the last piece."""
        self._last += some
        self._total += sum(some)
        if len(self._last) == SIZE:
            self._close()

    def cut(self, count: int) -> None:
        """Forget all but the first so many."""
        if count >= len(self):
            return
        piece, rest = divmod(count, SIZE)
        self._total = self.before(count)
        self._last = bytearray(self._piece(piece)[:rest])
        del self._pieces[piece:]
        del self._ends[piece:]
        for place in [place for place in self._large if place >= count]:
            del self._large[place]

    def change(self, place: int, number: int) -> None:
        """Let one of them be another number from now on."""
        more = number - self[place]
        if not more:
            return
        at, rest = divmod(place, SIZE)
        self._large.pop(place, None)
        if number >= _LARGE:
            self._large[place] = number
        if at < len(self._pieces):
            piece = bytearray(self._pieces[at])
            piece[rest] = min(number, _LARGE)
            self._pieces[at] = _shared(bytes(piece))
        else:
            self._last[rest] = min(number, _LARGE)
        self._total += more
        for each in range(at, len(self._ends)):
            self._ends[each] += more

    def before(self, place: int) -> int:
        """The sum of those before a place."""
        at, rest = divmod(min(place, len(self)), SIZE)
        some = self._piece(at)[:rest]
        total = (self._ends[at - 1] if at else 0) + sum(some)
        if _LARGE in some:
            total += sum(
                self._large[at * SIZE + each] - _LARGE
                for each, number in enumerate(some)
                if number == _LARGE
            )
        return total

    def find(self, amount: int) -> tuple[int, int]:
        """The place up to which the sum is no more than that amount, and what is left of it."""
        at = bisect_right(self._ends, amount)
        left = amount - (self._ends[at - 1] if at else 0)
        piece = self._piece(at)
        if piece == _alike(1):
            return at * SIZE + left, 0
        for each, number in enumerate(piece):
            if number == _LARGE:
                number = self._large[at * SIZE + each]
            if left < number:
                return at * SIZE + each, left
            left -= number
        return len(self), left

    def _piece(self, at: int) -> bytes | bytearray:
        return self._pieces[at] if at < len(self._pieces) else self._last


@cache
def _grown(table: bytes) -> frozenset[int]:
    """The small numbers that are not small any more once they were changed."""
    return frozenset(number for number in range(_LARGE) if table[number] == _LARGE)
