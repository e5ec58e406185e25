"""A shadow of the terminal's screen: what it should show, what it does show, and the way there.

Programs draw into the shadow as often as they like. `frame` gives the bytes that make the terminal
show it: the cells that differ, reached by the cheapest moves, in the fewest changes of look. A
terminal that may show anything (another program had it, its size changed) is invalidated, and the
next frame draws everything.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby

from flowtui.ui.terminal.cells import cells, narrow, reach, settled
from flowtui.ui.terminal.moves import way
from flowtui.ui.terminal.order import Piece, ordered
from flowtui.ui.terminal.scroll import ROWS_WORTHWHILE, Rows, Shift, find_shift, known_shift, move
from flowtui.ui.terminal.sgr import Looks

_BLANKS = re.compile(" {4,}")
_ERASE_WORTHWHILE = 8
"""Blanks in the middle of a row that are cheaper to write than to erase and to step over."""


class Shadow:
    """One screen of cells, wanted and known."""

    def __init__(self, width: int, height: int, *, erases_in_colour: bool = True) -> None:
        self.looks = Looks(erases_in_colour=erases_in_colour)
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Start with an empty picture of this size, on a terminal that shows anything."""
        self.width, self.height = width, height
        self._cells = [[" "] * width for _ in range(height)]
        self._cell_looks = [[0] * width for _ in range(height)]
        self.invalidate()

    def invalidate(self) -> None:
        """Nobody knows what the terminal shows: draw everything with the next frame."""
        self._seen: list[list[str | None]] = [[None] * self.width for _ in range(self.height)]
        self._seen_looks: list[list[int | None]] = [[None] * self.width for _ in range(self.height)]
        self._dirty = set(range(self.height))
        self._shifts: list[tuple[Shift, int, int]] = []
        self._pen: int | None = None
        self._x: int | None = None
        self._y: int | None = None

    # What is wanted.

    def put(self, x: int, y: int, text: str, look: int, end: int | None = None) -> int:
        """Want this text here, up to but without column `end`; the column after it."""
        end = self.width if end is None else min(end, self.width)
        if y >= self.height or x >= end:
            return x
        written = cells(text)
        cut = x + len(written) > end
        if cut:
            written = _without_halves(list(written[: end - x]), written[end - x])
        stop = x + len(written)
        row = self._cells[y]
        if row[x] == "":
            _blank_half_before(row, x)
        if stop < self.width and row[stop] == "":
            _blank_half_after(row, stop)
        row[x:stop] = written
        if text.isspace():
            look = self.looks.on_blank[look]
        self._cell_looks[y][x:stop] = [look] * (stop - x)
        self._dirty.add(y)
        return stop

    def shift(self, x: int, y: int, width: int, height: int, up: int) -> None:
        """Want the cells of a region so many rows higher; the rows that come in stay as they are.

        No character may stand across its left or right edge.
        """
        end, bottom = min(x + width, self.width), min(y + height, self.height)
        rows = range(y, bottom - up) if up > 0 else range(bottom - 1, y - up - 1, -1)
        for row in rows:
            self._cells[row][x:end] = self._cells[row + up][x:end]
            self._cell_looks[row][x:end] = self._cell_looks[row + up][x:end]
            self._dirty.add(row)
        self._shifts.append((Shift(y, bottom - 1, up), x, end))

    # What to send.

    def frame(self, x: int, y: int) -> str:
        """What makes the terminal show the picture, with the cursor here at the end."""
        self._out: list[str] = []
        self._due: dict[int, set[int]] = {}
        if self.height and self.width:
            cleared = self._pen is None
            if cleared:
                self._clear()
            changed = [row for row in sorted(self._dirty) if self._differs(row)]
            if len(changed) >= ROWS_WORTHWHILE and not cleared:
                changed = self._scroll(changed)
            self._draw(changed)
            self._go(min(x, self.width - 1), min(y, self.height - 1))
        self._dirty.clear()
        self._shifts.clear()
        return "".join(self._out)

    def _clear(self) -> None:
        """Start from blanks on the ground that most of the picture stands on."""
        ground = self._ground(range(self.height))
        self._use(ground)
        self._out.append("\x1b[2J")
        for y in range(self.height):
            self._seen[y] = [" "] * self.width
            self._seen_looks[y] = [ground] * self.width

    def _ground(self, rows: Iterable[int]) -> int:
        """The look of most blanks here, if what is erased can have it."""
        on_blank = self.looks.on_blank
        found = Counter(on_blank[look] for y in rows for look in self._cell_looks[y])
        ground = max(found, key=found.__getitem__)
        return ground if self.looks.erasable[ground] else 0

    def _differs(self, row: int) -> bool:
        return self._cells[row] != self._seen[row] or self._cell_looks[row] != self._seen_looks[row]

    def _scroll(self, changed: list[int]) -> list[int]:
        """Let the terminal move what only moved; the rows that are left to draw."""
        before, after = Rows(self._seen, self._seen_looks), Rows(self._cells, self._cell_looks)
        if len(self._shifts) == 1:
            shift = known_shift(before, after, *self._shifts[0])
        else:
            shift = find_shift(before, after, changed)
        if shift is None:
            return changed
        ground = self._ground(shift.coming_in)
        if not self._fits(" ", ground):
            self._use(ground)  # what comes in is blank in it
        self._out.append(f"\x1b[{shift.top + 1};{shift.bottom + 1}r\x1b[{shift.top + 1}H")
        self._out.append(f"\x1b[{abs(shift.by)}{'M' if shift.by > 0 else 'L'}\x1b[r")
        self._x = self._y = None
        move(self._seen, shift, " ")
        move(self._seen_looks, shift, ground)
        moved = {*changed, *range(shift.top, shift.bottom + 1)}
        return [row for row in sorted(moved) if self._differs(row)]

    def _draw(self, rows: list[int]) -> None:
        plain: list[list[Piece]] = []
        others: list[list[Piece]] = []
        for y in rows:
            row, seen = self._cells[y], self._seen[y]
            changed = self._changed(y)
            if _all_narrow(row) and _all_narrow([one for one in seen if one is not None]):
                plain.append(list(self._pieces(y, changed)))
            else:  # what is drawn to the right repairs what was drawn to the left
                left, around, right = _parts(_with_neighbours(changed, row, seen), row, seen)
                plain.append([*self._pieces(y, left), *self._pieces(y, right)])
                others.append(list(self._pieces(y, around)))
            seen[:] = row
            self._seen_looks[y][:] = self._cell_looks[y]
        self._due = {
            row[0].y: {x for piece in row for x in range(piece.start, piece.end)}
            for row in plain
            if row
        }
        for piece in chain(ordered(plain, self._pen, self.looks), *others):
            self._go(piece.start, piece.y)
            if piece.y in self._due:
                self._due[piece.y].difference_update(range(piece.start, piece.end))
            if not (piece.blank and self._fits(" ", piece.look)):
                self._use(piece.look)
            if piece.erased:
                size = piece.end - piece.start
                self._out.append("\x1b[K" if piece.end == self.width else f"\x1b[{size}X")
            else:
                self._say(piece)

    def _changed(self, y: int) -> list[int]:
        """The columns that do not look as they should."""
        looks, seen_looks = self._cell_looks[y], self._seen_looks[y]
        on_blank = self.looks.on_blank
        return [
            x
            for x, (cell, old) in enumerate(zip(self._cells[y], self._seen[y], strict=True))
            if cell != old
            or (
                looks[x] != seen_looks[x]
                and (cell != " " or on_blank[looks[x]] != on_blank[seen_looks[x] or 0])
            )
        ]

    def _pieces(self, y: int, changed: list[int]) -> Iterator[Piece]:
        row, looks = self._cells[y], self._cell_looks[y]
        done = 0
        for start, end in self._erasable(row, looks):
            first = bisect_left(changed, start, done)
            last = bisect_left(changed, end, first)
            if last - first < 4:
                continue
            start, stop = changed[first], changed[last - 1] + 1
            if end == self.width:
                stop = end
            elif stop - start <= _ERASE_WORTHWHILE:
                continue
            yield from self._texts(y, changed[done:first])
            yield Piece(y, start, stop, looks[start], blank=True, erased=True)
            done = last
        yield from self._texts(y, changed[done:])

    def _texts(self, y: int, columns: list[int]) -> Iterator[Piece]:
        """Columns as pieces of one look each; blanks take the look of what is before them."""
        row, looks, on_blank = self._cells[y], self._cell_looks[y], self.looks.on_blank
        at = 0
        while at < len(columns):
            start = end = columns[at]
            look, blank = looks[start], True
            while at < len(columns) and columns[at] == end:
                if row[end] == " " and on_blank[looks[end]] == on_blank[look]:
                    pass
                elif looks[end] == look or (blank and on_blank[looks[end]] == on_blank[look]):
                    look, blank = looks[end], False
                else:
                    break
                at, end = at + 1, end + 1
            yield Piece(y, start, end, look, blank)

    def _erasable(self, row: list[str], looks: list[int]) -> Iterator[tuple[int, int]]:
        """Columns from and to which an erased row would look the same."""
        flat = "".join(row)
        if len(flat) != self.width or "" in row:
            flat = "".join([cell if len(cell) == 1 else "x" for cell in row])
        on_blank = self.looks.on_blank
        for blanks in _BLANKS.finditer(flat):
            start = blanks.start()
            for look, alike in groupby(on_blank[look] for look in looks[start : blanks.end()]):
                end = start + sum(1 for _ in alike)
                if self.looks.erasable[look]:
                    yield start, end
                start = end

    def _say(self, piece: Piece) -> None:
        """Write cells that have one look; after an unsettled one the next place is given anew."""
        written = self._cells[piece.y][piece.start : piece.end]
        if _all_narrow(written):
            self._out.append("".join(written))
            self._x = piece.end
        else:
            for at, cell in enumerate(written, piece.start):
                if cell:
                    self._go(at, piece.y)
                    self._out.append(cell)
                    self._x = at + 1 if settled(cell) else None
                elif self._x is not None:
                    self._x = at + 1
        if self._x is not None and self._x >= self.width:
            self._x = None

    # Looks and moves.

    def _use(self, look: int) -> None:
        if look != self._pen:
            self._out.append(self.looks.way(self._pen, look))
            self._pen = look

    def _fits(self, cell: str, look: int) -> bool:
        """The pen as it is gives this cell its look."""
        pen, on_blank = self._pen, self.looks.on_blank
        return pen == look or (pen is not None and cell == " " and on_blank[pen] == on_blank[look])

    def _go(self, x: int, y: int) -> None:
        if (self._x, self._y) != (x, y):
            between = self._between(x, y)
            down = None if self._y is None else y - self._y
            self._out.append(between or way(self._x, x, y, down))
            self._x, self._y = x, y

    def _between(self, end: int, y: int) -> str:
        """What to write to get on in a row, if that is cheaper than to move.

        Cells that look as they should are written once more, if the pen has their look; those
        that are drawn later in this picture may be blank until then.
        """
        start = self._x
        if self._y != y or start is None or not 0 < end - start <= 3:
            return ""
        row, looks, due = self._cells[y], self._cell_looks[y], self._due.get(y, ())
        written = ""
        for x in range(start, end):
            if x in due:
                written += " "
            elif narrow(row[x]) and self._fits(row[x], looks[x]):
                written += row[x]
            else:
                return ""
        return written if len(written.encode()) <= (3 if end - start == 1 else 4) else ""


