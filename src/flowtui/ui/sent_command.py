"""One command of the journal in lines: what came of it, why, and all that was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from flowtui.models.journal import Entry
from flowtui.models.text import clock, day, plain, zone_name
from flowtui.ui.ink import Piece
from flowtui.ui.journal_columns import outcome_pieces
from flowtui.ui.paint import Line, wrapped
from flowtui.ui.tokens import Palette

CAPTION = 9
"""Cells for the captions at the left."""


def sent_lines(
    one: Entry, reason: str | None, palette: Palette, width: int, zone: tzinfo | None
) -> list[Line]:
    """A command in `width` cells; `reason` is why it cannot be taken back."""
    at = f"{day(one.at, zone)} {clock(one.at, zone)} {zone_name(one.at, zone)}"
    back = one.undo.says if one.undo and reason is None else reason or ""
    lines: list[Line] = [
        [Piece("outcome".ljust(CAPTION), "fg2"), *outcome_pieces(one.outcome, palette)]
    ]
    for caption, text in (
        ("why", one.said),
        ("to", one.target),
        ("part of", one.batch.says if one.batch else ""),
        ("at", at),
        ("sent", one.mutation),
        ("input", shown_input(one.input)),
        ("undo", back),
    ):
        lines += _fact(caption, text, width) if text else []
    return lines


def _fact(caption: str, text: str, width: int) -> list[Line]:
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        for row in wrapped(plain(paragraph), width - CAPTION):
            name = "" if lines else caption
            lines.append([Piece(name.ljust(CAPTION), "fg2"), Piece(row, "fg1")])
    return lines


def shown_input(given: Mapping[str, Any]) -> str:
    """An input as one line a field."""
    return "\n".join(f"{key}: {as_json(value)}" for key, value in given.items())


def as_json(value: Any) -> str:
    """A value as it is sent."""
    return json.dumps(value, default=str, ensure_ascii=False)
