"""Limits: the real client waits for a place, and goes on when there is one."""

from .farm import Agent, Farm, Prefect, Server, states, task_states
from .processes import eventually

LIMIT = """
mutation($input: update_flow_concurrency_limit_input!) {
  update_flow_concurrency_limit(input: $input) { id }
}
"""
CANCEL = "mutation($input: cancel_flow_run_input!) { cancel_flow_run(input: $input) { state } }"
AS_AN_AGENT_WOULD = {
    "PREFECT__ENGINE__FLOW_RUNNER__DEFAULT_CLASS": "prefect.engine.cloud.CloudFlowRunner",
    "PREFECT__CLOUD__USE_LOCAL_SECRETS": "false",
}


def test_of_two_runs_with_one_place_the_second_waits_for_the_first(
    farm: Farm, prefect: Prefect, server: Server
):
    """Processes that were started both, as by somebody who goes past the queue."""
    server.ask(LIMIT, input={"label": "one at a time", "limit": 1})
    first, second = [farm.start("vigil", "--label", "one at a time") for _ in range(2)]
    processes = [executing(prefect, first)]
    server.run_when_logged(first, "Watching")
    processes.append(executing(prefect, second))
    waiting = server.run_when(second, "Queued")
    assert waiting["state_message"] == (
        "The limit of 1 flow run with the label one at a time is reached."
    )
    server.ask(CANCEL, input={"flow_run_id": first})
    server.run_when_logged(second, "Watching")
    server.ask(CANCEL, input={"flow_run_id": second})
    for process in processes:
        process.finished()
    run = server.run_when(second, "Cancelled")
    assert states(run) == ["Scheduled", "Queued", "Running", "Cancelling", "Cancelled"]


def test_an_agent_takes_the_next_run_when_there_is_a_place(
    farm: Farm, prefect: Prefect, server: Server
):
    server.ask(LIMIT, input={"label": "narrow", "limit": 1})
    first, second = [farm.start("pulse", "--label", "narrow") for _ in range(2)]
    options = ("--label", "narrow", "--no-hostname-label")
    with Agent(prefect, server, "porter", *options) as porter:
        porter.poke()
        server.run_when(first, "Success")
        porter.poke()
        run = server.run_when(second, "Success")
    assert states(run) == ["Scheduled", "Submitted", "Running", "Success"]


def test_a_task_waits_for_a_place_under_its_tag(farm: Farm, prefect: Prefect, server: Server):
    prefect.python("-c", "import prefect; prefect.Client().update_task_tag_limit('well', 0)")
    limit = prefect.python(
        "-c", "import prefect; print(prefect.Client().get_task_tag_limit('well'))"
    )
    assert limit == "0"
    run_id = farm.start("well", "--label", "nobody")
    process = executing(prefect, run_id)
    eventually(
        lambda: task_states(server.run(run_id), "draw")[0][-1] == "Queued", "a task that waits"
    )
    assert server.run(run_id)["state"] == "Running"
    prefect.python("-c", "import prefect; prefect.Client().update_task_tag_limit('well', 1)")
    run = server.run_when(run_id, "Success")
    process.finished()
    assert task_states(run, "draw") == [["Pending", "Queued", "Running", "Success"]]


def executing(prefect: Prefect, flow_run_id: str):
    """The process that an agent would start for a run."""
    variables = {**AS_AN_AGENT_WOULD, "PREFECT__CONTEXT__FLOW_RUN_ID": flow_run_id}
    return prefect.start("execute", "flow-run", variables=variables)
