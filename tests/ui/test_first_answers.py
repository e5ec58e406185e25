"""The first answers of a page are shown together, but nothing waits long for what does not come."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App

from flowtui.ui.feeds import Snapshot
from flowtui.ui.first_answers import FirstAnswers, Take


def into(found: list[Any]) -> Take:
    return lambda snapshot: found.append(snapshot.value)


async def test_the_first_answers_come_together_and_the_next_ones_at_once() -> None:
    app, found = App[None](), list[Any]()
    async with app.run_test():
        first = FirstAnswers(app.screen)
        takes = [first.awaited(into(found)) for _ in range(2)]
        takes[0](Snapshot("runs"))
        takes[0](Snapshot("newer runs"))
        assert found == []
        takes[1](Snapshot("flows"))
        assert found == ["newer runs", "flows"]
        takes[1](Snapshot("newer flows"))
        assert found[2:] == ["newer flows"]


async def test_what_does_not_come_is_not_waited_for() -> None:
    app, found = App[None](), list[Any]()
    async with app.run_test():
        first = FirstAnswers(app.screen)
        given = asyncio.Event()

        def show(snapshot: Snapshot[Any]) -> None:
            found.append(snapshot.value)
            given.set()

        take, _ = first.awaited(show), first.awaited(into(found))
        take(Snapshot("runs"))
        await asyncio.wait_for(given.wait(), 60)
        assert found == ["runs"]


async def test_an_answer_that_makes_no_sense_keeps_none_of_the_others_back() -> None:
    def stumble(snapshot: Snapshot[Any]) -> None:
        raise KeyError("what")

    app, found = App[None](), list[Any]()
    async with app.run_test():
        first = FirstAnswers(app.screen)
        takes = [first.awaited(stumble), first.awaited(into(found))]
        takes[0](Snapshot("nonsense"))
        takes[1](Snapshot("flows"))
        assert found == ["flows"]
