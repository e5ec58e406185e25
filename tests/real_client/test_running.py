"""A real local agent takes runs up, and they end as they should, with everything they sent."""

import re
from pathlib import Path

import pytest

from .farm import FINISHED, Agent, Farm, Prefect, Row, Server, messages, states, task_states


@pytest.fixture(scope="module")
def harvest(farm: Farm, agent: Agent, server: Server) -> Row:
    """A run with three mapped children and a task that succeeds at its second try."""
    flow_run_id = farm.start("harvest", "--run-name", "first harvest", count=3)
    server.run_when(flow_run_id, "Success")
    return server.run_when_logged(flow_run_id, "Flow run SUCCESS")


@pytest.fixture(scope="module")
def storm(farm: Farm, agent: Agent, server: Server) -> Row:
    """A run whose first task fails."""
    flow_run_id = farm.start("storm", "--run-name", "first storm")
    server.run_when(flow_run_id, "Failed")
    return server.run_when_logged(flow_run_id, "Flow run FAILED")


def test_a_run_goes_through_its_states_in_order(harvest: Row):
    assert states(harvest) == ["Scheduled", "Submitted", "Running", "Success"]
    assert [state["version"] for state in harvest["states"]] == [1, 2, 3, 4]
    assert harvest["version"] == 4
    assert harvest["start_time"] < harvest["end_time"]


def test_a_run_knows_the_agent_that_took_it(harvest: Row, server: Server, agent: Agent):
    question = "query($id: uuid!) { agent_by_pk(id: $id) { name type labels core_version } }"
    taker = server.ask(question, id=harvest["agent_id"])["agent_by_pk"]
    assert (taker["name"], taker["type"], taker["core_version"]) == (
        agent.name,
        "LocalAgent",
        "1.4.1",
    )
    assert set(harvest["labels"]) <= set(taker["labels"])


def test_every_task_has_its_states(harvest: Row):
    once = ["Pending", "Running", "Success"]
    assert task_states(harvest, "count") == [once]
    assert task_states(harvest, "rows") == [once]


def test_a_mapped_task_has_a_run_for_each_child(harvest: Row):
    parent, *children = task_states(harvest, "pick")
    assert parent == ["Pending", "Mapped"]
    assert children == [["Pending", "Running", "Success"]] * 3
    indexes = [run["map_index"] for run in harvest["task_runs"] if run["task"]["name"] == "pick"]
    assert indexes == [-1, 0, 1, 2]


def test_a_retry_that_succeeds_is_told_in_full(harvest: Row):
    assert task_states(harvest, "weigh") == [
        ["Pending", "Running", "Failed", "Retrying", "Running", "Success"]
    ]


def test_states_are_kept_as_they_were_sent(harvest: Row):
    (weigh,) = [run for run in harvest["task_runs"] if run["task"]["name"] == "weigh"]
    _, _, failed, retrying, _, success = [state["serialized_state"] for state in weigh["states"]]
    assert (
        failed["message"]
        == "Error during execution of task: ValueError('the scale is not level yet')"
    )
    assert (retrying["type"], retrying["run_count"], retrying["__version__"]) == (
        "Retrying",
        1,
        "1.4.1",
    )
    assert (success["_result"]["type"], success["_result"]["location"]) == ("PrefectResult", "60")


def test_log_lines_are_kept_as_sent_and_in_order(harvest: Row):
    lines = messages(harvest)
    assert re.fullmatch(r"Submitted for execution: PID: \d+", lines[0])
    assert lines[1] == "Beginning Flow run for 'harvest'"
    assert lines[-1] == "Flow run SUCCESS: all reference tasks succeeded"
    own = [line for line in lines if re.match("Walking|Picking|Weighed", line)]
    assert own == [
        "Walking the 3 rows of Hilltop",
        "Picking row 0",
        "Picking row 1",
        "Picking row 2",
        "Weighed 60 kg",
    ]
    assert len(lines) == len({(log["timestamp"], log["message"]) for log in harvest["logs"]})


