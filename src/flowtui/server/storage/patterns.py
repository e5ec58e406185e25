"""Patterns of the read dialect, put into the pattern languages that SQLite can be taught."""

from __future__ import annotations

import re
from typing import Final

from flowtui.errors import ApiError


def glob(pattern: str) -> str:
    """LIKE's pattern as a GLOB, which minds upper and lower case."""
    translated, escaped = [], False
    for character in pattern:
        if not escaped and character == "\\":
            escaped = True
            continue
        if not escaped and character in "%_":
            translated.append("*" if character == "%" else "?")
        else:
            translated.append(f"[{character}]" if character in "*?[" else character)
        escaped = False
    return "".join(translated)


def like_regex(pattern: str) -> str:
    """LIKE's pattern as a regular expression that ignores case."""
    translated, escaped = ["(?si)^"], False
    for character in pattern:
        if not escaped and character == "\\":
            escaped = True
            continue
        wild = {"%": ".*", "_": "."}.get(character) if not escaped else None
        translated.append(wild or re.escape(character))
        escaped = False
    return "".join([*translated, r"\Z"])


def similar_regex(pattern: str) -> str:
    """SIMILAR TO's pattern, which must match the whole text, as a regular expression."""
    translated, escaped, inside = ["(?s)^(?:"], False, False
    for character in pattern:
        if escaped or inside:
            inside = inside and (escaped or character != "]")
            plain = escaped and not character.isalnum()
            translated.append(("\\" + character) if plain else character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            inside = character == "["
            wild = {"%": ".*", "_": ".", ".": r"\.", "^": r"\^", "$": r"\$"}
            translated.append(wild.get(character, character))
    return checked_regex("".join([*translated, r")\Z"]))


_CLASSES: Final = {
    "alnum": r"\w",
    "alpha": r"A-Za-z\u00aa-\U0010ffff",
    "blank": r" \t",
    "digit": r"\d",
    "lower": r"a-z\u00df-\u00f6\u00f8-\u00ff",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": r"A-Z\u00c0-\u00d6\u00d8-\u00de",
    "word": r"\w",
    "xdigit": r"0-9A-Fa-f",
}
# What POSIX calls classes of characters, which Python has no names for; beyond ASCII roughly.


def checked_regex(pattern: str) -> str:
    """A regular expression that Python can read; ApiError says why it cannot."""
    pattern = re.sub(r"\[:(\w+):\]", lambda named: _CLASSES.get(named[1], named[0]), pattern)
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as problem:
        raise ApiError(f"invalid regular expression: {problem}") from None
    return pattern


def any_case_regex(pattern: str) -> str:
    """A regular expression that ignores case."""
    return checked_regex(f"(?i){pattern}")


def posix_regex(pattern: str) -> str:
    """A regular expression for PostgreSQL, which has escapes that Python does not know; refused is
    what cannot be one anywhere.
    """
    try:
        checked_regex(pattern)
    except ApiError as problem:
        if "escape" not in problem.message:
            raise
    return pattern
