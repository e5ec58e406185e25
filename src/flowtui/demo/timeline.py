"""Simulated time: what is to happen and when; it passes in one transaction, moment by moment."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count

from flowtui.server.storage import Transaction

Action = Callable[[Transaction], Awaitable[None]]
"""Something that happens; the transaction's time is the moment it happens in."""


class Timeline:
    """Things to come, in the order of their times; what happens may add to them."""

    def __init__(self) -> None:
        self._ahead: list[tuple[datetime, int, Action]] = []
        self._number = count()

    def at(self, when: datetime, action: Action) -> None:
        """Let something happen; at the same moment, what was said first happens first."""
        heapq.heappush(self._ahead, (when, next(self._number), action))

    async def pass_until(self, tx: Transaction, end: datetime) -> None:
        """Let time pass, and everything happen that is due by then."""
        while self._ahead and self._ahead[0][0] <= end:
            when, _, action = heapq.heappop(self._ahead)
            tx.now = max(tx.now, when)
            await action(tx)
        tx.now = end
