"""Signals are borrowed: heard while somebody listens, and given back as they were."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator

import pytest

from flowtui.ui.terminal.signals import ENDING, HANDLED, SignalPipe


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in HANDLED}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def pipe() -> Iterator[SignalPipe]:
    pipe = SignalPipe()
    yield pipe
    pipe.release()
    pipe.close()


def test_a_signal_is_heard(pipe: SignalPipe) -> None:
    pipe.listen()
    os.kill(os.getpid(), signal.SIGWINCH)
    assert select.select([pipe.fd], [], [], 10)[0]
    assert pipe.read() == [signal.SIGWINCH]
    assert pipe.read() == []


def test_a_signal_is_heard_also_where_a_loop_has_the_interpreters_own_pipe(
    pipe: SignalPipe,
) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing)
    try:
        pipe.listen()
        os.kill(os.getpid(), signal.SIGWINCH)
        assert select.select([pipe.fd], [], [], 10)[0]
        assert pipe.read() == [signal.SIGWINCH]
        assert signal.set_wakeup_fd(writing) == writing, "it is left to the loop"
    finally:
        signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)


def test_waking_up_is_no_signal(pipe: SignalPipe) -> None:
    pipe.wake()
    assert select.select([pipe.fd], [], [], 10)[0]
    assert pipe.read() == []


def test_everything_is_given_back(pipe: SignalPipe) -> None:
    before = {number: signal.getsignal(number) for number in HANDLED}
    pipe.listen()
    assert signal.getsignal(signal.SIGTERM) != before[signal.SIGTERM]
    pipe.release()
    assert {number: signal.getsignal(number) for number in HANDLED} == before


def test_what_was_ignored_stays_ignored(pipe: SignalPipe) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    pipe.listen()
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_a_second_signal_does_not_change_how_a_program_ends(pipe: SignalPipe) -> None:
    pipe.listen()
    pipe.ending = True
    pipe.release()
    assert all(signal.getsignal(number) == signal.SIG_IGN for number in ENDING)
