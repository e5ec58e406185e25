"""Changing things: each key leads to a dialog that names its target before anything is sent."""

from __future__ import annotations

import pytest

from tests.driver import UI, dashboard
from tests.world import World


async def open_run(ui: UI, name: str) -> None:
    await ui.press("3")
    await ui.highlight(name)
    await ui.press("enter")
    await ui.sees("Log", "Tasks")
    # The page knows nothing of the run before its first answer.
    await ui.until(lambda: getattr(ui.app.screen, "view", None) is not None, "no run is read")


async def open_flow(ui: UI, name: str) -> None:
    await ui.highlight(name)
    await ui.press("enter")
    await ui.sees("heartbeat")


async def choose(ui: UI, button: str) -> None:
    """Walk to a button by tab, and press it."""
    for _ in range(20):
        focused = ui.app.screen.focused
        if getattr(focused, "label", "") == button:
            await ui.press("enter")
            return
        await ui.press("tab")
    raise AssertionError(f"no button {button!r}\n{ui.text}")


async def test_cancelling_a_run_asks_first(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "slow-lynx")
        await ui.press("x c")
        await ui.sees("Cancel run  slow-lynx", "Running, version 3", "sends    cancel_flow_run")
        await ui.press("enter")
        assert await world.state_of("slow-lynx") == "Running"
        await ui.press("x c")
        await choose(ui, "Cancel the run")
        await ui.sees("slow-lynx is Cancelling")
        assert await world.state_of("slow-lynx") == "Cancelling"


async def test_a_refused_key_says_why(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "grey-heron")
        await ui.press("x")
        await ui.sees("the run is over: Cancelled")
        await ui.press("c")
        await ui.sees("cancel …: the run is over: Cancelled")


async def test_a_state_is_set_by_hand_with_a_reason(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "slow-lynx")
        await ui.press("x s")
        await ui.sees("Set state  slow-lynx", "guarded by version 3")
        await ui.press("j", "tab")
        await ui.type("rows loaded by hand")
        await choose(ui, "Set to Failed")
        await ui.sees("The run was set to Failed.")
        assert await world.state_of("slow-lynx") == "Failed"
        await ui.sees("because 'rows loaded by hand'")


async def test_a_state_that_moved_is_not_overwritten(world: World) -> None:
    async with dashboard(world, size=(80, 24)) as ui:
        await open_run(ui, "slow-lynx")
        await ui.press("x s")
        await ui.sees("guarded by version 3")
        await world.set("slow-lynx", "TimedOut", "It timed out meanwhile.")
        await choose(ui, "Set to Success")
        await ui.sees("It changed while you were looking. Nothing was sent.", "TimedOut")
        await ui.sees("Set state  slow-lynx", "Look again", "Set to Success for version 4")
        assert await world.state_of("slow-lynx") == "TimedOut"
        await ui.press("enter")
        await ui.sees("guarded by version 4")
        await choose(ui, "Set to Success")
        await ui.sees("The run was set to Success.")
        assert await world.state_of("slow-lynx") == "Success"


async def test_a_conflict_says_what_is_so_now_and_can_be_left(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "slow-lynx")
        await ui.press("x s")
        await ui.sees("guarded by version 3")
        await world.set("slow-lynx", "TimedOut", "Set by somebody else.")
        await choose(ui, "Set to Success")
        await ui.sees("version 4    03:14:22, Set by somebody else.", "enter look again")
        await ui.sees("enter does the harmless thing: reads it again")
        await world.set("slow-lynx", "Failed", "And once more.")
        await ui.press("enter")
        await ui.sees("guarded by version 5", "Leave it as it is")
        await choose(ui, "Leave it as it is")
        await ui.sees_no("Set state")
        assert await world.state_of("slow-lynx") == "Failed"


@pytest.mark.parametrize(
    ("key", "name", "before", "after"),
    [
        ("h", "Heartbeat", "heartbeat on", "heartbeat off"),
        ("l", "Lazarus", "Lazarus on", "Lazarus off"),
        ("v", "Version lock", "version lock off", "version lock on"),
    ],
)
async def test_a_safeguard_is_switched_and_switched_back(
    world: World, key: str, name: str, before: str, after: str
) -> None:
    async with dashboard(world) as ui:
        await open_flow(ui, "orders-etl")
        await ui.sees(before)
        for _ in range(2):
            turns = "off" if f"{name.lower()} on" in ui.text.lower() else "on"
            await ui.press(f"x {key}")
            await ui.sees(f"{name} {turns}", "all versions of the flow")
            warned = "can alter fundamental assumptions" in " ".join(ui.text.split())
            assert warned == (turns == "off")
            await choose(ui, f"Switch {name.lower()} {turns}")
            await ui.sees(f"{name} is {turns} for orders-etl.")
            await ui.press("r")
            await ui.sees(after if turns == after.rpartition(" ")[2] else before)


