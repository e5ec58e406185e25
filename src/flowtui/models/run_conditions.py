"""What filters of runs mean to a backend: the fields of `filter_fields.RUNS` in its own columns.

A million runs are not fetched to be looked through; what can be said in columns is asked for. What
cannot, such as a regular expression or a duration, stays a test of the runs that were fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from flowtui.models import states
from flowtui.models.conditions import (
    VAGUE,
    Compared,
    Condition,
    Meaning,
    either,
    every,
    none_of,
    one_of,
    opposite,
)
from flowtui.models.filter_kinds import (
    choices_meant,
    moment_meant,
    number_meant,
    span_meant,
    states_meant,
)
from flowtui.models.filters import Today, Value
from flowtui.models.inputs import shown_value
from flowtui.models.run_lists import RunKey

Ask = Callable[[Value, Today], Meaning]

_SPECIAL = re.compile(r"([%_\\])")


def compared(path: str, relation: str, value: Any = None) -> Compared:
    """A field of a run that always has a value, beside another."""
    return Compared(path, relation, value, is_nullable=False)


# Text ---------------------------------------------------------------------------------------------


def text_in(path: str, is_nullable: bool = False) -> Ask:
    """The text of a field, as patterns and parts are compared with it."""

    def ask(value: Value, today: Today) -> Meaning:
        shape = _shape(value)
        if shape is None:
            return VAGUE
        return Meaning(Compared(path, "like", shape, is_nullable), value.text.isascii())

    return ask


def _shape(value: Value) -> str | None:
    """The pattern of `like` that lets through all that the value does."""
    if value.form == "regex":
        return None
    escaped = _SPECIAL.sub(r"\\\1", value.text)
    if value.form == "word" and ("*" in value.text or "?" in value.text):
        shape = escaped.replace("*", "%").replace("?", "_")
    else:
        shape = f"%{escaped}%"
    # Backends disagree about the capitals of other alphabets.
    return shape if shape.isascii() else re.sub(r"[^\x00-\x7f]+", "%", shape)


def words(value: Value, today: Today) -> Meaning:
    """A word alone: in the name of the run or of its flow, or the beginning of its id."""
    names = [text_in(path, path == "name")(value, today) for path in ("name", "flow.name")]
    digits = value.text.lower().replace("-", "")
    if not re.fullmatch(r"[0-9a-f]{8,32}", digits):
        return one_of(names)
    first, last = _id(digits.ljust(32, "0")), _id(digits.ljust(32, "f"))
    ids = every((compared("id", ">=", first), compared("id", "<=", last)))
    return one_of((*names, Meaning(ids)))


def _id(digits: str) -> str:
    cuts = (0, 8, 12, 16, 20, 32)
    return "-".join(digits[start:end] for start, end in pairwise(cuts))


def label(value: Value, today: Today) -> Meaning:
    """One of the labels of a run."""
    if value.form == "word" and value.text == "*":
        return none_of(Meaning(compared("labels", "=", [])))
    if not _is_literal(value):
        return VAGUE
    return Meaning(compared("labels", "contains", [value.text]))


def _is_literal(value: Value) -> bool:
    is_pattern = value.form == "word" and ("*" in value.text or "?" in value.text)
    return value.form != "regex" and not is_pattern


def parameter(value: Value, today: Today) -> Meaning:
    """A parameter by its name, and by its whole value."""
    if not _is_literal(Value(value.key, value.column)):
        return VAGUE
    given = Meaning(Compared("parameters", "has", value.key))
    if value.is_bare_key:
        return given
    if not _is_literal(value):
        return Meaning(given.condition, False)
    same = [one for one in _values_shown_as(value.text) if shown_value(one) == value.text]
    return one_of(Meaning(Compared("parameters", "contains", {value.key: one})) for one in same)


def _values_shown_as(text: str) -> list[Any]:
    try:
        return [text, json.loads(text)]
    except ValueError:
        return [text]


# Numbers and times --------------------------------------------------------------------------------


def version(value: Value, today: Today) -> Meaning:
    """The version of the run's flow."""
    order, number = number_meant(value)
    return Meaning(compared("flow.version", order or "=", int(number)))


