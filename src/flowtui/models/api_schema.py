"""What can be asked of an API: types, their fields, and what those take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property

from flowtui.frozen import frozen


@frozen
class SchemaField:
    """A field of a type, or an argument of a field."""

    name: str
    type: str
    """As it is written: `[flow_run!]!`."""
    description: str = ""
    arguments: tuple[SchemaField, ...] = ()

    @property
    def type_name(self) -> str:
        """The type without its brackets."""
        return self.type.strip("[]!")


@frozen
class SchemaType:
    """A type, and what there is in it."""

    name: str
    kind: str
    """OBJECT, INPUT_OBJECT, ENUM or SCALAR."""
    description: str = ""
    fields: tuple[SchemaField, ...] = ()
    values: tuple[str, ...] = ()


@frozen
class Entry:
    """One thing that can be looked up: a type, or a field of one."""

    type: SchemaType
    field: SchemaField | None = None

    @property
    def name(self) -> str:
        """`flow_run` for a type, `flow_run.state` for a field."""
        return self.type.name if self.field is None else f"{self.type.name}.{self.field.name}"

    @property
    def called(self) -> str:
        """What is written in a document."""
        return self.field.name if self.field is not None else self.type.name

    @property
    def target(self) -> str:
        """The type it leads to."""
        return self.type.name if self.field is None else self.field.type_name


@frozen
class ApiSchema:
    """Every type of an API, by name."""

    types: Mapping[str, SchemaType] = field(default_factory=dict)
    query: str = ""
    """The type whose fields are what one can ask."""
    mutation: str = ""
    """The type whose fields are what one can change."""

    @cached_property
    def listings(self) -> frozenset[str]:
        """What can be asked and takes a limit."""
        root = self.types.get(self.query)
        fields = root.fields if root is not None else ()
        return frozenset(
            one.name
            for one in fields
            if any(given.name == "limit" for given in one.arguments)
            and not one.name.endswith("_aggregate")
        )

    def found(self, typed: str) -> Iterator[Entry]:
        """What has this in its name: what can be asked first, then types, then all other fields."""
        wanted = typed.strip().casefold()
        roots = [self.types[name] for name in (self.query, self.mutation) if name in self.types]
        asked = [
            Entry(root, one)
            for root in roots
            for one in root.fields
            if wanted in one.name.casefold()
        ]
        yield from sorted(
            asked,
            key=lambda one: (one.called != wanted, not one.called.casefold().startswith(wanted)),
        )
        others = [one for one in self.types.values() if one not in roots]
        for other in others:
            if wanted in other.name.casefold():
                yield Entry(other)
        for other in others:
            for one in other.fields:
                if wanted and wanted in one.name.casefold() and not one.name.startswith("_"):
                    yield Entry(other, one)
