"""What the stories need: our server, the real Prefect beside it, and its agent, in few words."""

import json
import os
import re
import signal
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.ports import free_port

from .environment import Environment
from .processes import PATIENCE, Finished, Program, eventually

FLOWS = Path(__file__).with_name("flows")
FINISHED = ("Success", "Failed", "Cancelled")
QUICK = {
    "PREFECT__CLOUD__CHECK_CANCELLATION_INTERVAL": "1",
    "PREFECT__CLOUD__HEARTBEAT_INTERVAL": "1",
    "PREFECT__CLOUD__LOGGING_HEARTBEAT": "1",
    "PREFECT__CLOUD__QUEUE_INTERVAL": "1",
}
"""The client's own intervals, made short enough for tests to wait for."""
WHOLE_RUN = """
query($id: uuid!) {
  flow_run_by_pk(id: $id) {
    id name state state_message version parameters labels auto_scheduled idempotency_key
    start_time end_time heartbeat agent_id
    states(order_by: {version: asc}) { state message version timestamp serialized_state }
    logs(order_by: {timestamp: asc}) { timestamp level message name task_run_id }
    task_runs(order_by: [{task: {name: asc}}, {map_index: asc}]) {
      id name state state_message map_index start_time end_time
      task { name slug }
      states(order_by: {version: asc}) { state message version serialized_state }
    }
  }
}
"""

Row = dict[str, Any]


