"""The shadow, case by case: what is sent, to the byte."""

from __future__ import annotations

import hashlib

import pytest

from flowtui.ui.terminal.cells import cell_len, cells, narrow, reach, settled
from flowtui.ui.terminal.scroll import Shift
from flowtui.ui.terminal.sgr import Looks, parse
from flowtui.ui.terminal.shadow import Shadow
from tests.ui.terminal.emulator import Emulator


def shadow(width: int = 20, height: int = 8, **options: bool) -> Shadow:
    """A shadow whose blank picture has been drawn."""
    made = Shadow(width, height, **options)
    made.frame(0, 0)
    return made


def look(on: Shadow, codes: str, link: str = "") -> int:
    return on.looks.number(parse(codes, link))


# Cells


def test_control_characters_never_arrive() -> None:
    on = shadow()
    on.put(0, 0, "a\x1b[31mb\x9bc\r\n\x07\x7f", 0)
    assert on.frame(0, 0) == "a[31mbc\r"


def test_half_a_pair_of_surrogates_is_replaced() -> None:
    assert cells("a\ud800b") == ("a", "\ufffd", "b")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("plain", tuple("plain")),
        ("日本", ("日", "", "本", "")),
        ("e\u0301x", ("e\u0301", "x")),
        ("\u0301x", ("x",)),
        ("👩\u200d🚀!", ("👩\u200d🚀", "", "!")),
        ("☁\ufe0f!", ("☁\ufe0f", "", "!")),
        ("\x1b日", ("日", "")),
    ],
)
def test_text_is_split_as_terminals_do(text: str, wanted: tuple[str, ...]) -> None:
    assert tuple(cells(text)) == wanted
    assert len(cells(text)) == cell_len(text)


def test_every_plain_character_takes_one_cell() -> None:
    plain = [chr(code) for code in range(0x11000) if narrow(chr(code))]
    assert all(cell_len(character) == 1 and settled(character) for character in plain)
    assert {"~", "●", "✓", "✗", "▲", "‖", "≡", "↑", "…", "█"} <= set(plain)
    assert not any(narrow(text) for text in ("", "\n", "\x7f", "\xad", "e\u0301", "中", "🚀"))


def test_a_family_may_reach_further_than_it_should() -> None:
    assert reach("👩\u200d🚀") == 4
    assert reach("日") == 2
    assert reach("⚠") == 2
    assert reach("a") == 1


# Halves


@pytest.mark.parametrize("x", [2, 3])
def test_what_is_left_of_a_wide_character_is_blank(x: int) -> None:
    on = shadow()
    on.put(2, 0, "日", 0)
    on.put(x, 0, "a", 0)
    screen = Emulator(20, 8)
    on.invalidate()
    screen.feed(on.frame(0, 0))
    assert screen.text[0] == " " * x + "a"


def test_a_wide_character_does_not_fit_into_the_last_column() -> None:
    on = shadow()
    on.put(18, 0, "日日", 0)
    on.put(19, 1, "日", 0)
    screen = Emulator(20, 8)
    on.invalidate()
    screen.feed(on.frame(0, 0))
    assert screen.display[0] == " " * 18 + "日"
    assert screen.text[1] == ""


def test_nothing_is_written_outside() -> None:
    on = shadow()
    assert on.put(25, 0, "a", 0) == 25
    assert on.put(0, 8, "a", 0) == 0
    assert on.put(0, 0, "abc", 0, end=2) == 2
    assert on.frame(0, 0) == "ab\r"


# Moves


def test_nothing_is_sent_when_nothing_changed() -> None:
    on = shadow()
    on.put(3, 3, "same", 0)
    on.frame(0, 0)
    on.put(3, 3, "other", 0)
    on.put(3, 3, "same ", 0)
    assert on.frame(0, 0) == ""


@pytest.mark.parametrize(
    ("start", "end", "move"),
    [
        ((0, 0), (1, 0), " "),
        ((0, 0), (3, 0), "   "),
        ((0, 0), (9, 0), "\x1b[9C"),
        ((9, 0), (0, 0), "\r"),
        ((9, 0), (8, 0), "\b"),
        ((9, 0), (6, 0), "\b\b\b"),
        ((9, 3), (9, 4), "\n"),
        ((9, 3), (8, 5), "\n\n\b"),
        ((9, 1), (9, 6), "\x1b[5B"),
        ((9, 3), (9, 2), "\x1bM"),
        ((9, 6), (9, 3), "\x1b[3A"),
        ((9, 3), (10, 4), "\n\x1b[C"),
        ((9, 3), (0, 4), "\r\n"),
        ((9, 6), (0, 0), "\x1b[1H"),
        ((9, 6), (7, 0), "\x1b[6A\b\b"),
        ((2, 6), (12, 0), "\x1b[1;13H"),
    ],
)
def test_the_shortest_move(start: tuple[int, int], end: tuple[int, int], move: str) -> None:
    on = shadow()
    on.frame(*start)
    assert on.frame(*end) == move


