"""The read dialect: Hasura's questions, each compiled into one SQL statement answering in JSON."""

from flowtui.server.query.answers import field_failed, in_answer, refused
from flowtui.server.query.documents import Document, Documents, Operation
from flowtui.server.query.engine import Resolver, coerced, quickly_coerced, read, with_fitting
from flowtui.server.query.sdl import sdl

__all__ = [
    "Document",
    "Documents",
    "Operation",
    "Resolver",
    "coerced",
    "field_failed",
    "in_answer",
    "quickly_coerced",
    "read",
    "refused",
    "sdl",
    "with_fitting",
]
