"""Which lines of a log stand under each other when only hits are shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowtui.ui.log_arrangement import Arrangement, Fold
from tests.ui.gallery import NOW, LogRow

Judged = list[tuple[int, LogRow, bool]]


def judged(hits: list[bool]) -> Judged:
    return [(n, LogRow(NOW, "INFO", f"line {n}"), hit) for n, hit in enumerate(hits)]


def fed(
    lines: Judged, *ends: int, opened: set[int] = frozenset()
) -> tuple[list[object], list[int]]:  # type: ignore
    arrangement: Arrangement[LogRow] = Arrangement(folds=True, opened=opened)
    items: list[object] = []
    first = 0
    for end in (*sorted(ends), len(lines)):
        change = arrangement.feed(lines[first:end])
        items = [*items[: change.keep], *change.items]
        first = end
    return items, [arrangement.origin(number) for number in range(len(items))]


def said(items: list[object]) -> str:
    return " ".join(
        f"({item.count})" if isinstance(item, Fold) else item.message.removeprefix("line ")  # type: ignore
        for item in items
    )


def test_lines_without_a_hit_are_folded_but_for_those_beside_a_hit() -> None:
    items, origins = fed(judged([False] * 5 + [True] + [False] * 6 + [True, False]))
    assert said(items) == "(4) 4 5 6 (4) 11 12 13"
    assert origins == [0, 4, 5, 6, 7, 11, 12, 13]


def test_a_single_line_is_not_worth_a_fold() -> None:
    items, _ = fed(judged([True, False, False, False, True]))
    assert said(items) == "0 1 2 3 4"


def test_an_opened_fold_stays_open_as_the_log_grows() -> None:
    lines = judged([False] * 6 + [True] + [False] * 6)
    assert said(fed(lines)[0]) == "(5) 5 6 7 (5)"
    assert said(fed(lines, opened={0})[0]) == "0 1 2 3 4 5 6 7 (5)"
    assert said(fed(lines, 10, opened={8})[0]) == "(5) 5 6 7 8 9 10 11 12"


@given(
    st.lists(st.booleans(), max_size=40),
    st.lists(st.integers(0, 40), max_size=5),
    st.sets(st.integers(0, 40), max_size=3),
)
def test_it_does_not_matter_in_how_many_pieces_a_log_comes(
    hits: list[bool], ends: list[int], opened: set[int]
) -> None:
    lines = judged(hits)
    ends = [min(end, len(lines)) for end in ends]
    assert fed(lines, *ends, opened=opened) == fed(lines, opened=opened)


def test_an_item_is_found_by_any_line_it_stands_for() -> None:
    arrangement: Arrangement[LogRow] = Arrangement(folds=True)
    arrangement.feed(judged([False] * 5 + [True]))
    assert [arrangement.item_of(line) for line in range(6)] == [0, 0, 0, 0, 1, 2]
    assert arrangement.covers(0) == range(4)
    assert 1_000_000 in arrangement.covers(2)
