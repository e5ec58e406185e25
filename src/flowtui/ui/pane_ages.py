"""What a page asks, which of its panes show it, and what each pane says of its own answer.

A pane says nothing while its answer is young and came quickly. Else its title says how old the
answer is, that there is none, or how long it took; in steps, so that a line that nobody needs to
read again stays as it is. What is true of all panes is said once, in the last row of the screen:
also that nothing is asked by itself, and since when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, cast

from textual.screen import Screen
from textual.timer import Timer

from flowtui.errors import FlowtuiError, Refused, Unauthorized, Unreachable
from flowtui.models.text import age
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.ink import Piece
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette

Line = Sequence[Piece]

STEP = 10
"""Seconds by which an age is told, and from which on; from a minute on it is told by minutes."""
TOGETHER = 30
"""Seconds that answers may lie apart and still be told as one."""
LOOK_AGAIN = 5.0
"""Seconds until an age that may be told is looked at without an answer."""


class Question(NamedTuple):
    """A question of a page, who takes the answers, and the panes that show them."""

    feed: Feed[Any]
    take: Callable[[Snapshot[Any]], None]
    panes: tuple[str, ...] = ()
    """The ids of the widgets whose first row says how old the answer is."""


class Pane(Protocol):
    """A widget whose first row has room for a word about its answer."""

    def show_edge(self, said: Line) -> None: ...


class Told(NamedTuple):
    """What there is to say of an answer."""

    kind: str = ""
    """`old`, `slow`, why there is none; empty when all is well."""
    words: str = ""


class PaneAges:
    """Says in the panes of a screen how it is with their answers."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._asked: Sequence[Question] = ()
        self._slow_after = 1.0
        self._is_paused = False
        self._slow: dict[Feed[Any], float] = {}
        """The latencies that are told."""
        self._said: dict[str, Line] = {}
        self._timer: Timer | None = None

    def look(self, asked: Sequence[Question], slow_after: float, is_paused: bool) -> None:
        """Say what is true now, and again after a while; the whole page hangs on the first of the
        questions, and says itself that this has no answer."""
        self.rest()
        self._asked, self._slow_after, self._is_paused = asked, slow_after, is_paused
        if not self._screen.is_attached:
            return
        said = self._words(palette_of(self._screen))
        for pane in {*said, *self._said}:
            if said.get(pane, ()) != self._said.get(pane, ()):
                for widget in self._screen.query(f"#{pane}"):
                    cast(Pane, widget).show_edge(said.get(pane, ()))
        self._said = said
        if any(one.panes for one in asked[1:]) and not is_paused:
            fresh = [one.feed.snapshot.stale_in for one in asked if not one.feed.snapshot.is_stale]
            pause = LOOK_AGAIN if len(fresh) < len(asked) else max(0.1, min(fresh))
            self._timer = self._screen.set_timer(pause, self._look_again)

    def _look_again(self) -> None:
        self.look(self._asked, self._slow_after, self._is_paused)

    def rest(self) -> None:
        """Look no more by itself."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = None

    def _words(self, palette: Palette) -> dict[str, Line]:
        """What each pane says, of those that say something."""
        shown = [one for one in self._asked if one.panes]
        if not shown or self._asked[0].feed.snapshot.value is None:
            return {}
        told = [self._of(one.feed) for one in shown]
        ages = [one.feed.snapshot.age for one in shown]
        if len({one.kind for one in told}) == 1 and max(ages) - min(ages) < TOGETHER:
            return {}
        late = palette.state_glyph("Late")
        said: dict[str, Line] = {}
        for asked, (kind, words) in zip(shown, told, strict=True):
            piece = Piece(words, "fg2") if kind == "slow" else Piece(f"{late} {words}", "late")
            for pane in asked.panes if words else ():
                said.setdefault(pane, [piece])
        return said

    def _of(self, feed: Feed[Any]) -> Told:
        snapshot = feed.snapshot
        if snapshot.value is None:
            why = _why(snapshot.error) if snapshot.error is not None else ""
            return Told(why, why)
        if snapshot.is_stale:
            is_told = snapshot.age >= STEP and not self._is_paused
            return Told("old", f"{told_age(snapshot.age)} old") if is_told else Told()
        took = self._told_latency(feed, snapshot.took or 0.0)
        return Told("slow", f"slow {took:.1f} s") if took is not None else Told()

    def _told_latency(self, feed: Feed[Any], took: float) -> float | None:
        """The latency to tell: another one when it is half or twice what is told, none when the
        feed is quick again."""
        shown = self._slow.get(feed)
        if took < (self._slow_after / 2 if shown is not None else self._slow_after):
            self._slow.pop(feed, None)
            return None
        if shown is None or not shown / 2 <= took <= shown * 2:
            shown = self._slow[feed] = took
        return shown


def told_age(seconds: float) -> str:
    """An age in steps: `10 s`, `40 s`, `3 m`."""
    return age(seconds // STEP * STEP if seconds < 60 else seconds)


def _why(error: FlowtuiError) -> str:
    """Why there is no answer, in two words."""
    if isinstance(error, Unreachable):
        return "no answer"
    return "refused" if isinstance(error, (Refused, Unauthorized)) else "not understood"
