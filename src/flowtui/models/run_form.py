"""The form for a new run: its fields, what is wrong with them, and what would be sent.

A value of its own, so that what the form does can be read and tested without a screen.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any

from flowtui.models.flows import FlowGroup, FlowVersion, Parameter
from flowtui.models.inputs import (
    InputProblem,
    Kind,
    kind_of,
    parse_labels,
    parse_start,
    parse_value,
    shown_value,
)
from flowtui.models.runs import NewFlowRun


@dataclass(frozen=True)
class ParameterField:
    """One parameter as it stands in the form."""

    parameter: Parameter
    text: str
    kind: Kind

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def problem(self) -> InputProblem | None:
        """What is wrong with the text, or None."""
        if self.parameter.required and not self.text.strip():
            return InputProblem("required: give a value")
        if self.is_left_out:
            return None
        try:
            parse_value(self.text, self.kind)
        except InputProblem as problem:
            return problem
        return None

    @property
    def is_left_out(self) -> bool:
        """Emptied by the user where only text could be empty: the default is sent."""
        return not self.text.strip() and not self.kind.is_text

    @property
    def value(self) -> Any:
        """The value that is sent. Raises InputProblem."""
        if self.problem is not None:
            raise self.problem
        return self.parameter.default if self.is_left_out else parse_value(self.text, self.kind)

    @property
    def is_changed(self) -> bool:
        """Whether something else than the default would be sent."""
        if self.problem is not None or self.parameter.required:
            return bool(self.text.strip()) or not self.parameter.required
        return json.dumps(self.value) != json.dumps(self.parameter.default)


@dataclass(frozen=True)
class RunForm:
    """A new run being written; `key` is made once, so sending twice starts one run."""

    version: FlowVersion
    parameters: tuple[ParameterField, ...]
    name: str = ""
    start: str = ""
    labels: str = ""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def with_parameter(self, name: str, text: str) -> RunForm:
        """The form with another text in one field."""
        changed = tuple(
            replace(one, text=text) if one.name == name else one for one in self.parameters
        )
        return replace(self, parameters=changed)

    def with_text(self, field: str, text: str) -> RunForm:
        """The form with another text in one of `name`, `start`, `labels` and `key`."""
        texts = {"name": self.name, "start": self.start, "labels": self.labels, "key": self.key}
        return RunForm(self.version, self.parameters, **{**texts, field: text})

    def start_time(self, now: datetime, zone: tzinfo | None = None) -> datetime | None:
        """When it would start; None is at once. Raises InputProblem."""
        return parse_start(self.start, now, zone)

    def problems(self, now: datetime, zone: tzinfo | None = None) -> dict[str, InputProblem]:
        """What is to be mended, by field; parameters as `parameter:NAME`."""
        found = {
            f"parameter:{one.name}": one.problem
            for one in self.parameters
            if one.problem is not None
        }
        try:
            self.start_time(now, zone)
        except InputProblem as problem:
            found["start"] = problem
        if not self.key.strip():
            found["key"] = InputProblem("a key makes sending twice harmless; it cannot be empty")
        return found

    def request(self, now: datetime, zone: tzinfo | None = None) -> NewFlowRun:
        """What is sent: all parameters, the rest only where something was typed.

        All parameters, because the server drops defaults that are 0, false or empty.
        Raises InputProblem.
        """
        return NewFlowRun(
            flow_id=self.version.id,
            idempotency_key=self.key.strip(),
            name=self.name.strip() or None,
            parameters={one.name: one.value for one in self.parameters},
            labels=parse_labels(self.labels) or None,
            scheduled_start_time=self.start_time(now, zone),
        )


def run_form(
    group: FlowGroup, version: FlowVersion, given: Mapping[str, Any] | None = None
) -> RunForm:
    """A form for a version, with the group's defaults, and over them the values of another run."""
    given = given or {}
    fields = []
    for parameter in group.effective_parameters(version):
        value = given.get(parameter.name, parameter.default)
        is_empty = parameter.required and parameter.name not in given
        kind = Kind("any") if parameter.required else kind_of(parameter.default)
        fields.append(ParameterField(parameter, "" if is_empty else shown_value(value), kind))
    return RunForm(version, tuple(fields))
