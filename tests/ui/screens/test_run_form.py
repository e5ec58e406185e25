"""The run form: what is filled in for one, what can be edited, and what is sent of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from flowtui.server.storage import Transaction
from tests.driver import UI, dashboard
from tests.ui.screens.test_why import agent
from tests.world import World


@asynccontextmanager
async def form_for(world: World, flow: str) -> AsyncIterator[UI]:
    """The form of a flow, opened from the list of flows."""
    async with dashboard(world) as ui:
        await ui.highlight(flow)
        await ui.press("t")
        await ui.sees("What will be sent", "log level")
        yield ui


async def go_to(ui: UI, field: str) -> None:
    """Walk to a field."""
    for _ in range(20):
        focused = ui.app.focused
        if focused is not None and focused.parent and focused.parent.parent.id == field:
            return
        await ui.press("tab")
    raise AssertionError(f"there is no field {field}\n{ui.text}")


async def bring_back(world: World, flow_id: str) -> None:
    """Have an archived version run again, which no client can do."""

    async def change(tx: Transaction) -> None:
        await tx.update("flow", {"id": {"_eq": flow_id}}, {"archived": False})

    await world.installed.storage.write(change)


async def newest(world: World) -> dict[str, Any]:
    """The run that was created last."""
    found = await world.ask(
        "{ flow_run(order_by: {created: desc}, limit: 1) { name parameters context labels "
        "run_config idempotency_key flow { name version } } }"
    )
    return dict(found["flow_run"][0])


async def test_context_level_and_run_config_are_sent_once_they_are_touched(world: World) -> None:
    async with form_for(world, "billing-audit") as ui:
        await ui.sees("config   not sent", "context  not sent")
        await go_to(ui, "log_level")
        await ui.type("loud")
        await ui.sees("one of debug, info, warning, error, critical")
        await ui.press("ctrl+u")
        await ui.type("debug")
        await go_to(ui, "context")
        await ui.type('{"day": "friday"}')
        await ui.sees("level    debug", '{"day": "friday"}', "config   {")
        await ui.press("f3")
        await ui.sees("Tasks", "Flow run scheduled.")
    run = await newest(world)
    assert run["context"] == {"day": "friday"}
    assert run["run_config"]["env"] == {"PREFECT__LOGGING__LEVEL": "DEBUG"}
    assert run["run_config"]["type"] == "UniversalRun"


async def test_parameters_are_edited_as_one_json_object(world: World) -> None:
    async with form_for(world, "churn-features") as ui:
        await ui.press("f2")
        await ui.sees("Parameters  churn-features", '"regions": [')
        await ui.press("f7")
        await ui.type('{"regions": [')
        await ui.sees("the value is not finished")
        await ui.type('1], "nobody": 1}')
        await ui.sees("there is no parameter 'nobody'")
        await ui.press("f7")
        await ui.type('{"regions": ["eu", "us", "asia"]}')
        await ui.sees("a JSON object")
        await ui.press("f3")
        await ui.sees("changed", "asia")
        await ui.press("f3")
        await ui.sees("Tasks", "Flow run scheduled.")
    assert (await newest(world))["parameters"] == {"regions": ["eu", "us", "asia"]}


async def test_another_version_is_chosen_unless_it_is_archived(world: World) -> None:
    """Two that can run are in one group where an older server, or a person, left both active."""
    first = await world.flow("twice", parameters={"size": 1})
    await world.flow("twice", parameters={"size": 2, "more": 3})
    async with form_for(world, "twice") as ui:
        await ui.type("on-the-old-one")
        await ui.press("f4")
        await ui.sees("Version  twice", "the newest", "archived: it cannot be run")
        await ui.press("j", "enter")
        await ui.sees("Version  twice")
        await ui.press("escape")
        await ui.sees_no("Version  twice")
    await bring_back(world, first)
    async with form_for(world, "twice") as ui:
        await ui.type("on-the-old-one")
        await ui.press("f4")
        await ui.sees("Version  twice")
        await ui.sees_no("archived: it cannot be run")
        await ui.press("j", "enter")
        await ui.sees("twice v1", "on-the-old-one")
        await ui.sees_no("more")
        await ui.press("f3")
        await ui.sees("twice v1 / on-the-old-one")
    run = await newest(world)
    assert run["flow"] == {"name": "twice", "version": 1}
    assert run["parameters"] == {"size": 1}


async def test_an_archived_flow_says_why_it_cannot_be_run(world: World) -> None:
    await world.do("archive_flow", "success", flow_id=world.flows["weather-pull"])
    await world.run("feature-store", "other")
    group = await world.group_of("weather-pull")
    async with dashboard(world, open_id=world.runs["grey-heron"]) as ui:
        await ui.sees("/ grey-heron")
        await ui.press("x k")
        await ui.sees("v1 is archived, so nothing can be run with it")
        await ui.press("f3")
        await ui.sees("send: version: v1 is archived")
    assert group


async def test_a_run_is_written_again_with_all_that_it_was_given(world: World) -> None:
    await world.run(
        "orders-etl",
        "model-run",
        parameters={"since": "2026-11-01", "batch_size": 7},
        labels=["gpu", "prod"],
        context={"who": "ops"},
    )
    world.clock.forward(seconds=1)
    async with dashboard(world, open_id=world.runs["model-run"]) as ui:
        await ui.sees("/ model-run")
        await ui.press("x k")
        await ui.sees(
            "prefilled from model-run, 03:14", "gpu  prod", "no live agent", '{"who": "ops"}'
        )
        await go_to(ui, "name")
        await ui.press("f6")
        await ui.sees_no("empty: the server chooses")
        await ui.press("f3")
        await ui.sees("Flow run scheduled.")
        await ui.sees_no("model-run")
    run = await newest(world)
    assert run["labels"] == ["gpu", "prod"]
    assert run["context"] == {"who": "ops"}
    assert run["parameters"]["batch_size"] == 7
    assert run["name"] != "model-run"


async def test_the_form_says_what_is_changed_what_it_was_and_what_is_to_mend(world: World) -> None:
    async with form_for(world, "orders-etl") as ui:
        await ui.sees("Parameters  5, of which 1 required  *")
        assert "to mend" not in ui.text
        await go_to(ui, "parameter-2")
        await ui.press("backspace")
        await ui.type("2")
        await ui.sees("*  1 changed", "str  was v3")
        await ui.press("ctrl+r")
        await ui.sees_no("was v3")
        await go_to(ui, "parameter-3")
        await ui.press("end", "backspace", "backspace")
        await ui.type(" 5]")
        await ui.sees("expected ',' or the closing", "*  1 to mend", '"partitions": not valid yet')
        caret = next(line for line in ui.lines if "expected ','" in line)
        field = ui.line_with("[137,")
        assert field[caret.index("▔")] == "5"


async def test_the_form_says_what_there_is_to_know_before_it_starts(world: World) -> None:
    await agent(world, "k8s-1")
    await agent(world, "k8s-2")
    async with form_for(world, "orders-etl") as ui:
        await ui.sees("Before it starts", "✓ 2 healthy agents without labels")
        await ui.sees("▲ rosy-otter is running now, no limit", "– no run of v5 is over")
        await ui.sees("– no schedule", "Usual time  15m, would end about 03:29")
        await go_to(ui, "labels")
        await ui.type("gpu")
        await ui.sees("▲ no live agent takes gpu")
        await go_to(ui, "start")
        await ui.type("+10m")
        await ui.sees("would end about 03:39")
    async with form_for(world, "churn-features") as ui:
        await ui.sees("✓ schedule on, next own run 03:20", "✓ nothing of it runs now")
        await ui.sees("▲ v1 failed 2 of its 9 runs")
        assert "its last" not in ui.text
        await ui.pilot.resize_terminal(200, 60)
        await ui.sees("Runs  its last", "churn-features-1")


async def test_a_limit_under_which_a_run_would_wait_is_said_before_it_starts(
    installation: World,
) -> None:
    world = installation
    await world.flow("nightly", labels=["prod"])
    await world.do("update_flow_concurrency_limit", label="prod", limit=1)
    await world.run("nightly", "first", labels=["prod"])
    await world.start("first")
    async with form_for(world, "nightly") as ui:
        await ui.sees("▲ first is running now")
        await ui.sees("▲ limit of prod: 1 of 1 taken, it wo")
        assert "no limit" not in ui.text


async def test_where_nothing_stands_beside_the_form_nothing_is_asked_for_it(world: World) -> None:
    async with dashboard(world, (80, 24)) as ui:
        await ui.highlight("churn-features")
        await ui.press("t")
        await ui.sees("sends create_flow_run", "no live agent")
        assert not any(b"Limits" in request for request in world.transport.requests)
        for size in ((60, 24), (110, 30), (160, 50)):
            await ui.pilot.resize_terminal(*size)
            await ui.sees("▲ no live agent", "one a form")
        await ui.until(
            lambda: any(b"Limits" in request for request in world.transport.requests),
            "limits were not asked for",
        )
