"""Words to type before something is done that one would regret."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.config import Profile
from flowtui.models.text import cells, cut, plain
from flowtui.ui.ink import Piece, blank
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import PADDING
from flowtui.ui.widgets.fields import Field
from flowtui.ui.widgets.painted import Line


def production_warning(profile: Profile) -> tuple[str, ...]:
    """What a dialog says above all else where people depend on the backend."""
    return (f"{profile.title} is a production backend.",) if profile.production else ()


def production_phrase(profile: Profile) -> str:
    """What has to be typed there before anything is changed; empty elsewhere."""
    return profile.title if profile.production else ""


class Phrase(Field):
    """A field that holds once exactly these words are in it."""

    def __init__(self, phrase: str, id: str = "phrase") -> None:
        label = _asking(plain(phrase))
        super().__init__(
            label,
            label_width=cells(label) + 3,
            width=max(16, cells(phrase) + 6),
            margin=PADDING,
            ground="bg1",
            id=id,
        )
        self.phrase = phrase

    def ask_for(self, phrase: str) -> None:
        """Ask for other words."""
        if phrase != self.phrase:
            self.phrase = phrase
            self.label = _asking(plain(phrase))
            self._repaint("label")

    def _paint_label(self, palette: Palette, width: int) -> Sequence[Line]:
        before, after = _asking("\0").split("\0")
        room = width - self._margin - cells(before) - cells(after) - 1
        said = Piece(cut(plain(self.phrase), room, palette.ellipsis), "fg0", bold=True)
        return [[blank(self._margin), Piece(before, "fg1"), said, Piece(after, "fg1")]]

    @property
    def holds(self) -> bool:
        """Whether the words have been typed."""
        return " ".join(self.value.split()) == " ".join(self.phrase.split())


def _asking(phrase: str) -> str:
    return f"type {phrase} to go on"
