"""What commands and keys do with the whole app: other views, looks, zones, backends."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flowtui.config import Flags, checked_url, load_profile, profile_names
from flowtui.errors import NotFound, UsageProblem
from flowtui.frozen import frozen
from flowtui.models.search import Found
from flowtui.ui.dialogs.picker import OneOf, Pick
from flowtui.ui.themes import PREFIX, THEMES
from flowtui.ui.zones import LOCAL, zone_called, zone_names

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp
    from flowtui.ui.screens.frame import ActionScreen


@frozen
class Siblings:
    """The pages that stand beside one, from the first to the last."""

    noun: str
    """What each of them is."""
    ids: Sequence[str]
    here: str
    open: Callable[[str], ActionScreen]
    """Makes the page of one."""

    def beside(self, step: int) -> ActionScreen:
        """The page so many further on. Raises NotFound at the end."""
        if self.here not in self.ids:
            raise NotFound(f"This {self.noun} is not among those that are listed.")
        wanted = list(self.ids).index(self.here) + step
        if not 0 <= wanted < len(self.ids):
            raise NotFound(f"This is the {'last' if step > 0 else 'first'} {self.noun}.")
        return self.open(self.ids[wanted])


async def runs_beside(
    app: FlowtuiApp, run_id: str, group_id: Any, open_run: Callable[[Any], ActionScreen]
) -> Siblings:
    """The runs of the same flow, from the oldest to the newest."""
    runs = await (await app.backend()).flow_runs(group_id)
    return Siblings("run", [run.id for run in reversed(runs)], run_id, open_run)


async def flows_beside(
    app: FlowtuiApp, group_id: str, open_flow: Callable[[Any], ActionScreen]
) -> Siblings:
    """All flows, by name."""
    flows = await (await app.backend()).flows()
    return Siblings("flow", [flow.group_id for flow in flows], group_id, open_flow)


# Looks ------------------------------------------------------------------------------------------


def show_theme(app: FlowtuiApp, name: str) -> None:
    """Show everything in another look. Raises UsageProblem."""
    if PREFIX + name not in THEMES:
        known = ", ".join(one.removeprefix(PREFIX) for one in THEMES)
        raise UsageProblem(f"There is no theme {name!r}.", f"Known are: {known}.")
    app.theme = PREFIX + name
    app.keep()
    app.say(f"theme {name}")


def show_zone(app: FlowtuiApp, name: str) -> None:
    """Show all times in another zone. Raises UsageProblem."""
    app.zone.chosen = zone_called(name)
    for screen in app.screen_stack:
        for widget in screen.walk_children():
            repaint = getattr(widget, "repaint", None) or widget.refresh
            repaint()
    app.keep()
    app.say(f"Times are shown in {app.zone.name}: it is {app.told_now()}.")


async def pick_zone(app: FlowtuiApp) -> None:
    """Ask which zone times are to be shown in."""
    notes = {LOCAL: "this machine's"}
    picks = [
        Pick(name, name, notes.get(name, ""), is_current=name == app.zone.name)
        for name in zone_names()
    ]
    chosen = await app.push_screen_wait(OneOf("Time zone", f"now {app.zone.name}", picks))
    if chosen:
        show_zone(app, chosen)


# Backends ---------------------------------------------------------------------------------------


async def pick_profile(app: FlowtuiApp) -> None:
    """Ask which backend of the configuration to look at."""
    names = profile_names(os.environ)
    if not names:
        raise UsageProblem("You have no profile.", "Use :connect URL.")
    picks = []
    for name in names:
        profile = load_profile(Flags(profile=name), _without_overrides())
        notes = [profile.api_url, *(["production"] if profile.production else [])]
        notes += ["read-only"] if profile.read_only else []
        picks.append(Pick(name, name, "  ".join(notes), is_current=name == app.profile.name))
    chosen = await app.push_screen_wait(OneOf("Profile", app.profile.title, picks))
    if chosen:
        await use_profile(app, chosen)


async def use_profile(app: FlowtuiApp, name: str) -> None:
    """Look at another backend of the configuration. Raises UsageProblem."""
    await app.connect_to(load_profile(Flags(profile=name), _without_overrides()))
    app.say(f"This is {app.profile.title} now.")


def _without_overrides() -> dict[str, str]:
    """The environment less what would go over a profile that is asked for by name."""
    over = ("FLOWTUI_API_URL", "FLOWTUI_API_KEY", "FLOWTUI_TENANT", "FLOWTUI_PROFILE")
    return {name: value for name, value in os.environ.items() if name not in over}


async def connect_to_url(app: FlowtuiApp, url: str) -> None:
    """Look at the backend at a URL; no key is taken along to another host."""
    profile = app.profile
    wanted = checked_url(url)
    same = wanted.split("//")[1].split("/")[0] == profile.api_url.split("//")[1].split("/")[0]
    kept = replace(profile, api_url=wanted, name="", is_default=False)
    await app.connect_to(kept if same else replace(kept, api_key="", tenant=""))
    app.say(f"This is {app.profile.title} now.")


async def pick_tenant(app: FlowtuiApp) -> None:
    """Ask which tenant of the backend to look at."""
    tenants = await (await app.backend()).tenants()
    here = app.profile.tenant
    picks = [
        Pick(
            one.slug,
            one.name,
            f"{one.slug}{'  its queue is paused' if one.is_queue_paused else ''}",
            is_current=here in (one.id, one.slug),
        )
        for one in sorted(tenants, key=lambda one: one.name.casefold())
    ]
    chosen = await app.push_screen_wait(OneOf("Tenant", app.profile.title, picks))
    if chosen:
        await use_tenant(app, chosen)


async def use_tenant(app: FlowtuiApp, wanted: str = "") -> None:
    """Look at another tenant, by slug, name or id; without one, ask which. Raises NotFound."""
    if not wanted:
        await pick_tenant(app)
        return
    tenants = await (await app.backend()).tenants()
    found = next((one for one in tenants if wanted in (one.slug, one.id, one.name)), None)
    if found is None:
        raise NotFound(f"There is no tenant {wanted!r} on this backend.")
    await app.connect_to(replace(app.profile, tenant=found.id))
    app.say(f"This is tenant {found.name} now.")


# Finding ----------------------------------------------------------------------------------------


async def find(app: FlowtuiApp, text: str = "") -> None:
    """Ask for anything by a part of its name or its id, and open it."""
    from flowtui.ui.dialogs.find import FindDialog

    found: Found | None = await app.push_screen_wait(FindDialog(app, text))
    if found is None:
        return
    if found.kind == "project":
        quoted = f'"{found.name}"' if " " in found.name else found.name
        await app.show_view("flows", f"project:{quoted}")
    else:
        await app.open_id(found.open_id or found.id)


async def run_command(app: FlowtuiApp, name: str, words: str) -> None:
    """Do what a command says."""
    from inspect import isawaitable

    from flowtui.ui.commands import COMMANDS

    done: Awaitable[None] | None = COMMANDS[name].run(app, words)
    if isawaitable(done):
        await done