async def test_a_run_is_created_with_parameters(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("orders-etl")
        await ui.press("t")
        await ui.sees("What will be sent", "since *", "required: give a value")
        await ui.type("2026-11-19")
        await ui.sees('"since": "2026-11-19"', "sends create_flow_run to world")
        await ui.press("f3")
        await ui.sees("Tasks", "Flow run scheduled.")
        runs = await world.ask(
            "{ flow_run(order_by: {created: desc}, limit: 1) { parameters flow { name } } }"
        )
        assert runs["flow_run"][0] == {
            "parameters": {
                "since": "2026-11-19",
                "batch_size": 500,
                "dry_run": False,
                "feed_url": "https://feeds.example/v3",
                "partitions": [137, 204],
            },
            "flow": {"name": "orders-etl"},
        }


async def test_a_value_that_is_no_json_is_shown_where_it_is_wrong(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("orders-etl")
        await ui.press("t")
        await ui.sees("partitions")
        await ui.type("today")
        await ui.press("up")
        for _ in range(6):
            await ui.press("backspace")
        await ui.type(" 204]")
        await ui.sees("expected ',' or the closing bracket")
        await ui.press("f3")
        await ui.sees("send: partitions: expected ','")


async def test_a_name_a_start_and_labels_are_sent(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("billing-audit")
        await ui.press("t")
        await ui.sees("this flow takes none")
        await ui.type("by-hand")
        await ui.press("tab")
        await ui.type("2020-01-01 08:00")
        await ui.sees("that is in the past")
        await ui.press("ctrl+u")
        await ui.type("+10m")
        await ui.press("tab")
        await ui.type("prod k8s")
        await ui.sees("03:24 UTC", "no live agent")
        await ui.press("f3")
        await ui.sees("by-hand", "Scheduled")
    made = await world.run_named("by-hand")
    assert made is not None
    assert made["labels"] == ["k8s", "prod"]
    assert made["scheduled_start_time"] == "2026-11-20T03:24:22+00:00"
    assert len(made["idempotency_key"]) == 32


async def test_sending_again_after_a_lost_answer_makes_one_run(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("billing-audit")
        await ui.press("t")
        await ui.sees("this flow takes none")
        await ui.type("only-once")
        world.transport.lose_answers = True
        await ui.press("f3")
        await ui.sees("sending again starts no second run")
        world.transport.lose_answers = False
        await ui.press("f3")
        await ui.sees("Tasks", "only-once")
    runs = await world.ask('{ flow_run(where: {name: {_eq: "only-once"}}) { id } }')
    assert len(runs["flow_run"]) == 1


async def test_leaving_a_form_takes_a_second_press_once_something_is_typed(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("billing-audit")
        await ui.press("t")
        await ui.sees("this flow takes none")
        await ui.type("typed")
        await ui.press("escape")
        await ui.sees("esc again leaves")
        await ui.press("escape")
        await ui.sees("what is wrong, then name")


async def test_no_stray_key_leaves_a_form(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("billing-audit")
        await ui.press("t")
        await ui.sees("this flow takes none")
        await ui.type("typed")
        await ui.press("shift+tab")
        assert ui.app.focused is not None
        assert ui.app.focused.id == "send"
        await ui.press("backspace")
        for key in "1q[-":
            await ui.press(key)
        await ui.press("f1")
        await ui.sees("Create the run, and open it.")
        assert "The page above" not in ui.text
        assert "ctrl+k" not in ui.text
        await ui.press("escape")
        await ui.sees("typed", "f3 send")


async def test_a_run_is_written_again_with_its_parameters(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "rosy-otter")
        await ui.press("x k")
        await ui.sees("prefilled from rosy-otter", '"since": "2026-11-19"')


async def test_a_read_only_profile_changes_nothing(world: World) -> None:
    async with dashboard(world, profile={"read_only": True}) as ui:
        await open_run(ui, "slow-lynx")
        await ui.press("x")
        await ui.sees("read-only: none can be done")
        await ui.press("c")
        await ui.sees("cancel …: this profile is read-only, so nothing was sent")
        assert await world.state_of("slow-lynx") == "Running"


async def test_help_lists_the_keys_and_does_what_it_lists(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("orders-etl")
        await ui.press("?")
        await ui.sees("Keys  Flows", "Show or hide the flow beside the table")
        await ui.press("pagedown")
        await ui.sees("half a page down")
        await ui.press("g")
        await ui.highlight("The version history")
        await ui.press("enter")
        await ui.sees("registered", "ok of runs")
