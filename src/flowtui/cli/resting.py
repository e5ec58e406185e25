"""Modules of the standard library that rest: they are run when something of them is used.

asyncio imports all that TLS needs, and others import what they use on a rainy day. A dashboard over
a server without certificates has no use for it, and it would be an eighth of its memory. A resting
module is the one that everybody has imported; the first who takes something out of it wakes it,
whichever thread that is.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

RESTING: dict[str, tuple[str, ...]] = {
    "ssl": ("SSLSocket",),
    "asyncio.sslproto": (),
    "ipaddress": (),
    "linecache": (),
    "mimetypes": (),
    "shutil": (),
    "textwrap": (),
    "tokenize": (),
}
"""Module → classes that something may be asked to be an instance of. While the module rests,
nothing is, and nobody has to wake it to say so: asyncio asks that of every socket."""


class _Resting(ModuleType):
    """A module that has not been run."""

    def __init__(self, spec: ModuleSpec, kinds: tuple[str, ...]) -> None:
        super().__init__(spec.name)
        self.__spec__, self.__loader__, self.__file__ = spec, spec.loader, spec.origin
        self.__package__ = spec.parent
        self.__dict__.update({kind: _Kind(self, kind) for kind in kinds})
        self.__dict__.update(_lock=RLock(), _is_waking=False)

    def __getattr__(self, name: str) -> Any:
        if not (name.startswith("__") and name.endswith("__")):
            _wake(self)
            if name in self.__dict__:
                return self.__dict__[name]
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


def _wake(module: ModuleType) -> None:
    """Run it, if nobody has; one thread does, and the others wait."""
    with module.__dict__["_lock"]:
        if type(module) is not _Resting or module.__dict__["_is_waking"]:
            return
        module.__dict__["_is_waking"] = True
        try:
            spec = module.__spec__
            assert spec is not None
            assert spec.loader is not None
            spec.loader.exec_module(module)
            module.__class__ = ModuleType  # type: ignore[assignment]
        finally:
            module.__dict__["_is_waking"] = False


class _Kind:
    """A class of a module that rests."""

    def __init__(self, module: _Resting, name: str) -> None:
        self._module, self._name = module, name

    def _real(self) -> Any:
        _wake(self._module)
        return getattr(self._module, self._name)

    def __instancecheck__(self, value: object) -> bool:
        return type(self._module) is not _Resting and isinstance(value, self._real())

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return (self._real(),)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._real()(*given, **named)


def let_rest() -> None:
    """Let those modules rest that nobody has imported yet."""
    for name, kinds in RESTING.items():
        if name not in sys.modules:
            spec = _found(name)
            if spec is not None and spec.loader is not None:
                sys.modules[name] = _Resting(spec, kinds)


def _found(name: str) -> ModuleSpec | None:
    """What is known of a module, without running the package that it is in."""
    package, _, _ = name.rpartition(".")
    if not package:
        return find_spec(name)
    outer = find_spec(package)
    places = outer.submodule_search_locations if outer is not None else None
    return PathFinder.find_spec(name, places) if places else None
