"""Dialogs and fingers that are quicker than the screen."""

from __future__ import annotations

from flowtui.ui.themes import ThemedApp
from flowtui.ui.widgets.dialog import Dialog


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
