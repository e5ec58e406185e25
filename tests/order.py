"""Which tests go together, and which go first, where several workers share them.

What takes long goes first: the last units are short then, and the workers end together. The
stories of the real client share one server and one agent to a database, so they stay together.
They and the tests of terminals mostly wait for other programs: three workers keep two processors
busy.
"""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

LONG = (
    "tests/real_client/",
    "tests/ui/snapshots/",
    "tests/test_architecture.py",
    "tests/pty/",
    "tests/demo/",
    "tests/server/app/",
    "tests/benchmarks/",
    "tests/ui/",
    "tests/server/",
)
"""The longest first."""


class ByFile(LoadFileScheduling):
    """A file stays together, and so do all stories of the real client on a database."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        # Not by number: many tests are often short ones.
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        if not file.startswith(LONG[0]):
            return file
        return f"{LONG[0]} on {'postgres' if 'postgres' in nodeid else 'sqlite'}"


def place(item: pytest.Item) -> int:
    """Where a test stands among the others."""
    places = (at for at, start in enumerate(LONG) if item.nodeid.startswith(start))
    return next(places, len(LONG))