def test_a_log_line_has_its_level_and_its_task_run(harvest: Row):
    (weighed,) = [log for log in harvest["logs"] if log["message"] == "Weighed 60 kg"]
    (weigh,) = [run for run in harvest["task_runs"] if run["task"]["name"] == "weigh"]
    assert (weighed["level"], weighed["name"]) == ("WARNING", "prefect.weigh")
    assert weighed["task_run_id"] == weigh["id"]


def test_a_failing_run_ends_as_failed_and_its_later_tasks_never_start(storm: Row):
    assert states(storm) == ["Scheduled", "Submitted", "Running", "Failed"]
    assert storm["state_message"] == "Some reference tasks failed."
    assert task_states(storm, "forecast") == [["Pending", "Running", "Failed"]]
    assert task_states(storm, "plant") == [["Pending", "TriggerFailed"]]


def test_a_traceback_comes_whole_in_one_line_of_the_log(storm: Row):
    (failure,) = [log for log in storm["logs"] if "Traceback" in log["message"]]
    assert failure["level"] == "ERROR"
    first, *_, last = failure["message"].splitlines()
    assert first == "Task 'forecast': Exception encountered during task execution!"
    assert "in read_barometer" in failure["message"]
    assert last == "RuntimeError: the barometer is [broken]"


def test_many_threads_set_states_at_once(farm: Farm, agent: Agent, server: Server):
    run = server.run_when(farm.start("threshing"), *FINISHED)
    parent, *children = task_states(run, "sheaf")
    assert parent == ["Pending", "Mapped"]
    assert children == [["Pending", "Running", "Success"]] * 24
    assert task_states(run, "total") == [["Pending", "Running", "Success"]]
    assert run["state"] == "Success"


def test_workers_of_a_cluster_set_states_and_write_logs(farm: Farm, agent: Agent, server: Server):
    """Each worker process speaks to the server by itself."""
    run = server.run_when(farm.start("milling"), *FINISHED)
    parent, *children = task_states(run, "sack")
    assert parent == ["Pending", "Mapped"]
    assert children == [["Pending", "Running", "Success"]] * 8
    assert task_states(run, "flour") == [["Pending", "Running", "Success"]]
    assert run["state"] == "Success"
    run = server.run_when_logged(run["id"], "Task 'flour': Finished task run")
    sacks = {task["id"] for task in run["task_runs"] if task["task"]["name"] == "sack"}
    assert sacks & {line["task_run_id"] for line in run["logs"]}


def test_a_flow_that_no_agent_can_start_ends_as_failed_and_says_why(
    farm: Farm, agent: Agent, server: Server
):
    """The agent tells it with the version from before it said Submitted."""
    lost = farm.start("lost")
    run = server.run_when(lost, *FINISHED)
    assert states(run) == ["Scheduled", "Submitted", "Failed"]
    assert "nonexistent `working_dir`" in messages(run)[0]


def test_a_flow_that_cannot_be_loaded_ends_as_failed_and_says_why(
    agent: Agent, prefect: Prefect, server: Server, tmp_path: Path
):
    barn = Farm(server, prefect, "barn")
    barn.agents.append(agent)
    moved = tmp_path / "moved.py"
    moved.write_text("from prefect import Flow\n\nflow = Flow('moved')\n")
    barn.register(moved)
    moved.unlink()
    flow_run_id = barn.start("moved")
    run = server.run_when(flow_run_id, *FINISHED)
    assert states(run) == ["Scheduled", "Submitted", "Failed"]
    run = server.run_when_logged(flow_run_id, "Failed to load and execute flow run")
    failure = run["logs"][-1]
    assert (failure["level"], failure["name"]) == ("ERROR", "execute flow-run")
    assert str(moved.with_suffix("")) in failure["message"]


def test_a_result_is_kept_for_the_next_run(farm: Farm, agent: Agent, server: Server):
    first = server.run_when(farm.start("dairy"), *FINISHED)
    second = server.run_when(farm.start("dairy"), *FINISHED)
    assert task_states(first, "warm") == [["Pending", "Running", "Success", "Cached"]]
    assert task_states(second, "warm") == [["Pending", "Cached"]]
    assert first["state"] == second["state"] == "Success"


