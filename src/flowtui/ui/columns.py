"""Columns: declared once with a name, a value and a nature; a table and its tests follow.

    Column("flow", lambda flow: flow.name, most=24)
    Column("last 10", paint=lambda flow, palette, width: strip(flow.runs, palette), least=10)
    Column("time", lambda run: duration(run.took), right=True, ticks=lambda run: run.is_running)

What is too much for a width goes in the declared order; names are cut last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from flowtui.frozen import frozen
from flowtui.models.text import cells, cut, cut_middle, plain, shows_seconds
from flowtui.ui.ink import Piece, blank, fit_pieces, text_of
from flowtui.ui.tokens import Palette

R = TypeVar("R")

Value = Callable[[R], "str | int | Piece | Sequence[Piece] | None"]
Paint = Callable[[R, Palette, int], Sequence[Piece]]

GAP = 2
AIR = 2
"""Cells that a gap may grow by where no column takes the room that is left."""
LONG = 140
"""Cells from which on a line ends where it needs no more, instead of at the edge."""
SCARCE = 64
"""Cells of a line below which what can be said shorter is: names are cut last."""
LEAST = 4
"""Cells of a name below which it says nothing any more."""
MARGIN = 2
"""At the left and right of a table; one cell of it holds the focus bar."""


@frozen
class Way:
    """Which end of a column comes first when one sorts by it, in words, and then the other."""

    first: str
    reverse: str
    falls: bool = False
    """The largest comes first."""


A_TO_Z = Way("a to z", "z to a")
NEWEST = Way("newest first", "oldest first", falls=True)
SOONEST = Way("soonest first", "latest first")
LONGEST = Way("longest first", "shortest first", falls=True)
LARGEST = Way("largest first", "smallest first", falls=True)
MOST_FAILED = Way("most failures first", "fewest failures first", falls=True)
WORST = Way("worst first", "best first")


@frozen
class Column(Generic[R]):
    """One column: what it is called, what it shows of a record, and what may be done to it."""

    name: str
    """Its caption, lower case."""
    value: Value[R] | None = None
    """Text, or pieces; None is shown as absent. Text may be hostile."""
    paint: Paint[R] | None = None
    """Instead of a value: pieces made for a palette and a width."""
    wants: Callable[[R], int] | None = None
    """How many cells a painted record would like; without it, it has `least`."""
    right: bool = False
    """Numbers and durations stand right."""
    token: str | Callable[[R], str] = "fg1"
    """The colour of text."""
    bold: Callable[[R], bool] | None = None
    least: int = 0
    short: int = 0
    """Cells in which it still says what matters, where room is scarce; 0 is that it cannot."""
    most: int = 0
    """It may be wider where there is room to spare; 0 is no limit."""
    grows: bool = False
    """It takes the room that is left over."""
    drop: int = 0
    """Leaves first to last: 1, 2, 3 …; 0 stays."""
    middle: bool = False
    """Ids and paths lose their middle, anything else its end."""
    ticks: bool | Callable[[R], bool] = False
    """Its value changes by itself, every second, for records where this holds."""
    caption: Callable[[Palette, int], Sequence[Piece]] | None = None
    """Pieces instead of the name: an axis."""
    gap: int = GAP
    """Blank cells before it."""
    title: str = ""
    """What it is called where the caption does not say."""
    raw: Callable[[R], Any] | None = None
    """Its value as data: a number, a time, a text. It is exported, and sorted by."""
    rank: Callable[[R], Any] | None = None
    """What it is sorted by instead."""
    way: Way = A_TO_Z
    extra: bool = False
    """Shown only to who asks for it."""

    @property
    def called(self) -> str:
        """What people choose it by."""
        return self.title or self.name

    def data(self, record: R) -> Any:
        """What it says of the record, as data."""
        if self.raw is not None:
            return self.raw(record)
        value = self.value(record) if self.value is not None else None
        if value is None or isinstance(value, (str, int)):
            return value
        pieces = [value] if isinstance(value, Piece) else value
        return "".join(piece.text for piece in pieces)

    def ranked(self, record: R) -> Any:
        """What the record is sorted by; None has no place in the order."""
        found = self.rank(record) if self.rank is not None else self.data(record)
        return found.casefold() if isinstance(found, str) else found

    def ticks_for(self, record: R) -> bool:
        """Whether what it shows of this record changes by itself."""
        return self.ticks(record) if callable(self.ticks) else self.ticks

    def natural(self, record: R) -> int:
        """How many cells the record's value wants."""
        if self.wants is not None:
            return self.wants(record)
        if self.value is None:
            return 0
        value = self.value(record)
        if value is None:
            return 1
        if isinstance(value, Piece):
            return cells(plain(value.text))
        if isinstance(value, (str, int)):
            return cells(plain(str(value)))
        return sum(cells(plain(piece.text)) for piece in value)

    def cell(self, record: R, palette: Palette, width: int) -> list[Piece]:
        """What the record shows here, in exactly `width` cells."""
        if self.paint is not None:
            painted = _harmless(self.paint(record, palette, width))
            return fit_pieces(painted, width, self.right, palette.ellipsis)
        value = self.value(record) if self.value is not None else None
        if value is None:
            absent = [Piece(palette.glyph("absent"), "fg3")]
            return fit_pieces(absent, width, self.right)
        if isinstance(value, (str, int)):
            return self._text(plain(str(value)), record, palette, width)
        pieces = [value] if isinstance(value, Piece) else value
        return fit_pieces(_harmless(pieces), width, self.right, palette.ellipsis)

    def _text(self, text: str, record: R, palette: Palette, width: int) -> list[Piece]:
        token = self.token(record) if callable(self.token) else self.token
        shorten = cut_middle if self.middle else cut
        shown = shorten(text, width, palette.ellipsis)
        room = width - cells(shown)
        piece = Piece(shown, token, bold=bool(self.bold and self.bold(record)))
        if not room:
            return [piece]
        return [blank(room), piece] if self.right else [piece, blank(room)]

    def heading(self, palette: Palette, width: int) -> list[Piece]:
        """Its caption in exactly `width` cells, aligned like its values."""
        if self.caption is not None:
            return fit_pieces(list(self.caption(palette, width)), width)
        return fit_pieces([Piece(self.name, "fg2")], width, self.right, palette.ellipsis)


