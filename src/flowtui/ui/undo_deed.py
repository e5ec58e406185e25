"""Taking many commands back at once: what somebody asked for as one is undone as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flowtui.errors import NotFound
from flowtui.frozen import frozen
from flowtui.models.ids import FlowRunId
from flowtui.models.journal import Entry, not_undoable
from flowtui.ui.bulk import Becomes, BulkDeed, Kind
from flowtui.ui.journal_columns import spoken

if TYPE_CHECKING:
    from flowtui.client.backend import Backend


@frozen
class Sent:
    """A command that may be taken back."""

    entry: Entry
    reason: str = ""
    """Why it cannot be, as far as that is known."""


async def _again(backend: Backend, commands: Sequence[Sent]) -> Mapping[str, Sent]:
    """The commands, each with what speaks against taking it back now."""
    journal, api_url = backend.journal_entries(), backend.profile.api_url
    versions = await _versions(backend, [one.entry for one in commands])
    found: dict[str, Sent] = {}
    for one in commands:
        entry = one.entry
        reason = not_undoable(entry, journal, api_url) or ""
        still = entry.undo.still if entry.undo is not None and not reason else None
        if still is not None and _is_version(entry):
            now = versions.get(still.id)
            if now is None:
                reason = "it is gone"
            elif now not in still.one_of:
                reason = f"its version has been changed since; it is {now} now"
        elif still is not None:
            try:
                reason = await backend.moved(still)
            except NotFound:
                reason = "it is gone"
        found[entry.id] = Sent(entry, reason)
    return found


def _is_version(entry: Entry) -> bool:
    still = entry.undo.still if entry.undo is not None else None
    return still is not None and (still.kind, still.field) == ("flow_run", "version")


async def _versions(backend: Backend, entries: Sequence[Entry]) -> Mapping[str, int]:
    """The versions that runs have now, of all that are guarded by it: asked for in one."""
    ids = [FlowRunId(one.undo.still.id) for one in entries if _is_version(one)]  # type: ignore[union-attr]
    return {id: run.state.version for id, run in (await backend.runs_again(ids)).items()}


async def _moved(backend: Backend, one: Sent) -> str:
    return "" if one.entry.undo is None else await backend.moved_since(one.entry.undo)


COMMANDS: Kind[Sent] = Kind(
    noun="command",
    key=lambda one: one.entry.id,
    name=lambda one: one.entry.target.partition(" of ")[0],
    belongs=lambda one: one.entry.target.partition(" of ")[2],
    owner="of",
    state=lambda one, now: spoken(one.entry.mutation),
    version=lambda one: None,
    seconds=lambda one, now: (now - one.entry.at).total_seconds(),
    again=_again,
    moved=_moved,
    state_called="was sent",
)


def _becomes(one: Sent, now: datetime) -> Becomes:
    undo = one.entry.undo
    if one.reason or undo is None:
        return Becomes(skip=one.reason or "there is no way back")
    return Becomes(_state_of(undo.input) or undo.says)


def _state_of(given: Mapping[str, Any]) -> str:
    """The state that an undo sets, where it sets one of one thing."""
    states = given.get("states")
    entry = states[0] if isinstance(states, list) and len(states) == 1 else given
    state = entry.get("state")
    return str(state.get("type") or "") if isinstance(state, Mapping) else ""


async def _take_back(backend: Backend, one: Sent) -> None:
    await backend.take_back(one.entry)


TAKE_BACK: BulkDeed[Sent] = BulkDeed(
    COMMANDS,
    "u",
    "Take back {}",
    "take back …",
    "Send what undoes each of them.",
    "the undo of each",
    _becomes,
    _take_back,
    undo="there is no way back but to do it again",
    guards_itself=True,
)
