"""What every screen is made of: bars, actions by name, and feeds while it is on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.events import Key

from flowtui.errors import FlowtuiError
from flowtui.models.journal import naming
from flowtui.ui.actions import KEY_NAMES, MENU_KEY, Action, action, actions_of, bindings_of
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.ink import Piece
from flowtui.ui.pane_ages import PaneAges, Question
from flowtui.ui.pulse import last_fifth
from flowtui.ui.screens import VIEWS
from flowtui.ui.screens.shell import BESIDE, COPY, ShellActions
from flowtui.ui.tokens import Palette
from flowtui.ui.trouble import is_offline, offline_line, problem_lines
from flowtui.ui.widgets.bars import KeyBar, TopBar
from flowtui.ui.widgets.painted import Lines

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

WIDE = 110
"""Columns from which there is room for a preview beside a table."""
BROAD = 160
"""Columns from which the preview is 60 wide, and a table shows all it has."""
TALL = 30
"""Rows from which blank lines are worth their place."""


HANDS_OFF = "this profile is read-only, so nothing was sent"
"""Why nothing that changes something is even asked."""


def something_to_change(screen: Any) -> str | None:
    """The menu would not be empty."""
    return None if screen.has_menu else "nothing can be changed on this page; open something first"


TAB_ACTIONS = tuple(
    Action(
        f"go_to_{view.name}", (view.digit,), view.name, view.sentence, on_bar=False, view=view.name
    )
    for view in VIEWS.values()
)
"""The keys of the tabs."""


def screen_actions(owner: type) -> tuple[Action, ...]:
    """All that keys do on a screen: what its methods declare, and the tabs.

    Where no page stands beside another, no key goes there; where there is something else to copy
    than an id, that is copied. On a form the keys that a field takes do nothing else: with the
    focus on its button they would leave it, and what was typed would be lost.
    """
    alone = getattr(owner, "beside", None) is ShellActions.beside
    declared = [one for one in actions_of(owner) if not (alone and one.name in BESIDE)]
    others = [one for one in declared if one.name != COPY and not one.pane and not one.in_menu]
    own = {key for one in others for key in one.keys}
    copies = [one for one in declared if one.name == COPY and not own.isdisjoint(one.keys)]
    found = (*(one for one in declared if one not in copies), *TAB_ACTIONS)
    return tuple(one for one in found if not (getattr(owner, "is_form", False) and _typed(one)))


def _typed(one: Action) -> bool:
    """Whether a field takes its first key: a letter, a sign, or what deletes."""
    key = one.keys[0]
    return len(KEY_NAMES.get(key, key)) == 1 or key in ("backspace", "ctrl+k")


def something_named(screen: Any) -> str | None:
    """A notice has named something that has a page."""
    return None if screen.flowtui.last_named is not None else "nothing has been made yet"


def with_shell(screen: Any) -> str | None:
    """A shell started flowtui, and is there to go back to."""
    return None if screen.flowtui.has_shell else "no shell started flowtui as a job of its own"


class ActionScreen(ShellActions):
    """A screen whose keys are declared on its methods, and whose data comes from feeds."""

    tab: ClassVar[str] = ""
    """The tab of the top bar it belongs to."""

    title_text: ClassVar[str] = ""
    """What help calls it."""

    is_form: ClassVar[bool] = False
    """Whether what is typed is lost with the page, so that no stray key may leave it."""

    hints: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Keys of its widgets that its last row tells too, before its own."""

    actions: tuple[Action, ...] = ()
    """All that keys do here; on a screen that is shown, with the keys that somebody chose."""

    DEFAULT_CSS = """
    ActionScreen { scrollbar-size: 0 0; }
    ActionScreen #problem { padding: 0 2; display: none; }
    ActionScreen.-low #problem { margin-top: 1; }
    ActionScreen #offline { display: none; height: 1; padding: 0; }
    """
    _made_of: tuple[tuple[Any, ...], dict[str, Any]]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (TALL, "-tall")]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.actions = screen_actions(cls)
        in_panes_first = sorted(cls.actions, key=lambda one: not one.pane)
        cls.BINDINGS = [*bindings_of(in_panes_first)]
        super().__init_subclass__(**kwargs)

    def __init__(self) -> None:
        super().__init__()
        self._listening: list[Question] = []
        self._ages = PaneAges(self)
        self._main_feed: Feed[Any] | None = None
        self._fresh_now: datetime | None = None
        self._problem: FlowtuiError | None = None
        self._is_escaping = False
        """The last key was esc."""

    def __new__(cls, *given: Any, **named: Any) -> ActionScreen:
        screen = super().__new__(cls)
        screen._made_of = (given, named)
        return screen

    def again(self) -> Callable[[], ActionScreen]:
        """Makes the same page once more, for whoever comes back to it."""
        given, named = self._made_of
        return lambda: type(self)(*given, **named)

    def is_like(self, other: object) -> bool:
        """Whether another screen is the same page."""
        return type(other) is type(self) and other._made_of == self._made_of

    @property
    def flowtui(self) -> FlowtuiApp:
        """The app, by its own type."""
        return cast("FlowtuiApp", self.app)

    @property
    def menu_subject(self) -> str:
        """What the actions of the menu act on."""
        return ""

    def subject_of(self, declared: Action) -> str:
        """What one action acts on, as the journal has it."""
        return self.menu_subject

    @property
    def menu_actions(self) -> tuple[Action, ...]:
        """What the menu offers here."""
        return tuple(one for one in self.actions if one.in_menu)

    @property
    def has_menu(self) -> bool:
        """Whether anything can be changed here."""
        return bool(self.menu_actions)

    # Layout

    def compose(self) -> ComposeResult:
        app = self.flowtui
        self.actions = app.keymap.applied(type(self).actions)
        self._know_room()
        yield TopBar(
            VIEWS[self.tab].shown if self.tab in VIEWS else "",
            tabs=app.tabs,
            profile=app.profile.title,
            production=app.profile.production,
            clock=app.clock,
            zone=app.zone,
        )
        yield Lines(self._paint_problem, id="problem")
        yield Lines(self._paint_offline, ticks=self._is_offline, ground="late-tint", id="offline")
        yield from self.compose_body()
        yield KeyBar()

    def _know_room(self) -> None:
        """Tell the style sheets how much room there is, so that the first layout is the last."""
        width, height = self.app.size
        room = {"-wide": width >= WIDE, "-broad": width >= BROAD, "-tall": height >= TALL}
        self.update_classes({**room, "-narrow": width < WIDE, "-low": height < TALL})

    def compose_body(self) -> ComposeResult:
        """What stands between the two bars."""
        yield from ()

    # Feeds

    def sources(self) -> list[Question]:
        """The feeds this screen shows, the one whose age matters first, who takes their answers,
        and the panes that tell how old those are."""
        return []

    def on_screen_resume(self) -> None:
        sources = self.sources()
        self._listening[:0] = sources  # in front of what a list has asked of a row already
        self._main_feed = sources[0].feed if sources else None
        self.listen(sources)
        for source in self._listening[:1]:
            source.feed.listen(self._show_freshness)
        self.query_one(KeyBar).slow_after = self.flowtui.slow_after
        self.show_keys()
        self.flowtui.name_window(self.window_title)

    @property
    def window_title(self) -> str:
        """What the terminal's window is called meanwhile; empty is its own name."""
        return ""

    def listen(self, sources: Iterable[Question]) -> None:
        """Take the answers of these from now on."""
        for source in sources:
            source.feed.listen(source.take)
            source.feed.listen(self._show_ages)
        self.show_pace()

    def ask_instead(self, gone: Sequence[Question], new: Sequence[Question]) -> None:
        """Take no more answers of some, and from now on those of others."""
        self.leave(gone)
        self._listening = [*(one for one in self._listening if one not in gone), *new]
        if new:
            self.listen(new)

    def leave(self, sources: Iterable[Question]) -> None:
        """Take no more answers of these."""
        for source in sources:
            source.feed.leave(source.take)
            source.feed.leave(self._show_ages)

    def _show_ages(self, _: Snapshot[Any] | None = None) -> None:
        is_paused = self.flowtui.feeds.pace.is_paused
        self._ages.look(self._listening, self.flowtui.slow_after, is_paused)

    def show_pace(self) -> None:
        """Show whether anything is asked by itself, and how old that makes what stands here."""
        self.query_one(KeyBar).show_paused(self.flowtui.feeds.pace.is_paused)
        self._show_ages()

    def on_screen_suspend(self) -> None:
        self.leave(self._listening)
        for source in self._listening[:1]:
            source.feed.leave(self._show_freshness)
        self._listening = []
        self._ages.rest()

    def on_unmount(self) -> None:
        self.on_screen_suspend()

    def on_resize(self) -> None:
        self.set_class(self.size.width >= BROAD, "-broad")
        self.show_keys()
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def shown_now(self) -> datetime:
        """The time that durations are counted to; it stands still while the answer is stale."""
        if self._main_feed is None or not self._main_feed.snapshot.is_stale:
            now = self.flowtui.now()
            self._fresh_now = last_fifth(now) if self.flowtui.line_is_slow else now
        return self._fresh_now or self.flowtui.now()

    def _paint_problem(self, palette: Palette, width: int) -> list[list[Piece]]:
        return problem_lines(self._problem, palette, width) if self._problem is not None else []

    def _is_offline(self) -> bool:
        return is_offline(self._main_feed)

    def _paint_offline(self, palette: Palette, width: int) -> list[list[Piece]]:
        feed = self._main_feed
        if feed is None or not is_offline(feed):
            return []
        return [offline_line(feed, self.flowtui.feeds.pace.is_paused, palette, width)]

    def _show_freshness(self, snapshot: Snapshot[Any]) -> None:
        self._problem = snapshot.error if snapshot.value is None else None
        problem = self.query_one("#problem", Lines)
        problem.display = self._problem is not None
        problem.repaint()
        offline = self.query_one("#offline", Lines)
        offline.display = self._is_offline()
        offline.repaint()
        self.query_one(KeyBar).show_freshness(None if snapshot.value is None else snapshot)
        self.show_keys()
        bar = self.query_one(TopBar)
        bar.show_tabs(self.flowtui.tabs)
        bar.show_connection(self.flowtui.latency, snapshot.error)

    # Keys

    def on_descendant_focus(self) -> None:
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys of the pane that has the focus."""
        if not self.is_mounted or self._is_going:
            return
        pane = self.focused_pane()
        shown = [
            one
            for one in self.actions
            if one.on_bar
            and one.refusal(self) is None
            and not one.in_menu
            and one.pane in ("", pane)
        ]
        shown.sort(key=lambda one: one.keys[0] != "enter" or not one.pane)
        named = [(one.shown_keys(self.is_typing)[:1], one.label) for one in shown]
        keys = [*self.hints, *((key, label) for first, label in named for key in first)]
        self.query_one(KeyBar).show_keys(keys)

    def focused_pane(self) -> str:
        """The id of the widget that has the focus."""
        return (self.focused.id or "") if self.focused is not None else ""

    def show_notice(self, text: str, wrong: bool = False) -> None:
        """Say something in the last row; it stays until the next key."""
        for bar in self.query(KeyBar):  # a page that is still being made has none yet
            bar.show_notice(text, wrong)

    def on_key(self, event: Key) -> None:
        self._is_escaping = event.key == "escape"
        for bar in self.children:  # a query would take longer than all else a key does here
            if isinstance(bar, KeyBar):
                bar.clear_notice()

    # Actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that is meant for another pane is free for what it does on the whole screen."""
        if action != "act":
            return super().check_action(action, parameters)
        declared = next((one for one in self.actions if one.name == parameters[0]), None)
        return declared is not None and declared.pane in ("", self.focused_pane())

    def action_act(self, name: str) -> None:
        """Do what a key stands for, or say why not; typed ahead, as soon as the page is there."""
        if self._is_going:
            return
        if not self.is_mounted:
            self.call_later(self.action_act, name)
            return
        declared = next((one for one in self.actions if one.name == name), None)
        if declared is None or declared.pane not in ("", self.focused_pane()):
            return
        reason = declared.refusal(self)
        if reason is None and declared.in_menu and self.flowtui.profile.read_only:
            reason = HANDS_OFF
        if reason is not None:
            self.show_notice(f"{declared.label}: {reason}", wrong=True)
            return
        if declared.view:
            self.flowtui.go_to(declared.view)
            return
        done = getattr(self, name)()
        if isawaitable(done):
            self.run_worker(self._guarded(declared, done), group="action")

    async def _guarded(self, declared: Action, done: Any) -> None:
        try:
            with naming(self.subject_of(declared)):
                await done
        except FlowtuiError as error:
            self.flowtui.say(f"{declared.label}: {error}", wrong=True)

    @action(MENU_KEY, "actions", something_to_change)
    async def choose_action(self) -> None:
        """What can be changed here; each one asks first."""
        from flowtui.ui.dialogs.menu import ActionMenu

        chosen = await self.app.push_screen_wait(ActionMenu(self))
        if chosen:
            self.action_act(chosen)

    @action("question_mark,f1", "help")
    def show_help(self) -> None:
        """Every key of this screen, and what it does."""
        from flowtui.ui.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen(self), self._run_chosen)

    def _run_chosen(self, name: str | None) -> None:
        if name:
            self.action_act(name)

    @action("escape,q", "back", bar=False)
    def go_back(self) -> None:
        """Back where you came from; from the first screen q leaves, esc does not."""
        if self._is_escaping and self.flowtui.is_at_a_tab:
            self.show_notice("q leaves flowtui")
        else:
            self.flowtui.go_back()

    @action("r,f5", "refresh", bar=False)
    def refresh_now(self) -> None:
        """Ask the backend now."""
        for source in self._listening:
            source.feed.refresh()

    @action("z", "journal", bar=False)
    def open_journal(self) -> None:
        """Everything that was sent to change something, and what takes it back."""
        from flowtui.ui.screens.journal import JournalScreen

        if not isinstance(self, JournalScreen):
            self.app.push_screen(JournalScreen())

    @action("Z", "take back the last …", bar=False)
    async def undo_last(self) -> None:
        """Take the last command back that has a way back; it asks first."""
        from flowtui.ui.dialogs.undo import undo_last

        await undo_last(self)

    @action("o", "open the last", something_named, bar=False)
    def open_last(self) -> None:
        """The page of what the last notice named, such as a new run."""
        if self.flowtui.last_named is not None:
            self.app.push_screen(self.flowtui.last_named.open())

    @action("ctrl+l", "redraw", bar=False)
    def redraw(self) -> None:
        """Paint the whole screen again."""
        self.flowtui.redraw()

    @action("ctrl+z", "to the shell", with_shell, bar=False)
    def suspend(self) -> None:
        """Stop flowtui and go back to the shell; fg there goes on."""
        self.app.action_suspend_process()

    @action("f9", "theme", bar=False)
    def next_theme(self) -> None:
        """The next theme: dark, light, 16 colours, none."""
        self.flowtui.next_theme()


def selected(screen: Any) -> str | None:
    """Something is under the cursor."""
    return None if screen.subject is not None else "nothing is selected"
