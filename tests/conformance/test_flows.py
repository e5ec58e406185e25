"""Registering and keeping flows: what each mutation takes, does, answers and refuses."""

from __future__ import annotations

import pytest

from tests.server.installation import Client, Refusal, flow, hourly, parameter

FLOW = "name version archived is_schedule_active project_id flow_group_id version_group_id"


async def found(api: Client, flow_id: str, selection: str = FLOW) -> dict[str, object]:
    asked = await api.ask(f'{{ flow_by_pk(id: "{flow_id}") {{ {selection} }} }}')
    row: dict[str, object] = asked["flow_by_pk"]
    return row


async def settings_of(api: Client, flow_id: str) -> dict[str, object]:
    row = await found(api, flow_id, "flow_group { settings }")
    group = row["flow_group"]
    assert isinstance(group, dict)
    settings: dict[str, object] = group["settings"]
    return settings


async def group_of(api: Client, flow_id: str, selection: str) -> dict[str, object]:
    row = await found(api, flow_id, f"flow_group {{ {selection} }}")
    group = row["flow_group"]
    assert isinstance(group, dict)
    return group


async def test_create_flow_makes_a_new_version_and_archives_the_others(api: Client) -> None:
    home = await api.project()
    first = (await api.do("create_flow", "id", serialized_flow=flow(), project_id=home))["id"]
    second = (await api.do("create_flow", "id", serialized_flow=flow(), project_id=home))["id"]
    versions = [await found(api, one) for one in (first, second)]
    assert [(one["version"], one["archived"]) for one in versions] == [(1, True), (2, False)]
    assert versions[0]["version_group_id"] == versions[1]["version_group_id"]
    assert versions[0]["flow_group_id"] == versions[1]["flow_group_id"]


async def test_create_flow_with_the_key_of_before_is_the_flow_of_before(api: Client) -> None:
    home = await api.project()
    given = {"serialized_flow": flow(), "project_id": home, "idempotency_key": "hash-1"}
    first = (await api.do("create_flow", "id", **given))["id"]
    assert (await api.do("create_flow", "id", **given))["id"] == first
    other = (await api.do("create_flow", "id", **{**given, "idempotency_key": "hash-2"}))["id"]
    assert other != first
    assert (await api.do("create_flow", "id", **given))["id"] not in (first, other)


async def test_create_flow_refuses_what_is_no_flow(api: Client, nobody: str) -> None:
    home = await api.project()
    with pytest.raises(Refusal, match="Invalid project"):
        await api.do("create_flow", "id", serialized_flow=flow(), project_id=nobody)
    old = flow(__version__="0.5.0")
    with pytest.raises(Refusal, match=r"built with Prefect 0\.6\.1\+.*built with Prefect 0\.5\.0"):
        await api.do("create_flow", "id", serialized_flow=old, project_id=home)
    given = {"serialized_flow": "no gzip", "project_id": home}
    with pytest.raises(Refusal, match="Unable to decompress serialized flow"):
        await api.do("create_flow_from_compressed_string", "id", **given)


async def test_tasks_and_edges_come_in_batches(api: Client) -> None:
    home = await api.project()
    empty = flow(tasks=[], edges=[])
    flow_id = await api.register(empty, home)
    tasks = flow()["tasks"]
    await api.do("register_tasks", flow_id=flow_id, serialized_tasks=tasks[:1])
    unknown = flow()["edges"]
    with pytest.raises(Refusal, match="Edges could not be registered"):
        await api.do("register_edges", flow_id=flow_id, serialized_edges=unknown)
    await api.do("register_tasks", flow_id=flow_id, serialized_tasks=tasks)
    await api.do("register_edges", flow_id=flow_id, serialized_edges=unknown)
    await api.do("register_edges", flow_id=flow_id, serialized_edges=unknown)
    rows = await found(api, flow_id, "tasks(order_by: {slug: asc}) { slug } edges { key mapped }")
    assert rows == {
        "tasks": [{"slug": "extract-1"}, {"slug": "load-1"}],
        "edges": [{"key": "rows", "mapped": False}],
    }


