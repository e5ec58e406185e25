"""The sample agents: two that are simulated and alive, and some that were seen last a while ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flowtui.frozen import frozen

CORE_VERSION = "1.4.1"


@frozen
class Agent:
    """An agent as the backend knows it."""

    name: str
    type: str
    labels: tuple[str, ...] = ()
    last_seen: timedelta = timedelta()
    """How long before now; nothing for those that the demo keeps alive."""

    @property
    def is_simulated(self) -> bool:
        """Whether the demo plays it."""
        return not self.last_seen

    def takes(self, labels: Sequence[str]) -> bool:
        """Whether a run with these labels is for it, by the backend's rule."""
        return bool(labels) == bool(self.labels) and set(labels) <= set(self.labels)


CREW: tuple[Agent, ...] = (
    Agent("k8s-prod-0", "KubernetesAgent", ("k8s", "prod"), timedelta(days=3, hours=5)),
    Agent("simulated agent k8s-prod-1", "KubernetesAgent", ("k8s", "prod")),
    Agent("simulated agent local", "LocalAgent"),
    Agent("gpu-farm", "DockerAgent", ("gpu", "prod"), timedelta(minutes=42)),
    Agent("onprem-batch", "LocalAgent", ("onprem",), timedelta(minutes=57)),
)
"""In the order in which they take what several could."""
