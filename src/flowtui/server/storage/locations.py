"""Where rows are kept: the path of a file, or the URL of a database on a server."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_postgres(location: str) -> bool:
    """Whether a location names a database of PostgreSQL."""
    return location.startswith(("postgres://", "postgresql://"))


def file_of(location: str) -> str:
    """The path in a location that names a file, `PATH`, `sqlite:PATH` or `sqlite://PATH`."""
    return location.removeprefix("sqlite:").removeprefix("//")


def without_password(location: str) -> str:
    """A location as it may be shown and logged."""
    if not is_postgres(location):
        return location
    try:
        parts = urlsplit(location)
    except ValueError:
        return "postgresql://…"
    name, _, host = parts.netloc.rpartition("@")
    user = name.partition(":")[0]
    # Settings behind the path may name a password, too.
    return f"{parts.scheme}://{user + '@' if user else ''}{host}{parts.path}"
