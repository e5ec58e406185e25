"""The form for a new run: its fields, what is wrong with them, and what would be sent.

A value of its own, so that what the form does can be read and tested without a screen.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, tzinfo
from typing import Any

from flowtui.frozen import frozen
from flowtui.models.flows import FlowGroup, FlowVersion, Parameter
from flowtui.models.inputs import (
    InputProblem,
    Kind,
    kind_of,
    parse_labels,
    parse_start,
    parse_value,
    shown_labels,
    shown_value,
)
from flowtui.models.logs import LEVELS
from flowtui.models.runs import FlowRunDetail, NewFlowRun

LEVEL_VARIABLE = "PREFECT__LOGGING__LEVEL"
"""What a flow's process reads its log level from."""


@frozen
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


@frozen
class RunForm:
    """A new run being written; `key` is made once, so sending twice starts one run."""

    version: FlowVersion
    parameters: tuple[ParameterField, ...]
    name: str = ""
    start: str = ""
    labels: str = ""
    log_level: str = ""
    context: str = ""
    run_config: str = ""
    """As JSON; what is as it was registered is not sent."""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def with_parameter(self, name: str, text: str) -> RunForm:
        """The form with another text in one field."""
        changed = tuple(
            replace(one, text=text) if one.name == name else one for one in self.parameters
        )
        return replace(self, parameters=changed)

    def with_text(self, field: str, text: str) -> RunForm:
        """The form with another text in one of its other fields."""
        changed: dict[str, Any] = {field: text}
        return replace(self, **changed)

    def with_parameters(self, values: Mapping[str, Any]) -> RunForm:
        """The form with these values; parameters that are not named keep theirs."""
        changed = tuple(
            replace(one, text=shown_value(values[one.name])) if one.name in values else one
            for one in self.parameters
        )
        return replace(self, parameters=changed)

    @property
    def parameter_values(self) -> dict[str, Any]:
        """The values as they stand; what is not valid yet as it was typed."""
        return {one.name: one.text if one.problem else one.value for one in self.parameters}

    @property
    def sent_context(self) -> Mapping[str, Any] | None:
        """The context that is sent, None for none. Raises InputProblem."""
        return _json_object(self.context) if self.context.strip() else None

    @property
    def sent_run_config(self) -> Mapping[str, Any] | None:
        """The run config that is sent: None while it and the log level are untouched.

        The log level goes into its environment, as Prefect's own client does. Raises InputProblem.
        """
        registered = self.version.run_config
        typed = _json_object(self.run_config) if self.run_config.strip() else None
        if typed is not None and not isinstance(typed.get("type"), str):
            raise InputProblem('a run config has a "type", such as "UniversalRun"')
        level = parse_level(self.log_level)
        if typed == registered:
            typed = None
        if level is None:
            return typed
        config = dict(typed or registered or {"type": "UniversalRun"})
        env = config.get("env")
        config["env"] = {**(env if isinstance(env, Mapping) else {}), LEVEL_VARIABLE: level}
        return config

    def start_time(self, now: datetime, zone: tzinfo | None = None) -> datetime | None:
        """When it would start; None is at once. Raises InputProblem."""
        return parse_start(self.start, now, zone)

    def problems(self, now: datetime, zone: tzinfo | None = None) -> dict[str, InputProblem]:
        """What is to be mended, by field; parameters as `parameter:NAME`."""
        found: dict[str, InputProblem] = {}
        if self.version.archived:
            archived = f"v{self.version.version} is archived, so nothing can be run with it"
            found["version"] = InputProblem(archived)
        found.update(
            (f"parameter:{one.name}", one.problem)
            for one in self.parameters
            if one.problem is not None
        )
        try:
            self.start_time(now, zone)
        except InputProblem as problem:
            found["start"] = problem
        for name, check in (
            ("log_level", lambda: parse_level(self.log_level)),
            ("context", lambda: self.sent_context),
            ("run_config", lambda: _json_object(self.run_config) if self.run_config.strip() else 0),
            ("run_config", lambda: self.sent_run_config if "log_level" not in found else None),
        ):
            try:
                check()
            except InputProblem as problem:
                found.setdefault(name, problem)
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
            context=self.sent_context,
            run_config=self.sent_run_config,
            scheduled_start_time=self.start_time(now, zone),
        )


def run_form(
    group: FlowGroup,
    version: FlowVersion,
    given: Mapping[str, Any] | None = None,
    like: FlowRunDetail | None = None,
) -> RunForm:
    """A form for a version with the group's defaults, and over them values that are given, or the
    parameters, labels, context and run config of another run."""
    if like is not None:
        given = like.run.parameters if given is None else given
    given = given or {}
    fields = []
    for parameter in group.effective_parameters(version):
        value = given.get(parameter.name, parameter.default)
        is_empty = parameter.required and parameter.name not in given
        kind = Kind("any") if parameter.required else kind_of(parameter.default)
        fields.append(ParameterField(parameter, "" if is_empty else shown_value(value), kind))
    form = RunForm(version, tuple(fields), run_config=_shown_object(version.run_config))
    if like is None:
        return form
    return replace(
        form,
        labels=shown_labels(like.run.labels),
        context=_shown_object(like.context),
        run_config=_shown_object(like.run_config or version.run_config),
    )


def parse_level(text: str) -> str | None:
    """A log level, None for the registered one. Raises InputProblem."""
    level = text.strip().upper()
    if not level:
        return None
    if level not in LEVELS:
        raise InputProblem(f"one of {', '.join(LEVELS).lower()}")
    return level


def _json_object(text: str) -> Mapping[str, Any]:
    value = parse_value(text, Kind("dict"))
    if not isinstance(value, dict):
        raise InputProblem("a JSON object is expected, in braces")
    return value


def _shown_object(value: Mapping[str, Any] | None) -> str:
    return json.dumps(dict(value), ensure_ascii=False) if value else ""
