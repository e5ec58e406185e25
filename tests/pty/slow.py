"""A terminal at the end of a bad line: what it is sent waits its turn and then is on its way."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping, Sequence

from tests.pty.terminal import Terminal


class FarTerminal(Terminal):
    """Takes everything at once, as ssh and its buffers do, and shows it as the line brings it."""

    def __init__(
        self,
        program: Sequence[str],
        *,
        rate: float,
        delay: float,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.rate, self.delay = rate, delay
        self.waiting = 0
        """Bytes that the program has sent and the terminal has not shown."""
        self._on_the_line: deque[tuple[float, bytes]] = deque()
        self._free_at = 0.0
        super().__init__(program, columns=columns, rows=rows, env=env)

    def pump(self, seconds: float) -> None:
        """Read for so long, or until something has come or is shown."""
        if self._on_the_line:
            seconds = min(seconds, max(0.0, self._on_the_line[0][0] - time.monotonic()))
        super().pump(seconds)
        while self._on_the_line and self._on_the_line[0][0] <= time.monotonic():
            data = self._on_the_line.popleft()[1]
            self.waiting -= len(data)
            super()._show(data)

    def hold_for(self, seconds: float) -> None:
        """Go on reading and showing for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.pump(left)

    def _show(self, data: bytes) -> None:
        for start in range(0, len(data), 200):
            piece = data[start : start + 200]
            self._free_at = max(self._free_at, time.monotonic()) + len(piece) / self.rate
            self._on_the_line.append((self._free_at + self.delay, piece))
            self.waiting += len(piece)
