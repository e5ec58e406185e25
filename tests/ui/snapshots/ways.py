"""The worlds that are pictured, and the way to each screen, by keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from flowtui.models.ids import FlowGroupId, FlowRunId
from flowtui.server.services.agents import note_contact
from flowtui.ui.screens.flow import FlowScreen
from flowtui.ui.screens.run import RunScreen
from tests.driver import UI
from tests.hostile import hostile_world
from tests.ui.screens.shop import FLOW, fill_shop, open_pane
from tests.ui.screens.test_artifacts import litter
from tests.ui.screens.test_task_run import chain
from tests.ui.screens.test_why import agent
from tests.ui.snapshots.huge import FLOW as FLOW_OF_ALL
from tests.ui.snapshots.huge import RUN as RUN_OF_ALL
from tests.ui.snapshots.huge import huge_world
from tests.world import World, standard_world

Way = Callable[[UI, World], Awaitable[None]]


async def asked(world: World, name: str, minutes_ago: int) -> None:
    """The agent has asked for work for hours, until some time ago."""
    ids = await world.ask(
        "query($name: String!) { agent(where: {name: {_eq: $name}}) { id } }", name=name
    )
    (found,) = ids["agent"]
    last = world.clock.time - timedelta(minutes=minutes_ago)

    async def note(transaction: Any) -> None:
        await transaction.update("agent", {"id": {"_eq": found["id"]}}, {"contacts": None})
        for number in reversed(range(40)):
            transaction.now = last - number * timedelta(minutes=4)
            await note_contact(transaction, found["id"], 18 + number * 7 % 9)

    await world.installed.storage.write(note)


async def night_world(world: World) -> None:
    """A night with all there is to see: late runs, agents, artifacts, limits, mapped children."""
    at = world.clock
    await standard_world(world)
    now = at.time
    at.forward(minutes=-40)
    await chain(world)
    at.time = now
    await litter(world)
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    await agent(world, "k8s-prod-1", "prod", "k8s")
    await agent(world, "legacy-local", minutes_ago=4000)
    await asked(world, "mainframe-1", 31)
    await asked(world, "k8s-prod-1", 0)
    for label, limit in (("prod", 2), ("mainframe", 3)):
        await world.do("update_flow_concurrency_limit", label=label, limit=limit)
    for tag, limit in (("warehouse", 4), ("api", 12)):
        await world.do("update_task_concurrency_limit", name=tag, limit=limit)
    at.forward(minutes=-2)
    await world.flow("nightly", labels=["prod"], tasks=[{"slug": "call", "tags": ["api"]}])
    for number in range(2):
        await world.run("nightly", f"nightly-{number + 1}")
        await world.start(f"nightly-{number + 1}")
        await world.task(f"nightly-{number + 1}", "call", "Running")
    at.time = now


README = """# Stock sync

Copies what the shops *say* they have into the **warehouse**, once an hour.

