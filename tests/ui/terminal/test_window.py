"""The window follows the line: a simulated one, in simulated time."""

from __future__ import annotations

from collections import deque

from flowtui.ui.terminal.window import BEFORE_ANSWERS, FIRST, LEAST, MOST, MUTE, Window


class Line:
    """Takes so many bytes a second, and answers so much later."""

    def __init__(self, rate: float, delay: float) -> None:
        self.rate, self.delay = rate, delay
        self.now = 0.0
        self.free_at = 0.0
        self.answers: deque[float] = deque()
        self.window = Window()
        self.worst = 0.0
        """The longest that the line was behind, once it had been used for a while."""
        self.refused = 0
        self.ask()

    def ask(self) -> None:
        self.window.ask(self.now)
        self.answers.append(max(self.now, self.free_at) + self.delay)

    def send(self, size: int) -> None:
        """A frame, if there is room for one."""
        if not self.window.has_room(self.now):
            self.refused += 1
            if self.window.gives_up_at is None:
                self.ask()
            return
        self.window.sent(size, self.now)
        self.free_at = max(self.now, self.free_at) + size / self.rate
        if self.now > 5:
            self.worst = max(self.worst, self.free_at - self.now)
        if self.window.is_due(self.now):
            self.ask()

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while self.answers and self.answers[0] <= until:
            self.now = max(self.now, self.answers.popleft())
            self.window.answer(self.now)
        self.now = until

    def hold(self, seconds: float, size: int, hertz: float = 30) -> None:
        """A key is held: a frame at a time."""
        for _ in range(int(seconds * hertz)):
            self.send(size)
            self.wait(1 / hertz)


def test_a_quick_line_is_hardly_asked_and_never_waited_for() -> None:
    line = Line(rate=50e6, delay=0.001)
    line.wait(1)
    line.hold(10, 5000)
    assert line.refused <= 2
    assert line.worst < 0.01
    line.hold(30, 60_000)
    assert line.window.size == MOST


def test_a_slow_line_is_never_far_behind() -> None:
    line = Line(rate=8000, delay=0.15)
    line.wait(1)
    line.hold(20, 400)
    assert line.worst < 0.4
    assert LEAST <= line.window.size < 4000


def test_a_line_of_a_modem_is_behind_by_little_more_than_a_frame() -> None:
    line = Line(rate=2000, delay=0.15)
    line.wait(1)
    line.hold(30, 400)
    assert line.worst < 0.8


def test_little_traffic_is_no_reason_to_trust_a_line() -> None:
    line = Line(rate=8000, delay=0.15)
    for _ in range(600):
        line.wait(1)
        line.send(100)
    assert line.window.size <= FIRST


def test_a_line_that_recovers_is_trusted_again() -> None:
    line = Line(rate=2000, delay=0.01)
    line.wait(1)
    line.hold(10, 400)
    assert line.window.size < FIRST
    line.rate = 10e6
    line.hold(10, 3000)
    assert line.window.size > FIRST * 2


def test_before_the_first_answer_there_is_room_for_a_start() -> None:
    window = Window()
    window.ask(0)
    window.sent(BEFORE_ANSWERS - 1, 0)
    assert window.has_room(0)
    window.sent(1, 0)
    assert not window.has_room(0)


def test_a_mute_terminal_is_not_waited_for_and_may_speak_up() -> None:
    window = Window()
    window.ask(0)
    window.sent(BEFORE_ANSWERS, 0)
    assert window.gives_up_at == MUTE
    assert not window.has_room(MUTE - 0.1)
    assert window.has_room(MUTE)
    assert window.mute
    assert not window.is_due(MUTE + 1)
    window.answer(MUTE + 1)
    assert not window.mute
    assert window.round_trip == MUTE + 1


def test_a_mute_terminal_is_asked_again_after_a_while() -> None:
    window = Window()
    window.ask(0)
    assert window.has_room(10)
    assert window.mute
    assert window.is_due(60)
    window.ask(60)
    window.answer(60.1)
    assert window.open == 0
    assert not window.mute


def test_a_shrunken_window_is_asked_about_even_if_nothing_is_sent() -> None:
    window = Window()
    window.ask(0)
    window.sent(5000, 0)
    window.answer(0.1)
    assert window.size == FIRST
    assert not window.has_room(0.1)
    assert window.gives_up_at is None
    assert window.is_due(0.1)


def test_what_another_program_drew_is_not_ours_to_wait_for() -> None:
    window = Window()
    window.ask(0)
    window.sent(BEFORE_ANSWERS, 0)
    window.forget()
    assert window.open == 0
    assert window.has_room(0)


def test_a_line_is_slow_that_is_far_or_thin() -> None:
    near, far, thin = Line(50e6, 0.001), Line(50e6, 0.15), Line(2000, 0.02)
    assert not any(one.window.is_slow for one in (near, far, thin)), "nobody knows yet"
    for line in (near, far, thin):
        line.wait(1)
        line.hold(10, 500)
    assert [one.window.is_slow for one in (near, far, thin)] == [False, True, True]
