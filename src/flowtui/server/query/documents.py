"""GraphQL documents, parsed and validated once and kept by their text with the literals taken out.

Reading a document costs a hundred times what compiling it does, and Prefect's client writes ids
into the text, so that no two of its documents are alike. What is kept is therefore a *shape*: the
document without its strings and numbers. A request with a known shape gets the kept document with
its own literals put in their places. Lines and columns in the errors of such a request are those
of the first document of the shape.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Final, Literal, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    parse,
    parse_value,
    validate,
)
from graphql.language import FloatValueNode, IntValueNode

from flowtui.errors import DocumentRefused
from flowtui.frozen import frozen
from flowtui.server.query.answers import (
    INTERNAL,
    PARSE_FAILED,
    VALIDATION_FAILED,
    in_answer,
    refused,
)
from flowtui.server.query.coercion import Coercions, Variable

DEEPEST: Final = 7
"""Levels of fields below the first; the gateway of the old stack refused more."""

_LITERAL: Final = re.compile(
    r'#[^\n\r]*|"""(?:\\"""|[^"]|"(?!""))*"""|"(?:[^"\\\n\r]|\\.)*"'
    r"|(?<![\w.$-])-?(?:0|[1-9]\d{0,8})(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])"
)
# Whole numbers of ten digits and more stay in the text: not all of them are an Int, and validation
# has to see which.

_LONGEST: Final = 200_000
# Shapes longer than this are not worth their memory.

_Taken = tuple[str, str | int | float]
# A literal's kind and its value.

_Literal = StringValueNode | IntValueNode | FloatValueNode


@frozen
class Operation:
    """One operation of a document."""

    kind: Literal["query", "mutation", "subscription"]
    name: str | None
    node: OperationDefinitionNode


class Findings:
    """What has been found out about the documents of a shape, and holds for each of them."""

    def __init__(self) -> None:
        self.texts: dict[Hashable, Any] = {}
        """What selections become that say the same for every request; the compiler's own."""
        self._variables: dict[str | None, tuple[Variable, ...]] = {}

    def variables(self, operation: Operation, coercions: Coercions) -> tuple[Variable, ...]:
        """The variables that an operation declares."""
        known = self._variables.get(operation.name)
        if known is None:
            known = coercions.variables(operation.node.variable_definitions or ())
            self._variables[operation.name] = known
        return known


