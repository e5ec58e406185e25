"""What was asked for: an id as somebody typed it, and the row that it names."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flowtui.errors import NotFound, UsageProblem


def found(row: Mapping[str, Any] | None, kind: str, wanted: str) -> Mapping[str, Any]:
    """The row. Raises NotFound where there is none."""
    if row is None:
        raise NotFound(f"There is no {kind} {wanted} on this backend.")
    return row


def checked_id(text: str) -> str:
    """The id in its usual form. Raises UsageProblem."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise UsageProblem(
            f"{text!r} is not an id.", "Ids look like 3f7c02a1-5b7e-4c11-9d2e-0a6f1c22d41c."
        ) from None
