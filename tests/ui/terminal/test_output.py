"""Output that never waits: everything arrives, in order, as fast as the line takes it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest

from flowtui.ui.terminal.output import DirectOutput, Output, ThreadOutput


@pytest.fixture(params=[DirectOutput, ThreadOutput])
def line(request: pytest.FixtureRequest) -> Iterator[tuple[int, int, type[DirectOutput]]]:
    """A pipe that stands for the line: where to read, where to write, and what writes."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, request.param is ThreadOutput)
    yield reading, writing, request.param
    os.close(reading)
    os.close(writing)


async def read(fd: int, size: int) -> bytes:
    """What arrives at the other end, once it is so much."""
    got = b""
    while len(got) < size:
        try:
            got += os.read(fd, 65536)
        except BlockingIOError:
            await asyncio.sleep(0.001)
    return got


async def test_more_than_the_line_takes_arrives_in_order(
    line: tuple[int, int, type[DirectOutput]],
) -> None:
    reading, writing, kind = line
    emptied = asyncio.Event()
    output: Output = kind(writing, asyncio.get_running_loop(), emptied.set)
    sent = b"".join(b"%d " % number for number in range(100_000))
    for start in range(0, len(sent), 50_000):
        output.write(sent[start : start + 50_000])
    output.flush()
    assert output.waiting
    assert await read(reading, len(sent)) == sent
    await emptied.wait()
    assert not output.waiting
    output.close()


async def test_nothing_follows_after_it_was_closed(
    line: tuple[int, int, type[DirectOutput]],
) -> None:
    reading, writing, kind = line
    output: Output = kind(writing, asyncio.get_running_loop(), lambda: None)
    output.write(b"first")
    output.flush()
    assert await read(reading, 5) == b"first"
    output.close()
    output.write(b"second")
    output.flush()
    await asyncio.sleep(0)
    with pytest.raises(BlockingIOError):
        os.read(reading, 10)


async def test_what_is_written_in_one_turn_of_the_loop_leaves_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading, writing = os.pipe()
    calls: list[bytes] = []
    monkeypatch.setattr(os, "write", lambda fd, data: calls.append(bytes(data)) or len(data))
    output = DirectOutput(writing, asyncio.get_running_loop(), lambda: None)
    for word in (b"one ", b"two ", b"three"):
        output.write(word)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    monkeypatch.undo()
    assert calls == [b"one two three"]
    output.close()
    os.close(reading)
    os.close(writing)


async def test_a_line_that_is_gone_takes_everything_silently() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    os.close(reading)
    output = DirectOutput(writing, asyncio.get_running_loop(), lambda: None)
    output.write(b"to nobody")
    output.flush()
    assert not output.waiting
    output.close()
    os.close(writing)