def due(relation: str, when: datetime) -> Condition:
    """When a run is to start, by its state, else by its plan."""
    return either(
        (
            Compared("state_start_time", relation, when),
            every((Compared("state_start_time", "absent"), _planned(relation, when))),
        )
    )


def _planned(relation: str, when: datetime) -> Condition:
    return compared("scheduled_start_time", relation, when)


def _at(relation: str, when: datetime) -> Condition:
    """When a run started, or else was or is due."""
    return either(
        (
            Compared("start_time", relation, when),
            every((Compared("start_time", "absent"), due(relation, when))),
        )
    )


def since(value: Value, today: Today) -> Meaning:
    """It started, or should have, at a time or later."""
    when = moment_meant(value, today)
    from_then = _at(">=", when)
    if when > today.now:
        return Meaning(from_then)
    return Meaning(every((from_then, _at("<=", today.now))))


def until(value: Value, today: Today) -> Meaning:
    """It started, or is due, at a time or before."""
    return Meaning(_at("<=", moment_meant(value, today)))


_EARLIER = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def age(value: Value, today: Today) -> Meaning:
    """How long ago it started, or should have."""
    order, seconds = span_meant(value)
    then = today.now - timedelta(seconds=seconds)
    return Meaning(every((_at(_EARLIER[order], then), _at("<=", today.now))))


# States -------------------------------------------------------------------------------------------


def state(value: Value, today: Today) -> Meaning:
    """Its state as a person sees it, where a run that nobody took in time is Late."""
    wanted = states_meant(value)
    return VAGUE if wanted is None else Meaning(in_states(wanted, today.now))


def in_states(wanted: frozenset[str], now: datetime) -> Condition:
    """It is in one of these states; Late is one, and Scheduled is then what is not late."""
    plain = sorted(wanted - {states.LATE, "Scheduled"})
    parts: list[Condition] = [Compared("state", "in", tuple(plain))] if plain else []
    scheduled = Compared("state", "in", ("Scheduled",))
    limit = now - states.LATE_AFTER
    if {states.LATE, "Scheduled"} <= wanted:
        parts.append(scheduled)
    elif states.LATE in wanted:
        parts.append(every((scheduled, due("<", limit))))
    elif "Scheduled" in wanted:
        parts.append(every((scheduled, due(">=", limit))))
    if "Pending" in wanted:
        parts.append(Compared("state", "absent"))
    return either(parts)


def origin(value: Value, today: Today) -> Meaning:
    """Who planned it."""
    meant = choices_meant(value, ("schedule", "hand"))
    return one_of(Meaning(compared("auto_scheduled", "=", one == "schedule")) for one in meant)


# The parts of a list of runs ----------------------------------------------------------------------

_AT_WORK = states.RUNNING | {"Submitted", "Paused"}
_WAITING = (states.SCHEDULED | {"Queued"}) - {"Paused"}


def at_work(now: datetime) -> Condition:
    """What runs, waits for somebody, or is late."""
    return in_states(frozenset(_AT_WORK | {states.LATE}), now)


def to_come(now: datetime) -> Condition:
    """What waits for its time."""
    return in_states(frozenset(_WAITING), now)


def been() -> Condition:
    """What is over, or was never planned."""
    return opposite(Compared("state", "in", tuple(sorted(_AT_WORK | _WAITING))))


def later_in_list(key: RunKey) -> Condition:
    """Where the newest stand first: what stands below a run."""
    same = (_planned("=", key.planned), compared("id", "<", key.id))
    return every((_planned("<=", key.planned), either((_planned("<", key.planned), every(same)))))


def earlier_in_list(key: RunKey) -> Condition:
    """Where the newest stand first: what stands above a run."""
    same = (_planned("=", key.planned), compared("id", ">", key.id))
    return every((_planned(">=", key.planned), either((_planned(">", key.planned), every(same)))))
