"""The screen as an SVG picture, drawn cell by cell.

Blocks are rectangles, so they join; letters are text with a place each, so that columns stand in
any monospace font. The picture names no font that would have to be fetched, and it is small: what
looks the same is said once. README's pictures are drawn with it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from rich.color import Color
from rich.style import Style
from textual.app import App
from textual.strip import Strip

from flowtui.models.text import cells

WIDTH, HEIGHT, MARGIN = 10, 21, 10
"""Of a cell, and around the screen."""
BASELINE = 15.5
FONTS = "JetBrains Mono,DejaVu Sans Mono,Menlo,Consolas,monospace"

SIXTEEN = (
    *("#000000", "#c23b3b", "#15b97c", "#c4a317", "#2f6fd0", "#b64fbd", "#1fa0b8", "#c8c8c8"),
    *("#6a6a6a", "#f14c4c", "#23d18b", "#f5e843", "#3b8eea", "#d670d6", "#29b8db", "#ffffff"),
)
"""The colours of a terminal that chooses its own."""
INK, PAGE = "#c8c8c8", "#000000"
"""Its text and its background."""

_ACROSS = "▏▎▍▌▋▊▉█"
_UP = "▁▂▃▄▅▆▇█"
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Look:
    """How one cell is painted."""

    ink: str = INK
    page: str = PAGE
    bold: bool = False
    line: float = 0.0
    """Where a line goes through it or under it, from the top; 0 for none."""


@dataclass
class _Picture:
    """What has been drawn so far; colours have one letter each."""

    classes: dict[str, str] = field(default_factory=dict)
    shapes: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)

    def name(self, rule: str) -> str:
        return self.classes.setdefault(rule, _short(len(self.classes)))

    def box(self, box: _Box, colour: str) -> None:
        x, y, width, height = (f"{number:g}" for number in box)
        name = self.name(f"fill:{colour}")
        self.shapes.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" class="{name}"/>'
        )

    def text(self, text: str, places: Sequence[float], y: float, look: Look) -> None:
        """Letters, each at its place; a sign from another font stands in the middle of its cell."""
        manner = ";font-weight:700" if look.bold else ""
        if len(places) == 1 and not text.isascii():
            manner += ";text-anchor:middle"
            places = [places[0] + max(1, cells(text)) * WIDTH / 2]
        name = self.name(f"fill:{look.ink}{manner}")
        at = " ".join(f"{place:g}" for place in places)
        self.letters.append(
            f'<text x="{at}" y="{y:g}" class="{name}">{html.escape(text, quote=False)}</text>'
        )


def draw(strips: Iterable[Strip], columns: int) -> str:
    """The lines of a screen as SVG."""
    grid = [list(painted(strip)) for strip in strips]
    picture = _Picture()
    page = grid[-1][0][1].page if grid and grid[-1] else PAGE
    _draw_backgrounds(picture, grid, page)
    for row, line in enumerate(grid):
        for start, group in _runs(line):
            _draw_run(picture, row, start, group)
    width, height = columns * WIDTH + 2 * MARGIN, len(grid) * HEIGHT + 2 * MARGIN
    rules = "".join(f".{name}{{{rule}}}" for rule, name in picture.classes.items())
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}">',
            f"<style>text{{font:16.6px {FONTS};white-space:pre;font-variant-ligatures:none}}"
            f"rect{{shape-rendering:crispEdges}}{rules}</style>",
            f'<rect width="{width}" height="{height}" fill="{page}"/>',
            *picture.shapes,
            '<g xml:space="preserve">',
            *picture.letters,
            "</g>",
            "</svg>\n",
        ]
    )


def draw_screen(app: App[Any]) -> str:
    """What the app shows now."""
    return draw(app.screen._compositor.render_strips(), app.size.width)


# Cells --------------------------------------------------------------------------------------------


def painted(strip: Strip) -> Iterator[tuple[str, Look]]:
    """Each cell's text and look; the second half of a wide character has no text."""
    for text, style, control in strip:
        if control:
            continue
        look = _look(style or Style.null())
        cluster = ""
        for character in text:
            width = cells(character)
            if not width:
                cluster += character
                continue
            if cluster:
                yield from _cell(cluster, look)
            cluster = character
        if cluster:
            yield from _cell(cluster, look)


def _cell(cluster: str, look: Look) -> Iterator[tuple[str, Look]]:
    yield cluster, look
    for _ in range(cells(cluster) - 1):
        yield "", look


def _look(style: Style) -> Look:
    ink, page = _colour(style.color, INK), _colour(style.bgcolor, PAGE)
    if style.reverse:
        ink, page = page, ink
    if style.dim:
        ink = _blend(ink, page)
    line = 10.0 if style.strike else 18.0 if style.underline else 0.0
    return Look(ink, page, bool(style.bold), line)


