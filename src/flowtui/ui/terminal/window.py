"""How much may be under way to the terminal: the line is never further behind than a moment.

No call to the system tells what ssh, a modem or a slow terminal still holds. So the terminal is
asked, in the stream itself, where its cursor is: its answer says that all before the question has
been drawn. What is under way without an answer is kept below a window, and the window follows the
answers: it shrinks when they come late, and grows while they come soon.
"""

from __future__ import annotations

from collections import deque

from flowtui.frozen import frozen

QUESTION = b"\x1b[6n"
"""Asks for the cursor's place."""

BEFORE_ANSWERS = 16 * 1024
FIRST = 2 * 1024
LEAST = 600
MOST = 64 * 1024
LATE = 0.1
"""Seconds over the quickest answer, after which the line is taken to be filled."""
AHEAD = 0.05
"""Seconds that the line may be behind on purpose, so that it never runs dry."""
MUTE = 3.0
"""Seconds without an answer, after which the terminal is not waited for."""
FAR = 0.1
"""Seconds that the quickest answer takes where what changes by itself had better change less."""
THIN = 1024
"""Bytes under way, below which a line takes a moment for a few changed cells."""
AGAIN = 30.0
"""Seconds after which a mute terminal is asked once more."""
BURST = 0.25
"""Seconds of silence that end a burst."""
MEMORY = 60.0
"""Seconds for which the quickest answer is the measure, and then as long again; and in which a
line that was late is trusted in small steps only."""


@frozen
class _Question:
    at: float
    sent: int
    """Bytes sent before it, in all."""
    under_way: int
    burst: int
    """Bytes sent just before it, without a pause."""


class Window:
    """Counts what was sent and what was drawn. Times are seconds of one steady clock."""

    def __init__(self) -> None:
        self.size = BEFORE_ANSWERS
        self.mute = False
        """The terminal does not answer: everything may be sent."""
        self._sent = 0
        self._drawn = 0
        self._burst = 0
        self._last_sent = 0.0
        self._asked = 0
        self._asked_at = 0.0
        self._questions: deque[_Question] = deque()
        self._quickest: tuple[float, ...] = ()
        """In this while and in the one before."""
        self._while_began = 0.0
        self._late_at = -MEMORY

    @property
    def under_way(self) -> int:
        """Bytes that may not have been drawn yet."""
        return self._sent - self._drawn

    @property
    def round_trip(self) -> float | None:
        """The quickest answer lately."""
        return min(self._quickest, default=None)

    @property
    def is_slow(self) -> bool:
        """The terminal is far away, or its line thin; so much as is known yet."""
        return self.size < THIN or (self.round_trip or 0.0) >= FAR

    @property
    def open(self) -> int:
        """Questions without an answer."""
        return len(self._questions)

    @property
    def gives_up_at(self) -> float | None:
        """When the terminal is taken to be mute, if it goes on saying nothing."""
        return self._questions[0].at + MUTE if self._questions and not self.mute else None

    def sent(self, size: int, now: float) -> None:
        """So many bytes are on their way."""
        self._sent += size
        self._burst = size + (self._burst if now - self._last_sent < BURST else 0)
        self._last_sent = now

    def is_due(self, now: float) -> bool:
        """It is time for a question."""
        if self.mute:
            return now - self._asked_at > AGAIN
        if self.under_way >= self.size and not self._questions:
            return True
        return self._sent - self._asked >= self.size // 3

    def ask(self, now: float) -> None:
        """A question follows what was sent."""
        if self.mute:
            self._questions.clear()
        self._questions.append(_Question(now, self._sent, self.under_way, self._burst))
        self._asked, self._asked_at = self._sent, now

    def has_room(self, now: float) -> bool:
        """More may be sent."""
        gives_up_at = self.gives_up_at
        if gives_up_at is not None and now >= gives_up_at:
            self.mute = True
        return self.mute or self.under_way < self.size

    def answer(self, now: float) -> None:
        """The terminal has answered the oldest question."""
        self.mute = False
        if not self._questions:
            return
        question = self._questions.popleft()
        self._drawn = question.sent
        taken = now - question.at
        if not self._quickest:
            self.size = FIRST
        quickest = self._remember(taken, now)
        if taken > quickest + LATE:
            fitting = int(question.under_way / taken * (quickest + AHEAD))
            self.size = max(LEAST, min(self.size, fitting))
            self._late_at = now
        elif taken < quickest + LATE / 2 and self._was_filled_by(question):
            slow = now - self._late_at < MEMORY
            self.size = min(MOST, self.size + (self.size // 10 if slow else self.size // 2))

    def forget(self) -> None:
        """Somebody else had the terminal: open questions will not be answered."""
        self._questions.clear()
        self._drawn = self._asked = self._sent
        self.mute = False

    def _was_filled_by(self, question: _Question) -> bool:
        """So much was under way that a soon answer means something."""
        return min(question.burst, question.under_way) >= self.size // 2

    def _remember(self, taken: float, now: float) -> float:
        if not self._quickest or now - self._while_began > MEMORY:
            self._quickest = (taken, *self._quickest[:1])
            self._while_began = now
        elif taken < self._quickest[0]:
            self._quickest = (taken, *self._quickest[1:])
        return min(self._quickest)
