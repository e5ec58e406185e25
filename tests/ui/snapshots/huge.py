"""A world that is too much: long names, and thousands of everything.

What takes a command each goes through the API; what there are thousands of is put into the
database, as a client would leave it there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.world import World

LONG = "reconciliation-of-every-ledger-with-its-subsidiaries-eu-central-1"
FLOW = f"nightly-{LONG}"
RUN = f"manual-{LONG}-after-the-outage"
MAPPED = f"transform_and_validate_{LONG.replace('-', '_')}"
SAID = (
    "psycopg2.errors.DeadlockDetected: process 8812 waits for ShareLock on transaction 99120; " * 4
)
FLOWS, VERSIONS, RUNS, CHILDREN, TASKS, LINES = 36, 24, 2_500, 3_000, 60, 4_000


async def huge_world(world: World) -> None:
    """Thirty-six flows, one with very many versions, runs, tasks, children and lines."""
    now = world.clock.time
    world.clock.forward(days=-40)
    for number in range(FLOWS):
        name = f"{number:02}-{LONG}"
        await world.flow(name, project=f"{number % 12:02}-{LONG}", labels=_labels(number % 9))
    for _ in range(VERSIONS - 1):
        world.clock.forward(days=1)
        await world.flow(FLOW, project=LONG, tasks=["extract", "load"])
    await world.flow(
        FLOW,
        project=LONG,
        tasks=[{"slug": MAPPED, "mapped": True}, *(f"{n:02}_{LONG}" for n in range(TASKS))],
        edges=[(MAPPED, f"{n:02}_{LONG}") for n in range(TASKS)],
        parameters={f"{n:02}_{LONG}": {LONG: [LONG] * 3} for n in range(16)},
        labels=_labels(24),
    )
    world.clock.time = now - timedelta(minutes=47)
    await world.run(FLOW, RUN, labels=_labels(24))
    await world.start(RUN)
    await world.task(RUN, MAPPED, "Mapped", n_map_states=CHILDREN)
    world.clock.time = now
    found = await world.ask(
        "query($id: uuid!) { task(where: {flow_id: {_eq: $id}, mapped: {_eq: true}}) { id } }",
        id=world.flows[FLOW],
    )
    await world.installed.storage.write(_Filling(world, found["task"][0]["id"]))


def _labels(count: int) -> list[str]:
    return [f"{number:02}-{LONG}" for number in range(count)]


def _state(number: int) -> str:
    if number < 40:
        return "Running"
    return "Failed" if number % 17 == 3 else "Success"


class _Filling:
    """The rows of which there are thousands."""

    def __init__(self, world: World, task: str) -> None:
        self._tenant = world.installed.tenant_id
        self._now = world.clock.time
        self._flow, self._run, self._task = world.flows[FLOW], world.runs[RUN], task

    async def __call__(self, transaction: Any) -> None:
        await transaction.insert("flow_run", [self._flow_run(n) for n in range(RUNS)])
        children = [self._child(n) for n in range(CHILDREN)]
        await transaction.insert("task_run", children)
        await transaction.insert("log", [self._line(n) for n in range(LINES)])
        await transaction.insert("agent", [self._agent(n) for n in range(60)])

    def _ran(self, number: int, start: datetime, took: timedelta) -> dict[str, Any]:
        state = _state(number)
        message = f"Unexpected error: {SAID}" if state == "Failed" else f"{state} it is."
        return {
            "tenant_id": self._tenant,
            "start_time": start,
            "end_time": None if state == "Running" else start + took,
            "version": 3,
            "state": state,
            "state_message": message,
            "state_timestamp": start if state == "Running" else start + took,
            "serialized_state": {"type": state, "message": message},
        }

    def _flow_run(self, number: int) -> dict[str, Any]:
        start = self._now - timedelta(minutes=13 * number + 4)
        return {
            **self._ran(number, start, timedelta(seconds=number * 7 % 86_400)),
            "flow_id": self._flow,
            "name": f"{number:04}-{LONG}",
            "parameters": {f"{n:02}_{LONG}": LONG for n in range(3)},
            "labels": _labels(number % 5),
            "scheduled_start_time": start,
            "auto_scheduled": False,
        }

    def _child(self, number: int) -> dict[str, Any]:
        start = self._now - timedelta(seconds=2_700 - number / 5)
        return {
            **self._ran(number, start, timedelta(seconds=number % 90 + 1)),
            "flow_run_id": self._run,
            "task_id": self._task,
            "map_index": number,
        }

    def _line(self, number: int) -> dict[str, Any]:
        level = "ERROR" if number % 400 == 7 else "WARNING" if number % 90 == 3 else "INFO"
        return {
            "tenant_id": self._tenant,
            "flow_run_id": self._run,
            "timestamp": self._now - timedelta(seconds=2_700 - number / 2),
            "name": f"prefect.{LONG}",
            "level": level,
            "message": SAID * 3 if number % 90 == 3 else f"{number} rows of {LONG} " * (number % 4),
        }

    def _agent(self, number: int) -> dict[str, Any]:
        return {
            "tenant_id": self._tenant,
            "name": f"{number:02}-{LONG}",
            "type": "KubernetesAgent",
            "labels": _labels(number % 7),
            "core_version": "1.4.1",
            "last_queried": self._now - timedelta(seconds=number**3),
        }
