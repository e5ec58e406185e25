"""What is known of the backend itself."""

from __future__ import annotations

from flowtui.frozen import frozen


@frozen
class About:
    """What a backend says of itself."""

    kind: str
    """SERVER or CLOUD."""
    version: str
    core_version: str = ""
    mode: str = ""
    """`normal`, or what it is restricted to."""


@frozen
class Tenant:
    """One of those who share a backend."""

    id: str
    name: str
    slug: str
    is_queue_paused: bool = False
    """Whether no agent is given a run."""
