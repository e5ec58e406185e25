"""The largest of each thing that clients may leave with the server, in bytes of its JSON.

More than that is somebody's data and belongs elsewhere; and a small request must not fill the
memory.
"""

from __future__ import annotations

import json
from typing import Any

from flowtui.errors import ApiError
from flowtui.frozen import frozen


@frozen
class Sizes:
    """What is taken; each is a setting of the server."""

    flow: int = 64 * 1024 * 1024
    """What a compressed flow may unfold to."""

    state: int = 1_000_000
    artifact: int = 1_000_000


STANDARD = Sizes()


def check_size(words: str, document: Any, largest: int, setting: str) -> None:
    """Raise ApiError in these words, which clients know, when a document is larger than is taken,
    and name the setting.
    """
    size = len(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace"))
    if size > largest:
        raise ApiError(f"{words} The server takes {largest} bytes ({setting}).")
