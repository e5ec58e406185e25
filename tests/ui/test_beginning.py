"""Somebody who has just begun: a backend without flows, and none at all."""

from __future__ import annotations

from tests.driver import dashboard
from tests.world import World


async def test_a_backend_without_flows_says_how_the_first_one_gets_there(
    installation: World,
) -> None:
    async with dashboard(installation, view="overview", size=(80, 24)) as ui:
        await ui.sees("No flows yet", "prefect register", "flowtui demo", "--profile NAME")
        assert "Attention" not in ui.text
        await ui.until(lambda: "x actions" in ui.last_line, "what keys do")
        assert "open" not in ui.last_line
        assert "pane" not in ui.last_line
        await ui.pilot.resize_terminal(60, 30)
        await ui.sees("prefect create project first  a place for flows", "?  every key")
        assert ui.line_with("flow.py").endswith("flow.py")
        assert "…" not in ui.text
        await installation.flow("nightly")
        await installation.run("nightly", "late-a")
        installation.clock.forward(minutes=5)
        await ui.press("r")
        await ui.sees("Attention", "nightly")
        await ui.sees_no("prefect register")
        await ui.press("j", "enter")
        await ui.sees("nightly v1 / late-a")


async def test_a_list_without_flows_waits_for_no_runs_of_one(installation: World) -> None:
    async with dashboard(installation, view="flows", size=(200, 60)) as ui:
        await ui.sees("No flows yet.", "● live")
        await ui.press("r")
        await ui.sees("No flows yet.")
        await ui.sees_no("No answer yet.")


async def test_where_no_backend_answers_it_is_said_what_else_to_type(
    installation: World,
) -> None:
    installation.transport.is_down = True
    async with dashboard(installation, view="flows", size=(80, 24)) as ui:
        await ui.sees("No backend answers", "flowtui server start", "flowtui demo", "--api URL")
        installation.transport.is_down = False
        await ui.press("r")
        await ui.sees("No flows yet")
        await ui.sees_no("flowtui server start")
