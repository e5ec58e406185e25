"""Values on their way into the database and out of it: one canonical spelling for each type.

Timestamps are UTC text of one width, so that comparing text compares times. JSON has its keys in
order, so that equal documents are equal text. Intervals are whole microseconds. What a client
wrote by hand is read here, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Final
from uuid import UUID

from flowtui.errors import ApiError
from flowtui.models.times import system_clock

Stored = str | int | float | None
"""What a database column holds."""

is_canonical: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
"""Whether a text is a UUID in its dashed lower-case form."""


_NUMBERS: Final = tuple(map(str, range(1, 257)))


def by_number(sql: str, parameters: Sequence[Any]) -> Sequence[Any] | dict[str, Any]:
    """The parameters of a statement whose places have numbers: Python takes those for names."""
    if "?1" not in sql:
        return parameters
    if len(parameters) <= len(_NUMBERS):
        return dict(zip(_NUMBERS, parameters, strict=False))
    return {str(number): value for number, value in enumerate(parameters, 1)}


def unfit(type: str, value: object) -> ApiError:
    """The refusal of a value that is none of a type."""
    shown = value if isinstance(value, str) else repr(value)
    return ApiError(f'invalid input syntax for type {type}: "{shown[:200]}"')


def store_uuid(value: Any) -> str:
    """The dashed lower-case form of whatever Python takes for a UUID."""
    if isinstance(value, str) and is_canonical(value):
        # Nearly all are; reading them would take longer than the statement they are for.
        return value
    if isinstance(value, UUID):
        return str(value)
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise unfit("uuid", value) from None


def store_text(value: Any) -> str:
    """Text that every database and every reader can hold: no NUL, no halves of characters."""
    if not isinstance(value, str):
        raise unfit("text", value)
    if value.isascii() and "\x00" not in value:
        return value
    return value.replace("\x00", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode("utf-8")


def store_integer(value: Any) -> int:
    """A whole number of at most 64 bits."""
    if not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise unfit("integer", value)
    return int(value)


def store_boolean(value: Any) -> int:
    """True as 1."""
    if not isinstance(value, bool):
        raise unfit("boolean", value)
    return int(value)


def _midnight(now: datetime, days: int = 0) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)


_NAMED_TIMES: Final[Mapping[str, Callable[[datetime], datetime]]] = {
    "now": lambda now: now,
    "today": _midnight,
    "tomorrow": lambda now: _midnight(now, 1),
    "yesterday": lambda now: _midnight(now, -1),
    "epoch": lambda now: datetime.fromtimestamp(0, timezone.utc),
    "infinity": lambda now: datetime.max.replace(tzinfo=timezone.utc),
    "-infinity": lambda now: datetime.min.replace(tzinfo=timezone.utc),
}

_DATED = re.compile(r"\d{4}-?\d\d").match


def parse_timestamp(value: str) -> datetime:
    """The moment a client wrote, or named as PostgreSQL can: `now()`, `today`; without an offset it
    means UTC.
    """
    text = value.strip()
    named = _NAMED_TIMES.get(text.lower().removesuffix("()"))
    if named is not None:
        return named(system_clock())
    try:
        moment = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in "zZ" else text)
    except ValueError:
        import pendulum

        try:
            # Left to itself, pendulum finds a date in almost anything.
            parsed = pendulum.parse(text, strict=False) if _DATED(text) else None
        except (ValueError, OverflowError, TypeError):
            raise unfit("timestamp with time zone", value) from None
        if not isinstance(parsed, datetime):
            raise unfit("timestamp with time zone", value) from None
        moment = parsed
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def store_timestamp(value: Any) -> str:
    """A moment as `2021-05-07T15:09:16.815228`, always in UTC, always this wide."""
    if isinstance(value, str):
        value = parse_timestamp(value)
    if not isinstance(value, datetime):
        raise unfit("timestamp with time zone", value)
    if value.tzinfo is not None and value.tzinfo is not timezone.utc:
        try:
            value = value.astimezone(timezone.utc)
        except OverflowError:
            raise unfit("timestamp with time zone", str(value)) from None
    return str(value.isoformat(timespec="microseconds"))[:26]


def store_json(value: Any) -> str:
    """A document as compact text with its keys in order."""
    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
        )
    except (TypeError, ValueError, RecursionError) as problem:
        raise ApiError(f"invalid input syntax for type json: {problem}") from None
    if text.isascii() or text.encode("utf-8", "ignore").decode("utf-8") == text:
        return text
    return json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True)


_INTERVAL = re.compile(
    r"(?:(?P<days>-?\d+) days?)?\s*"
    r"(?:(?P<sign>-?)(?P<hours>\d+):(?P<minutes>\d\d)(?::(?P<seconds>\d\d(?:\.\d{1,6})?))?"
    r"|(?P<amount>-?\d+(?:\.\d+)?) (?P<unit>second|minute|hour|week)s?)?"
)


def parse_interval(value: str) -> timedelta:
    """A span of time as Postgres writes it, `1 day 00:01:30`, or with one unit, `90 seconds`."""
    match = _INTERVAL.fullmatch(value.strip())
    if match is None or not value.strip():
        raise unfit("interval", value)
    span = timedelta(days=int(match["days"] or 0))
    if match["unit"]:
        return span + timedelta(**{match["unit"] + "s": float(match["amount"])})
    clock = timedelta(
        hours=int(match["hours"] or 0),
        minutes=int(match["minutes"] or 0),
        seconds=float(match["seconds"] or 0),
    )
    return span - clock if match["sign"] else span + clock


def store_interval(value: Any) -> int:
    """A span of time in microseconds."""
    if isinstance(value, str):
        value = parse_interval(value)
    if not isinstance(value, timedelta):
        raise unfit("interval", value)
    return value // timedelta(microseconds=1)


def interval_text(microseconds: int | None) -> str | None:
    """A span of time as Postgres prints it: `00:01:00`, `1 day 00:01:30`, `00:00:01.5`."""
    if microseconds is None:
        return None
    sign = "-" if microseconds < 0 else ""
    seconds, fraction = divmod(abs(microseconds), 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if fraction:
        clock += f".{fraction:06}".rstrip("0")
    if not days:
        return sign + clock
    day = f"{sign}{days} day{'' if days == 1 and not sign else 's'}"
    return day if clock == "00:00:00" else f"{day} {sign}{clock}"


def store_texts(value: Any) -> str:
    """Several texts as one document."""
    return store_json([store_text(one) for one in value])


def _are_uuids(values: Sequence[Any]) -> bool:
    return all(map(is_canonical, values))


def _are_texts(values: Sequence[Any]) -> bool:
    joined = "".join(values)
    return joined.isascii() and "\x00" not in joined


_FITTING: Final[Mapping[str, Callable[[Sequence[Any]], bool]]] = {
    "uuid": _are_uuids,
    "String": _are_texts,
}


def all_fit(type: str, values: Sequence[Any]) -> bool:
    """Whether values of a column are as they are stored already, all of them; asked before each is
    looked at by itself, since of hundreds nearly all are.
    """
    fitting = _FITTING.get(type)
    try:
        return fitting is not None and fitting(values)
    except TypeError:
        return False


STORE: Final[Mapping[str, Callable[[Any], Stored]]] = {
    "uuid": store_uuid,
    "String": store_text,
    "Int": store_integer,
    "Boolean": store_boolean,
    "timestamptz": store_timestamp,
    "jsonb": store_json,
    "interval": store_interval,
    "String[]": store_texts,
    "uuid[]": store_texts,
    "path": store_text,
}
"""How a value of each column type is written down, and of what else travels as a parameter; None
is the caller's affair.
"""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text + "+00:00")


LOAD: Final[Mapping[str, Callable[[Any], Any] | None]] = {
    "uuid": None,
    "String": None,
    "Int": None,
    "Boolean": bool,
    "timestamptz": _moment,
    "jsonb": json.loads,
    "interval": lambda microseconds: timedelta(microseconds=microseconds),
}
"""How it is read back; None where the database's value is the value."""
