"""Our own server as a process of its own, and the hands of an agent that works against it."""

from __future__ import annotations

import re
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

PATIENCE = 60.0

FLOWTUI = str(Path(sys.executable).with_name("flowtui"))
"""The command as it is installed beside this interpreter."""

_TASK = (
    "query($run: uuid!, $slug: String!) { task_run(where: {flow_run_id: {_eq: $run}, "
    "task: {slug: {_eq: $slug}}}, limit: 1) { task_id } }"
)


class Server:
    """`flowtui server start` on a free port; it can die and come back."""

    def __init__(self, folder: Path) -> None:
        self._database = folder / "server.db"
        self._port = 0
        self.url = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(timeout=PATIENCE)
        self._project = ""

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()
        self.die()

    def start(self) -> None:
        """Start it, the second time on the same port, and wait until it says that it is ready."""
        command = [FLOWTUI, "server", "start", "--no-loops"]
        options = ["--port", str(self._port), "--db", str(self._database)]
        self._process = subprocess.Popen(
            [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self._process.stdout is not None
        assert select.select([self._process.stdout], [], [], PATIENCE)[0], "the server is silent"
        said = self._process.stdout.readline().decode()
        ready = re.search(r"ready at (http://\S+:(\d+))", said)
        assert ready, f"the server said: {said}{self._process.stdout.read().decode()}"
        self.url, self._port = ready[1], int(ready[2])

    def die(self) -> None:
        """Kill it without a warning."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)
            assert process.stdout is not None
            process.stdout.close()

    def ask(self, text: str, **variables: Any) -> Any:
        """One GraphQL operation; its `data`."""
        body = self._client.post(self.url, json={"query": text, "variables": variables}).json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    def do(self, mutation: str, selection: str = "id", **given: Any) -> Any:
        """One mutation with its input; its payload."""
        operation = f"{mutation}(input: $input) {{ {selection} }}"
        text = f"mutation($input: {mutation}_input!) {{ {operation} }}"
        return self.ask(text, input=given)[mutation]

    def new_run(self, name: str, *tasks: str | Mapping[str, Any], flow: str = "orders-etl") -> Run:
        """A new flow with these tasks, and a run of it."""
        if not self._project:
            tenant = self.ask("{ tenant { id } }")["tenant"][0]["id"]
            self._project = self.do("create_project", name="commerce", tenant_id=tenant)["id"]
        document = {
            "name": flow,
            "type": "prefect.core.flow.Flow",
            "tasks": [_task({"slug": t} if isinstance(t, str) else t) for t in tasks],
            "edges": [],
            "parameters": [],
            "storage": {"type": "Local"},
            "__version__": "1.4.1",
        }
        made = self.do("create_flow", serialized_flow=document, project_id=self._project)
        run = self.do("create_flow_run", flow_id=made["id"], flow_run_name=name)
        return Run(self, run["id"], name)


class Run:
    """A run as the process sees it that executes it."""

    def __init__(self, server: Server, run_id: str, name: str) -> None:
        self._server = server
        self.id = run_id
        self.name = name

    def set(self, state: str, message: str = "", **more: Any) -> None:
        """Set the run's state."""
        entry = {"flow_run_id": self.id, "state": {"type": state, "message": message, **more}}
        self._server.do("set_flow_run_states", "states { status }", states=[entry])

    def start(self) -> None:
        """Let it be taken and begin."""
        self.set("Submitted", "Submitted for execution")
        self.set("Running", "Running flow.")

    def task(self, slug: str, state: str, message: str = "", index: int = -1, **more: Any) -> None:
        """Set a task run's state."""
        task_id = self._server.ask(_TASK, run=self.id, slug=slug)["task_run"][0]["task_id"]
        info = self._server.do(
            "get_or_create_task_run_info",
            flow_run_id=self.id,
            task_id=task_id,
            map_index=index,
        )
        entry = {"task_run_id": info["id"], "state": {"type": state, "message": message, **more}}
        self._server.do("set_task_run_states", "states { status }", states=[entry])

    def log(self, *messages: str, level: str = "INFO", at: datetime | None = None) -> None:
        """Write lines to the log, in one batch."""
        when = (at or datetime.now(timezone.utc)).isoformat()
        common = {"flow_run_id": self.id, "timestamp": when, "level": level, "name": "prefect.etl"}
        logs = [{**common, "message": message} for message in messages]
        self._server.do("write_run_logs", "success", logs=logs)

    @property
    def server_url(self) -> str:
        """Where the backend is that it belongs to."""
        return self._server.url

    @property
    def state(self) -> str:
        """The state it is in."""
        text = "query($id: uuid!) { flow_run_by_pk(id: $id) { state } }"
        return str(self._server.ask(text, id=self.id)["flow_run_by_pk"]["state"])


def _task(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": given["slug"],
        "type": "prefect.tasks.core.function.FunctionTask",
        "max_retries": 0,
        "retry_delay": None,
        "mapped": False,
        "trigger": {"fn": "prefect.triggers.all_successful"},
        **given,
    }
