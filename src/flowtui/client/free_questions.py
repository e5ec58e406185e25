"""Questions that somebody writes themselves, and the schema that tells what can be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowtui.client import reading
from flowtui.client.writing import Writer
from flowtui.models.api_schema import ApiSchema, SchemaField, SchemaType
from flowtui.models.text import plain

if TYPE_CHECKING:
    from flowtui.client.free_documents import FreeQuestion


@dataclass(frozen=True)
class FreeAnswer:
    """What came back: data, and what went wrong, in the backend's words."""

    data: Any
    errors: tuple[str, ...] = ()


class FreeQuestions(Writer):
    """Asking what somebody wrote."""

    _schema: ApiSchema | None = None

    async def schema(self) -> ApiSchema:
        """What can be asked of this backend; asked once."""
        if self._schema is None:
            answer = await self.connection.execute("schema")
            with reading.understood("its schema"):
                self._schema = _api_schema(answer["__schema"])
        return self._schema

    async def ask_freely(
        self, question: FreeQuestion, variables: Mapping[str, Any] | None = None
    ) -> FreeAnswer:
        """Send a document; refused for a read-only profile if it changes something."""
        if question.mutations:
            self._writable()
        data, errors = await self.connection.send(question.text, dict(variables or {}))
        return FreeAnswer(data, _in_words(errors))


def _in_words(errors: Sequence[Any]) -> tuple[str, ...]:
    found = []
    for error in errors:
        entry = error if isinstance(error, Mapping) else {"message": str(error)}
        path = ".".join(str(part) for part in entry.get("path") or () if part != "$")
        message = str(entry.get("message") or "refused, without a word why")
        found.append(plain(f"{path}: {message}" if path else message))
    return tuple(found)


def _api_schema(document: reading.Json) -> ApiSchema:
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


def _schema_field(row: reading.Json) -> SchemaField:
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
