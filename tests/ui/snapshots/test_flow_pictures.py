"""How the panes of a flow look, over a shop of one flow with two versions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from textual.pilot import Pilot

from flowtui.server.services import flows as server_flows
from tests.driver import UI
from tests.ui.screens.shop import FLOW, fill_shop, open_pane
from tests.ui.snapshots.test_pictures import Pictured
from tests.world import World

Steps = Callable[[UI], Awaitable[None]]

README = """# Stock sync

Copies what the shops *say* they have into the **warehouse**, once an hour.

- reads `stock_feed` of each region
- a region that fails is left out; see [the runbook](https://wiki.example/stock)

1. look at the errors
2. run again with `dry_run`

> Never run it by hand between 02:00 and 03:00.

| region | owner |
|---|---|
| eu | Ada |
| us | Grace |
"""


async def described_shop(world: World) -> None:
    """The shop with a read me, and clocks for all versions."""
    await fill_shop(world)
    group = {"flow_group_id": await world.group_of(FLOW)}
    clocks = [
        {"cron": "30 5 * * 1-5", "parameter_defaults": {"region": "asia"}},
        {"cron": "0 9 * * *"},
    ]
    await world.do("set_flow_group_description", "success", description=README, **group)
    await world.do(
        "set_flow_group_schedule",
        "success",
        cron_clocks=clocks,
        interval_clocks=[{"interval": 5400}],
        timezone="Europe/Berlin",
        **group,
    )


async def changes(ui: UI) -> None:
    await open_pane(ui, "Versions")
    if ui.app.size.width >= 110:
        await ui.sees("- lookup")
    else:
        await ui.sees("2 / 2")
        await ui.press("D")
        await ui.sees("What changed", "- lookup")


async def tasks(ui: UI) -> None:
    await open_pane(ui, "Tasks")
    await ui.sees("└ clean")
    await ui.press("j")


async def schedules(ui: UI) -> None:
    await open_pane(ui, "Schedules")
    await ui.sees("region=asia", "Next times")


async def clock(ui: UI) -> None:
    await schedules(ui)
    await ui.press("x n")
    await ui.sees("New clock")
    await ui.type("0 5 * * 1-5")
    await ui.sees("Fires next  0 5 * * 1-5", "Fri")


async def errors(ui: UI) -> None:
    await open_pane(ui, "Errors")
    await ui.sees("KeyError: 'sku'")


async def settings(ui: UI) -> None:
    await open_pane(ui, "Settings")
    await ui.sees("version group id")
    await ui.highlight("run config")


async def defaults(ui: UI) -> None:
    await open_pane(ui, "Settings")
    await ui.sees("default parameters")
    await ui.press("x f")
    await ui.sees("dry_run")


async def readme(ui: UI) -> None:
    await open_pane(ui, "Read me")
    await ui.sees("Stock sync", "owner")


@pytest.fixture(autouse=True)
def same_version_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server makes up an id for the versions of a flow; here it is always this one."""
    fixed = UUID("6f0c1d52-77aa-4e0b-9b5e-2f1c8e3a90d4")
    monkeypatch.setattr(server_flows, "uuid4", lambda: fixed)


SMALL, USUAL = (80, 24), (120, 40)

PICTURES: tuple[tuple[Steps, tuple[int, int]], ...] = (
    (changes, SMALL),
    (changes, USUAL),
    (tasks, USUAL),
    (schedules, SMALL),
    (clock, USUAL),
    (errors, SMALL),
    (settings, USUAL),
    (defaults, SMALL),
    (readme, USUAL),
)


@pytest.mark.parametrize(
    ("steps", "size"),
    PICTURES,
    ids=lambda one: getattr(one, "__name__", None) or f"{one[0]}x{one[1]}",
)
def test_pane(snap_compare, steps: Steps, size: tuple[int, int]) -> None:
    app = Pictured(described_shop)

    async def go(pilot: Pilot[None]) -> None:
        ui = UI(app, pilot)
        await app.backend()
        app.go_to("flows")
        await pilot.pause()
        await steps(ui)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=go)
