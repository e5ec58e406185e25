"""A form and a dialog, filled with invented values, for tests and for the eye."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timezone
from typing import ClassVar

from textual.app import ComposeResult

from flowtui.config import Profile
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.themes import ThemedApp
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import KeyBar, TopBar
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.fields import Buttons, Choice, Field, FieldInput, Option, PushButton
from flowtui.ui.widgets.painted import Line, Lines
from tests.ui.gallery import TABS, RunGallery, now

CHOICES = (
    Option("Success", "Success", "counts as done, downstream goes on", state="Success"),
    Option("Failed", "Failed", "already tried, ends this task run", state="Failed"),
    Option("Cancelled", "Cancelled", "ends it, downstream will not start", state="Cancelled"),
    Option("Scheduled", "Scheduled", "runs again, retry count kept", state="Scheduled"),
    Option("Pending", "Pending", "clears it", state="Pending"),
)


def conflict(palette: Palette, width: int) -> list[Line]:
    def seen(label: str, state: str, rest: str) -> list[Piece]:
        words = fit_pieces(state_pieces(state, palette), 12)
        return [blank(5), Piece(label.ljust(11), "fg2"), *words, Piece(rest, "fg1")]

    return [
        [],
        [
            blank(3),
            Piece(palette.state_glyph("Late"), "late", bold=True),
            Piece(" It changed while you were looking. Nothing was sent.", "fg0", bold=True),
        ],
        seen("you saw", "Failed", "version 4   03:12:45"),
        seen("it is now", "Retrying", "version 5   03:14:16, set by agent k8s-prod-1"),
        [],
    ]


class SetState(Dialog[str]):
    """Set a state by hand, after a conflict."""

    DEFAULT_CSS = """
    SetState #to { height: auto; layout: horizontal; margin: 1 0; }
    SetState .caption { width: 12; }
    SetState Choice { margin-right: 2; }
    SetState Field { margin-bottom: 1; }
    """
    changes = True
    keys: ClassVar[Sequence[tuple[str, str]]] = (
        ("enter", "look again"),
        ("tab", "choose"),
        ("esc", "leave"),
    )

    def compose_body(self) -> ComposeResult:
        from textual.containers import Horizontal

        yield Lines(conflict, ground="late-tint", classes="conflict")
        with Horizontal(id="to"):
            yield Lines(
                lambda p, w: [[blank(3), Piece("to", "fg2")]], ground="bg1", classes="caption"
            )
            yield Choice(CHOICES, "Success")
        yield Field(
            "reason",
            "rows loaded by hand, ticket OPS-4127",
            label_width=9,
            width=64,
            margin=3,
            ground="bg1",
        )
        yield Lines(
            lambda p, w: [
                [
                    blank(3),
                    Piece("sends".ljust(11), "fg2"),
                    Piece("set_task_run_states, guarded by version 4", "fg1"),
                ],
                [],
            ],
            ground="bg1",
        )
        with Buttons():
            yield PushButton("Look again", id="again")
            yield PushButton("Send for version 5", acting=True, id="send")
            yield PushButton("Leave", id="leave")
        yield Lines(
            lambda p, w: [
                [],
                [
                    blank(3),
                    Piece("enter", "fg0", bold=True),
                    Piece(" does the harmless thing: reads the run again", "fg2"),
                ],
                [],
            ],
            ground="bg1",
        )

    def on_push_button_pressed(self, message: PushButton.Pressed) -> None:
        self.dismiss(message.button.id)


class SetStateGallery(RunGallery):
    """The dialog over a run."""

    answer: str | None = "nothing"
    profile = Profile(name="prod")

    def on_mount(self) -> None:
        super().on_mount()
        dialog = SetState("Set state", "load_warehouse[137]", "of rosy-otter")
        self.push_screen(dialog, self.take)

    def take(self, answer: str | None) -> None:
        self.answer = answer


class FormGallery(ThemedApp[None]):
    """The parameters of a run."""

    CSS = "Screen { background: $bg0; } #title { height: auto; }"

    def __init__(self, theme: str = "flowtui-dark") -> None:
        super().__init__(theme=theme, ascii_only=False)
        self.changed: list[str] = []

    def compose(self) -> ComposeResult:
        yield TopBar("Flows", tabs=TABS, profile="prod", clock=now, zone=timezone.utc)
        yield Lines(self.title_lines, id="title")
        yield Field("name", placeholder="empty: the server chooses", id="name")
        yield Field("batch_size", "500", note="int")
        yield Field("feed_url", "https://feeds.example.com/v3/orders", note="str")
        yield Field("partitions", "[137, 204, 290 311]", note="list", id="partitions")
        yield Field("since", "2026-11-19", required=True, note="date")
        yield Field("warehouse", "prod_eu", required=True, note="str")
        yield Lines(lambda p, w: [[]])
        with Buttons(id="buttons"):
            yield PushButton("Start run", acting=True, enabled=False)
        yield KeyBar([("tab", "next field"), ("F3", "send"), ("esc", "leave")])

    def title_lines(self, palette: Palette, width: int) -> list[Line]:
        return [[blank(2), Piece("Parameters", "fg0", bold=True)]]

    def on_mount(self) -> None:
        self.query_one("#partitions FieldInput", FieldInput).focus()
        self.query_one("#partitions", Field).show_wrong("expected ',' or ']'", 15)
        self.query_one(KeyBar).show_note("nothing sent yet")

    def on_field_changed(self, message: Field.Changed) -> None:
        self.changed.append(message.field.label)