def test_a_column_of_signs_is_drawn_down_and_the_one_beside_it_up() -> None:
    on = shadow()
    red = look(on, "31")
    for y in range(3):
        on.put(2, y, "●", red)
        on.put(12, y, "×", red)
    assert on.frame(2, 0) == "  \x1b[31m●\n\b●\n\b●\x1b[9C×\x1bM\b×\x1bM\b×\x1b[3G"


def test_what_is_drawn_in_another_colour_later_may_be_blank_until_then() -> None:
    on = shadow()
    red, green = look(on, "38;5;1"), look(on, "38;5;2")
    for x, colour in enumerate((red, green, red, green, red)):
        on.put(x, 0, "▃", colour)
    first, second = "\x1b[38;5;1m▃ ▃ ▃", "\b\b\x1b[38;5;2m▃\b\b\b▃"
    assert on.frame(0, 0) == first + second + "\r"


def test_what_stays_as_it_is_is_not_blanked() -> None:
    on = shadow()
    on.put(0, 0, "▃▃▃", look(on, "31"))
    on.frame(0, 0)
    on.put(0, 0, "▄", look(on, "32"))
    on.put(2, 0, "▄", look(on, "32"))
    assert on.frame(0, 0) == "\x1b[32m▄\x1b[C▄\r"


def test_the_cursor_is_unknown_after_the_last_column() -> None:
    on = shadow()
    on.put(19, 0, "x", 0)
    assert on.frame(18, 0) == "\x1b[19Cx\x1b[19G"


def test_the_cursor_is_unknown_after_an_uncertain_width() -> None:
    on = shadow()
    on.put(0, 0, "⚠ a", 0)
    assert on.frame(0, 0) == "⚠\x1b[2G a\r"


def test_what_follows_an_uncertain_width_is_written_again() -> None:
    on = shadow()
    on.put(0, 0, "⚠a", 0)
    on.frame(0, 0)
    on.put(0, 0, "☂", 0)
    assert on.frame(0, 0) == "☂\x1b[2Ga\r"


def test_colours_are_changed_once_on_both_sides_of_an_uncertain_width() -> None:
    on = shadow()
    red, green = look(on, "31"), look(on, "32")
    on.put(0, 0, "ab", red)
    on.put(2, 0, "⚠", green)
    on.put(6, 0, "cd", red)
    assert on.frame(0, 0) == "\x1b[31mab\x1b[4Ccd\x1b[3G\x1b[32m⚠\x1b[4G \r"


# Looks


def test_a_look_is_what_the_terminal_is_told() -> None:
    looks = Looks(erases_in_colour=True)
    assert looks.number(parse("39;49")) == 0
    assert looks.number(parse("31;1")) == looks.number(parse("1;31"))


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        ("1;31", "31", "\x1b[22m"),
        ("1;2", "2", "\x1b[0;2m"),
        ("31", "", "\x1b[m"),
        ("38;2;1;2;3;48;5;9", "38;2;1;2;3", "\x1b[49m"),
        ("4;38;2;1;2;3", "7;38;2;1;2;3", "\x1b[24;7m"),
        ("31", "32", "\x1b[32m"),
    ],
)
def test_the_shortest_way_between_looks(old: str, new: str, way: str) -> None:
    looks = Looks(erases_in_colour=True)
    assert looks.way(looks.number(parse(old)), looks.number(parse(new))) == way


def test_a_link_goes_on_across_looks() -> None:
    on = shadow()
    link = "id=1;https://example.org"
    on.put(0, 0, "plain", look(on, "", link))
    on.put(5, 0, "bold", look(on, "1", link))
    assert on.frame(9, 0) == f"\x1b]8;{link}\x1b\\plain\x1b[1mbold"
    on.put(9, 0, "!", 0)
    assert on.frame(0, 0) == "\x1b[m\x1b]8;;\x1b\\!\r"


def test_a_link_with_an_escape_sequence_is_none() -> None:
    assert parse("", "id=1;http://\x1b\\\x1b[2J").link == ""


def test_blanks_are_one_whatever_colour_they_would_write_in() -> None:
    on = shadow()
    on.put(0, 0, "   ", look(on, "1;31"))
    assert on.frame(0, 0) == ""
    on.put(0, 0, "   ", look(on, "4;31"))
    assert "\x1b[4;31m" in on.frame(0, 0)


