"""Filters that are written for somebody mean exactly what was picked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.models.filter_kinds import TEXT
from flowtui.models.filter_terms import terms, value_of, with_value, without_field
from flowtui.models.filters import FilterField, Language
from tests.hostile import TEXTS
from tests.world import NOW


@dataclass(frozen=True)
class Shelf:
    """Something with a name."""

    name: str


SHELVES: Language[Shelf] = Language(
    "shelf",
    lambda shelf: (shelf.name,),
    lambda shelf: (),
    "its name",
    (FilterField("project", "Its name.", TEXT, lambda shelf, now: shelf.name),),
)
NAMES = (
    "ml",
    "ML tools",
    "ml/tools",
    "a b",
    'q"uo\\te',
    "it's",
    "st*r?",
    "/x/",
    "<5",
    "a,b",
    *TEXTS,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_project_that_was_picked_is_found_and_no_other(name: str) -> None:
    text = with_value("", "project", name, NAMES)
    found = SHELVES.parse(text, NOW)
    assert found.problem is None, (text, found.problem)
    assert [one for one in NAMES if found.matches(Shelf(one))] == [name]
    assert value_of(text, "project") == name


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text.strip() == text))
def test_any_name_at_all_is_found(name: str) -> None:
    found = SHELVES.parse(with_value("", "project", name, [name + "x"]), NOW)
    assert found.problem is None
    assert found.matches(Shelf(name))
    assert not found.matches(Shelf(name + "x"))


def test_another_pick_takes_the_place_of_the_first() -> None:
    text = with_value('etl project:ml state:failed,"a b"', "project", "finance")
    assert text == 'project:finance etl state:failed,"a b"'
    assert without_field(text, "project") == 'etl state:failed,"a b"'


def test_what_quotes_and_slashes_hold_together_stays_together() -> None:
    assert list(terms("a 'b c' !f:/d e/ g:\"h i\",j")) == ["a", "'b c'", "!f:/d e/", 'g:"h i",j']