- reads `stock_feed` of each region
- a region that fails is left out; see [the runbook](https://wiki.example/stock)

1. look at the errors
2. run again with `dry_run`

> Never run it by hand between 02:00 and 03:00.

| region | owner |
|---|---|
| eu | Ada |
| us | Grace |
"""


async def shop_world(world: World) -> None:
    """One flow of two versions, with a read me, and clocks for all versions."""
    await fill_shop(world)
    group = {"flow_group_id": await world.group_of(FLOW)}
    clocks = [
        {"cron": "30 5 * * 1-5", "parameter_defaults": {"region": "asia"}},
        {"cron": "0 9 * * *"},
    ]
    await world.do("set_flow_group_description", "success", description=README, **group)
    await world.do(
        "set_flow_group_schedule",
        "success",
        cron_clocks=clocks,
        interval_clocks=[{"interval": 5400}],
        timezone="Europe/Berlin",
        **group,
    )


async def nothing(world: World) -> None:
    """A backend that somebody has just started."""


WORLDS = {
    "standard": standard_world,
    "night": night_world,
    "shop": shop_world,
    "nothing": nothing,
    "hostile": hostile_world,
    "huge": huge_world,
}


async def back(ui: UI, world: World) -> None:
    """Out of a dialog or a page; a search in it is left first."""
    screen = ui.app.screen
    for _ in range(3):
        before = ui.text
        await ui.press("escape")
        await ui.until(lambda text=before: ui.text != text, "escape does nothing")  # type: ignore[misc]
        if ui.app.screen is not screen:
            return
    raise AssertionError(f"it does not close\n{ui.text}")


# Tabs ---------------------------------------------------------------------------------------------


async def overview(ui: UI, world: World) -> None:
    await ui.press("1")
    await ui.sees("Attention", "no live agent", "Just happened", "03:20")


async def flows(ui: UI, world: World) -> None:
    await ui.press("2")
    await ui.highlight("churn-features")
    await ui.sees("7 / 9", "Runs of churn-features", "churn-features-9", "Agents")
    await ui.sees("Some reference tasks failed.")


async def runs(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("slow-lynx")
    await ui.sees("failed")


async def agents(ui: UI, world: World) -> None:
    await ui.press("4")
    await ui.sees("1 run late without an agent", "mainframe-1", "legacy-local")
    await ui.sees("asked for work, 2 h", "nothing that is still known")
    await ui.until(lambda: "0        0" in ui.line_with("k8s-prod-1"), "nobody says what runs")


async def projects(ui: UI, world: World) -> None:
    await ui.press("5")
    await ui.until(lambda: "Late" in ui.line_with("finance"), "flows were not asked for")


async def calendar(ui: UI, world: World) -> None:
    await ui.press("6")
    await ui.sees("82 planned")
    await ui.highlight("churn-features")
    await ui.press("N")
    await ui.sees("Failed 01:16 to 01:18")


async def limits(ui: UI, world: World) -> None:
    await ui.press("7")
    await ui.sees("the rest queues", "taken, last 2 h")


async def api(ui: UI, world: World) -> None:
    await ui.press("8", "f3")
    await ui.sees("lines in", "quick-quokka")


# Pages --------------------------------------------------------------------------------------------


async def agent_page(ui: UI, world: World) -> None:
    await agents(ui, world)
    await ui.highlight("mainframe-1")
    await ui.press("enter")
    await ui.sees("agents / mainframe-1", "red-wasp", "It has taken no run", "asked, 2 h")


async def flow(ui: UI, world: World) -> None:
    await ui.press("2")
    await ui.highlight("orders-etl")
    await ui.press("enter")
    await ui.sees("Read me", "rosy-otter", "last 24 h")


async def versions(ui: UI, world: World) -> None:
    await ui.press("V", "j")
    await ui.sees("ok of runs", "v3 → v4", "What the runs say")


async def run(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("rosy-otter")
    await ui.press("enter")
    await ui.sees("16 lines", "publish_marts")


async def locked(ui: UI, world: World) -> None:
    await ui.press("h", "k")
    await ui.highlight("KeyError")
    await ui.sees("locked to 03:08:21")


async def task_run(ui: UI, world: World) -> None:
    await ui.highlight("KeyError")
    await ui.press("enter")
    await ui.sees("child 7", "upstream", "KeyError: 'currency_code'")


async def children(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("brave-yak")
    await ui.press("enter")
    await ui.sees("30/40", "31 lines")


async def whose(ui: UI, world: World) -> None:
    await ui.press("f")
    await ui.sees("31 lines")
    await ui.press("u")
    await ui.sees("everybody")
    await ui.press("j", "j")


async def child_map(ui: UI, world: World) -> None:
    await ui.highlight("[17] KeyError")
    await ui.press("m")
    await ui.sees("30 of 40 expected", "upstream")


async def log(ui: UI, world: World) -> None:
    await ui.press("f")
    await ui.sees("16 lines")


async def artifacts(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("slow-lynx")
    await ui.press("enter")
    await ui.sees("/ slow-lynx")
    await ui.press("A")
    await ui.sees("3 artifacts")
    await ui.press("j")
    await ui.sees("18 240")


async def why(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("red-wasp")
    await ui.press("W")
    await ui.sees("No living agent takes a run with the label mainframe.", "legacy-local")
    await ui.sees("Same cause", "mainframe-1 asked for work")


async def form(ui: UI, world: World) -> None:
    await ui.press("2")
    await ui.highlight("orders-etl")
    await ui.press("t")
    await ui.sees("agent", "log level")
    await ui.type("2026-11-19")
    await ui.press("up")
    for _ in range(6):
        await ui.press("backspace")
    await ui.type(" 204]")
    await ui.sees("expected ','")


# Dialogs ------------------------------------------------------------------------------------------


async def menu(ui: UI, world: World) -> None:
    await ui.press("x")
    await ui.sees("each one asks first")


async def set_state(ui: UI, world: World) -> None:
    await ui.press("x s")
    await ui.sees("only the run itself")
    await ui.press("tab", "tab", "j", "j")
    await ui.sees("the state of 17 task runs, then")


async def cancel(ui: UI, world: World) -> None:
    await ui.press("x c")
    await ui.sees("cancel_flow_run")


async def safeguard(ui: UI, world: World) -> None:
    await ui.press("x h")
    await ui.sees("all versions of the flow")


async def states(ui: UI, world: World) -> None:
    await ui.press("H")
    await ui.sees("Submitted for execution")


async def details(ui: UI, world: World) -> None:
    await ui.press("d")
    await ui.sees("scheduled for")


async def new_project(ui: UI, world: World) -> None:
    await projects(ui, world)
    await ui.press("x n")
    await ui.sees("New project")
    await ui.type("ml")
    await ui.sees("there is a project of that name already")


async def keys(ui: UI, world: World) -> None:
    await ui.press("question_mark")
    await ui.sees("Keys  Flows")


async def keys_searched(ui: UI, world: World) -> None:
    await ui.press("slash")
    await ui.type("version")
    await ui.sees_no("Every key of this screen")


async def palette(ui: UI, world: World) -> None:
    await ui.press("ctrl+p")
    await ui.sees("Palette", "versions")


async def commands(ui: UI, world: World) -> None:
    await ui.press("colon")
    await ui.sees("Commands")
    await ui.type("th")
    await ui.press("tab")
    await ui.sees("ansi16")


async def zone(ui: UI, world: World) -> None:
    await ui.press("T")
    await ui.sees("Time zone")
    await ui.type("europe b")
    await ui.sees("Europe/Berlin")


async def many(ui: UI, world: World) -> None:
    """The runs of the standard world, all of those that are marked cancelled together."""
    await ui.press("3")
    await ui.sees("red-wasp", "grey-heron")
    await ui.press("g", "space", "space", "space", "space", "x")
    await ui.sees("set to Cancelled")


async def bulk(ui: UI, world: World) -> None:
    await ui.press("c")
    await ui.sees("left alone")
    await ui.type("3")


async def bulk_result(ui: UI, world: World) -> None:
    await world.set("rosy-otter", "Success")
    await ui.press("enter", "enter")
    await ui.sees("done", "1 moved")
    await ui.until(lambda: "Leave" in ui.text and "to go" not in ui.text, "it has not ended")


async def journal(ui: UI, world: World) -> None:
    await ui.press("enter", "z")
    await ui.sees("2 commands", "red-wasp of ledger-reconcile")


async def conflict(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("x s")
    await ui.sees("guarded by version", "only the run itself")
    await world.set("rosy-otter", "TimedOut", "It timed out meanwhile.")
    await ui.press("tab", "tab", "tab", "tab", "enter")
    await ui.sees("It changed while you were looking. Nothing was sent.", "Look again")


# Panes of a flow ----------------------------------------------------------------------------------


def pane(title: str, *sees: str, then: str = "") -> Way:
    """The way to a pane of the shop's flow."""

    async def way(ui: UI, world: World) -> None:
        await ui.press("2")
        await open_pane(ui, title)
        await ui.sees(*sees)
        if then:
            await ui.highlight(then)

    return way


async def clock(ui: UI, world: World) -> None:
    await pane("Schedules", "region=asia", "Next times")(ui, world)
    await ui.press("x n")
    await ui.sees("New clock")
    await ui.type("0 5 * * 1-5")
    await ui.sees("Fires next  0 5 * * 1-5", "Fri")


async def defaults(ui: UI, world: World) -> None:
    await pane("Settings", "default parameters")(ui, world)
    await ui.press("x f")
    await ui.sees("dry_run")


async def hostile(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.sees("Running")
    await ui.press("g", "enter")
    await ui.sees("7/7", "lines")


# The world that is too much -----------------------------------------------------------------------


async def huge_overview(ui: UI, world: World) -> None:
    await ui.press("1")
    await ui.sees("Attention", "Just happened", "Deadlock")


async def huge_flows(ui: UI, world: World) -> None:
    await ui.press("2")
    await ui.highlight("nightly-rec")
    await ui.sees("Agents", "0000-rec")


async def huge_runs(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.sees("manual-rec")


async def huge_find(ui: UI, world: World) -> None:
    await ui.press("ctrl+k")
    await ui.type("reconc")
    await ui.sees("run  ", "2499-rec", "project  ")


async def huge_bulk(ui: UI, world: World) -> None:
    await ui.press("a", "x")
    await ui.sees("set to Cancelled")
    await ui.press("c")
    await ui.sees("left alone")


async def huge_agents(ui: UI, world: World) -> None:
    await ui.press("4")
    await ui.sees("Every label")


async def huge_agent(ui: UI, world: World) -> None:
    await ui.press("enter")
    await ui.sees("Waiting for it", "Took")


async def huge_projects(ui: UI, world: World) -> None:
    await ui.press("5")
    await ui.sees("13 with 37 flows")


async def huge_calendar(ui: UI, world: World) -> None:
    await ui.press("6")
    await ui.sees("running")


async def huge_flow(ui: UI, world: World) -> None:
    await ui.app.push_screen(FlowScreen(FlowGroupId(await world.group_of(FLOW_OF_ALL))))
    await ui.sees("Read me", "v24 latest", "0000-rec")


async def huge_versions(ui: UI, world: World) -> None:
    await ui.press("V")
    await ui.sees("v23")


async def huge_form(ui: UI, world: World) -> None:
    await ui.press("t")  # of the version under the cursor
    await ui.sees("Parameters  16")


async def huge_run(ui: UI, world: World) -> None:
    await ui.app.push_screen(RunScreen(FlowRunId(world.runs[RUN_OF_ALL])))
    await ui.sees("000 lines")


async def huge_children(ui: UI, world: World) -> None:
    await ui.highlight("children")
    await ui.press("m")
    await ui.sees("Children", "downstream")


async def huge_log(ui: UI, world: World) -> None:
    await ui.press("f")
    await ui.sees("4 000 lines")