async def test_archive_flow_ends_what_was_planned(api: Client, nobody: str) -> None:
    flow_id = await api.flow(schedule=hourly())
    by_hand = await api.run(flow_id)
    running = await api.run(flow_id)
    await api.set_flow_run(running, "Running")
    answer = await api.do("archive_flow", "success id", flow_id=flow_id)
    assert answer == {"success": True, "id": flow_id}
    assert (await found(api, flow_id, "archived"))["archived"] is True
    planned = f'{{ flow_run(where: {{ flow_id: {{ _eq: "{flow_id}" }} }}) {{ id state }} }}'
    states = {row["id"]: row["state"] for row in (await api.ask(planned))["flow_run"]}
    assert states == {by_hand: "Cancelled", running: "Running"}
    assert (await api.do("archive_flow", flow_id=flow_id))["success"] is True
    assert (await api.do("archive_flow", flow_id=nobody))["success"] is False
    with pytest.raises(Refusal, match=f"Flow {flow_id} is archived"):
        await api.run(flow_id)


async def test_delete_flow_takes_its_runs_along(api: Client, nobody: str) -> None:
    flow_id = await api.flow()
    run = await api.run(flow_id)
    assert (await api.do("delete_flow", flow_id=flow_id))["success"] is True
    assert await api.flow_run(run, "id") is None
    assert (await api.do("delete_flow", flow_id=nobody))["success"] is False


async def test_a_flow_moves_to_another_project(api: Client, nobody: str) -> None:
    flow_id, other = await api.flow(), await api.project("other")
    given = {"flow_id": flow_id, "project_id": other}
    assert (await api.do("update_flow_project", "id", **given))["id"] == flow_id
    assert (await found(api, flow_id))["project_id"] == other
    with pytest.raises(Refusal, match=r"Invalid flow or project ID\."):
        await api.do("update_flow_project", "id", flow_id=flow_id, project_id=nobody)


@pytest.mark.parametrize(
    ("enable", "disable", "setting"),
    [
        ("enable_flow_heartbeat", "disable_flow_heartbeat", "heartbeat_enabled"),
        ("enable_flow_lazarus_process", "disable_flow_lazarus_process", "lazarus_enabled"),
        ("enable_flow_version_lock", "disable_flow_version_lock", "version_locking_enabled"),
    ],
)
async def test_a_safeguard_is_a_setting_of_the_group(
    api: Client, nobody: str, enable: str, disable: str, setting: str
) -> None:
    flow_id = await api.flow()
    assert (await api.do(disable, flow_id=flow_id))["success"] is True
    settings = await settings_of(api, flow_id)
    assert settings[setting] is False
    assert settings.get("disable_heartbeat", False) is (setting == "heartbeat_enabled")
    assert (await api.do(enable, flow_id=flow_id))["success"] is True
    assert (await settings_of(api, flow_id))[setting] is True
    for mutation in (enable, disable):
        with pytest.raises(Refusal, match=r"Invalid flow ID\."):
            await api.do(mutation, flow_id=nobody)


async def test_a_schedule_is_switched_on_and_its_runs_are_made(api: Client, nobody: str) -> None:
    home = await api.project()
    flow_id = await api.register(flow(schedule=hourly()), home, schedule_on=False)
    assert (await api.do("set_schedule_active", flow_id=flow_id))["success"] is True
    planned = await found(api, flow_id, "is_schedule_active flow_runs { auto_scheduled }")
    assert planned == {
        "is_schedule_active": True,
        "flow_runs": [{"auto_scheduled": True}] * 10,
    }
    by_hand = await api.run(flow_id)
    assert (await api.do("set_schedule_inactive", flow_id=flow_id))["success"] is True
    left = await found(api, flow_id, "is_schedule_active flow_runs { id }")
    assert left == {"is_schedule_active": False, "flow_runs": [{"id": by_hand}]}
    assert (await api.do("set_schedule_active", flow_id=nobody))["success"] is False
    without = await api.flow(name="without")
    assert (await api.do("set_schedule_active", flow_id=without))["success"] is False


async def test_a_schedule_cannot_guess_required_parameters(api: Client) -> None:
    home = await api.project()
    wanting = flow(parameters=[parameter("day", required=True)], schedule=hourly())
    flow_id = await api.register(wanting, home, schedule_on=False)
    with pytest.raises(Refusal, match="Can not schedule a flow that has required parameters"):
        await api.do("set_schedule_active", flow_id=flow_id)
    group = await group_of(api, flow_id, "id")
    given = {"flow_group_id": group["id"], "parameters": {"day": "today"}}
    await api.do("set_flow_group_default_parameters", **given)
    assert (await api.do("set_schedule_active", flow_id=flow_id))["success"] is True


