"""Projects: how each is, what it holds, and moving flows between them."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.driver import dashboard
from tests.hostile import ESCAPES, MARKUP, TEXTS
from tests.ui.screens.test_changing import choose
from tests.world import World


async def project_names(world: World) -> list[str]:
    found = await world.ask("{ project(order_by: {name: asc}) { name } }")
    return [one["name"] for one in found["project"]]


async def test_projects_are_listed_with_how_their_flows_are(world: World) -> None:
    async with dashboard(world, (140, 40)) as ui:
        await ui.press("5")
        await ui.sees("4 with 7 flows", "finance")
        await ui.until(lambda: "Late" in ui.line_with("finance"), "flows were not asked for")
        assert ui.line_with("finance").split()[1:5] == ["Late", "finance", "2", "1"]
        assert "no runs" in ui.line_with("platform")
        await ui.press("slash")
        await ui.type("flow:churn")
        await ui.press("enter")
        await ui.sees("1 of 4")
        assert ui.line_with(" ml ")
        await ui.press("enter")
        await ui.sees("project:ml", "3 of 7", "churn-features")
        await ui.sees_no("billing-audit")


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_below_the_list_stands_how_the_flows_of_a_project_do(
    world: World, size: tuple[int, int]
) -> None:
    async with dashboard(world, size, view="projects") as ui:
        await ui.until(lambda: "Late" in ui.line_with("finance"), "flows were not asked for")
        await ui.highlight("finance")
        await ui.sees("Its flows  2", "02:56  ledger-reconcile", "▲ 18m")
        assert "nothing" in ui.text.split("Its flows")[1]
        await ui.highlight(" ml ")
        await ui.sees("Its flows  3", "01:18   ✗ Failed", "churn-features")
        below = ui.text.split("Its flows")[1]
        assert below.index("churn-features") < below.index("feature-store")
        assert below.count("✗ Failed") == (2 if size[0] == 120 else 3)
        await ui.highlight("platform")
        await ui.sees("Its flows  1", "never-ran", "nothing is planned")


async def test_a_low_screen_tells_below_the_list_what_it_has_room_for(world: World) -> None:
    async with dashboard(world, (80, 24), view="projects") as ui:
        await ui.highlight("finance")
        await ui.sees("Its flows  2", "Failed last  in the last 10 of each")
        assert "of each flow" not in ui.text
        await ui.pilot.resize_terminal(80, 15)
        await ui.sees_no("Its flows")
        await ui.sees("finance", "platform")
        await ui.pilot.resize_terminal(80, 16)
        await ui.sees("Its flows  2", "finance", "platform")


async def test_a_project_is_made_and_then_called_and_described_otherwise(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.press("5")
        await ui.sees("4 with 7 flows")
        await ui.press("x n")
        await ui.sees("New project", "create_project")
        await ui.type("finance")
        await ui.sees("there is a project of that name already")
        await ui.type("-2")
        await ui.press("tab")
        await ui.type("what money does")
        await choose(ui, "Make the project")
        await ui.sees("The project finance-2 is made.", "what money does", "5 with 7 flows")
        await ui.highlight("finance-2")
        await ui.press("x e")
        await ui.sees("Edit project  finance-2")
        ui.app.screen.query(Input)[0].value = "money"
        await choose(ui, "Change the project")
        await ui.sees("The project money is changed.")
        await ui.sees_no("finance-2")
    found = await world.ask('{ project(where: {name: {_eq: "money"}}) { description } }')
    assert found["project"] == [{"description": "what money does"}]


async def test_a_project_is_deleted_after_its_flows_were_moved_and_its_name_typed(
    world: World,
) -> None:
    async with dashboard(world) as ui:
        await ui.press("5")
        await ui.highlight("commerce")
        await ui.press("x d")
        await ui.sees("Delete project  commerce", "1 flow, 4 archived versions and 13 runs")
        await ui.press("f3")
        assert "commerce" in await project_names(world)
        await choose(ui, "Move its flows first …")
        await ui.sees("Move to project  orders-etl")
        await ui.type("fnc")
        await ui.press("enter")
        await ui.sees("5 versions, their runs", "update_flow_project, 5 times")
        await choose(ui, "Move to finance")
        await ui.sees("its name", "nothing else: it is empty")
        await ui.type("commerc")
        await ui.sees("not its name")
        await ui.type("e")
        await choose(ui, "Delete the project")
        await ui.sees("The project commerce is deleted.", "3 with 7 flows")
    assert await project_names(world) == ["finance", "ml", "platform"]
    moved = await world.ask('{ flow(where: {project: {name: {_eq: "finance"}}}) { name } }')
    assert [one["name"] for one in moved["flow"]].count("orders-etl") == 5


async def test_a_project_is_picked_by_a_few_letters_for_flows_and_runs(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("7 in 4 projects")
        await ui.press("p")
        await ui.sees("All projects", "platform")
        await ui.type("nce")
        await ui.press("enter")
        await ui.sees("project:finance", "2 of 7")
        await ui.press("3")
        await ui.sees("Runs  ")
        await ui.press("p")
        await ui.sees("All projects")
        await ui.type("ml")
        await ui.press("enter")
        await ui.sees("project:ml")
        await ui.press("p")
        await ui.sees("All projects")
        await ui.press("up", "up", "up", "up", "enter")
        await ui.sees_no("project:ml")
        await ui.press("p")
        await ui.sees("All projects")
        await ui.type("brand-new")
        await ui.sees("a new project")
        await ui.press("enter")
        await ui.sees("New project", "create_project")
        await choose(ui, "Make the project")
        await ui.sees("The project brand-new is made.")
    assert "brand-new" in await project_names(world)


async def test_nothing_is_changed_in_a_read_only_profile(world: World) -> None:
    async with dashboard(world, profile={"read_only": True}) as ui:
        await ui.press("5")
        await ui.highlight("platform")
        await ui.press("x d")
        await ui.sees("delete …: this profile is read-only, so nothing was sent")
    assert "platform" in await project_names(world)


async def test_names_of_projects_are_harmless(installation: World) -> None:
    for text in TEXTS:
        await installation.flow("flow", project=text)
    async with dashboard(installation) as ui:
        await ui.press("5")
        await ui.sees(f"{len(TEXTS)} with {len(TEXTS)} flows")
        assert all(line.isprintable() for line in ui.lines)
        await ui.press("x e")
        await ui.sees("Edit project")
        ui.app.screen.query(Input)[0].value = ESCAPES + MARKUP
        await ui.pilot.pause()
        assert all(line.isprintable() for line in ui.lines)
        await ui.press("escape", "x m")
        await ui.sees("Move to project")
        assert all(line.isprintable() for line in ui.lines)
