"""Documents that somebody writes, made safe to send: listings have a limit, and what changes
something is known as such before it is sent.

Apart from what sends them, as graphql-core is needed for nothing else and is large.
"""

from __future__ import annotations

from typing import Any

from graphql.error import GraphQLSyntaxError
from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    parse,
)

from flowtui.errors import UsageProblem
from flowtui.frozen import frozen
from flowtui.models.api_schema import ApiSchema
from flowtui.models.text import plain

LISTED = 100
"""Rows that a listing gives if nobody says how many."""


@frozen
class FreeQuestion:
    """A document as it will be sent."""

    text: str
    mutations: tuple[str, ...] = ()
    """What it would change, by the names of the mutations; empty for a query."""
    limited: tuple[str, ...] = ()
    """The listings that were given a limit."""


def read_question(text: str, schema: ApiSchema | None = None, operation: str = "") -> FreeQuestion:
    """The document, with limits; what has none is known from the schema. Raises UsageProblem."""
    try:
        document = parse(text, max_tokens=20_000)
    except GraphQLSyntaxError as error:
        place = error.locations[0] if error.locations else None
        where = f"row {place.line}, column {place.column}: " if place else ""
        raise UsageProblem(
            f"{where}{plain(error.message.removeprefix('Syntax Error: '))}"
        ) from None
    except RecursionError:
        raise UsageProblem("this is nested too deeply") from None
    chosen = _operations(document, operation)
    changing = [one for one in chosen if one.operation is OperationType.MUTATION]
    if any(one.operation is OperationType.SUBSCRIPTION for one in chosen):
        raise UsageProblem("subscriptions are not asked here; a query is")
    listings = schema.listings if schema is not None else frozenset()
    names = tuple(name for one in changing for name in _roots(one.selection_set))
    places: dict[int, tuple[str, str]] = {}
    for one in chosen:
        if one.operation is OperationType.QUERY:
            places.update(_places(one.selection_set, listings, document))
    for at in sorted(places, reverse=True):
        text = text[:at] + places[at][0] + text[at:]
    return FreeQuestion(text, names, tuple(places[at][1] for at in sorted(places)))


def _operations(document: DocumentNode, wanted: str) -> list[OperationDefinitionNode]:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if not found:
        raise UsageProblem("there is nothing to send: no query and no mutation")
    if len(found) > 1 and not wanted:
        raise UsageProblem("there are several operations; leave one of them")
    return found


def _roots(selections: SelectionSetNode) -> list[str]:
    return [one.name.value for one in selections.selections if isinstance(one, FieldNode)]


def _places(
    selections: SelectionSetNode, listings: frozenset[str], document: DocumentNode
) -> dict[int, tuple[str, str]]:
    """Where a limit goes into the text, what is written there, and for which listing."""
    found: dict[int, tuple[str, str]] = {}
    for one in selections.selections:
        if not isinstance(one, FieldNode):
            inner = getattr(one, "selection_set", None) or _spread(one, document)
            found.update(_places(inner, listings, document) if inner is not None else {})
            continue
        given = one.arguments or ()
        if one.name.value not in listings or any(its.name.value == "limit" for its in given):
            continue
        first = given[0].loc if given else None
        if first is not None:
            found[first.start] = (f"limit: {LISTED}, ", one.name.value)
        elif one.name.loc is not None:
            found[one.name.loc.end] = (f"(limit: {LISTED})", one.name.value)
    return found


def _spread(node: Any, document: DocumentNode) -> SelectionSetNode | None:
    name = getattr(getattr(node, "name", None), "value", "")
    return next(
        (
            one.selection_set
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode) and one.name.value == name
        ),
        None,
    )
