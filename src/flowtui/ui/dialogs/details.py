"""All there is to know of a run: parameters, labels, ids, times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from flowtui.models.inputs import shown_value
from flowtui.models.runs import FlowRunDetail
from flowtui.models.text import amount, day, plain
from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.ink import Piece
from flowtui.ui.paint import heading, wrapped, zoned_clock
from flowtui.ui.tokens import Palette

CAPTION = 18


class RunDetails(Facts):
    """A run's facts, with whole values."""

    def __init__(self, detail: FlowRunDetail, zone: tzinfo | None) -> None:
        super().__init__("Run", detail.run.name, detail.run.flow_name)
        self._detail = detail
        self._zone = zone

    def _rows(self) -> list[tuple[str, str]]:
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
            ("by", _maker(detail)),
            ("agent", detail.agent_name or "–"),
            ("labels", "  ".join(run.labels) or "none"),
            (
                "resurrected",
                amount(detail.times_resurrected, "time") if detail.times_resurrected else "never",
            ),
            ("idempotency key", detail.idempotency_key or "–"),
            ("run id", run.id),
            ("flow id", run.flow_id or "–"),
            ("flow group id", detail.flow_group_id),
        ]

    def paint_facts(self, palette: Palette, width: int) -> list[list[Piece]]:
        detail = self._detail
        lines = self._table(self._rows(), width)
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


def _maker(detail: FlowRunDetail) -> str:
    """Who made the run."""
    if detail.run.auto_scheduled:
        return "the schedule"
    return detail.created_by or "hand, or a client"
