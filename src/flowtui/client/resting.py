"""Packages that rest: one part of a library is used, and the rest of it is not run.

Importing anything of gql runs its whole package, and that all of graphql-core: schemas, validation,
execution. The dashboard sends documents that tests have checked, so it needs a transport and a few
names; the rest would be a fifth of its memory. A resting package has its submodules and the names
said here; whoever asks it for any other name wakes it, and has the whole package from then on.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Resting(ModuleType):
    """A package whose `__init__` has not been run."""

    _homes: Mapping[str, str]

    def __getattr__(self, name: str) -> Any:
        homes = self.__dict__["_homes"]
        if name in homes:
            found = getattr(import_module(homes[name]), name)
            setattr(self, name, found)
            return found
        spec = self.__dict__["__spec__"]
        if name.startswith("__") or spec is None or spec.loader is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec.loader.exec_module(self)
        return getattr(self, name)


def let_rest(package: str, homes: Mapping[str, str] | None = None) -> None:
    """Do not run this package before somebody asks for a name of it; `homes` says in which of its
    modules some names live. A package that was imported before stays as it is."""
    if package in sys.modules:
        return
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        return
    module = _Resting(package)
    module._homes = dict(homes or {})
    module.__spec__, module.__loader__, module.__package__ = spec, spec.loader, package
    module.__path__ = spec.submodule_search_locations
    module.__file__ = spec.origin
    sys.modules[package] = module


def let_clients_rest() -> None:
    """Let those packages rest that a client of a GraphQL API over HTTP has no use for."""
    if "httpx" not in sys.modules:
        # httpx runs a command line of its own, with click, rich and pygments, where it finds it.
        sys.modules["httpx._main"] = None  # type: ignore[assignment]
        import_module("httpx")
        del sys.modules["httpx._main"]
    if "graphql" in sys.modules or "gql" in sys.modules:
        return
    let_rest("gql")
    names = {
        "DocumentNode": "graphql.language.ast",
        "ExecutionResult": "graphql.execution.types",
        "GraphQLSchema": "graphql.type.schema",
        "Source": "graphql.language.source",
        "parse": "graphql.language.parser",
        "print_ast": "graphql.language.printer",
    }
    let_rest("graphql", names)
    for package in ("graphql.execution", "graphql.utilities"):
        let_rest(package)
