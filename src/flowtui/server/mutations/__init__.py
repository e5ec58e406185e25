"""Mutations: SDL files beside thin resolvers, one pair a subject; camelCase comes by itself."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLSchema

from flowtui.server.mutations import (  # noqa: F401  (importing a subject declares its resolvers)
    agents,
    artifacts,
    flows,
    groups,
    hooks,
    keys,
    limits,
    logs,
    messages,
    projects,
    runs,
    schedules,
    states,
    tasks,
    tenants,
)
from flowtui.server.mutations.aliases import camel, name_inputs_alike, with_aliases
from flowtui.server.mutations.registry import (
    MUTATIONS,
    Deferred,
    MutationContext,
    Request,
    Resolver,
)
from flowtui.server.mutations.scalars import parse_uuid, refuse_unreadable, teach_scalars
from flowtui.server.storage import Transaction

__all__ = [
    "MUTATIONS",
    "MutationContext",
    "Request",
    "attach",
    "parse_uuid",
    "refuse_unreadable",
    "sdl",
]


def sdl() -> str:
    """The declarations of all mutations, with their aliases."""
    files = sorted(
        (file for file in resources.files(__name__).iterdir() if file.name.endswith(".graphql")),
        key=lambda file: file.name,
    )
    return with_aliases("\n".join(file.read_text("utf-8") for file in files))


def attach(schema: GraphQLSchema) -> None:
    """Give a schema built from `sdl()` its scalars, aliases and resolvers."""
    teach_scalars(schema)
    mutation_type = schema.mutation_type
    assert mutation_type is not None
    aliased = {
        name
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLInputObjectType) and camel(name) in schema.type_map
    }
    name_inputs_alike(schema, {name for name in aliased if camel(name) != name})
    resolvers = {camel(name): resolver for name, resolver in MUTATIONS.items()} | MUTATIONS
    for name, field in mutation_type.fields.items():
        field.resolve = _in_one_transaction(resolvers[name])


def _in_one_transaction(resolver: Resolver) -> Callable[..., Any]:
    async def resolve(_root: object, info: Any, input: dict[str, Any]) -> Any:
        refuse_unreadable(input)
        context: MutationContext = info.context

        async def operation(tx: Transaction) -> Any:
            return await resolver(tx, input, context.request)

        result = await context.storage.write(operation)
        return await result.finish(context) if isinstance(result, Deferred) else result

    return resolve
