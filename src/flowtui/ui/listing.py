"""Lists as somebody wants to see them: what is left by a filter, in which order and columns.

A listing holds what was fetched and what was chosen, and makes of it the rows to show and the
sentences about them. What was chosen is kept while flowtui runs: the filter for each page, order
and columns for each kind of list.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Generic, TypeVar

from flowtui.frozen import frozen
from flowtui.models.filters import Completion, Filter, Language
from flowtui.models.text import cut, thin_groups
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece, blank, width_of

R = TypeVar("R")
Order = Callable[[Sequence[R], datetime], Sequence[R]]


@dataclass
class Choices:
    """The order and the columns that were chosen for one kind of list."""

    sort: str = ""
    """What the column is called; empty is the list's own order."""
    is_reversed: bool = False
    columns: dict[str, bool] = field(default_factory=dict)
    """Those that somebody turned on or off."""


@dataclass
class Memory:
    """What was chosen, for all lists."""

    filters: dict[Hashable, str] = field(default_factory=dict)
    choices: dict[str, Choices] = field(default_factory=dict)
    queries: list[tuple[str, str]] = field(default_factory=list)
    """What was asked of the API by hand, with its variables; the newest first."""


@frozen
class OwnOrder(Generic[R]):
    """The order a list has if nobody wants another."""

    says: str
    sort: Order[R]


@frozen
class Reach:
    """How much is here of a list that may be too long to be fetched."""

    total: int | None = None
    """Records there are; None until the backend has counted them."""
    matching: int | None = None
    """How many of them the filter lets through; None where the backend cannot say."""
    looked_at: int = 0
    """Records that were looked through for the filter."""
    is_whole: bool = True
    """Every record that passes the filter is here."""


