"""Errors as they stand in an answer: message, place, path, and the code that clients match on."""

from __future__ import annotations

import logging
from typing import Any, Final

from graphql import GraphQLError

from flowtui.errors import ApiError, DocumentRefused, FlowtuiError

PARSE_FAILED: Final = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED: Final = "GRAPHQL_VALIDATION_FAILED"
INTERNAL: Final = "INTERNAL_SERVER_ERROR"

UNEXPECTED: Final = "Unable to complete operation. An internal API error occurred."

logger = logging.getLogger("flowtui.server")


def in_answer(problem: GraphQLError, code: str) -> dict[str, Any]:
    """An error of a document as a whole."""
    shown = dict(problem.formatted)
    shown["extensions"] = {"code": code, **(problem.extensions or {})}
    return shown


def refused(message: str, code: str) -> DocumentRefused:
    """A refusal of a document with one error."""
    return DocumentRefused([in_answer(GraphQLError(message), code)])


def field_failed(problem: GraphQLError) -> dict[str, Any]:
    """An error of one field: ours with its own words and code, a surprise with neither."""
    original = problem.original_error
    code = INTERNAL
    if isinstance(original, FlowtuiError):
        message = original.message
        if isinstance(original, ApiError):
            code = original.code
    elif original is None or isinstance(original, GraphQLError):
        message = problem.message
    else:
        logger.error("an unexpected error at %s", problem.path, exc_info=original)
        message = UNEXPECTED
    shown: dict[str, Any] = {"message": message}
    if problem.locations:
        shown["locations"] = [place.formatted for place in problem.locations]
    if problem.path is not None:
        shown["path"] = problem.path
    shown["extensions"] = {"code": code, "exception": {"message": message}}
    return shown
