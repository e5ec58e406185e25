"""The app: one backend, the feeds that ask it, and the stack of screens.

The first frame is on the screen before the client is imported: gql and httpx cost more than all
the rest of the start.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, tzinfo
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

from textual.driver import Driver
from textual.screen import Screen

from flowtui.config import Profile
from flowtui.errors import FlowtuiError
from flowtui.models.ids import FlowRunId
from flowtui.models.times import Clock, system_clock
from flowtui.ui.feeds import Feed, Feeds
from flowtui.ui.listing import Memory
from flowtui.ui.live_run import LiveRun
from flowtui.ui.terminal.app import ShadowedApp
from flowtui.ui.themes import PREFIX, THEMES, ThemedApp, theme_for
from flowtui.ui.tokens import speaks_utf8
from flowtui.ui.widgets.bars import Tab

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

T = TypeVar("T")
Connect = Callable[[Profile], "Backend"]


class FlowtuiApp(ShadowedApp[int], ThemedApp[int]):
    """The dashboard over one backend.

    `connect` makes the backend from the profile; tests give one that needs no network. `zone` is
    the zone that times are shown in, None for this machine's; `journal` the file that keeps what
    was sent, None for none.
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
        view: str = "overview",
        driver_class: type[Driver] | None = None,
        journal: Path | None = None,
    ) -> None:
        super().__init__(
            driver_class=driver_class,
            theme=theme or _wanted_theme(os.environ),
            ascii_only=not speaks_utf8(os.environ),
        )
        self.profile = profile
        self.clock = clock
        self.zone = zone
        self.tabs: tuple[Tab, ...] = ()
        self.feeds = Feeds()
        self.memory = Memory()
        """How somebody wants to see the lists."""
        self.last_named: Callable[[], Screen[Any]] | None = None
        """Makes the page of what was named last in a notice."""
        self._live_runs: WeakValueDictionary[FlowRunId, LiveRun] = WeakValueDictionary()
        self._open_id = open_id
        self._view = view
        self._connect = connect
        self._journal = journal
        self._backend: Backend | None = None
        self._connected = asyncio.Event()

    async def on_mount(self) -> None:
        from flowtui.ui.screens import VIEWS

        self.tabs = tuple(Tab(view.digit, view.shown) for view in VIEWS.values())
        await self.push_screen(VIEWS[self._view].screen())
        self.run_worker(self._make_backend(), group="connection")
        if self._open_id:
            self.run_worker(self._open_at(self._open_id), group="open")

    async def _make_backend(self) -> None:
        """Import the client off the loop, so that keys are answered meanwhile."""
        if self._connect is None:
            module = await asyncio.to_thread(import_module, "flowtui.client.backend")
            self._backend = module.Backend(self.profile)
        else:
            self._backend = self._connect(self.profile)
        self._keep_journal(self._backend)
        self._connected.set()

    def _keep_journal(self, backend: Backend) -> None:
        """Have what is sent written down, and its trouble told."""
        journal = backend.journal
        journal.path = self._journal or journal.path
        journal.on_trouble = lambda trouble: self.say(f"Journal: {trouble}", wrong=True)
        backend.clock = self.clock

    async def on_unmount(self) -> None:
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
            live = self._live_runs[run_id] = LiveRun(run_id)
        return live

    def now(self) -> datetime:
        """The time, aware."""
        return self.clock()

    async def _open_at(self, wanted: str) -> None:
        from flowtui.ui.screens import screen_for

        try:
            place = await (await self.backend()).place_of(wanted)
            await self.push_screen(screen_for(place))
        except FlowtuiError as error:
            self.say(f"Cannot open {wanted}: {error}", wrong=True)

    def say(
        self, text: str, wrong: bool = False, opens: Callable[[], Screen[Any]] | None = None
    ) -> None:
        """Tell the user something on the screen they look at; it stays until the next key.

        `opens` makes the page of what is named, which the key `o` opens from then on.
        """
        if opens is not None:
            self.last_named = opens
            text = f"{text}  o  opens it"
        screen: Screen[Any] = self.screen
        notice = getattr(screen, "show_notice", None)
        if notice is not None:
            notice(text, wrong)

    def go_to(self, view: str) -> None:
        """Leave every page and show a tab."""
        from flowtui.ui.screens import VIEWS

        wanted = VIEWS[view].screen
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if not isinstance(self.screen, wanted):
            self.switch_screen(wanted())

    def go_back(self) -> None:
        """Leave the page; on a tab, leave flowtui."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
        else:
            self.exit(0)

    def next_theme(self) -> None:
        """Show everything in the next look."""
        names = list(THEMES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.say(f"theme {self.theme.removeprefix(PREFIX)}; set FLOWTUI_THEME to keep it")

    def action_help_quit(self) -> None:
        """Ctrl+C: say how to leave, as nobody leaves by accident."""
        self.say("ctrl+q leaves flowtui")


def _wanted_theme(environ: Mapping[str, str]) -> str:
    """The theme that FLOWTUI_THEME names, else what the terminal can show."""
    named = PREFIX + environ.get("FLOWTUI_THEME", "")
    return named if named in THEMES else theme_for(environ)
