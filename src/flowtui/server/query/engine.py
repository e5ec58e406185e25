"""Answers a query: all tables it asks for in one SQL statement, the rest from resolvers it is
given.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from inspect import isawaitable
from typing import Any, Final, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    NamedTypeNode,
    NameNode,
    SelectionSetNode,
    execute,
)
from graphql.execution.values import get_variable_values

from flowtui.errors import ApiError, DocumentRefused, FlowtuiError
from flowtui.server.query.answers import INTERNAL, field_failed, in_answer, refused
from flowtui.server.query.coercion import MISFITS, read_variables
from flowtui.server.query.compiler import ROOTS, Compiler, JsonText
from flowtui.server.query.documents import Document, Operation, changed
from flowtui.server.query.selections import Field, Selections
from flowtui.server.storage import Storage
from flowtui.server.storage.conditions import Statement

_TOO_DEEP: Final = "The query is nested too deeply."

_AS_IT_COMES: Final = NamedTypeNode(name=NameNode(value="JSON"))

C = TypeVar("C")
Resolver = Callable[[C, dict[str, Any]], Awaitable[Any]]
"""Answers one root field that is no table, from the request's context and the field's arguments."""


class _Asked(Awaitable[Any]):
    """A question that is put when somebody awaits the answer: a request may end before that."""

    def __init__(self, resolver: Resolver[Any], context: Any, arguments: dict[str, Any]) -> None:
        self._resolver, self._context, self._arguments = resolver, context, arguments

    def __await__(self) -> Generator[Any, None, Any]:
        return self._resolver(self._context, self._arguments).__await__()


async def read(
    storage: Storage,
    document: Document,
    operation: Operation,
    variables: Mapping[str, Any] | None,
    resolvers: Mapping[str, Resolver[C]],
    context: C,
) -> bytes:
    """The answer to a query, as it goes out.

    Raises DocumentRefused when the variables do not fit. What goes wrong later stands in the
    answer's `errors`, beside `null` for the field it befell; the other fields have their values.
    """
    values = coerced(document, operation, variables)
    selections = Selections(document.fragments, values)
    fields = selections.fields([operation.node.selection_set])
    tables = [field for field in fields if field.name in ROOTS]
    others = [field for field in fields if field.name not in ROOTS]
    errors: list[dict[str, Any]] = []
    texts: dict[str, str] = {}
    if others:
        asked = _only(document, operation, others)
        texts, errors = await _resolved(document, asked, operation, variables, resolvers, context)
    if not tables:
        members = ",".join(f'"{field.key}":{texts.get(field.key, "null")}' for field in fields)
        return _envelope(f"{{{members}}}".encode(), errors)
    statement = Statement(storage.dialect)
    compiler = Compiler(selections, statement, document.findings.texts)
    sql = _compiled(compiler, statement, fields, texts, errors)
    try:
        found = await storage.read(sql, statement.parameters, quick=compiler.by_id)
        return _envelope(found, errors)
    except FlowtuiError as problem:
        errors += [_failure(field, problem) for field in tables]
        members = ",".join(f'"{field.key}":{texts.get(field.key, "null")}' for field in fields)
        return _envelope(f"{{{members}}}".encode(), errors)


def coerced(
    document: Document, operation: Operation, variables: Mapping[str, Any] | None
) -> Mapping[str, Any]:
    """The variables as the operation declares them; raises DocumentRefused when they do not fit."""
    fitting = quickly_coerced(document, operation, variables)
    if fitting is not None:
        return fitting
    declared = operation.node.variable_definitions or ()
    try:
        values: Any = get_variable_values(document.schema, declared, dict(variables or {}))
    except RecursionError:
        raise refused(_TOO_DEEP, INTERNAL) from None
    if isinstance(values, list):
        raise DocumentRefused([in_answer(problem, INTERNAL) for problem in values])
    # graphql-core 3.3 tells where each value came from as well.
    found: Mapping[str, Any] = getattr(values, "coerced", values)
    given = variables or {}
    return {name: _in_given_order(value, given.get(name)) for name, value in found.items()}


def quickly_coerced(
    document: Document, operation: Operation, variables: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """The variables if they fit at first sight, with what is in them as the client ordered it."""
    if not operation.node.variable_definitions:
        return {}
    declared = document.findings.variables(operation, document.coercions)
    try:
        return read_variables(declared, variables or {})
    except MISFITS:
        return None


def with_fitting(document: Document, operation: Operation) -> DocumentNode:
    """The operation for variables that were coerced already: they are taken as they come."""
    declared = [
        changed(one, type=_AS_IT_COMES, default_value=None)
        for one in operation.node.variable_definitions or ()
    ]
    node = changed(operation.node, variable_definitions=tuple(declared))
    return DocumentNode(definitions=(node, *document.fragments.values()))


def _in_given_order(value: Any, given: Any) -> Any:
    """A coerced value with its keys as the client wrote them, which is how `order_by` sorts."""
    if isinstance(value, dict) and isinstance(given, Mapping):
        ordered = {
            key: _in_given_order(value[key], inner) for key, inner in given.items() if key in value
        }
        return {**ordered, **{key: one for key, one in value.items() if key not in ordered}}
    if isinstance(value, list):
        items = given if isinstance(given, (list, tuple)) else [given]
        if len(items) == len(value):
            return [_in_given_order(*pair) for pair in zip(value, items, strict=True)]
    return value


def _compiled(
    compiler: Compiler,
    statement: Statement,
    fields: Sequence[Field],
    texts: Mapping[str, str],
    errors: list[dict[str, Any]],
) -> str:
    """The one statement for all fields; one whose arguments make no sense becomes `null`."""
    whole = JsonText()
    separator = "{"
    for field in fields:
        whole.constant(f'{separator}"{field.key}":')
        separator = ","
        if field.name not in ROOTS:
            whole.value(statement.bind(texts.get(field.key, "null"), "String"))
            continue
        bound = len(statement.parameters)
        try:
            whole.value(compiler.root(field))
        except (ApiError, RecursionError) as problem:
            del statement.parameters[bound:]
            ours = problem if isinstance(problem, ApiError) else ApiError(_TOO_DEEP)
            errors.append(_failure(field, ours))
            whole.constant("null")
    whole.constant("}")
    return f"SELECT {whole.sql}"


def _failure(field: Field, problem: FlowtuiError) -> dict[str, Any]:
    return field_failed(
        GraphQLError(problem.message, field.nodes, path=[field.key], original_error=problem)
    )


def _envelope(data: bytes, errors: Sequence[Mapping[str, Any]]) -> bytes:
    if not errors:
        return b'{"data":' + data + b"}\n"
    return b'{"errors":' + json.dumps(errors).encode() + b',"data":' + data + b"}\n"


def _only(document: Document, operation: Operation, fields: Sequence[Field]) -> DocumentNode:
    """The document with these root fields of the operation alone."""
    nodes: tuple[FieldNode, ...] = tuple(node for field in fields for node in field.nodes)
    node = changed(operation.node, selection_set=SelectionSetNode(selections=nodes))
    return DocumentNode(definitions=(node, *document.fragments.values()))


async def _resolved(
    document: Document,
    asked: DocumentNode,
    operation: Operation,
    variables: Mapping[str, Any] | None,
    resolvers: Mapping[str, Resolver[C]],
    context: C,
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The JSON texts of what is no table: helpers, `__schema`, `__typename`."""

    def answered(source: Any, info: Any, **arguments: Any) -> Any:
        if info.path.prev is None:
            return _Asked(resolvers[info.field_name], context, arguments)
        return (
            source.get(info.field_name)
            if isinstance(source, Mapping)
            else getattr(source, info.field_name, None)
        )

    found = execute(
        document.schema,
        asked,
        context_value=context,
        variable_values=dict(variables or {}),
        operation_name=operation.name,
        field_resolver=answered,
    )
    result = await found if isawaitable(found) else found
    texts = {
        key: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        for key, value in (result.data or {}).items()
    }
    return texts, [field_failed(problem) for problem in result.errors or ()]
