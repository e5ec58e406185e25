"""What the dashboard costs beside a Textual app of one Static, as ratios measured by turns.

The bounds leave room for a busy machine; what is quoted comes from a quiet one:

FLOWTUI_BENCH_RUNS=1000000 pytest tests/benchmarks/test_dashboard.py -s
"""

from __future__ import annotations

import compileall
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowtui
from tests.benchmarks.bigworld import Size, build
from tests.benchmarks.watched import Cost, visit
from tests.benchmarks.world import RUNS
from tests.pty.server import FLOWTUI, Server
from tests.pty.terminal import Terminal

APPS = Path(__file__).with_name("apps")
HELLO = (sys.executable, str(APPS / "hello.py"))
STOCK = (sys.executable, str(APPS / "stock.py"))
IS_LARGE = RUNS >= 1_000_000
ROUNDS = 5 if IS_LARGE else 1
LIVE = "succeeded"
"""What the overview says as soon as it has been answered."""
SMALL = 10_000


def to_runs(terminal: Terminal) -> None:
    """The list of runs, below what ticks."""
    terminal.send("3")
    terminal.wait_for("Success")
    for _ in range(3):
        terminal.send("\x1b[6~")
        terminal.pump(0.3)
    terminal.settle(quiet=0.4)


def to_flows(terminal: Terminal) -> None:
    """The list of flows, beside which stands what is known of the one under the cursor."""
    terminal.send("2")
    terminal.wait_for("flow-00")
    terminal.wait_for("Versions")
    terminal.settle(quiet=0.4)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """A server with ten thousand runs, and one with as many as were asked for.

    The program is compiled before, as an installation does it: compiling doubles what a start
    costs.
    """
    compileall.compile_dir(Path(flowtui.__file__).parent, quiet=1)
    made = []
    for runs in sorted({SMALL, RUNS} if IS_LARGE else {SMALL}):
        folder = tmp_path_factory.mktemp(f"runs-{runs}")
        build(folder / "server.db", Size(runs))
        made.append(Server(folder))
        made[-1].start()
    yield made
    for server in made:
        server.__exit__(None, None, None)


@pytest.fixture(scope="module")
def costs(
    servers: list[Server], tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Cost, list[Cost]]]:
    """Rounds of the yardstick and the dashboard over each server."""
    found = []
    for number in range(ROUNDS):
        ours = []
        hello = visit(HELLO, "Hello")
        for server in servers:
            home = {"XDG_STATE_HOME": str(tmp_path_factory.mktemp(f"state-{number}"))}
            command = (FLOWTUI, "--api", server.url, "--no-mouse")
            ours.append(visit(command, LIVE, prepare=to_runs, way_out="\x11", env=home))
        found.append((hello, ours))
    for name in ("first", "ready", "key", "scrolled", "memory", "held", "exit"):
        said = [f"{ratio(found, name, which):.2f}" for which in range(len(servers))]
        print(f"\n{name}: {', '.join(said)} times the yardstick's", end="")
    for name in ("key_bytes", "scrolled_bytes", "idle_bytes", "idle_wakeups"):
        said = [str(getattr(cost, name)) for cost in found[-1][1]]
        print(f"\n{name}: {', '.join(said)}", end="")
    return found


def ratio(costs: list[tuple[Cost, list[Cost]]], name: str, which: int = 0) -> float:
    """The middle of the rounds' ratios."""
    return statistics.median(
        getattr(ours[which], name) / getattr(hello, name) for hello, ours in costs
    )


def test_a_key_is_answered_nearly_as_soon(costs: list[tuple[Cost, list[Cost]]]) -> None:
    assert ratio(costs, "key") < (2 if IS_LARGE else 8)


def test_a_key_that_scrolls_is_answered_nearly_as_soon_as_one_that_does_not(
    costs: list[tuple[Cost, list[Cost]]],
) -> None:
    dearer = [cost.scrolled / cost.key for _, ours in costs for cost in ours]
    assert statistics.median(dearer) < (1.6 if IS_LARGE else 2.5)


def test_a_key_costs_few_bytes(costs: list[tuple[Cost, list[Cost]]]) -> None:
    for _, ours in costs:
        assert all(max(cost.key_bytes, cost.scrolled_bytes) <= 500 for cost in ours)


def test_a_key_beside_a_preview_is_answered_nearly_as_soon(
    servers: list[Server], costs: list[tuple[Cost, list[Cost]]], tmp_path: Path
) -> None:
    found = []
    for number, (hello, _) in enumerate(costs):
        command = (FLOWTUI, "--api", servers[0].url, "--no-mouse")
        home = {"XDG_STATE_HOME": str(tmp_path / str(number))}
        ours = visit(command, LIVE, prepare=to_flows, way_out="\x11", env=home, further=9)
        found.append((hello, [ours]))
    for name in ("key", "scrolled"):
        size = getattr(found[-1][1][0], f"{name}_bytes")
        said = f"{ratio(found, name):.2f} times the yardstick's, {size:.0f} B"
        print(f"\n{name} beside a preview: {said}", end="")
    assert ratio(found, "key") < (2 if IS_LARGE else 8)


def test_it_leaves_at_once(costs: list[tuple[Cost, list[Cost]]]) -> None:
    assert ratio(costs, "exit") < (0.4 if IS_LARGE else 1)


def test_it_holds_little_memory(costs: list[tuple[Cost, list[Cost]]]) -> None:
    assert ratio(costs, "memory") < 1.35
    assert all(ratio(costs, "memory", which) < 1.4 for which in range(len(costs[0][1])))


if IS_LARGE:

    def test_a_million_runs_are_as_quick_as_ten_thousand(
        costs: list[tuple[Cost, list[Cost]]],
    ) -> None:
        many = [ours[1].key / ours[0].key for _, ours in costs]
        assert statistics.median(many) < 1.3
        assert statistics.median(ours[1].memory / ours[0].memory for _, ours in costs) < 1.15

    def test_textuals_own_widgets_cost_more(costs: list[tuple[Cost, list[Cost]]]) -> None:
        for kind, ready in (("table", "run-00000"), ("log", "line")):
            stock = visit((*STOCK, kind, "10000"), ready)
            hello = costs[-1][0]
            print(
                f"\n{kind} of 10 000: ready {stock.ready / hello.ready:.2f}, key"
                f" {stock.key / hello.key:.2f}, memory {stock.memory / hello.memory:.2f} times the"
                f" yardstick's, {stock.key_bytes:.0f} B a key",
                end="",
            )
            assert stock.key_bytes > costs[-1][1][0].key_bytes
