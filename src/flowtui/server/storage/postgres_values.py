"""Values on their way into PostgreSQL and out of it; it has types of its own for all of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from flowtui.server.storage.functions import STEP
from flowtui.server.storage.values import (
    parse_interval,
    parse_timestamp,
    store_boolean,
    store_integer,
    store_json,
    store_text,
    store_uuid,
    unfit,
)


def _boolean(value: Any) -> bool:
    return bool(store_boolean(value))


def _timestamp(value: Any) -> datetime:
    moment = parse_timestamp(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise unfit("timestamp with time zone", value)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    try:
        return moment.astimezone(timezone.utc)
    except OverflowError:
        raise unfit("timestamp with time zone", str(value)) from None


def _document(value: Any) -> str:
    text = store_json(value)
    if "\\u0000" in text or "\\ud" in text:
        # A document may hold characters that no text of PostgreSQL can.
        return store_json(_cleaned(value))
    return text


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return store_text(value)
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(one) for one in value]
    return value


def _interval(value: Any) -> timedelta:
    span = parse_interval(value) if isinstance(value, str) else value
    if not isinstance(span, timedelta):
        raise unfit("interval", value)
    return span


def _path(value: Any) -> list[str]:
    steps = STEP.findall(store_text(value).removeprefix("$"))
    return [name or index or double or single for name, index, double, single in steps]


_COLUMNS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "uuid": store_uuid,
    "String": store_text,
    "Int": store_integer,
    "Boolean": _boolean,
    "timestamptz": _timestamp,
    "jsonb": _document,
    "interval": _interval,
}


def _each(store: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda values: [None if value is None else store(value) for value in values]


POSTGRES_STORE: Final[Mapping[str, Callable[[Any], Any]]] = {
    **_COLUMNS,
    **{f"{type}[]": _each(store) for type, store in _COLUMNS.items()},
    "path": _path,
}
"""How a value of each column type is handed over, and lists of them; None is the caller's
affair.
"""

POSTGRES_LOAD: Final[Mapping[str, Callable[[Any], Any] | None]] = {
    "uuid": str,
    "String": None,
    "Int": None,
    "Boolean": None,
    "timestamptz": None,
    "jsonb": json.loads,
    "interval": None,
}
"""How it is read back; None where the database's value is the value."""
