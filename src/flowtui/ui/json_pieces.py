"""JSON lines as pieces: keys, values and what is folded, made harmless."""

from __future__ import annotations

from collections.abc import Collection

from flowtui.models.json_lines import JsonLine
from flowtui.models.text import cut, plain, thin_groups
from flowtui.ui.ink import Piece, blank
from flowtui.ui.tokens import Palette

INDENT = 2
MOST_SHOWN = 2_000
"""Characters of one value that are looked at; the rest is in the file one saves."""


def json_pieces(
    line: JsonLine, folded: Collection[int], palette: Palette, width: int
) -> list[Piece]:
    """One line of JSON; a folded one says how much is in it."""
    pieces = [blank(line.depth * INDENT)]
    is_folded = line.number in folded and line.opens
    if line.opens:
        mark = palette.glyph("folded") if not is_folded else palette.glyph("open")
        pieces.append(Piece(f"{mark} " if is_folded else "  ", "accent"))
    else:
        pieces.append(blank(2))
    if line.key:
        pieces += [Piece(plain(line.key[:200]), "fg0"), Piece(": ", "fg2")]
    if is_folded:
        ends = "]" if line.text == "[" else "}"
        said = f" {thin_groups(line.count)} {'rows' if line.text == '[' else 'fields'} "
        return [*pieces, Piece(line.text, "fg2"), Piece(said, "fg2"), Piece(ends, "fg2")]
    token = {"open": "fg2", "end": "fg2", "word": "fg2"}.get(line.kind, "fg1")
    room = max(4, width - line.depth * INDENT - 2)
    return [*pieces, Piece(cut(plain(line.text[:MOST_SHOWN]), room, palette.ellipsis), token)]
