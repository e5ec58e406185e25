"""Bad input on the command line: one clear line that says what to do, and the exit code for it."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowtui.cli.main import main

NOWHERE = "00000000-0000-4000-8000-000000000000"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code, and the one line on standard error."""
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1, said
    assert "Traceback" not in said
    return int(end.value.code or 0), said


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port where nobody listens, and nobody begins to while it is held."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@pytest.fixture
def web_page() -> Iterator[str]:
    """Something that is no backend: it answers everything with HTML."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b"<!doctype html><title>Prefect</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_unreachable_backend(capsys: pytest.CaptureFixture[str], free_port: int) -> None:
    code, said = told(capsys, "--api", f"http://127.0.0.1:{free_port}", "--watch", NOWHERE)
    assert code == 3
    assert f"No backend answers at http://127.0.0.1:{free_port}" in said
    assert "flowtui server start" in said


def test_a_wrong_url(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(capsys, "--api", "gopher://prefect", "--watch", NOWHERE)
    assert code == 2
    assert "'gopher://prefect' is no URL of a backend" in said


def test_a_web_page(capsys: pytest.CaptureFixture[str], web_page: str) -> None:
    code, said = told(capsys, "--api", web_page, "--watch", NOWHERE)
    assert code == 3
    assert "is not a Prefect API" in said


def test_a_profile_that_there_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FLOWTUI_CONFIG", str(tmp_path / "config.toml"))
    code, said = told(capsys, "--profile", "prod", "--watch", NOWHERE)
    assert code == 2
    assert "There is no profile 'prod'" in said


def test_the_dashboard_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(capsys, "--api", "http://127.0.0.1:1")
    assert code == 2
    assert "needs a terminal" in said


def test_an_option_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--frobnicate"])
    assert end.value.code == 2
    assert "No such option" in capsys.readouterr().err
