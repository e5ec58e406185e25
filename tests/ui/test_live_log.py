"""A long log as it is read: its end at once, the rest behind it, no line lost and none twice."""

from __future__ import annotations

import asyncio
from datetime import timezone

import pytest

from flowtui.models.ids import FlowRunId
from flowtui.ui import live_log
from flowtui.ui.live_log import LiveLog
from flowtui.ui.widgets.log_reader import LogReader
from tests.driver import UI, dashboard
from tests.world import World

LINES = 60


@pytest.fixture
async def long(installation: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A run whose log has many times as many lines as are read at once."""
    monkeypatch.setattr(live_log, "LINES", 5)
    monkeypatch.setattr(live_log, "PAGES", 1)
    await installation.flow("chatty", tasks=["one"])
    await installation.run("chatty", "talk")
    await installation.start("talk")
    for number in range(LINES):
        await written(installation, f"line {number}")
    return installation


async def written(world: World, message: str) -> None:
    """One more line, at a time of its own but for every third."""
    world.clock.forward(seconds=bool(len(message) % 3) * 10)
    await world.log("talk", message)


def said(log: LiveLog) -> list[str]:
    return [line.message for line in log.book]


async def test_the_end_is_read_first_and_the_rest_is_put_before_it(long: World) -> None:
    backend, log = long.backend(), LiveLog(FlowRunId(long.runs["talk"]))
    everything = [line.message for line in (await backend.logs(log.run_id)).lines]
    assert not await log.look(backend)
    assert (said(log), log.lines_before) == (everything[-5:], 5)
    await written(long, "written meanwhile")
    everything.append("written meanwhile")
    assert not await log.look(backend)
    assert (said(log), log.lines_before) == (everything[-6:], 10)
    long.clock.forward(seconds=-5)
    await long.log("talk", "it was on its way")
    for _ in range(LINES):
        if await log.look(backend):
            break
    assert (said(log), log.lines_before) == ([*everything, "it was on its way"], None)
    await written(long, "and another")
    for _ in range(LINES):
        if await log.look(backend) and said(log)[-1] == "and another":
            break
    assert sorted(said(log)) == sorted([*everything, "it was on its way", "and another"])


async def test_a_log_of_a_page_is_asked_for_once(long: World) -> None:
    live_log.LINES = LINES + 1
    log = LiveLog(FlowRunId(long.runs["talk"]))
    assert await log.look(long.backend())
    assert (len(log.book), log.lines_read) == (LINES, LINES)


async def test_where_nothing_can_be_kept_reading_ends_and_says_so(long: World) -> None:
    log = LiveLog(FlowRunId(long.runs["talk"]))
    log.book.spool.trouble = "No space left on device"
    assert log.new_trouble().endswith("(No space left on device); it is held in memory.")
    assert log.new_trouble() == ""
    log.book.spool._limits = 0, 0
    assert log.new_trouble().endswith("no more of it is read.")
    assert (await log.look(long.backend()), log.lines_read) == (True, 0)


async def reading(ui: UI) -> LogReader:
    await ui.until(lambda: bool(ui.app.screen.query(LogReader)), "there is no log")
    return ui.app.screen.query_one(LogReader)


async def test_a_reader_stays_on_their_line_when_the_rest_is_put_before_it(
    long: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, read = asyncio.Event(), LiveLog._read_before

    async def waiting(*given: object) -> None:
        await gate.wait()
        await read(*given)  # type: ignore

    monkeypatch.setattr(LiveLog, "_read_before", waiting)
    async with dashboard(long, open_id=long.runs["talk"], zone=timezone.utc) as ui:
        await ui.sees("the last 5 lines")
        await ui.press("f")
        await ui.sees("the last 5 lines, ", "line 59", "5 older read")
        log = await reading(ui)
        await ui.press("k", "k", "slash")
        await ui.type("line [35]")
        await ui.press("enter")
        await ui.sees("of 5…")
        here = log.whole_line
        gate.set()
        await ui.sees("60 lines, ", "of 22 ")
        assert log.whole_line == here
        await ui.press("escape", "g")
        await ui.sees("stopped")
        assert (log.place, len(log.lines)) == (0, LINES)
