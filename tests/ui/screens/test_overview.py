"""The overview: what is wrong in one second, and in two keys why."""

from __future__ import annotations

import pytest

from flowtui.ui.screens import overview
from tests.driver import dashboard
from tests.ui.screens.test_changing import choose
from tests.ui.screens.test_why import agent
from tests.world import World, interval

SHORT = ("✗ 2 failed", "▲ 1 late", "● 2 running")
TALL = ("✗ 2 Failed", "▲ 1 Late", "● 2 Running")


@pytest.mark.parametrize(
    ("size", "said"), [((120, 40), TALL), ((120, 30), SHORT), ((80, 24), SHORT)]
)
async def test_it_opens_with_what_needs_somebody(
    world: World, size: tuple[int, int], said: tuple[str, ...]
) -> None:
    async with dashboard(world, size, view="overview") as ui:
        await ui.sees(*said)
        await ui.sees("no live agent takes", "churn-features")
        wrong = [line for line in ui.lines if "▌" in line]
        assert "ledger-reconcile" in wrong[0]


async def test_what_is_at_the_bottom_fills_a_terminal_that_grows(world: World) -> None:
    for number in range(3):
        await agent(world, f"agent-{number}")
    async with dashboard(world, (80, 24), view="overview") as ui:
        await ui.sees("churn-features", "now")
        for size in ((200, 60), (120, 40)):
            await ui.pilot.resize_terminal(*size)
            await ui.sees("agent-0", "agent-1", "agent-2")
            band = next(y for y, line in enumerate(ui.lines) if "┊" in line)
            axis = next(line for line in ui.lines[band:] if "now" in line)
            assert axis.index("now") < ui.lines[band].index("┊") + 2


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
    await installation.flow("nightly")
    async with dashboard(installation, view="overview") as ui:
        await ui.sees("Nothing needs you.", "Nothing runs.", "none has ended", "in 24 h")


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


