"""Forms and dialogs: what the keyboard does in them, and that enter is harmless."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.widgets import Input

from flowtui.ui.ink import BEHIND, Piece, strip
from flowtui.ui.scrim import dimmed
from flowtui.ui.tokens import PALETTES
from flowtui.ui.widgets.bars import KeyBar
from flowtui.ui.widgets.fields import Choice, Field, FieldInput, PushButton
from tests.ui.gallery import HOSTILE, screen_text
from tests.ui.gallery_dialogs import FormGallery, SetStateGallery


def line_of(app: FormGallery, word: str) -> str:
    return next(line for line in screen_text(app) if word in line)


async def test_a_wrong_value_is_pointed_at_under_its_character() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        lines = screen_text(app)
        at = next(n for n, line in enumerate(lines) if "partitions" in line)
        assert lines[at].index("311") == lines[at + 1].index("▔")
        assert lines[at + 1].strip() == "▔ expected ',' or ']'"
        assert lines[at][17] == "▌"
        field = app.query_one("#partitions", Field)
        field.show_wrong("")
        await pilot.pause()
        assert "expected" not in "".join(screen_text(app))
        assert screen_text(app)[at + 1].strip().startswith("since *")


async def test_a_message_that_does_not_fit_stands_before_its_caret() -> None:
    app = FormGallery()
    async with app.run_test(size=(64, 24)) as pilot:
        app.query_one("#partitions", Field).show_wrong("expected a comma or a bracket", 17)
        await pilot.pause()
        assert line_of(app, "▔").strip() == "expected a comma or a bracket ▔"


async def test_arrows_and_tab_go_from_field_to_field() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)) as pilot:

        def field() -> str:
            assert app.focused is not None
            return next(a for a in app.focused.ancestors if isinstance(a, Field)).label

        await pilot.press("down")
        assert field() == "since"
        await pilot.press("up", "up")
        assert field() == "feed_url"
        await pilot.press("tab")
        assert field() == "partitions"


async def test_a_field_knows_that_it_was_changed_and_can_go_back() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        field = app.query_one("#name", Field)
        field.input.focus()
        await pilot.press(*"rosy")
        assert (field.value, field.changed) == ("rosy", True)
        assert app.changed[-1] == "name"
        field.reset()
        await pilot.pause()
        assert (field.value, field.changed) == ("", False)
        assert "empty: the server chooses" in line_of(app, "name ")


async def test_a_value_that_is_longer_than_its_field_says_so() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        field = next(one for one in app.query(Field) if one.label == "feed_url")
        field.input.value = "https://feeds.example/" + "x" * 60
        await pilot.pause()
        assert "xxx…" in line_of(app, "feed_url")
        field.input.focus()
        await pilot.pause()
        assert "…" not in line_of(app, "feed_url")


async def test_required_fields_and_notes_are_shown() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert line_of(app, "since").startswith("  since *          2026-11-19")
        assert line_of(app, "since").endswith(" date")
        assert screen_text(app)[-1].endswith("nothing sent yet")


async def test_the_cursor_of_a_field_does_not_blink() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)):
        assert not any(field.cursor_blink for field in app.query(Input))


async def test_hostile_values_stay_in_their_field() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        field = app.query_one("#name", Field)
        field.value = "a\x1b[31mb\u202ec\x07"
        field.show_wrong(HOSTILE, 3)
        field.show_note(HOSTILE)
        await pilot.pause()
        assert all(line.isprintable() for line in screen_text(app))
        assert field.value == "a\x1b[31mb\u202ec\x07"


async def test_a_button_that_cannot_be_pressed_is_passed_over() -> None:
    app = FormGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        button = app.query_one(PushButton)
        assert button not in app.screen.focus_chain
        button.enabled = True
        await pilot.pause()
        assert button in app.screen.focus_chain


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], "again"),
        (["escape"], None),
        (["tab", "enter"], "send"),
        (["right", "right", "space"], "leave"),
        (["l", "h", "enter"], "again"),
    ],
)
async def test_enter_is_harmless_and_what_acts_has_to_be_chosen(
    keys: list[str], answer: str | None
) -> None:
    app = SetStateGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert app.answer == answer


async def test_a_choice_is_made_with_the_arrows() -> None:
    app = SetStateGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        choice = app.screen.query_one(Choice)
        choice.focus()
        await pilot.press("j", "down", "k")
        assert choice.value == "Failed"
        line = next(line for line in screen_text(app) if "already tried" in line)
        assert "▌ • ✗ Failed     already tried, ends this task run" in line
        choice.choose("Pending")
        await pilot.press("j", "j")
        assert choice.value == "Pending"


def test_shapes_under_a_dialog_keep_their_shape() -> None:
    dark = PALETTES["dark"]
    row = [Piece("▌", BEHIND, "running"), Piece("██▎", "running"), Piece("│", "accent", "running")]
    dim = dimmed(strip([*row, Piece("run", "failed")], dark, "cursor"), dark)
    looks = [(each.text, each.style.color.name, each.style.bgcolor.name) for each in dim]
    assert looks == [
        ("▌", "#0b0d10", "#2b303b"),
        ("██▎", "#2b303b", "#0b0d10"),
        ("│", "#5d6573", "#2b303b"),
        ("run", "#5d6573", "#0b0d10"),
    ]


def test_what_has_no_width_is_left_out_under_a_dialog() -> None:
    dark = PALETTES["dark"]
    dim = dimmed([Segment("", dark.style("fg0", "bg0")), Segment("run")], dark)
    assert [each.text for each in dim] == ["run"]


async def test_the_page_under_a_dialog_is_there_but_quiet() -> None:
    app = SetStateGallery()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        assert strips[0].text.startswith("  flowtui   1 Overview   2 Flows")
        colours = {segment.style.color.name for segment in strips[0] if segment.text.strip()}
        assert colours == {"#5d6573"}
        assert {segment.style.bgcolor.name for segment in strips[0]} == {"#0b0d10"}
        edge = next(strip for strip in strips if "▔▔▔▔▔▔▔▔▔▔" in strip.text)
        assert "#ff6157" in {segment.style.color.name for segment in edge if segment.style.color}
        bar = app.screen.query_one(KeyBar)
        assert bar.region.y == 39


@pytest.mark.parametrize(
    "theme", ["flowtui-dark", "flowtui-light", "flowtui-ansi16", "flowtui-mono"]
)
@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12), (1, 1)])
async def test_a_dialog_and_a_form_live_in_every_theme_and_size(
    theme: str, size: tuple[int, int]
) -> None:
    app = SetStateGallery(theme=theme)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.resize_terminal(*size)
        await pilot.press("tab", "shift+tab")
        await pilot.press("enter")
        await pilot.pause()
        assert app.answer == "again"
    form = FormGallery(theme=theme)
    async with form.run_test(size=size) as pilot:
        await pilot.press("x")
        assert form.query_one("#partitions FieldInput", FieldInput).value.endswith("x")