def test_a_task_loops_and_runs_get_new_names(farm: Farm, agent: Agent, server: Server):
    run = server.run_when(farm.start("dairy"), *FINISHED)
    assert run["name"] == "Monday's cheese"
    assert task_states(run, "stir") == [
        ["Pending", "Running", "Looped", "Running", "Looped", "Running", "Success"]
    ]
    (press,) = [run for run in run["task_runs"] if run["task"]["name"] == "press"]
    assert press["name"] == "a wheel of 4 kg"


def test_log_lines_that_are_long_or_strange_arrive(farm: Farm, agent: Agent, server: Server):
    auction = farm.start("auction")
    server.run_when(auction, "Success")
    run = server.run_when_logged(auction, "Flow run SUCCESS")
    cries = [log["message"] for log in run["logs"] if log["name"] == "prefect.cry"]
    lots = [cry for cry in cries if cry.endswith("xxx")]
    assert [(lot[:2], len(lot)) for lot in lots] == [(f"{lot} ", 900_002) for lot in range(6)]
    whispers = [log["message"] for log in run["logs"] if log["name"] == "prefect.whisper"]
    assert whispers == [
        "[red]sold[/] \x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eright to left",
        "牛 e\u0301 \U0001f404 \u0007\r\n\ttab",
        "half a pair: ?",
        "nothing: \u2400.",
        "",
    ]


def test_a_run_for_later_waits_for_its_time(
    farm: Farm, agent: Agent, prefect: Prefect, server: Server
):
    script = (
        "import pendulum, prefect, sys\n"
        "print(prefect.Client().create_flow_run(flow_id=sys.argv[1],"
        " scheduled_start_time=pendulum.now('utc').add(seconds=4)))"
    )
    flow_run_id = prefect.python("-c", script, farm.flow("pulse")["id"])
    farm.wake_agents()
    run = server.run_when(flow_run_id, "Success")
    scheduled, submitted, *_ = run["states"]
    assert scheduled["serialized_state"]["start_time"] <= submitted["timestamp"]


def test_a_paused_run_goes_on_when_it_is_resumed(
    farm: Farm, agent: Agent, prefect: Prefect, server: Server
):
    sale = farm.start("sale")
    run = server.run_when_logged(sale, "Flow run RUNNING: terminal tasks are incomplete.")
    (sell,) = [run for run in run["task_runs"] if run["task"]["name"] == "sell"]
    assert states(sell) == ["Pending", "Paused"]
    assert run["state"] == "Running"
    resume = (
        "import prefect; from prefect.engine.state import Resume; "
        f"prefect.Client().set_task_run_state({sell['id']!r}, state=Resume('Yes'))"
    )
    prefect.python("-c", resume)
    farm.wake_agents()
    server.run_when(sale, "Success")
    run = server.run_when_logged(sale, "Flow run SUCCESS")
    assert task_states(run, "offer") == [["Pending", "Running", "Success"]]
    assert task_states(run, "sell") == [
        ["Pending", "Paused", "Resume", "Submitted", "Running", "Success"]
    ]
    assert "Sold a cow" in messages(run)


def test_a_flow_that_starts_another_waits_for_its_end(farm: Farm, agent: Agent, server: Server):
    market = farm.start("market", project=farm.project)
    question = """
    { flow_run(where: {name: {_eq: "harvest for the market"}}) { id parameters idempotency_key } }
    """
    server.run_when(market, "Running")
    (child,) = server.found(question, "flow_run")
    farm.wake_agents()
    parent = server.run_when(market, "Success")
    assert states(server.run(child["id"])) == ["Scheduled", "Submitted", "Running", "Success"]
    assert child["parameters"] == {"count": 1, "farm": "Riverside"}
    (creator,) = [run for run in parent["task_runs"] if run["task"]["name"] == "create_flow_run"]
    assert child["idempotency_key"] == creator["id"]
