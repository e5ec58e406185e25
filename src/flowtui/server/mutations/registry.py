"""Where mutations are declared: a resolver unpacks, calls a service and shapes the answer.

One mutation is one transaction; the resolver is handed it and can do nothing outside.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from flowtui.frozen import frozen
from flowtui.server.services.hooks import Call
from flowtui.server.services.sizes import STANDARD, Sizes
from flowtui.server.storage import Storage, Transaction

Input = Mapping[str, Any]
"""The `input` argument: what the client wrote and no more, under snake_case names."""


@frozen
class Request:
    """What a request says about its sender, beside the document."""

    agent_id: str | None = None
    core_version: str | None = None
    key_lifetime: timedelta | None = None
    """How long an idempotency key of a run is good; the server's setting, not the sender's."""
    sizes: Sizes = STANDARD
    """What the server takes; its setting, too."""


Calls = Callable[[Call], Awaitable["str | None"]]
"""Makes the call of a hook, and says what went wrong, if something did."""


@frozen
class MutationContext:
    """What a mutation is executed with."""

    storage: Storage
    request: Request
    call: Calls


@frozen
class Deferred:
    """The rest of a mutation, done after the commit: it takes its time, and writes nothing."""

    finish: Callable[[MutationContext], Awaitable[Any]]


Resolver = Callable[[Transaction, Input, Request], Awaitable[Any]]

MUTATIONS: dict[str, Resolver] = {}
"""Every mutation by its name in the schema."""


def mutation(name: str) -> Callable[[Resolver], Resolver]:
    """Declare the resolver of a mutation that an SDL file beside it describes."""

    def declare(resolver: Resolver) -> Resolver:
        if name in MUTATIONS:
            raise ValueError(f"the mutation {name} is declared twice")
        MUTATIONS[name] = resolver
        return resolver

    return declare
