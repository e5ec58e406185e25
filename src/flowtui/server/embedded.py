"""The backend inside another program: for tests, and for a world that ends with its process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from flowtui.frozen import frozen
from flowtui.server.app import create_app
from flowtui.server.doorkeeper import Doorkeeper
from flowtui.server.metrics import Metrics
from flowtui.server.services.tenants import seed_default_tenant
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Clock, Storage, Synchronous, open_storage, system_clock


@frozen
class Backend:
    """A backend that is ready: its application, and what stands behind it."""

    app: ASGIApp
    storage: Storage
    tenant_id: str
    metrics: Metrics
    doorkeeper: Doorkeeper


@asynccontextmanager
async def backend(
    settings: ServerSettings | None = None,
    *,
    clock: Clock = system_clock,
    operator: str = "",
    synchronous: Synchronous = "FULL",
) -> AsyncIterator[Backend]:
    """Open the database, see to it that there is a tenant, and close everything at the end.

    Loops are not started; their passes are functions that can be called. Raises ServerProblem when
    the database cannot be used. Who brings the `operator`'s token is let in without a key.
    """
    # Without settings nobody listens: only this program reaches it, by whatever name.
    settings = settings or ServerSettings(allowed_hosts=("*",))
    storage = await open_storage(
        settings.database,
        clock=clock,
        synchronous=synchronous,
        connections=settings.db_connections,
    )
    try:
        tenant_id = await storage.write(seed_default_tenant)
        metrics = Metrics()
        doorkeeper = Doorkeeper(storage, settings, operator)
        await doorkeeper.look()
        app = create_app(storage, settings, metrics=metrics, doorkeeper=doorkeeper)
        yield Backend(app, storage, tenant_id, metrics, doorkeeper)
    finally:
        await storage.close()
