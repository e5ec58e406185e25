"""One process to a database file: a lock beside it that ends with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from flowtui.errors import ServerProblem


class FileLock:
    """The lock on a database; its file says which process holds it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def hold(cls, database: Path) -> FileLock:
        """Take the lock, or raise ServerProblem saying who has it."""
        path = lock_path(database)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as problem:
            raise ServerProblem(
                f"The lock {path} cannot be opened: {problem.strerror}.",
                "Choose another place for the database with --db.",
            ) from problem
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            os.close(descriptor)
            by = f" (process {holder})" if holder.isdigit() else ""
            raise ServerProblem(
                f"The database {database} is in use by another flowtui server{by}.",
                "Use it, stop it with `flowtui server stop`, or choose another file with --db.",
            ) from problem
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        return cls(descriptor)

    def release(self) -> None:
        """Let others have it. The file stays: removing it could pull it from under the next
        holder.
        """
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def lock_path(database: Path) -> Path:
    """Where the lock of a database lies."""
    return beside(database, ".lock")


def beside(database: Path, ending: str) -> Path:
    """A file that goes with a database; the same one by whatever link that is named."""
    real = Path(os.path.realpath(database))
    return real.with_name(real.name + ending)
