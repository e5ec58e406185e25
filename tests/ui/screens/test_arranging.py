"""Order and columns of lists, by keyboard."""

from __future__ import annotations

from tests.driver import UI, dashboard
from tests.world import World

COLUMNS = ("run", "next", "usual", "changed")
"""Those that are picked here."""


def column(ui: UI, place: int) -> list[str]:
    """What stands at a place of each row, counted in words."""
    start = next(at for at, line in enumerate(ui.lines) if line.split()[:1] == ["state"])
    rows = [line.strip(" ▌").split() for line in ui.lines[start + 1 : -1]]
    return [row[place] for row in rows if len(row) > place]


async def choose(ui: UI, label: str) -> None:
    """Pick an order in the dialog."""
    await ui.press("s")
    await ui.sees("again reverses")
    await ui.press("g")
    wanted = f"  {label}  " if label in COLUMNS else label
    await ui.sees(wanted)
    while not any(line.partition(wanted)[0].rstrip(" •").endswith("▌") for line in ui.lines):
        await ui.press("j")
    await ui.press("enter")
    await ui.sees_no("again reverses")


async def test_flows_are_sorted_by_a_column_and_back_again(world: World) -> None:
    async with dashboard(world, size=(80, 24)) as ui:
        await ui.sees("never-ran", "sort: what is wrong, then name")
        own = column(ui, 2)
        await choose(ui, "usual")
        await ui.sees("sort: usual, longest first")
        assert "orders-etl" in ui.lines[4]
        await choose(ui, "usual")
        await ui.sees("sort: usual, shortest first")
        assert "orders-etl" not in ui.lines[4]
        await choose(ui, "what is wrong, then name")
        await ui.sees("sort: what is wrong, then name")
        assert column(ui, 2) == own


async def test_what_has_no_value_stands_last_both_ways(world: World) -> None:
    async with dashboard(world, size=(80, 24)) as ui:
        await ui.sees("never-ran")
        await choose(ui, "next")
        await ui.sees("sort: next, soonest first")
        first = [line.split()[2] for line in ui.lines if "▲ 18m" in line or "  5m " in line]
        await ui.press("S")
        await ui.sees("Sorted by next, latest first.")
        turned = [line.split()[2] for line in ui.lines if "▲ 18m" in line or "  5m " in line]
        assert turned == first[::-1]
        assert "–" in ui.line_with("never-ran")
        assert ui.lines.index(ui.line_with("never-ran")) > ui.lines.index(ui.line_with("▲ 18m"))


async def test_the_order_is_kept_for_its_kind_of_list(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("billing-audit")
        await ui.press("enter")
        await ui.sees("billing-audit-9")
        await choose(ui, "run")
        await ui.sees("sort: run, a to z")
        assert column(ui, 2)[0] == "billing-audit-1"
        await ui.press("escape")
        await ui.highlight("weather-pull")
        await ui.press("enter")
        await ui.sees("sort: run, a to z", "grey-heron")


async def test_what_changed_last_stands_first_where_one_wants_it(world: World) -> None:
    world.clock.forward(minutes=1)
    await world.set("v1-run-1", "Failed")
    async with dashboard(world) as ui:
        await ui.highlight("orders-etl")
        await ui.press("enter")
        await ui.sees("v1-run-1")
        assert column(ui, 2)[0] == "rosy-otter"
        await choose(ui, "changed")
        await ui.sees("sort: changed, newest first")
        await ui.until(lambda: column(ui, 2)[0] == "v1-run-1", "it does not stand first")


async def test_the_order_holds_while_rows_change(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await ui.press(next(one.key for one in ui.app.tabs if one.name == "Runs"))
        await ui.sees("rosy-otter")
        await choose(ui, "run")
        await world.run("billing-audit", "aaa-first")
        await ui.press("r", "g")
        await ui.sees("aaa-first")
        await ui.until(lambda: column(ui, 2)[0] == "aaa-first", "the new run is not the first")


async def test_columns_are_turned_off_and_on(world: World) -> None:
    async with dashboard(world, size=(140, 30)) as ui:
        await ui.sees("never-ran")
        await ui.press("grave_accent")
        await ui.sees("schedule")
        await ui.press("w")
        await ui.sees("as at first", "registered")
        assert "hidden" in ui.line_with("core version")
        await ui.highlight("project")
        await ui.press("space")
        await ui.press("escape")
        await ui.sees_no("platform")
        await ui.press("w", "a")
        await ui.press("w")
        await ui.sees("registered", "platform", "18 Nov", "1.4.1")
        await ui.press("w", "d")
        await ui.press("escape")
        await ui.sees_no("1.4.1")
        await ui.sees("platform")


async def test_columns_are_kept_and_may_find_no_room(world: World) -> None:
    async with dashboard(world, size=(80, 24)) as ui:
        await ui.sees("never-ran")
        await ui.press(next(one.key for one in ui.app.tabs if one.name == "Runs"))
        await ui.sees("rosy-otter")
        await ui.press("w", "a")
        await ui.sees("no room at this width")
        await ui.press("escape")
        await ui.sees("rosy-otter", "Running")


async def test_the_last_column_cannot_be_hidden(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await ui.press("w")
        await ui.sees("as at first")
        for _ in range(15):
            await ui.press("space", "j")
        await ui.press("escape")
        shown = ui.app.screen.listing.shown_columns()
        assert shown
