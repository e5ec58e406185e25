"""What introspection says of an API into models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowtui.client.reading import Json
from flowtui.models.api_schema import ApiSchema, SchemaField, SchemaType


def api_schema(document: Json) -> ApiSchema:
    """The types of `__schema`, and which of them are asked and changed with."""
    roots = {
        kind: (document.get(f"{kind}Type") or {}).get("name") or ""
        for kind in ("query", "mutation")
    }
    types = [
        SchemaType(
            name=str(one["name"]),
            kind=str(one["kind"]),
            description=one.get("description") or "",
            fields=tuple(
                _schema_field(field)
                for field in (*(one.get("fields") or ()), *(one.get("inputFields") or ()))
            ),
            values=tuple(str(value["name"]) for value in one.get("enumValues") or ()),
        )
        for one in document["types"]
        if not str(one["name"]).startswith("__")
    ]
    return ApiSchema({one.name: one for one in types}, roots["query"], roots["mutation"])


def _schema_field(row: Json) -> SchemaField:
    return SchemaField(
        name=str(row["name"]),
        type=_spelled(row["type"]),
        description=row.get("description") or "",
        arguments=tuple(_schema_field(one) for one in row.get("args") or ()),
    )


def _spelled(type_: Any) -> str:
    """`[flow_run!]!` from the nested form that introspection gives."""
    if not isinstance(type_, Mapping):
        return ""
    inner = _spelled(type_.get("ofType"))
    if type_["kind"] == "NON_NULL":
        return f"{inner}!"
    return f"[{inner}]" if type_["kind"] == "LIST" else str(type_.get("name") or "")
