"""What a search over everything finds."""

from __future__ import annotations

import re
from datetime import datetime

from flowtui.frozen import frozen

KINDS = ("flow", "run", "project", "task", "task run")
"""In the order in which they are shown."""

EACH = 5
"""Of each kind that are found at most."""

_HEX = re.compile(r"[0-9a-f]{4,8}|[0-9a-f]{8}-[0-9a-f-]{0,27}|[0-9a-f]{32}", re.I)
_PLACES = (8, 12, 16, 20)


@frozen
class Found:
    """Something that has what was looked for in its name or its id."""

    kind: str
    id: str
    name: str
    where: str = ""
    """The flow or the project it belongs to."""
    state: str = ""
    open_id: str = ""
    """The id whose page shows it; empty for what has no page."""
    when: datetime | None = None


@frozen
class IdRange:
    """All ids that begin alike."""

    first: str
    last: str


def id_range(text: str) -> IdRange | None:
    """The ids that begin with a text; None when no id can begin so.

    Ids can be compared but not matched on any backend, so only the beginning can be looked for.
    """
    begun = text.strip().lower()
    if not _HEX.fullmatch(begun):
        return None
    digits = begun.replace("-", "")
    if len(digits) > 32:
        return None
    return IdRange(*(_dashed(digits.ljust(32, filler)) for filler in "0f"))


def _dashed(digits: str) -> str:
    parts = [digits[a:b] for a, b in zip((0, *_PLACES), (*_PLACES, 32), strict=True)]
    return "-".join(parts)
