"""The page of a task run: its state, its log, its children, its neighbours, and what is done."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from flowtui.client.backend import Backend
from flowtui.ui.live_run import LiveRun
from tests.copies import copied_world
from tests.driver import UI, dashboard
from tests.ui.screens.test_changing import choose
from tests.world import World, standard_world


async def chain(world: World) -> None:
    """A flow whose tasks hang together, and a run of it that went wrong in the middle."""
    document = {
        "name": "chained",
        "type": "prefect.core.flow.Flow",
        "schedule": None,
        "parameters": [],
        "tasks": [
            {
                "name": slug,
                "slug": slug,
                "type": "prefect.tasks.core.function.FunctionTask",
                "max_retries": 2,
                "retry_delay": 90,
                "mapped": slug == "clean",
                "trigger": {"fn": "prefect.triggers.all_successful"},
            }
            for slug in ("fetch", "clean", "merge", "other")
        ],
        "edges": [
            {
                "upstream_task": {"slug": up},
                "downstream_task": {"slug": down},
                "key": key,
                "mapped": mapped,
            }
            for up, down, key, mapped in (
                ("fetch", "clean", "part", True),
                ("clean", "merge", "parts", False),
                ("clean", "other", None, False),
            )
        ],
        "storage": {"type": "Local"},
        "__version__": "1.4.1",
    }
    made = await world.do(
        "create_flow", serialized_flow=document, project_id=await world.project("platform")
    )
    world.flows["chained"] = made["id"]
    await world.run("chained", "brave-yak")
    await world.start("brave-yak")
    await world.task("brave-yak", "fetch", "Running")
    world.clock.forward(seconds=21)
    await world.task("brave-yak", "fetch", "Success")
    await world.task("brave-yak", "clean", "Mapped", n_map_states=40)
    for index in range(30):
        child = await world.task("brave-yak", "clean", "Running", index=index)
        world.clock.forward(seconds=1)
        said = "KeyError: 'currency'" if index == 17 else "Task run succeeded."
        await write(world, "brave-yak", child, f"child {index} has something to say")
        await world.task("brave-yak", "clean", "Failed" if index == 17 else "Success", said, index)
    for slug in ("merge", "other"):
        await world.task("brave-yak", slug, "TriggerFailed", "Trigger was all_successful.")
    await write(world, "brave-yak", None, "a line of the run itself")
    await world.set("brave-yak", "Failed", "Some reference tasks failed.")


async def write(world: World, run: str, task_run: str | None, message: str) -> None:
    """A line that a task run wrote."""
    line = {
        "flow_run_id": world.runs[run],
        "task_run_id": task_run,
        "timestamp": world.clock().isoformat(),
        "level": "INFO",
        "name": "prefect.clean",
        "message": message,
    }
    await world.do("write_run_logs", "success", logs=[line])


async def chained_world(world: World) -> None:
    """The usual world, and a run whose tasks hang on each other."""
    await standard_world(world)
    await chain(world)


@pytest.fixture
async def chained() -> AsyncIterator[World]:
    async with copied_world(chained_world) as world:
        yield world


@asynccontextmanager
async def brave_yak(
    world: World, task: str, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[UI]:
    """The page of one of its tasks, opened by keys from the run's page."""
    async with dashboard(world, size=size, open_id=world.runs["brave-yak"]) as ui:
        await ui.sees("30/40")
        await ui.highlight(task)
        await ui.press("enter")
        await ui.sees("chained v1 / brave-yak /")
        yield ui


async def tasks_of(world: World, name: str) -> dict[tuple[str, int], Any]:
    """The states of a run's task runs."""
    found = await world.ask(
        "query($id: uuid!) { task_run(where: {flow_run_id: {_eq: $id}}) "
        "{ name state map_index task { slug } } }",
        id=world.runs[name],
    )
    return {(one["task"]["slug"], one["map_index"]): one for one in found["task_run"]}


async def test_a_task_run_shows_its_facts_its_log_and_its_neighbours(chained: World) -> None:
    async with brave_yak(chained, "[17] KeyError") as ui:
        await ui.sees("clean[17]", "child 17", "KeyError: 'currency'", "attempt 1 of 3")
        await ui.sees(
            "map index   17 of 40", "FunctionTask", "all_successful", "retries", "after 1m 30s"
        )
        await ui.sees("upstream", "✓ fetch", "part", "downstream", "╳ merge", "╳ other")
        await ui.sees("child 17 has something to say", "1 line")
        assert "child 16" not in ui.text
        assert "a line of the run itself" not in ui.text


