"""Log lines: in order, with their defaults, and stored once however often they arrive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.server.installation import Client, Refusal, SetClock


def line(run: str, message: str, second: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "flow_run_id": run,
        "task_run_id": None,
        "timestamp": f"2021-05-07T12:00:{second:02}.5+00:00",
        "name": "prefect.nightly",
        "level": "INFO",
        "message": message,
        **more,
    }


async def messages(api: Client, run: str) -> list[str]:
    found = await api.flow_run(run, "logs(order_by: {timestamp: asc}) { message }")
    return [one["message"] for one in found["logs"]]


@pytest.fixture
async def run(api: Client) -> str:
    return await api.run(await api.flow())


async def test_a_batch_that_arrives_twice_is_stored_once(api: Client, run: str) -> None:
    batch = [line(run, "one", 1), line(run, "two", 2)]
    for _ in range(2):
        assert await api.do("write_run_logs", logs=batch) == {"success": True}
    assert await messages(api, run) == ["one", "two"]


async def test_equal_lines_of_a_batch_are_both_kept(api: Client, run: str) -> None:
    batch = [line(run, "again", 1), line(run, "again", 1)]
    for _ in range(2):
        await api.do("write_run_logs", logs=batch)
    assert await messages(api, run) == ["again", "again"]


async def test_the_same_words_at_another_time_are_another_line(api: Client, run: str) -> None:
    for second in (1, 2):
        await api.do("write_run_logs", logs=[line(run, "tick", second)])
    assert await messages(api, run) == ["tick", "tick"]


async def test_lines_of_one_moment_keep_their_order(api: Client, run: str) -> None:
    """A cursor of time and id walks them as they were said."""
    said = [f"line {number}" for number in range(50)]
    for _ in range(2):
        await api.do("write_run_logs", logs=[line(run, text) for text in said])
    found = await api.flow_run(
        run, "logs(order_by: [{timestamp: asc}, {id: asc}]) { id message timestamp }"
    )
    assert len({one["timestamp"] for one in found["logs"]}) == 1
    assert [one["message"] for one in found["logs"]] == said
    assert {UUID(one["id"]).version for one in found["logs"]} == {7}


async def test_a_single_line_without_time_or_level(api: Client, run: str) -> None:
    """What an agent writes about a deployment: an object where a list belongs."""
    said = {"flow_run_id": run, "name": "agent", "message": "Submitted for execution: PID: 1"}
    await api.do("write_run_logs", logs=said)
    found = await api.ask("query { log { message level timestamp name task_run_id tenant_id } }")
    assert found["log"] == [
        {
            "message": "Submitted for execution: PID: 1",
            "level": "INFO",
            "timestamp": "2021-05-07T12:00:00+00:00",
            "name": "agent",
            "task_run_id": None,
            "tenant_id": api.tenant_id,
        }
    ]


async def test_lines_without_a_time_are_stored_once_too(
    api: Client, run: str, clock: SetClock
) -> None:
    said = {"flow_run_id": run, "message": "Submitted"}
    for _ in range(2):
        await api.do("write_run_logs", logs=[said, said])
        clock.advance(seconds=40)
    assert await messages(api, run) == ["Submitted", "Submitted"]
    clock.advance(hours=1)
    await api.do("write_run_logs", logs=[said])
    assert await messages(api, run) == ["Submitted"] * 3


async def test_lines_of_tasks_with_structure(api: Client, run: str) -> None:
    task_run = (await api.task_runs(run))[0]["id"]
    said = line(run, "rows", task_run_id=task_run, info={"rows": 3}, level="WARNING")
    await api.do("write_run_logs", logs=[said])
    found = await api.ask("query { log { task_run_id info level } }")
    assert found["log"] == [{"task_run_id": task_run, "info": {"rows": 3}, "level": "WARNING"}]


async def test_lines_of_an_unknown_run_are_refused_together(api: Client, run: str) -> None:
    stray = line("00000000-0000-4000-8000-000000000000", "stray")
    with pytest.raises(Refusal, match="Foreign key violation"):
        await api.do("write_run_logs", logs=[line(run, "mine"), stray])
    assert await messages(api, run) == []


async def test_a_level_python_does_not_know(api: Client, run: str) -> None:
    with pytest.raises(Refusal) as refusal:
        await api.do("write_run_logs", logs=[line(run, "x", level="LOUD")])
    assert refusal.value.status == 400


async def test_four_megabytes_at_once(api: Client, run: str) -> None:
    batch = [line(run, f"{number} " + "x" * 4000, number % 60) for number in range(1000)]
    await api.do("write_run_logs", logs=batch)
    assert len(await messages(api, run)) == 1000
