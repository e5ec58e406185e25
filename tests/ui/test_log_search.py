"""Searching a log: what is a regex, what counts as a hit, and where hits are."""

from __future__ import annotations

import pytest

from flowtui.ui.log_search import Hits, Search, has_nested_repeats, search_for


def searching(text: str) -> Search:
    found = search_for(text)
    assert found is not None
    return found


def test_capitals_count_only_when_there_are_any() -> None:
    assert searching("error").count("Error, ERROR, error") == 3
    assert searching("Error").count("Error, ERROR, error") == 1


@pytest.mark.parametrize(
    ("typed", "way"),
    [
        ("deadlock|currency", "regex"),
        ("connection lost", "plain text"),
        ("load_warehouse[", "plain text: not a regex"),
        ("a{99999999999999999999}", "plain text: not a regex"),
        ("(a+)+$", "plain text: repeats of repeats may take for ever"),
    ],
)
def test_what_is_not_a_regex_is_searched_as_it_is(typed: str, way: str) -> None:
    assert searching(typed).way == way


def test_text_with_the_signs_of_a_broken_regex_is_found() -> None:
    assert searching("[137").spans("load_warehouse[137]") == [(14, 18)]
    assert searching("(a+)+$").spans("so (a+)+$ it is") == [(3, 9)]


@pytest.mark.parametrize("pattern", ["(a+)+", "((a|b)*c)+", "(x{2,})*", r"(\d+,?)*", "([+]+)+"])
def test_a_repeat_of_repeats_is_recognized(pattern: str) -> None:
    assert has_nested_repeats(pattern)


@pytest.mark.parametrize(
    "pattern", ["(ab)+", "a+b+", r"(\+)+", "([+*])+", "(a+)b", "[(]a+)", ")+*"]
)
def test_other_patterns_are_let_through(pattern: str) -> None:
    assert not has_nested_repeats(pattern)


def test_a_pattern_that_matches_nothing_has_no_hits() -> None:
    assert searching("x*").spans("abxxc") == [(2, 4)]
    assert search_for("") is None


def test_what_is_searched_is_what_is_shown() -> None:
    message = "one \x1b[31mfa\x1b[0mil\n\ttwo \u202efail\x07"
    assert searching("fail").places(message) == [(0, 4, 8), (1, 8, 12)]
    assert searching("fail").count(message) == 2
    assert searching("31m").count(message) == 0


def test_hits_know_their_lines() -> None:
    hits = Hits()
    for line, count in ((3, 2), (7, 1), (9, 4)):
        hits.add(line, count)
    assert hits.total == 7
    assert [hits.place(number) for number in range(7)] == [
        *((3, 0), (3, 1)),
        (7, 0),
        *((9, 0), (9, 1), (9, 2), (9, 3)),
    ]
    assert [hits.before(line) for line in (0, 3, 4, 7, 8, 9, 10)] == [0, 0, 2, 2, 3, 3, 7]
    assert [hits.in_line(line) for line in (2, 3, 4)] == [False, True, False]
    assert hits.between(4, 8)
    assert not hits.between(4, 7)
