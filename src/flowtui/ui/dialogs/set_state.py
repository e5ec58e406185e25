"""Setting the state of a run or a task run by hand, guarded by the version that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.errors import Conflict, FlowtuiError
from flowtui.models.states import RunState
from flowtui.models.tasks import unwrapped
from flowtui.models.text import clock, plain
from flowtui.ui.dialogs.phrase import Phrase, production_phrase
from flowtui.ui.dialogs.settable import NONE, Settable, scope_words
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.paint import wrapped
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import KeyBar
from flowtui.ui.widgets.dialog import PADDING, Dialog
from flowtui.ui.widgets.fields import Buttons, Choice, Field, Option, PushButton
from flowtui.ui.widgets.painted import Lines

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

CONFLICT_KEYS = (("enter", "look again"), ("tab", "choose"), ("esc", "leave"))

LOW = 29
"""Rows of a screen below which a conflict and all that can be chosen just fit, without gaps."""


class SetStateDialog(Dialog[str]):
    """Choose a state and say why; the answer is the state that was set."""

    changes: ClassVar[bool] = True
    keys = (("j k", "choose"), ("tab", "next"), ("enter", "press"), ("esc", "leave"))

    DEFAULT_CSS = """
    SetStateDialog #now { margin-bottom: 1; }
    SetStateDialog #now.-plain { padding: 0 3; }
    SetStateDialog #choosing, SetStateDialog #along { height: auto; padding-right: 2; }
    SetStateDialog Horizontal Lines { width: 12; }
    SetStateDialog #to, SetStateDialog #scope { margin-bottom: 1; }
    SetStateDialog Field { margin: 0 0 1 1; }
    SetStateDialog #sends { padding: 0 3 1 3; }
    SetStateDialog Buttons { margin-bottom: 1; }
    SetStateDialog #harmless { padding: 0 3; margin-bottom: 1; }
    SetStateDialog.-tight #now, SetStateDialog.-tight #to { margin-bottom: 0; }
    SetStateDialog.-tight Field { margin: 0 0 0 1; }
    """

    def __init__(self, subject: Settable) -> None:
        super().__init__("Set state", subject.name, subject.place)
        self._subject = subject
        self._seen = subject.seen
        self._scopes: Sequence[Option] = ()
        """Which task runs can be set along, once they have been counted."""
        self._now: RunState | None = None
        """What it turned out to be in when it had moved."""
        self._trouble = ""
        self._sending = False

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_now, ground="bg1", id="now")
        options = [
            Option(name, name, note, name)
            for name, note in self._subject.targets
            if name != self._seen.type
        ]
        with Horizontal(id="choosing"):
            yield Lines(lambda palette, width: [[blank(PADDING), Piece("to", "fg2")]], ground="bg1")
            yield Choice(options, id="to")
        yield Field("reason", label_width=10, width=63, ground="bg1", id="reason")
        yield Horizontal(id="along")
        yield Lines(self._paint_sends, ground="bg1", id="sends")
        phrase = production_phrase(self.flowtui.profile)
        if phrase:
            yield Phrase(phrase)
        with Buttons():
            yield PushButton("Leave it as it is", id="leave")
            yield PushButton("Set", acting=True, enabled=not phrase, id="send")
            yield PushButton("Leave", id="go")
        yield Lines(self._paint_harmless, ground="bg1", id="harmless")

    def on_mount(self) -> None:
        self._repaint()
        self.query_one("#to").focus()
        self.run_worker(self._count_along(), group="count")

    @on(Field.Changed, "#phrase")
    def _phrase_typed(self) -> None:
        self.query_one("#send", PushButton).enabled = self.query_one(Phrase).holds

    async def _count_along(self) -> None:
        """Offer to set task runs along, as soon as it is known how many there are."""
        backend = await self.flowtui.backend()
        try:
            self._scopes = await self._subject.scopes(backend)
        except FlowtuiError as error:
            self._trouble = f"Its task runs cannot be counted: {error}"
            self._repaint()
            return
        if self._scopes and self.is_attached:
            label = [[blank(PADDING), Piece("tasks", "fg2")]]
            along = self.query_one("#along", Horizontal)
            await along.mount(
                Lines(lambda palette, width: label, ground="bg1"),
                Choice(self._scopes, id="scope"),
            )

    @property
    def _scope(self) -> str:
        """Which task runs are set along."""
        chosen = self.query("#scope").results(Choice)
        return next((str(one.value) for one in chosen), NONE)

    # Painting

    def _paint_now(self, palette: Palette, width: int) -> list[list[Piece]]:
        lines = self.query_one("#now", Lines)
        if self._now is None:
            lines.ground = "bg1"
            return [[blank(PADDING), Piece("now       ", "fg2"), *self._state(self._seen, palette)]]
        lines.ground = "late-tint"
        glyph = Piece(palette.state_glyph("Late"), "late", bold=True)
        title = Piece("It changed while you were looking. Nothing was sent.", "fg0", bold=True)
        gap: list[list[Piece]] = [] if self.has_class("-tight") else [[]]
        rows = [
            *gap,
            [glyph, blank(1), title],
            [Piece("  you saw    ", "fg2"), *self._state(self._seen, palette)],
            [Piece("  it is now  ", "fg2"), *self._state(self._now, palette), *self._said()],
            *gap,
        ]
        room = width - PADDING
        return [fit_pieces([blank(PADDING), *row], room, ellipsis=palette.ellipsis) for row in rows]

    def _said(self) -> list[Piece]:
        """What the state says that it has now: who set it, or why."""
        said = unwrapped(self._now.message) if self._now is not None else ""
        return [Piece(f", {plain(said)}", "fg1")] if said else []

    def _paint_harmless(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self._now is None:
            return []
        said = " does the harmless thing: reads it again"
        return [[Piece("enter", "fg0", bold=True), Piece(said, "fg2")]]

    def _state(self, state: RunState, palette: Palette) -> list[Piece]:
        pieces = state_pieces(state.type, palette, 14)
        pieces.append(Piece(f"version {state.version}".ljust(13), "fg1"))
        if state.timestamp:
            pieces.append(Piece(clock(state.timestamp, self.flowtui.zone), "fg1"))
        return pieces

    def _paint_sends(self, palette: Palette, width: int) -> list[list[Piece]]:
        version = (self._now or self._seen).version
        along = scope_words(self._scope, self._scopes)
        first = [Piece("sends     ", "fg2"), Piece(f"the state of {along}, then", "fg1")]
        lead = [blank(10)] if along else [Piece("sends     ", "fg2")]
        lines = [
            *([first] if along else ()),
            [*lead, Piece(f"the state, guarded by version {version},", "fg1")],
            [blank(10), Piece("and one log line with the reason", "fg1")],
        ]
        if self._trouble:
            glyph = Piece(f"{palette.state_glyph('Failed')} ", "failed", bold=True)
            rows = wrapped(plain(self._trouble), width - 2)
            lines += [[], [glyph, Piece(rows[0], "fg0")]]
            lines += [[blank(2), Piece(row, "fg0")] for row in rows[1:]]
        return lines

    def on_resize(self) -> None:
        self._tighten()

    def _tighten(self) -> None:
        """Leave no gaps where a conflict would push the title out of a low screen."""
        self.set_class(self._now is not None and self.app.size.height < LOW, "-tight")

    def _repaint(self) -> None:
        self._tighten()
        for name in ("#now", "#sends", "#harmless"):
            self.query_one(name, Lines).repaint()
        self.query_one("#go", PushButton).display = self._now is not None
        roomy = not self.has_class("-tight")
        self.query_one("#harmless").display = self._now is not None and roomy
        self.query_one(KeyBar).show_keys(CONFLICT_KEYS if self._now is not None else self.keys)
        self._name_button()

    def _name_button(self) -> None:
        button = self.query_one("#send", PushButton)
        chosen = self.query_one("#to", Choice).value
        moved = f" for version {self._now.version}" if self._now else ""
        button.relabel(f"Set to {chosen}{moved}")

    # Doing

    @on(Choice.Changed)
    def _chosen(self) -> None:
        self._repaint()

    @on(PushButton.Pressed, "#leave")
    def _left(self) -> None:
        if self._now is not None:
            self.run_worker(self._look_again(), group="again", exclusive=True)
        else:
            self.dismiss(None)

    async def _look_again(self) -> None:
        """Take what it is in now as what was seen."""
        try:
            now = await self._subject.read(await self.flowtui.backend())
        except FlowtuiError as error:
            self._trouble = str(error)
            self._repaint()
            return
        self._seen, self._now, self._trouble = now, None, ""
        self.query_one("#leave", PushButton).relabel("Leave it as it is")
        self._repaint()

    @on(PushButton.Pressed, "#go")
    def _gone(self) -> None:
        self.dismiss(None)

    @on(PushButton.Pressed, "#send")
    def _pressed(self) -> None:
        if not self._sending:
            self._sending = True
            self.run_worker(self._send(), group="send")

    async def _send(self) -> None:
        """Send the state once; a conflict shows what it is in now, and sends nothing."""
        app = self.flowtui
        backend = await app.backend()
        chosen = self.query_one("#to", Choice).value
        reason = self.query_one("#reason", Field).value.strip()
        said = self._subject.said(chosen, reason)
        seen = self._now or self._seen
        self._trouble = ""
        try:
            await self._subject.send(backend, chosen, seen, said, self._scope)
        except Conflict:
            await self._show_conflict(backend)
            return
        except FlowtuiError as error:
            self._trouble = str(error)
            return
        finally:
            self._sending = False
            self._repaint()
        try:
            await backend.write_log(self._subject.run_id, said, app.now())
        except FlowtuiError as error:
            app.say(f"The state is set, but its log line was refused: {error}", wrong=True)
        self.dismiss(chosen)

    async def _show_conflict(self, backend: Backend) -> None:
        try:
            self._now = await self._subject.read(backend)
        except FlowtuiError as error:
            self._trouble = f"It changed while you were looking; nothing was sent. {error}"
        leave = self.query_one("#leave", PushButton)
        leave.relabel("Look again")
        leave.focus()
        self._repaint()
        self.call_after_refresh(leave.scroll_visible, animate=False)
