"""The camelCase spelling that older clients use, derived from the snake_case declarations.

For `create_flow_run(input: create_flow_run_input!)` there is also
`createFlowRun(input: createFlowRunInput!)`; what a resolver is given is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLInputObjectType,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ObjectTypeExtensionNode,
    parse,
    print_ast,
    visit,
)
from graphql.language import NamedTypeNode, NameNode, Node, Visitor


def camel(name: str) -> str:
    """`create_flow_run` as `createFlowRun`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def with_aliases(sdl: str) -> str:
    """The declarations of mutations, followed by the same in camelCase."""
    document = parse(sdl)
    inputs = {
        node.name.value
        for node in document.definitions
        if isinstance(node, InputObjectTypeDefinitionNode)
    }
    aliases = visit(document, _Camel(inputs))
    assert isinstance(aliases, DocumentNode)
    return sdl + "\n" + "\n\n".join(print_ast(node) for node in _derived(aliases)) + "\n"


def _derived(document: DocumentNode) -> Iterator[Node]:
    for node in document.definitions:
        if isinstance(node, (InputObjectTypeDefinitionNode, ObjectTypeExtensionNode)):
            yield node


class _Camel(Visitor):
    """Renames what clients write: mutations, their inputs and the fields of those."""

    def __init__(self, inputs: set[str]) -> None:
        super().__init__()
        self._inputs = inputs

    def leave_field_definition(self, node: FieldDefinitionNode, *_: object) -> Node:
        return _renamed(node, camel(node.name.value))

    def leave_input_value_definition(self, node: InputValueDefinitionNode, *_: object) -> Node:
        return _renamed(node, camel(node.name.value))

    def leave_input_object_type_definition(
        self, node: InputObjectTypeDefinitionNode, *_: object
    ) -> Node:
        return _renamed(node, camel(node.name.value))

    def leave_named_type(self, node: NamedTypeNode, *_: object) -> Node | None:
        name = node.name.value
        return _renamed(node, camel(name)) if name in self._inputs else None


def _renamed(node: Node, name: str) -> Node:
    values: dict[str, Any] = {key: getattr(node, key, None) for key in node.keys}
    values["name"] = NameNode(value=name)
    return type(node)(**values)


def name_inputs_alike(schema: GraphQLSchema, inputs: set[str]) -> None:
    """Let the fields of the camelCase inputs arrive under their snake_case names."""
    for name in inputs:
        original, alias = schema.type_map[name], schema.type_map[camel(name)]
        assert isinstance(original, GraphQLInputObjectType)
        assert isinstance(alias, GraphQLInputObjectType)
        for field in original.fields:
            alias.fields[camel(field)].out_name = field
