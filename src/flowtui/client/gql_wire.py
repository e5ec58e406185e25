"""GraphQL by gql over httpx: through proxies, with certificates, with a password in the URL, and
in-process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from gql.graphql_request import GraphQLRequest
from gql.transport.exceptions import (
    TransportConnectionFailed,
    TransportError,
    TransportServerError,
)
from gql.transport.httpx import HTTPXAsyncTransport

from flowtui.client.answers import bad_answer, written
from flowtui.client.wire import (
    CONNECTING,
    WAITING,
    cut_off,
    no_url,
    not_connected,
    too_slow,
)
from flowtui.errors import NotSent, Unreachable


class GqlWire:
    """A transport of gql for one URL."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._transport = HTTPXAsyncTransport(
            url,
            headers=dict(headers),
            timeout=httpx.Timeout(WAITING, connect=CONNECTING),
            transport=transport,
        )

    async def ask(self, text: str, variables: dict[str, Any]) -> tuple[Any, Sequence[Any]]:
        """The `data` and the `errors` of the answer to a document; it is sent once."""
        written(variables)  # httpx would say what is no JSON in words of its own
        try:
            if self._transport.client is None:
                await self._transport.connect()  # type: ignore[no-untyped-call]
            result = await self._transport.execute(_AsItStands(text, variables))
        except TransportConnectionFailed as error:
            raise _failed(self._url, error.__cause__ or error) from error
        except TransportServerError as error:
            raise bad_answer(self._url, error.code or 500) from error
        except (TransportError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise bad_answer(self._url, 200) from error
        errors: Any = result.errors or []
        return result.data, errors if isinstance(errors, list) else (errors,)

    async def close(self) -> None:
        """Let go of the network."""
        await self._transport.close()  # type: ignore[no-untyped-call]


class _AsItStands(GraphQLRequest):
    """A text that is sent without being read: tests have checked it, or the backend will."""

    def __init__(self, text: str, variables: dict[str, Any]) -> None:
        self._text = text
        self.variable_values = variables
        self.operation_name = None
        self.extensions = None

    @property
    def payload(self) -> dict[str, Any]:
        """What is sent as JSON."""
        return {"query": self._text, "variables": self.variable_values}


def _failed(url: str, cause: BaseException) -> Unreachable:
    if isinstance(cause, (httpx.UnsupportedProtocol, httpx.InvalidURL)):
        return no_url(url)
    if isinstance(cause, httpx.ConnectTimeout):
        return too_slow(url, NotSent)
    if isinstance(cause, httpx.TimeoutException):
        return too_slow(url)
    if isinstance(cause, httpx.ConnectError):
        return not_connected(url, cause)
    return cut_off(url, cause)
