"""Following a run over our own backend: nothing lost, nothing twice, also when it goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from flowtui.errors import NotFound, Unreachable
from flowtui.models.ids import FlowRunId
from flowtui.models.logs import LogCursor, LogPage
from flowtui.models.runs import FlowRunDetail
from flowtui.watch.follow import Follower, Pace
from flowtui.watch.story import Happening, LogEntry, Remark, Snapshot, StateChange
from tests.world import World

QUICK = Pace(shortest=0.01, longest=0.02, last_looks=0.01, longest_absence=0.02)


class Listener:
    """Takes down what is told, and acts when something is."""

    def __init__(self) -> None:
        self.heard: list[Happening] = []
        self.snapshot: Snapshot | None = None
        self._news = asyncio.Event()

    def __call__(self, snapshot: Snapshot, happenings: Sequence[Happening]) -> None:
        self.snapshot = snapshot
        self.heard += happenings
        self._news.set()

    async def until(self, happened: Callable[[], object]) -> None:
        while not happened():
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 60)

    @property
    def states(self) -> list[str]:
        return [h.state for h in self.heard if isinstance(h, StateChange) and h.of_run]

    @property
    def messages(self) -> list[str]:
        return [h.message for h in self.heard if isinstance(h, LogEntry)]

    @property
    def remarks(self) -> list[str]:
        return [h.message for h in self.heard if isinstance(h, Remark)]


@pytest.fixture
async def run(installation: World) -> FlowRunId:
    await installation.flow("orders-etl", tasks=["extract", {"slug": "load", "mapped": True}])
    return FlowRunId(await installation.run("orders-etl", "otter"))


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def follower(installation: World, run: FlowRunId, listener: Listener) -> Follower:
    return Follower(installation.backend(), run, listener, QUICK, installation.clock)


async def test_everything_is_told_once_and_the_end_ends_it(
    installation: World, follower: Follower, listener: Listener
) -> None:
    await follower.first()
    following = asyncio.ensure_future(follower.follow())
    await installation.start("otter")
    await installation.task("otter", "extract", "Running")
    for number in range(3):
        installation.clock.forward(seconds=1)
        await installation.log("otter", f"line {number}")
        await listener.until(lambda number=number: len(listener.messages) > number)
    await installation.task("otter", "extract", "Success")
    await installation.set("otter", "Success")
    last = await asyncio.wait_for(following, 60)
    assert last.run.state.type == "Success"
    assert listener.states == ["Scheduled", "Submitted", "Running", "Success"]
    assert listener.messages == ["line 0", "line 1", "line 2"]


async def test_lines_that_come_after_the_end_are_told(
    installation: World, run: FlowRunId, listener: Listener
) -> None:
    await installation.start("otter")
    await installation.set("otter", "Success")
    backend = installation.backend()

    class Late:
        """The client's process sends its last lines after its last state."""

        looks = 0
        run = backend.run
        task_runs = backend.task_runs
        agents = backend.agents

        async def logs(self, run_id: FlowRunId, after: LogCursor | None = None) -> LogPage:
            self.looks += 1
            page = await backend.logs(run_id, after)
            if self.looks <= 2:
                await installation.log("otter", f"late {self.looks}")
            return page

    source = Late()
    follower = Follower(source, run, listener, QUICK, installation.clock)
    await follower.first()
    await asyncio.wait_for(follower.follow(), 60)
    assert listener.messages == ["late 1", "late 2"]
    assert source.looks == 4, "the last look has found nothing more"


async def test_a_long_log_is_read_whole(
    installation: World, follower: Follower, listener: Listener, run: FlowRunId
) -> None:
    lines = [
        {
            "flow_run_id": run,
            "timestamp": installation.clock().isoformat(),
            "message": f"line {number}",
        }
        for number in range(1300)
    ]
    await installation.do("write_run_logs", "success", logs=lines)
    await follower.first()
    assert sorted(listener.messages) == sorted(line["message"] for line in lines)


