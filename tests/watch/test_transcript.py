"""Plain lines: flushed one by one, and complete also when watching ends badly."""

from __future__ import annotations

import io

import pytest

from flowtui.errors import NotFound
from flowtui.models.ids import FlowRunId
from flowtui.models.runs import FlowRunDetail
from flowtui.watch.follow import Pace
from flowtui.watch.transcript import Transcript
from tests.world import World

QUICK = Pace(shortest=0.01, longest=0.02, last_looks=0.01, longest_absence=0.02)


class Script(io.StringIO):
    """A stream that counts how often it was flushed, and acts on what it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed_at: list[int] = []

    def flush(self) -> None:
        self.flushed_at.append(len(self.getvalue().splitlines()))


@pytest.fixture
async def run(installation: World) -> FlowRunId:
    await installation.flow("orders-etl", tasks=["extract"])
    return FlowRunId(await installation.run("orders-etl", "otter"))


async def test_each_line_is_flushed(installation: World, run: FlowRunId) -> None:
    await installation.start("otter")
    await installation.log("otter", "one")
    await installation.set("otter", "Success")
    out = Script()
    assert await Transcript(installation.backend(), run, QUICK, out).run() == 0
    lines = out.getvalue().splitlines()
    assert [line[10:19].strip() for line in lines] == [
        "Scheduled",
        "Submitted",
        "Running",
        "INFO",
        "Success",
        "Success",
    ]
    assert out.flushed_at == list(range(1, len(lines) + 1))


@pytest.mark.parametrize(("state", "code"), [("Skipped", 0), ("Cancelled", 1), ("Failed", 1)])
async def test_the_exit_code_says_how_it_ended(
    installation: World, run: FlowRunId, state: str, code: int
) -> None:
    await installation.start("otter")
    await installation.set("otter", state)
    assert await Transcript(installation.backend(), run, QUICK, Script()).run() == code


async def test_what_was_held_back_is_written_when_the_run_disappears(
    installation: World, run: FlowRunId, monkeypatch: pytest.MonkeyPatch
) -> None:
    await installation.start("otter")
    await installation.task("otter", "extract", "Running")
    # The clock of this machine is the world's, so the state is fresh and waits for its log lines.
    monkeypatch.setattr("flowtui.watch.transcript._now", installation.clock)
    out = Script()
    backend = installation.backend()

    class Vanishing:
        """Somebody deletes the run after the first look."""

        looks = 0
        task_runs = backend.task_runs
        logs = backend.logs
        agents = backend.agents

        async def run(self, run_id: FlowRunId) -> FlowRunDetail:
            self.looks += 1
            if self.looks == 2:
                assert "extract" not in out.getvalue()
                await installation.do("delete_flow_run", "success", flow_run_id=run)
            return await backend.run(run_id)

    with pytest.raises(NotFound):
        await Transcript(Vanishing(), run, QUICK, out).run()
    assert "Running    extract" in out.getvalue()
