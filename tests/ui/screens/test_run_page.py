"""What the page of a run tells besides its tasks and its log."""

from __future__ import annotations

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
