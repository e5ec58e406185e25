"""The dashboard in front of the real thing: a run written in it is executed by the real agent."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timezone

from flowtui.config import Profile
from flowtui.ui.app import FlowtuiApp
from tests.driver import UI

from .farm import Agent, Farm, Server, messages

PATIENCE = 90.0
"""Seconds for what a real agent and a real flow process take."""


@asynccontextmanager
async def dashboard(server: Server) -> AsyncIterator[UI]:
    """The dashboard over the server's own address, through the network."""
    app = FlowtuiApp(
        Profile(api_url=server.url, name="farm"),
        zone=timezone.utc,
        theme="flowtui-dark",
        view="flows",
    )
    async with app.run_test(size=(120, 40)) as pilot:
        yield UI(app, pilot, PATIENCE)


async def test_a_run_written_in_the_dashboard_is_executed_and_followed_to_its_end(
    farm: Farm, agent: Agent, server: Server
) -> None:
    async with dashboard(server) as ui:
        await ui.highlight("harvest")
        await ui.press("t")
        await ui.sees("2, none required", "count", "farm")
        await ui.type("from the dashboard")
        for field, value in (("count", "3"), ("farm", "Riverside")):
            while ui.app.screen.focused is not ui.app.screen.query_one(_field(ui, field)).input:
                await ui.press("tab")
            await ui.press("end", "ctrl+u")
            await ui.type(value)
        await ui.sees('"count": 3', '"farm": "Riverside"')
        with agent.held():
            await ui.press("f3")
            await ui.sees("from the dashboard", "Scheduled")
        farm.wake_agents()
        # It may be over before it is looked at again: that it ran is in its history.
        await ui.sees("✓ Success", "3/3")
        await ui.until(lambda: "Success" in ui.line_with("ended"), "the run did not end")
        await ui.sees("Weighed 60 kg", "Flow run SUCCESS")
        await ui.press("H")
        history = ["Scheduled", "Submitted", "Running", "Success"]
        await ui.sees(*history)
        box = [line for line in ui.lines if re.match(r".{10,40}\d\d:\d\d:\d\d ", line)]
        shown = [state for line in box for state in history if f" {state} " in line]
        assert shown[-4:] == history
        await ui.press("escape")
        await ui.sees("Log")
        log = ui.app.screen.query_one("#log")
        told = [line.message for line in log.lines]
    (made,) = server.ask(
        '{ flow_run(where: {name: {_eq: "from the dashboard"}}) { id parameters } }'
    )["flow_run"]
    assert made["parameters"] == {"count": 3, "farm": "Riverside"}
    assert told == messages(server.run(made["id"]))
    assert "Walking the 3 rows of Riverside" in told


async def test_a_state_that_moved_is_not_overwritten(farm: Farm, server: Server) -> None:
    run_id = farm.start("harvest", "--run-name", "left alone", "--label", "nobody-has-this")
    async with dashboard(server) as ui:
        await ui.press("3")
        await ui.highlight("left alone")
        await ui.press("enter")
        await ui.sees("Tasks", "Log")
        # The page knows nothing of the run before its first answer.
        await ui.until(lambda: getattr(ui.app.screen, "view", None) is not None, "no run is read")
        await ui.press("x s")
        await ui.sees("guarded by version 1")
        server.ask(
            "mutation($id: UUID!) { cancel_flow_run(input: {flow_run_id: $id}) { state } }",
            id=run_id,
        )
        while getattr(ui.app.screen.focused, "label", "") != "Set to Success":
            await ui.press("tab")
        await ui.press("enter")
        await ui.sees("It changed while you were looking. Nothing was sent.", "Cancelled")
    assert server.run(run_id)["state"] == "Cancelled"


def _field(ui: UI, parameter: str) -> str:
    """The selector of a parameter's field."""
    form = ui.app.screen.form
    names = [one.name for one in form.parameters]
    return f"#parameter-{names.index(parameter)}"
