"""Every flow in a few cells: columns that fit whatever room there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flowtui.models.ids import FlowGroupId
from flowtui.ui.ink import text_of, width_of
from flowtui.ui.overview_wide import every_flow
from flowtui.ui.tokens import PALETTES
from tests.ui.test_cause_facts import NOW, flow

DARK = PALETTES["dark"]


@pytest.mark.parametrize("width", [80, 118, 160, 195, 196, 197, 236])
def test_nothing_is_cut_while_all_have_room(width: int) -> None:
    one = flow()
    flows = [
        replace(
            one,
            group_id=FlowGroupId(f"group-{number}"),
            latest=replace(one.latest, name=f"flow-{number:02}"),
        )
        for number in range(31)
    ]
    lines = every_flow(flows, {}, NOW, DARK, width, rows=16)
    assert {width_of(line) for line in lines[1:]} == {width}
    said = "\n".join(text_of(line) for line in lines)
    assert DARK.ellipsis not in said
    assert said.count("flow-") == 31
