"""Artifacts: what task runs left is read, and nothing that stands in it does anything."""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.models.links import run_in, safe_link
from tests.driver import UI, dashboard
from tests.ui.screens.test_run_edits import run_of
from tests.world import World

REPORT = """# Rows loaded

All of **18 240** rows, see [the feed](javascript:alert(1)).

| table | rows |
|---|---|
| orders | 18000 |

\x1b]8;;https://evil.example\x07click\x1b]8;;\x07 [red]not markup[/red]
"""


async def leave(world: World, kind: str, data: dict[str, Any]) -> None:
    """An artifact of slow-lynx's first task run."""
    found = await world.ask(
        'query($id: uuid!) { task_run(where: {flow_run_id: {_eq: $id}, task: {slug: {_eq: "approve"'
        "}}}) { id } }",
        id=world.runs["slow-lynx"],
    )
    task_run = found["task_run"][0]["id"]
    await world.do("create_task_run_artifact", task_run_id=task_run, kind=kind, data=data)
    world.clock.forward(seconds=1)


async def litter(world: World) -> None:
    """Have slow-lynx leave a link to another run, a report, and an address that is none."""
    child = world.runs["rosy-otter"]
    await leave(world, "link", {"link": f"https://prefect.example/team/flow-run/{child}"})
    await leave(world, "markdown", {"markdown": REPORT})
    await leave(world, "link", {"link": "javascript:alert('boo')"})


@pytest.fixture
async def littered(world: World) -> World:
    await litter(world)
    return world


def links(ui: UI) -> set[str]:
    """Every address that the terminal was given as a link."""
    strips = ui.app.screen._compositor.render_strips()
    return {segment.style.link for row in strips for segment in row if segment.style and
            segment.style.link}  # fmt: skip


async def test_artifacts_are_listed_and_read_and_only_web_addresses_are_links(
    littered: World,
) -> None:
    async with dashboard(littered, open_id=littered.runs["slow-lynx"]) as ui:
        await ui.sees("/ slow-lynx")
        await ui.press("A")
        await ui.sees("3 artifacts", "link of approve", "enter opens the run")
        assert links(ui) == {f"https://prefect.example/team/flow-run/{littered.runs['rosy-otter']}"}
        await ui.press("j")
        await ui.sees("markdown of approve", "All of 18 240 rows", "orders", "18000")
        await ui.sees("[red]not markup[/red]")
        assert not links(ui)
        await ui.press("j")
        await ui.sees("javascript:alert('boo')", "shown as text")
        assert not links(ui)
        await ui.press("enter", "tab", "k", "k", "enter")
        await ui.sees("orders-etl v5 / rosy-otter")
    assert (await run_of(littered, "rosy-otter"))["state"] == "Running"


async def test_the_artifacts_of_one_task_run_are_read(littered: World) -> None:
    async with dashboard(littered, open_id=littered.runs["slow-lynx"]) as ui:
        await ui.sees("/ slow-lynx", "publish")
        await ui.highlight("approve")
        await ui.press("enter")
        await ui.sees("slow-lynx / approve")
        await ui.press("A")
        await ui.sees("slow-lynx / approve / artifacts", "3 artifacts")
        await ui.press("escape", "greater_than_sign", "escape")
        await ui.highlight("publish")
        await ui.press("enter")
        await ui.sees("slow-lynx / publish")
        await ui.press("A")
        await ui.sees("No task run of it left anything to read.")


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://good.example@evil.example/",
        "https://a.example/\x1b]0;x\x07",
        "https://a.example/ b",
        "https://ex\u0430mple.com/",
        "https://[::1",
        "https://a.example/" + "x" * 3000,
    ],
)
def test_what_is_no_plain_address_of_the_web_is_no_link(text: str) -> None:
    assert safe_link(text) is None


def test_an_address_of_a_run_leads_to_it() -> None:
    run = "3f7c02a1-5b7e-4c11-9d2e-0a6f1c22d41c"
    assert run_in(f"http://localhost:8080/default/flow-run/{run}?logs") == run
    assert run_in(f"https://cloud.example/flow/{run}") is None
    assert run_in(f"javascript:/flow-run/{run}") is None
