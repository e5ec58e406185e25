"""The form for a new run, without a screen."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from flowtui.models.flows import FlowGroup, FlowVersion, Parameter
from flowtui.models.ids import FlowGroupId, FlowId
from flowtui.models.inputs import InputProblem
from flowtui.models.run_form import RunForm, run_form

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)


def form(*parameters: Parameter, group_defaults: dict[str, Any] | None = None) -> RunForm:
    version = FlowVersion(FlowId("f"), "orders-etl", 42, NOW, archived=False, parameters=parameters)
    group = FlowGroup(FlowGroupId("g"), (version,), default_parameters=group_defaults or {})
    return run_form(group, version)


def test_all_parameters_are_sent_because_the_server_drops_falsy_defaults() -> None:
    written = form(Parameter("dry_run", False, False), Parameter("batch", False, 500))
    assert written.request(NOW).parameters == {"dry_run": False, "batch": 500}


def test_a_required_parameter_waits_for_a_value() -> None:
    empty = form(Parameter("since", True))
    assert list(empty.problems(NOW)) == ["parameter:since"]
    with pytest.raises(InputProblem):
        empty.request(NOW)
    assert empty.with_parameter("since", "2026-11-19").request(NOW).parameters == {
        "since": "2026-11-19"
    }


def test_the_groups_default_makes_a_parameter_optional() -> None:
    written = form(Parameter("since", True), group_defaults={"since": "yesterday"})
    assert written.request(NOW).parameters == {"since": "yesterday"}


def test_an_emptied_field_sends_the_default_and_text_may_be_empty() -> None:
    written = form(Parameter("batch", False, 500), Parameter("note", False, "hello"))
    emptied = written.with_parameter("batch", "").with_parameter("note", "")
    assert emptied.request(NOW).parameters == {"batch": 500, "note": ""}


def test_what_is_not_typed_is_not_sent() -> None:
    request = form().request(NOW)
    assert (request.name, request.labels, request.scheduled_start_time) == (None, None, None)


def test_sending_the_same_form_twice_sends_one_key() -> None:
    written = form()
    assert written.request(NOW).idempotency_key == written.request(NOW).idempotency_key
    assert form().key != written.key


def test_a_changed_value_is_marked() -> None:
    written = form(Parameter("batch", False, 500))
    assert not written.parameters[0].is_changed
    assert written.with_parameter("batch", "501").parameters[0].is_changed


DOCKER = {"type": "DockerRun", "image": "etl:7", "env": {"A": "1"}}


def with_config(**texts: str) -> RunForm:
    """A form for a version that was registered with a run config."""
    version = FlowVersion(FlowId("f"), "orders-etl", 42, NOW, archived=False, run_config=DOCKER)
    written = run_form(FlowGroup(FlowGroupId("g"), (version,)), version)
    for name, text in texts.items():
        written = written.with_text(name, text)
    return written


def test_a_run_config_that_nobody_touched_is_not_sent() -> None:
    assert with_config().run_config
    assert with_config().request(NOW).run_config is None
    assert with_config(run_config="").request(NOW).run_config is None
    edited = with_config(run_config='{"type": "LocalRun"}').request(NOW)
    assert edited.run_config == {"type": "LocalRun"}


def test_a_log_level_goes_into_the_environment_of_the_registered_run_config() -> None:
    sent = with_config(log_level="debug").request(NOW).run_config
    assert sent == {**DOCKER, "env": {"A": "1", "PREFECT__LOGGING__LEVEL": "DEBUG"}}
    assert DOCKER["env"] == {"A": "1"}
    plain = form().with_text("log_level", "ERROR").request(NOW).run_config
    assert plain == {"type": "UniversalRun", "env": {"PREFECT__LOGGING__LEVEL": "ERROR"}}


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("context", "[1]", "a JSON object is expected"),
        ("context", "{", "the value is not finished"),
        ("run_config", '{"image": "x"}', 'a run config has a "type"'),
        ("log_level", "loud", "one of debug, info"),
    ],
)
def test_what_is_wrong_with_a_field_is_said(field: str, text: str, problem: str) -> None:
    written = form().with_text(field, text)
    assert problem in written.problems(NOW)[field].message
    with pytest.raises(InputProblem):
        written.request(NOW)


def test_a_context_is_sent_and_none_is_not() -> None:
    assert form().with_text("context", '{"day": 1}').request(NOW).context == {"day": 1}
    assert form().request(NOW).context is None


def test_an_archived_version_is_not_run() -> None:
    version = FlowVersion(FlowId("f"), "orders-etl", 42, NOW, archived=True)
    written = run_form(FlowGroup(FlowGroupId("g"), (version,)), version)
    assert "v42 is archived" in written.problems(NOW)["version"].message
