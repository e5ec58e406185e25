"""The calls of cloud hooks: made after the commit, bounded in time, and only to whom they may be.

Whoever may write a hook chooses a URL that this machine then asks, so by default nothing within the
house is asked: a name is looked up once, every address it has is judged, and the connection goes to
the address that was judged, under the name's certificate.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

import httpx

from flowtui.server.services.hooks import Call, take_calls
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Storage

log = logging.getLogger("flowtui.server.hooks")

AT_ONCE: Final = 10
"""Calls that are under way at a time."""

PAUSE: Final = 1.0
"""Seconds between two looks at what is to be called."""

PAGERDUTY: Final = "https://events.pagerduty.com/v2/enqueue"
TWILIO: Final = "https://api.twilio.com/2010-04-01/Accounts/{account_sid}/Messages.json"

_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class Forbidden(Exception):
    """This may not be called from here."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Caller:
    """Calls hooks' targets for one server."""

    def __init__(
        self,
        settings: ServerSettings,
        *,
        resolve: Resolve = resolved,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._allowed = settings.hook_targets
        self._patience = settings.hook_patience
        self._resolve = resolve
        self._transport = transport

    async def call(self, call: Call) -> str | None:
        """Tell somebody, and say what went wrong, if something did."""
        try:
            await asyncio.wait_for(self._told(call), self._patience)
        except asyncio.TimeoutError:
            return f"No answer within {self._patience:g} seconds."
        except Forbidden as problem:
            return str(problem)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError) as problem:
            return f"{type(problem).__name__}: {problem}"
        return None

    async def _told(self, call: Call) -> None:
        # Neither a proxy of the environment nor a redirect leads anywhere that was not judged.
        async with httpx.AsyncClient(
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
            timeout=self._patience,
        ) as http:
            for request in requests_of(call):
                # Only how it begins is read: what follows may never end.
                answer = await self._sent(http, request)
                await answer.aclose()
                if not answer.is_success:
                    raise httpx.HTTPError(f"the answer was {answer.status_code}")

    async def _sent(self, http: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        """The answer of the first address of the request's host that takes a connection."""
        url = request.url
        *others, last = await self._judged(url)
        # The Host header stays the name; so does what the certificate is checked for.
        request.extensions["sni_hostname"] = url.host
        for address in others:
            request.url = url.copy_with(host=address)
            with suppress(httpx.ConnectError):
                return await http.send(request, stream=True)
        request.url = url.copy_with(host=last)
        return await http.send(request, stream=True)

    async def _judged(self, url: httpx.URL) -> Sequence[str]:
        """The addresses of a host, all of which may be called."""
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await self._resolve(url.host, port)
        if not addresses:
            raise Forbidden(f"{url.host} has no address.")
        for text in addresses:
            address = ipaddress.ip_address(text.partition("%")[0])
            if not (is_public(address) or self._is_allowed(url.host, address)):
                raise Forbidden(
                    f"{url.host} is an address within the house, which the server's setting"
                    " hook_targets does not allow."
                )
        return addresses

    def _is_allowed(self, host: str, address: Address) -> bool:
        for target in self._allowed:
            if target in ("*", host.lower()):
                return True
            try:
                if address in ipaddress.ip_network(target, strict=False):
                    return True
            except ValueError:
                continue  # a name
        return False


def is_public(address: Address) -> bool:
    """Whether an address is out there: not this machine, its network, or a way round to them."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local:
            return False  # to the standard library they are global, since nobody should use them
        within = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            within = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if within is not None:
            return is_public(within)
    return address.is_global and not (address.is_multicast or address.is_reserved)


def requests_of(call: Call) -> list[httpx.Request]:
    """What is sent for a call."""
    return _REQUESTS[call.type](call)


def _webhook(call: Call) -> list[httpx.Request]:
    headers = {"X-PREFECT-EVENT-ID": str(call.event["id"])}
    return [httpx.Request("POST", call.config["url"], json={"event": call.event}, headers=headers)]


def _slack(call: Call) -> list[httpx.Request]:
    state = call.event["state"]
    attachment = {"title": _headline(call), "text": state.get("message") or ""}
    body = {"text": _headline(call), "attachments": [attachment]}
    return [httpx.Request("POST", call.config["url"], json=body)]


def _pagerduty(call: Call) -> list[httpx.Request]:
    config, event = call.config, call.event
    flow, run, state = event["flow"].get("name"), event["flow_run"].get("name"), event["state"]
    # Rules that sort incidents go by these names.
    body = {
        "routing_key": config["routing_key"],
        "event_action": "trigger",
        "payload": {
            "summary": _headline(call),
            "source": "flowtui",
            "severity": config["severity"],
            "timestamp": event["timestamp"],
            "component": flow,
            "group": run,
            "class": f"State->{state['state']}",
            "custom_details": {
                "flow": flow,
                "flow_run": run,
                "flow_run_id": event["flow_run"].get("id"),
                "state": state["state"],
                "state_message": state.get("message") or "",
                "tenant_slug": event["tenant"].get("slug"),
            },
        },
    }
    headers = {"Authorization": f"Token token={config['api_token']}"}
    return [httpx.Request("POST", PAGERDUTY, json=body, headers=headers)]


def _twilio(call: Call) -> list[httpx.Request]:
    config = call.config
    to = [config["to"]] if isinstance(config["to"], str) else config["to"]
    auth = httpx.BasicAuth(config["account_sid"], config["auth_token"])
    made = []
    for number in to:
        form = {
            "To": number,
            "MessagingServiceSid": config["messaging_service_sid"],
            "Body": _headline(call),
        }
        url = TWILIO.format(account_sid=config["account_sid"])
        request = httpx.Request("POST", url, data=form)
        made.append(next(auth.auth_flow(request)))
    return made


_REQUESTS: Final[dict[str, Callable[[Call], list[httpx.Request]]]] = {
    "WEBHOOK": _webhook,
    "SLACK_WEBHOOK": _slack,
    "PAGERDUTY": _pagerduty,
    "TWILIO": _twilio,
}


def _headline(call: Call) -> str:
    run: dict[str, Any] = call.event["flow_run"]
    test = "Test: run" if call.event["is_test_event"] else "Run"
    state = call.event["state"]["state"]
    return f"{test} {run.get('name')} of {call.event['flow'].get('name')} is {state}."


async def make_calls(storage: Storage, caller: Caller) -> int:
    """Make the calls that wait, some at a time, and say how many went wrong or right."""
    calls = await storage.write(partial(take_calls, limit=AT_ONCE))
    problems = await asyncio.gather(*(caller.call(call) for call in calls))
    for call, problem in zip(calls, problems, strict=True):
        if problem is not None:
            log.warning("Hook of run %s: %s", call.event["flow_run"].get("id"), problem)
    return len(calls)


async def keep_calling(storage: Storage, caller: Caller) -> None:
    """Make calls until cancelled."""
    failing = False
    while True:
        try:
            made = await make_calls(storage, caller)
            failing = False
        except Exception:
            # Said once: a disk that is full stays so for a while.
            if not failing:
                log.exception("Hooks cannot be called; they are tried again")
            failing, made = True, 0
        if made < AT_ONCE:
            await asyncio.sleep(PAUSE)
