"""Questions that somebody writes themselves, and the schema that tells what can be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowtui.client import reading
from flowtui.client.writing import Writer
from flowtui.frozen import frozen
from flowtui.models.text import plain

if TYPE_CHECKING:
    from flowtui.client.free_documents import FreeQuestion
    from flowtui.models.api_schema import ApiSchema


@frozen
class FreeAnswer:
    """What came back: data, and what went wrong, in the backend's words."""

    data: Any
    errors: tuple[str, ...] = ()


class FreeQuestions(Writer):
    """Asking what somebody wrote."""

    _schema: ApiSchema | None = None

    async def schema(self) -> ApiSchema:
        """What can be asked of this backend; asked once."""
        from flowtui.client.schema_reading import api_schema

        if self._schema is None:
            answer = await self.connection.execute("schema")
            with reading.understood("its schema"):
                self._schema = api_schema(answer["__schema"])
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
