"""Whatever a flow says of itself, each of its panes stays a pane; and none goes on in the dark."""

from __future__ import annotations

from tests.driver import UI, dashboard
from tests.hostile import ALL, ESCAPES, MARKUP, hostile_world
from tests.ui.screens.shop import FLOW, fill_shop, open_pane, walk_to
from tests.ui.screens.test_hostile import Inspector
from tests.world import World

TABLE = f"| {ALL} | {ALL} |\n|---|---|\n| {ESCAPES} | {ALL} |"
README = f"# {ALL}\n\n- {MARKUP}\n\n{TABLE}\n\n```\n{ALL}\n```"


async def _write_everywhere(world: World) -> None:
    group = {"flow_group_id": await world.group_of(ALL)}
    clock = {"cron": "0 5 * * *", "parameter_defaults": {ALL: ALL, MARKUP: [ALL]}}
    await world.do("set_flow_group_description", "success", description=README, **group)
    await world.do("set_flow_group_schedule", "success", cron_clocks=[clock], **group)
    await world.do("set_flow_group_labels", "success", labels=[ALL, ESCAPES], **group)
    await world.do("set_flow_group_default_parameters", "success", parameters={ALL: ALL}, **group)
    await world.flow(
        ALL,
        project=ALL,
        tasks=[{"slug": ALL, "name": ALL, "type": ALL, "tags": [ALL]}, {"slug": MARKUP}],
        edges=[(ALL, MARKUP)],
        parameters={ALL: MARKUP},
        labels=[MARKUP],
    )


async def test_every_pane_survives_hostile_text(installation: World) -> None:
    await hostile_world(installation)
    await _write_everywhere(installation)
    for size in ((120, 40), (80, 24)):
        async with dashboard(installation, size=size) as ui:
            see = Inspector(ui)
            await ui.sees("8 in 8 projects")
            await _open_last(ui)
            for title, said in (
                ("Versions", "ok of runs"),
                ("Tasks", "tasks"),
                ("Schedules", "daily 05:00"),
                ("Upcoming", "No run is planned"),
                ("Errors", "message"),
                ("Settings", "version group id"),
                ("Read me", "Read me"),
            ):
                await walk_to(ui, title)
                await see.look(title, said)
            for keys, title in (("x e", "Read me"), ("x b", "Settings"), ("x f", "Settings")):
                await walk_to(ui, title)
                await ui.press(keys)
                await see.look(f"{title} {keys}", "sends")
                await ui.press("escape")
                await ui.sees_no("sends ")


async def _open_last(ui: UI) -> None:
    """Open the flow whose every text is hostile."""
    for _ in range(12):
        record = ui.app.screen.list_table.record
        if record is not None and record.name == ALL:
            await ui.press("enter")
            await ui.sees("Read me")
            return
        await ui.press("j")
    raise AssertionError(f"the flow is not in the list\n{ui.text}")


async def test_a_page_that_is_left_asks_for_nothing_more(installation: World) -> None:
    await fill_shop(installation)
    async with dashboard(installation) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("v1 → v2")
        for title in ("Tasks", "Schedules", "Upcoming", "Errors", "Settings", "Read me", "Runs"):
            await walk_to(ui, title)
        await ui.press("escape")
        await ui.sees("1 in 1 project")
        asked = {key[0] for key, feed in ui.app.feeds.known if feed.is_listened_to}
        assert not asked & {"flow counts", "flow errors", "flow upcoming", "flow tasks"}
        assert "version tasks" not in asked
        assert FLOW in ui.text
