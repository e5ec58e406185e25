"""What there is to know of a task of a flow."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.models.flow_tasks import PlacedTask, Upstream
from flowtui.models.text import away, plain
from flowtui.ui.ink import Piece, between, fit_pieces
from flowtui.ui.paint import Line, heading, labelled, wrapped
from flowtui.ui.tokens import Palette

DEEPEST = 12
"""Steps that are indented; what lies deeper stands below each other."""


def indented_name(one: PlacedTask, palette: Palette) -> list[Piece]:
    """The name, as far in as the task lies deep."""
    depth = min(one.depth, DEEPEST)
    step = Piece(("  " * (depth - 1) + "└ ") if not palette.ascii else "  " * depth, "fg3")
    name = Piece(plain(one.task.name), "fg2" if one.task.class_name == "Parameter" else "fg0")
    return [step, name] if depth else [name]


def flow_task_lines(one: PlacedTask, palette: Palette, width: int) -> list[Line]:
    """A task in `width` cells: how it runs, and its neighbours."""
    task = one.task
    retries = str(task.max_retries) if task.max_retries else "none"
    if task.max_retries and task.retry_seconds:
        retries += f", {away(task.retry_seconds)} apart"
    rows = (
        ("class", task.type or "–"),
        ("trigger", task.trigger_name or "–"),
        ("retries", retries),
        ("mapped", "yes" if task.is_mapped else "no"),
        ("tags", "  ".join(task.tags) or "none"),
        ("cache key", task.cache_key or "none"),
        ("slug", task.slug),
        ("id", task.id),
    )
    lines: list[Line] = [
        fit_pieces([Piece(plain(task.name), "fg0", bold=True)], width, ellipsis=palette.ellipsis),
        [],
    ]
    for name, text in rows:
        lines.append(labelled(name, [Piece(plain(text), "fg1")], width))
    if task.description:
        lines += [[], *([Piece(row, "fg1")] for row in wrapped(plain(task.description), width))]
    lines += [[], *_ends("Waits for", [_upstream(up) for up in task.upstream], width)]
    lines += [[], *_ends("Is waited for by", [(slug, "") for slug in one.downstream], width)]
    return lines


def _upstream(up: Upstream) -> tuple[str, str]:
    said = f"as {up.key}" if up.key else "done before"
    return up.slug, f"{said}, one by one" if up.mapped else said


def _ends(title: str, names: Sequence[tuple[str, str]], width: int) -> list[Line]:
    if not names:
        return [heading(title, "nothing")]
    lines: list[Line] = [heading(title, str(len(names)))]
    for name, note in names:
        lines.append(between([Piece(plain(name), "fg1")], [Piece(plain(note), "fg2")], width))
    return lines
