"""What a GraphQL request says, in all the forms that Prefect's clients give it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError

from flowtui.errors import DocumentRefused
from flowtui.frozen import frozen


@frozen
class GraphQLRequest:
    """One document with its variables."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None


def bad_request(message: str) -> DocumentRefused:
    """A refusal of something that is no GraphQL request at all."""
    error = dict(GraphQLError(message).formatted)
    return DocumentRefused([{**error, "extensions": {"code": "BAD_REQUEST"}}])


def requests_in(body: bytes) -> tuple[list[GraphQLRequest | DocumentRefused], bool]:
    """The requests of a body, and whether they came as a list and are to be answered as one.

    In a list, what is no request is refused in its own place; the others are none the worse for it.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request(
            'The body is not JSON; send {"query": "...", "variables": {...}}.'
        ) from None
    if isinstance(document, list):
        return [_request_or_refusal(item) for item in document], True
    return [request_from(document)], False


def _request_or_refusal(document: Any) -> GraphQLRequest | DocumentRefused:
    try:
        return request_from(document)
    except DocumentRefused as refused:
        return refused


def request_from(document: Any) -> GraphQLRequest:
    """The request in a JSON object."""
    if not isinstance(document, Mapping):
        raise bad_request("A GraphQL request is a JSON object.")
    query = document.get("query")
    if not isinstance(query, str) or not query.strip():
        raise bad_request("The request has no query.")
    name = document.get("operationName")
    if name is not None and not isinstance(name, str):
        raise bad_request("The operation name must be a string.")
    return GraphQLRequest(query, _variables(document.get("variables")), name or None)


def _variables(variables: Any) -> Mapping[str, Any] | None:
    if isinstance(variables, str):
        # Prefect's client sends JSON within JSON, and "null" when it has nothing to say.
        try:
            variables = json.loads(variables) if variables.strip() else None
        except (ValueError, RecursionError):
            raise bad_request("The variables are not JSON.") from None
    if variables is not None and not isinstance(variables, Mapping):
        raise bad_request("The variables must be a JSON object.")
    return variables
