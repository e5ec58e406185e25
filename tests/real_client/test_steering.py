"""Runs are created once however often they are asked for, run once however many try, and stop."""

from pathlib import Path

from .farm import Agent, Farm, Prefect, Server, messages, states, task_states
from .processes import eventually

AS_AN_AGENT_WOULD = {
    "PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS": "prefect.engine.cloud.CloudFlowRunner",
    "PREFECT__CLOUD__USE_LOCAL_SECRETS": "false",
}
CANCEL = "mutation($input: cancel_flow_run_input!) { cancel_flow_run(input: $input) { state } }"
SWITCH = "mutation($input: {0}_input!) {{ {0}(input: $input) {{ success }} }}"


def test_parameters_are_given_or_the_flows_own(farm: Farm, server: Server):
    flow_run_id = farm.start("harvest", "--label", "nobody", farm="Lower {field}")
    assert server.run(flow_run_id)["parameters"] == {"count": 2, "farm": "Lower {field}"}


def test_the_same_idempotency_key_leads_to_the_same_run(farm: Farm, server: Server):
    options = ("--label", "nobody", "--idempotency-key", "monday")
    first = farm.start("harvest", *options)
    assert farm.start("harvest", *options) == first
    assert server.run(first)["idempotency_key"] == "monday"
    assert farm.start("harvest", "--label", "nobody") != first


def test_a_run_whose_label_no_agent_has_stays_where_it_is(farm: Farm, agent: Agent, server: Server):
    lonely = farm.start("harvest", "--label", "nobody")
    taken = farm.start("pulse")
    server.run_when(taken, "Success")
    assert states(server.run(lonely)) == ["Scheduled"]


def test_cancelling_a_running_run_ends_its_process_and_its_tasks(
    farm: Farm, agent: Agent, prefect: Prefect, server: Server
):
    vigil = farm.start("vigil")
    server.run_when_logged(vigil, "Watching")
    cancel = f"import prefect; print(prefect.Client().cancel_flow_run({vigil!r}))"
    assert prefect.python("-c", cancel) == "Cancelling"
    run = server.run_when(vigil, "Cancelled")
    assert states(run) == ["Scheduled", "Submitted", "Running", "Cancelling", "Cancelled"]
    assert task_states(run, "watch") == [["Pending", "Running", "Cancelled"]]
    assert task_states(run, "report") == [["Pending", "Cancelled"]]


def test_cancelling_a_run_nobody_has_taken_ends_it_at_once(
    farm: Farm, prefect: Prefect, server: Server
):
    waiting = farm.start("vigil", "--label", "nobody")
    prefect.python("-c", f"import prefect; prefect.Client().cancel_flow_run({waiting!r})")
    run = server.run(waiting)
    assert states(run) == ["Scheduled", "Cancelled"]
    assert {tuple(states(task_run)) for task_run in run["task_runs"]} == {("Pending", "Cancelled")}


def test_of_two_processes_with_the_same_run_one_runs_it(
    farm: Farm, prefect: Prefect, server: Server, tmp_path: Path
):
    ledger = tmp_path / "ledger"
    start_line = tmp_path / "start line"
    start_line.mkdir()
    locked = {"flow_id": farm.flow("ledger")["id"]}
    server.ask(SWITCH.format("enable_flow_version_lock"), input=locked)
    flow_run_id = farm.start("ledger", "--label", "nobody", path=str(ledger))
    variables = {
        **AS_AN_AGENT_WOULD,
        "PREFECT__CONTEXT__FLOW_RUN_ID": flow_run_id,
        "START_LINE": str(start_line),
        "RUNNERS": "2",
    }
    racers = [prefect.start("execute", "flow-run", variables=variables) for _ in range(2)]
    for racer in racers:
        racer.finished()
    assert len(list(start_line.iterdir())) == 2
    assert ledger.read_text() == "entered\n"
    run = server.run_when(flow_run_id, "Success")
    assert states(run) == ["Scheduled", "Running", "Success"]
    assert task_states(run, "enter") == [["Pending", "Running", "Success"]]


def test_of_two_agents_that_see_the_same_run_one_submits_it(
    farm: Farm, prefect: Prefect, server: Server, tmp_path: Path
):
    ledger = tmp_path / "ledger"
    field = ("--label", "field", "--no-hostname-label")
    with (
        Agent(prefect, server, "left hand", *field) as left,
        Agent(prefect, server, "right hand", *field) as right,
    ):
        flow_run_id = farm.start("ledger", "--label", "field", path=str(ledger))
        left.poke()
        right.poke()
        run = server.run_when(flow_run_id, "Success")
    assert states(run) == ["Scheduled", "Submitted", "Running", "Success"]
    assert ledger.read_text() == "entered\n"


def test_heartbeats_arrive_while_a_run_goes_on(farm: Farm, agent: Agent, server: Server):
    vigil = farm.start("vigil")
    server.run_when_logged(vigil, "Watching")
    earlier = server.run(vigil)["heartbeat"]
    later = eventually(lambda: heartbeat_after(server, vigil, earlier), "a heartbeat")
    assert eventually(lambda: heartbeat_after(server, vigil, later), "another heartbeat")
    server.ask(CANCEL, input={"flow_run_id": vigil})
    server.run_when(vigil, "Cancelled")


def test_a_flow_whose_heartbeat_is_switched_off_runs_without(
    farm: Farm, agent: Agent, server: Server
):
    assert heartbeat_processes(farm, server) == "Heartbeat processes: 1"
    flow = {"flow_id": farm.flow("pulse")["id"]}
    server.ask(SWITCH.format("disable_flow_heartbeat"), input=flow)
    assert heartbeat_processes(farm, server) == "Heartbeat processes: 0"
    server.ask(SWITCH.format("enable_flow_heartbeat"), input=flow)
    assert heartbeat_processes(farm, server) == "Heartbeat processes: 1"


def heartbeat_after(server: Server, flow_run_id: str, earlier: str) -> str | None:
    """The run's heartbeat, once it has moved on."""
    heartbeat: str = server.run(flow_run_id)["heartbeat"]
    return heartbeat if heartbeat > earlier else None


def heartbeat_processes(farm: Farm, server: Server) -> str:
    """What a run of the flow "pulse" finds beside itself."""
    flow_run_id = farm.start("pulse")
    run = server.run_when_logged(flow_run_id, "Heartbeat processes")
    (line,) = [message for message in messages(run) if message.startswith("Heartbeat processes")]
    return line