def plain_variables(home: Path) -> dict[str, str]:
    """Our environment less what would lead a program elsewhere, and a home of its own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT", "PYTHON", "FLOWTUI", "XDG_")) and name != "VIRTUAL_ENV"
    }
    return {**kept, "HOME": str(home), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


class Server:
    """`flowtui server start`, as a user starts it, on a port that was free."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.database = database or str(folder / "flowtui.db")
        self.program, self.url = self.started(port=0)
        self.http = httpx.Client(base_url=self.url, timeout=15, trust_env=False)

    def started(self, port: int) -> tuple[Program, str]:
        """A process that has said where it listens, and that address."""
        command = [str(Path(sysconfig.get_path("scripts"), "flowtui")), "server", "start"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--db", self.database]
        printed = self.folder / "server.txt"
        program = Program(command, plain_variables(self.folder), self.folder, printed)
        try:
            return program, eventually(lambda: announced(program), f"a ready line from {program}")
        except AssertionError as problem:
            program.stop()
            raise AssertionError(f"{problem}:\n{program.output}") from None

    def die_and_come_back(self) -> None:
        """Lose power in the middle of whatever it does, and start anew in the same place."""
        self.program.kill()
        self.program, _ = self.started(port=httpx.URL(self.url).port or 0)

    def ask(self, question: str, **variables: Any) -> Row:
        """The data that answers a query or a mutation."""
        body = {"query": question, "variables": variables}
        answer = self.http.post("/graphql", json=body).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def found(self, question: str, table: str, **variables: Any) -> list[Row]:
        """The rows of a table that answer a query, once there are any."""
        return eventually(lambda: self.ask(question, **variables)[table], f"a row of {question}")

    def run(self, flow_run_id: str) -> Row:
        """A flow run with its states, logs and task runs."""
        row = self.ask(WHOLE_RUN, id=flow_run_id)["flow_run_by_pk"]
        assert row is not None, f"there is no flow run {flow_run_id}"
        return row

    def run_when(self, flow_run_id: str, *states: str) -> Row:
        """The flow run once it is in one of those states."""
        expectation = f"flow run {flow_run_id} being {' or '.join(states)}"
        try:
            eventually(lambda: self.run(flow_run_id)["state"] in states, expectation)
        except AssertionError as problem:
            raise AssertionError(f"{problem}:\n{told(self.run(flow_run_id))}") from None
        return self.run(flow_run_id)

    def run_when_logged(self, flow_run_id: str, text: str) -> Row:
        """The flow run once one of its log lines has that text in it."""
        eventually(
            lambda: any(text in message for message in messages(self.run(flow_run_id))),
            f"{text!r} in the logs of flow run {flow_run_id}",
        )
        return self.run(flow_run_id)

    def stop(self) -> None:
        """End the process."""
        self.http.close()
        self.program.stop()


def announced(server: Program) -> str | None:
    """The address in the server's ready line, once it is there."""
    assert server.process.poll() is None, f"the server has ended:\n{server.output}"
    address = re.search(r"http://127\.0\.0\.1:\d+", server.output)
    return address.group() if address else None


class Prefect:
    """The real `prefect` command and library, pointed at our server."""

    def __init__(self, environment: Environment, url: str, folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        self.started = count(1)
        self.variables = {
            **plain_variables(folder),
            **QUICK,
            "PREFECT__HOME_DIR": str(folder / ".prefect"),
            "PREFECT__BACKEND": "server",
            "PREFECT__SERVER__ENDPOINT": url,
        }

    def __call__(self, *words: str, within: float = PATIENCE) -> Finished:
        """Run a `prefect` command to its end."""
        return self.start(*words).finished(within)

    def start(self, *words: str, variables: Mapping[str, str] | None = None) -> Program:
        """Start a `prefect` command and let it run."""
        return self.program([str(self.environment.prefect), *words], variables)

    def python(self, *words: str) -> str:
        """Run a script (a path, or "-c" and its text); gives the last line it printed."""
        ended = self.program([str(self.environment.python), *words], None).finished()
        assert ended.code == 0, ended.output
        return ended.last_line

    def program(self, command: Sequence[str], variables: Mapping[str, str] | None) -> Program:
        """A process among Prefect's settings."""
        printed = self.folder / f"printed-{next(self.started)}.txt"
        return Program(command, {**self.variables, **(variables or {})}, self.folder, printed)


class Agent:
    """`prefect agent local start`, ready to take runs."""

    def __init__(self, prefect: Prefect, server: Server, name: str, *options: str) -> None:
        self.name = name
        self.address = f"http://127.0.0.1:{free_port()}"
        words = ["agent", "local", "start", "--name", name, "--agent-address", self.address]
        self.program = prefect.start(*words, *options)
        try:
            eventually(lambda: self.asks(server), f"{self.program} asking for runs")
            eventually(self.poke, f"{self.program} listening for pokes")
        except AssertionError as problem:
            self.stop()
            raise AssertionError(f"{problem}:\n{self.program.output}") from None

    def asks(self, server: Server) -> bool:
        """Whether the server has been asked for runs by this agent."""
        question = (
            "query($name: String!) { agent(where: {name: {_eq: $name}, "
            "last_queried: {_is_null: false}}) { id } }"
        )
        return bool(server.ask(question, name=self.name)["agent"])

    def poke(self) -> bool:
        """Tell the agent that there is work, so that nobody waits for its next look."""
        try:
            return httpx.get(f"{self.address}/api/poke", trust_env=False).is_success
        except httpx.TransportError:
            return False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is taken meanwhile."""
        self.program.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.program.process.send_signal(signal.SIGCONT)

    def __enter__(self) -> "Agent":
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the agent and the flow runs it started."""
        self.program.stop()


class Farm:
    """A project, the flows in it, and who runs them."""

    def __init__(self, server: Server, prefect: Prefect, project: str) -> None:
        self.server = server
        self.prefect = prefect
        self.project = project
        self.agents: list[Agent] = []
        created = prefect("create", "project", project)
        assert f"{project} created" in created.output, created.output

    def register(self, path: Path, *options: str) -> None:
        """Register the flows of a file or a folder with Prefect's command line."""
        words = ["register", "--project", self.project, "-p", str(path), *options]
        registered = self.prefect(*words)
        assert registered.code == 0, registered.output

    def flow(self, name: str) -> Row:
        """The newest version of a flow."""
        question = """
        query($name: String!, $project: String!) {
          flow(where: {name: {_eq: $name}, archived: {_eq: false},
                       project: {name: {_eq: $project}}}) {
            id name version archived flow_group_id settings is_schedule_active schedule
          }
        }
        """
        (flow,) = self.server.ask(question, name=name, project=self.project)["flow"]
        return flow

    def start(self, flow: str, *options: str, **parameters: Any) -> str:
        """Create a run with `prefect run` and wake the agents; gives its id."""
        words = ["run", "--project", self.project, "-n", flow, "--quiet", *options]
        for name, value in parameters.items():
            words += ["--param", f"{name}={json.dumps(value)}"]
        created = self.prefect(*words)
        assert created.code == 0, created.output
        self.wake_agents()
        return created.last_line

    def wake_agents(self) -> None:
        """Let every agent look for runs now."""
        for agent in self.agents:
            agent.poke()

    def follow(self, program: Program) -> Finished:
        """Let a program that has created a run watch it to its end."""

        def ended() -> bool:
            self.wake_agents()
            return program.process.poll() is not None

        eventually(ended, f"the end of {program}")
        return program.finished()


def states(row: Row) -> list[str]:
    """The names of the states a flow run or task run has been through."""
    return [state["state"] for state in row["states"]]


def messages(row: Row) -> list[str]:
    """The log lines of a flow run, the oldest first."""
    return [log["message"] for log in row["logs"]]


def task_states(row: Row, task: str) -> list[list[str]]:
    """The states of a flow run's task: those of the task itself, then those of its children."""
    return [states(run) for run in row["task_runs"] if run["task"]["name"] == task]


def told(row: Row) -> str:
    """A flow run as a few lines, for a failure to show."""
    tasks = [f"{run['task']['name']}[{run['map_index']}] {states(run)}" for run in row["task_runs"]]
    logs = [f"{log['timestamp']} {log['level']} {log['message']}" for log in row["logs"]]
    return "\n".join([str(states(row)), *tasks, *logs])
