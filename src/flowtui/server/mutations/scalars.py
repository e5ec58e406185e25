"""Prefect's own scalars: UUID, DateTime and JSON, as mutations take and give them.

A value that cannot be read does not refuse the document: it becomes `Unreadable`, and the field
that was given it fails with its words, which is how the real server answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from graphql import GraphQLScalarType, GraphQLSchema, Undefined, ValueNode
from graphql.language import StringValueNode
from graphql.utilities import value_from_ast_untyped

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.models.moments import moment
from flowtui.server.storage.values import is_canonical

Reader = Callable[[Any], Any]
"""Turns a value of one kind into one of another."""


@frozen
class Unreadable:
    """Stands where a value should be, and says why there is none."""

    message: str


def parse_uuid(value: Any) -> Any:
    """A uuid in its dashed lower-case form, from whatever Python takes for one."""
    if isinstance(value, str) and is_canonical(value):
        return value
    try:
        return str(value if isinstance(value, UUID) else UUID(str(value)))
    except ValueError:
        return Unreadable(f"Could not parse UUID: {value}")


def parse_datetime(value: Any) -> Any:
    """A time in UTC."""
    try:
        return moment(value)
    except ValueError:
        return Unreadable(f"Could not parse DateTime: {value}")


def parse_json_text(text: str) -> Any:
    """The document in a JSON text, which is how a literal gives one."""
    try:
        return json.loads(text)
    except ValueError:
        return Unreadable(f"Could not parse JSON: {text[:200]}")


def _same(value: Any) -> Any:
    return value


def _literal(parse: Callable[[Any], Any]) -> Callable[..., Any]:
    def read(node: ValueNode, variables: Mapping[str, Any] | None = None) -> Any:
        return parse(value_from_ast_untyped(node, dict(variables or {})))

    return read


def _json_literal(node: ValueNode, variables: Mapping[str, Any] | None = None) -> Any:
    if isinstance(node, StringValueNode):
        return parse_json_text(node.value)
    return _said(value_from_ast_untyped(node, dict(variables or {})))


def _said(part: Any) -> Any:
    """A document without the members whose variables were left out; in a list they are null."""
    if isinstance(part, dict):
        return {name: _said(one) for name, one in part.items() if one is not Undefined}
    if isinstance(part, list):
        return [_said(one) for one in part]
    return None if part is Undefined else part


def _written_time(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def teach_scalars(schema: GraphQLSchema) -> None:
    """Give the scalars of a schema built from text their meaning."""
    scalars: tuple[tuple[str, Reader, Callable[..., Any], Reader], ...] = (
        ("UUID", parse_uuid, _literal(parse_uuid), str),
        ("DateTime", parse_datetime, _literal(parse_datetime), _written_time),
        ("JSON", _same, _json_literal, _same),
    )
    for name, parse, literal, write in scalars:
        scalar = schema.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)
        scalar.parse_value = parse  # type: ignore[method-assign, assignment]
        scalar.parse_literal = literal  # type: ignore[method-assign]
        scalar.serialize = write  # type: ignore[method-assign, assignment]
        # graphql-core 3.3 asks these, which a scalar made from text has from its beginning.
        scalar.coerce_input_value = parse
        scalar.coerce_output_value = write


def refuse_unreadable(value: Any) -> None:
    """Raise `ApiError` if something in an input could not be read."""
    if isinstance(value, Unreadable):
        raise ApiError(value.message)
    items = value.values() if isinstance(value, dict) else value
    for item in items if isinstance(value, (dict, list)) else ():
        # Most are texts, and there are hundreds of them.
        if type(item) is not str and isinstance(item, (dict, list, Unreadable)):
            refuse_unreadable(item)