def test_blanks_are_erased() -> None:
    on = shadow()
    on.put(0, 0, "x" * 20, 0)
    on.put(0, 1, "x" * 20, 0)
    on.frame(0, 0)
    on.put(0, 0, " " * 20, look(on, "44"))
    on.put(5, 1, " " * 12, 0)
    assert on.frame(0, 0) == "\n\x1b[5C\x1b[12X\r\x1bM\x1b[44m\x1b[K"


def test_a_terminal_that_erases_in_its_own_colour_is_told_every_blank() -> None:
    on = shadow(erases_in_colour=False)
    on.put(0, 0, " " * 20, look(on, "44"))
    assert on.frame(0, 0) == "\x1b[44m" + " " * 20 + "\r"


# Scrolling


def page(on: Shadow, first: int, *, left: int = 0, right: int | None = None) -> None:
    for y in range(1, on.height - 1):
        text = f"line {first + y} " + hashlib.sha256(b"%d" % (first + y)).hexdigest()[:40]
        on.put(left, y, text.ljust(on.width), 0, right)


@pytest.mark.parametrize("by", [1, 2, -1])
def test_a_page_that_scrolls_is_sent_as_what_comes_in(by: int) -> None:
    on = shadow(60, 20)
    page(on, 100)
    screen = Emulator(60, 20)
    on.invalidate()
    screen.feed(on.frame(0, 0))
    page(on, 100 + by)
    sent = on.frame(0, 0)
    screen.feed(sent)
    assert len(sent) < 80 * abs(by) + 40
    assert f"\x1b[{abs(by)}{'M' if by > 0 else 'L'}\x1b[r" in sent
    assert screen.text[1].startswith(f"line {101 + by} ")
    assert screen.text[18].startswith(f"line {118 + by} ")


def test_a_page_beside_a_pane_scrolls_and_the_pane_stays() -> None:
    on = shadow(90, 20)
    screen = Emulator(90, 20)
    page(on, 100, left=12)
    for y in range(20):
        on.put(0, y, f"pane {y}", 0)
    on.invalidate()
    screen.feed(on.frame(0, 0))
    page(on, 101, left=12)
    sent = on.frame(0, 0)
    assert "M\x1b[r" in sent
    screen.feed(sent)
    assert [row[:8].rstrip() for row in screen.text] == [f"pane {y}" for y in range(20)]
    assert screen.text[18][12:].startswith("line 119")


def test_a_page_of_something_else_is_not_scrolled() -> None:
    on = shadow(60, 20)
    page(on, 100)
    on.frame(0, 0)
    page(on, 500)
    assert "\x1b[r" not in on.frame(0, 0)


def test_after_invalidation_everything_is_drawn_and_links_and_colours_end_first() -> None:
    on = shadow()
    on.put(0, 0, "word", 0)
    on.frame(0, 0)
    on.invalidate()
    sent = on.frame(0, 0)
    assert sent == "\x1b]8;;\x1b\\\x1b[m\x1b[2J\x1b[1Hword\r"


@pytest.mark.parametrize(
    ("erases", "start"), [(True, "\x1b[0;44m\x1b[2J"), (False, "\x1b[m\x1b[2J")]
)
def test_everything_is_drawn_on_the_ground_that_is_seen_most(erases: bool, start: str) -> None:
    on = Shadow(20, 8, erases_in_colour=erases)
    for y in range(8):
        on.put(0, y, " " * 20, look(on, "44" if y else ""))
    sent = on.frame(0, 0).removeprefix("\x1b]8;;\x1b\\")
    assert sent.startswith(start)
    screen = Emulator(20, 8)
    screen.feed(sent)
    assert [row[0].background for row in screen.seen] == ["default", *["blue"] * 7]


def test_what_scrolls_in_stands_on_the_ground_it_shall_have() -> None:
    on = shadow(width=30)
    ground = look(on, "44")
    for y in range(8):
        on.put(0, y, hashlib.sha256(b"%d" % y).hexdigest()[:20].ljust(30), ground)
    on.frame(0, 0)
    for y in range(8):
        text = hashlib.sha256(b"%d" % (y + 1)).hexdigest()[:20] if y < 7 else "new"
        on.put(0, y, text.ljust(30), ground)
    assert on.frame(0, 0) == "\x1b[1;8r\x1b[1H\x1b[1M\x1b[r\x1b[8Hnew\x1b[1H"


@pytest.mark.parametrize(("by", "rows"), [(2, [5, 6]), (-2, [2, 3])])
def test_rows_come_in_where_the_others_went_from(by: int, rows: list[int]) -> None:
    assert list(Shift(2, 6, by).coming_in) == rows
