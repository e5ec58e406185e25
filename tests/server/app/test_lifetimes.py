"""Idempotency keys that are good for a time, where somebody wants the older documents' day."""

from __future__ import annotations

import httpx

from flowtui.server.app import create_app
from flowtui.server.settings import ServerSettings
from tests.server.installation import Client


async def test_a_key_is_free_again_after_its_lifetime(api: Client) -> None:
    settings = ServerSettings(idempotency_key_lifetime=86_400)
    flow_id = await api.flow()
    forever = await api.run(flow_id, idempotency_key="for ever")
    app = create_app(api.storage, settings)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:4200"
    ) as http:
        lasting, api.http = api.http, http
        first = await api.run(flow_id, idempotency_key="nightly")
        api.clock.advance(hours=23)
        # Every use of a key begins its day anew.
        assert await api.run(flow_id, idempotency_key="nightly") == first
        api.clock.advance(hours=23)
        assert await api.run(flow_id, idempotency_key="nightly") == first
        api.clock.advance(hours=25)
        second = await api.run(flow_id, idempotency_key="nightly")
        assert second != first
        assert await api.run(flow_id, idempotency_key="nightly") == second
        assert (await api.flow_run(first, "idempotency_key"))["idempotency_key"] is None
        api.http = lasting
    api.clock.advance(days=1000)
    assert await api.run(flow_id, idempotency_key="for ever") == forever
