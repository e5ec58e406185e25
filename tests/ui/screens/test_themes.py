"""The four looks say the same: what colour tells in one of them, signs and words tell in all."""

from __future__ import annotations

import re

import pytest

from tests.driver import UI, dashboard
from tests.world import World

THEMES = ("dark", "light", "ansi16", "mono")


async def screens_of(world: World, theme: str) -> tuple[str, str, UI]:
    """The list of flows and a run, as text."""
    async with dashboard(world, theme=f"flowtui-{theme}") as ui:
        await ui.highlight("churn-features")
        await ui.sees("Some reference tasks failed.", "ok of runs")
        flows = ui.text
        await ui.press("3")
        await ui.highlight("rosy-otter")
        await ui.press("enter")
        await ui.sees("16 lines")
        return flows, ui.text, ui


@pytest.mark.parametrize("theme", THEMES)
async def test_words_and_signs_say_what_colours_and_drawings_show(world: World, theme: str) -> None:
    flows, run, _ = await screens_of(world, theme)
    for said in ("▲ Late", "✗ Failed", "● Running", "✓ Success", "■ Cancelled", "– no runs"):
        assert said in flows, theme
    for said in ("Last 9 runs", "2 failed"):
        assert said in flows, theme
    for said in ("✗ 1 failed", "● 2 running", "✓ 12 ok", "◌ 1 waiting", "heartbeat 12 m ago"):
        assert said in run, theme
    for said in ("1 error", "1 warning", "ERR", "WARN", "10/12"):
        assert said in run, theme


async def test_mono_marks_the_row_and_the_bad_lines_with_letters(world: World) -> None:
    flows, run, _ = await screens_of(world, "mono")
    assert re.search(" >✗ Failed +churn-features", flows)
    assert "▌" not in flows
    error = next(line for line in run.split("\n") if "Exception encountered" in line)
    assert error.startswith("  E ")
    assert re.search(r"\[7\] KeyError .* x", run)
    assert "~~" in next(line for line in run.split("\n") if "fetch_fx_rates" in line)


@pytest.mark.parametrize("theme", ["ansi16", "mono"])
async def test_fields_and_buttons_are_seen_without_a_ground(world: World, theme: str) -> None:
    async with dashboard(world, theme=f"flowtui-{theme}") as ui:
        await ui.highlight("orders-etl")
        await ui.press("t")
        await ui.sees("[ Start run ]")
        strips = ui.app.screen._compositor.render_strips()
        field = next(strip for strip in strips if "batch_size" in strip.text)
        assert any(segment.style and segment.style.underline for segment in field)
