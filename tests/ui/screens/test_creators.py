"""Who registered a version and who made a run, over a backend that keeps it, and over one not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.driver import dashboard
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


class CloudTransport(httpx.AsyncBaseTransport):
    """The way to a backend that keeps who made what, as Cloud does."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.asked: list[list[str]] = []
        """The ids of each question about makers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = json.loads(await request.aread())
        if "creators:" in sent["query"]:
            self.asked.append(sent["variables"]["ids"])
            rows = [{"id": one, "created_by": {"username": "marta"}} for one in self.asked[-1]]
            return httpx.Response(200, json={"data": {"creators": rows}})
        answer = await self._inner.handle_async_request(request)
        if "query Capabilities" not in sent["query"]:
            return answer
        said = json.loads(await answer.aread())
        for kind in ("flow", "run"):
            said["data"][kind]["fields"].append({"name": "created_by"})
        return httpx.Response(200, json=said)


@pytest.fixture
def cloud(night: World) -> Iterator[CloudTransport]:
    inner = night.transport
    line = CloudTransport(inner)
    night.transport = line  # type: ignore[assignment]
    yield line
    night.transport = inner


async def test_cloud_tells_who_made_a_version_and_a_run(
    night: World, cloud: CloudTransport
) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("enter")
        await ui.sees("rosy-otter")
        await ui.press("V", "d")
        await ui.sees("by marta")
        await ui.press("V")
        await ui.highlight("rosy-otter")
        await ui.press("enter")
        await ui.sees("by marta")
        await ui.press("d")
        await ui.sees("Parameters", "marta")
    asked = [one for ids in cloud.asked for one in ids]
    assert len(asked) == len(set(asked)), "who made something is asked for once"


async def test_a_server_that_keeps_no_makers_is_not_asked_for_them(night: World) -> None:
    night.transport.requests.clear()
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("enter")
        await ui.sees("rosy-otter")
        await ui.press("V", "d")
        await ui.sees("registered", "group id")
    assert not any(b"created_by {" in body for body in night.transport.requests)
