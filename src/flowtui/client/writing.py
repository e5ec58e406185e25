"""The one way a command goes to a backend, refused for a read-only profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowtui.client import reading
from flowtui.client.capabilities import Capabilities, capabilities_from
from flowtui.client.connection import Connection
from flowtui.config import Profile
from flowtui.errors import Refused, UsageProblem


class Writer:
    """What every command is sent by; no screen can forget that a profile is read-only."""

    profile: Profile
    connection: Connection
    _capabilities: Capabilities | None = None

    async def capabilities(self) -> Capabilities:
        """What this backend can do; asked once."""
        if self._capabilities is None:
            answer = await self.connection.execute("capabilities")
            with reading.understood("what it can do"):
                self._capabilities = capabilities_from(answer)
        return self._capabilities

    def _writable(self) -> None:
        if self.profile.read_only:
            raise UsageProblem(
                "This profile is read-only, so nothing was sent.",
                "Start without --read-only to change things.",
            )

    async def _command(self, mutation: str, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        self._writable()
        answer = await self.connection.execute(mutation, input=dict(sent))
        payload = answer.get(mutation)
        if not isinstance(payload, Mapping):
            raise Refused(f"The backend gave no answer to {mutation}.")
        return payload
