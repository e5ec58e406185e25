"""What can be asked of the API: a few letters find a type or a field, enter goes into it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import ClassVar

from flowtui.models.api_schema import ApiSchema, Entry, SchemaField
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.picker import Pick, Picker

FOUND = 300
"""Names that are listed at most; more letters find the others."""


class SchemaLookup(Picker[Entry]):
    """The answer is the name that was chosen last, to be put into the query."""

    keys: ClassVar[Sequence[tuple[str, str]]] = (
        ("enter", "into it; at the end, take the name"),
        ("up down", "move"),
        ("esc", "back, leave"),
    )
    placeholder = "a type or a field"
    most_rows = 20
    empty = "Nothing in the schema is called that."
    DEFAULT_CSS = """
    SchemaLookup > #dialog { width: 110; }
    """

    def __init__(self, schema: ApiSchema, place: str) -> None:
        super().__init__("Schema", "", place)
        self._schema = schema
        self._within = ""
        """The type whose fields are listed."""

    def columns(self) -> list[Column[Pick[Entry]]]:
        return [
            Column("", lambda row: row.label, token="fg0", least=24, most=36),
            Column("", lambda row: row.key, token="fg1", least=8, most=20),
            Column("", self.sentence, title="says", token="fg2", least=20, most=20, grows=True),
        ]

    def picks(self, typed: str) -> Sequence[Pick[Entry]]:
        known = self._schema.types.get(self._within)
        if known is None:
            return [self._pick(one) for one in islice(self._schema.found(typed), FOUND)]
        wanted = typed.strip().casefold()
        entries = [Entry(known, one) for one in known.fields if wanted in one.name.casefold()]
        values = [
            Entry(known, SchemaField(value, known.name))
            for value in known.values
            if wanted in value.casefold()
        ]
        return [self._pick(one, short=True) for one in (*entries, *values)]

    def _pick(self, one: Entry, short: bool = False) -> Pick[Entry]:
        if one.field is None:
            return Pick(one, one.type.name, one.type.description or one.type.kind.lower())
        given = ", ".join(f"{its.name}: {its.type}" for its in one.field.arguments)
        note = f"({given})" if given else one.field.description
        root = one.type.name in (self._schema.query, self._schema.mutation)
        return Pick(one, one.field.name if short or root else one.name, note, one.field.type)

    def pick(self, row: Pick[Entry]) -> None:
        """Go into what has fields; take the name of what has none."""
        target = self._schema.types.get(row.value.target)
        if target is None or not (target.fields or target.values) or target.name == self._within:
            self.dismiss(row.value)
            return
        self._within = target.name
        self.input.placeholder = f"a field of {target.name}"
        self.input.value = ""
        self.show_picks()
        self.table.action_first()

    def action_leave(self) -> None:
        if not self._within:
            self.dismiss(None)
            return
        self._within = ""
        self.input.placeholder = self.placeholder
        self.show_picks()
