"""What a backend can do, read once from its schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flowtui.frozen import frozen


@frozen
class Capabilities:
    """The mutations there are, and how those are spelled that backends disagree on."""

    mutations: frozenset[str] = frozenset()
    schedule_inputs: frozenset[str] = frozenset()
    creators: frozenset[str] = frozenset()
    """Of what it keeps who made it: `flow` for versions, `run` for runs."""
    contacts: bool = False
    """Whether it keeps how often agents asked for work."""

    def knows_creators(self, kind: str) -> bool:
        """Whether the backend keeps who made a `flow` or a `run`."""
        return kind in self.creators

    def can(self, mutation: str) -> bool:
        """Whether the backend has this mutation."""
        return mutation in self.mutations

    @property
    def guards_states(self) -> bool:
        """Whether the backend itself refuses a state for an old version."""
        return self.can("set_flow_run_state")

    @property
    def limits(self) -> bool:
        """Whether flow runs with a label and task runs with a tag can be limited."""
        return self.can("update_flow_concurrency_limit")


def capabilities_from(answer: Mapping[str, Any]) -> Capabilities:
    """Capabilities from the answer to `capabilities.graphql`.

    They are kept, so what is no answer is not read as one that says no.
    """
    mutations, schedule = answer["__schema"]["mutationType"], answer["schedule"]
    return Capabilities(
        _names(mutations["fields"]) if mutations is not None else frozenset(),
        _names(schedule["inputFields"]) if schedule is not None else frozenset(),
        frozenset(
            kind for kind in ("flow", "run") if "created_by" in _names(answer[kind]["fields"])
        ),
        "contacts" in _names(answer["agent"]["fields"]),
    )


def _names(fields: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    names = frozenset(field["name"] for field in fields)
    if not all(isinstance(name, str) for name in names):
        raise ValueError("something has no name")
    return names
