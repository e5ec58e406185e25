"""The app: one backend, the feeds that ask it, and the stack of screens.

The client itself is imported with it; what carries its questions, which may be httpx and
certificates, comes beside the first page. A thread that imports all of it is slower: it waits for
the page at every file.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

from textual.driver import Driver
from textual.screen import Screen

from flowtui.client.backend import Backend
from flowtui.config import KeySettings, Profile
from flowtui.errors import FlowtuiError
from flowtui.frozen import frozen
from flowtui.models.ids import FlowRunId
from flowtui.models.text import amount, clock, zone_name
from flowtui.models.times import Clock, system_clock
from flowtui.ui.feeds import Feed, Feeds
from flowtui.ui.kept import Kept, StateFile
from flowtui.ui.keymap import Keymap, read_keymap
from flowtui.ui.listing import Memory
from flowtui.ui.named import PageOfFlow, PageOfRun
from flowtui.ui.terminal.app import ShadowedApp
from flowtui.ui.themes import PREFIX, THEMES, ThemedApp, theme_for
from flowtui.ui.tokens import speaks_utf8
from flowtui.ui.typed_ahead import TypedAhead
from flowtui.ui.widgets.bars import SLOW, Tab
from flowtui.ui.zones import ShownZone, zone_called

if TYPE_CHECKING:
    from flowtui.ui.live_run import LiveRun
    from flowtui.ui.screens.frame import ActionScreen

T = TypeVar("T")
Connect = Callable[[Profile], Backend]

FAILED_KNOWN = 600.0
"""Seconds for which the count of failed runs is shown after it was known."""


class FlowtuiApp(TypedAhead[int], ShadowedApp[int], ThemedApp[int]):
    """The dashboard over one backend.

    `connect` makes the backend from the profile; tests give one that needs no network. `zone` is
    the zone that times are shown in, None for this machine's; `journal` the file that keeps what
    was sent, None for none; `state` the one that keeps how somebody wants to see things; `keys` the
    table of keys of config.toml.
    """

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "flowtui"

    def __init__(
        self,
        profile: Profile,
        *,
        open_id: str | None = None,
        connect: Connect | None = None,
        clock: Clock = system_clock,
        zone: tzinfo | None = None,
        theme: str | None = None,
        view: str = "",
        driver_class: type[Driver] | None = None,
        journal: Path | None = None,
        state: StateFile | None = None,
        keys: KeySettings | None = None,
    ) -> None:
        kept, trouble = state.read() if state is not None else (Kept(), "")
        super().__init__(
            driver_class=driver_class,
            theme=theme or _wanted_theme(os.environ, kept.theme),
            ascii_only=not speaks_utf8(os.environ),
        )
        self.profile = profile
        self.clock = clock
        self.zone = ShownZone(zone)
        self.start_problems = [trouble] if trouble else []
        """What of the files of the user could not be done."""
        self.keymap = Keymap()
        self.slow_after = SLOW
        """Seconds that an answer may take before that is told."""
        self._tabs: tuple[Tab, ...] = ()
        self._failed = (0, 0.0)
        """How many runs failed within a day, and when that was known."""
        self.feeds = Feeds()
        self.memory: Memory = kept.memory
        """How somebody wants to see the lists."""
        self.last_named: PageOfRun | PageOfFlow | None = None
        """The page of what was named last in a notice."""
        self._live_runs: WeakValueDictionary[FlowRunId, LiveRun] = WeakValueDictionary()
        self._open_id = open_id
        self._state = state
        self._keys = keys
        self._view = view or kept.view
        """The tab one is on, or was on before the page that is shown."""
        self._last: Spot | None = None
        if zone is None and kept.zone:
            with suppress(FlowtuiError):
                self.zone.chosen = zone_called(kept.zone)
        self._connect = connect
        self._journal = journal
        self._journal_trouble = ""
        """Why the journal is not written, until it has been told with the next notice."""
        self._backend: Backend | None = None
        self._connected = asyncio.Event()

    @property
    def tabs(self) -> tuple[Tab, ...]:
        """The tabs, with how many runs failed within a day; as long as that is still true enough,
        because no page asks for it only to say so here."""
        count, known = self._failed
        if not count or time.monotonic() - known > FAILED_KNOWN:
            return self._tabs
        return tuple(replace(tab, wrong=count if tab.name == "Runs" else 0) for tab in self._tabs)

    def tell_failed(self, count: int) -> None:
        """Show beside the tabs how many runs failed within a day."""
        self._failed = count, time.monotonic()

    async def on_mount(self) -> None:
        from flowtui.ui.screens import VIEWS

        self._tabs = tuple(Tab(view.digit, view.shown) for view in VIEWS.values())
        self.run_worker(self._make_backend(), group="connection")
        await asyncio.sleep(0)  # it is under way while the first page is imported and laid out
        self._read_keys()
        if self._view not in VIEWS:
            self._view = next(iter(VIEWS))
        await self.push_screen(VIEWS[self._view].screen())
        if self.start_problems:
            count, first = len(self.start_problems), self.start_problems[0]
            all_of_them = f"{amount(count, 'problem')}, ! tells all: " if count > 1 else ""
            self.call_after_refresh(self.say, f"{all_of_them}{first}", wrong=True)
        if self._open_id:
            self.run_worker(self._open_at(self._open_id), group="open")

    async def _make_backend(self) -> None:
        """Make the client off the loop: what goes over TLS imports much before it can ask."""
        if self._connect is None:
            self._backend = await asyncio.to_thread(Backend, self.profile)
        else:
            self._backend = self._connect(self.profile)
        self._keep_journal(self._backend)
        self._connected.set()

    def _keep_journal(self, backend: Backend) -> None:
        """Have what is sent written down, and its trouble told."""
        journal = backend.journal
        journal.path = self._journal or journal.path
        journal.on_trouble = self._tell_journal_trouble
        backend.clock = self.clock

    def _read_keys(self) -> None:
        """Give the actions the keys that somebody wants."""
        if self._keys is None or not self._keys.table:
            return
        from flowtui.ui.screens import every_screen

        screens = {one.title_text: one.actions for one in every_screen()}
        self.keymap = read_keymap(self._keys.table, str(self._keys.path), screens)
        self.start_problems += self.keymap.problems
        self.set_keymap(self.keymap.bindings)

    def keep(self) -> None:
        """Write down how somebody wants to see things."""
        if self._state is None:
            return
        theme = self.theme.removeprefix(PREFIX)
        trouble = self._state.write(Kept(self._view, theme, self.zone.name, self.memory))
        if trouble and trouble not in self.start_problems:
            self.start_problems.append(trouble)
            if self.is_running:
                self.say(trouble, wrong=True)

    async def on_unmount(self) -> None:
        self.keep()
        if self._backend is not None:
            await self._backend.close()

    async def backend(self) -> Backend:
        """The backend, as soon as there is one."""
        await self._connected.wait()
        assert self._backend is not None
        return self._backend

    @property
    def latency(self) -> float | None:
        """Seconds the backend took for its last answer."""
        return self._backend.latency if self._backend is not None else None

    def feed(
        self,
        question: tuple[Any, ...],
        ask: Callable[[Backend], Awaitable[T]],
        interval: float | Callable[[T | None], float] = 2.0,
    ) -> Feed[T]:
        """The feed for a question, shared by all who ask the same."""

        async def asked() -> T:
            return await ask(await self.backend())

        return self.feeds.feed(question, asked, interval)

    def live_run(self, run_id: FlowRunId) -> LiveRun:
        """The run as it is followed, kept while any screen or feed has it."""
        live = self._live_runs.get(run_id)
        if live is None:
            from flowtui.ui.live_run import LiveRun  # with it comes all that holds a log

            live = self._live_runs[run_id] = LiveRun(run_id)
        return live

    def now(self) -> datetime:
        """The time, aware."""
        return self.clock()

    async def _open_at(self, wanted: str) -> None:
        try:
            await self.open_id(wanted)
        except FlowtuiError as error:
            self.say(f"Cannot open {wanted}: {error}", wrong=True)

    async def open_id(self, wanted: str) -> None:
        """Open the page of a flow, a run or a task run. Raises NotFound."""
        from flowtui.ui.screens import screen_for

        place = await (await self.backend()).place_of(wanted)
        self._leave_spot()
        await self.push_screen(screen_for(place))

    def do(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something that may outlive the screen it was asked for on; tell what goes wrong."""

        async def guarded() -> None:
            try:
                await work
            except FlowtuiError as error:
                self.say(f"{what}: {error}", wrong=True)

        self.run_worker(guarded(), group="asked for")

    async def connect_to(self, profile: Profile) -> None:
        """Look at another backend; what is known of this one is forgotten."""
        from flowtui.ui.screens import VIEWS

        before = self._backend
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        self._connected.clear()
        self._backend, self.profile = None, profile
        pace, self.feeds = self.feeds.pace, Feeds()
        self.feeds.pace = pace
        self._live_runs.clear()
        self._last = self.last_named = None
        self._failed = (0, 0.0)
        await self.switch_screen(VIEWS[self._view].screen())
        if before is not None:
            await before.close()
        await self._make_backend()

    def told_now(self) -> str:
        """The time of day where times are shown."""
        return f"{clock(self.now(), self.zone, seconds=False)} {zone_name(self.now(), self.zone)}"

    def toggle_pause(self) -> None:
        """Ask nothing by itself, or go on."""
        from flowtui.ui.screens.frame import ActionScreen

        pace = self.feeds.pace
        if pace.is_paused:
            pace.resume()
            self.say("Updates go on.")
        else:
            pace.pause()
            self.say("Updates are paused: r asks once, P goes on.")
        for screen in self.screen_stack:
            if isinstance(screen, ActionScreen):
                screen.show_pace()

    def _tell_journal_trouble(self, trouble: str) -> None:
        """Say it now, and once more with what is said of the command that was sent."""
        self.say(f"The journal: {trouble}", wrong=True)
        self._journal_trouble = trouble

    def say(
        self, text: str, wrong: bool = False, opens: PageOfRun | PageOfFlow | None = None
    ) -> None:
        """Tell the user something on the screen they look at; it stays until the next key.

        `opens` is the page of what is named, which the key `o` opens from then on.
        """
        if opens is not None:
            self.last_named = opens
            if not opens.is_on(self.screen):
                text = f"{text}  o  opens it"
        if self._journal_trouble:
            text, wrong = f"{text}  But not in the journal: {self._journal_trouble}", True
            self._journal_trouble = ""
        screen: Screen[Any] = self.screen
        notice = getattr(screen, "show_notice", None)
        if notice is not None:
            notice(text, wrong)

    def go_to(self, view: str) -> None:
        """Leave every page and show a tab."""
        self.do(view, self.show_view(view))

    async def show_view(self, view: str, filter_text: str | None = None) -> None:
        """Leave every page and show a tab, with this filter where it is a list."""
        from flowtui.ui.screens import VIEWS

        wanted = VIEWS[view].screen
        if len(self.screen_stack) > 2 or not isinstance(self.screen, wanted):
            self._leave_spot()
        while len(self.screen_stack) > 2:
            await self.pop_screen()
        self._view = view
        if filter_text is not None:
            self.memory.filters[(view,)] = filter_text
        if not isinstance(self.screen, wanted) or filter_text is not None:
            await self.switch_screen(wanted())
        self.keep()

    @property
    def is_at_a_tab(self) -> bool:
        """Whether no page is open above the tab."""
        return len(self.screen_stack) <= 2

    def go_back(self) -> None:
        """Leave the page; on a tab, leave flowtui."""
        if self.is_at_a_tab:
            self.exit(0)
        else:
            self._leave_spot()
            self.pop_screen()

    def climb_to(self, page: ActionScreen) -> None:
        """Show a page in the place of this one; where one came from it, go back to it."""
        if page.is_like(self.screen_stack[-2]):
            self.go_back()
        else:
            self._leave_spot()
            self.switch_screen(page)

    # Where one was before

    @property
    def has_been_elsewhere(self) -> bool:
        """Whether there is a view to go back to."""
        return self._last is not None

    def _spot(self) -> Spot:
        page = self.screen if len(self.screen_stack) > 2 else None
        again = getattr(page, "again", None)
        return Spot(self._view, again() if again is not None else None)

    def _leave_spot(self) -> None:
        self._last = self._spot()

    async def go_to_last(self) -> None:
        """Go where one was before; that place is then the one that was before."""
        last, here = self._last, self._spot()
        if last is None:
            return
        if last.page is None:
            await self.show_view(last.view)
        elif len(self.screen_stack) > 2:
            await self.switch_screen(last.page())
        else:
            await self.push_screen(last.page())
        self._last = here

    def next_theme(self) -> None:
        """Show everything in the next look."""
        names = list(THEMES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.keep()
        kept = "" if self._state is not None else "; set FLOWTUI_THEME to keep it"
        self.say(f"theme {self.theme.removeprefix(PREFIX)}{kept}")

    def action_help_quit(self) -> None:
        """Ctrl+C: say how to leave, as nobody leaves by accident."""
        self.say("ctrl+q leaves flowtui")


@frozen
class Spot:
    """Somewhere one has been: a tab, and the page over it."""

    view: str
    page: Callable[[], Screen[Any]] | None = None


def _wanted_theme(environ: Mapping[str, str], kept: str = "") -> str:
    """The theme that FLOWTUI_THEME names, else the one that was chosen, else what the terminal can
    show; NO_COLOR goes over what was chosen."""
    named = PREFIX + environ.get("FLOWTUI_THEME", "")
    if named in THEMES:
        return named
    if PREFIX + kept in THEMES and "NO_COLOR" not in environ:
        return PREFIX + kept
    return theme_for(environ)
