"""Graphics made of cells: data and a width in, pieces of a line out.

Each is a pure function, so each can be read in a test. Green is quiet here, and two greens
alternate so that good runs can be counted. A graphic never stands alone: the words next to it say
the same. Timelines, which are longer, are in `timeline`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log

from flowtui.frozen import frozen
from flowtui.models.text import duration, thin_groups
from flowtui.ui.ink import Piece, blank, width_of
from flowtui.ui.tokens import GROUPS, Palette, look_of

_QUIET = {"Success", "Cached", "Mapped", "Looped", "Finished"}
_UNSTARTED = {"Scheduled", "Late", "Pending", "Submitted", "Queued", "Resume"}
_BADNESS = (
    *("Failed", "TimedOut", "TriggerFailed", "ValidationFailed", "ClientFailed"),
    *("Retrying", "Paused", "Cancelling", "Cancelled", "Running", "Listening"),
    *("Submitted", "Queued", "Pending", "Resume", "Late", "Scheduled"),
)


def fill_token(state: str, index: int = 0) -> str:
    """The colour a state fills a shape with; good ones recede, and alternate with their index."""
    if state in _QUIET:
        return "ok-quiet-2" if index % 2 else "ok-quiet"
    return "fg3" if state == "Skipped" else look_of(state).token


def worst(states: Iterable[str]) -> str:
    """The state among these that most wants to be seen; one that is done counts least."""
    ranks = {state: rank for rank, state in enumerate(_BADNESS)}
    return min(states, key=lambda state: ranks.get(state, len(ranks)))


# Runs as columns ----------------------------------------------------------------------------------


@frozen
class RunMark:
    """A run in a strip or a band: its state and how long it took, or takes so far."""

    state: str
    seconds: float | None = None

    @property
    def started(self) -> bool:
        """Whether there is a duration to draw."""
        return self.seconds is not None and self.state not in _UNSTARTED


@frozen
class Scale:
    """Durations as heights, by their logarithm: what takes twice as long is a step higher."""

    shortest: float = 10.0
    longest: float = 7200.0

    def level(self, seconds: float, levels: int) -> int:
        """A height from 1 to `levels`."""
        reach = log(max(self.longest / self.shortest, 1.001))
        share = log(max(seconds, 0.001) / self.shortest) / reach
        return 1 + round(max(0.0, min(1.0, share)) * (levels - 1))


def scale_of(runs: Iterable[RunMark]) -> Scale:
    """The scale on which these runs, and nothing else, are compared."""
    times = [run.seconds for run in runs if run.seconds]
    if not times:
        return Scale()
    return Scale(shortest=max(min(times) / 4, 0.5), longest=max(times))


def strip(
    runs: Sequence[RunMark], palette: Palette, width: int = 10, scale: Scale | None = None
) -> list[Piece]:
    """The last runs, a cell each, the newest at the right; never full cells, so rows stay apart."""
    scale = scale or Scale()
    shown = runs[-width:]
    pieces = [blank(width - len(shown))] if len(shown) < width else []
    for index, run in enumerate(shown):
        if run.started:
            height = palette.heights[scale.level(run.seconds or 0, 7)]
            pieces.append(Piece(height, fill_token(run.state, index)))
        else:
            pieces.append(Piece(palette.glyph("point"), "fg3"))
    return pieces


def band(
    runs: Sequence[RunMark],
    planned: Sequence[float],
    palette: Palette,
    width: int,
    height: int = 4,
    spacing: int = 1,
    scale: Scale | None = None,
    thick: int = 1,
) -> list[list[Piece]]:
    """A column a run, `┊` for now, then the planned runs as high as they usually are.

    Columns are `thick` cells wide and begin every `spacing` cells. Gives `height` lines from top to
    bottom, then one with the glyphs of what was not good, so that a short failure is found too.
    """
    apart = max(thick + 1, spacing)
    planned = planned[: width // (4 * apart)]
    room = width - ((1 + len(planned) * apart) if planned else 0)
    shown = runs[-max(0, room // spacing) :]
    scale = scale or scale_of(shown)
    columns = [(scale.level(run.seconds or 0, height * 8) if run.started else 0) for run in shown]
    gap = [blank(spacing - thick)] if spacing > thick else []
    lines: list[list[Piece]] = []
    for row in range(height - 1, -1, -1):
        line = [blank(room - len(shown) * spacing)]
        for index, (run, level) in enumerate(zip(shown, columns, strict=True)):
            line += [_column(level - row * 8, fill_token(run.state, index), palette, thick), *gap]
        if planned:
            line.append(Piece(palette.glyph("now"), "fg2"))
        for seconds in planned:
            level = scale.level(seconds, height * 8)
            column = _column(level - row * 8, "sched-quiet", palette, thick)
            line += [blank(apart - thick), column]
        lines.append(line)
    glyphs = [blank(room - len(shown) * spacing)]
    for run in shown:
        glyphs += [*_outcome(run, palette, thick), *gap]
    lines.append(glyphs)
    return lines


def _column(eighths: int, token: str, palette: Palette, thick: int) -> Piece:
    return Piece(palette.heights[max(0, min(8, eighths))] * thick, token)


def _outcome(run: RunMark, palette: Palette, thick: int) -> list[Piece]:
    if run.state in _QUIET:
        return [blank(thick)]
    look = look_of(run.state)
    glyph = Piece(palette.state_glyph(run.state), look.token, bold=look.alarming)
    before = (thick - 1) // 2
    return [blank(before), glyph, blank(thick - 1 - before)] if thick > 1 else [glyph]


# Shares -------------------------------------------------------------------------------------------


def ribbon(counts: Mapping[str, int], palette: Palette, width: int) -> list[Piece]:
    """A line of shares by state: success, wrong, running, waiting; none above zero is lost."""
    present = [(state, count) for state, count in counts.items() if count > 0]
    present.sort(key=lambda share: GROUPS.index(look_of(share[0]).group))
    if not present:
        return [_track(width, palette)]
    sizes = _shares([count for _, count in present], width)
    return [
        _track(size, palette)
        if look_of(state).group == "waiting"
        else Piece(palette.glyph("bar") * size, fill_token(state))
        for (state, _), size in zip(present, sizes, strict=True)
        if size
    ]


def _track(size: int, palette: Palette) -> Piece:
    """What is not done yet: told apart by its sign where there is no colour to tell it by."""
    told_by_colour = palette.depth != "mono" and not palette.ascii
    return Piece(palette.glyph("bar" if told_by_colour else "expected") * size, "track")


def _shares(counts: Sequence[int], width: int) -> list[int]:
    """Cells for each count: one at least while there are cells, the rest by size."""
    total = sum(counts)
    sizes = [max(1, count * width // total) for count in counts]
    while sum(sizes) > width:
        sizes[sizes.index(max(sizes))] -= 1
    short = sorted(range(len(counts)), key=lambda i: counts[i] * width / total - sizes[i])
    while sum(sizes) < width:
        sizes[short.pop()] += 1
    return sizes


def bar(share: float, palette: Palette, width: int, token: str = "ok-quiet") -> list[Piece]:
    """How much of a whole: a line to that share, the track after it."""
    share = max(0.0, min(1.0, share))
    halves = int(share * width * 2)
    if share and not halves:
        halves = 1
    if share < 1 and halves == width * 2:
        halves -= 1
    whole, half = divmod(halves, 2)
    pieces = [Piece(palette.glyph("bar") * whole, token)] if whole else []
    if half:
        pieces.append(Piece(palette.glyph("bar-half"), token))
    rest = width - whole - half
    return [*pieces, _track(rest, palette)] if rest else pieces


# Mapped children ----------------------------------------------------------------------------------

_SHADES = {"success": "▄", "wrong": "█", "running": "▆", "waiting": "▁"}
_SHADES_ASCII = {"success": "=", "wrong": "x", "running": ">", "waiting": "."}


def heat(children: Sequence[str], palette: Palette, width: int) -> list[Piece]:
    """Mapped children in index order, a cell for so many of them; the worst state wins the cell."""
    width_used = min(width, len(children))
    pieces: list[Piece] = []
    for cell in range(width_used):
        first = cell * len(children) // width_used
        last = (cell + 1) * len(children) // width_used
        state = worst(children[first:last])
        waiting = look_of(state).group == "waiting"
        token = "track" if waiting else fill_token(state, cell)
        pieces.append(Piece(_shade(state, palette), token))
    return [*pieces, blank(width - width_used)] if width_used < width else pieces


def _shade(state: str, palette: Palette) -> str:
    if palette.depth == "full" and not palette.ascii:
        return "▆"
    return (_SHADES_ASCII if palette.ascii else _SHADES)[look_of(state).group]


# Words with glyphs --------------------------------------------------------------------------------


def state_pieces(state: str, palette: Palette, width: int | None = None) -> list[Piece]:
    """Glyph and word of a state, in its colours; the word is filled to `width` cells in all."""
    look = look_of(state)
    word = look.name if width is None else look.name.ljust(width - 2)[: width - 2]
    return [
        Piece(palette.state_glyph(state), look.token, bold=look.alarming),
        Piece(" " + word, look.word_token),
    ]


def subject_piece(text: str, state: str) -> Piece:
    """The name of what is in a state: bold when that is bad, bright while it runs."""
    look = look_of(state)
    if look.alarming:
        return Piece(text, "fg0", bold=True)
    if state == "Running":
        return Piece(text, "fg0")
    return Piece(text, "fg2" if state in _UNSTARTED else "fg1")


def state_flow(
    stays: Sequence[tuple[str, float]], palette: Palette, width: int | None = None
) -> list[Piece]:
    """How long each state lasted, in order; where there is no room the first ones go."""
    arrow = Piece(f"  {palette.glyph('then')}  ", "fg3")
    for dropped in range(len(stays)):
        pieces = [Piece(palette.ellipsis, "fg3"), arrow] if dropped else []
        for index, (state, seconds) in enumerate(stays[dropped:]):
            if index:
                pieces.append(arrow)
            last = index + dropped == len(stays) - 1
            glyph = Piece(palette.state_glyph(state), look_of(state).token)
            pieces += [glyph, Piece(f" {duration(seconds)}", "fg1" if last else "fg2")]
        if width is None or width_of(pieces) <= width:
            return pieces
    return []


def tally(counts: Sequence[tuple[str, int, str]], palette: Palette) -> list[Piece]:
    """What there is of each state, in words: `✗ 1 failed   ● 12 running   ✓ 513 ok`."""
    pieces: list[Piece] = []
    for state, count, word in counts:
        look = look_of(state)
        bad = look.group == "wrong" and count > 0
        if pieces:
            pieces.append(blank(3))
        pieces += [
            Piece(palette.state_glyph(state), look.token if count else "fg2", bold=look.alarming),
            Piece(f" {thin_groups(count)}", look.token if bad else "fg0", bold=True)
            if count
            else Piece(" 0", "fg2"),
            Piece(f" {word}", "fg1"),
        ]
    return pieces
