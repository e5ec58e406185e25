"""The first row and the last: where one is, and what the keys do here."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Protocol

from flowtui.frozen import frozen
from flowtui.models.text import age, clock, cut, plain, thin_groups, zone_name
from flowtui.models.times import Clock, system_clock
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.pulse import pulse_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line, Painted

WIDE = 100
"""Cells from which on there is room for seconds and latencies."""
_ANSWERS = 5
"""Answers of which the middle one says how soon the backend answers: one is chance."""
_LEADING = ("x", "?", "f1")
"""The keys of the menu and of help, which know all the others."""
_SLACK = 0.02
"""Seconds that answers may differ by without being another kind of answer."""
_LATENCY = " 250 ms"
"""What there is room for before it is known, so that no tab loses its name for it."""
SLOW = 1.0
"""Seconds from which on an answer is slow, for most people."""
TALL = 30
"""Rows from which on the active tab is underlined."""


@frozen
class Tab:
    """A place to go to, and the key that goes there."""

    key: str
    name: str
    wrong: int = 0
    """How many things there want a human."""


class Freshness(Protocol):
    """How old an answer is."""

    @property
    def age(self) -> float: ...

    @property
    def is_stale(self) -> bool: ...

    @property
    def stale_in(self) -> float: ...

    @property
    def took(self) -> float | None: ...


class TopBar(Painted):
    """Where one is, on which backend, and what time it is there.

    The clock shows seconds while something else on the screen counts them: they are what makes an
    elapsed time comparable, and where nothing counts they would be all that moves.
    """

    DEFAULT_CSS = """
    TopBar { dock: top; background: $bg1; }
    """

    def __init__(
        self,
        active: str = "",
        *,
        tabs: Sequence[Tab] = (),
        profile: str = "",
        production: bool = False,
        clock: Clock = system_clock,
        zone: tzinfo | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.active = active
        self.tabs = tuple(tabs)
        self.profile = profile
        self.production = production
        self._clock = clock
        self._zone = zone
        self._latency: float | None = None
        self._answers: deque[float] = deque(maxlen=_ANSWERS)
        self._trouble = ""

    def on_mount(self) -> None:
        pulse_of(self).follow(self, self.repaint)

    def show_tabs(self, tabs: Sequence[Tab]) -> None:
        """Show these tabs, with what is wrong in each."""
        if self.tabs != tuple(tabs):
            self.tabs = tuple(tabs)
            self.repaint()

    def show_connection(self, latency: float | None, error: Exception | None = None) -> None:
        """Show how the backend answers: in how many seconds, or that it does not."""
        if latency is not None:
            self._answers.append(latency)
            latency = sorted(self._answers)[(len(self._answers) - 1) // 2]
        before = self._latency, self._trouble
        if _differs(latency, self._latency):
            self._latency = latency
        self._trouble = "" if error is None else "no answer"
        if (self._latency, self._trouble) != before:
            self.repaint()

    def seconds_to_change(self) -> float | None:
        if pulse_of(self).is_beating:
            return None
        now = self._clock()
        return 60.0 - now.second - now.microsecond / 1e6

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        wide = width >= WIDE
        right = self._place(palette, wide)
        to_come = max(0, len(_LATENCY) - len(self._said)) if wide else 0
        room = width - width_of(right) - to_come - 6
        left, start, size = self._tabs(palette, wide, room)
        row = between([blank(2), *left], [*right, blank(2)], width)
        bar = [piece._replace(bg=piece.bg or "bg1") for piece in row]
        if self.app.size.height < TALL:
            return [bar]
        below = [
            Piece(" " * (2 + start), bg="bg0"),
            Piece(palette.glyph("underline") * size, "accent", "bg0"),
            Piece(" " * max(0, width - 2 - start - size), bg="bg0"),
        ]
        return [bar, below]

    def _tabs(self, palette: Palette, wide: bool, room: int) -> tuple[list[Piece], int, int]:
        """The tabs that fit; the place and the width of the active one, for its underline.

        The active tab is always named; of the others as many as there is room for, from the left,
        and those after them by their key alone.
        """
        gap = 3 if wide else 2
        brand = [Piece("flowtui", "fg0", bold=True), blank(3 - gap)]
        keys = [self._tab(tab, palette, wide, named=tab.name == self.active) for tab in self.tabs]
        names = [self._tab(tab, palette, wide) for tab in self.tabs]
        if _width(keys, gap) + width_of(brand) > room:
            brand = []
        for index, name in enumerate(names):
            more = [*keys[:index], name, *keys[index + 1 :]]
            if _width(more, gap) + width_of(brand) > room:
                break
            keys = more
        shown = list(zip(self.tabs, keys, strict=True))
        while _width([form for _, form in shown], gap) + width_of(brand) > room:
            spare = [one for one in shown if one[0].name != self.active]
            if not spare:
                break
            shown.remove(spare[-1])
        pieces, start, size = list(brand), 0, 0
        for tab, form in shown:
            pieces += [*([blank(gap)] if pieces else []), *form]
            if tab.name == self.active:
                size = width_of(form[:2])
                start = width_of(pieces) - width_of(form)
        return pieces, start, size

    def _tab(self, tab: Tab, palette: Palette, wide: bool, named: bool = True) -> list[Piece]:
        active = tab.name == self.active
        pieces = [Piece(tab.key, "accent" if active else "fg2")]
        if named:
            pieces.append(Piece(f" {tab.name}", "fg0" if active else "fg1", bold=active))
        if tab.wrong and wide:
            count = palette.state_glyph("Failed") + thin_groups(tab.wrong)
            pieces += [blank(1), Piece(count, "failed", bold=True)]
        return pieces

    def _place(self, palette: Palette, wide: bool) -> list[Piece]:
        now = self._clock()
        name = cut(plain(self.profile), 24 if wide else 12, palette.ellipsis)
        dot = Piece(palette.glyph("dot"), "success" if self._latency is not None else "fg3")
        if self._trouble:
            dot = Piece(palette.state_glyph("Late"), "late", bold=True)
        seconds = wide and pulse_of(self).is_beating
        time = f"{clock(now, self._zone, seconds=seconds)} {zone_name(now, self._zone)}"
        if not wide:
            return [dot, blank(1), *self._named(name, "fg1"), blank(2), Piece(time, "fg1")]
        return [
            *self._named(name),
            blank(2),
            dot,
            Piece(self._said, "late" if self._trouble else "fg2"),
            blank(3 if seconds else 6),
            Piece(time, "fg1"),
        ]

    def _named(self, name: str, token: str = "fg0") -> list[Piece]:
        """The profile; on a band of its own where people depend on it."""
        if self.production:
            return [Piece(f" {name} ", "late", "late-tint", bold=True)]
        return [Piece(name, token, bold=token == "fg0")]

    @property
    def _said(self) -> str:
        """How the backend answers, after a blank; nothing while nobody knows."""
        if self._trouble:
            return f" {self._trouble}"
        return "" if self._latency is None else f" {max(1, round(self._latency * 1000))} ms"


class KeyBar(Painted):
    """What the keys do in the pane that has the focus, and how old what one sees is."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: 1; background: $bg0; }
    """

    def __init__(self, keys: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._keys = tuple(keys)
        self._freshness: Freshness | None = None
        self._note = ""
        self._paused = False
        self.slow_after = SLOW
        """Seconds that an answer may take before that is told."""
        self._notice = ("", False)

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show these keys and what they do; what does not fit is left out from the right."""
        self._keys = tuple(keys)
        self.repaint()

    def show_freshness(self, freshness: Freshness | None) -> None:
        """Show how old the answer is that the screen was painted from."""
        self._freshness = freshness
        self.repaint()

    def show_note(self, note: str) -> None:
        """Say something at the right instead of an age: that nothing has been sent yet."""
        self._note = note
        self.repaint()

    def show_paused(self, paused: bool) -> None:
        """Show that nothing is asked by itself."""
        self._paused = paused
        self.repaint()

    def show_notice(self, text: str, wrong: bool = False) -> None:
        """Say something instead of the keys, until `clear_notice`."""
        self._notice = (plain(text), wrong)
        self.repaint()

    def clear_notice(self) -> None:
        """Show the keys again."""
        if self._notice[0]:
            self._notice = ("", False)
            self.repaint()

    @property
    def _tells_age(self) -> Freshness | None:
        return None if self._note else self._freshness

    def counts_seconds(self) -> bool:
        told = self._tells_age
        return not self._paused and told is not None and told.is_stale and told.age < 60

    def seconds_to_change(self) -> float | None:
        told = self._tells_age
        if told is None:
            return None
        return 60 - told.age % 60 if told.is_stale or self._paused else told.stale_in

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        right = [*self._age(palette), blank(2)]
        room = width - width_of(right) - 4
        left = self._said(palette, room) if self._notice[0] else self._legend(room)
        return [between([blank(2), *left], right, width)]

    def _said(self, palette: Palette, room: int) -> list[Piece]:
        text, wrong = self._notice
        if not wrong:
            return [Piece(cut(text, room, palette.ellipsis), "fg0")]
        glyph = Piece(palette.state_glyph("Failed"), "failed", bold=True)
        return [glyph, Piece(" " + cut(text, room - 2, palette.ellipsis), "fg0")]

    def _legend(self, room: int) -> list[Piece]:
        """What fits: left out from the right, those that lead to all the others last."""
        keys = list(self._keys)
        while keys and sum(len(key) + len(label) + 4 for key, label in keys) - 3 > room:
            spare = [item for item in keys if item[0] not in _LEADING] or keys
            keys.remove(spare[-1])
        pieces: list[Piece] = []
        for key, label in keys:
            gap = [blank(3)] if pieces else []
            pieces += [*gap, Piece(key, "fg0", bold=True), Piece(f" {label}", "fg2")]
        return pieces

    def _age(self, palette: Palette) -> list[Piece]:
        if self._note:
            return [Piece(plain(self._note), "fg2")]
        if self._paused:
            paused = [Piece(palette.glyph("dot"), "late"), Piece(" paused", "late", bold=True)]
            told = self._freshness
            old = f", {age(told.age)} old" if told is not None and told.age >= 60 else ""
            return [*paused, Piece(old, "late")] if old else paused
        if self._freshness is None:
            return []
        if self._freshness.is_stale:
            return [
                Piece(palette.state_glyph("Late"), "late", bold=True),
                Piece(f" {age(self._freshness.age)} old", "late"),
            ]
        took = self._freshness.took
        slow = f" {took:.1f} s" if took is not None and took >= self.slow_after else ""
        word = Piece(f" slow{slow}", "late") if slow else Piece(" live", "fg2")
        return [Piece(palette.glyph("dot"), "ok-quiet"), word]


def _width(forms: Sequence[Sequence[Piece]], gap: int) -> int:
    """The cells of forms with a gap before each."""
    return sum(gap + width_of(form) for form in forms)


def _differs(latency: float | None, shown: float | None) -> bool:
    """Whether a latency is worth telling: a line that nobody needs to read again stays as it is."""
    if latency is None or shown is None:
        return latency is not shown
    return not (shown + _SLACK) / 2 <= latency + _SLACK <= (shown + _SLACK) * 2
