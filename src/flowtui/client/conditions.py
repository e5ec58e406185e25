"""Conditions as a GraphQL API in Hasura's dialect takes them: `where` arguments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flowtui.models.conditions import Compared, Condition, Every
from flowtui.models.times import iso

OPERATORS: Mapping[str, str] = {
    "=": "_eq",
    "<": "_lt",
    "<=": "_lte",
    ">": "_gt",
    ">=": "_gte",
    "in": "_in",
    "like": "_ilike",
    "has": "_has_key",
    "contains": "_contains",
}


def where(condition: Condition) -> dict[str, Any]:
    """The `bool_exp` of a condition."""
    if isinstance(condition, Compared):
        return _comparison(condition)
    parts = [where(one) for one in condition.parts]
    if isinstance(condition, Every):
        return {"_and": parts} if parts else {}
    return {"_or": parts}


def _comparison(one: Compared) -> dict[str, Any]:
    if one.relation == "absent":
        return _at(one.path, {"_is_null": not one.negated})
    found = _at(one.path, {OPERATORS[one.relation]: _sent(one.value)})
    return {"_not": found} if one.negated else found


def _at(path: str, comparison: dict[str, Any]) -> dict[str, Any]:
    for name in reversed(path.split(".")):
        comparison = {name: comparison}
    return comparison


def _sent(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return list(value) if isinstance(value, tuple) else value
