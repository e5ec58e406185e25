"""Very many small numbers, and their sums: as a plain list would have them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.ui.sums import SIZE, Sums

numbers = st.one_of(st.just(1), st.just(1), st.integers(0, 4), st.integers(0, 1000))
parts = st.lists(
    st.one_of(
        st.lists(numbers, max_size=40),
        st.builds(lambda number, times: [number] * times, st.integers(0, 3), st.integers(0, 700)),
    ),
    max_size=6,
)


def agree(sums: Sums, plain: list[int]) -> None:
    assert (len(sums), sums.total) == (len(plain), sum(plain))
    for place in {0, 1, SIZE - 1, SIZE, SIZE + 1, len(plain) // 2, len(plain) - 1, len(plain)}:
        if 0 <= place <= len(plain):
            assert sums.before(place) == sum(plain[:place])
        if 0 <= place < len(plain):
            assert sums[place] == plain[place]
    for amount in {0, 1, SIZE, sum(plain) // 2, sum(plain) - 1}:
        if 0 <= amount < sum(plain):
            place, left = sums.find(amount)
            assert sum(plain[:place]) + left == amount
            assert left < plain[place]


@settings(deadline=None)
@given(parts, st.data())
def test_it_is_a_list_that_knows_its_sums(parts: list[list[int]], data: st.DataObject) -> None:
    sums, plain = Sums(), list[int]()
    for part in parts:
        if len(part) > 40:
            sums.repeat(part[0], len(plain) + len(part))
        else:
            sums.extend(part)
        plain += part
    agree(sums, plain)
    if plain:
        place, number = data.draw(st.integers(0, len(plain) - 1)), data.draw(numbers)
        sums.change(place, number)
        plain[place] = number
        agree(sums, plain)
    half, other = Sums(), [min(number * 2, 300) for number in plain]
    for end in (len(plain) // 3, len(plain)):
        half.extend_from(sums, end, lambda number: min(number * 2, 300))
        agree(half, other[:end])
    kept = data.draw(st.integers(0, len(plain)))
    sums.cut(kept)
    agree(sums, plain[:kept])
    sums.extend([2, 500])
    agree(sums, [*plain[:kept], 2, 500])
