"""What the server of a database does for its owner: passes of its loops, purging, keys."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from flowtui.errors import ApiError
from flowtui.models.times import iso
from flowtui.server.loops.roster import roster
from flowtui.server.services import keys, purging
from flowtui.server.settings import LOOPS, ServerSettings
from flowtui.server.storage import Storage

Wishes = Mapping[str, Any]
"""What an operation is told, as JSON."""

Done = Mapping[str, Any]
"""What it did, as JSON."""

Operation = Callable[[Storage, ServerSettings, Wishes], Awaitable[Done]]

BREATH: Final = 1.0
"""Seconds of purging between two answers."""

PAGE: Final = 500
"""Runs that are looked up together."""


async def _make_a_pass(
    storage: Storage, settings: ServerSettings, wishes: Wishes, *, loop: str
) -> Done:
    """One pass of a loop."""
    return dict(await roster(settings)[loop].once(storage))


async def _purge(storage: Storage, settings: ServerSettings, wishes: Wishes) -> Done:
    """Remove old runs for a second, and say whether there are more."""
    before = _before(storage, wishes)
    until = time.monotonic() + BREATH
    gone: Counter[str] = Counter()
    while True:
        found = await storage.write(partial(purging.old_runs, before=before, limit=PAGE))
        for first in range(0, len(found), purging.RUNS):
            ids = [id for _, id in found[first : first + purging.RUNS]]
            while step := await storage.write(partial(purging.purge_step, before=before, ids=ids)):
                gone += step
                if time.monotonic() > until:
                    return {"rows": gone, "more": True}
        if len(found) < PAGE:
            return {"rows": gone, "more": False}


async def _weigh(storage: Storage, settings: ServerSettings, wishes: Wishes) -> Done:
    """Count what a purge would remove, for a second, and say where to go on."""
    before = _before(storage, wishes)
    until = time.monotonic() + BREATH
    after = _place(wishes.get("after"))
    weight: Counter[str] = Counter()
    while True:
        page = partial(purging.old_runs, before=before, limit=PAGE, after=after)
        found = await storage.write(page)
        for first in range(0, len(found), purging.RUNS):
            some = found[first : first + purging.RUNS]
            ids = [id for _, id in some]
            weight += await storage.write(partial(purging.weighed, ids=ids))
            after = some[-1]
            if time.monotonic() > until:
                time_, id = after
                return {"rows": weight, "after": [iso(time_), id], "before": iso(before)}
        if len(found) < PAGE:
            return {"rows": weight, "after": None, "before": iso(before)}


def _before(storage: Storage, wishes: Wishes) -> datetime:
    age = _seconds(wishes.get("older_than"), "How old the runs must be that go is missing.")
    try:
        return storage.clock() - age
    except OverflowError:
        raise ApiError("No run is as old as that.") from None


def _seconds(given: Any, otherwise: str) -> timedelta:
    """So many seconds, more than none; a refusal in these words of all that is not."""
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not given > 0:
        raise ApiError(otherwise)
    try:
        return timedelta(seconds=given)
    except OverflowError:
        return timedelta.max


def _place(after: Any) -> purging.Place | None:
    if after is None:
        return None
    time_, id = after
    return datetime.fromisoformat(time_), str(id)


async def _create_key(storage: Storage, settings: ServerSettings, wishes: Wishes) -> Done:
    """Make a key."""
    expires_at = None
    if wishes.get("lifetime") is not None:
        lifetime = _seconds(wishes["lifetime"], "How long the key is good has to be a number.")
        try:
            expires_at = storage.clock() + lifetime
        except OverflowError:
            raise ApiError("No key is good for as long as that.") from None
    made = await storage.write(
        partial(keys.create_key, name=str(wishes.get("name", "")), expires_at=expires_at)
    )
    return {"id": made.id, "key": made.key, "expires_at": expires_at and iso(expires_at)}


async def _list_keys(storage: Storage, settings: ServerSettings, wishes: Wishes) -> Done:
    """Say which keys there are."""
    return {
        "keys": [
            {
                "id": key["id"],
                "name": key["name"],
                "created": iso(key["created"]),
                "expires_at": key["expires_at"] and iso(key["expires_at"]),
                "expired": key["expires_at"] is not None and key["expires_at"] <= storage.clock(),
            }
            for key in await storage.write(keys.keys)
        ]
    }


async def _revoke_key(storage: Storage, settings: ServerSettings, wishes: Wishes) -> Done:
    """Revoke the key of a name or an id."""
    wanted = str(wishes.get("key", ""))
    for key in await storage.write(keys.keys):
        if wanted in (key["id"], key["name"]):
            await storage.write(partial(keys.delete_key, key_id=str(key["id"])))
            return {"id": key["id"], "name": key["name"]}
    raise ApiError(f"There is no key {wanted!r}.")


OPERATIONS: Final[Mapping[str, Operation]] = {
    **{loop: partial(_make_a_pass, loop=loop) for loop in LOOPS},
    "purge": _purge,
    "weigh": _weigh,
    "create-key": _create_key,
    "list-keys": _list_keys,
    "revoke-key": _revoke_key,
}
"""Every operation by its name."""
