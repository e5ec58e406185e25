"""The journal: every command once, with its outcome, whatever happens to the line or the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flowtui.client import journal as journal_module
from flowtui.client.backend import Backend
from flowtui.client.journal import Journal
from flowtui.errors import BackendError, Refused, Unreachable, UsageProblem
from flowtui.models.ids import FlowId, FlowRunId
from flowtui.models.journal import DONE, REFUSED, UNKNOWN, Entry, Still, Undo, naming
from flowtui.models.states import RunState
from tests.world import NOW, World


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.jsonl"


def backend_of(world: World, path: Path | None = None, **settings: object) -> Backend:
    """The dashboard's client, with a journal in that file."""
    backend = world.backend(**settings)
    backend.journal, backend.clock = Journal(path), world.clock
    return backend


def entry(number: int, **more: object) -> Entry:
    """Any entry."""
    made = Entry(f"{number:032x}", NOW + timedelta(seconds=number), "prod", "http://it", "archive")
    return replace(made, **more)  # type: ignore[arg-type]


async def test_a_command_is_written_down_once_with_what_it_was(world: World, path: Path) -> None:
    backend = backend_of(world, path)
    with naming("slow-lynx of sessionize"):
        await backend.cancel_flow_run(FlowRunId(world.runs["slow-lynx"]))
    [found] = Journal(path).entries()
    assert (found.at, found.profile, found.mutation) == (world.clock(), "world", "cancel_flow_run")
    assert (found.target, found.outcome) == ("slow-lynx of sessionize", DONE)
    assert found.input == {"flow_run_id": world.runs["slow-lynx"]}


async def test_a_refused_command_is_kept_with_the_reason(world: World, path: Path) -> None:
    backend = backend_of(world, path)
    old = RunState("Running", 1)
    with pytest.raises(BackendError):
        await backend.set_flow_run_state(FlowRunId(world.runs["slow-lynx"]), "Failed", seen=old)
    [found] = backend.journal_entries()
    assert found.outcome == REFUSED
    assert "version" in found.said.lower()


async def test_a_lost_answer_is_unknown_and_a_refused_connection_is_not(
    world: World, path: Path
) -> None:
    backend = backend_of(world, path)
    run = FlowRunId(world.runs["slow-lynx"])
    world.transport.lose_answers = True
    with pytest.raises(Unreachable):
        await backend.cancel_flow_run(run)
    world.transport.lose_answers, world.transport.is_down = False, True
    world.clock.forward(seconds=1)
    with pytest.raises(Unreachable):
        await backend.cancel_flow_run(run)
    assert [one.outcome for one in backend.journal_entries()] == [REFUSED, UNKNOWN]


async def test_a_read_only_profile_has_nothing_to_write_down(world: World, path: Path) -> None:
    with pytest.raises(UsageProblem):
        await backend_of(world, path, read_only=True).archive(FlowId(world.flows["never-ran"]))
    assert Journal(path).entries() == []


async def test_what_was_sent_is_known_even_if_nobody_lived_to_read_the_answer(path: Path) -> None:
    Journal(path).write(entry(1))
    backend = Backend.__new__(Backend)
    backend.journal = Journal(path)
    [found] = backend.journal_entries()
    assert (found.outcome, found.said) == (UNKNOWN, "flowtui ended before the answer")


def test_half_a_line_spoils_no_other(path: Path) -> None:
    journal = Journal(path)
    journal.write(entry(1))
    with path.open("a") as file:
        file.write('{"id": "half of a li')
    journal.write(entry(2))
    with path.open("a") as file:
        file.write('\n[]\n{"id": 3}\nnull\n')
    assert [one.id[-1] for one in journal.entries()] == ["2", "1"]


def test_of_commands_of_one_moment_the_last_one_comes_first(path: Path) -> None:
    """Whoever takes back the last command means that one."""
    journal = Journal(path)
    for number in (3, 1, 2):
        journal.write(replace(entry(number), at=NOW))
    for number in (3, 1, 2):
        journal.write(replace(entry(number), at=NOW, outcome=DONE))
    assert [int(one.id, 16) for one in journal.entries()] == [2, 1, 3]


def test_a_full_file_makes_room_and_keeps_the_newest(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "FILE_LIMIT", 4_000)
    journal = Journal(path)
    for number in range(60):
        journal.write(entry(number))
    kept = [int(one.id, 16) for one in journal.entries()]
    assert kept == list(range(59, 59 - len(kept), -1))
    assert 10 < len(kept) < 60
    assert sum(one.stat().st_size for one in path.parent.iterdir()) < 12_000


