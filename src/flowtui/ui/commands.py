"""Commands: what can be done from anywhere by its name, with a word or two behind it.

A command is one entry; command line, palette and completion follow. Tabs are commands too: their
words are a filter for the list one goes to.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from flowtui.config import profile_names
from flowtui.errors import UsageProblem
from flowtui.frozen import frozen
from flowtui.ui import steering
from flowtui.ui.screens import VIEWS
from flowtui.ui.themes import PREFIX, THEMES
from flowtui.ui.zones import zone_names

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

Run = Callable[["FlowtuiApp", str], "Awaitable[None] | None"]
Offers = Callable[["FlowtuiApp"], Iterable[str]]


def _nothing(app: FlowtuiApp) -> Iterable[str]:
    return ()


@frozen
class Command:
    """Something to be done by its name."""

    name: str
    text: str
    run: Run
    words: str = ""
    """What is written behind it: NAME; in brackets where it may be left out."""
    offers: Offers = _nothing
    """What can stand there."""

    @property
    def shown(self) -> str:
        """How it is written."""
        return f":{self.name} {self.words}".rstrip()

    @property
    def needs_words(self) -> bool:
        """Whether it makes no sense alone."""
        return bool(self.words) and not self.words.startswith("[")

    @property
    def is_free(self) -> bool:
        """Whether other words than those that are offered can follow."""
        return self.offers is _nothing or self.words.startswith("[") or self.name == "zone"


def _screen_action(name: str) -> Run:
    """Does what a key does on every screen."""

    def run(app: FlowtuiApp, words: str) -> None:
        act = getattr(app.screen, "action_act", None)
        if act is not None:
            act(name)

    return run


def _go_to(view: str) -> Run:
    async def run(app: FlowtuiApp, words: str) -> None:
        await app.show_view(view, words or None)

    return run


def _refresh(app: FlowtuiApp, words: str) -> None:
    """Ask now, or from now on every so many seconds."""
    if not words:
        _screen_action("refresh_now")(app, "")
        return
    if words == "usual":
        app.feeds.pace.every(None)
        app.say("Lists are asked for as often as usual.")
        return
    try:
        seconds = float(words.removesuffix("s"))
    except ValueError:
        seconds = 0.0
    if not 0.5 <= seconds <= 3600:
        raise UsageProblem(f"{words!r} is no number of seconds from 0.5 to 3600.")
    app.feeds.pace.every(seconds)
    app.say(f"Everything is asked for every {seconds:g} s; :refresh usual goes back.")


def _queue(app: FlowtuiApp, words: str) -> Awaitable[None]:
    from flowtui.ui.dialogs.queue import ask_to_switch_queue

    if words not in ("pause", "resume"):
        raise UsageProblem("Write :queue pause or :queue resume.")
    return ask_to_switch_queue(app, words == "pause")


def _declared() -> Iterable[Command]:
    for view in VIEWS.values():
        yield Command(view.name, view.sentence, _go_to(view.name), "[FILTER]")
    yield Command(
        "open",
        "The page of a flow, a run or a task run.",
        lambda app, words: app.open_id(words),
        "ID",
    )
    yield Command("find", "Find a flow, run, project or task.", steering.find, "[TEXT]")
    yield Command(
        "theme",
        "Another look, kept from now on.",
        steering.show_theme,
        "NAME",
        lambda app: [name.removeprefix(PREFIX) for name in THEMES],
    )
    yield Command(
        "zone",
        "The zone that times are shown in.",
        steering.show_zone,
        "NAME",
        lambda app: zone_names(),
    )
    yield Command(
        "profile",
        "Another backend of your configuration.",
        steering.use_profile,
        "NAME",
        lambda app: profile_names(os.environ),
    )
    yield Command("tenant", "Another tenant of this backend.", steering.use_tenant, "[SLUG]")
    yield Command("connect", "The backend at a URL.", steering.connect_to_url, "URL")
    yield Command(
        "connection",
        "What answers, how fast, and what went wrong.",
        _screen_action("show_connections"),
    )
    yield Command(
        "refresh",
        "Ask now; or every so many seconds from now on.",
        _refresh,
        "[SECONDS]",
        lambda app: ("1", "5", "30", "usual"),
    )
    yield Command("pause", "Stop asking, or go on.", _screen_action("pause_updates"))
    yield Command(
        "queue",
        "Hold back all scheduled runs, or let them go; it asks first.",
        _queue,
        "pause|resume",
        lambda app: ("pause", "resume"),
    )
    yield Command("journal", "Everything that was sent.", _screen_action("open_journal"))
    yield Command("help", "Every key of this screen.", _screen_action("show_help"))
    yield Command("redraw", "Paint the whole screen again.", _screen_action("redraw"))
    yield Command("quit", "Leave flowtui.", lambda app, words: app.exit(0))


COMMANDS: dict[str, Command] = {one.name: one for one in _declared()}
"""By name."""