async def test_a_child_that_begins_while_the_log_is_read_keeps_its_first_lines(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its line comes with a look that has asked for the task runs before there was the child."""
    world = installation
    await world.flow("mapped", tasks=["each"])
    await world.run("mapped", "long-eel")
    await world.start("long-eel")
    await world.task("long-eel", "each", "Mapped", n_map_states=2)
    await write(world, "long-eel", await world.task("long-eel", "each", "Running", index=0), "one")
    read_log, meanwhile = LiveRun._read_log, list[bool]()

    async def late(live: LiveRun, backend: Backend) -> bool:
        if meanwhile:
            meanwhile.clear()
            child = await world.task("long-eel", "each", "Running", index=1)
            await write(world, "long-eel", child, "the first words of another")
        return await read_log(live, backend)

    monkeypatch.setattr(LiveRun, "_read_log", late)
    async with dashboard(world, open_id=world.runs["long-eel"]) as ui:
        await ui.highlight("each")
        await ui.press("enter")
        await ui.sees("mapped v1 / long-eel / each", "Children  1", "1 line")
        meanwhile.append(True)
        await ui.press("r")
        await ui.sees("Children  2", "the first words of another", "2 lines")


async def test_the_graph_of_a_run_leads_to_its_tasks(chained: World) -> None:
    async with dashboard(chained, open_id=chained.runs["brave-yak"]) as ui:
        await ui.sees("30/40")
        await ui.press("M")
        await ui.sees("Graph  brave-yak", "waits for", "TriggerFailed")
        dialog = [line for line in ui.lines if "└" in line or "✓ Success" in line]
        assert "✓ Success" in next(line for line in dialog if " fetch " in line)
        inside = {
            name: next(line for line in dialog if f"└ {name}" in line)
            for name in ("clean", "merge")
        }
        assert "30/40" in inside["clean"]
        assert inside["clean"].rstrip().endswith("fetch")
        assert inside["merge"].index("└") == inside["clean"].index("└") + 2
        await ui.press("j", "enter")
        await ui.sees("chained v1 / brave-yak / clean", "30 of 40 expected")


async def test_a_narrow_task_run_still_says_what_matters(chained: World) -> None:
    async with brave_yak(chained, "[17] KeyError", (80, 24)) as ui:
        await ui.sees("KeyError: 'currency'", "✗ Failed", "upstream", "✓ fetch", "1 line")
        await ui.press("d")
        await ui.sees("Task  clean[17]", "slug", "Its states")


async def test_children_are_a_map_and_a_list_that_is_filtered_by_state_and_index(
    chained: World,
) -> None:
    async with brave_yak(chained, "30/40") as ui:
        await ui.sees("Children  30 of 40 expected", "✗ 1 failed", "✓ 29 ok", "30 lines")
        await ui.until(
            lambda: "KeyError: 'currency'" in ui.line_with("▌"), "it does not open at the failure"
        )
        await ui.press("slash")
        await ui.sees("tab complete")
        await ui.type("state:failed")
        await ui.press("enter")
        await ui.sees("KeyError: 'currency'", "29 are hidden")
        await ui.press("escape", "slash")
        await ui.sees("tab complete")
        await ui.type("index:>=28")
        await ui.press("enter")
        await ui.sees("28 are hidden")
        await ui.press("escape", "e", "enter")
        await ui.sees("clean[17]", "child 17 has something to say")
        await ui.press("m")
        await ui.sees("Children  30")
        await ui.until(
            lambda: "17" in ui.line_with("▌"), "the cursor is not on the child one came from"
        )


async def test_a_key_leads_from_the_run_to_the_children_and_their_failures(chained: World) -> None:
    async with dashboard(chained, open_id=chained.runs["brave-yak"]) as ui:
        await ui.sees("30/40")
        await ui.until(
            lambda: re.search(r"▌✗ Failed +\[17\]", ui.text) is not None,
            "the page does not begin with what went wrong",
        )
        await ui.press("g", "e")
        await ui.until(
            lambda: re.search("▌✗ Failed +clean", ui.text) is not None,
            "the first failure is not found",
        )
        await ui.press("e")
        await ui.until(
            lambda: re.search(r"▌✗ Failed +\[17\]", ui.text) is not None,
            "the next one is not found",
        )
        await ui.highlight("[17] KeyError")
        await ui.press("m")
        await ui.sees("Children  30 of 40 expected")
        await ui.press("escape", "g", "m")
        await ui.sees("children: this task has none")


async def test_edges_are_walked(chained: World) -> None:
    async with brave_yak(chained, "fetch") as ui:
        await ui.sees("✗ clean", "upstream    nothing", "> downstream")
        assert "< upstream" not in ui.last_line
        await ui.press("less_than_sign")
        await ui.sees("upstream: there is nothing")
        await ui.press("greater_than_sign")
        await ui.sees("Children  30")
        await ui.press("greater_than_sign")
        await ui.sees("Downstream  clean", "merge", "other", "parts")
        await ui.press("j", "enter")
        await ui.sees("brave-yak / other", "Trigger was all_successful.")
        await ui.press("less_than_sign")
        await ui.sees("Children  30")
        await ui.press("escape")
        await ui.sees("Tasks")


async def test_the_state_of_one_task_run_is_set(chained: World) -> None:
    async with brave_yak(chained, "[17] KeyError") as ui:
        await ui.press("x s")
        await ui.sees("Set state  clean[17]", "of brave-yak, on world", "Resume", "TimedOut")
        await ui.press("tab")
        await ui.type("mended by hand")
        await choose(ui, "Set to Success")
        await ui.sees("clean[17] was set to Success.")
        await ui.press("escape")
        await ui.sees("because 'mended by hand'")
    states = await tasks_of(chained, "brave-yak")
    assert states["clean", 17]["state"] == "Success"
    assert states["merge", -1]["state"] == "TriggerFailed"


async def test_a_task_run_that_moved_is_not_overwritten(chained: World) -> None:
    async with brave_yak(chained, "[17] KeyError") as ui:
        await ui.press("x s")
        await ui.sees("Set state  clean[17]")
        await chained.task("brave-yak", "clean", "Retrying", "Once more.", index=17)
        await choose(ui, "Set to Success")
        await ui.sees("It changed while you were looking. Nothing was sent.", "Retrying")
    assert (await tasks_of(chained, "brave-yak"))["clean", 17]["state"] == "Retrying"


async def test_a_restart_from_a_task_names_what_follows_and_warns_of_lost_inputs(
    chained: World,
) -> None:
    async with brave_yak(chained, "30/40") as ui:
        await ui.sees("not kept")
        await ui.press("tab", "x r")
        await ui.sees("Restart from here  clean", "3 task runs", "clean", "merge", "other")
        await ui.sees("What it takes from the tasks before it is not kept.")
        await choose(ui, "Restart from here")
        await ui.sees("brave-yak is scheduled again, from clean.")
    states = {key: one["state"] for key, one in (await tasks_of(chained, "brave-yak")).items()}
    assert {states[slug, -1] for slug in ("clean", "merge", "other")} == {"Pending"}
    assert states["fetch", -1] == states["clean", 3] == "Success"
    assert await chained.state_of("brave-yak") == "Scheduled"


async def test_a_task_run_that_waits_is_approved_and_another_is_not(world: World) -> None:
    async with dashboard(world, open_id=world.runs["slow-lynx"]) as ui:
        await ui.sees("approve", "publish")
        await ui.highlight("publish")
        await ui.press("enter")
        await ui.sees("slow-lynx / publish")
        await ui.press("x")
        await ui.sees("it does not wait for approval: Pending")
        await ui.press("escape", "escape")
        await ui.highlight("approve")
        await ui.press("enter")
        await ui.sees("Waiting for approval.")
        await ui.press("x a")
        await ui.sees("waits    approve")
        await choose(ui, "Let it go on")
        await ui.sees("slow-lynx may go on.", "Resume")
    assert (await tasks_of(world, "slow-lynx"))["approve", -1]["state"] == "Resume"


async def test_a_task_run_gets_a_name_and_shows_its_history(chained: World) -> None:
    async with brave_yak(chained, "[17] KeyError") as ui:
        await ui.press("x n")
        await ui.sees("Rename task run  clean[17]")
        await ui.type("the euro one")
        await choose(ui, "Rename the task run")
        await ui.sees("The task run is called the euro one now.")
        await ui.press("H")
        await ui.sees("States  clean[17]", "Pending", "Running", "Failed", "lasted")
    assert (await tasks_of(chained, "brave-yak"))["clean", 17]["name"] == "the euro one"


async def test_a_task_runs_id_opens_its_page(chained: World) -> None:
    found = await chained.ask(
        "query($id: uuid!) { task_run(where: {flow_run_id: {_eq: $id}, map_index: {_eq: 17}}) "
        "{ id } }",
        id=chained.runs["brave-yak"],
    )
    async with dashboard(chained, open_id=found["task_run"][0]["id"]) as ui:
        await ui.sees("brave-yak / clean[17]", "child 17 has something to say")
