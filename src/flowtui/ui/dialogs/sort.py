"""The order of a list: its own, or that of one of its columns."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from flowtui.frozen import frozen
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.choosing import Choosing
from flowtui.ui.ink import Piece
from flowtui.ui.listing import Listing
from flowtui.ui.tokens import Palette


@frozen
class OrderChoice:
    """One way to sort."""

    called: str
    """The column; empty is the list's own order."""
    label: str
    note: str
    is_current: bool


class SortPicker(Choosing[str]):
    """The answer is what the chosen column is called, empty for the list's own order."""

    keys = (("enter", "sort"), ("j k", "move"), ("esc", "leave"))
    captions = False

    DEFAULT_CSS = """
    SortPicker > #dialog { width: 72; }
    """

    def __init__(self, listing: Listing[Any], title: str) -> None:
        choices = order_choices(listing)
        current = next(one.called for one in choices if one.is_current)
        super().__init__("Sort", title, "again reverses", choices, current)

    def row_key(self, record: OrderChoice) -> Hashable:
        return record.called

    def answer(self, record: OrderChoice) -> str:
        return record.called

    def columns(self) -> list[Column[Any]]:
        return [
            Column("", paint=_paint_mark, least=1),
            Column("", lambda one: one.label, token=_token, bold=_is_current, least=16),
            Column("", lambda one: one.note, token="fg2", least=16, grows=True),
        ]


def order_choices(listing: Listing[Any]) -> list[OrderChoice]:
    """The list's own order first, then the columns from left to right."""
    current = listing.sort_column.called if listing.sort_column else ""
    choices = []
    for called in ("", *(one.called for one in listing.sortable)):
        here = called == current
        says = listing.order_says(called, listing.choices.is_reversed if here else False)
        label, note = (called, says.partition(", ")[2]) if called else (says, "")
        choices.append(OrderChoice(called, label, note, here))
    return choices


def _paint_mark(one: OrderChoice, palette: Palette, width: int) -> list[Piece]:
    return [Piece(palette.glyph("chosen") if one.is_current else " ", "accent", bold=True)]


def _token(one: OrderChoice) -> str:
    return "fg0" if one.is_current else "fg1"


def _is_current(one: OrderChoice) -> bool:
    return one.is_current
