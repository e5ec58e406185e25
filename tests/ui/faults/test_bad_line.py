"""Every screen on a bad line: no crash, the last good data kept and marked, and back by itself.

FLOWTUI_FAULTS=all also spoils every field of every answer, one at a time.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timezone

import pytest

from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.models.agents import Agent
from flowtui.models.ids import AgentId, FlowGroupId, FlowRunId, TaskRunId
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.screens import PAGES, VIEWS
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.widgets.fields import PushButton
from tests.driver import UI
from tests.ui.faults.bad_line import (
    FAULTS,
    BadLine,
    Change,
    Fault,
    bad_line,
    changing,
    gone,
    held,
    lost,
    nulls,
    other_types,
    replaced,
    whole,
    without,
)
from tests.ui.screens.test_changing import choose
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")
ALL = os.environ.get("FLOWTUI_FAULTS") == "all"
SEED = int(os.environ.get("FLOWTUI_SEED", "1"))
SOME = 2
"""Faults that each page meets, and fields of its answers that are spoiled, if not all are."""

ROOM = 2
"""Rows that go while nothing answers: one for the banner, one that tells where the cursor is."""

QUIET = ("run_form:RunFormScreen", "journal:JournalScreen", "agent:AgentScreen")
"""Pages that ask once, or nobody, or about what this world has not got."""


@asynccontextmanager
async def on(
    line: BadLine, world: World, view: str = "overview", size: tuple[int, int] = (120, 40)
) -> AsyncIterator[UI]:
    """The dashboard over a line."""
    app = FlowtuiApp(
        Profile(name="world", api_url=line.url),
        connect=Backend,
        clock=world.clock,
        zone=timezone.utc,
        theme="flowtui-dark",
        view=view,
    )
    async with app.run_test(size=size) as pilot:
        yield UI(app, pilot)


async def page(name: str, world: World) -> Callable[[], ActionScreen]:
    """Makes the page of that name, of something in the world."""
    from flowtui.ui.screens.agent import AgentScreen
    from flowtui.ui.screens.artifacts import ArtifactsScreen
    from flowtui.ui.screens.flow import FlowScreen
    from flowtui.ui.screens.journal import JournalScreen
    from flowtui.ui.screens.log import LogScreen
    from flowtui.ui.screens.run import RunScreen
    from flowtui.ui.screens.run_form import RunFormScreen
    from flowtui.ui.screens.task_run import TaskRunScreen
    from flowtui.ui.screens.why import WhyScreen

    run = FlowRunId(world.runs["rosy-otter"])
    group = FlowGroupId(await world.group_of("orders-etl"))
    tasks = await world.ask("{ task_run(where: {map_index: {_eq: 7}}) { id } }")
    made: dict[str, Callable[[], ActionScreen]] = {
        "flow:FlowScreen": lambda: FlowScreen(group),
        "run:RunScreen": lambda: RunScreen(run),
        "task_run:TaskRunScreen": lambda: TaskRunScreen(run, TaskRunId(tasks["task_run"][0]["id"])),
        "artifacts:ArtifactsScreen": lambda: ArtifactsScreen(run, ()),
        "log:LogScreen": lambda: LogScreen(run),
        "why:WhyScreen": lambda: WhyScreen(FlowRunId(world.runs["red-wasp"])),
        "run_form:RunFormScreen": lambda: RunFormScreen(group),
        "journal:JournalScreen": JournalScreen,
        "agent:AgentScreen": lambda: AgentScreen(
            Agent(AgentId("a"), "blue", "LocalAgent", ("mainframe",))
        ),
    }
    if name in VIEWS:
        return lambda: VIEWS[name].screen()
    return made[name]


def listens(ui: UI) -> bool:
    """Whether the page shows anything that the backend says."""
    return ui.app.screen._main_feed is not None  # type: ignore[attr-defined]


def is_stale(ui: UI) -> bool:
    feed = ui.app.screen._main_feed  # type: ignore[attr-defined]
    return feed is None or feed.snapshot.error is not None


def knows_all(ui: UI) -> bool:
    """Whether everything that the page asks was answered, and shown."""
    return ui.is_answered and "Asking" not in ui.text


def beginnings(ui: UI) -> set[tuple[str, ...]]:
    """How the rows between the bars begin, wherever the cursor is: their first two words."""
    rows = [row.replace("▌", " ").split()[:2] for row in ui.lines[4:-2]]
    return {tuple(row) for row in rows if row}


async def met(ui: UI, line: BadLine, fault: Fault) -> None:
    """Let every feed of the page meet a fault."""
    line.fault = fault
    before = line.spoiled
    ui.app.screen.refresh_now()  # type: ignore[attr-defined]
    await ui.until(lambda: line.spoiled > before, "nothing is asked")
    await ui.press("down")
    assert ui.app._exception is None


async def healed(ui: UI, line: BadLine) -> None:
    """Wait until the page shows what the backend says again."""
    line.fault = whole
    ui.app.screen.refresh_now()  # type: ignore[attr-defined]
    await ui.until(lambda: not is_stale(ui), "the page does not recover")


@pytest.mark.parametrize("name", [*VIEWS, *PAGES])
async def test_a_page_survives_whatever_the_line_does(night: World, name: str) -> None:
    make = await page(name, night)
    async with bad_line(night.installed.app) as line, on(line, night) as ui:
        await ui.sees("● live")
        await ui.app.push_screen(make())
        if name in QUIET or not listens(ui):
            return
        await ui.until(lambda: not is_stale(ui), "the page has no data")
        line.keys.clear()
        await healed(ui, line)
        await ui.sees("● live")
        await ui.until(lambda: knows_all(ui), "not all is shown")
        shown = beginnings(ui)
        noise = random.Random(f"{SEED} {name}")
        for what in FAULTS if ALL else noise.sample(list(FAULTS), SOME):
            await met(ui, line, FAULTS[what])
        await met(ui, line, FAULTS["500"])
        await ui.until(lambda: is_stale(ui), "an error is not marked")
        await ui.sees_no("● live")
        assert shown, "nothing is shown"
        await ui.press(*["up"] * 30)
        await ui.until(lambda: len(shown - beginnings(ui)) <= ROOM, f"not all stays of {shown}")
        await healed(ui, line)
        names = sorted(line.keys)
        chosen = names if ALL else noise.sample(names, min(SOME, len(names)))
        for field in chosen:
            await met(ui, line, changing(without(field)))
            if ALL:
                await met(ui, line, changing(gone(field)))
        await healed(ui, line)


async def test_pages_open_on_a_bad_line_too(night: World) -> None:
    faults = [changing(nulls), changing(other_types), FAULTS["data without fields"], FAULTS["500"]]
    async with bad_line(night.installed.app) as line, on(line, night) as ui:
        for number, name in enumerate((*VIEWS, *PAGES)):
            for fault in faults if ALL else faults[(number + SEED) % len(faults) :][:1]:
                line.fault, before = fault, line.spoiled
                await ui.app.push_screen((await page(name, night))())
                if name not in QUIET and listens(ui):
                    await ui.until(lambda b=before: line.spoiled > b, f"{name} asks nothing")  # type: ignore[misc]
                await ui.press("down")
                assert ui.app._exception is None
                await ui.app.pop_screen()
        line.fault = whole
        await ui.app.push_screen((await page("runs", night))())
        await ui.sees("rosy-otter", "● live")


@pytest.mark.parametrize("spoiled", [without("id"), replaced("id", lambda _: "odd")])
@pytest.mark.parametrize("name", ["runs", "run:RunScreen"])
async def test_records_without_ids_get_no_further(night: World, name: str, spoiled: Change) -> None:
    """Kept among the others they would stay: nothing that comes later is the same as they are, and
    a list that goes on below what is no id is never answered again."""
    async with bad_line(night.installed.app) as line, on(line, night) as ui:
        await ui.sees("● live")
        await ui.app.push_screen((await page(name, night))())
        await healed(ui, line)
        await ui.until(lambda: knows_all(ui), "not all is shown")
        shown = ui.text.count("Running")
        await met(ui, line, changing(spoiled))
        await ui.until(lambda: is_stale(ui), "an answer without ids is believed")
        await healed(ui, line)
        await ui.until(lambda: ui.text.count("Running") == shown, "what runs is shown otherwise")


async def test_what_the_backend_can_do_is_asked_again_after_nonsense(night: World) -> None:
    async with bad_line(night.installed.app) as line, on(line, night) as ui:
        line.fault = changing(nulls)
        await ui.press("7")
        await ui.sees("makes no sense")
        line.fault = whole
        await ui.press("r")
        await ui.sees("● live", "Nothing is limited")


async def test_a_backend_that_was_away_is_shown_when_it_comes_back(night: World) -> None:
    async with bad_line(night.installed.app) as line, on(line, night, "runs") as ui:
        await ui.sees("rosy-otter", "● live")
        await line.vanish()
        await ui.press("r")
        await ui.until(lambda: is_stale(ui), "nobody notices")
        await ui.sees("rosy-otter")
        feed = ui.app.screen._main_feed  # type: ignore[attr-defined]
        for _ in range(3):
            failures = feed.snapshot.failures
            feed.refresh()
            await ui.until(lambda f=failures: feed.snapshot.failures > f, "it does not try again")  # type: ignore[misc]
        assert feed._pause() == feed.interval
        await line.listen()
        await ui.sees("● live")


async def test_an_answer_that_never_comes_holds_nothing_up(night: World) -> None:
    async with bad_line(night.installed.app) as line, on(line, night, "flows") as ui:
        await ui.sees("never-ran", "● live")
        line.fault = held
        await ui.press("r")
        await ui.until(lambda: line.open_requests > 0, "nothing is asked")
        await ui.press("j", "3", "2")
        await ui.sees("never-ran")
        line.fault = whole
        line.released.set()
        await ui.press("r")
        await ui.sees("● live")


async def test_a_command_whose_answer_is_lost_is_not_sent_again(world: World) -> None:
    async with bad_line(world.installed.app) as line, on(line, world, "runs") as ui:
        await ui.highlight("rosy-otter")
        await ui.press("x", "c")
        await ui.sees("Cancel")
        line.fault = lost
        await ui.press("tab", "enter")
        await ui.until(lambda: len(line.mutations()) > 0, "nothing is sent")
        line.fault = whole
        await ui.press("escape", "r")
        await ui.until(lambda: len(line.arrived) > 0 and not is_stale(ui), "the page is wedged")
        assert len(line.mutations()) == 1


async def test_what_is_left_while_it_is_sent_leaves_the_page_well(world: World) -> None:
    async with bad_line(world.installed.app) as line, on(line, world, "flows") as ui:
        await ui.highlight("never-ran")
        await ui.press("t")
        await ui.sees("f3 from any field")
        line.fault = held
        await ui.press("f3")
        await ui.until(lambda: line.asked["CreateFlowRun"] > 0, "nothing is sent")
        await ui.press("escape")
        await ui.sees("never-ran")
        line.fault = whole
        await ui.press("3")
        await ui.highlight("rosy-otter")
        await ui.press("x", "s")
        await ui.sees("guarded by version")
        line.fault = held
        await choose(ui, ui.app.screen.query_one("#send", PushButton).label)
        await ui.until(lambda: line.asked["SetFlowRunState"] > 0, "nothing is sent")
        await ui.press("escape")
        line.fault = whole
        await ui.press("r")
        await ui.sees("rosy-otter", "● live")
        assert ui.app._exception is None
