"""Markdown as lines of text."""

from __future__ import annotations

from flowtui.models.text import cells
from flowtui.ui.ink import text_of, width_of
from flowtui.ui.markdown_lines import markdown_lines
from flowtui.ui.tokens import PALETTES
from tests.hostile import ALL

DARK = next(iter(PALETTES.values()))


def read(text: str, width: int = 40) -> list[str]:
    return [text_of(line).rstrip() for line in markdown_lines(text, DARK, width)]


def test_headings_paragraphs_and_lists() -> None:
    assert read("# One\n\nsome *text* here\n\n- a\n  - b\n\n1. first\n2. second") == [
        "One",
        "",
        "some text here",
        "",
        "· a",
        "  · b",
        "",
        "1. first",
        "2. second",
    ]


def test_prose_is_broken_between_words() -> None:
    assert read("one two three four", 10) == ["one two", "three four"]
    assert read("six four two", 8) == ["six four", "two"]


def test_links_say_where_they_lead_and_pictures_what_they_are() -> None:
    assert read("[a](https://x.example) ![b](y.png)") == ["a (https://x.example) [picture: b]"]


def test_tables_are_as_wide_as_they_must_be() -> None:
    assert read("| region | owner |\n|---|---|\n| eu | Ada |") == ["region  owner", "eu      Ada"]


def test_html_is_text_and_nothing_is_wider_than_the_page() -> None:
    assert read("<b>x</b>") == ["<b>x</b>"]
    for width in (12, 40):
        lines = markdown_lines(f"# {ALL}\n\n- {ALL}\n\n> {ALL}\n\n`{ALL}`", DARK, width)
        assert all(width_of(line) <= width for line in lines)
        assert all(piece.text.isprintable() for line in lines for piece in line)
        assert max(cells(text_of(line)) for line in lines) <= width
