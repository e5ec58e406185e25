"""A port for a program that cannot choose one itself."""

from __future__ import annotations

import socket
from contextlib import suppress
from secrets import randbelow


def free_port() -> int:
    """A port nobody listens on.

    It is none of those that systems give to whoever asks for any: nobody gets it meanwhile.
    """
    while True:
        port = 20_000 + randbelow(12_000)
        with socket.socket() as unused, suppress(OSError):
            unused.bind(("127.0.0.1", port))
            return port