def _harmless(pieces: Iterable[Piece]) -> list[Piece]:
    return [
        piece if piece.text.isascii() else piece._replace(text=plain(piece.text))
        for piece in pieces
    ]


@frozen
class Placed(Generic[R]):
    """A column and the cells it was given."""

    column: Column[R]
    width: int
    gap: int


def measure(
    columns: Sequence[Column[Any]], records: Iterable[Any], before: Sequence[int] = ()
) -> tuple[int, ...]:
    """How wide each column wants to be for these records; never less than it was before."""
    widths = list(before) or [max(column.least, cells(column.name)) for column in columns]
    known = list(records)
    for index, column in enumerate(columns):
        wanted = [column.natural(record) for record in known]
        widths[index] = max([widths[index], *_ordinary(column, wanted)])
    return tuple(widths)


def _ordinary(column: Column[Any], wanted: Sequence[int]) -> Sequence[int]:
    """What a column is measured by: a few odd names do not widen it for all the others."""
    near = [width for width in wanted if width <= _longest(column, width)]
    return near if len(near) * 5 >= len(wanted) * 4 else wanted


def arrange(
    columns: Sequence[Column[R]], natural: Sequence[int], width: int
) -> tuple[Placed[R], ...]:
    """The columns that fit a width, from left to right, with the cells each one gets."""
    kept = list(range(len(columns)))
    given = [
        max(column.least, min(wanted, column.most or wanted))
        for column, wanted in zip(columns, natural, strict=True)
    ]

    for index, column in enumerate(columns):
        if column.short and width < SCARCE:
            given[index] = min(given[index], column.short)

    def room() -> int:
        return width - sum(given[i] + (columns[i].gap if i != kept[0] else 0) for i in kept)

    for index in sorted(kept, key=lambda i: columns[i].drop or len(columns) + 1):
        if room() >= 0 or not columns[index].drop:
            break
        kept.remove(index)
    while room() < 0:
        widest = max(kept, key=lambda i: given[i] - _floor(columns[i]))
        if given[widest] <= _floor(columns[widest]):
            break
        given[widest] -= 1
    worded = [index for index in kept if not (columns[index].paint or columns[index].right)]
    while room() < 0:
        others = [index for index in worded[1:] if given[index] > LEAST] or worded[:1]
        if not others or given[others[0]] <= LEAST:
            break
        given[max(others, key=lambda i: given[i])] -= 1
    for index in sorted(kept, key=lambda i: columns[i].short):
        given[index] += max(0, min(_longest(columns[index], natural[index]) - given[index], room()))
    if any(column.grows for column in columns):
        index = _growing(columns, kept)
        is_last = index == kept[-1] and not columns[index].right
        most = width if is_last else _stretch(columns[index], natural[index], width)
        given[index] += max(0, min(room(), most - given[index]))
        return tuple(Placed(columns[i], given[i], columns[i].gap * (i != kept[0])) for i in kept)
    air = _air(len(kept) - 1, room())
    return tuple(
        Placed(columns[i], given[i], columns[i].gap + more if i != kept[0] else 0)
        for i, more in zip(kept, (0, *air), strict=True)
    )


