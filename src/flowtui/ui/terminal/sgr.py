"""How cells look, as small numbers, and the shortest way from one look to another.

Looks are known by what a terminal is told, not by the objects that say so: two styles that look
alike are one look.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowtui.frozen import frozen

_OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "21": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "51": "54",
    "52": "54",
    "53": "55",
}
"""What switches an attribute off; some switch off two."""
_SEEN_ON_BLANKS = frozenset({"4", "21", "7", "9", "51", "52", "53"})
"""Attributes that draw something where there is no character."""
_NO_LINK = "\x1b]8;;\x1b\\"
_FEW = 20_000
"""Ways that are remembered, at most."""


@frozen
class Look:
    """Everything about a cell but its character."""

    attributes: frozenset[str] = frozenset()
    foreground: str = ""
    background: str = ""
    link: str = ""
    """What follows `OSC 8 ;`: parameters and address."""

    @property
    def codes(self) -> list[str]:
        """What switches it on in a fresh terminal."""
        colours = [code for code in (self.foreground, self.background) if code]
        return [*sorted(self.attributes), *colours]

    @property
    def on_blanks(self) -> Look:
        """What of it can be seen on a blank."""
        if self.link or self.attributes & _SEEN_ON_BLANKS:
            return self
        return Look(background=self.background)


def parse(codes: str, link: str = "") -> Look:
    """A look from the parameters of SGR, as they would follow a reset."""
    attributes: set[str] = set()
    foreground = background = ""
    for code in _grouped(codes.split(";") if codes else []):
        number = int(code.partition(";")[0])
        if code in _OFF:
            attributes.add(code)
        elif number == 38 or 30 <= number <= 37 or 90 <= number <= 97:
            foreground = code
        elif number == 48 or 40 <= number <= 47 or 100 <= number <= 107:
            background = code
    return Look(frozenset(attributes), foreground, background, link if link.isprintable() else "")


def _grouped(parameters: list[str]) -> Iterator[str]:
    at = 0
    while at < len(parameters):
        length = 1
        if parameters[at] in ("38", "48"):
            length = 5 if parameters[at + 1 : at + 2] == ["2"] else 3
        yield ";".join(parameters[at : at + length])
        at += length


class Looks:
    """Every look that was ever wanted. Number 0 is a fresh terminal's."""

    def __init__(self, *, erases_in_colour: bool) -> None:
        self._erases_in_colour = erases_in_colour
        self._looks: list[Look] = []
        self._numbers: dict[Look, int] = {}
        self._ways: dict[tuple[int, int], str] = {}
        self.on_blank: list[int] = []
        """By number: the look that is the same on blanks; equal for all that look so."""
        self.colours: list[str] = []
        """By number: foreground and background, whatever the attributes."""
        self.erasable: list[bool] = []
        """By number: an erased cell looks like a blank in this look."""
        self.number(Look())

    def __len__(self) -> int:
        return len(self._looks)

    def number(self, look: Look) -> int:
        """The number of a look."""
        number = self._numbers.get(look)
        if number is None:
            number = self._numbers[look] = len(self._looks)
            self._looks.append(look)
            self.colours.append(f"{look.foreground} {look.background}")
            on_blanks = look.on_blanks
            only_colour = on_blanks == Look(background=look.background)
            self.erasable.append(only_colour and (self._erases_in_colour or not look.background))
            self.on_blank.append(number)
            self.on_blank[number] = number if on_blanks == look else self.number(on_blanks)
        return number

    def way(self, old: int | None, new: int) -> str:
        """What to send to get from one look to another; from None, whatever it was."""
        if old is None:
            return _NO_LINK + _reset(self._looks[new]) + _linked("", self._looks[new].link)
        way = self._ways.get((old, new))
        if way is None:
            if len(self._ways) >= _FEW:
                self._ways.clear()
            way = self._ways[old, new] = _way(self._looks[old], self._looks[new])
        return way


def _way(old: Look, new: Look) -> str:
    link = _linked(old.link, new.link)
    if (old.attributes, old.foreground, old.background) == (
        new.attributes,
        new.foreground,
        new.background,
    ):
        return link
    return min(_reset(new), _difference(old, new), key=len) + link


def _linked(old: str, new: str) -> str:
    if old == new:
        return ""
    return f"\x1b]8;{new}\x1b\\" if new else _NO_LINK


def _reset(look: Look) -> str:
    return f"\x1b[{';'.join(['0', *look.codes])}m" if look.codes else "\x1b[m"


def _difference(old: Look, new: Look) -> str:
    off = {_OFF[code] for code in old.attributes - new.attributes}
    kept = {code for code in old.attributes & new.attributes if _OFF[code] not in off}
    codes = [*sorted(off), *sorted(new.attributes - kept)]
    if new.foreground != old.foreground:
        codes.append(new.foreground or "39")
    if new.background != old.background:
        codes.append(new.background or "49")
    return f"\x1b[{';'.join(codes)}m"
