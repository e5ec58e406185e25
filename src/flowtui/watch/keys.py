"""What a terminal sends while a run is watched: a few keys, and answers to two questions."""

from __future__ import annotations

import re

QUESTIONS = b"\x1b]11;?\x1b\\\x1b[c"
"""What is the background's colour? And, since every terminal answers it: who are you?"""

_TOKEN = re.compile(
    r"\x1b\]11;(?P<background>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<answer>\x1b\[\?[0-9;]*c)"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b\[[0-?]*[ -/]*[@-~]|\x1bO."
    r"|(?P<key>.)",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,200}\x1b?|O)\Z")


class Answers:
    """Reads keys out of bytes; whatever else a terminal sends is no key."""

    def __init__(self) -> None:
        self.background: str | None = None
        """The colour the terminal says it has, once it has answered."""
        self.complete = False
        """The last question was answered: no answer can come later."""
        self._rest = ""

    def feed(self, data: bytes) -> list[str]:
        """The keys in these bytes, a character each; Escape is `\\x1b`."""
        text = self._rest + data.decode("latin-1")
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        text, self._rest = text[:end], text[end:]
        keys: list[str] = []
        for token in _TOKEN.finditer(text):
            if token["key"]:
                keys.append(token["key"])
            elif token["background"]:
                self.background = token["background"]
            elif token["answer"]:
                self.complete = True
        return keys
