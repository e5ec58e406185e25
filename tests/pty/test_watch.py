"""`flowtui --watch RUN` against our own server: on a terminal, without one, to every end."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.pty.server import FLOWTUI, Run, Server
from tests.pty.terminal import PATIENCE, Terminal

MAPPED = {"slug": "load", "mapped": True}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def run(server: Server, request: pytest.FixtureRequest) -> Run:
    return server.new_run("rosy-otter", "extract", MAPPED, flow=request.node.name)


def command(server: Server, run: Run, *options: str) -> list[str]:
    return [FLOWTUI, "--api", server.url, "--watch", run.id, *options]


@contextmanager
def watching(
    server: Server, run: Run, *options: str, columns: int = 100, rows: int = 24, **env: str
) -> Iterator[Terminal]:
    """A terminal on which the run is watched."""
    with Terminal(command(server, run, *options), columns=columns, rows=rows, env=env) as terminal:
        terminal.wait_for("detach")
        yield terminal


class Pipe:
    """The plain lines of a watch without a terminal, as they come."""

    def __init__(self, server: Server, run: Run) -> None:
        self.process = subprocess.Popen(
            command(server, run), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.lines: list[str] = []
        self._rest = b""

    def wait_for(self, text: str, limit: float = PATIENCE) -> None:
        """Read until a line has this text."""
        assert self.process.stdout is not None
        end = time.monotonic() + limit
        while not any(text in line for line in self.lines):
            ready = select.select([self.process.stdout], [], [], end - time.monotonic())[0]
            assert ready, f"{text!r} never came: {self.lines}"
            data = os.read(self.process.stdout.fileno(), 65536)
            assert data, f"it ended without {text!r}: {self.lines}"
            *lines, self._rest = (self._rest + data).split(b"\n")
            self.lines += [line.decode() for line in lines]

    def wait_for_end(self, limit: float = PATIENCE) -> int:
        """Read what is left; the exit code."""
        rest, errors = self.process.communicate(timeout=limit)
        self.lines += (self._rest + rest).decode().splitlines()
        self.errors = errors.decode()
        return self.process.returncode


@pytest.fixture
def pipe(server: Server, run: Run) -> Iterator[Pipe]:
    pipe = Pipe(server, run)
    yield pipe
    if pipe.process.poll() is None:
        pipe.process.kill()
        pipe.process.communicate()


def work(run: Run) -> None:
    """What happens in a run that has something to say, each thing after the other."""
    run.start()
    run.log("beginning")
    run.task("extract", "Running")
    run.log("extracting", level="WARNING")
    run.task("extract", "Success")
    run.task("load", "Mapped")
    for index in range(3):
        run.task("load", "Running", index=index)


def in_order(text: str, *wanted: str) -> bool:
    """Whether these stand in the text, each once and one after the other."""
    places = [text.find(part) for part in wanted]
    assert all(text.count(part) == 1 for part in wanted), text
    return places == sorted(places)


# On a terminal


def test_success_on_a_terminal(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        assert "Scheduled" in terminal.text
        work(run)
        terminal.wait_for("0 of 3")
        assert "● Running" in terminal.text
        assert "1 of 4" in terminal.text
        for index in range(3):
            run.task("load", "Success", index=index)
        run.log("done")
        run.set("Success", "All reference tasks succeeded.")
        assert terminal.wait_for_end() == 0
        assert terminal.left_on == set()
        story = terminal.scrollback
        assert in_order(story, "beginning", "extracting", "✓ extract", "done", "All reference")
        assert in_order(story, "✓ extract", "3 of 3", "All reference", "ended")
        assert f"flowtui --open {run.id}" in story
        assert "detach" not in story, "nothing of the live block stays"


def test_failure_on_a_terminal_says_what_failed_and_why(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        work(run)
        run.task("load", "Failed", "KeyError: 'currency_code'\nin load.py", index=1)
        run.task("load", "Success", index=0)
        run.task("load", "Success", index=2)
        run.set("Failed", "Some reference tasks failed.")
        assert terminal.wait_for_end() == 1
        assert terminal.left_on == set()
        last = terminal.scrollback.split("Some reference tasks failed.")[1]
        assert "✗ Failed" in last
        assert "1 of 3 failed: 1   KeyError: 'currency_code'" in last
        assert f"why   flowtui --open {run.id}" in last


def test_cancelled_from_elsewhere_on_a_terminal(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        work(run)
        terminal.wait_for("● Running")
        run.set("Cancelled", "by somebody else")
        assert terminal.wait_for_end() == 1
        assert "■ Cancelled" in terminal.scrollback
        assert terminal.left_on == set()


def test_a_run_that_ended_before_is_told_whole(server: Server, run: Run) -> None:
    work(run)
    run.set("Success", "All reference tasks succeeded.")
    with Terminal(command(server, run), columns=100) as terminal:
        assert terminal.wait_for_end() == 0
        assert in_order(terminal.scrollback, "beginning", "extracting", "✓ extract")


def test_q_detaches_and_the_run_goes_on(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert f"flowtui --watch {run.id}" in terminal.scrollback
        assert terminal.left_on == set()
    assert run.state == "Running"


def test_enter_opens_the_run_in_the_dashboard(server: Server, run: Run) -> None:
    """There `q` goes to the overview, and from there out."""
    run.start()
    with watching(server, run) as terminal:
        terminal.send("\r")
        terminal.wait_for("/ rosy-otter")
        terminal.wait_for("Tasks")
        terminal.send("q")
        terminal.wait_for("w window")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
    assert run.state == "Running"


def test_ctrl_c_and_yes_cancels_the_run(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.wait_for("● Running")
        terminal.send("\x03")
        terminal.wait_for("Cancel this run?")
        assert run.state == "Running", "asking does nothing"
        terminal.send("y")
        terminal.wait_for("Cancelling")
        run.set("Cancelled")
        assert terminal.wait_for_end() == 1
        assert terminal.left_on == set()
    assert run.state == "Cancelled"


def test_ctrl_c_and_stop_leaves_the_run_alone(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.send("\x03")
        terminal.wait_for("Cancel this run?")
        terminal.send("s")
        assert terminal.wait_for_end() == 130
        assert f"flowtui --watch {run.id}" in terminal.scrollback
        assert terminal.left_on == set()
    assert run.state == "Running"


@pytest.mark.parametrize("key", ["n", "\r", "\x1b"], ids=["n", "enter", "escape"])
def test_ctrl_c_and_no_goes_on(server: Server, run: Run, key: str) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.send("\x03")
        terminal.wait_for("Cancel this run?")
        terminal.send(key)
        terminal.wait_for("detach")
        run.set("Success")
        assert terminal.wait_for_end() == 0


def test_ctrl_c_twice_stops_watching_and_leaves_the_run_alone(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.send("\x03")
        terminal.wait_for("Cancel this run?")
        terminal.send("\x03")
        assert terminal.wait_for_end() == 130
        assert terminal.left_on == set()
    assert run.state == "Running"


def test_a_read_only_profile_does_not_cancel(server: Server, run: Run) -> None:
    with watching(server, run, "--read-only") as terminal:
        run.start()
        terminal.send("\x03")
        terminal.wait_for("Cancel this run?")
        terminal.send("y")
        terminal.wait_for("read-only")
        assert run.state == "Running"


def test_l_leaves_log_lines_out_and_b_rings_at_the_end(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.send("lb")
        terminal.wait_for("logs are off")
        terminal.wait_for("bell is on")
        run.log("not for the screen")
        terminal.wait_for("1 not shown")
        terminal.send("l")
        terminal.until(lambda: "logs are off" not in terminal.text, "logs to be on")
        run.log("for the screen")
        terminal.wait_for("for the screen")
        assert b"\a" not in terminal.raw
        run.set("Success")
        terminal.wait_for_end()
        assert terminal.raw.count(b"\a") == 1
        assert "not for the screen" not in terminal.scrollback


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_ends_it_and_leaves_the_terminal_as_it_was(
    server: Server, run: Run, number: signal.Signals
) -> None:
    with watching(server, run) as terminal:
        terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert terminal.left_on == set()


def test_it_ends_when_the_window_is_closed(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        terminal.hang_up()
        assert terminal.wait_for_end() == 128 + signal.SIGHUP


def test_it_is_stopped_by_ctrl_z_and_goes_on_with_fg(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.wait_for("● Running")
        terminal.send("\x1a")
        terminal.wait_for_stop()
        assert terminal.left_on == set()
        assert "detach" not in terminal.text
        run.log("said meanwhile")
        terminal.foreground()
        terminal.wait_for("detach")
        terminal.wait_for("said meanwhile")
        run.set("Success")
        assert terminal.wait_for_end() == 0
        assert terminal.left_on == set()
        assert terminal.scrollback.count("said meanwhile") == 1


def test_a_stopped_line_does_not_keep_it_from_ending(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        now = datetime.now(timezone.utc)
        for start in range(0, 600, 200):
            messages = [f"{number} {'x' * 200}" for number in range(start, start + 200)]
            run.log(*messages, at=now + timedelta(milliseconds=start))
        time.sleep(4)  # nobody reads: the line is full
        terminal.signal(signal.SIGTERM)
        assert terminal.end_unread() == 128 + signal.SIGTERM


def test_a_resize_hurts_nothing_above_the_block(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        run.log("stays")
        terminal.wait_for("stays")
        for columns, rows in ((40, 10), (15, 4), (1, 1), (120, 40)):
            terminal.resize(columns, rows)
            terminal.pump(0.3)
            terminal.pump(0.3)
        terminal.wait_for("detach")
        run.set("Success")
        assert terminal.wait_for_end() == 0
        assert terminal.scrollback.count("flowtui --open") == 1


def test_no_line_is_longer_than_a_narrow_terminal(server: Server, run: Run) -> None:
    with Terminal(command(server, run), columns=30, rows=8) as terminal:
        terminal.wait_for("Scheduled")
        work(run)
        terminal.wait_for("● Running")
        terminal.wait_for("● load")
        block = terminal.text.splitlines()
        assert len(block) <= 8
        run.set("Success")
        assert terminal.wait_for_end() == 0


def test_waiting_costs_next_to_nothing(server: Server, run: Run) -> None:
    with watching(server, run) as terminal:
        run.start()
        terminal.wait_for("● Running")
        before = terminal.received
        end = time.monotonic() + 5
        while time.monotonic() < end:
            terminal.pump(0.2)
        assert terminal.received - before < 5 * 200, "a second costs one line at most"


def test_hostile_text_stays_text(server: Server) -> None:
    evil = "\x1b]0;owned\x07\x1b[31m[bold]red[/bold]\x1b[0m\x1b[2J\x9b5n\x07 end"
    run = server.new_run("evil \x1b[5m run", "extract", flow="evil \x1b]8;;http://x\x07 flow")
    with watching(server, run) as terminal:
        run.start()
        run.log(evil)
        run.task("extract", "Failed", evil)
        terminal.wait_for("[bold]red[/bold]")
        run.set("Failed", evil)
        assert terminal.wait_for_end() == 1
        for bad in (b"\x1b]0;", b"\x1b]8;", b"\x1b[2J", b"\x9b5n", b"\x1b[5m", b"\a"):
            assert bad not in terminal.raw
        assert terminal.left_on == set()


def test_without_colours_there_are_none(server: Server, run: Run) -> None:
    with watching(server, run, NO_COLOR="1") as terminal:
        run.start()
        terminal.wait_for("● Running")
        assert b"38;" not in terminal.raw
        assert b"\x1b[3" not in terminal.raw.replace(b"\x1b[3A", b"")


def test_the_backend_dies_and_comes_back_on_a_terminal(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        run = server.new_run("rosy-otter", "extract")
        with watching(server, run) as terminal:
            run.start()
            run.log("first words")
            terminal.wait_for("first words")
            server.die()
            terminal.wait_for("The backend is gone")
            terminal.wait_for("no answer for")
            server.start()
            run.log("last words")
            run.set("Success")
            assert terminal.wait_for_end() == 0
            story = terminal.scrollback
            assert in_order(
                story, "first words", "The backend is gone", "The backend is back", "ended"
            )
            assert in_order(story, "backend is gone", "last words", "✓ Success\n", "ended")


# Without a terminal


def test_success_without_a_terminal(run: Run, pipe: Pipe) -> None:
    pipe.wait_for("Scheduled")
    work(run)
    pipe.wait_for("extracting")
    for index in range(3):
        run.task("load", "Success", index=index)
    run.log("done")
    run.set("Success", "All reference tasks succeeded.")
    assert pipe.wait_for_end() == 0
    text = "\n".join(pipe.lines)
    assert "\x1b" not in text
    assert in_order(
        text,
        "Submitted  rosy-otter",
        "Running    rosy-otter",
        "INFO       etl  beginning",
        "Running    extract",
        "WARNING    etl  extracting",
        "Success    extract",
        "Mapped     load",
        "Running    load[0]",
        "Running    load[2]",
        "Success    load[0]",
        "Success    load[2]",
        "INFO       etl  done",
        "Success    rosy-otter",
        "ended after",
    )
    clocks = [line[:8] for line in pipe.lines]
    assert clocks == sorted(clocks)
    assert pipe.errors == ""


@pytest.mark.parametrize("state", ["Failed", "Cancelled", "TimedOut"])
def test_another_end_without_a_terminal(run: Run, pipe: Pipe, state: str) -> None:
    pipe.wait_for("Scheduled")
    run.start()
    run.set(state, "so it is")
    assert pipe.wait_for_end() == 1
    assert any(state in line and "so it is" in line for line in pipe.lines)


def test_ctrl_c_without_a_terminal_stops_watching(run: Run, pipe: Pipe) -> None:
    pipe.wait_for("Scheduled")
    run.start()
    pipe.process.send_signal(signal.SIGINT)
    assert pipe.wait_for_end() == 130
    assert "goes on" in pipe.errors
    assert "Traceback" not in pipe.errors
    assert run.state == "Running"


def test_every_line_of_a_long_log_comes_once_and_in_order(run: Run, pipe: Pipe) -> None:
    run.start()
    begin = datetime.now(timezone.utc) - timedelta(minutes=1)
    for number in range(300):
        run.log(f"line {number:04}", at=begin + timedelta(milliseconds=number))
    run.set("Success")
    assert pipe.wait_for_end() == 0
    lines = [line.split()[-1] for line in pipe.lines if " line " in line]
    assert lines == [f"{number:04}" for number in range(300)]


def test_a_message_of_several_lines_is_indented(run: Run, pipe: Pipe) -> None:
    run.start()
    run.log("Traceback:\n  File x\nKeyError\x1b[0m")
    run.set("Failed")
    assert pipe.wait_for_end() == 1
    first = next(i for i, line in enumerate(pipe.lines) if "Traceback:" in line)
    assert pipe.lines[first + 1 : first + 3] == [f"{'':21}  File x", f"{'':21}KeyError"]


def test_plain_on_a_terminal(server: Server, run: Run) -> None:
    with Terminal(command(server, run, "--plain"), columns=100) as terminal:
        terminal.wait_for("Scheduled  rosy-otter")
        run.start()
        run.set("Success")
        assert terminal.wait_for_end() == 0
        assert b"\x1b" not in terminal.raw


def test_a_reader_that_goes_away_is_no_disaster(server: Server, run: Run) -> None:
    run.start()
    run.log("one", "two")
    run.set("Success")
    watch = " ".join(command(server, run))
    done = subprocess.run(
        f"({watch}; echo code $? >&2) | head -1", shell=True, capture_output=True, timeout=60
    )
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


def test_the_backend_dies_and_comes_back_without_a_terminal(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        run = server.new_run("rosy-otter", "extract")
        pipe = Pipe(server, run)
        pipe.wait_for("Scheduled")
        run.start()
        run.log("first words")
        pipe.wait_for("first words")
        server.die()
        pipe.wait_for("The backend is gone")
        server.start()
        run.log("last words")
        run.set("Failed")
        assert pipe.wait_for_end() == 1
        text = "\n".join(pipe.lines)
        assert in_order(text, "first words", "The backend is gone", "The backend is back", "ended")
        assert in_order(
            text, "The backend is gone", "etl  last words", "Failed     rosy-otter", "ended"
        )


def test_nobody_answers_at_the_start() -> None:
    done = subprocess.run(
        [FLOWTUI, "--api", "http://127.0.0.1:9", "--watch", "3f7c02a1-5b7e-4c11-9d2e-0a6f1c22d41c"],
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert done.stderr.count(b"\n") == 1


def test_a_run_that_does_not_exist(server: Server) -> None:
    done = subprocess.run(
        [FLOWTUI, "--api", server.url, "--watch", "3f7c02a1-5b7e-4c11-9d2e-0a6f1c22d41c"],
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert b"no flow run" in done.stderr
