"""Lists of very many runs, of which a stretch is held: the parts of one, and places in it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from flowtui.frozen import frozen
from flowtui.models.runs import FlowRun


class RunKey(NamedTuple):
    """The place of a run among all: the newest stand first, and none stands beside another."""

    planned: datetime
    id: str


def key_of(run: FlowRun) -> RunKey:
    """Where a run stands."""
    return RunKey(run.scheduled_start_time, run.id)


@frozen
class RunNumber:
    """Which of its flow's runs a run is, and how many there are."""

    number: int
    """Counted from the newest, which may be planned; what comes next is 1."""
    of: int
    are_more: bool = False
    """There are more than were counted."""


@frozen
class RunLists:
    """What runs or is late, a page of what has been, and what is to come next."""

    at_work: tuple[FlowRun, ...] = ()
    been: tuple[FlowRun, ...] = ()
    to_come: tuple[FlowRun, ...] = ()
    been_is_last: bool = True
    """There are no older ones behind those."""
    to_come_is_last: bool = True
