"""What a filter lets through beyond the rows that a list holds: read page by page when needed.

A list of a million runs holds a few hundred of them. What is to be done to all that match is done
to those that the backend has, and where it cannot be asked precisely each of them is tested here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from flowtui.frozen import frozen
from flowtui.models.conditions import ANYTHING, Condition, every
from flowtui.models.filters import Filter
from flowtui.models.runs import FlowRun
from flowtui.models.text import thin_groups

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

R = TypeVar("R")

MOST = 10_000
"""Records that something is done to at once; nobody reads a longer list of targets."""


@frozen
class Beyond(Generic[R]):
    """All that a filter lets through, and how it is read."""

    called: str
    """`all 1 204 that match`."""
    pages: Callable[[Backend], AsyncIterator[Sequence[R]]]
    """What the backend has, a page at a time; it may be more than was asked for."""
    matches: Callable[[R], bool]
    """Whether a record is one of those that were asked for."""


def runs_beyond(
    meant: Filter[FlowRun], count: int | None, page: int, within: Condition = ANYTHING
) -> Beyond[FlowRun]:
    """All runs that a filter lets through, of those that hold a condition."""
    wanted = every((meant.condition, within))
    number = f"all {thin_groups(count)}" if count is not None else "all"
    return Beyond(
        f"{number} that match" if meant.is_active else f"{number} there are",
        lambda backend: backend.each_page(wanted, page),
        (lambda run: True) if meant.meaning.is_exact else meant.matches,
    )


class Reading(Generic[R]):
    """Everything that is beyond, as far as it has been read."""

    def __init__(self, beyond: Beyond[R]) -> None:
        self.found: list[R] = []
        self.looked_at = 0
        """Records that were looked through for them."""
        self.is_cut = False
        """There are more than may be."""
        self._beyond = beyond

    async def read(self, backend: Backend, changed: Callable[[], None]) -> None:
        """Read to the end, or until it is the most that may be. Raises BackendError."""
        async for page in self._beyond.pages(backend):
            self.looked_at += len(page)
            self.found += filter(self._beyond.matches, page)
            self.is_cut = len(self.found) > MOST
            if self.is_cut:
                del self.found[MOST:]
                return
            changed()
