"""What the page of a run tells besides its tasks and its log."""

from __future__ import annotations

import pytest

from flowtui.models.ids import FlowRunId
from tests.driver import dashboard
from tests.world import World


async def test_all_there_is_to_know_of_a_run_is_a_key_away(world: World) -> None:
    await world.run(
        "orders-etl",
        "well-known",
        parameters={"since": "2026-11-19", "dry_run": True},
        labels=["prod", "gpu"],
        context={"ticket": "OPS-4127"},
        idempotency_key="once-only",
    )
    await world.start("well-known")
    async with dashboard(world, open_id=world.runs["well-known"], size=(120, 60)) as ui:
        await ui.sees("commerce / orders-etl v5 / well-known", "Running")
        await ui.press("d")
        await ui.sees("gpu prod", "Running flow.", "once-only", "hand, or a client")
        await ui.sees("Parameters", "dry_run", "true", "Context", "OPS-4127", "Run config")
        await ui.sees("UniversalRun", world.runs["well-known"])


async def test_the_history_of_a_runs_states_says_how_long_each_lasted(world: World) -> None:
    async with dashboard(world, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("/ rosy-otter")
        await ui.press("H")
        await ui.sees("States  rosy-otter", "lasted", "Submitted for execution", "18s", "2s")


async def test_it_says_which_of_its_flows_runs_it_is_and_how_to_go_to_the_next(
    world: World,
) -> None:
    async with dashboard(world, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("[ older   newer ]   run 1 of 13")
        await ui.press("left_square_bracket")
        await ui.sees("/ v4-run-3", "run 2 of 13")
    async with dashboard(world, (80, 24), open_id=world.runs["v1-run-1"]) as ui:
        await ui.sees("/ v1-run-1", "[ 13 of 13 ]")


async def test_what_waits_for_its_time_says_when_that_is(world: World) -> None:
    async with dashboard(world, open_id=world.runs["red-wasp"]) as ui:
        await ui.sees("▲ Late  18m 00s", "due 02:56 UTC", "reconcile", "enter task")
        assert "back in time" not in ui.last_line
        await ui.press("h")
        await ui.sees("there is no time to move in")
        await ui.press("right_square_bracket")
        await ui.sees("○ Scheduled  in 45m", "due 04:00 UTC")
    async with dashboard(world, (80, 24), open_id=world.runs["red-wasp"]) as ui:
        await ui.sees("▲ Late  18m 00s", "0 of 1 tasks")


async def test_what_is_planned_counts_among_the_runs_of_a_flow(world: World) -> None:
    backend = world.backend()
    detail = await backend.run(FlowRunId(world.runs["churn-features-9"]))
    planned = await backend.flow_runs(detail.flow_group_id)
    number = await backend.run_number(detail.flow_group_id, detail.run)
    assert number is not None
    assert planned[number.number - 1].id == detail.run.id
    assert (number.of, number.are_more) == (len(planned), False)


async def test_no_more_runs_are_counted_than_a_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flow may have any number of runs; its page costs the same."""
    monkeypatch.setattr("flowtui.client.run_questions.COUNTED", 5)
    async with dashboard(world, open_id=world.runs["v4-run-2"]) as ui:
        await ui.sees("run 3 of 5+")
    async with dashboard(world, open_id=world.runs["v1-run-1"]) as ui:
        await ui.sees("/ v1-run-1", "No log lines yet.")
        assert " of 5" not in ui.text
