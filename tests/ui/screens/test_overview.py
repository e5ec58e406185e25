"""The overview: what is wrong in one second, and in two keys why."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
from tests.world import World


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_it_opens_with_what_needs_somebody(world: World, size: tuple[int, int]) -> None:
    async with dashboard(world, size, view="overview") as ui:
        await ui.sees("✗ 2 failed", "▲ 1 late", "● 2 running")
        await ui.sees("no live agent has labels", "churn-features")
        wrong = [line for line in ui.lines if "▌" in line]
        assert "ledger-reconcile" in wrong[0]


async def test_enter_opens_the_newest_run_of_a_cause(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("churn-features")
        await ui.press("j", "enter")
        await ui.sees("ml / churn-features v1 / churn-features-9")


async def test_why_is_one_key_from_a_late_run(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("ledger-reconcile")
        await ui.press("W")
        await ui.sees("No living agent takes a run with the label mainframe.")


async def test_tab_goes_to_what_runs(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("orders-etl", "elapsed")
        await ui.press("tab", "enter")
        await ui.sees("commerce / orders-etl v5 / rosy-otter")


async def test_where_nothing_is_wrong_it_says_so(installation: World) -> None:
    async with dashboard(installation, view="overview") as ui:
        await ui.sees("Nothing needs you.", "Nothing runs.", "100.0 % of 0 ok")


async def test_the_digits_lead_to_the_tabs(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        for key, text in (
            ("2", "in 4 projects"),
            ("3", "the newest"),
            ("4", "Agents"),
            ("1", "Attention"),
        ):
            await ui.press(key)
            await ui.sees(text)


async def test_leaving_at_once_leaves_nothing_behind(world: World) -> None:
    """What was to be painted after the next refresh may belong to a screen that has gone."""
    async with dashboard(world, view="overview") as ui:
        for _ in range(5):
            await ui.press("2", "1")
        await ui.sees("Attention")
        await ui.press("3")
        await ui.sees("the newest")