def _colour(colour: Color | None, default: str) -> str:
    if colour is None or colour.is_default:
        return default
    if colour.triplet is not None:
        return colour.triplet.hex
    if colour.number is not None and colour.number < 16:
        return SIXTEEN[colour.number]
    return colour.get_truecolor().hex


def _blend(ink: str, page: str) -> str:
    pairs = [(int(ink[i : i + 2], 16), int(page[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{(a + b) // 2:02x}" for a, b in pairs)


# Drawing ------------------------------------------------------------------------------------------


def _draw_backgrounds(
    picture: _Picture, grid: Sequence[Sequence[tuple[str, Look]]], page: str
) -> None:
    """A rectangle for each area of one colour, over as many rows as it goes on."""
    open_areas: dict[tuple[int, int, str], int] = {}
    for row in range(len(grid) + 1):
        here: set[tuple[int, int, str]] = set()
        start = 0
        for colour, group in groupby(grid[row] if row < len(grid) else (), lambda c: c[1].page):
            size = len(list(group))
            if colour != page:
                here.add((start, size, colour))
            start += size
        for area in [area for area in open_areas if area not in here]:
            top = open_areas.pop(area)
            first, size, colour = area
            y = MARGIN + top * HEIGHT
            picture.box((MARGIN + first * WIDTH, y, size * WIDTH, (row - top) * HEIGHT), colour)
        for area in sorted(here - open_areas.keys()):
            open_areas[area] = row


def _runs(
    line: Sequence[tuple[str, Look]],
) -> Iterator[tuple[int, list[tuple[str, Look]]]]:
    """What is drawn in one go: the same shape again and again, or text of one look."""

    def kind(cell: tuple[str, Look]) -> tuple[str, str, bool, float]:
        text, look = cell
        shape = text if shapes(text) else ""
        return shape, look.ink, look.bold and not shape, look.line

    start = 0
    for _, group in groupby(line, kind):
        run = list(group)
        yield start, run
        start += len(run)


def _draw_run(picture: _Picture, row: int, start: int, run: Sequence[tuple[str, Look]]) -> None:
    x, y = MARGIN + start * WIDTH, MARGIN + row * HEIGHT
    look = run[0][1]
    boxes = shapes(run[0][0])
    if boxes:
        joined = all(left == 0 and width == WIDTH for left, _, width, _ in boxes)
        for index in range(1 if joined else len(run)):
            for left, top, width, height in boxes:
                size = width * len(run) if joined else width
                picture.box((x + index * WIDTH + left, y + top, size, height), look.ink)
    else:
        _draw_text(picture, run, x, y, look)
    if look.line:
        picture.box((x, y + look.line, len(run) * WIDTH, 1), look.ink)


def _draw_text(
    picture: _Picture, run: Sequence[tuple[str, Look]], x: int, y: int, look: Look
) -> None:
    """Words a blank apart are one text; signs, marks and wide letters are texts of their own."""
    text = ""
    start = 0

    def put() -> None:
        shown = text.rstrip(" ")
        if shown:
            places = [x + (start + index) * WIDTH for index in range(len(shown))]
            picture.text(shown, places, y + BASELINE, look)

    for index, (cluster, _) in enumerate(run):
        is_letter = len(cluster) == 1 and (cluster.isascii() or cluster.isalpha())
        if is_letter and cells(cluster) == 1 and not (cluster == " " and text[-1:] in ("", " ")):
            start = start if text else index
            text += cluster
            continue
        put()
        text = ""
        if cluster.strip():
            picture.text(cluster, [x + index * WIDTH], y + BASELINE, look)
    put()


def shapes(text: str) -> list[_Box]:
    """The rectangles of a cell that is drawn instead of written: left, top, width, height."""
    w, h = WIDTH, HEIGHT
    if not text or text == " " or text.isascii():
        return []
    if text in _ACROSS:
        return [(0, 0, w * (_ACROSS.index(text) + 1) / 8, h)]
    if text in _UP:
        high = round(h * (_UP.index(text) + 1) / 8, 1)
        return [(0, round(h - high, 1), w, high)]
    fixed: dict[str, list[_Box]] = {
        "▐": [(w / 2, 0, w / 2, h)],
        "▔": [(0, 0, w, 3)],
        "━": [(0, 9, w, 3)],
        "╸": [(0, 9, w / 2, 3)],
        "─": [(0, 10, w, 1)],
        "│": [(4.5, 0, 1, h)],
        "┊": [(4.5, 1 + 5 * part, 1, 3) for part in range(4)],
        "┄": [(1 + 3 * part, 10, 2, 1) for part in range(3)],
        "■": [(0.5, 6, 9, 9)],
    }
    return fixed.get(text, [])


def _short(number: int) -> str:
    """`a`, `b`, … `z`, `ba`, …: a name that a style sheet can use."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    rest, last = divmod(number, len(letters))
    return (_short(rest) if rest else "") + letters[last]
