"""Who may ask: those with a good key, those of this machine where there is none, and the operator.

The operator is whoever can read the file with the token beside the database, and with it the
database itself.
"""

from __future__ import annotations

import hmac
import time
from functools import partial
from typing import Final

from flowtui.errors import FlowtuiError
from flowtui.server.services import keys
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Storage

REMEMBERED: Final = 5.0
"""Seconds that a verdict on a key is good for: with several servers on one database, a key that
one revokes opens the others no longer than that."""

MOST: Final = 1000
"""Verdicts that are remembered; somebody who guesses keys must not fill the memory."""

REFUSED: Final = "This server needs an API key, and the one given is missing or wrong."


class Doorkeeper:
    """Knows the keys of one server."""

    def __init__(self, storage: Storage, settings: ServerSettings, operator: str = "") -> None:
        self._storage = storage
        self._key = settings.api_key or ""
        self._operator = operator
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
            self._verdicts[hashed] = (time.monotonic() + REMEMBERED, verdict)
        return verdict
