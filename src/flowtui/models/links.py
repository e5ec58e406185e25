"""Addresses that flows leave behind: which of them may become links, and which lead to a run."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flowtui.models.ids import FlowRunId

LONGEST = 2000
"""Characters of an address that a terminal is given as a link."""

_RUN = re.compile(
    r"/flow-run/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:[/?#]|$)", re.I
)


def safe_link(text: str) -> str | None:
    """The address, if it is one of the web and nothing else; None for all that is shown as text."""
    address = text.strip()
    if len(address) > LONGEST or not address.isascii() or not address.isprintable():
        return None
    if any(character in address for character in " \"'<>\\^`{|}"):
        return None
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname)
    except ValueError:
        return None
    return (
        address
        if parts.scheme in ("http", "https") and has_host and "@" not in parts.netloc
        else None
    )


def run_in(text: str) -> FlowRunId | None:
    """The run that an address of the web UI leads to, such as a run that a run has started."""
    address = safe_link(text)
    found = _RUN.search(urlsplit(address).path) if address else None
    return FlowRunId(found.group(1).lower()) if found else None
