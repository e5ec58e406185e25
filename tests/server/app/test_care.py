"""Looking after a server: purging, copies, and what Prometheus is told."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from flowtui.server.embedded import backend
from flowtui.server.loops.scheduler import scheduler
from flowtui.server.operations import OPERATIONS
from flowtui.server.services import purging
from flowtui.server.settings import ServerSettings
from tests.server.app.test_detached import say
from tests.server.app.test_process import PATIENCE, ask, started
from tests.server.installation import Client, Refusal

DAY = 86_400.0


async def operate(api: Client, name: str, **wishes: Any) -> dict[str, Any]:
    answer = await api.http.post(f"/operations/{name}", json=wishes)
    assert answer.status_code == 200, answer.text
    done: dict[str, Any] = answer.json()["done"]
    return done


async def finished(api: Client, flow_id: str, state: str = "Success") -> str:
    """A run that has ended, with a line of log and an artifact."""
    run = await api.run(flow_id)
    task_run = (await api.task_runs(run))[0]["id"]
    await api.do("write_run_logs", logs=[{"flow_run_id": run, "message": "done"}])
    await api.do("create_task_run_artifact", "id", task_run_id=task_run, kind="link", data={})
    await api.set_flow_run(run, state)
    return run


TABLES = ["flow_run", "task_run", "flow_run_state", "task_run_state", "log", "task_run_artifact"]


async def counts(api: Client) -> dict[str, int]:
    asked = "".join(f"{table}_aggregate {{ aggregate {{ count }} }} " for table in TABLES)
    found = await api.ask(f"{{ {asked} }}")
    return {table: found[f"{table}_aggregate"]["aggregate"]["count"] for table in TABLES}


async def everything(api: Client, older_than: float) -> Mapping[str, int]:
    """Purge until there is no more."""
    gone: dict[str, int] = {}
    more = True
    while more:
        step = await operate(api, "purge", older_than=older_than)
        for part, count in step["rows"].items():
            gone[part] = gone.get(part, 0) + count
        more = step["more"]
    return gone


async def test_old_finished_runs_go_with_all_they_have(api: Client) -> None:
    flow_id = await api.flow()
    old = [await finished(api, flow_id, state) for state in ("Success", "Failed", "Cancelled")]
    waiting = await api.run(flow_id)
    running = await api.run(flow_id)
    await api.set_flow_run(running, "Running")
    taken_up = await finished(api, flow_id)
    api.clock.advance(days=100)
    await api.set_flow_run(taken_up, "Running")
    young = await finished(api, flow_id)
    before = await counts(api)

    weighed = await operate(api, "weigh", older_than=90 * DAY)
    assert weighed["after"] is None
    assert await counts(api) == before
    gone = await everything(api, 90 * DAY)
    assert gone == weighed["rows"]
    assert (gone["flow runs"], gone["task runs"], gone["log lines"], gone["artifacts"]) == (
        3,
        6,
        3,
        3,
    )
    left = await counts(api)
    assert {before[table] - left[table] for table in ("log", "task_run_artifact")} == {3}
    assert gone["states"] == sum(
        before[table] - left[table] for table in ("flow_run_state", "task_run_state")
    )
    found = {run["id"] for run in (await api.ask("{ flow_run { id } }"))["flow_run"]}
    assert found == {waiting, running, taken_up, young}
    assert not found & set(old)
    assert await everything(api, 90 * DAY) == {}


async def test_many_rows_go_in_small_steps(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than one page, more than one batch of each kind, and a breath after every step."""
    for name, value in (("PAGE", 3), ("BREATH", 0.0)):
        monkeypatch.setattr(f"flowtui.server.operations.{name}", value)
    monkeypatch.setattr(purging, "RUNS", 2)
    monkeypatch.setattr(purging, "ROWS", 2)
    flow_id = await api.flow()
    for _ in range(7):
        await finished(api, flow_id)
    api.clock.advance(days=100)
    weight: dict[str, int] = {}
    after: Any = None
    while True:
        weighed = await operate(api, "weigh", older_than=DAY, after=after)
        for part, count in weighed["rows"].items():
            weight[part] = weight.get(part, 0) + count
        after = weighed["after"]
        if after is None:
            break
    assert weight["flow runs"] == 7
    assert await everything(api, DAY) == weight
    assert set((await counts(api)).values()) == {0}


