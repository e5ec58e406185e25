"""What a selection asks for, in plain Python: fields under their answer's names, arguments with
variables put in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)
from graphql.language import FloatValueNode, IntValueNode

from flowtui.frozen import frozen

_OMITTED: Final = object()


@frozen
class Field:
    """One field of a selection; several of one name are one."""

    key: str
    name: str
    nodes: Sequence[FieldNode]
    arguments: Mapping[str, Any]

    @property
    def below(self) -> list[SelectionSetNode]:
        """What is selected of it."""
        return [node.selection_set for node in self.nodes if node.selection_set]


class Selections:
    """Reads the selections of one request."""

    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self._fragments = fragments
        self._variables = variables

    def fields(self, sets: Sequence[SelectionSetNode]) -> list[Field]:
        """The fields selected, in the order of the answer."""
        found: dict[str, list[FieldNode]] = {}
        for one in sets:
            for node in self._nodes(one):
                found.setdefault((node.alias or node.name).value, []).append(node)
        return [
            Field(key, nodes[0].name.value, nodes, self._arguments(nodes[0]))
            for key, nodes in found.items()
        ]

    def are_plain(self, set_: SelectionSetNode) -> bool:
        """Whether a selection asks for the same whatever the variables are."""
        for one in set_.selections:
            if one.directives or (isinstance(one, FieldNode) and one.arguments):
                return False
            below = (
                self._fragments[one.name.value].selection_set
                if isinstance(one, FragmentSpreadNode)
                else one.selection_set  # type: ignore[attr-defined]
            )
            if below is not None and not self.are_plain(below):
                return False
        return True

    def _nodes(self, selections: SelectionSetNode) -> Iterator[FieldNode]:
        for one in selections.selections:
            if one.directives and not self._wanted(one.directives):
                continue
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, FragmentSpreadNode):
                # Tables are never interfaces, so a fragment that is valid here is meant for here.
                yield from self._nodes(self._fragments[one.name.value].selection_set)
            elif isinstance(one, InlineFragmentNode):
                yield from self._nodes(one.selection_set)

    def _wanted(self, directives: Sequence[DirectiveNode]) -> bool:
        for directive in directives:
            answer = {
                argument.name.value: self._value(argument.value)
                for argument in directive.arguments or ()
            }.get("if")
            if directive.name.value == "skip" and answer is True:
                return False
            if directive.name.value == "include" and answer is not True:
                return False
        return True

    def _arguments(self, node: FieldNode) -> dict[str, Any]:
        found = ((one.name.value, self._value(one.value)) for one in node.arguments or ())
        return {name: value for name, value in found if value is not _OMITTED}

    def _value(self, node: ValueNode) -> Any:
        if isinstance(node, StringValueNode | BooleanValueNode | EnumValueNode):
            return node.value
        if isinstance(node, VariableNode):
            return self._variables.get(node.name.value, _OMITTED)
        if isinstance(node, ObjectValueNode):
            found = ((one.name.value, self._value(one.value)) for one in node.fields)
            return {name: value for name, value in found if value is not _OMITTED}
        if isinstance(node, ListValueNode):
            return [
                None if (one := self._value(value)) is _OMITTED else one for value in node.values
            ]
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, FloatValueNode):
            return float(node.value)
        assert isinstance(node, NullValueNode)
        return None
