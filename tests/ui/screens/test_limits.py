"""Limits: how much may run at once under a label or a tag."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.driver import dashboard
from tests.hostile import TEXTS
from tests.ui.screens.test_changing import choose
from tests.world import World


class OldServer(httpx.AsyncBaseTransport):
    """A Prefect Server of before: it says that it has no limits, and refuses whoever asks."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = (await request.aread()).decode()
        assert "concurrency" not in asked
        answer = await self._inner.handle_async_request(request)
        body = json.loads(await answer.aread())
        schema = (body.get("data") or {}).get("__schema")
        if schema:
            fields = schema["mutationType"]["fields"]
            schema["mutationType"]["fields"] = [f for f in fields if "limit" not in f["name"]]
        return httpx.Response(200, json=body)


@pytest.fixture
async def limited(installation: World) -> World:
    """Two runs of a flow under a limit of two, and its tasks under a wider one."""
    await installation.do("update_flow_concurrency_limit", label="prod", limit=2)
    await installation.do("update_task_concurrency_limit", name="api", limit=12)
    await installation.flow("nightly", labels=["prod"], tasks=[{"slug": "call", "tags": ["api"]}])
    for run in ("one", "two"):
        await installation.run("nightly", run)
        await installation.start(run)
    await installation.task("one", "call", "Running")
    return installation


async def test_below_the_list_stands_who_holds_the_places_and_what_comes_next(
    limited: World,
) -> None:
    await limited.run("nightly", "three")
    async with dashboard(limited, view="limits") as ui:
        await ui.highlight("prod ")
        await ui.sees("Holds its places  2 flow runs", "Comes next  0 late, 1 planned")
        below = ui.text.split("Holds its places")[1]
        assert "one" in below
        assert "two" in below
        assert "three" not in below
        await ui.highlight(" api ")
        await ui.sees("Holds its places  1 task run", "Waits for a place  nothing")
        assert "call" in ui.line_with("nightly / one")
        await limited.task("two", "call", "Queued")
        await ui.sees("Waits for a place  1 task run", "nightly / two")
    async with dashboard(limited, (80, 24), view="limits") as ui:
        await ui.highlight(" api ")
        await ui.sees("Holds its places  1 task run", "Waits for a place  1 task run")
        await ui.pilot.resize_terminal(80, 13)
        await ui.sees_no("Holds its places")


async def test_how_much_of_a_label_was_taken_of_late_stands_in_a_strip(limited: World) -> None:
    await limited.do("update_flow_concurrency_limit", label="etl", limit=2)
    await limited.flow("hourly", labels=["etl"])
    now = limited.clock.time
    for minutes_ago, name in ((70, "first"), (66, "second")):
        limited.clock.time = now - timedelta(minutes=minutes_ago)
        await limited.run("hourly", name)
        await limited.start(name)
    limited.clock.time = now - timedelta(minutes=60)
    for name in ("first", "second"):
        await limited.set(name, "Success")
    limited.clock.time = now
    async with dashboard(limited, view="limits") as ui:
        await ui.sees("taken, last 2 h")
        place = ui.line_with("taken, last 2 h").index("taken, last")
        strip = ui.line_with(" etl ")[place : place + 30]
        assert strip.strip() == "▄▇▇"
        assert ui.line_with("prod ")[place + 29] == "▇"
        assert ui.line_with(" api ")[place : place + 30].strip() == "–"
    asked = len(limited.transport.requests)
    async with dashboard(limited, (80, 24), view="limits") as ui:
        await ui.sees("2 labels, 1 tag")
    assert not any(b"EndedLately" in one for one in limited.transport.requests[asked:])


async def test_limits_show_how_much_of_them_is_taken_and_by_which_runs(limited: World) -> None:
    async with dashboard(limited, (120, 30)) as ui:
        await ui.press("7")
        await ui.sees("1 label, 1 tag", "1 full", "full: the rest queues", "11 free")
        assert ui.line_with("prod ").split("━")[-1].split()[:2] == ["2", "2"]
        assert ui.line_with(" api ").split("━")[-1].split()[:2] == ["1", "12"]
        await ui.press("slash")
        await ui.type("of:tag")
        await ui.press("enter")
        await ui.sees("1 of 2")
        await ui.until(lambda: "its runs" not in ui.last_line, "there is no list of task runs")
        await ui.press("enter")
        await ui.sees("its runs: task runs are listed with their run")
        await ui.press("escape")
        await ui.highlight("prod")
        await ui.until(lambda: "enter its runs" in ui.last_line, "runs of a label have a list")
        await ui.press("enter")
        await ui.sees("label:prod state:running", "one", "two")


async def test_a_limit_is_set_changed_and_taken_away(limited: World) -> None:
    async with dashboard(limited, (120, 30)) as ui:
        await ui.press("7")
        await ui.sees("1 label, 1 tag")
        await ui.press("x t")
        await ui.sees("Limit a tag")
        await ui.type("api")
        await ui.sees("it is limited already")
        await ui.type("-2")
        await ui.press("tab")
        await ui.type("many")
        await ui.sees("a whole number is expected, 0 or more")
        await ui.press("f3")
        await ui.sees("Limit a tag")
        for _ in "many":
            await ui.press("backspace")
        await ui.type("5")
        await ui.press("f3")
        await ui.sees("At most 5 task runs with the tag api-2 run at once.", "2 tags")
        await ui.highlight("prod")
        await ui.press("x e")
        await ui.sees("Change limit  label prod", "at most 2 flow runs at once, 2 taken")
        await ui.press("backspace")
        await ui.type("9")
        await choose(ui, "Set the limit")
        await ui.sees("At most 9 flow runs with the label prod", "7 free")
        await ui.highlight("api-2")
        await ui.press("x d")
        await ui.sees("Delete limit  tag api-2", "delete_task_concurrency_limit")
        await choose(ui, "Delete the limit")
        await ui.sees("The tag api-2 is limited no longer.", "1 label, 1 tag")
    found = await limited.ask("{ flow_concurrency_limit { name limit } }")
    assert found["flow_concurrency_limit"] == [{"name": "prod", "limit": 9}]


async def test_a_backend_without_limits_is_not_asked_for_them(limited: World) -> None:
    limited.transport = OldServer(limited.transport)  # type: ignore[assignment]
    async with dashboard(limited) as ui:
        await ui.press("7")
        await ui.sees("This backend has no limits: a Prefect Server runs all that its agents take.")
        await ui.press("x n")
        await ui.sees("limit a label …: this backend has no limits")


async def test_names_of_limits_are_harmless(installation: World) -> None:
    for text in TEXTS:
        await installation.do("update_flow_concurrency_limit", label=text, limit=1)
    async with dashboard(installation, (80, 24)) as ui:
        await ui.press("7")
        await ui.sees(f"{len(TEXTS)} labels, 0 tags")
        for _ in TEXTS:
            await ui.press("x d")
            await ui.sees("Delete limit")
            assert all(line.isprintable() for line in ui.lines)
            await ui.press("escape", "j")
