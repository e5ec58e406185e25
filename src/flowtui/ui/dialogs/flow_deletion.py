"""Deleting a flow or one version of it: its name has to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.models.flows import FlowVersion
from flowtui.models.text import amount, plain
from flowtui.ui.dialogs.form import Entry, Form

if TYPE_CHECKING:
    from flowtui.ui.screens.flow_page import FlowPage


def _named(name: str) -> Entry:
    """The field in which a name is typed, to be sure."""
    right = plain(name).strip()

    def check(text: str) -> str:
        return "" if plain(text).strip() == right else "not its name"

    return Entry("its name", check=check)


async def ask_to_delete_version(screen: FlowPage, version: FlowVersion) -> None:
    """Ask for its name and number, then delete a version with its runs."""
    app = screen.flowtui
    name = f"{version.name} v{version.version}"
    form = Form(
        "Delete version",
        name,
        (_named(name),),
        facts=(
            ("loses", f"its runs ({amount(version.finished, 'ended run')}), states, logs, tasks"),
            ("back", "there is no way back; x a archives it and keeps its runs"),
            ("sends", "delete_flow"),
        ),
        act=f"Delete v{version.version}",
        leave="Keep it",
    )
    if not await app.push_screen_wait(form):
        return
    await (await app.backend()).delete_flow(version.id)
    app.say(f"{plain(name)} is deleted.")
    screen.refresh_now()


async def ask_to_delete_flow(screen: FlowPage) -> bool:
    """Ask for its name, then delete a flow with all versions and runs; whether it was deleted."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    name = group.latest.name
    runs = sum(version.finished for version in group.versions)
    lost = f"{amount(len(group.versions), 'version')}, {amount(runs, 'ended run')}"
    form = Form(
        "Delete flow",
        name,
        (_named(name),),
        facts=(
            ("loses", f"{lost} with their states and logs, and what is planned"),
            ("back", "there is no way back"),
            ("sends", "delete_flow_group"),
        ),
        act="Delete the flow",
        leave="Keep it",
        warning=("Everything that ever ran of it goes with it.",) if runs else (),
    )
    if not await app.push_screen_wait(form):
        return False
    await (await app.backend()).delete_flow_group(group.id)
    app.say(f"The flow {plain(name)} is deleted.")
    return True
