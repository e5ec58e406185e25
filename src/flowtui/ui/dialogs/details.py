"""All there is to know of a run: parameters, labels, ids, times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll

from flowtui.models.inputs import shown_value
from flowtui.models.runs import FlowRunDetail
from flowtui.models.text import day, plain
from flowtui.ui.ink import Piece
from flowtui.ui.paint import heading, wrapped, zoned_clock
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.painted import Lines

CAPTION = 18


class RunDetails(Dialog[None]):
    """A run's facts, with whole values."""

    keys = (("j k", "scroll"), ("esc", "leave"))
    BINDINGS = [
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
    ]

    DEFAULT_CSS = """
    RunDetails > #dialog { width: 100; }
    RunDetails #facts { height: auto; max-height: 100%; margin-bottom: 1; scrollbar-size: 0 0; }
    RunDetails Lines { padding: 0 3; }
    """

    def __init__(self, detail: FlowRunDetail, zone: tzinfo | None) -> None:
        super().__init__("Run", detail.run.name, detail.run.flow_name)
        self._detail = detail
        self._zone = zone

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(id="facts"):
            yield Lines(self._paint, ground="bg1")

    def on_mount(self) -> None:
        facts = self.query_one("#facts", VerticalScroll)
        facts.styles.max_height = max(3, self.app.size.height - 7)
        facts.focus()

    def action_scroll(self, rows: int) -> None:
        """Show what is further down, or up."""
        self.query_one("#facts", VerticalScroll).scroll_relative(y=rows, animate=False)

    def _facts(self) -> list[tuple[str, str]]:
        detail = self._detail
        run = detail.run

        def time(when: Any) -> str:
            return f"{day(when, self._zone)} {zoned_clock(when, self._zone)}" if when else "–"

        return [
            ("state", f"{run.state.type}, version {run.state.version}"),
            ("message", run.state.message or "–"),
            ("scheduled for", time(run.scheduled_start_time)),
            ("started", time(run.start_time)),
            ("ended", time(run.end_time)),
            ("heartbeat", time(detail.heartbeat)),
            ("by", "the schedule" if run.auto_scheduled else "hand, or a client"),
            ("agent", detail.agent_name or "–"),
            ("labels", "  ".join(run.labels) or "none"),
            ("resurrected", f"{detail.times_resurrected} times"),
            ("idempotency key", detail.idempotency_key or "–"),
            ("run id", run.id),
            ("flow id", run.flow_id or "–"),
            ("flow group id", detail.flow_group_id),
        ]

    def _paint(self, palette: Palette, width: int) -> list[list[Piece]]:
        detail = self._detail
        lines = self._table(self._facts(), width)
        for title, values in (
            ("Parameters", detail.run.parameters),
            ("Context", detail.context),
            ("Run config", detail.run_config or {}),
        ):
            lines += [[], heading(title, "" if values else "none")]
            lines += self._table(_shown(values), width)
        return lines

    def _table(self, rows: list[tuple[str, str]], width: int) -> list[list[Piece]]:
        lines: list[list[Piece]] = []
        for name, value in rows:
            for number, row in enumerate(wrapped(plain(value), max(10, width - CAPTION))):
                caption = plain(name)[: CAPTION - 2] if number == 0 else ""
                lines.append([Piece(caption.ljust(CAPTION), "fg2"), Piece(row, "fg1")])
        return lines


def _shown(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, shown_value(value)) for name, value in values.items()]
