"""What a backend can do, read once from its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Capabilities:
    """The mutations there are, and how those are spelled that backends disagree on."""

    mutations: frozenset[str] = frozenset()
    schedule_inputs: frozenset[str] = frozenset()

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
    """Capabilities from the answer to `capabilities.graphql`; what is hidden counts as absent."""
    schema = answer.get("__schema") or {}
    mutations = (schema.get("mutationType") or {}).get("fields") or ()
    inputs = (answer.get("schedule") or {}).get("inputFields") or ()
    return Capabilities(
        frozenset(field["name"] for field in mutations),
        frozenset(field["name"] for field in inputs),
    )
