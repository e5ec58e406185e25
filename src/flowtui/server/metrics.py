"""What the server has done and how it fares, as Prometheus reads it."""

from __future__ import annotations

import json
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from flowtui import __version__
from flowtui.models.states import STATE_NAMES
from flowtui.server.loops import Passes
from flowtui.server.query.documents import Documents
from flowtui.server.query.engine import read
from flowtui.server.storage import Storage

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram's buckets, in seconds; clients give up after fifteen."""

LIVE_WITHIN: Final = timedelta(minutes=5)
"""An agent that asked for work no longer ago is alive."""

_STATES: Final = sorted(STATE_NAMES)

_QUESTION: Final = (
    "query($since: timestamptz) {"
    + "".join(
        f'{name}: flow_run_aggregate(where: {{state: {{_eq: "{name}"}}}})'
        " { aggregate { count } } "
        for name in _STATES
    )
    + "agents_live: agent_aggregate(where: {last_queried: {_gte: $since}})"
    " { aggregate { count } } }"
)


@dataclass
class Histogram:
    """How long things took."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def observe(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass
class Metrics:
    """The counters of one server."""

    started: float = field(default_factory=time.time)
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind of operation, and by what came of it: ok, failed, refused."""

    durations: dict[str, Histogram] = field(default_factory=dict)
    loops: dict[str, Passes] = field(default_factory=dict)

    @contextmanager
    def timed(self, kind: str) -> Iterator[list[str]]:
        """Count an operation; what is put into the list is its outcome."""
        begun = time.perf_counter()
        outcome: list[str] = []
        try:
            yield outcome
        finally:
            self.requests[kind, outcome[-1] if outcome else "failed"] += 1
            self.durations.setdefault(kind, Histogram()).observe(time.perf_counter() - begun)

    def of_loop(self, name: str) -> Passes:
        """Where a loop's passes are counted."""
        return self.loops.setdefault(name, Passes())

    async def page(self, storage: Storage, documents: Documents) -> str:
        """All of it as text, with what the database knows."""
        document = documents.get(_QUESTION)
        since = (storage.clock() - LIVE_WITHIN).isoformat()
        answer = await read(
            storage, document, document.operation(None), {"since": since}, {}, storage
        )
        data = json.loads(answer)["data"] or {}
        # A database that does not answer is no reason to say nothing.
        counts = {name: one["aggregate"]["count"] for name, one in data.items() if one}
        agents = counts.pop("agents_live", None)
        families = (
            _family("info", "gauge", "What runs here.", [({"version": __version__}, 1)]),
            _family("start_time_seconds", "gauge", "When it began.", [({}, self.started)]),
            _family(
                "flow_runs",
                "gauge",
                "Flow runs by the state they are in.",
                [({"state": state}, count) for state, count in counts.items()],
            ),
            _family(
                "agents_live",
                "gauge",
                "Agents that asked lately.",
                [] if agents is None else [({}, agents)],
            ),
            _family(
                "database_up",
                "gauge",
                "Whether the database answered.",
                [({}, int(agents is not None))],
            ),
            _family(
                "requests_total",
                "counter",
                "Operations, by kind and outcome.",
                [
                    ({"kind": kind, "outcome": outcome}, count)
                    for (kind, outcome), count in sorted(self.requests.items())
                ],
            ),
            self._durations(),
            _family(
                "writer_queue",
                "gauge",
                "Operations that wait for their commit.",
                [({}, storage.waiting)],
            ),
            *self._loops(),
        )
        return "".join(line + "\n" for family in families for line in family)

    def _durations(self) -> Iterator[str]:
        name = "flowtui_request_seconds"
        yield f"# HELP {name} How long operations took."
        yield f"# TYPE {name} histogram"
        for kind, histogram in sorted(self.durations.items()):
            below = 0
            for bound, count in zip((*BOUNDS, "+Inf"), histogram.counts, strict=True):
                below += count
                yield f"{name}_bucket{_labels({'kind': kind, 'le': str(bound)})} {below}"
            yield f"{name}_sum{_labels({'kind': kind})} {histogram.total}"
            yield f"{name}_count{_labels({'kind': kind})} {below}"

    def _loops(self) -> Iterator[Iterable[str]]:
        told = sorted(self.loops.items())
        for name, kind, text, values in (
            (
                "loop_passes_total",
                "counter",
                "Passes that were made.",
                [(each.passes, loop) for loop, each in told],
            ),
            (
                "loop_failures_total",
                "counter",
                "Passes that failed.",
                [(each.failures, loop) for loop, each in told],
            ),
            (
                "loop_last_pass_timestamp_seconds",
                "gauge",
                "When the last pass that did not fail ended.",
                [(each.last, loop) for loop, each in told],
            ),
            (
                "loop_lag_seconds",
                "gauge",
                "How much later than planned the last pass began.",
                [(each.lag, loop) for loop, each in told],
            ),
        ):
            yield _family(name, kind, text, [({"loop": loop}, value) for value, loop in values])


def _family(
    name: str, kind: str, text: str, values: Iterable[tuple[Mapping[str, str], float]]
) -> Iterator[str]:
    name = f"flowtui_{name}"
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values:
        yield f"{name}{_labels(labels)} {value}"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f"{name}={json.dumps(value)}" for name, value in labels.items()) + "}"
