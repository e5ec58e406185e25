"""Exporting a list by keyboard: what is shown is what is in the file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.driver import UI, dashboard
from tests.world import World


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that flowtui was started in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files_in(folder: Path) -> list[str]:
    """What has been written."""
    return [path.name for path in folder.iterdir()]


def remove(folder: Path) -> None:
    """Take the folder away from under flowtui."""
    folder.rmdir()


async def runs(ui: UI, text: str) -> None:
    """The runs that match."""
    await ui.sees("never-ran")
    await ui.press(next(one.key for one in ui.app.tabs if one.name == "Runs"))
    await ui.sees("rosy-otter")
    await ui.press("slash")
    await ui.type(text)
    await ui.press("enter")
    await ui.sees("hidden by your filter")


async def test_the_rows_that_are_shown_are_in_the_file(world: World, folder: Path) -> None:
    async with dashboard(world) as ui:
        await runs(ui, "orders state:failed,running")
        await ui.press("E")
        await ui.sees("Export", "3 of 63 runs", "flowtui-runs.csv")
        await ui.press("enter")
        await ui.sees("3 runs, ", "are in /")
    with (folder / "flowtui-runs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["run"] for row in rows] == ["rosy-otter", "v4-run-3", "v4-run-2"]
    assert rows[0]["start"] == "2026-11-20T03:01:42+00:00"
    assert float(rows[0]["time"]) == 760
    assert json.loads(rows[0]["parameters"])["since"] == "2026-11-19"


async def test_the_name_decides_and_nothing_is_written_over(world: World, folder: Path) -> None:
    (folder / "flowtui-flows.csv").write_text("mine", "utf-8")
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await ui.press("E")
        await ui.sees("flowtui-flows-2.csv")
        await ui.press("ctrl+u")
        await ui.type("flowtui-flows.csv")
        await ui.press("enter")
        await ui.sees("there is such a file already; it stays as it is")
        await ui.press("ctrl+u")
        await ui.type("flows.json")
        await ui.press("enter")
        await ui.sees("7 flows, ")
    assert (folder / "flowtui-flows.csv").read_text("utf-8") == "mine"
    flows = json.loads((folder / "flows.json").read_text("utf-8"))
    assert flows[0]["flow"] == "ledger-reconcile"
    assert flows[0]["state"] == "Late"
    assert flows[0]["labels"] == ["mainframe"]


async def test_escape_writes_nothing(world: World, folder: Path) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await ui.press("E")
        await ui.sees("flowtui-flows.csv")
        await ui.press("escape")
        await ui.sees_no("flowtui-flows.csv")
    assert files_in(folder) == []


async def test_a_folder_that_has_gone_is_said(world: World, folder: Path) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        remove(folder)
        await ui.press("E")
        await ui.sees("flowtui-flows.csv")
        await ui.press("enter")
        await ui.sees("that cannot be written")
        await ui.press("escape")
        await ui.sees("enter open")