@pytest.mark.parametrize(
    "wish", [{}, {"older_than": 0}, {"older_than": "1d"}, {"older_than": True}]
)
async def test_how_old_has_to_be_said(api: Client, wish: dict[str, Any]) -> None:
    answer = await api.http.post("/operations/purge", json=wish)
    assert answer.status_code == 400
    assert "How old" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{" + b" " * 400 + b'"older_than": 1}', "exceeds 300 bytes"),
        (b"[1]", "JSON object"),
        (b"{older", "JSON object"),
    ],
)
async def test_an_operation_is_not_done_by_half_of_what_was_wished(body: bytes, said: str) -> None:
    """A wish that is too long is not taken for one that says nothing."""
    settings = ServerSettings(database=":memory:", loops=(), largest_body=300)
    async with backend(settings) as ours:
        transport = httpx.ASGITransport(ours.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4200") as http:
            answer = await http.post("/operations/scheduler", content=body)
    assert answer.status_code == 400
    assert said in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("lifetime", ["soon", -1, True, 1e300])
async def test_how_long_a_key_is_good_has_to_be_said_well(api: Client, lifetime: Any) -> None:
    answer = await api.http.post("/operations/create-key", json={"name": "k", "lifetime": lifetime})
    assert answer.status_code == 400
    assert "key is good" in answer.json()["errors"][0]["message"]


def test_purge_and_backup_while_a_server_runs(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    copy = tmp_path / "copy.db"
    with started("--db", str(database), "--no-loops") as (process, url):
        ask(url, 'mutation { create_tenant(input: {name: "x", slug: "x"}) { id } }')
        counted = say("purge", "--older-than", "90d", "--db", str(database))
        assert counted.returncode == 0, counted.stderr
        assert re.search(r"^  flow runs +0$", counted.stdout, re.MULTILINE)
        assert "90d ago" in counted.stdout
        copied = say("backup", "--to", str(copy), "--db", str(database))
        assert copied.returncode == 0, copied.stderr
        assert copied.stdout.startswith(f"{copy} (")
        again = say("backup", "--to", str(copy), "--db", str(database))
        assert (again.returncode, "exists already" in again.stderr) == (1, True)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    with closing(sqlite3.connect(copy)) as rows:
        assert rows.execute("SELECT count(*) FROM tenant").fetchone() == (2,)
    wrong = say("purge", "--older-than", "soon", "--db", str(database))
    assert (wrong.returncode, "no span of time" in wrong.stderr) == (2, True)


async def test_metrics(api: Client) -> None:
    flow_id = await api.flow()
    await api.run(flow_id)
    await api.do("register_agent", "id", type="LocalAgent", tenant_id=api.tenant_id)
    with pytest.raises(Refusal):
        await api.ask("{ nope }")
    with pytest.raises(Refusal):
        await api.do("delete_tenant", tenant_id=api.tenant_id, confirm=False)
    await OPERATIONS["scheduler"](api.storage, ServerSettings(), {})
    api.backend.metrics.of_loop(scheduler(1).name).passes += 1
    page = await api.http.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = page.text.splitlines()
    sample = re.compile(r'flowtui_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[0-9.e+-]+')
    assert not [line for line in lines if not line.startswith("#") and not sample.fullmatch(line)]
    for line in (
        'flowtui_flow_runs{state="Scheduled"} 1',
        'flowtui_flow_runs{state="Failed"} 0',
        "flowtui_agents_live 1",
        "flowtui_database_up 1",
        'flowtui_requests_total{kind="none",outcome="refused"} 1',
        'flowtui_requests_total{kind="mutation",outcome="failed"} 1',
        'flowtui_loop_passes_total{loop="scheduler"} 1',
        "flowtui_writer_queue 0",
        "# TYPE flowtui_request_seconds histogram",
    ):
        assert line in lines
    mutations = [
        line for line in lines if line.startswith('flowtui_request_seconds_bucket{kind="m')
    ]
    rising = [int(line.rpartition(" ")[2]) for line in mutations]
    assert rising == sorted(rising)
    assert f'flowtui_request_seconds_count{{kind="mutation"}} {rising[-1]}' in lines
    api.clock.advance(minutes=10)
    assert "flowtui_agents_live 0" in (await api.http.get("/metrics")).text


async def test_metrics_are_for_those_with_a_key(api: Client) -> None:
    key = (await api.do("create_api_key", "key", name="prometheus"))["key"]
    assert (await api.http.get("/metrics")).status_code == 401
    brought = await api.http.get("/metrics", headers={"Authorization": f"Bearer {key}"})
    assert brought.status_code == 200
    assert (await api.http.get("/health")).json()["status"] == "ok"
