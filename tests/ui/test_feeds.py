"""Feeds: one question asked again and again, whatever comes back."""

from __future__ import annotations

import asyncio

from flowtui.errors import NotUnderstood, Refused
from flowtui.ui.feeds import LONGEST_PAUSE, Feed, Snapshot


async def test_an_answer_that_makes_no_sense_is_told_and_asked_for_again() -> None:
    answers = [KeyError("tenant"), 7]
    told: list[Snapshot[int]] = []
    answered = asyncio.Event()

    async def ask() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def listen(snapshot: Snapshot[int]) -> None:
        told.append(snapshot)
        if snapshot.value is not None:
            answered.set()

    feed = Feed(ask, lambda value: 60.0 if value else 0.01)
    feed.listen(listen)
    await asyncio.wait_for(answered.wait(), 60)
    feed.leave(listen)
    assert isinstance(told[0].error, NotUnderstood)
    assert "KeyError('tenant')" in told[0].error.message
    assert (told[-1].value, told[-1].error) == (7, None)


async def test_a_page_that_cannot_show_an_answer_is_told_so_and_the_feed_goes_on() -> None:
    told: list[Snapshot[int]] = []
    others: list[Snapshot[int]] = []
    answers = [0, 7]
    answered = asyncio.Event()

    async def ask() -> int:
        return answers.pop(0)

    def listen(snapshot: Snapshot[int]) -> None:
        told.append(snapshot)
        if snapshot.value is not None and 1 // snapshot.value == 0:
            answered.set()

    feed = Feed(ask, lambda value: 60.0 if value else 0.01)
    feed.listen(listen)
    feed.listen(others.append)
    await asyncio.wait_for(answered.wait(), 60)
    assert isinstance(told[1].error, NotUnderstood)
    assert told[1].value is None, "what could not be shown is not the last good answer"
    assert [one.value for one in others] == [0, None, 7]
    feed.leave(listen)
    feed.leave(others.append)


async def test_what_is_asked_seldom_is_not_asked_more_often_because_it_is_refused() -> None:
    refused = asyncio.Event()

    async def ask() -> int:
        raise Refused("That costs too much.")

    def listen(snapshot: Snapshot[int]) -> None:
        refused.set()

    feed = Feed(ask, 900.0)
    feed.listen(listen)
    await asyncio.wait_for(refused.wait(), 60)
    assert feed.due_in > LONGEST_PAUSE
    feed.leave(listen)
