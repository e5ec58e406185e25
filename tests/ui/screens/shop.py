"""A small world for the page of a flow: one flow with two versions, its runs, and little else."""

from __future__ import annotations

from tests.driver import UI
from tests.world import World, interval

FLOW = "stock-sync"


async def fill_shop(world: World) -> None:
    """A flow whose second version has another task, other defaults and a schedule."""
    now = world.clock.time
    world.clock.forward(days=-3)
    await world.flow(
        FLOW,
        tasks=["extract", "lookup", "load"],
        parameters={"region": "eu", "limit": 10},
        edges=[("extract", "lookup"), ("lookup", "load")],
        labels=["k8s"],
    )
    for number, ends in enumerate(("Success", "Success"), 1):
        await _ran(world, f"old-{number}", ends)
    world.clock.forward(days=1)
    await world.flow(
        FLOW,
        tasks=[
            "extract",
            {"slug": "clean", "max_retries": 3, "retry_delay": 60, "tags": ["db"]},
            {"slug": "load", "mapped": True},
        ],
        parameters={"region": "us", "limit": 10, "dry_run": False},
        edges=[("extract", "clean"), ("clean", "load")],
        schedule=interval(60),
        labels=["k8s", "prod"],
    )
    await _ran(world, "new-1", "Success")
    await world.run(FLOW, "new-2")
    await world.start("new-2")
    await world.task("new-2", "extract", "Running")
    await world.task("new-2", "extract", "Failed", "KeyError: 'sku'")
    await world.log("new-2", "no such sku", "ERROR")
    world.clock.forward(seconds=90)
    await world.set("new-2", "Failed", "Some reference tasks failed.")
    world.clock.time = now


async def _ran(world: World, name: str, ends: str) -> None:
    await world.run(FLOW, name)
    await world.start(name)
    world.clock.forward(minutes=5)
    await world.set(name, ends, "All reference tasks succeeded.")


async def open_pane(ui: UI, title: str, flow: str = FLOW) -> None:
    """Open the flow, and walk to a pane by tab."""
    await ui.highlight(flow)
    await ui.press("enter")
    await ui.sees("Read me", "latest")
    await walk_to(ui, title)


async def walk_to(ui: UI, title: str) -> None:
    """Walk to a pane by tab."""
    for _ in range(9):
        pane = getattr(ui.app.screen, "shown_pane", None)
        if pane is not None and pane.title == title:
            return
        await ui.press("tab")
    raise AssertionError(f"no pane {title!r}\n{ui.text}")


async def group(world: World, fields: str, flow: str = FLOW) -> dict[str, object]:
    """What the backend keeps for the group of a flow."""
    found = await world.ask(
        f"query($id: uuid!) {{ flow_group_by_pk(id: $id) {{ {fields} }} }}",
        id=await world.group_of(flow),
    )
    return dict(found["flow_group_by_pk"])
