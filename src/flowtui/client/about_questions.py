"""What a backend says of itself: what it is, and who shares it."""

from __future__ import annotations

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.config import Profile
from flowtui.errors import Refused
from flowtui.models.connection import About, Tenant


class AboutQuestions:
    """Questions about the backend itself."""

    profile: Profile
    connection: Connection

    async def about(self) -> About:
        """What answers, and what it calls itself."""
        answer = await self.connection.execute("about")
        with reading.understood("itself"):
            api = answer["api"]
            return About(
                reading.text(api["backend"]),
                reading.text(api["version"]),
                reading.text(api["core_version"]),
                reading.text(api["mode"]),
            )

    async def tenants(self) -> list[Tenant]:
        """Those who share the backend, by slug."""
        answer = await self.connection.execute("tenants")
        with reading.understood("tenants"):
            return [
                Tenant(
                    str(row["id"]),
                    str(row["name"] or row["slug"]),
                    str(row["slug"]),
                    (row["settings"] or {}).get("work_queue_paused") is True,
                )
                for row in answer["tenant"]
            ]

    async def tenant(self) -> Tenant:
        """The one that is looked at: the profile's, else the first. Raises Refused without any."""
        known = await self.tenants()
        wanted = self.profile.tenant
        if not known:
            raise Refused("this backend has no tenant yet; 'flowtui server start' makes one.")
        return next((one for one in known if wanted in (one.id, one.slug)), known[0])

    async def is_queue_paused(self) -> bool:
        """Whether the work queue of any tenant that can be seen is paused, as Cloud's can be."""
        return any(one.is_queue_paused for one in await self.tenants())
