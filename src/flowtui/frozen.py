"""Frozen dataclasses that are quick to define.

`dataclass(frozen=True)` writes and compiles six methods for each class. More than a hundred of them
stand before the first page, and that was a tenth of a start. Here only `__init__` is written: to
compare, to hash and to show themselves all have the same. That nothing changes a field is for the
type checker to see, which takes these for frozen dataclasses, as `replace` and `fields` do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, overload

T = TypeVar("T")

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[T], T]:
        """Says something to the type checker alone."""
        return lambda same: same


@overload
def frozen(cls: type[T], /) -> type[T]: ...


@overload
def frozen(*, slots: bool) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[Any] | None = None, /, *, slots: bool = False) -> Any:
    """Make a class a frozen dataclass; with `slots` one of which there are many instances."""
    if cls is None:
        return lambda plain: _made(plain, slots)
    return _made(cls, slots)


def _made(plain: type[Any], slots: bool) -> Any:
    made: Any = dataclass(repr=False, eq=False, slots=slots)(plain)
    own = fields(made)
    compared, hashed = [one for one in own if one.compare], [one for one in own if _is_hashed(one)]
    made._compared = values = _values(compared)
    made._hashed = values if hashed == compared else _values(hashed)
    made.__eq__, made.__hash__, made.__repr__ = _eq, _hash, _repr
    return made


def _is_hashed(one: Field[Any]) -> bool:
    return one.compare if one.hash is None else one.hash


def _values(named: list[Field[Any]]) -> Callable[[Any], Any]:
    """A function that takes the values of these fields from an instance."""
    names = [one.name for one in named]
    return staticmethod(attrgetter(*names) if names else lambda _: ())


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self._compared(self) == self._compared(other)


def _hash(self: Any) -> int:
    return hash(self._hashed(self))


def _repr(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"