async def test_a_round_that_is_cut_off_is_asked_again_whole(
    installation: World, run: FlowRunId, listener: Listener
) -> None:
    backend = installation.backend()

    class CutOff:
        """The connection breaks between two pages of the log."""

        pages = 0
        run = backend.run
        task_runs = backend.task_runs
        agents = backend.agents

        async def logs(self, run_id: FlowRunId, after: LogCursor | None = None) -> LogPage:
            self.pages += 1
            if self.pages == 3:
                raise Unreachable("cut off")
            return await backend.logs(run_id, after, limit=2)

    follower = Follower(CutOff(), run, listener, QUICK, installation.clock)
    await follower.first()
    await installation.start("otter")
    for number in range(5):
        installation.clock.forward(seconds=1)
        await installation.log("otter", f"line {number}")
    await installation.task("otter", "extract", "Running")
    await installation.set("otter", "Success")
    await asyncio.wait_for(follower.follow(), 60)
    assert listener.messages == [f"line {number}" for number in range(5)]
    assert listener.states == ["Scheduled", "Submitted", "Running", "Success"]
    told = [h for h in listener.heard if isinstance(h, StateChange) and not h.of_run]
    assert [(change.subject, change.state) for change in told] == [("extract", "Running")]


async def test_a_backend_that_goes_away_and_comes_back_loses_nothing(
    installation: World, follower: Follower, listener: Listener
) -> None:
    await follower.first()
    await installation.start("otter")
    following = asyncio.ensure_future(follower.follow())
    await listener.until(lambda: "Running" in listener.states)
    installation.transport.is_down = True
    await listener.until(lambda: listener.remarks)
    assert listener.snapshot is not None
    assert listener.snapshot.silent_since is not None
    await installation.log("otter", "said meanwhile")
    await installation.set("otter", "Failed")
    await asyncio.sleep(0.1)
    assert len(listener.remarks) == 1, "one line says so, however often it is tried"
    installation.transport.is_down = False
    last = await asyncio.wait_for(following, 60)
    assert last.run.state.type == "Failed"
    assert last.silent_since is None
    assert len(listener.remarks) == 2
    assert "back" in listener.remarks[1]
    assert listener.messages == ["said meanwhile"]
    assert listener.states == ["Scheduled", "Submitted", "Running", "Failed"]


async def test_a_run_that_nobody_takes_says_why_and_says_it_once(
    installation: World, follower: Follower, listener: Listener
) -> None:
    await follower.first()
    following = asyncio.ensure_future(follower.follow())
    installation.clock.forward(seconds=14)
    await asyncio.sleep(0.1)
    assert listener.remarks == []
    installation.clock.forward(seconds=2)
    await listener.until(lambda: listener.remarks)
    await asyncio.sleep(0.1)
    assert listener.remarks == ["No agent is registered with this backend, so nothing is taken."]
    await installation.start("otter")
    await installation.set("otter", "Success")
    await asyncio.wait_for(following, 60)
    assert len(listener.remarks) == 1


async def test_without_an_answer_at_first_it_is_an_error(
    installation: World, follower: Follower
) -> None:
    installation.transport.is_down = True
    with pytest.raises(Unreachable):
        await follower.first()


async def test_a_run_that_is_deleted_meanwhile_is_an_error(
    installation: World, follower: Follower, run: FlowRunId
) -> None:
    await follower.first()
    following = asyncio.ensure_future(follower.follow())
    await installation.do("delete_flow_run", "success", flow_run_id=run)
    with pytest.raises(NotFound):
        await asyncio.wait_for(following, 60)


async def test_a_run_that_is_restarted_right_after_its_end_is_followed_on(
    installation: World, run: FlowRunId, listener: Listener
) -> None:
    await installation.start("otter")
    await installation.set("otter", "Failed")
    backend = installation.backend()
    later = iter([("Scheduled",), ("Running",), ("Success",)])

    class Restarted:
        """Between two looks somebody starts the run again."""

        looks = 0
        task_runs = backend.task_runs
        logs = backend.logs
        agents = backend.agents

        async def run(self, run_id: FlowRunId) -> FlowRunDetail:
            self.looks += 1
            if self.looks > 1:
                for state in next(later, ()):
                    await installation.set("otter", state)
            return await backend.run(run_id)

    follower = Follower(Restarted(), run, listener, QUICK, installation.clock)
    await follower.first()
    last = await asyncio.wait_for(follower.follow(), 60)
    assert last.run.state.type == "Success"
    assert listener.states[-4:] == ["Failed", "Scheduled", "Running", "Success"]
