"""What every screen can do that is not about what it shows: find, go, copy, look, connect."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from flowtui.ui.actions import action
from flowtui.ui.clipboard import copy
from flowtui.ui.widgets.leavable import Leavable

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp
    from flowtui.ui.screens.frame import ActionScreen
    from flowtui.ui.steering import Siblings

BESIDE = ("go_to_previous", "go_to_next")
"""The actions of pages that have others beside them."""
COPY = "copy_id"

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def with_id(screen: Any) -> str | None:
    """Something on the screen has an id."""
    return None if screen.copied_id else "nothing here has an id"


def been_elsewhere(screen: Any) -> str | None:
    """There is a view to go back to."""
    return None if screen.flowtui.has_been_elsewhere else "you have been nowhere else yet"


def with_page_above(screen: Any) -> str | None:
    """Its title names a page above it."""
    return None if screen.above() is not None else "no page stands above this one"


class ShellActions(Leavable[Any]):
    """The actions of all screens, whatever they show."""

    async def beside(self) -> Siblings | None:
        """The pages beside this one; a screen that has some says which."""
        return None

    def above(self) -> Callable[[], ActionScreen] | str | None:
        """Makes the page that stands before this one in its title, or names a tab; a page that has
        one says which."""
        return None

    @property
    def is_typing(self) -> bool:
        """Whether letters are written into what has the focus, and do nothing else."""
        return self.focused is not None and self.focused.check_consume_key("a", "a")

    @property
    def copied_id(self) -> str:
        """The id of what is under the cursor, else of what the screen shows; empty for none."""
        known = [
            getattr(thing, name, None)
            for thing in (getattr(self, "chosen_run", None), getattr(self, "subject", None), self)
            for name in ("group_id", "run_id", "id")
        ]
        return next((one for one in known if isinstance(one, str) and _ID.fullmatch(one)), "")

    @property
    def _shell_app(self) -> FlowtuiApp:
        return cast("FlowtuiApp", self.app)

    # Finding what can be done, and what there is

    @action("ctrl+p", "palette", bar=False)
    async def open_palette(self) -> None:
        """Everything that can be done here, found by a few letters."""
        await self._choose(commands_only=False)

    @action("colon", "command", bar=False)
    async def open_command_line(self) -> None:
        """A command: :runs state:failed, :theme light, :open ID; Tab completes."""
        await self._choose(commands_only=True)

    async def _choose(self, commands_only: bool) -> None:
        from flowtui.ui.dialogs.palette import PaletteDialog

        screen = cast("ActionScreen", self)
        chosen = await self.app.push_screen_wait(PaletteDialog(screen, commands_only))
        if chosen is None:
            return
        if chosen.action:
            self.call_after_refresh(screen.action_act, chosen.action)
        else:
            from flowtui.ui.steering import run_command

            done = run_command(self._shell_app, chosen.command, chosen.words)
            self._shell_app.do(f":{chosen.command}", done)

    @action("ctrl+k", "find", bar=False)
    def find_anything(self) -> None:
        """Find a flow, run, project or task by a part of its name or the beginning of its id."""
        from flowtui.ui.steering import find

        self._shell_app.do("find", find(self._shell_app))

    # Going elsewhere

    @action("minus", "last view", been_elsewhere, bar=False)
    def go_to_last(self) -> None:
        """Where you were before; again, and you are here."""
        self._shell_app.do("last view", self._shell_app.go_to_last())

    @action("left_square_bracket", "previous beside", bar=False)
    async def go_to_previous(self) -> None:
        """The page before this one: an older run of the flow, the flow before."""
        await self._go_beside(-1)

    @action("right_square_bracket", "next beside", bar=False)
    async def go_to_next(self) -> None:
        """The page after this one: a newer run of the flow, the flow after."""
        await self._go_beside(1)

    async def _go_beside(self, step: int) -> None:
        beside = await self.beside()
        if beside is None:
            self._shell_app.say("What stands beside this page is not known yet.", wrong=True)
        elif self.is_current:
            self.app.switch_screen(beside.beside(step))

    @action("backspace", "up", with_page_above, bar=False)
    def go_up(self) -> None:
        """The page above, as the title has it: of a task run its run, of a run its flow."""
        above = self.above()
        if isinstance(above, str):
            self._shell_app.go_to(above)
        elif above is not None:
            self._shell_app.climb_to(above())

    # Copying

    @action("c,y", "copy id", with_id, bar=False)
    async def copy_id(self) -> None:
        """Copy the id of what is under the cursor, or of the page."""
        await self._copy_text(self.copied_id)

    @action("Y", "copy command", with_id, bar=False)
    async def copy_command(self) -> None:
        """Copy the command that opens this in another terminal: flowtui --open ID."""
        await self._copy_text(f"flowtui --open {self.copied_id}")

    async def _copy_text(self, text: str, called: str = "") -> None:
        driver = self.app._driver
        write = driver.write if driver is not None else lambda data: None
        self._shell_app.say(f"{called or text}: {await copy(text, os.environ, write)}")

    # How it is shown, and from where

    @action("T", "time zone …", bar=False)
    def choose_zone(self) -> None:
        """The zone that all times are shown in; it is kept."""
        from flowtui.ui.steering import pick_zone

        self._shell_app.do("time zone", pick_zone(self._shell_app))

    @action("at", "profile …", bar=False)
    def choose_profile(self) -> None:
        """Another backend of your configuration."""
        from flowtui.ui.steering import pick_profile

        self._shell_app.do("profile", pick_profile(self._shell_app))

    @action("exclamation_mark", "connection", bar=False)
    def show_connections(self) -> None:
        """What answers, how fast, how old each answer is, and what went wrong."""
        from flowtui.ui.dialogs.connections import Connections

        self.app.push_screen(Connections(self._shell_app))

    @action("P", "pause / go on", bar=False)
    def pause_updates(self) -> None:
        """Stop asking the backend by itself, or go on; r asks once."""
        self._shell_app.toggle_pause()
