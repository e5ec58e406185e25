"""Records that are too many to be held: in a file without a name, which goes with the process.

What is written may be secret, so nobody else may read the file, no other program is given it, and
nothing is left of it however the process ends. A few records are held in memory and never written.
"""

from __future__ import annotations

import os
import weakref
from array import array

HELD = 1 << 20
"""Bytes that are held before there is a file."""
HELD_WITHOUT_A_FILE = 64 << 20
"""Bytes that are held where no file can be written."""


class Spool:
    """Records in the order they were added, each read again by its number."""

    def __init__(self, held: int = HELD, held_without_a_file: int = HELD_WITHOUT_A_FILE) -> None:
        self._limits = held, held_without_a_file
        self._held: dict[int, bytes] = {}
        self._held_bytes = 0
        self._starts = array("Q")
        self._sizes = array("I")
        self._file: int | None = None
        self._end = 0
        self.trouble = ""
        """Why there is no file, or none that takes more."""

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def is_full(self) -> bool:
        """Whether no more should be added: it would all have to be held."""
        return bool(self.trouble) and self._held_bytes >= self._limits[1]

    @property
    def file(self) -> int | None:
        """The file, as the system knows it, where there is one."""
        return self._file

    def append(self, record: bytes) -> None:
        """Add a record; one that cannot be written is held."""
        self._held[len(self)] = record
        self._held_bytes += len(record)
        self._starts.append(0)
        self._sizes.append(len(record))
        if not self.trouble and (self._file is not None or self._held_bytes > self._limits[0]):
            self._write_held()

    def read(self, number: int) -> bytes:
        """A record. Raises OSError where it cannot be read any more."""
        held = self._held.get(number)
        if held is not None:
            return held
        assert self._file is not None
        size = self._sizes[number]
        record = os.pread(self._file, size, self._starts[number])
        if len(record) != size:
            raise OSError("a part of the file is missing")
        return record

    def _write_held(self) -> None:
        try:
            if self._file is None:
                import tempfile  # most logs are short

                with tempfile.TemporaryFile(prefix="flowtui-", buffering=0) as file:
                    self._file = os.dup(file.fileno())
                weakref.finalize(self, os.close, self._file)
            for number in list(self._held):
                self._write(number)
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def _write(self, number: int) -> None:
        assert self._file is not None
        record = memoryview(self._held[number])
        at = self._end
        while record:
            count = os.pwrite(self._file, record, at)
            at, record = at + count, record[count:]
        self._starts[number], self._end = self._end, at
        self._held_bytes -= self._sizes[number]
        del self._held[number]  # a thread that reads now finds it in the file
