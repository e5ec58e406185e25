"""A run's tasks as a list: filtered, sorted, exported, and mapped children kept together."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.driver import UI, dashboard
from tests.world import World


@asynccontextmanager
async def rosy_otter(world: World, size: tuple[int, int] = (120, 40)) -> AsyncIterator[UI]:
    """The run that goes wrong tonight, with a mapped task of twelve children."""
    async with dashboard(world, size=size, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("10/12", "list_partitions")
        yield ui


async def filtered(ui: UI, text: str) -> None:
    """Type a filter and keep it."""
    await ui.press("slash")
    await ui.sees("tab complete")
    await ui.type(text)
    await ui.press("enter")
    await ui.sees(f"/ {text}", "hidden by your filter")


async def test_a_name_finds_tasks(world: World) -> None:
    async with rosy_otter(world) as ui:
        await filtered(ui, "list,fx")
        await ui.sees("list_partitions", "fetch_fx_rates")
        await ui.sees_no("10/12")
        await ui.press("escape")
        await ui.sees("10/12")


async def test_a_state_finds_the_children_that_are_in_it(world: World) -> None:
    async with rosy_otter(world) as ui:
        await filtered(ui, "state:running")
        await ui.sees("[10]", "[11]", "10/12")
        await ui.sees_no("fetch_fx_rates")
        await ui.sees_no("[7] KeyError")


async def test_a_mapped_task_stays_folded_when_all_of_it_is_found(world: World) -> None:
    async with rosy_otter(world) as ui:
        await filtered(ui, "load_warehouse")
        await ui.sees("10/12", "[7] KeyError")
        await ui.sees_no("[10]")


async def test_what_the_page_says_of_the_run_does_not_change(world: World) -> None:
    async with rosy_otter(world) as ui:
        ribbon = ui.lines[4:8]
        await filtered(ui, "list_partitions")
        assert ui.lines[4:8] == ribbon


async def test_tasks_are_sorted_and_children_stay_with_their_task(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("s")
        await ui.sees("again reverses", "as they started")
        await ui.highlight("  time  ")
        await ui.press("enter")
        await ui.sees("sort: time, longest first")
        names = [line for line in ui.lines if "load_warehouse" in line or "extract_orders" in line]
        rows = [ui.lines.index(line) for line in names[:2]]
        assert "load_warehouse" in names[0]
        assert "children" in ui.lines[rows[0] + 1]
        assert "[7] KeyError" in ui.lines[rows[0] + 2]


async def test_a_filter_that_finds_nothing_says_so_and_the_log_stays(world: World) -> None:
    async with rosy_otter(world, (80, 24)) as ui:
        await filtered(ui, "zebra")
        await ui.sees("None of the 17 task runs matches your filter", "16 lines")


async def test_keys_of_the_list_are_refused_in_the_log(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("tab", "E")
        await ui.sees("export …: go to the list first")


async def test_every_task_run_that_is_found_is_exported(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with rosy_otter(world) as ui:
        await filtered(ui, "load_warehouse")
        await ui.press("E")
        await ui.sees("13 of 17 task runs")
        await ui.press("ctrl+u")
        await ui.type("tasks.json")
        await ui.press("enter")
        await ui.sees("13 task runs, ")
    rows = json.loads((tmp_path / "tasks.json").read_text("utf-8"))
    assert len(rows) == 13
    (failed,) = [row for row in rows if row["state"] == "Failed"]
    assert failed["task"] == "load_warehouse[7]"
    assert failed["message"] == "KeyError: 'currency_code'"
    assert failed["time"] == 20


async def test_columns_of_tasks_are_chosen(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("w")
        await ui.highlight("  attempts ")
        await ui.press("space", "escape")
        await ui.sees_no("as at first")
        await ui.sees("attempts")
