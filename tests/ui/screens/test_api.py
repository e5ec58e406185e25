"""Asking the API by hand: queries, variables, what comes back, and what is not sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests.driver import UI, dashboard
from tests.hostile import TEXTS, hostile_world
from tests.ui.screens.test_changing import choose
from tests.world import World


async def ask(ui: UI, query: str, variables: str = "") -> None:
    """Write a query into the editor, and send it."""
    ui.app.screen.query_one("#query", TextArea).text = query
    ui.app.screen.query_one("#variables", TextArea).text = variables
    await ui.press("f3")


async def test_a_query_is_typed_sent_and_its_answer_folds(world: World) -> None:
    async with dashboard(world, (120, 40)) as ui:
        await ui.press("8")
        await ui.sees("Query  f2 looks names up", "What comes back stands here.")
        await ui.press("f3")
        await ui.sees("flow_run: [", '"quick-quokka"', "74 lines in", "1 query remembered")
        await ui.press("j", "enter")
        await ui.sees("[ 10 rows ]")
        await ui.sees_no("quick-quokka")
        await ui.press("enter", "F")
        await ui.sees("{ 3 fields }")
        await ui.press("F")
        await ui.sees("quick-quokka")


async def test_every_key_that_is_named_beside_the_editor_works_there(world: World) -> None:
    async with dashboard(world, (120, 40)) as ui:
        await ui.press("8")
        await ui.sees("f4 history …   tab next pane   f1 help")
        assert "?" not in ui.last_line
        await ui.press("f1")
        await ui.sees("Keys  API", "f1 ", "Every key of this screen")
        assert "? f1" not in ui.text
        assert not ui.line_with("q    ")
        await ui.press("escape", "escape")
        await ui.until(lambda: "? help" in ui.last_line, "letters are keys again")
        await ui.press("tab")
        await ui.until(lambda: "f1 help" in ui.last_line, "the query has the focus again")
        await ui.press("shift+tab", "2")
        await ui.sees("Flows  7 in 4 projects")


async def test_an_answer_shows_that_the_backend_is_there(world: World) -> None:
    async with dashboard(world, (120, 40), view="api") as ui:
        await ui.sees("f3 sends the query")
        assert " ms" not in ui.lines[0]
        await ui.press("f3")
        await ui.until(lambda: " ms" in ui.lines[0], "how soon it answered is not told")
        world.transport.is_down = True
        await ui.press("f3")
        await ui.until(lambda: "no answer" in ui.lines[0], "that nothing answers is not told")


async def test_a_listing_gets_a_limit_and_variables_are_sent(world: World) -> None:
    async with dashboard(world, (120, 40)) as ui:
        await ui.press("8")
        await ask(
            ui,
            "query($name: String) { flow(where: {name: {_eq: $name}}) { name version } "
            "flow_aggregate { aggregate { count } } }",
            '{"name": "orders-etl"}',
        )
        await ui.sees("with limit: 100 for flow ", "count: 11", "version: 5")
        sent = world.transport.requests[-1].decode()
        assert "flow(limit: 100, where: {name" in json.loads(sent)["query"]
        await ask(ui, "{ flow { name } }", "[1]")
        await ui.sees("The variables are an object", "nothing was sent")
        await ask(ui, "{ flow { name }")
        await ui.sees("row 1, column 16: Expected Name, found <EOF>", "nothing was sent")


async def test_what_the_backend_refuses_is_said_in_its_words(world: World) -> None:
    async with dashboard(world, (120, 40)) as ui:
        await ui.press("8")
        await ask(ui, "{ nothing_here { id } }")
        await ui.sees("✗", "nothing_here")
        world.transport.is_down = True
        await ask(ui, "{ flow { id } }")
        await ui.sees("No backend answers at", "no answer")


async def test_a_mutation_asks_first_and_is_refused_where_nothing_may_change(world: World) -> None:
    flow = world.flows["never-ran"]
    archive = f'mutation {{ archive_flow(input: {{flow_id: "{flow}"}}) {{ success }} }}'
    async with dashboard(world, (120, 40)) as ui:
        await ui.press("8")
        await ask(ui, archive)
        await ui.sees("Send mutation  archive_flow", "nobody has checked it")
        await ui.press("enter")
        await ui.sees("Query  f2")
        await ask(ui, archive)
        await choose(ui, "Send it")
        await ui.sees("success: true")
    async with dashboard(world, (120, 40), profile={"read_only": True}) as ui:
        await ui.press("8")
        await ask(ui, archive)
        await ui.sees("✗ This profile is read-only, so the mutation was")


async def test_names_are_looked_up_and_put_into_the_query(world: World) -> None:
    async with dashboard(world, (120, 40)) as ui:
        await ui.press("8", "f2")
        await ui.sees("Schema", "[flow!]!")
        await ui.type("flow_run_by_pk")
        await ui.sees("id: uuid!")
        await ui.press("enter")
        await ui.sees("a field of flow_run")
        await ui.type("scheduled_st")
        await ui.sees("timestamptz!")
        await ui.press("enter")
        await ui.sees("scheduled_start_time{")


async def test_queries_are_remembered_loaded_and_saved(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "agents.graphql").write_text("{ agent { name } }")
    async with dashboard(world, (120, 40)) as ui:
        await ui.press("8")
        await ask(ui, "{ project { name } }")
        await ui.sees('"commerce"')
        await ui.press("E")
        await ui.sees("Save the answer")
        await ui.press("enter")
        await ui.sees(" B are in ")
        saved = json.loads((tmp_path / "flowtui-answer.json").read_text())
        assert {"name": "ml"} in saved["project"]
        await ui.press("f8")
        await ui.sees("Load a query")
        await ui.type("agents.graphql")
        await ui.press("enter")
        await ui.sees("{ agent { name } }")
        await ui.press("f4")
        await ui.sees("Asked before  1 query", "{ project { name } }")
        await ui.press("enter")
        await ui.sees_no("agent")
        await ui.press("f6")
        await ui.sees("Save the query")
        await ui.press("enter")
        await ui.sees(" B are in ")
        assert (tmp_path / "query.graphql").read_text() == "{ project { name } }\n"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_hostile_answers_are_harmless(installation: World, size: tuple[int, int]) -> None:
    await hostile_world(installation)
    async with dashboard(installation, size, theme="flowtui-mono") as ui:
        await ui.press("8")
        await ask(ui, "{ flow { name project { name } } log { message } task_run { name } }")
        await ui.until(lambda: " lines in " in ui.text, "no answer was shown")
        for _ in range(2 * len(TEXTS)):
            assert all(line.isprintable() for line in ui.lines)
            await ui.press("ctrl+d")
        await ui.press("shift+tab", "shift+tab")
        ui.app.screen.query_one("#query", TextArea).text = "".join(TEXTS)
        await ui.press("f3")
        await ui.sees("nothing was sent")
        assert all(line.isprintable() for line in ui.lines)
