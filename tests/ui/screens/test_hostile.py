"""Whatever a flow calls itself and writes, the screen stays a screen."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from flowtui.models.text import cells
from tests.driver import UI, dashboard
from tests.hostile import ALL, ESCAPES, MARKUP, TEXTS, hostile_world
from tests.world import World


@pytest.fixture
async def hostile(installation: World) -> World:
    await hostile_world(installation)
    return installation


class Inspector:
    """Looks at every line that would be painted."""

    def __init__(self, ui: UI) -> None:
        self.ui = ui
        self.seen: list[str] = []

    async def look(self, where: str, *expected: str) -> None:
        """Wait for what is expected, then see that every line is harmless and whole."""
        await self.ui.sees(*expected)
        await self.ui.pilot.pause()
        width, height = self.ui.app.size
        strips = self.ui.app.screen._compositor.render_strips()
        assert len(strips) == height, where
        for number, strip in enumerate(strips):
            text = "".join(segment.text for segment in strip)
            assert all(segment.control is None for segment in strip), f"{where} {number}"
            assert text.isprintable(), f"{where}, line {number}: {text!r}"
            assert cells(text) == width, f"{where}, line {number}: {text!r}"
        self.seen.append(where)

    async def look_through_a_slit(self, where: str) -> None:
        """The same where there is hardly any room."""
        size = self.ui.app.size
        for tiny in ((33, 9), (20, 5)):
            await self.ui.pilot.resize_terminal(*tiny)
            await self.look(f"{where} at {tiny}")
        await self.ui.pilot.resize_terminal(*size)
        await self.ui.pilot.pause()


async def every_flow_page(ui: UI, see: Inspector) -> None:
    await see.look("flows", "Flows", "8 in 8 projects")
    await see.look_through_a_slit("flows")
    for _ in TEXTS:
        await ui.press("j")
        await see.look("a flow")
    await ui.press("g")
    await ui.press("?")
    await see.look("help", "Keys")
    await ui.press("escape", "enter")
    await see.look("runs of a flow", "Read me")
    await ui.press("x")
    await see.look("menu of a flow", "each one asks first")
    await ui.press("h")
    await see.look("safeguard", "all versions of the flow")
    await ui.press("escape", "V")
    await see.look("versions", "ok of runs")
    await see.look_through_a_slit("versions")
    await ui.press("escape")


async def every_run_page(ui: UI, see: Inspector) -> None:
    await ui.press("3")
    await see.look("runs", "Runs", "message" if ui.app.size.width > 100 else "flow")
    await ui.press("g", "enter")
    await see.look("run", "lines", "7/7")
    await see.look_through_a_slit("run")
    for _ in range(10):
        await ui.press("j")
        await see.look("a task")
    await ui.press("enter")
    await every_task_page(ui, see)
    await ui.press("A")
    await see.look("artifacts", "2 artifacts", "markdown of")
    await see.look_through_a_slit("artifacts")
    await ui.press("j")
    await see.look("a link", "shown as text")
    await ui.press("escape", "f", "u")
    await see.look("whose lines", "everybody")
    await ui.press("j", "j", "enter")
    await see.look("some lines", "only ")
    await ui.press("escape", "tab", "g")
    await see.look("log", "locked to")
    for key in ("l", "l", "w", "G", "h"):
        await ui.press(key)
        await see.look(f"log after {key}")
    await ui.press("H")
    await see.look("states", "lasted")
    await ui.press("escape", "d")
    await see.look("details", "idempotency key")
    await see.look_through_a_slit("details")
    await ui.press("G")
    await see.look("end of details")
    await ui.press("escape", "x")
    await see.look("menu of a run", "each one asks first")
    await ui.press("c")
    await see.look("cancel", "cancel_flow_run")
    await ui.press("escape", "x", "s")
    await see.look("set state", "guarded by version")
    await see.look_through_a_slit("set state")


async def every_task_page(ui: UI, see: Inspector) -> None:
    wide = ui.app.size.width > 100
    await see.look("task run", "upstream", "The task" if wide else "child")
    await see.look_through_a_slit("task run")
    await ui.press("d")
    await see.look("details of a task run", "Its states")
    await ui.press("escape", "x", "n")
    await see.look("rename a task run", "set_task_run_name")
    await ui.press("escape", "m")
    await see.look("children", "Children  7")
    await see.look_through_a_slit("children")
    await ui.press("escape", "escape")
    await see.look("run again", "Tasks")


async def every_question_about_a_run(ui: UI, see: Inspector) -> None:
    for key, expected in (
        ("n", "set_flow_run_name"),
        ("L", "set_flow_run_labels"),
        ("D", "delete_flow_run"),
        ("K", "create_flow_run"),
        ("r", "set_task_run_states"),
    ):
        await ui.press("x", key)
        await see.look(f"question {key}", expected)
        await ui.press("escape")


async def a_conflict(ui: UI, see: Inspector, world: World) -> None:
    await see.look("task runs to set", "only the run itself")
    await world.set(ALL, "Failed", ALL)
    for _ in range(4):
        await ui.press("tab")
    await ui.press("enter")
    await see.look("conflict", "It changed while you were looking.")
    await ui.press("escape")


async def the_form(ui: UI, see: Inspector) -> None:
    await ui.press("x", "k")
    await see.look("run form", "prefilled from", "sends create_flow_run")
    await see.look_through_a_slit("form")
    for field in ui.app.screen.query(Input):
        field.focus()
        field.value = f"{ESCAPES}{MARKUP}"
        await see.look("a field")
    await ui.press("f3")
    await see.look("what is wrong with the form", "send:")


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), "mono"), ((120, 40), "dark"), ((200, 60), "ansi16")],
)
async def test_no_screen_is_broken_by_what_flows_write(
    hostile: World, size: tuple[int, int], theme: str
) -> None:
    async with dashboard(hostile, size=size, theme=f"flowtui-{theme}") as ui:
        see = Inspector(ui)
        await every_flow_page(ui, see)
        await every_run_page(ui, see)
        await a_conflict(ui, see, hostile)
        await every_question_about_a_run(ui, see)
        await the_form(ui, see)
        assert len(see.seen) > 40


async def test_what_is_said_of_hostile_things_is_harmless_too(hostile: World) -> None:
    async with dashboard(hostile, profile={"read_only": False}) as ui:
        see = Inspector(ui)
        await ui.sees("8 in 8 projects")
        for text in TEXTS:
            ui.app.say(text, wrong=True)
            await see.look("a notice")
        hostile.transport.answer = _broken_answer()
        await ui.press("r")
        await see.look("an error", "old")


def _broken_answer() -> object:
    import httpx

    return httpx.Response(200, json={"errors": [{"message": ALL}], "data": None})
