"""Each question that the dashboard asks, spoiled alone: its page lives, keeps what it knew, and is
whole again with the next good answer.

FLOWTUI_FAULTS=all tries every fault on what is asked once, too, and puts every kind of value into
every field of every answer that comes again and again: some 8 500.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from flowtui.client.connection import operation_names, operation_text
from tests.driver import UI
from tests.ui.faults.bad_line import (
    FAULTS,
    BadLine,
    Fault,
    bad_line,
    changing,
    only,
    operation_of,
    replaced,
    whole,
)
from tests.ui.faults.test_bad_line import ALL, SEED, is_stale, on, page
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODD: Mapping[str, Callable[[Any], Any]] = {
    "nothing": lambda value: None,
    "a number": lambda value: 7,
    "more than there can be": lambda value: 10**15,
    "a text": lambda value: "odd",
    "a list": lambda value: [value],
    "an object": lambda value: {"odd": value},
    "a truth": lambda value: True,
    "more than a number holds": lambda value: 1e308,
    "the first moment there is": lambda value: "0001-01-01T00:00:00+00:00",
}
"""What may stand in the place of a value."""


LARGE = (200, 60)
"""All that is ever shown has room."""


CREDIBLE = ("nulls", "hostile texts")
"""Faults that some questions take for an answer, and rightly."""


@dataclass(frozen=True)
class Place:
    """A page, what is pressed on it, and what it asks then, again and again."""

    page: str
    asks: Mapping[str, str]
    """What each question puts on the page, by the name of its operation."""
    keys: Sequence[str] = ()
    at: str = ""
    """What the cursor stands on."""


PLACES: Mapping[str, Place] = {
    "overview": Place(
        "overview",
        {
            "RunLists": "rosy-otter",
            "Overview": "failed",
            "Flows": "Every flow",
            "Agents": "1 healthy",
            "Upcoming": "churn-features",
            "Tenants": "",
            "RunningTasks": "load_warehouse",
            "Limits": "1 of 2",
            "LimitsUsage": "1 of 2",
            "SuccessByDay": "14 d",
            "OutcomesByFlow": "Projects",
            "PastRuns": "billing-audit",
        },
    ),
    "flows": Place(
        "flows",
        {
            "FlowsLately": "weather-pull",
            "Flows": "weather-pull",
            "FlowTroubles": "Tasks that fail most",
            "FlowGroup": "Versions",
            "Agents": "Agents",
            "FlowRuns": "odd-ibis",
        },
        at="churn-features",
    ),
    "runs": Place("runs", {"RunLists": "rosy-otter", "CountRuns": "rosy-otter"}),
    "agents": Place(
        "agents",
        {
            "Agents": "mainframe-1",
            "AgentLately": "mainframe-1",
            "Contacts": "▄▄····",
            "EndedLately": "mainframe-1",
            "RunningNow": "k8s-1",
            "Upcoming": "1 late",
        },
    ),
    "agent": Place("agent:AgentScreen", {"RunPage": "Took", "Upcoming": "1 late"}),
    "projects": Place(
        "projects",
        {"Flows": "ledger-reconcile", "Projects": "commerce"},
        at="finance",
    ),
    "calendar": Place(
        "calendar",
        {"Day": "ledger-reconcile", "GoingOn": "orders-etl", "Schedules": "ledger-reconcile"},
    ),
    "limits": Place(
        "limits",
        {
            "Limits": "prod",
            "LimitsUsage": "prod",
            "RunPage": "calm-bison",
            "TagHolders": "prod",
            "Upcoming": "prod",
            "EndedLately": "prod",
        },
    ),
    "flow": Place("flow:FlowScreen", {"FlowGroup": "orders-etl", "FlowRuns": "rosy-otter"}),
    "its runs by state": Place("flow:FlowScreen", {"FlowCounts": "rosy-otter"}),
    "its planned runs": Place("flow:FlowScreen", {"FlowUpcoming": "orders-etl"}, ("tab",) * 4),
    "its errors": Place("flow:FlowScreen", {"FlowErrors": "currency_code"}, ("tab",) * 5),
    "run": Place(
        "run:RunScreen",
        {
            "FlowRun": "rosy-otter",
            "TaskRuns": "load_warehouse",
            "Logs": "staging.orders",
        },
    ),
    "task run": Place("task_run:TaskRunScreen", {"TaskRun": "load_warehouse[7]"}),
    "artifacts": Place("artifacts:ArtifactsScreen", {"Artifacts": ""}),
    "log": Place("log:LogScreen", {"Logs": "staging.orders", "FlowRun": "rosy-otter"}),
    "why": Place(
        "why:WhyScreen",
        {
            "Agents": "mainframe-1",
            "Contacts": "mainframe-1",
            "FlowGroup": "red-wasp",
            "FlowRun": "red-wasp",
            "Tenants": "red-wasp",
            "Upcoming": "red-wasp",
        },
    ),
    "form": Place(
        "run_form:RunFormScreen",
        {"FlowGroup": "Start run", "Agents": "Start run", "Limits": "Start run"},
    ),
}


@dataclass(frozen=True)
class Asking:
    """A page, or keys on it, that ask a question once."""

    page: str
    keys: Sequence[str] = ()
    at: str = ""
    """What the cursor stands on."""
    shows: str = ""
    """What tells that the page can be worked with."""


ONCE: Mapping[str, Asking] = {
    "SearchNames": Asking("runs", ("ctrl+k", "o", "t", "t")),
    "SearchIds": Asking("runs", ("ctrl+k", "0", "1", "a", "1")),
    "TaskRunCounts": Asking("runs", ("x", "s"), "rosy-otter"),
    "DownstreamTasks": Asking("task_run:TaskRunScreen", ("x", "r"), shows="KeyError"),
    "TaskRunStates": Asking("task_run:TaskRunScreen", ("x", "r"), shows="KeyError"),
    "TaskHistory": Asking("flow:FlowScreen", ("tab", "tab", "enter")),
    "FlowTasks": Asking("flow:FlowScreen", ("tab",)),
    "VersionFailures": Asking("flow:FlowScreen", ("tab",)),
    "LastSuccess": Asking("run:RunScreen"),
    "RunNumber": Asking("run:RunScreen"),
    "ProjectFlows": Asking("projects", ("x", "m"), "commerce"),
    "ProjectRuns": Asking("projects", ("x", "d"), "commerce"),
    "Schema": Asking("api", ("f2",)),
}

ELSEWHERE = {
    "About": "a dialog that shows what went wrong as any other does",
    "Capabilities": "in test_bad_line.py",
    "FlowRunState": "by older backends only",
    "LastLogs": "of logs that are longer than a page",
    "Place": "by --open and by ids that are typed",
    "RunsNamed": "by --watch",
    "StillFlow": "by what is taken back",
    "StillFlowGroup": "by what is taken back",
    "StillFlowRun": "by what is taken back",
    "StillProject": "by what is taken back",
}
"""Questions that are asked by something else, and by what."""


async def test_every_question_of_the_client_is_spoiled() -> None:
    documents = (operation_text(name) for name in operation_names())
    starts = ((text, text.find("query ")) for text in documents if "mutation " not in text)
    questions = {operation_of(f'"{text[start:]}') for text, start in starts}
    known = {operation for place in PLACES.values() for operation in place.asks}
    assert questions == known | ONCE.keys() | ELSEWHERE.keys()


async def rested(ui: UI, line: BadLine) -> None:
    """Wait until all that the page asks has had an answer, and all is painted that came."""
    await ui.until(lambda: line.open_requests == 0 and ui.is_answered, "an answer never comes")
    await ui.pilot.pause()


async def spoiled(ui: UI, line: BadLine, operation: str, fault: Fault) -> None:
    """Let one question meet a fault, and look at the page from top to bottom."""
    line.fault, before = only(operation, fault), line.met[operation]
    ui.app.screen.refresh_now()  # type: ignore[attr-defined]
    await ui.until(lambda: line.met[operation] > before, f"{operation} is not asked")
    await rested(ui, line)
    assert ui.text
    assert ui.app._exception is None


async def healed(ui: UI, line: BadLine, operation: str) -> None:
    """Let the question be answered well again."""
    line.fault, before = whole, line.asked[operation]
    ui.app.screen.refresh_now()  # type: ignore[attr-defined]
    await ui.until(lambda: line.asked[operation] > before, f"{operation} is not asked again")
    await rested(ui, line)


@pytest.mark.parametrize("name", PLACES)
async def test_a_page_outlives_each_of_its_questions(busy: World, name: str) -> None:
    place = PLACES[name]
    noise = random.Random(f"{SEED} {name}")
    async with bad_line(busy.installed.app) as line, on(line, busy, "api", LARGE) as ui:
        await ui.app.push_screen((await page(place.page, busy))())
        await ui.until(lambda: not is_stale(ui), "the page has no data")
        if place.at:
            await ui.highlight(place.at)
        for key in place.keys:
            await rested(ui, line)
            await ui.press(key)
        for operation, shows in place.asks.items():
            await ui.sees(shows)
            await ui.until(lambda asked=operation: line.asked[asked] > 0, f"no {operation}")  # type: ignore[misc]
            await rested(ui, line)
            line.fields.clear()
            await healed(ui, line, operation)
            fields = sorted(line.fields[operation])
            for fault in FAULTS:
                await spoiled(ui, line, operation, FAULTS[fault])
                if fault in CREDIBLE:
                    await healed(ui, line, operation)
                    await ui.sees(shows)
                assert shows in ui.text, f"{operation}: {fault}\n{ui.text}"
            pairs = [(field, odd) for field in fields for odd in ODD]
            for field, odd in pairs if ALL else noise.sample(pairs, min(2, len(pairs))):
                await spoiled(ui, line, operation, changing(replaced(field, ODD[odd])))
            await healed(ui, line, operation)
            await ui.sees(shows)


@pytest.mark.parametrize("operation", ONCE)
async def test_what_is_asked_once_and_in_vain_breaks_nothing(busy: World, operation: str) -> None:
    asking = ONCE[operation]
    noise = random.Random(f"{SEED} {operation}")
    faults = {name: fault for name, fault in FAULTS.items() if name != "hostile texts"}
    for fault in faults if ALL else ["500", *noise.sample(list(faults), 1)]:
        async with bad_line(busy.installed.app) as line, on(line, busy, "runs", LARGE) as ui:
            await ui.sees("rosy-otter", "● live")
            line.fault = only(operation, FAULTS[fault])
            await ui.app.push_screen((await page(asking.page, busy))())
            if asking.page != "api":  # which asks nothing by itself
                await ui.until(lambda: not is_stale(ui), "the page has no data")
            await ui.sees(asking.shows)
            if asking.at:
                await ui.highlight(asking.at)
            for key in asking.keys:
                await rested(ui, line)
                await ui.press(key)
            await ui.until(lambda: line.met[operation] > 0, f"{operation} is not asked")
            await rested(ui, line)
            assert ui.text
            while len(ui.app.screen_stack) > 2:
                await ui.app.pop_screen()
            line.fault = whole
            await ui.press("r")
            await ui.sees("rosy-otter", "● live")
            assert ui.app._exception is None
