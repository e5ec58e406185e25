"""Copying: to the terminal, through screen, and to a real tmux."""

from __future__ import annotations

import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowtui.ui.clipboard import MOST, copy


async def test_a_terminal_is_asked_to_take_the_text() -> None:
    written: list[str] = []
    said = await copy("KeyError: 'ä'", {}, written.append)
    assert said == "sent 14 B to the terminal"
    assert written[0].startswith("\x1b]52;c;")
    assert b64decode(written[0][7:-1]).decode() == "KeyError: 'ä'"


async def test_what_is_too_much_is_cut_and_said() -> None:
    written: list[str] = []
    said = await copy("ä" * MOST, {}, written.append)
    assert said == "sent only the first 56 000 B of 112 000 to the terminal"
    assert b64decode(written[0][7:-1]).decode() == "ä" * (MOST // 2)
    assert len(written[0]) < 74_994


async def test_screen_lets_it_through_in_pieces() -> None:
    written: list[str] = []
    said = await copy("x" * 3000, {"STY": "1.pts"}, written.append)
    assert said == "sent 3 000 B to the terminal, through screen"
    pieces = written[0].split("\x1b\\")
    assert all(piece.startswith("\x1bP") and len(piece) < 768 for piece in pieces[:-1])
    inner = "".join(piece.removeprefix("\x1bP") for piece in pieces)
    assert b64decode(inner[7:-1]) == b"x" * 3000


async def test_without_the_tmux_that_is_named_the_terminal_gets_it(tmp_path: Path) -> None:
    written: list[str] = []
    said = await copy("x", {"TMUX": "/nowhere,1,0", "PATH": str(tmp_path)}, written.append)
    assert said == "sent 1 B to the terminal"
    assert written


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A tmux of its own, and the environment of a program in it."""
    program = shutil.which("tmux")
    assert program is not None, "tmux is needed"
    environ = {**os.environ, "TERM": "xterm", "TMUX": "", "TMUX_TMPDIR": str(tmp_path)}
    ask = [program, "-S", str(tmp_path / "socket"), "-f", "/dev/null"]
    subprocess.run([*ask, "new-session", "-d", "sleep 60"], env=environ, check=True, timeout=60)
    answer = [*ask, "display-message", "-p", "#{socket_path},#{pid},0"]
    place = subprocess.run(
        answer, env=environ, check=True, timeout=60, capture_output=True, text=True
    )
    yield {**environ, "TMUX": place.stdout.strip()}
    subprocess.run([*ask, "kill-server"], env=environ, check=False, timeout=60)


def buffer_of(tmux: dict[str, str]) -> str:
    show = ["tmux", "show-buffer"]
    return subprocess.run(
        show, env=tmux, check=True, timeout=60, capture_output=True, text=True
    ).stdout


async def test_tmux_takes_the_text_with_its_usual_settings(tmux: dict[str, str]) -> None:
    written: list[str] = []
    said = await copy("KeyError\nin two rows", tmux, written.append)
    assert (said, written) == ("sent 20 B to tmux", [])
    assert buffer_of(tmux) == "KeyError\nin two rows"
