"""`prefect run --watch` follows a run and its exit code says how it ended."""

from .farm import Agent, Farm, Prefect


def test_watching_a_run_that_succeeds(farm: Farm, agent: Agent, prefect: Prefect):
    harvest = ("--project", farm.project, "-n", "harvest")
    watch = prefect.start("run", *harvest, "--watch", "--param", "count=1")
    watched = farm.follow(watch)
    assert watched.code == 0
    assert "Weighed 10 kg" in watched.output
    assert "Flow run succeeded" in watched.output
    assert "└── Labels: " in watched.output
    assert in_order(
        watched.output,
        "Watching flow run execution",
        "Scheduled",
        "Submitted",
        "Beginning Flow run for 'harvest'",
        "Walking the 1 rows of Hilltop",
        "Weighed 10 kg",
        "Flow run succeeded",
    )


def test_watching_a_run_that_fails(farm: Farm, agent: Agent, prefect: Prefect):
    watch = prefect.start("run", "--project", farm.project, "-n", "storm", "--watch")
    watched = farm.follow(watch)
    assert watched.code == 1
    assert "RuntimeError: the barometer is [broken]" in watched.output
    assert "Flow run failed" in watched.output


def test_running_without_an_agent(farm: Farm, prefect: Prefect):
    harvest = ("--project", farm.project, "-n", "harvest")
    ran = prefect("run", *harvest, "--execute", "--param", "count=1")
    assert ran.code == 0
    assert in_order(ran.output, "Executing flow run", "Weighed 10 kg", "Flow run succeeded")


def test_running_a_flow_that_is_not_there(farm: Farm, prefect: Prefect):
    refused = prefect("run", "-n", "blizzard", "--watch")
    assert refused.code == 1
    assert "blizzard" in refused.output


def test_running_a_flow_by_its_group_takes_the_newest_version(farm: Farm, prefect: Prefect):
    created = prefect("run", "--id", farm.flow("harvest")["flow_group_id"], "--label", "nobody")
    assert created.code == 0
    run_id = created.output.split("└── UUID: ")[1].split()[0]
    assert run_id in created.output.split("└── URL: ")[1]


def in_order(text: str, *parts: str) -> bool:
    """Whether the text has those parts, one after the other."""
    position = 0
    for part in parts:
        position = text.find(part, position)
        if position < 0:
            return False
    return True
