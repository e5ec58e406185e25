"""Columns: alignment, cutting, and what goes first when there is little room."""

from __future__ import annotations

from flowtui.ui.columns import (
    LONG,
    Column,
    arrange,
    heading_pieces,
    measure,
    row_pieces,
)
from flowtui.ui.ink import Piece, text_of, width_of
from flowtui.ui.tokens import PALETTES
from flowtui.ui.usual_columns import state_column
from tests.ui.gallery import FLOWS, HOSTILE, FlowRow, flow_columns

DARK = PALETTES["dark"]


def names(width: int) -> list[str]:
    columns = flow_columns()
    return [each.column.name for each in arrange(columns, measure(columns, FLOWS), width)]


def test_columns_leave_in_their_declared_order_and_the_rest_stays() -> None:
    everything = ["state", "flow", "project", "last 10", "schedule", "next", "usual", "ver"]
    assert names(116) == everything
    assert names(80) == ["state", "flow", "project", "last 10", "next", "usual", "ver"]
    assert names(70) == ["state", "flow", "project", "last 10", "next", "usual"]
    assert names(62) == ["state", "flow", "last 10", "next", "usual"]
    assert names(40) == ["state", "flow", "last 10", "next"]


def test_names_are_cut_last_and_only_then() -> None:
    columns = flow_columns()
    long_name = FlowRow("a-very-long-name-of-a-flow-indeed", "ml", "Success", 1, 10, 5, "none")
    natural = measure(columns, [long_name])
    wide = arrange(columns, natural, 116)
    assert wide[1].width == len(long_name.name)
    narrow = arrange(columns, natural, 50)
    assert "…" in text_of(row_pieces(narrow, long_name, DARK))


def test_every_line_is_as_wide_as_the_table() -> None:
    columns = flow_columns()
    for width in (30, 40, 57, 76, 116, LONG - 1):
        placed = arrange(columns, measure(columns, FLOWS), width)
        lines = [heading_pieces(placed, DARK), *(row_pieces(placed, row, DARK) for row in FLOWS)]
        assert {width_of(line) for line in lines} <= {width, 10 + 4 + 10 + 8 + 6}


def test_words_become_shorter_than_they_should_be_before_a_line_is_too_long() -> None:
    columns: list[Column[str]] = [
        Column("name", lambda one: one, least=10),
        Column("of", lambda one: one, least=8),
        Column("time", lambda one: "12m 40s", right=True, least=8),
    ]
    natural = measure(columns, ["x" * 20])
    for width, given in ((30, [10, 8, 8]), (28, [10, 6, 8]), (22, [6, 4, 8]), (10, [4, 4, 8])):
        assert [each.width for each in arrange(columns, natural, width)] == given


def test_a_long_line_ends_where_its_text_ends() -> None:
    columns = flow_columns()
    natural = measure(columns, FLOWS)
    lines = [row_pieces(arrange(columns, natural, width), FLOWS[0], DARK) for width in (LONG, 196)]
    assert lines[0] == lines[1]
    assert width_of(lines[0]) < LONG


def test_the_last_column_is_cut_nowhere_but_at_the_edge_of_a_long_line() -> None:
    columns: list[Column[str]] = [
        Column("name", lambda said: "x"),
        Column("message", lambda said: said, most=24, grows=True),
    ]
    usual = ["All reference tasks succeeded."] * 9
    odd = "Set aside until somebody has looked at the orders of Monday."
    placed = arrange(columns, measure(columns, [*usual, odd]), 196)
    assert text_of(row_pieces(placed, odd, DARK)).rstrip().endswith(odd)


def test_the_right_edge_stays_when_the_column_that_grows_has_left() -> None:
    columns: list[Column[int]] = [
        Column("name", lambda number: "x" * number),
        Column("prose", lambda number: "y" * 40, drop=1, grows=True),
        Column("count", lambda number: number, right=True),
    ]
    placed = arrange(columns, measure(columns, [4]), 30)
    assert text_of(row_pieces(placed, 4, DARK)) == "xxxx" + " " * 25 + "4"


def test_captions_stand_like_their_values() -> None:
    columns: list[Column[int]] = [
        Column("name", lambda number: "x" * number),
        Column("count", lambda number: number, right=True),
    ]
    placed = arrange(columns, measure(columns, [12]), 19)
    assert text_of(heading_pieces(placed, DARK)) == "name          count"
    assert text_of(row_pieces(placed, 12, DARK)) == "xxxxxxxxxxxx     12"


def test_gaps_take_some_of_the_room_that_no_column_wants() -> None:
    columns: list[Column[int]] = [
        Column("name", lambda number: "x" * number),
        Column("count", lambda number: number, right=True),
    ]
    natural = measure(columns, [12])
    assert [place.gap for place in arrange(columns, natural, 20)] == [0, 3]
    assert [place.gap for place in arrange(columns, natural, 200)] == [0, 4]


def test_gaps_share_what_is_left_so_that_the_last_column_ends_at_the_edge() -> None:
    columns: list[Column[int]] = [
        Column(name, lambda number: number, right=True) for name in ("one", "two", "six")
    ]
    natural = measure(columns, [1])
    assert [place.gap for place in arrange(columns, natural, 14)] == [0, 3, 2]
    assert [place.gap for place in arrange(columns, natural, 16)] == [0, 4, 3]


def test_one_odd_name_does_not_widen_a_column_for_all_the_others() -> None:
    columns: list[Column[str]] = [Column("name", lambda name: name, most=10)]
    usual = ["orders", "billing", "weather", "ledger"]
    assert measure(columns, [*usual, "x" * 300]) == (7,)
    assert measure(columns, ["x" * 300] * 3) == (300,)
    assert arrange(columns, (300,), 200)[0].width == 15


def test_an_absent_value_is_a_dash_and_zero_is_a_zero() -> None:
    column: Column[int | None] = Column("n", lambda value: value, right=True)
    assert text_of(column.cell(0, DARK, 4)) == "   0"
    assert column.cell(None, DARK, 4) == [Piece("   "), Piece("–", "fg3")]


def test_paths_lose_their_middle() -> None:
    column: Column[str] = Column("id", lambda value: value, middle=True)
    assert text_of(column.cell("3f7c02a1-9d5e-d41c", DARK, 9)) == "3f7c…d41c"


def test_a_column_never_shrinks_while_one_looks_at_it() -> None:
    columns: list[Column[str]] = [Column("a", lambda value: value)]
    before = measure(columns, ["long enough"])
    assert measure(columns, ["x"], before) == before


def test_hostile_values_are_harmless_in_text_and_in_pieces() -> None:
    columns: list[Column[str]] = [
        Column("text", lambda value: value),
        Column("pieces", lambda value: [Piece(value, "fg2"), Piece(value)]),
        Column("painted", paint=lambda value, palette, width: [Piece(value)], least=30),
        state_column(lambda value: value),
    ]
    placed = arrange(columns, measure(columns, [HOSTILE]), 300)
    line = text_of(row_pieces(placed, HOSTILE, DARK))
    assert line.isprintable()
    assert line.count("[red]x[/] red") == 5