def test_two_dashboards_write_at_once_and_nothing_is_lost(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, timezone;"
        "from flowtui.client.journal import Journal; from flowtui.models.journal import Entry;"
        "journal = Journal(Path(sys.argv[1]));"
        "now = datetime(2026, 11, 20, tzinfo=timezone.utc);"
        "[journal.write(Entry(sys.argv[2] + str(n), now, 'p', 'u', 'm')) for n in range(200)]"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("a", "b")
    ]
    assert [one.wait(60) for one in processes] == [0, 0]
    assert len(Journal(path).entries()) == 400


async def test_a_file_that_cannot_be_written_stops_no_command_and_is_said_once(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    said: list[str] = []
    backend = backend_of(world)
    backend.journal = Journal(tmp_path / "file" / "journal.jsonl", said.append)
    assert await backend.cancel_flow_run(FlowRunId(world.runs["slow-lynx"])) == "Cancelling"
    await backend.cancel_flow_run(FlowRunId(world.runs["rosy-otter"]))
    assert len(said) == 1
    assert "journal.jsonl cannot be written" in said[0]
    assert len(backend.journal_entries()) == 2


def test_what_a_full_disk_had_no_room_for_is_written_when_there_is_some(path: Path) -> None:
    """The file may not grow past a limit in a process of its own, as on a full disk."""
    script = (
        "import resource, sys; from pathlib import Path; from datetime import datetime, timezone;"
        "from flowtui.client.journal import Journal; from flowtui.models.journal import Entry;"
        "said = []; journal = Journal(Path(sys.argv[1]), said.append);"
        "now = datetime(2026, 11, 20, tzinfo=timezone.utc);"
        "limit = lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, 1 << 30));"
        "write = lambda id: journal.write(Entry(id, now, 'p', 'u', 'm'));"
        "write('a'); limit(1); write('b'); write('c'); limit(1 << 20); write('d');"
        "print(len(said), sorted(one.id for one in Journal(Path(sys.argv[1])).entries()))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, timeout=60
    )
    assert told.stdout == "1 ['a', 'b', 'c', 'd']\n", told.stderr


def test_neither_secrets_nor_endless_inputs_are_written_down(path: Path) -> None:
    journal = Journal(path)
    journal.write(entry(1, input={"name": "x", "api_key": "hush", "more": [{"password": "psst"}]}))
    way_back = Undo("put it back", "set_it", {"text": "x" * 30_000})
    journal.write(entry(2, input={"text": "x" * 30_000}, undo=way_back))
    # What has to be so for an undo is what was sent.
    then = Still("flow_group", "id", "default_parameters", ({"password": "sesame"},))
    journal.write(entry(3, undo=Undo("put it back", "set_it", {"parameters": {}}, then)))
    text = path.read_text()
    for secret in ("hush", "psst", "sesame"):
        assert secret not in text
    guarded, long, short = journal.entries()
    assert guarded.undo is None
    assert long.input == {"left out": "30012 bytes"}
    assert long.undo is None
    assert short.input["name"] == "x"
    assert path.stat().st_mode & 0o077 == 0


def test_an_entry_comes_back_as_it_was(path: Path) -> None:
    still = Still("flow_run", "some-id", "labels", (["a"], None))
    made = entry(1, undo=Undo("put it back", "set_it", {"a": [1, None]}, still), outcome=DONE)
    Journal(path).write(made)
    assert Journal(path).entries() == [made]
    assert len([line for line in path.read_text().split("\n") if line]) == 1
    assert json.loads(path.read_text())["undo"]["says"] == "put it back"


# Taking back --------------------------------------------------------------------------------------


async def test_a_command_is_taken_back_and_that_is_written_down_too(
    world: World, path: Path
) -> None:
    backend = backend_of(world, path)
    await backend.switch_schedule(FlowId(world.flows["churn-features"]), False)
    [sent] = backend.journal_entries()
    world.clock.forward(seconds=1)
    await backend.take_back(sent)
    back, first = backend.journal_entries()
    assert (back.mutation, back.undoes, first) == ("set_schedule_active", sent.id, sent)
    with pytest.raises(Refused, match="taken back already"):
        await backend.take_back(sent)


async def test_nothing_is_taken_back_that_has_moved_since(world: World, path: Path) -> None:
    backend = backend_of(world, path)
    flow = FlowId(world.flows["churn-features"])
    await backend.switch_schedule(flow, False)
    [sent] = backend.journal_entries()
    await world.switch_schedule("churn-features")
    before = len(world.transport.requests)
    with pytest.raises(Refused, match="is schedule active has been changed since"):
        await backend.take_back(sent)
    assert len(world.transport.requests) == before + 1
    assert len(backend.journal_entries()) == 1


async def test_another_backends_command_is_not_taken_back_here(world: World) -> None:
    backend = backend_of(world)
    await backend.switch_schedule(FlowId(world.flows["churn-features"]), False)
    [sent] = backend.journal_entries()
    with pytest.raises(Refused, match="it went to staging"):
        await backend.take_back(replace(sent, api_url="http://other", profile="staging"))
