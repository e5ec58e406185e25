"""Ids for new rows: UUIDs that grow with time, so that an index over them is only ever appended
to.
"""

from __future__ import annotations

import random
from datetime import datetime

_ROOM = 1 << 74


class TimeOrderedIds:
    """Makes version 7 UUIDs; those made within one millisecond still grow."""

    def __init__(self) -> None:
        self._millisecond = -1
        self._tail = 0

    def new(self, now: datetime) -> str:
        """An id for a row that comes into being at this time."""
        millisecond = int(now.timestamp() * 1000)
        if millisecond == self._millisecond:
            self._tail += 1 + random.getrandbits(32)
        else:
            self._millisecond = millisecond
            self._tail = random.getrandbits(73)
        if self._tail >= _ROOM:
            self._tail = random.getrandbits(73)
        number = (
            (millisecond & 0xFFFF_FFFF_FFFF) << 80
            | 0x7 << 76
            | (self._tail >> 62) << 64
            | 0b10 << 62
            | self._tail & 0x3FFF_FFFF_FFFF_FFFF
        )
        text = f"{number:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
