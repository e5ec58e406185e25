"""Dialogs and fingers that are quicker than the screen."""

from __future__ import annotations

from flowtui.ui.themes import ThemedApp, palette_of
from flowtui.ui.widgets.dialog import Dialog, DialogTitle


async def test_where_it_is_has_what_the_title_leaves() -> None:
    place = "on prod, read again 03:14:22 UTC"
    async with ThemedApp[None]().run_test(size=(80, 24)) as pilot:
        for title, subject, whole in (
            ("Cancel 4 flow runs", "", True),
            ("Cancel", "a-run-with-a-long-name", False),
        ):
            shown = DialogTitle(title, subject, place).paint(palette_of(pilot.app), 76)[1]
            text = "".join(piece.text for piece in shown)
            assert (place in text) is whole
            assert title in text
            assert subject in text


async def test_only_the_first_answer_counts() -> None:
    answers: list[str | None] = []
    async with ThemedApp[None]().run_test() as pilot:
        dialog: Dialog[str] = Dialog("Cancel", "otter")
        pilot.app.push_screen(dialog, answers.append)
        await pilot.pause()
        page = pilot.app.screen_stack[0]
        dialog.dismiss("yes")
        dialog.dismiss("no")
        await pilot.pause()
        assert pilot.app.screen_stack == [page]
    assert answers == ["yes"]
