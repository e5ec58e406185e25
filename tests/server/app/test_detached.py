"""A server in the background: ready when the command returns, or a reason why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from flowtui import __version__
from flowtui.cli.server import server
from flowtui.errors import ServerProblem, UsageProblem
from flowtui.server.address import running_server, version_at
from tests.server.app.test_process import PATIENCE, environment, started


def say(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flowtui", "server", *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**environment(), **more},
        check=False,
    )


def test_it_is_ready_when_the_command_returns(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    log = tmp_path / "server.log"
    file = tmp_path / "flowtui.toml"
    file.write_text(f'[server]\nport = 0\nlog_format = "json"\ndb = "{database}"\nloops = []\n')
    begun = say("start", "--detach", "--config", str(file), "--api-key", "hush")
    try:
        assert begun.returncode == 0, begun.stderr
        found = running_server(database)
        assert found is not None
        assert begun.stdout == (
            f"flowtui server ready at {found.url} (process {found.pid}, database {database}, "
            f"log {log})\n"
        )
        assert os.getsid(found.pid) == found.pid
        assert httpx.get(f"{found.url}/health").json()["status"] == "ok"
        asked = CliRunner().invoke(server, ["status", "--url", f"{found.url}/"])
        assert asked.output == f"flowtui server {__version__} at {found.url}/\n"
        refused = httpx.post(found.url, json={"query": "{ hello }"}).json()
        assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        again = say("start", "--detach", "--db", str(database), "--port", "0")
        assert again.returncode == 1
        assert f"runs on {database} already (process {found.pid})" in again.stderr
    finally:
        ended = say("stop", "--config", str(file))
    assert ended.returncode == 0, ended.stderr
    assert say("status", "--config", str(file)).returncode == 1
    ready, *_ = [json.loads(line) for line in log.read_text().splitlines()]
    assert (ready["event"], ready["pid"], ready["url"]) == ("ready", found.pid, found.url)


def test_it_says_why_it_is_not_ready(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    with started("--db", str(tmp_path / "other.db")) as (process, url):
        port = url.rpartition(":")[2]
        failed = say("start", "--detach", "--db", str(database), "--port", port)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert (failed.returncode, failed.stdout) == (1, "")
    assert f"Port {port} on 127.0.0.1 is in use by another program." in failed.stderr
    assert str(tmp_path / "server.log") in failed.stderr
    assert running_server(database) is None
    nowhere = say("start", "--detach", "--db", ":memory:")
    assert (nowhere.returncode, "--db" in nowhere.stderr) == (2, True)


@pytest.mark.parametrize("command", ["status", "stop"])
def test_a_database_that_servers_share_leads_to_none_of_them(command: str) -> None:
    found = CliRunner().invoke(server, [command, "--db", "postgresql://somewhere/prefect"])
    assert isinstance(found.exception, UsageProblem), found.output
    assert "Several servers may share" in str(found.exception)
    assert {"status": "--url", "stop": "kill"}[command] in found.exception.hint


def test_what_does_not_answer_is_no_server() -> None:
    for url in ("http://127.0.0.1:1", "nowhere", "http://[", "ftp://127.0.0.1"):
        with pytest.raises(ServerProblem, match="No flowtui server answers"):
            version_at(url)
