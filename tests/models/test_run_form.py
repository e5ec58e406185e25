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
