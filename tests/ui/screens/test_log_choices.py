"""What of a log is shown: whose lines, since when, and a line that an address leads to."""

from __future__ import annotations

from tests.driver import dashboard
from tests.ui.screens.test_task_run import brave_yak, chained, write
from tests.world import World

__all__ = ["chained"]


async def test_only_the_lines_of_a_task_or_of_a_logger_are_shown(chained: World) -> None:
    await chained.log("brave-yak", "a line of the runner", name="prefect.CloudFlowRunner")
    async with dashboard(chained, open_id=chained.runs["brave-yak"]) as ui:
        await ui.sees("/ brave-yak")
        await ui.press("f")
        await ui.sees("32 lines", "a line of the runner")
        await ui.press("g", "u")
        await ui.sees("Whose lines", "everybody", "child   clean[0]", "prefect.CloudFlowRunner")
        await ui.press("j", "j", "enter")
        await ui.sees("only clean", "child 0 has something to say")
        await ui.press("G")
        await ui.sees("child 29 has something to say")
        await ui.sees_no("a line of the runner")
        await ui.press("u")
        await ui.sees("Whose lines")
        await ui.press("G", "k", "enter")
        await ui.sees("only prefect.CloudFlowRunner", "a line of the runner")
        await ui.sees_no("child 29")
        await ui.press("u")
        await ui.sees("Whose lines")
        await ui.press("g", "enter")
        await ui.sees("child 29", "a line of the runner")
        await ui.sees_no("only prefect")


async def test_only_the_last_minutes_are_shown_and_new_lines_are_counted(chained: World) -> None:
    chained.clock.forward(minutes=3)
    await write(chained, "brave-yak", None, "long after")
    async with dashboard(chained, open_id=chained.runs["brave-yak"]) as ui:
        await ui.sees("/ brave-yak")
        await ui.press("f")
        await ui.sees("32 lines", "child 29")
        await ui.press("W")
        await ui.sees("Since", "the last 15 minutes")
        await ui.press("1")
        await ui.sees("since 03:17:15", "long after")
        await ui.sees_no("child 29")
        await ui.press("L", "L")
        await ui.sees("No line is since 03:17:15, warning or worse.")
        await ui.press("W", "0", "L", "L")
        await ui.sees("child 29")


async def test_a_task_runs_log_opens_narrowed_to_it(chained: World) -> None:
    async with brave_yak(chained, "[17] KeyError") as ui:
        await ui.sees("child 17 has something to say")
        await ui.press("f")
        await ui.sees("only clean[17]", "31 lines")
        await ui.sees_no("child 16")
        await ui.press("u")
        await ui.sees("Whose lines")
        await ui.press("g", "enter")
        await ui.sees("child 16")


async def test_an_address_opens_a_log_at_a_line_with_its_surroundings(chained: World) -> None:
    found = await chained.ask('{ log(where: {message: {_ilike: "child 4 %"}}) { id } }')
    address = f"{chained.runs['brave-yak']}#{found['log'][0]['id']}"
    async with dashboard(chained, open_id=address) as ui:
        await ui.sees("stopped", "child 3 has", "child 5 has")
        await ui.until(lambda: "child 4 has" in ui.line_with("▌"), "the line is not found")
