"""Variables read as their operation declares them, in one pass over what the client sent.

graphql-core asks the same questions about a type for every value of it; here each input type
becomes a function, made when it is first needed. Only what fits is read: for anything else the
caller lets graphql-core say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    type_from_ast,
)

from flowtui.frozen import frozen

Coerce = Callable[[Any], Any]
"""Reads a value of one type; null is the affair of whoever holds it."""


class Misfit(Exception):
    """A value that is not of its type, or one that is left to graphql-core."""


MISFITS: Final = (Misfit, GraphQLError, LookupError, TypeError, ValueError, RecursionError)
"""What reading a value that does not fit may end in."""


@frozen
class Variable:
    """One variable of an operation, and how its values are read."""

    name: str
    nullable: bool
    coerce: Coerce


def read_variables(variables: Sequence[Variable], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the variables that were given; raises one of MISFITS."""
    found: dict[str, Any] = {}
    for one in variables:
        value = given.get(one.name, Undefined)
        if value is None or value is Undefined:
            if not one.nullable:
                raise Misfit
            if value is None:
                found[one.name] = None
        else:
            found[one.name] = one.coerce(value)
    return found


class Coercions:
    """How the values of a schema's input types are read."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: dict[str, Coerce] = {}

    def variables(self, declared: Sequence[VariableDefinitionNode]) -> tuple[Variable, ...]:
        """The variables of an operation."""
        return tuple(self._variable(one) for one in declared)

    def _variable(self, declared: VariableDefinitionNode) -> Variable:
        type: Any = type_from_ast(self._schema, declared.type)
        nullable, coerce = self._nullable(type)
        if declared.default_value is not None:
            coerce, nullable = _left_to_others, False
        return Variable(declared.variable.name.value, nullable, coerce)

    def _nullable(self, type: GraphQLInputType) -> tuple[bool, Coerce]:
        if isinstance(type, GraphQLNonNull):
            return False, self._of(type.of_type)
        return True, self._of(type)

    def _of(self, type: Any) -> Coerce:
        if isinstance(type, GraphQLList):
            return _list(*self._nullable(type.of_type))
        known = self._known.get(type.name)
        if known is None:
            known = self._known[type.name] = self._made(type)
        return known

    def _made(self, type: Any) -> Coerce:
        if isinstance(type, GraphQLInputObjectType):
            return self._object(type)
        if isinstance(type, GraphQLEnumType):
            return {name: one.value for name, one in type.values.items()}.__getitem__
        assert isinstance(type, GraphQLScalarType)
        coerce: Coerce = type.coerce_input_value
        return coerce

    def _object(self, type: GraphQLInputObjectType) -> Coerce:
        if type.is_one_of or any(field.default is not None for field in type.fields.values()):
            return _left_to_others
        fields: dict[str, tuple[str, bool, Coerce]] = {}
        # Known before its fields are: conditions hold conditions.
        coerce = self._known[type.name] = _object(fields)
        for name, field in type.fields.items():
            fields[name] = (field.out_name or name, *self._nullable(field.type))
        return coerce


def _left_to_others(value: Any) -> Any:
    """Defaults are rare, and graphql-core knows how they are put in."""
    raise Misfit


def _list(nullable: bool, coerce: Coerce) -> Coerce:
    def read(value: Any) -> list[Any]:
        # One thing stands for a list of it.
        items = value if isinstance(value, (list, tuple)) else (value,)
        if None not in items:
            return [coerce(one) for one in items]
        if not nullable:
            raise Misfit
        return [None if one is None else coerce(one) for one in items]

    return read


def _object(fields: Mapping[str, tuple[str, bool, Coerce]]) -> Coerce:
    required: set[str] | None = None

    def read(value: Any) -> dict[str, Any]:
        nonlocal required
        if not isinstance(value, dict):
            raise Misfit
        if required is None:
            required = {name for name, (_, nullable, _) in fields.items() if not nullable}
        if not required <= value.keys():
            raise Misfit
        found: dict[str, Any] = {}
        for given, one in value.items():
            name, nullable, coerce = fields[given]
            if one is not None:
                found[name] = coerce(one)
            elif nullable:
                found[name] = None
            else:
                raise Misfit
        return found

    return read
