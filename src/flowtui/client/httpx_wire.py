"""HTTP by httpx: over proxies, with certificates, with a password in the URL, and in-process."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from flowtui.client.wire import (
    CONNECTING,
    WAITING,
    Answer,
    cut_off,
    no_url,
    not_connected,
    too_slow,
)
from flowtui.errors import NotSent


class HttpxWire:
    """A client of httpx for one URL."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._headers = dict(headers)
        self._timeout = httpx.Timeout(WAITING, connect=CONNECTING)
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    async def post(self, body: bytes) -> Answer:
        """The answer to a document; it is sent once."""
        try:
            if self._client is None:
                self._client = httpx.AsyncClient(
                    headers=self._headers, timeout=self._timeout, transport=self._transport
                )
            answer = await self._client.post(self._url, content=body)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise no_url(self._url) from error
        except httpx.ConnectTimeout as error:
            raise too_slow(self._url, NotSent) from error
        except httpx.TimeoutException as error:
            raise too_slow(self._url) from error
        except httpx.ConnectError as error:
            raise not_connected(self._url, error) from error
        except Exception as error:
            raise cut_off(self._url, error) from error
        return Answer(answer.status_code, answer.content)

    async def close(self) -> None:
        """Let go of the network."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
