"""From the bytes a terminal sends to Textual's messages, whatever the bytes are.

Line noise, a paste in another encoding and sequences that Textual's parser cannot digest cost
the sequence they stand in, and nothing else.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.message import Message


class Keyboard:
    """Takes bytes as they come and gives messages; keeps what is incomplete."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that these bytes complete."""
        for character in self._decode(data):
            yield from self._safely(character)

    def wait(self) -> float | None:
        """Seconds until an unfinished escape is taken for what it is; None if there is none."""
        timeout = self._parser._timeout_time
        return None if timeout is None else max(0.0, timeout - get_time())

    def tick(self) -> Iterator[Message]:
        """The messages that are complete because nothing followed."""
        yield from self._safely(None)

    def _safely(self, character: str | None) -> Iterator[Message]:
        parser = self._parser
        try:
            yield from list(parser.tick() if character is None else parser.feed(character))
        except Exception:  # whatever a parser can raise on input that makes no sense
            self._parser = _heir(parser)


def _heir(parser: XTermParser) -> XTermParser:
    """A parser in its first state, which knows the terminal as well as the old one did."""
    heir = XTermParser()
    heir.last_x, heir.last_y = parser.last_x, parser.last_y
    heir.mouse_pixels = parser.mouse_pixels
    heir.terminal_size = parser.terminal_size
    heir.terminal_pixel_size = parser.terminal_pixel_size
    return heir