async def test_a_group_gets_a_schedule_of_its_own(api: Client, nobody: str) -> None:
    flow_id = await api.flow(schedule=hourly())
    group_id = (await group_of(api, flow_id, "id"))["id"]
    await api.do(
        "set_flow_group_schedule",
        flow_group_id=group_id,
        cron_clocks=[{"cron": "0 6 * * *", "parameter_defaults": {"part": 1}}],
        interval_clocks=[{"interval": 120}],
        timezone="Europe/Oslo",
    )
    stored = await group_of(api, flow_id, "schedule flows { flow_runs { id } }")
    schedule = stored["schedule"]
    assert isinstance(schedule, dict)
    cron, interval = schedule["clocks"]
    assert schedule["type"] == "Schedule"
    assert (cron["type"], cron["cron"]) == ("CronClock", "0 6 * * *")
    assert cron["parameter_defaults"] == {"part": 1}
    assert cron["start_date"]["tz"] == "Europe/Oslo"
    assert (interval["type"], interval["interval"]) == ("IntervalClock", 120_000_000)
    assert stored["flows"] == [{"flow_runs": []}]
    for wrong, message in (
        ({"cron_clocks": [{"cron": "every day"}]}, "Invalid clock provided for schedule"),
        ({"interval_clocks": [{"interval": 59}]}, "Invalid clock provided for schedule"),
        ({"cron_clocks": [], "timezone": "Mars"}, "Invalid timezone provided for schedule: Mars"),
    ):
        with pytest.raises(Refusal, match=message):
            await api.do("set_flow_group_schedule", flow_group_id=group_id, **wrong)
    # Prefect reads the one zone that is no place in any spelling.
    daily = [{"cron": "0 6 * * *"}]
    await api.do(
        "set_flow_group_schedule", flow_group_id=group_id, cron_clocks=daily, timezone="utc"
    )
    await api.do("set_schedule_active", flow_id=flow_id)
    runs = "flows { flow_runs(order_by: {scheduled_start_time: asc}) { scheduled_start_time } }"
    (first, *_) = (await group_of(api, flow_id, runs))["flows"][0]["flow_runs"]
    assert first == {"scheduled_start_time": "2021-05-08T06:00:00+00:00"}
    await api.do("delete_flow_group_schedule", flow_group_id=group_id)
    assert await group_of(api, flow_id, "schedule") == {"schedule": None}
    assert (await api.do("delete_flow_group_schedule", flow_group_id=nobody))["success"] is False


async def test_a_group_keeps_what_its_flows_share(api: Client, nobody: str) -> None:
    flow_id = await api.flow()
    group_id = (await group_of(api, flow_id, "id"))["id"]
    for mutation, name, values in (
        ("set_flow_group_default_parameters", "parameters", ({"a": 1}, {"b": None})),
        ("set_flow_group_labels", "labels", (["prod", "etl"], [], None)),
        ("set_flow_group_run_config", "run_config", ({"type": "LocalRun"}, None)),
        ("set_flow_group_description", "description", ("# What it does", None)),
    ):
        column = "default_parameters" if name == "parameters" else name
        for value in values:
            answer = await api.do(mutation, flow_group_id=group_id, **{name: value})
            assert answer["success"] is True
            kept = (await group_of(api, flow_id, column))[column]
            assert (sorted(kept) if name == "labels" and kept else kept) == (
                sorted(value) if name == "labels" and value else value
            )
        refused = await api.do(mutation, flow_group_id=nobody, **{name: values[0]})
        assert refused["success"] is False


async def test_labels_of_a_group_are_told_once(api: Client) -> None:
    flow_id = await api.flow()
    group_id = (await group_of(api, flow_id, "id"))["id"]
    await api.do("set_flow_group_labels", flow_group_id=group_id, labels=["a", "b", "a"])
    labels = (await group_of(api, flow_id, "labels"))["labels"]
    assert isinstance(labels, list)
    assert sorted(labels) == ["a", "b"]


async def test_delete_flow_group_takes_every_version_along(api: Client, nobody: str) -> None:
    home = await api.project()
    versions = [await api.register(flow(), home) for _ in range(2)]
    group_id = (await group_of(api, versions[0], "id"))["id"]
    assert (await api.do("delete_flow_group", flow_group_id=group_id))["success"] is True
    for one in versions:
        assert await found(api, one, "id") is None
    assert (await api.do("delete_flow_group", flow_group_id=nobody))["success"] is False