class Listing(Generic[R]):
    """One list: its records, and how they are wanted."""

    def __init__(
        self,
        memory: Memory,
        place: tuple[str, ...],
        language: Language[R],
        columns: Callable[[], Sequence[Column[Any]]],
        order: OwnOrder[R],
        *,
        limit: int = 0,
        cut_to: str = "the newest",
        zone: tzinfo | None = None,
    ) -> None:
        self.language = language
        self.records: Sequence[R] = ()
        self.filter: Filter[R] = Filter()
        self.shown = 0
        """How many records the filter leaves."""
        self.reach: Reach | None = None
        """Of a list that the backend filters; None where all that was fetched is filtered here."""
        self.marks_say = ""
        """How many are marked, and that the filter hides some; empty for none."""
        self.is_typed = False
        """Whether somebody types the filter now, in a line that shows it."""
        self.choices = memory.choices.setdefault(place[0], Choices())
        self._filters = memory.filters
        self._place = place
        self._columns = columns
        self._order = order
        self._limit = limit
        self._cut_to = cut_to
        self._zone = zone

    # The filter

    @property
    def text(self) -> str:
        """The filter, as it was typed."""
        return self._filters.get(self._place, "")

    @text.setter
    def text(self, text: str) -> None:
        if text.strip():
            self._filters[self._place] = text
        else:
            self._filters.pop(self._place, None)

    def read(self, now: datetime) -> Filter[R]:
        """The filter as it is meant now."""
        self.filter = self.language.parse(self.text, now, self._zone)
        return self.filter

    def complete(self, text: str, cursor: int) -> Completion:
        """What can stand at a place of the filter."""
        return self.language.complete(text, cursor, self.records)

    # The rows

    def arranged(self, now: datetime) -> Sequence[Any]:
        """The rows to show, from top to bottom."""
        chosen = self.read(now)
        rows = [one for one in self.records if chosen.matches(one)]
        self.shown = len(rows)
        return self.in_order(self._order.sort(rows, now))

    def in_order(self, rows: Sequence[Any], key: Callable[[Any], Any] | None = None) -> list[Any]:
        """Rows that stand in the list's own order, in the one that was chosen; `key` gives the
        record of a row. What has no value stands last, whichever end comes first."""
        column, is_reversed = self.sort_column, self.choices.is_reversed
        if column is None:
            return list(reversed(rows)) if is_reversed else list(rows)
        ranked = [(column.ranked(key(row) if key else row), row) for row in rows]
        known = [pair for pair in ranked if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=column.way.falls != is_reversed)
        return [row for _, row in known] + [row for rank, row in ranked if rank is None]

    def exported_rows(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The rows to write to a file, of those that are shown."""
        return rows

    # Order and columns

    @property
    def columns(self) -> Sequence[Column[Any]]:
        """All there are."""
        return self._columns()

    @property
    def sortable(self) -> list[Column[Any]]:
        """Those that one can sort by."""
        return [one for one in self.columns if one.raw is not None or one.rank is not None]

    @property
    def sort_column(self) -> Column[Any] | None:
        """The column that is sorted by; None is the list's own order."""
        wanted = self.choices.sort
        return next((one for one in self.sortable if wanted and one.called == wanted), None)

    def sort_by(self, called: str) -> None:
        """Sort by this column, or by the list's own order; again, and it is turned round."""
        again = called == self.choices.sort
        self.choices.is_reversed = again and not self.choices.is_reversed
        self.choices.sort = called

    def order_says(self, called: str | None = None, reverse: bool | None = None) -> str:
        """The order in words: the one there is, or that of another column."""
        name = self.choices.sort if called is None else called
        turned = self.choices.is_reversed if reverse is None else reverse
        column = next((one for one in self.sortable if name and one.called == name), None)
        if column is None:
            return self._order.says + (", reversed" if turned else "")
        return f"{column.called}, {column.way.reverse if turned else column.way.first}"

    @property
    def has_own_order(self) -> bool:
        """Whether nobody wanted another."""
        return self.sort_column is None and not self.choices.is_reversed

    def is_shown(self, column: Column[Any]) -> bool:
        """Whether a column is wanted; there may be no room for it."""
        return self.choices.columns.get(column.called, not column.extra)

    def shown_columns(self) -> list[Column[Any]]:
        """The columns that are wanted, from left to right."""
        return [one for one in self.columns if self.is_shown(one)]

    # What is said

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than was fetched."""
        if self.reach is not None:
            return not self.reach.is_whole
        return bool(self._limit) and len(self.records) >= self._limit

    @property
    def _total(self) -> int | None:
        """How many there are to filter, if that is known."""
        if self.reach is None or (self.reach.is_whole and not self.filter.is_active):
            return len(self.records)
        return self.reach.total

    @property
    def _matching(self) -> int | None:
        """How many pass the filter, if that is known."""
        known = self.reach is None or self.reach.is_whole
        return self.shown if known or self.reach is None else self.reach.matching

    def fetch_up_to(self, limit: int) -> None:
        """There may be more from now on than was fetched before."""
        self._limit = limit

    @property
    def all_of_them(self) -> str:
        """How many there are to filter: `31`, or `the newest 500` where there may be more."""
        count = thin_groups(len(self.records) if self._total is None else self._total)
        return f"{self._cut_to} {count}" if self.is_cut and self.reach is None else count

    def count(self) -> str:
        """`7 of 31`; `7 of the newest 400` while not all were looked through."""
        if self._matching is not None:
            return f"{thin_groups(self._matching)} of {self.all_of_them}"
        return f"{thin_groups(self.shown)} of {self._looked_through}"

    @property
    def _looked_through(self) -> str:
        looked_at = self.reach.looked_at if self.reach is not None else len(self.records)
        return f"{self._cut_to} {thin_groups(looked_at)}"

    def hidden(self) -> str:
        """What the filter hides, in a sentence; or how far it has looked."""
        total, matching = self._total, self._matching
        if matching is None:
            return f"{self._looked_through} looked through; the backend cannot filter by all of it"
        hidden = (len(self.records) if total is None else total) - matching
        if hidden <= 0:
            return "nothing is hidden by your filter"
        verb = "is" if hidden == 1 else "are"
        return f"{thin_groups(hidden)} {verb} hidden by your filter"

    def nothing(self, otherwise: str) -> str:
        """What is said where there are no rows."""
        total = self._total or 0
        if not (total or self.records) or not self.filter.is_active:
            return otherwise
        noun = self.language.noun
        if self._matching is None:
            return f"None of {self._looked_through} {noun}s matches your filter.  esc  clears it"
        if total == 1:
            return f"The only {noun} does not match your filter.  esc  clears it"
        among = self.all_of_them if self.is_cut else f"the {self.all_of_them}"
        return f"None of {among} {noun}s matches your filter.  esc  clears it"

    def filter_pieces(self, room: int) -> list[Piece]:
        """`/ state:failed  3 are hidden by your filter`, or the key that begins one.

        What is more than the room goes: the sentence as a whole, then the end of the filter.
        """
        slash = Piece("/", "accent")
        if not self.text:
            return [slash, Piece(" filter", "fg2")]
        text = Piece(f" {' '.join(self.text.split())}", "fg0", bold=True)
        said = [slash, text, blank(2), Piece(self.hidden(), "fg2")]
        if width_of(said) <= room:
            return said
        return [slash, text._replace(text=cut(text.text, max(5, room - 1)))]

    def sort_pieces(self) -> list[Piece]:
        """The order, for the end of a title."""
        token = "fg2" if self.has_own_order else "fg1"
        said = [Piece("sort: ", "fg2"), Piece(self.order_says(), token)]
        if self.is_cut and self.reach is not None and not self.has_own_order:
            said.append(Piece(f", of {thin_groups(len(self.records))} here", "fg2"))
        return said

    def heading(self, name: str, note: str, width: int) -> list[Piece]:
        """A list's title: its name, how many there are, and the filter."""
        note = self.count() if self.filter.is_active else note
        pieces = [Piece(name, "fg0", bold=True)]
        if note:
            pieces += [blank(2), Piece(note, "fg2")]
        if self.marks_say:
            pieces += [blank(3), Piece(self.marks_say, "accent")]
        if self.is_typed:
            return pieces
        return [*pieces, blank(3), *self.filter_pieces(width - width_of(pieces) - 3)]