async def test_the_window_goes_from_a_day_to_a_week_a_month_and_an_hour(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("28 runs in 24 h", "✗ 2 Failed")
        await ui.press("w")
        await ui.sees("runs in 7 d", "✗ 4 Failed")
        await ui.press("w")
        await ui.sees("runs in 30 d")
        await ui.press("w")
        await ui.sees("1 run in 1 h")


async def test_how_many_are_planned_stands_above_them(world: World) -> None:
    async with dashboard(world, (200, 60), view="overview") as ui:
        await ui.sees("Last 42 runs", "next 10")
        title, *band = ui.lines[ui.lines.index(ui.line_with("Last 42 runs")) :][:9]
        assert len(title) == max(map(len, band[:7]))


async def test_the_band_has_a_cursor_that_tells_and_opens_a_run(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("Last 42 runs", "height is duration")
        await ui.press("tab", "tab", "left", "left", "left")
        await ui.sees("✓ Success  weather-pull  weather-pull-9  1m 50s", "▲ 01:18 UTC")
        await ui.press("left", "enter")
        await ui.sees("ml / churn-features v1 / churn-features-9")


async def test_late_runs_are_cleared_by_cancelling_first_of_all(world: World) -> None:
    async with dashboard(world, view="overview", profile={"bulk_rate": 1000.0}) as ui:
        await ui.sees("1 Late")
        await ui.press("x e")
        await ui.sees("1 late run; cancelling keeps their history", "cancel …", "delete …")
        await ui.press("enter")
        await ui.sees("Cancel 1 flow run", "red-wasp", "type 1 to go on")
        await ui.type("1")
        await ui.press("enter", "enter")
        await ui.sees("✓ 1 done")
        assert await world.state_of("red-wasp") == "Cancelled"
        await ui.press("enter")
        await ui.sees("0 Late")
        await ui.press("x e")
        await ui.sees("clear late runs …: no run is late")


async def test_everything_in_progress_is_cancelled_and_one_planned_run_started(
    world: World,
) -> None:
    async with dashboard(world, view="overview", profile={"bulk_rate": 1000.0}) as ui:
        await ui.sees("2 Running", "▲ 1 Late")
        await ui.press("x C")
        await ui.sees("Cancel 2 flow runs", "rosy-otter", "slow-lynx", "2 to Cancelling")
        await ui.type("2")
        await ui.press("enter", "enter")
        await ui.sees("✓ 2 done")
        assert await world.state_of("rosy-otter") == "Cancelling"
        await ui.press("enter", "tab", "tab", "tab", "j")
        await ui.press("x g")
        await ui.sees("Start now  ", "churn-features, on world", "Scheduled, to start at once")
        await choose(ui, "Start the run now")
        await ui.sees("is scheduled to start now.")
    started = await world.ask(
        '{ flow_run(where: {flow: {name: {_eq: "churn-features"}}, state: {_eq: "Scheduled"}}, '
        "order_by: {state_start_time: asc}, limit: 1) { state_start_time } }"
    )
    assert started["flow_run"][0]["state_start_time"].startswith("2026-11-20T03:14")


async def test_what_happened_is_narrowed_to_failures_and_all_of_it_to_a_project(
    world: World,
) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("Just happened", "02:44:22  ■ Cancelled")
        await ui.press("f")
        await ui.sees("Just happened  failed")
        await ui.sees_no("02:44:22  ■ Cancelled")
        await ui.press("p")
        await ui.sees("All projects")
        await ui.type("comm")
        await ui.press("enter")
        await ui.sees("in commerce")
        await ui.sees_no("churn-features")


async def test_a_paused_work_queue_is_said_above_all(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("ledger-reconcile")
        await ui.press("x Q")
        await ui.sees("Pause the work queue", "no agent is given a run")
        await choose(ui, "Pause it")
        await ui.sees("The work queue is paused: no agent is given a run.")
        await ui.press("x Q")
        await choose(ui, "Resume it")
        await ui.sees_no("no agent is given a run.")


async def test_where_there_is_room_a_cause_tells_more_on_a_second_line(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("due 02:56 UTC", "last ok 19 Nov 23:17, churn-features-8")
        below = ui.lines[ui.lines.index(ui.line_with("no live agent takes")) + 1]
        assert below.startswith(" ▌")
        assert "due 02:56" in below
        await ui.press("j", "enter")
        await ui.sees("ml / churn-features v1 / churn-features-9")
        await ui.press("escape", "w")
        await ui.sees("3 causes", "first 16 Nov", "new since v4 · last ok")


async def test_where_there_is_none_it_keeps_to_one(world: World) -> None:
    async with dashboard(world, (80, 24), view="overview") as ui:
        await ui.sees("no live agent takes", "Some reference tasks failed.")
        assert "last ok" not in ui.text


async def test_what_runs_says_which_of_its_tasks_run_and_what_it_waits_for(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("rosy-otter  load_warehouse[11]")
        await ui.sees("slow-lynx   Paused  approve")
        await world.task("rosy-otter", "load_warehouse", "Mapped", n_map_states=40)
        await world.task("rosy-otter", "publish_marts", "Running")
        await ui.press("r")
        await ui.sees("rosy-otter  publish_marts  +1")
        await world.task("rosy-otter", "publish_marts", "Success")
        await ui.press("r")
        await ui.sees("rosy-otter  load_warehouse[12/40]")


async def test_where_there_is_no_room_for_tasks_none_are_asked_for(world: World) -> None:
    asked = lambda: [one for one in world.transport.requests if b"RunningTasks" in one]  # noqa: E731
    async with dashboard(world, (100, 40), view="overview") as ui:
        await ui.sees("● Running     orders-etl")
        before = len(asked())
        await ui.press("r")
        await ui.sees("churn-features", "● live")
        assert before == len(asked()) == 0
        await ui.pilot.resize_terminal(120, 40)
        await ui.sees("rosy-otter  load_warehouse[11]")
        assert asked()


async def test_what_takes_far_longer_than_usual_says_how_many_times(world: World) -> None:
    async with dashboard(world, view="overview") as ui:
        await ui.sees("12m 40s   03:16   15m 00s")
        world.clock.forward(minutes=60)
        await ui.press("r")
        await ui.sees("1h 12m    over  4.8× p50", "1 slower than usual")


async def test_limits_that_hold_for_what_runs_are_told_beside_it(world: World) -> None:
    await world.do("update_flow_concurrency_limit", label="prod", limit=10)
    await world.do("update_flow_concurrency_limit", label="gpu", limit=1)
    await world.run("billing-audit", "tidy-crow", labels=["prod"])
    async with dashboard(world, view="overview") as ui:
        await ui.sees("Running  2 runs", "load_warehouse[11]")
        await world.start("tidy-crow")
        await ui.press("r")
        await ui.sees("Running  1 of 10 slots  label prod")


async def test_how_many_runs_failed_is_told_beside_their_tab_on_every_page(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("in 4 projects", "● live")
        assert "✗2" not in ui.lines[0]
        await ui.press("1")
        await ui.until(lambda: "3 Runs ✗2   4 Agents" in ui.lines[0], "no count in the bar")
        await ui.press("w")
        await ui.sees("✗ 4 Failed")
        asked = len([one for one in world.transport.requests if b"Overview" in one])
        await ui.press("2")
        await ui.sees("in 4 projects")
        assert "3 Runs ✗2   4 Agents" in ui.lines[0]
        assert len([one for one in world.transport.requests if b"Overview" in one]) == asked


async def test_a_broad_and_high_screen_says_how_days_projects_and_flows_went(world: World) -> None:
    await agent(world, "gpu-farm", "gpu", "eu-1")
    for number in range(9):
        await world.run("billing-audit", f"again-{number}")
        await world.start(f"again-{number}")
        await world.set(f"again-{number}", "Success")
    async with dashboard(world, (200, 60), view="overview") as ui:
        await ui.sees("Success, 14 days", "lowest 60 % on 16 Nov")
        await ui.sees("Projects  failed of all runs, 24 h", "2 of 19", "0 of 18")
        title = next(y for y, line in enumerate(ui.lines) if "Projects  failed" in line)
        at = ui.lines[title].index("Projects")
        told = [line[at:].split()[0] for line in ui.lines[title + 1 : title + 4]]
        assert told == ["ml", "commerce", "finance"]
        await ui.sees("Every flow  last 18 runs each", "gpu-farm  eu-1 gpu")
        past = ui.line_with("✓ billing-audit     ")
        assert len(past.split("billing-audit")[1][:30].split()[0]) == 18


async def test_what_costs_more_is_not_asked_where_it_is_not_shown(world: World) -> None:
    costly = (b"SuccessByDay", b"OutcomesByFlow", b"PastRuns", b"FlowConcurrency")
    async with dashboard(world, (160, 44), view="overview") as ui:
        await ui.sees("load_warehouse[11]", "28 runs in 24 h", "Just happened")
        asked = b"".join(world.transport.requests)
        assert not [one for one in costly if one in asked]


async def test_what_runs_is_seen_however_much_is_planned(installation: World) -> None:
    """Ten runs of each scheduled flow are planned, and all of them are newer than one that runs."""
    await installation.flow("nightly")
    await installation.run("nightly", "slow-fox")
    await installation.set("slow-fox", "Running")
    for number in range(51):
        await installation.flow(f"hourly-{number:02}", schedule=interval(60))
        await installation.switch_schedule(f"hourly-{number:02}")
    async with dashboard(installation, (120, 40), view="overview") as ui:
        await ui.sees("● 1 Running", "slow-fox", "51 Next hour")


async def test_keys_know_the_run_of_a_cause_that_many_runs_have_come_after(
    installation: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "LAST", 3)
    await installation.flow("nightly")
    for name in ("bad-fox", "run-1", "run-2", "run-3"):
        await installation.run("nightly", name)
        await installation.set(name, "Running")
        await installation.set(name, "Failed" if name == "bad-fox" else "Success")
        installation.clock.forward(minutes=5)
    async with dashboard(installation, (120, 40), view="overview") as ui:
        await ui.sees("✗ 1 Failed")
        await ui.press("x")
        await ui.sees("bad-fox", "run again now")
