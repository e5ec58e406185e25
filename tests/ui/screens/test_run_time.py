"""The run page is locked in time: timeline, log and tasks stand on the same moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from flowtui.server.storage import Transaction
from flowtui.ui.themes import palette_of
from flowtui.ui.widgets.log import LogView
from flowtui.ui.widgets.painted import Lines
from tests.driver import UI, dashboard
from tests.world import World


@asynccontextmanager
async def rosy_otter(world: World, size: tuple[int, int] = (120, 40)) -> AsyncIterator[UI]:
    """The run that goes wrong tonight."""
    async with dashboard(world, size=size, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("10/12", "16 lines")
        yield ui


def message(ui: UI) -> str:
    """The line of the log that one stands on."""
    line = ui.app.screen.query_one(LogView).line
    return str(line.message) if line is not None else ""


async def test_moving_in_the_timeline_moves_the_log_and_back(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("h")
        await ui.sees("locked to 03:14")
        await ui.press("ctrl+left", "ctrl+left", "ctrl+left", "l")
        assert message(ui).startswith("copied 1800")
        assert any(line.count("│") for line in ui.lines), ui.text
        await ui.press("tab")
        for _ in range(20):
            if message(ui).startswith("copied 18007"):
                break
            await ui.press("j")
        await ui.sees("locked to 03:08:21")
        await ui.press("tab", "escape")
        await ui.sees("following")
        await ui.sees_no("locked to")


async def test_while_locked_another_task_is_another_moment(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("h")
        await ui.sees("locked to")
        await ui.press("g")
        await ui.highlight("[7] KeyError")
        await ui.sees("locked to 03:08:21")
        assert message(ui).startswith("Task 'load_warehouse[137]': Exception")


async def test_a_task_that_failed_is_the_moment_of_its_error(world: World) -> None:
    failed = await world.ask(
        "query($run: uuid!) { task_run(where: {flow_run_id: {_eq: $run}, "
        'map_index: {_eq: 7}, state: {_eq: "Failed"}}) { id end_time } }',
        run=world.runs["rosy-otter"],
    )
    (child,) = failed["task_run"]
    ended = datetime.fromisoformat(child["end_time"])
    for level, text, before in (("ERROR", "It broke.", 0.2), ("INFO", "It is over.", 0.1)):
        line = {
            "flow_run_id": world.runs["rosy-otter"],
            "task_run_id": child["id"],
            "timestamp": (ended - timedelta(seconds=before)).isoformat(),
            "level": level,
            "name": "prefect.TaskRunner",
            "message": text,
        }
        await world.do("write_run_logs", "success", logs=[line])
    async with dashboard(world, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("10/12", "18 lines")
        assert "follow" not in ui.last_line
        await ui.press("h")
        await ui.sees("locked to")
        assert "F follow" in ui.last_line
        await ui.press("g")
        await ui.highlight("[7] KeyError")
        await ui.sees("locked to 03:08:21")
        await ui.until(lambda: message(ui) == "It broke.", "it does not stand on the error")
        await ui.press("F")
        await ui.sees("following")
        assert "follow" not in ui.last_line


async def test_the_timeline_is_zoomed_and_panned(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.sees("03:04", "03:08", "now")
        await ui.press("less_than_sign")
        await ui.sees("+ zooms")
        await ui.press("plus", "plus", "plus")
        await ui.sees_no("03:04")
        await ui.press(*["less_than_sign"] * 20)
        await ui.sees("03:02")
        await ui.sees_no("now")
        await ui.press("underscore", "underscore", "underscore")
        await ui.sees("03:08", "now")


async def test_new_lines_are_counted_while_the_time_is_locked(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("h", "ctrl+left")
        for number in range(3):
            await world.log("rosy-otter", f"new line {number}")
        await ui.press("r")
        await ui.sees("+3 new", "locked to")
        await ui.press("F")
        await ui.sees("following", "new line 2")


async def test_what_is_expected_lies_behind_now(world: World) -> None:
    await world.flow("steady", tasks=["first", "second"])
    for name in ("good", "going"):
        await world.run("steady", name)
        await world.start(name)
        await world.task(name, "first", "Running")
        if name == "good":
            world.clock.forward(seconds=60)
            await world.task(name, "first", "Success")
            await world.task(name, "second", "Running")
            world.clock.forward(seconds=60)
            await world.task(name, "second", "Success")
            await world.set(name, "Success")
    world.clock.forward(seconds=20)
    async with dashboard(world, open_id=world.runs["going"], theme="flowtui-mono") as ui:
        await ui.sees("second", "····")
        first, second = (ui.line_with(name) for name in ("first", "second"))
        assert first.rindex("·") < second.index("·") + 2, ui.text
        assert "██" in first
        assert "█" not in second


async def test_the_head_tells_progress_heartbeat_and_resurrections(world: World) -> None:
    async def helped_up(tx: Transaction) -> None:
        await tx.update(
            "flow_run", {"id": {"_eq": world.runs["rosy-otter"]}}, {"times_resurrected": 2}
        )

    await world.installed.storage.write(helped_up)
    await world.do("update_flow_run_heartbeat", "success", flow_run_id=world.runs["rosy-otter"])
    world.clock.forward(seconds=45)
    async with rosy_otter(world) as ui:
        await ui.sees("13/16 done", "resurrected 2x", "heartbeat 45 s ago")
        for seconds, token in ((30, "late"), (60, "failed")):
            world.clock.forward(seconds=seconds)
            await ui.press("r")
            await ui.until(
                lambda token=token: token in heartbeat_tokens(ui), f"the heartbeat is not {token}"
            )


async def test_what_is_paused_does_not_count_as_running_and_another_day_is_named(
    world: World,
) -> None:
    world.clock.forward(days=1)
    async with dashboard(world, open_id=world.runs["slow-lynx"]) as ui:
        await ui.sees("‖ 1 paused", "◌ 1 waiting", "started 20 Nov 03:10:24 UTC")
        assert "running" not in ui.line_with("paused")
        await ui.highlight("approve")
        await ui.press("enter")
        await ui.sees("slow-lynx / approve")


def heartbeat_tokens(ui: UI) -> set[str]:
    """What the heartbeat is painted in."""
    head = ui.app.screen.query_one("#head", Lines)
    lines = head.paint(palette_of(head), 116)
    return {piece.fg for line in lines for piece in line if "heartbeat" in piece.text}


async def test_what_runs_comes_first_where_not_all_tasks_fit(world: World) -> None:
    await world.flow("wide", tasks=[f"task_{number:02}" for number in range(30)])
    await world.run("wide", "long-eel")
    await world.start("long-eel")
    for number in range(20):
        await world.task("long-eel", f"task_{number:02}", "Running")
        world.clock.forward(seconds=1)
        ends = "Failed" if number == 3 else "Success"
        if number != 12:
            await world.task("long-eel", f"task_{number:02}", ends)
    async with dashboard(world, open_id=world.runs["long-eel"]) as ui:
        await ui.sees("19/30 done", "task_03")
        names = [line for line in ui.lines if "task_" in line]
        assert "task_03" in names[0]
        assert "task_12" in names[1]


async def test_a_run_is_held_against_the_last_one_that_went_well(world: World) -> None:
    await world.flow("daily", tasks=["load"], parameters={"url": "v2", "same": 1})
    for name, seconds, parameters in (("good", 60, {}), ("slow", 150, {"url": "v3"})):
        await world.run("daily", name, parameters=parameters)
        await world.start(name)
        await world.task(name, "load", "Running")
        world.clock.forward(seconds=seconds)
        ends = "Success" if name == "good" else "Failed"
        await world.task(name, "load", ends)
        await world.set(name, ends)
    async with dashboard(world, open_id=world.runs["slow"], size=(200, 60)) as ui:
        await ui.sees("Against the last success", "good, 03:15", "2m 30s slower")
        url = next(line for line in ui.lines if "url" in line)
        assert url.index("v2") < url.index("v3"), ui.text
        await ui.press("D")
        await ui.sees("Difference  slow")


async def test_the_timeline_shows_where_the_run_was_interrupted(installation: World) -> None:
    world = installation
    await world.flow("nightly")
    await world.run("nightly", "twice")
    await world.start("twice")
    await world.task("twice", "extract", "Running")
    for state in ("Failed", "Scheduled", "Submitted", "Running", "Paused"):
        world.clock.forward(seconds=20)
        await world.set("twice", state)
    world.clock.forward(seconds=40)
    async with dashboard(world, open_id=world.runs["twice"]) as ui:
        await ui.sees("Tasks  2", "now")
        axis = ui.line_with("Tasks  2")
        assert axis.index("○") < axis.index("‖")
        assert axis.count("○") == 1
