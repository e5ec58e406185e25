"""Frozen dataclasses of our own are as good as those of the standard library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest

from flowtui.frozen import frozen

Define = Callable[[type[Any]], type[Any]]
DEFINED: dict[str, Define] = {
    "ours": frozen,
    "ours with slots": frozen(slots=True),
    "theirs": dataclass(frozen=True),
}


@pytest.fixture(params=DEFINED.values(), ids=DEFINED.keys())
def point(request: pytest.FixtureRequest) -> type[Any]:
    """A class of points, whose note is shown to nobody and whose tags are not hashed."""

    class Point:
        x: int
        y: int = 0
        tags: list[str] = field(default_factory=list, hash=False)
        note: str = field(default="", compare=False, repr=False)

        @property
        def far(self) -> bool:
            return self.x + self.y > 100

    define: Define = request.param
    return define(Point)


def test_equal_are_those_of_one_class_whose_compared_fields_are(point: type[Any]) -> None:
    one = point(1, 2, note="a")
    assert one == point(1, 2, note="b")
    assert one != point(1, 3)
    assert one != point(1, 2, ["a"])
    assert one != (1, 2, [])

    @frozen
    class Other:
        x: int = 1
        y: int = 2

    assert one != Other()


def test_equal_ones_are_one_in_a_set_and_what_has_no_hash_has_none(point: type[Any]) -> None:
    assert len({point(1, 2), point(1, 2, note="b"), point(1, 3), point(1, 2, ["a"])}) == 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(point([]))


def test_they_say_what_they_are(point: type[Any]) -> None:
    assert repr(point(1, tags=["a"], note="hidden")).endswith("Point(x=1, y=0, tags=['a'])")


def test_what_dataclasses_offer_is_there(point: type[Any]) -> None:
    assert is_dataclass(point)
    assert [one.name for one in fields(point)] == ["x", "y", "tags", "note"]
    moved = replace(point(1, 2, note="kept"), x=100)
    assert (moved.x, moved.y, moved.note, moved.far) == (100, 2, "kept", True)
    assert point.__match_args__ == ("x", "y", "tags", "note")


def test_slots_leave_no_room_for_anything_else() -> None:
    @frozen(slots=True)
    class Line:
        text: str

    assert not hasattr(Line("a"), "__dict__")
    assert Line("a") == Line("a")
    assert len({Line("a"), Line("a")}) == 1


def test_those_without_fields_are_all_equal() -> None:
    @frozen
    class Nothing:
        pass

    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert repr(Nothing()).endswith("Nothing()")
