"""What a table is: columns, relations, keys; and the small language that they are written in.

A column is written `name: type`, `!` for NOT NULL, `= default` (JSON, or `now`), `-> table` for a
foreign key whose row dies with the one it names, `-> table?` for one that merely forgets it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Any, Final

from flowtui.frozen import frozen

TYPES: Final = ("uuid", "String", "Int", "Boolean", "timestamptz", "jsonb", "interval")
"""The column types, by their names in the read dialect."""

NOW: Final = object()
"""The default of a column that is filled with the transaction's time."""

NOTHING: Final = object()
"""Stands for "no default"; None is a value."""


@frozen
class Column:
    """One column; `type` is its scalar in the read dialect."""

    name: str
    type: str
    nullable: bool = True
    default: Any = NOTHING
    references: str | None = None
    forgets: bool = False
    """Set to null, instead of deleted, when the row it names goes."""


@frozen
class Relation:
    """A way from a row to the row (`one`) or the rows (`many`) whose `theirs` equals its own
    `ours`.
    """

    name: str
    table: str
    ours: str
    theirs: str
    to_many: bool


@frozen
class Table:
    """One table: what it holds, what is unique in it, and where one can go from a row."""

    name: str
    columns: tuple[Column, ...]
    relations: tuple[Relation, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    by_pk: bool = True
    """Whether the read dialect offers `<name>_by_pk`."""
    stored: bool = True
    """Whether rows of it are kept; otherwise it shapes the answer of a function, or shows another
    table's rows."""
    shows: str | None = None
    """The table whose rows it shows under other names."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Its own names for columns of that table."""
    served: bool = True
    """Whether the read dialect shows it."""
    comes_by: tuple[str, ...] = ()
    """The columns that its rows come in the order of when nobody asks for another."""
    column: Mapping[str, Column] = field(init=False, repr=False, compare=False)
    relation: Mapping[str, Relation] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", {column.name: column for column in self.columns})
        object.__setattr__(self, "relation", {one.name: one for one in self.relations})

    @cached_property
    def numeric(self) -> tuple[Column, ...]:
        """The columns that can be summed and averaged."""
        return tuple(column for column in self.columns if column.type == "Int")

    @cached_property
    def comparable(self) -> tuple[Column, ...]:
        """The columns that have a greatest and a smallest value."""
        return tuple(column for column in self.columns if column.type not in ("jsonb", "Boolean"))


_COLUMN = re.compile(
    r"(?P<name>\w+): (?P<type>\w+)(?P<required>!?)"
    r"(?: -> (?P<references>\w+)(?P<forgets>\??))?(?: = (?P<default>\S+))?"
)
EVERY_TABLE: Final = "id: uuid!\ncreated: timestamptz! = now\nupdated: timestamptz! = now\n"
"""The columns that every table has."""


def columns(declaration: str) -> tuple[Column, ...]:
    """The columns a declaration names, one a line."""
    return tuple(_column(line.strip()) for line in declaration.splitlines() if line.strip())


def _column(line: str) -> Column:
    match = _COLUMN.fullmatch(line)
    if match is None or match["type"] not in TYPES:
        raise ValueError(f"not a column: {line!r}")
    default: Any = NOTHING
    if match["default"] is not None:
        default = NOW if match["default"] == "now" else json.loads(match["default"])
    return Column(
        name=match["name"],
        type=match["type"],
        nullable=not match["required"],
        default=default,
        references=match["references"],
        forgets=bool(match["forgets"]),
    )


def one(name: str, table: str = "", via: str = "") -> Relation:
    """The row that our foreign key `via` names."""
    return Relation(name, table or name, via or f"{name}_id", "id", to_many=False)


def many(name: str, table: str, via: str) -> Relation:
    """The rows whose foreign key `via` names us."""
    return Relation(name, table, "id", via, to_many=True)


def table(
    name: str,
    declaration: str,
    *relations: Relation,
    uniques: tuple[tuple[str, ...], ...] = (),
    by_pk: bool = True,
    served: bool = True,
    comes_by: tuple[str, ...] = (),
) -> Table:
    """A stored table, with the columns that every table has."""
    return Table(
        name,
        columns(EVERY_TABLE + declaration),
        relations,
        uniques,
        by_pk,
        served=served,
        comes_by=comes_by,
    )
