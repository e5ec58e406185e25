"""JSON as lines that fold."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowtui.models.json_lines import folded_at_first, json_lines, shown_lines

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=25,
)


@given(VALUES)
def test_the_lines_are_those_of_the_value(value: Any) -> None:
    lines = json_lines(value)
    assert [line.number for line in lines] == list(range(len(lines)))
    written = json.dumps(value, ensure_ascii=False, indent=1).split("\n")
    depths = [len(line) - len(line.lstrip(" ")) for line in written]
    assert [line.depth for line in lines] == depths
    texts = [line.strip().removesuffix(",") for line in written]
    shown = [
        (json.dumps(line.key, ensure_ascii=False) + ": " if is_member else "") + line.text
        for line, is_member in zip(lines, _members(value), strict=True)
    ]
    assert shown == texts


def _members(value: Any, inside: bool = False) -> list[bool]:
    """Of each line, whether it has a key."""
    if isinstance(value, dict) and value:
        return [inside, *(one for it in value.values() for one in _members(it, True)), False]
    if isinstance(value, list) and value:
        return [inside, *(one for it in value for one in _members(it)), False]
    return [inside]


def test_what_is_folded_is_one_line_and_long_answers_begin_folded() -> None:
    lines = json_lines({"flow": [{"name": "a", "tags": []}, {"name": "b"}], "n": 1})
    flow = next(line for line in lines if line.key == "flow")
    assert (flow.count, flow.opens) == (2, True)
    assert [line.key for line in shown_lines(lines, {flow.number})] == ["", "flow", "n", ""]
    assert folded_at_first(lines) == set()
    long = json_lines({"flow": [{"name": str(number), "x": {"y": 1}} for number in range(200)]})
    shown = shown_lines(long, folded_at_first(long))
    assert {line.key for line in shown} == {"", "flow", "name", "x"}, "what is in x is deep"
    assert len(shown) == len(long) - 2 * 200
