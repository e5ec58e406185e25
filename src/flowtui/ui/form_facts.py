"""What a run form says of itself: what is wrong with it, and what it will send as it stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flowtui.models.inputs import InputProblem, parse_labels
from flowtui.models.run_form import ParameterField, RunForm
from flowtui.models.text import cut, cut_middle, plain
from flowtui.ui.ink import Piece, between
from flowtui.ui.paint import Line, heading, labelled, wrapped
from flowtui.ui.tokens import Palette

NOT_SENT = "not sent"


def said_lines(
    trouble: str, problems: Mapping[str, InputProblem], ready: str, palette: Palette, width: int
) -> list[Line]:
    """What keeps it from being sent, or what will happen."""
    glyph = Piece(f"{palette.state_glyph('Failed')} ", "failed", bold=True)
    if trouble:
        first, *rest = wrapped(plain(trouble), width - 2)
        return [[glyph, Piece(first, "fg0")], *([Piece(f"  {row}", "fg0")] for row in rest)]
    for name, problem in problems.items():
        subject = Piece(cut(plain(name.removeprefix("parameter:")), 24), "fg0", bold=True)
        return [[glyph, subject, Piece(f"  {problem.message}", "fg1")]]
    return [[Piece(cut(ready, width), "fg2")]]


def sent_lines(form: RunForm, start: str, backend: str, width: int) -> list[Line]:
    """What will be sent, to the backend of that name, to start then."""
    rows = (
        ("flow", f"{form.version.name} v{form.version.version}"),
        ("name", form.name.strip() or NOT_SENT),
        ("start", start),
        ("labels", "  ".join(parse_labels(form.labels)) or NOT_SENT),
        ("level", form.log_level.strip().lower() or NOT_SENT),
        ("context", _object(lambda: form.sent_context)),
        ("config", _object(lambda: form.sent_run_config)),
        ("key", cut_middle(form.key, width - 9)),
    )
    lines: list[Line] = [
        heading("What will be sent"),
        between(
            [Piece("create_flow_run", "fg1")],
            [Piece(cut(f"to {plain(backend)}", width - 17), "fg0", bold=True)],
            width,
        ),
        [],
        *(
            labelled(name, [Piece(plain(text), "fg2" if text == NOT_SENT else "fg1")], width, 9)
            for name, text in rows
        ),
        [],
        between(
            [Piece("parameters", "fg2")],
            [Piece(f"always all {len(form.parameters)}", "fg2")],
            width,
        ),
        [Piece("{", "fg2")],
    ]
    for one in form.parameters:
        comma = "," if one is not form.parameters[-1] else ""
        lines.append([*_parameter(one, width - 1), Piece(comma, "fg2")])
    return [*lines, [Piece("}", "fg2")]]


def _object(read: Callable[[], Mapping[str, Any] | None]) -> str:
    """A JSON object in a few words."""
    try:
        value = read()
    except InputProblem:
        return "not valid yet"
    return NOT_SENT if value is None else json.dumps(dict(value), ensure_ascii=False)


def _parameter(one: ParameterField, width: int) -> Line:
    called = cut_middle(plain(one.name), max(8, width // 2 - 6))
    name = f"  {json.dumps(called, ensure_ascii=False)}: "
    if one.problem is not None:
        return [Piece(name, "fg2"), Piece("not valid yet", "failed")]
    value = cut(plain(json.dumps(one.value, ensure_ascii=False)), max(4, width - len(name)))
    changed = one.is_changed and not one.parameter.required
    return [Piece(name, "fg2"), Piece(value, "accent" if changed else "fg1")]
