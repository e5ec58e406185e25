"""A dashboard that nobody gave a backend starts one, which outlives it and is found again."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from flowtui.cli.own_backend import answers, own_backend_unless_answering
from flowtui.cli.server_settings import DATABASE
from flowtui.config import Profile
from flowtui.errors import ServerProblem
from flowtui.server.address import running_server, stop_server
from tests.ports import free_port


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("flowtui.cli.own_backend.data_folder", lambda: tmp_path)
    return tmp_path


def test_it_is_started_once_and_found_again(folder: Path) -> None:
    nobody = Profile(api_url=f"http://127.0.0.1:{free_port()}", is_default=True)
    first = own_backend_unless_answering(nobody)
    try:
        assert answers(first.api_url)
        assert first.title == "own"
        elsewhere = Profile(api_url=f"http://127.0.0.1:{free_port()}", is_default=True)
        assert own_backend_unless_answering(elsewhere).api_url == first.api_url
        assert own_backend_unless_answering(first) is first
        local = first.api_url.replace("127.0.0.1", "localhost")
        asked = own_backend_unless_answering(Profile(api_url=local))
        assert (asked.api_url, asked.api_key) == (local, first.api_key)
        # Keys are for others: whoever owns the database gets in.
        document = {"query": 'mutation { create_api_key(input: {name: "ci"}) { id } }'}
        for key, good in (("", True), ("", False), (first.api_key, True)):
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            answer = httpx.post(first.api_url, json=document, headers=headers, timeout=60).json()
            refusal = answer.get("errors", [{}])[0].get("extensions", {}).get("code")
            assert (refusal != "UNAUTHENTICATED") is good
    finally:
        stop_server(folder / DATABASE)
    assert running_server(folder / DATABASE) is None


def test_one_that_cannot_start_says_where_to_read_why(folder: Path) -> None:
    (folder / DATABASE).write_text("this is no database, but somebody's notes")
    nobody = Profile(api_url=f"http://127.0.0.1:{free_port()}", is_default=True)
    with pytest.raises(ServerProblem, match=r"server\.log says why"):
        own_backend_unless_answering(nobody)
    assert (folder / DATABASE).read_text() == "this is no database, but somebody's notes"
