"""Words to type before something is done that one would regret."""

from __future__ import annotations

from flowtui.config import Profile
from flowtui.models.text import cells, plain
from flowtui.ui.widgets.dialog import PADDING
from flowtui.ui.widgets.fields import Field


def production_warning(profile: Profile) -> tuple[str, ...]:
    """What a dialog says above all else where people depend on the backend."""
    return (f"{profile.title} is a production backend.",) if profile.production else ()


def production_phrase(profile: Profile) -> str:
    """What has to be typed there before anything is changed; empty elsewhere."""
    return profile.title if profile.production else ""


class Phrase(Field):
    """A field that holds once exactly these words are in it."""

    def __init__(self, phrase: str, id: str = "phrase") -> None:
        label = _asking(phrase)
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
            self.label = _asking(phrase)
            self._repaint("label")

    @property
    def holds(self) -> bool:
        """Whether the words have been typed."""
        return " ".join(self.value.split()) == " ".join(self.phrase.split())


def _asking(phrase: str) -> str:
    return f"type {plain(phrase)} to go on"
