"""Switching a flow's schedule on or off, and archiving a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.models.flows import FlowVersion
from flowtui.models.group_schedule import stored_times
from flowtui.models.inputs import InputProblem
from flowtui.models.schedules import Schedule
from flowtui.models.text import away
from flowtui.ui.dialogs.question import Question
from flowtui.ui.named import PageOfFlow
from flowtui.ui.paint import zoned_moment

if TYPE_CHECKING:
    from flowtui.ui.screens.flow_page import FlowPage
    from flowtui.ui.screens.frame import ActionScreen


async def ask_to_switch_schedule(screen: FlowPage) -> None:
    """Ask for the flow whose page this is."""
    assert screen.group is not None
    flow = screen.group.latest
    page = PageOfFlow(screen.group_id)
    await ask_to_switch_schedule_of(screen, flow, screen.group.schedule or flow.schedule, page)


async def ask_to_switch_schedule_of(
    screen: ActionScreen, flow: FlowVersion, schedule: Schedule | None, page: PageOfFlow
) -> None:
    """Show what the schedule of a flow is now, ask, and switch it."""
    app = screen.flowtui
    is_on = flow.is_schedule_active
    follows = (
        "runs it has planned and nobody has taken are removed; runs by hand go on"
        if is_on
        else "the next runs are planned at once"
    )
    question = Question(
        f"Schedule {'off' if is_on else 'on'}",
        flow.name,
        f"v{flow.version}",
        facts=(
            ("now", f"{'on' if is_on else 'off'}: {schedule}"),
            ("then", f"{'off' if is_on else 'on'}: {follows}"),
            *(() if is_on else _next_run(screen, schedule)),
            ("sends", f"set_schedule_{'inactive' if is_on else 'active'}"),
        ),
        act=f"Switch the schedule {'off' if is_on else 'on'}",
    )
    if not await app.push_screen_wait(question):
        return
    await (await app.backend()).switch_schedule(flow.id, not is_on)
    app.say(f"The schedule of {flow.name} is {'off' if is_on else 'on'}.", opens=page)
    screen.refresh_now()


def _next_run(screen: ActionScreen, schedule: Schedule | None) -> tuple[tuple[str, str], ...]:
    """When a schedule that is switched on fires first; nothing where that cannot be told."""
    now = screen.shown_now()
    try:
        times = stored_times(schedule.document, now, 1) if schedule is not None else []
    except InputProblem:
        return ()
    zone = screen.flowtui.zone
    return tuple(
        ("next run", f"{zoned_moment(when, now, zone)}, in {away(when - now)}") for when in times
    )


async def ask_to_archive(screen: FlowPage, version: FlowVersion) -> None:
    """Ask, then archive a version."""
    app = screen.flowtui
    assert screen.group is not None
    others = any(not one.archived for one in screen.group.versions if one.id != version.id)
    question = Question(
        "Archive version",
        f"{version.name} v{version.version}",
        facts=(
            ("keeps", "its runs, their states and logs"),
            ("ends", "its schedule, the runs it has planned, and new runs of it"),
            ("back", "there is no way back but registering the flow again"),
            ("sends", "archive_flow"),
        ),
        act=f"Archive v{version.version}",
        warning=("The flow has no other version that runs.",) if not others else (),
    )
    if not await app.push_screen_wait(question):
        return
    await (await app.backend()).archive(version.id)
    said = f"{version.name} v{version.version} is archived."
    app.say(said, opens=PageOfFlow(screen.group_id))
    screen.refresh_now()
