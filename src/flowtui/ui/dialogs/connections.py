"""What answers and how: the backend, and every question that is asked of it now."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from flowtui.errors import FlowtuiError
from flowtui.models.connection import About
from flowtui.models.text import age, amount, cut, fit, plain
from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.feeds import Feed
from flowtui.ui.ink import Piece, blank
from flowtui.ui.paint import heading, wrapped
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import SLOW
from flowtui.ui.widgets.painted import Lines

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

CAPTION = 16


class Connections(Facts):
    """The backend's own words, and a line for each feed."""

    def __init__(self, app: FlowtuiApp) -> None:
        super().__init__("Connection", app.profile.title)
        self._flowtui = app
        self._about: About | None = None
        self._problem = ""

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._ask())
        self.set_interval(1.0, self._repaint)

    async def _ask(self) -> None:
        try:
            self._about = await (await self._flowtui.backend()).about()
        except FlowtuiError as error:
            self._problem = str(error)
        self._repaint()

    def _repaint(self) -> None:
        for lines in self.query("#facts Lines").results(Lines):
            lines.repaint()

    def paint_facts(self, palette: Palette, width: int) -> list[list[Piece]]:
        lines: list[list[Piece]] = []
        for name, value in self._rows():
            for number, row in enumerate(wrapped(plain(value), max(10, width - CAPTION))):
                caption = name if number == 0 else ""
                lines.append([Piece(caption.ljust(CAPTION), "fg2"), Piece(row, "fg1")])
        known = self._flowtui.feeds.known
        lines += [[], heading("Asked lately", amount(len(known), "question"))]
        lines += [self._feed_line(asked, feed, palette, width) for asked, feed in known]
        for problem in self._flowtui.start_problems:
            rows = wrapped(plain(problem), width - 2)
            glyph = Piece(f"{palette.glyph('warning')} ", "late", bold=True)
            lines += [[], [glyph, Piece(rows[0], "fg0")]]
            lines += [[blank(2), Piece(row, "fg0")] for row in rows[1:]]
        return lines

    def _rows(self) -> list[tuple[str, str]]:
        app, about = self._flowtui, self._about
        said = self._problem or "asking …"
        latency = app.latency
        return [
            ("api", app.profile.api_url),
            ("profile", app.profile.name or "none"),
            ("tenant", app.profile.tenant or "the backend's own"),
            ("may change", "nothing, it is read-only" if app.profile.read_only else "everything"),
            ("backend", f"{about.kind} {about.version}".strip() if about else said),
            ("core version", (about.core_version or "–") if about else "–"),
            ("mode", (about.mode or "–") if about else "–"),
            (
                "last answer",
                f"in {round(latency * 1000)} ms" if latency is not None else "none yet",
            ),
            ("updates", "paused; P goes on" if app.feeds.pace.is_paused else "live"),
        ]

    def _feed_line(
        self, asked: Hashable, feed: Feed[Any], palette: Palette, width: int
    ) -> list[Piece]:
        snapshot = feed.snapshot
        name = _name(asked)
        if snapshot.value is None and snapshot.error is None:
            return [Piece(fit(name, 28), "fg1"), Piece("asking …", "fg2")]
        old = "none yet" if snapshot.value is None else f"{age(snapshot.age)} old"
        took = f"{round(snapshot.took * 1000)} ms" if snapshot.took is not None else "–"
        slow = snapshot.took is not None and snapshot.took >= SLOW
        pieces = [
            Piece(fit(name, 28), "fg1"),
            Piece(fit(old, 12), "late" if snapshot.failures else "fg1"),
            Piece(fit(took, 10, right=True), "late" if slow else "fg1"),
        ]
        if snapshot.failures:
            said = f"   failed {amount(snapshot.failures, 'time')}: {snapshot.error}"
            pieces.append(Piece(cut(plain(said), max(1, width - 50), palette.ellipsis), "failed"))
        return pieces


def _name(asked: Hashable) -> str:
    """A question by its words, with the beginning of an id."""
    words = asked if isinstance(asked, tuple) else (asked,)
    shown = [str(word) for word in words]
    return plain(" ".join(word[:8] if len(word) == 36 else word for word in shown))