def _all_narrow(row: Sequence[str]) -> bool:
    """Whether each cell of a row holds a character of one cell."""
    text = "".join(row)
    return len(text) == len(row) and (not text or narrow(text))


def _without_halves(written: list[str], following: str) -> list[str]:
    """Cut cells, without the left half of a character whose right one was cut off."""
    if following == "":
        at = len(written) - 1
        while written[at] == "":
            at -= 1
        written[at:] = [" "] * (len(written) - at)
    return written


def _blank_half_before(row: list[str], x: int) -> None:
    while row[x] == "":
        row[x] = " "
        x -= 1
    row[x] = " "


def _blank_half_after(row: list[str], x: int) -> None:
    while x < len(row) and row[x] == "":
        row[x] = " "
        x += 1


def _with_neighbours(changed: list[int], row: list[str], seen: list[str | None]) -> list[int]:
    """Whole characters, and whatever a terminal with other ideas of width may have touched."""
    marked: set[int] = set()
    waiting = list(changed)
    while waiting:
        x = waiting.pop()
        if x in marked:
            continue
        start, end = _extent(row, x)
        marked.update(range(start, end))
        touched = max(start + reach(row[start]), x + reach(seen[x] or ""))
        waiting.extend(range(end, min(touched, len(row))))
    return sorted(marked)


def _parts(
    columns: list[int], row: list[str], seen: list[str | None]
) -> tuple[list[int], list[int], list[int]]:
    """The columns before those whose width is uncertain, those around them, and those behind."""
    unsure = [
        (x, max(reach(cell), reach(old or "")))
        for x, (cell, old) in enumerate(zip(row, seen, strict=True))
        if not narrow(cell) or not (old is None or narrow(old))
    ]
    first, last = unsure[0][0], max(x + cells for x, cells in unsure)
    start, end = bisect_left(columns, first), bisect_left(columns, last + 1)
    return columns[:start], columns[start:end], columns[end:]


def _extent(row: list[str], x: int) -> tuple[int, int]:
    """The first column of the character here, and the one after its last."""
    while row[x] == "":
        x -= 1
    end = x + 1
    while end < len(row) and row[end] == "":
        end += 1
    return x, end
