"""Where the journal is kept: a file of JSON lines that several dashboards may write at once.

A command makes two lines with one id: one before it is sent, one with its outcome. So a command
whose answer nobody lived to read is not forgotten. Lines are appended in one write each and end
with a line feed before and after, so that half a line, left by a crash, spoils no other. When the
file is full it becomes the second file, and the second one goes.

A journal that cannot be written keeps what it has in memory, says so once, and stops nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flowtui.models.journal import SENT, UNKNOWN, Batch, Entry, Still, Undo
from flowtui.models.times import iso, parse_time

FILE_LIMIT = 2_000_000
"""Bytes from which a file counts as full."""
INPUT_LIMIT = 20_000
"""Bytes of an input that are kept; what is longer is not written down, nor can it be undone."""
REMEMBERED = 2_000
"""Entries that are read back at most."""

_SECRETS = ("password", "secret", "token", "api_key", "apikey")


class Journal:
    """Everything that was sent, the newest last; without a path it lasts as long as the program."""

    def __init__(
        self, path: Path | None = None, on_trouble: Callable[[str], None] = lambda said: None
    ) -> None:
        self.path = path
        self.on_trouble = on_trouble
        self.trouble = ""
        """Why the last entry is not in the file; empty while all is well."""
        self._unsaved: list[str] = []

    def write(self, entry: Entry) -> None:
        """Append an entry, or what has become of it. Never raises."""
        line = _line(entry)
        if self.path is None:
            self._unsaved.append(line)
            return
        try:
            _append(self.path, "\n".join([*self._unsaved, line]))
        except OSError as error:
            self._unsaved = [*self._unsaved, line][-REMEMBERED:]
            self._complain(f"{self.path} cannot be written: {error.strerror or error}")
        else:
            self._unsaved = []
            self.trouble = ""

    def entries(self) -> list[Entry]:
        """Every command, the newest first, each with its outcome."""
        found: dict[str, Entry] = {}
        for line in [*self._lines(), *self._unsaved]:
            entry = _entry(line)
            if entry is not None:
                found[entry.id] = entry
        last_first = reversed(list(found.values()))
        newest = sorted(last_first, key=lambda one: one.at, reverse=True)
        return newest[:REMEMBERED]

    def _lines(self) -> list[str]:
        lines: list[str] = []
        for path in () if self.path is None else (_older(self.path), self.path):
            try:
                lines += path.read_text("utf-8", "replace").split("\n")
            except FileNotFoundError:
                continue
            except OSError as error:
                self._complain(f"{path} cannot be read: {error.strerror or error}")
        return lines

    def _complain(self, trouble: str) -> None:
        """Say what is wrong, once."""
        if not self.trouble:
            self.trouble = trouble
            self.on_trouble(trouble)


def _older(path: Path) -> Path:
    return path.with_suffix(".old.jsonl")


def _append(path: Path, lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = f"\n{lines}\n".encode()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        while data:
            data = data[os.write(file, data) :]
        is_full = os.fstat(file).st_size > FILE_LIMIT
    finally:
        os.close(file)
    if is_full:
        _turn_over(path)


def _turn_over(path: Path) -> None:
    """Begin a new file; when another dashboard is at it, leave it to that one."""
    with _alone(path.with_suffix(".lock")) as is_mine:
        if is_mine and path.stat().st_size > FILE_LIMIT:
            path.replace(_older(path))


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """Whether nobody else holds the lock; held until the block ends."""
    try:
        import fcntl
    except ImportError:  # a system without it has no second dashboard that would be asked
        yield True
        return
    file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)


# Lines and entries --------------------------------------------------------------------------------


def _line(entry: Entry) -> str:
    given = _kept(entry.input)
    undo = None if entry.undo is None else _undo_document(entry.undo)
    if undo is not None and _kept(undo) != _plain(undo):
        undo = None  # with a part of it left out it would send something else
    document = {
        "id": entry.id,
        "at": iso(entry.at),
        "profile": entry.profile,
        "api_url": entry.api_url,
        "mutation": entry.mutation,
        "input": given,
        "target": entry.target,
        "outcome": entry.outcome,
        "said": entry.said,
        "undo": undo,
        "undoes": entry.undoes,
        "batch": entry.batch and [entry.batch.id, entry.batch.says],
    }
    return json.dumps(document, separators=(",", ":"), default=str)


def _kept(given: Mapping[str, Any]) -> Any:
    """An input as it may be written down: without secrets, and not longer than it should be."""
    plain = _plain(_without_secrets(given))
    size = len(json.dumps(plain))
    return plain if size <= INPUT_LIMIT else {"left out": f"{size} bytes"}


def _plain(given: Any) -> Any:
    """As JSON has it."""
    return json.loads(json.dumps(given, default=str))


def _without_secrets(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: "…" if _is_secret(str(key)) else _without_secrets(one)
            for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_without_secrets(one) for one in value]
    return value


def _is_secret(key: str) -> bool:
    return any(word in key.lower() for word in _SECRETS)


def _undo_document(undo: Undo) -> dict[str, Any]:
    still = undo.still
    return {
        "says": undo.says,
        "mutation": undo.mutation,
        "input": undo.input,
        "still": still and [still.kind, still.id, still.field, list(still.one_of)],
    }


def _entry(line: str) -> Entry | None:
    """The entry of a line; None for a blank one, half a one, or one that is none of ours."""
    if not line.strip():
        return None
    try:
        found = json.loads(line)
        return Entry(
            id=str(found["id"]),
            at=parse_time(found["at"]),
            profile=str(found["profile"]),
            api_url=str(found["api_url"]),
            mutation=str(found["mutation"]),
            input=dict(found["input"]),
            target=str(found["target"]),
            outcome=str(found["outcome"]),
            said=str(found["said"]),
            undo=_undo(found["undo"]),
            undoes=str(found["undoes"]),
            batch=_batch(found.get("batch")),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _batch(found: Any) -> Batch | None:
    """What a command was a part of; older lines do not say."""
    if not found:
        return None
    id, says = found
    return Batch(str(id), str(says))


def _undo(found: Any) -> Undo | None:
    if found is None:
        return None
    still = None
    if found["still"]:
        kind, id, field, one_of = found["still"]
        still = Still(str(kind), str(id), str(field), tuple(one_of))
    return Undo(str(found["says"]), str(found["mutation"]), dict(found["input"]), still)


def settled(entries: Iterable[Entry], waiting: frozenset[str]) -> list[Entry]:
    """Entries as they are to be read: one that is not awaited any more has no known outcome."""
    return [
        replace(one, outcome=UNKNOWN, said="flowtui ended before the answer")
        if one.outcome == SENT and one.id not in waiting
        else one
        for one in entries
    ]