@frozen
class Document:
    """A valid document, with the literals of its request."""

    schema: GraphQLSchema
    ast: DocumentNode
    coercions: Coercions
    findings: Findings = field(default_factory=Findings)
    operations: Sequence[Operation] = field(init=False)
    fragments: Mapping[str, FragmentDefinitionNode] = field(init=False)

    def __post_init__(self) -> None:
        definitions = self.ast.definitions
        operations = [
            Operation(node.operation.value, node.name.value if node.name else None, node)
            for node in definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        fragments = {
            node.name.value: node
            for node in definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        object.__setattr__(self, "operations", operations)
        object.__setattr__(self, "fragments", fragments)

    def operation(self, name: str | None = None) -> Operation:
        """The operation of this name, or the only one."""
        if name:
            for operation in self.operations:
                if operation.name == name:
                    return operation
            raise refused(f"Unknown operation named '{name}'.", INTERNAL)
        if len(self.operations) != 1:
            raise refused(
                "Must provide operation name if query contains multiple operations.", INTERNAL
            )
        return self.operations[0]


_Places = dict[tuple[str, int | None], "_Places | int"]
# Where the literals stand: attribute and index of each step from the document down, ending in the
# literal's number.


@frozen
class _Shape:
    """A valid document, and where in it the literals stand."""

    document: Document
    literals: Sequence[_Taken] = ()
    places: _Places = field(default_factory=dict)
    alike: bool = True
    """Whether documents of this shape are valid whatever their literals; otherwise each text is
    read by itself.
    """

    def filled(self, literals: Sequence[_Taken]) -> Document:
        """The document with these literals."""
        if literals == self.literals:
            return self.document
        return replace(self.document, ast=_filled(self.document.ast, self.places, literals))


class Documents:
    """The documents of a schema: read, checked, and kept while they are in use."""

    def __init__(
        self, schema: GraphQLSchema, capacity: int = 512, *, deepest: int = DEEPEST
    ) -> None:
        self.schema = schema
        self._deepest = deepest
        self._coercions = Coercions(schema)
        self._capacity = capacity
        self._shapes: OrderedDict[str, _Shape] = OrderedDict()

    def get(self, text: str) -> Document:
        """The document of a text; raises DocumentRefused when there is something wrong with it."""
        shape = self._kept(text)
        if shape is not None and not shape.literals:
            # Without literals a text is its own shape.
            return shape.document
        key, literals = without_literals(text)
        shape = self._kept(key)
        if shape is not None and not shape.alike:
            # The shape's own key never collides with a text of its own: it holds no string that is
            # not empty.
            key, literals = f"exactly {text}", []
            shape = self._kept(key)
        if shape is None:
            shape = self._read(text, literals if not key.startswith("exactly ") else None)
            self._keep(key, shape)
        return shape.filled(literals) if shape.alike else shape.document

    def _kept(self, key: str) -> _Shape | None:
        shape = self._shapes.get(key)
        if shape is not None:
            self._shapes.move_to_end(key)
        return shape

    def _keep(self, key: str, shape: _Shape) -> None:
        if len(key) <= _LONGEST:
            self._shapes[key] = shape
            while len(self._shapes) > self._capacity:
                self._shapes.popitem(last=False)

    def _read(self, text: str, literals: Sequence[_Taken] | None) -> _Shape:
        """Parse and validate; without literals, for this very text."""
        ast = _parsed(text)
        self._check(ast)
        document = Document(self.schema, ast, self._coercions)
        if literals is None:
            return _Shape(document)
        found = sorted(_literals(ast), key=lambda one: one[1].loc.start if one[1].loc else 0)
        alike = (
            [_value(node) for _, node in found] == list(literals)
            and not _literal_in_a_default(found)
            and not _literals_decide_a_merge(ast)
        )
        places: _Places = {}
        for number, (path, _) in enumerate(found):
            _mark(places, path, number)
        return _Shape(document, literals, places, alike)

    def _check(self, ast: DocumentNode) -> None:
        try:
            problems = validate(self.schema, ast)
        except RecursionError:
            raise refused("The document is nested too deeply.", VALIDATION_FAILED) from None
        if not problems:
            problems = list(_too_deep(ast, self._deepest))
        if problems:
            raise DocumentRefused([in_answer(problem, VALIDATION_FAILED) for problem in problems])


def without_literals(text: str) -> tuple[str, list[_Taken]]:
    """A document's shape, and the literals that were taken out of it, in order."""
    literals: list[_Taken] = []

    def take(match: re.Match[str]) -> str:
        token = match[0]
        if token[0] == "#":
            return token
        if token[0] == '"':
            literals.append(("string", _string(token)))
            return '""'
        if token.lstrip("-").isdigit():
            literals.append(("int", int(token)))
            return "0"
        literals.append(("float", float(token)))
        return "0.0"

    return _LITERAL.sub(take, text), literals


def _string(token: str) -> str:
    if not token.startswith('"""'):
        if "\\" not in token:
            return token[1:-1]
        if "\\u{" not in token:
            try:
                return str(json.loads(token, strict=False))
            except ValueError:
                pass  # let the GraphQL parser say what is wrong with it
    try:
        node = parse_value(token)
    except GraphQLSyntaxError as problem:
        raise DocumentRefused([in_answer(problem, PARSE_FAILED)]) from problem
    return node.value if isinstance(node, StringValueNode) else token


def _parsed(text: str) -> DocumentNode:
    try:
        return parse(text)
    except GraphQLSyntaxError as problem:
        raise DocumentRefused([in_answer(problem, PARSE_FAILED)]) from problem
    except RecursionError:
        raise refused("The document is nested too deeply.", PARSE_FAILED) from None


_Path = tuple[tuple[str, int | None], ...]


def _children(node: Node) -> Iterator[tuple[tuple[str, int | None], Node]]:
    for name in node.keys:
        value = getattr(node, name, None)
        if isinstance(value, Node):
            yield (name, None), value
        elif isinstance(value, (list, tuple)):
            for index, one in enumerate(value):
                if isinstance(one, Node):
                    yield (name, index), one


def _literals(node: Node, path: _Path = ()) -> Iterator[tuple[_Path, _Literal]]:
    if isinstance(node, (StringValueNode, IntValueNode, FloatValueNode)):
        yield path, node
        return
    for step, child in _children(node):
        yield from _literals(child, (*path, step))


def _value(node: _Literal) -> _Taken:
    if isinstance(node, StringValueNode):
        return "string", node.value
    if isinstance(node, IntValueNode):
        return "int", int(node.value)
    return "float", float(node.value)


def _literal_in_a_default(found: Sequence[tuple[_Path, _Literal]]) -> bool:
    """Whether a literal is the default of a variable, which graphql-core coerces and keeps."""
    return any(name == "variable_definitions" for path, _ in found for name, _ in path)


def _literals_decide_a_merge(node: DocumentNode) -> bool:
    """Whether two fields could answer under one name, and be refused for differing literals."""
    named: dict[str, list[FieldNode]] = {}
    for one in _fields(node):
        named.setdefault((one.alias or one.name).value, []).append(one)
    return any(
        len(fields) > 1
        and any(True for one in fields for arg in one.arguments or () for _ in _literals(arg))
        for fields in named.values()
    )


def _fields(node: Node) -> Iterator[FieldNode]:
    if isinstance(node, FieldNode):
        yield node
    for _, child in _children(node):
        yield from _fields(child)


def _mark(places: _Places, path: _Path, number: int) -> None:
    for step in path[:-1]:
        places = places.setdefault(step, {})  # type: ignore[assignment]  # only the last step is a number
    places[path[-1]] = number


def _filled(node: Any, places: _Places, literals: Sequence[_Taken]) -> Any:
    """A copy of a node with other literals; what holds none is shared."""
    changes: dict[str, Any] = {}
    for (name, index), below in places.items():
        here = getattr(node, name)
        child = here if index is None else here[index]
        if isinstance(below, int):
            value = literals[below][1]
            new = changed(child, value=value if isinstance(value, str) else str(value))
        else:
            new = _filled(child, below, literals)
        if index is None:
            changes[name] = new
        else:
            changes.setdefault(name, list(here))[index] = new
    return changed(
        node,
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in changes.items()
        },
    )


N = TypeVar("N", bound=Node)


def changed(node: N, **values: Any) -> N:
    """A copy of a node with other values; nodes themselves do not change."""
    return type(node)(**{**{key: getattr(node, key) for key in node.keys}, **values})


def _too_deep(ast: DocumentNode, deepest: int) -> Iterator[GraphQLError]:
    fragments = {
        node.name.value: node
        for node in ast.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    for node in ast.definitions:
        if (
            isinstance(node, OperationDefinitionNode)
            and _depth(node.selection_set, fragments) > deepest + 1
        ):
            name = node.name.value if node.name else ""
            yield GraphQLError(f"'{name}' exceeds maximum operation depth of {deepest}", node)


def _depth(
    selections: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]
) -> int:
    if selections is None:
        return 0
    deepest = 0
    for one in selections.selections:
        if isinstance(one, FieldNode):
            if one.name.value.startswith("__"):
                continue
            depth = 1 + _depth(one.selection_set, fragments)
        elif isinstance(one, FragmentSpreadNode):
            depth = _depth(fragments[one.name.value].selection_set, fragments)
        else:
            depth = _depth(one.selection_set, fragments)  # type: ignore[attr-defined]
        deepest = max(deepest, depth)
    return deepest
