"""Conditions on records, said so that a backend can be asked for those that hold them.

They name no API: a field by its path, a relation, a value. What a filter means for records that
are here is a test; its condition is the same for records that are not, and may let more through
than the test where a backend cannot be asked precisely.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flowtui.frozen import frozen


@frozen
class Compared:
    """A field beside a value."""

    path: str
    """Such as `flow.project.name`."""
    relation: str
    """`=`, `<`, `<=`, `>`, `>=`, `in`; `like`, which knows `%`, `_` and a backslash before a sign
    that is meant, in upper or lower case; `has`, a name in an object; `contains`, a part of an
    object or a list; `absent`, no value at all."""
    value: Any = None
    is_nullable: bool = True
    """The field may have no value; then nothing holds of it but that."""
    negated: bool = False


@frozen
class Every:
    """All of them hold."""

    parts: tuple[Condition, ...] = ()


@frozen
class Either:
    """One of them holds."""

    parts: tuple[Condition, ...] = ()


Condition = Compared | Every | Either

ANYTHING = Every()
NOTHING = Either()


@frozen
class Meaning:
    """What a filter, or a part of one, asks for."""

    condition: Condition = ANYTHING
    is_exact: bool = True
    """The condition lets through what the filter does, and nothing else."""


PLAIN = Meaning()
"""What a filter without conditions asks for."""
VAGUE = Meaning(ANYTHING, False)
"""What only a test can say."""


def every(conditions: Iterable[Condition]) -> Condition:
    """All of them hold."""
    parts = tuple(one for one in conditions if one != ANYTHING)
    if NOTHING in parts:
        return NOTHING
    return parts[0] if len(parts) == 1 else Every(parts)


def either(conditions: Iterable[Condition]) -> Condition:
    """One of them holds."""
    parts = tuple(one for one in conditions if one != NOTHING)
    if ANYTHING in parts:
        return ANYTHING
    return parts[0] if len(parts) == 1 else Either(parts)


def opposite(condition: Condition) -> Condition:
    """It does not hold; a field without a value is no exception."""
    if isinstance(condition, Every):
        return either(map(opposite, condition.parts))
    if isinstance(condition, Either):
        return every(map(opposite, condition.parts))
    turned = replace(condition, negated=not condition.negated)
    if not condition.is_nullable or condition.relation == "absent":
        return turned
    absent = Compared(condition.path, "absent")
    if condition.negated:
        return every((turned, replace(absent, negated=True)))
    return either((turned, absent))


def all_of(meanings: Iterable[Meaning]) -> Meaning:
    """What several parts of a filter mean together."""
    parts = tuple(meanings)
    return Meaning(every(one.condition for one in parts), all(one.is_exact for one in parts))


def one_of(meanings: Iterable[Meaning]) -> Meaning:
    """What values mean that are separated by commas."""
    parts = tuple(meanings)
    return Meaning(either(one.condition for one in parts), all(one.is_exact for one in parts))


def none_of(meaning: Meaning) -> Meaning:
    """What a filter with a `!` before it means."""
    return Meaning(opposite(meaning.condition)) if meaning.is_exact else VAGUE
