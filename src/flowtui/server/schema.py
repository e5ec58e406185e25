"""The schema that is served: tables from the catalogue, mutations, and a few helper questions."""

from __future__ import annotations

from functools import cache

from graphql import GraphQLSchema, build_schema

from flowtui.server import helpers, mutations
from flowtui.server.query.sdl import sdl as tables_sdl


@cache
def served_sdl() -> str:
    """The text of the whole schema."""
    return "\n".join((helpers.sdl(), tables_sdl(), mutations.sdl()))


@cache
def served_schema() -> GraphQLSchema:
    """The schema, built once in a process."""
    schema = build_schema(served_sdl(), assume_valid=True)
    mutations.attach(schema)
    return schema