def _stretch(column: Column[Any], natural: int, width: int) -> int:
    """How wide what grows may be: on a long line, text takes no more than it needs."""
    return natural if width >= LONG and column.paint is None else width


def _air(gaps: int, room: int) -> tuple[int, ...]:
    """What each gap grows by, so that the last column ends at the edge where that is near."""
    if not gaps:
        return ()
    each, rest = divmod(max(0, room), gaps)
    if each > AIR or (each == AIR and rest):
        return (AIR,) * gaps
    return tuple(each + (number < rest) for number in range(gaps))


def _longest(column: Column[Any], natural: int) -> int:
    """The widest a column becomes where there is room: one odd name does not push the rest away."""
    return min(natural, column.most * 3 // 2) if column.most else natural


def _growing(columns: Sequence[Column[Any]], kept: Sequence[int]) -> int:
    """The one that grows; if it has left, the first that stands right, so that the edge stays."""
    growing = [index for index in kept if columns[index].grows]
    right = [index for index in kept if columns[index].right]
    return (growing or right or list(kept)[-1:])[0]


def _floor(column: Column[Any]) -> int:
    return max(column.least, LEAST)


def row_pieces(placed: Sequence[Placed[R]], record: R, palette: Palette) -> list[Piece]:
    """A record's cells, side by side."""
    pieces: list[Piece] = []
    for place in placed:
        if place.gap:
            pieces.append(blank(place.gap))
        pieces += place.column.cell(record, palette, place.width)
    return pieces


def counts_seconds(placed: Sequence[Placed[R]], record: R, palette: Palette) -> bool:
    """Whether anything of it is another thing in a second; minutes wait for the next answer."""
    return any(
        place.column.ticks_for(record)
        and shows_seconds(text_of(place.column.cell(record, palette, place.width)))
        for place in placed
    )


def titles(placed: Sequence[Placed[R]]) -> tuple[Placed[R], ...]:
    """The columns whose captions are to be seen over no rows as well: they say what this is."""
    return tuple(place for place in placed if place.column.caption is not None)


def heading_pieces(placed: Sequence[Placed[Any]], palette: Palette) -> list[Piece]:
    """The captions, each aligned like its column."""
    pieces: list[Piece] = []
    for place in placed:
        if place.gap:
            pieces.append(blank(place.gap))
        pieces += place.column.heading(palette, place.width)
    return pieces


def span(placed: Sequence[Placed[Any]], first: int, last: int) -> int:
    """The cells from one column to another, both included, without the gap before the first."""
    within = placed[first : last + 1]
    return sum(place.gap + place.width for place in within) - (within[0].gap if within else 0)
