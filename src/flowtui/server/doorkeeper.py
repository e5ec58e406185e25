"""Who may ask: those with a good key, those of this machine where there is none, and the operator.

The operator is whoever can read the file with the token beside the database, and with it the
database itself.
"""

from __future__ import annotations

import hmac
import time
from functools import lru_cache, partial
from typing import Final
from urllib.parse import urlsplit

from flowtui.errors import FlowtuiError
from flowtui.server.services import keys
from flowtui.server.settings import ServerSettings, is_address, is_loopback
from flowtui.server.storage import Storage

MOST: Final = 1000
"""Verdicts that are remembered; somebody who guesses keys must not fill the memory."""

DOCKERS_HOST: Final = "host.docker.internal"
"""What containers call the machine they run on; nobody can have the name lead anywhere else."""

REFUSED: Final = "This server needs an API key, and the one given is missing or wrong."


class Doorkeeper:
    """Knows the keys of one server."""

    def __init__(self, storage: Storage, settings: ServerSettings, operator: str = "") -> None:
        self._storage = storage
        self._key = settings.api_key or ""
        self._operator = operator
        self._remembered = settings.keys_remembered
        self._is_open = settings.is_open
        self._hosts = {*settings.allowed_hosts, DOCKERS_HOST}
        self._always = bool(self._key) or not (settings.is_loopback or settings.insecure)
        self._verdicts: dict[str, tuple[float, keys.Verdict]] = {}
        self._some = False

    async def lets_in(self, authorization: str) -> bool:
        """Whether a request with this header is answered."""
        scheme, _, given = authorization.partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else ""
        for known in (self._key, self._operator):
            if known and hmac.compare_digest(given.encode(), known.encode()):
                return True
        verdict = await self._verdict(given)
        return verdict.good or not (self._always or verdict.some)

    async def objects(self, origin: str | None, host: str | None) -> str:
        """Why a page that a browser shows may not ask here; nothing, if it may.

        Without a key, everybody who reaches the server may do everything. Then only pages of this
        machine may, or any page that its user opens could cancel runs. And only by a name of this
        machine, or a page could have its own name lead here, and so pass for one of ours.
        """
        if self._is_open:
            return ""
        foreign = origin is not None and not self._is_ours(origin)
        unknown = host is not None and not self._is_known(f"//{host}")
        if not (foreign or unknown) or await self.needs_keys():
            return ""
        if foreign:
            return "Pages from elsewhere may not ask here."
        return (
            f"This server is not known by the name {host[:100] if host else ''!r}. Add it to"
            " allowed_hosts (--allowed-hosts), or make an API key."
        )

    def _is_ours(self, url: str) -> bool:
        """Whether a URL's host is this machine."""
        return _host(url) in self._hosts or is_loopback(_host(url))

    def _is_known(self, url: str) -> bool:
        """Whether a request may have gone to this URL; no address in numbers can be led here."""
        return "*" in self._hosts or self._is_ours(url) or is_address(_host(url))

    async def needs_keys(self) -> bool:
        """Whether somebody without a key is refused."""
        return not await self.lets_in("")

    async def look(self) -> None:
        """See whether there are keys, before the first request."""
        await self._verdict("")

    def forget(self) -> None:
        """Look at every key anew: one was made or revoked."""
        for hashed, (_, verdict) in self._verdicts.items():
            self._verdicts[hashed] = (0.0, verdict)

    async def _verdict(self, given: str) -> keys.Verdict:
        hashed = keys.hashed(given)
        until, verdict = self._verdicts.get(hashed, (0.0, keys.Verdict(False, False)))
        if until < time.monotonic():
            try:
                verdict = await self._storage.write(partial(keys.verdict, key=given))
            except FlowtuiError:
                # A disk that is full or broken neither lets anybody in nor locks anybody out.
                return keys.Verdict(verdict.good, self._some)
            self._some = verdict.some
            if len(self._verdicts) >= MOST:
                self._verdicts.clear()
            self._verdicts[hashed] = (time.monotonic() + self._remembered, verdict)
        return verdict


@lru_cache(maxsize=256)
def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
