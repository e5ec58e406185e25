"""A large installation, written straight into the tables: two weeks of runs, quickly made."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from typing import Any

from flowtui.server.storage import Storage

RUNS = int(os.environ.get("FLOWTUI_BENCH_RUNS", "20000"))
"""How many flow runs the benchmarks look through; figures that are quoted come from 100000."""

FLOWS = 50
NOW = datetime(2026, 11, 20, 3, tzinfo=timezone.utc)
STATES = ("Success",) * 15 + ("Failed", "Failed", "Cancelled", "Running", "Scheduled")
TASKS_OF_A_RUN = 2
BATCH = 2000


async def build(storage: Storage, runs: int = RUNS) -> dict[str, Any]:
    """Fill the storage; the answer names a few rows to ask about."""
    flows = await storage.write(_flows)
    named: dict[str, Any] = {"flow": flows[0][0]}
    for start in range(0, runs, BATCH):
        numbers = range(start, min(start + BATCH, runs))
        named["runs"] = await storage.write(_history(flows, numbers, runs))
    named["run"] = named["runs"][-1]
    await storage.write(_log_lines(named["run"]))
    return named


async def _flows(tx: Any) -> list[tuple[str, list[str]]]:
    tenant = {"name": "Acme", "slug": "acme"}
    await tx.insert("tenant", [tenant])
    made = []
    for number in range(FLOWS):
        if number % 10 == 0:
            project = {"tenant_id": tenant["id"], "name": f"project {number // 10}"}
            await tx.insert("project", [project])
        group = {"tenant_id": tenant["id"], "name": f"group {number}"}
        await tx.insert("flow_group", [group])
        flow = {
            "tenant_id": tenant["id"],
            "project_id": project["id"],
            "flow_group_id": group["id"],
            "name": f"flow {number}",
            "version": 1,
        }
        await tx.insert("flow", [flow])
        tasks = [{"flow_id": flow["id"], "slug": f"task-{n}"} for n in range(TASKS_OF_A_RUN)]
        await tx.insert("task", tasks)
        made.append((flow["id"], [task["id"] for task in tasks]))
    return made


def _history(flows: list[tuple[str, list[str]]], numbers: range, runs: int) -> Any:
    async def operation(tx: Any) -> list[str]:
        made, tasks, states = [], [], []
        for number in numbers:
            flow, flow_tasks = flows[number * 7 % FLOWS]
            state = STATES[number * 13 % len(STATES)]
            start = NOW - timedelta(days=14) * (1 - number / runs)
            times = {"state_start_time": start} if state == "Scheduled" else {"start_time": start}
            made.append(
                {
                    "flow_id": flow,
                    "name": f"run-{number}",
                    "state": state,
                    "version": 3,
                    "scheduled_start_time": start,
                    "serialized_state": {"type": state, "message": "a message"},
                    **times,
                }
            )
            for index, task in enumerate(flow_tasks):
                tasks.append((number - numbers.start, task, state, index))
        await tx.insert("flow_run", made)
        for run in made:
            states.append(
                {
                    "flow_run_id": run["id"],
                    "state": run["state"],
                    "serialized_state": run["serialized_state"],
                    "timestamp": run["scheduled_start_time"],
                }
            )
        await tx.insert("flow_run_state", states)
        await tx.insert(
            "task_run",
            [
                {"flow_run_id": made[position]["id"], "task_id": task, "state": state}
                for position, task, state, _ in tasks
            ],
        )
        return [run["id"] for run in made]

    return operation


def _log_lines(run: str) -> Any:
    async def operation(tx: Any) -> None:
        await tx.insert(
            "log",
            [
                {
                    "flow_run_id": run,
                    "timestamp": NOW + timedelta(milliseconds=number),
                    "level": "INFO",
                    "name": "prefect.TaskRunner",
                    "message": f"line {number}: {'some text ' * 8}",
                }
                for number in range(10_000)
            ],
        )

    return operation
