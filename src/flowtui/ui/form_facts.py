"""What a run form says of itself: what is wrong with it, and what it will send as it stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flowtui.models.inputs import InputProblem, parse_labels, shown_value
from flowtui.models.run_form import ParameterField, RunForm
from flowtui.models.text import alike, cells, cut, cut_middle, plain
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.paint import Line, heading, labelled, wrapped
from flowtui.ui.tokens import Palette

NOT_SENT = "not sent"
ROWS_BESIDES = 15
"""Rows of what will be sent that are no parameters."""
FEWEST = 3
"""Parameters that are shown however little room there is."""


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


def sent_lines(form: RunForm, start: str, backend: str, width: int, room: int) -> list[Line]:
    """What will be sent, to the backend of that name, to start then; of the parameters as many as
    there is room for."""
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
    shown = form.parameters
    if len(shown) > max(FEWEST, room):
        shown = shown[: max(FEWEST, room) - 1]
    for one in shown:
        comma = "," if one is not form.parameters[-1] else ""
        lines.append([*_parameter(one, width - 1), Piece(comma, "fg2")])
    if len(shown) < len(form.parameters):
        lines.append([Piece(f"  and {len(form.parameters) - len(shown)} more", "fg2")])
    return [*lines, [Piece("}", "fg2")]]


def changed_note(form: RunForm) -> Line:
    """How many parameters there are, how many of them are changed, and how many to be mended."""
    count = len(form.parameters)
    if not count:
        return [blank(2), Piece("this flow takes none", "fg2")]
    required = sum(1 for one in form.parameters if one.parameter.required)
    said = f"{count}, of which {required} required" if required else f"{count}, none required"
    pieces = [blank(2), Piece(said, "fg2")]
    if required:
        pieces += [blank(2), Piece("*", "accent", bold=True)]
    changed = sum(1 for one in form.parameters if is_other(one))
    if changed:
        pieces += [blank(2), Piece(f"{changed} changed", "accent")]
    wrong = sum(1 for one in form.parameters if one.problem is not None and not is_untouched(one))
    if wrong:
        pieces += [blank(2), Piece(f"{wrong} to mend", "failed")]
    return pieces


def is_untouched(one: ParameterField) -> bool:
    """Whether it is still to be filled in, which is nothing wrong yet."""
    return one.parameter.required and not one.text.strip()


def is_other(one: ParameterField) -> bool:
    """Whether a valid value that is not its default stands in for it."""
    return one.problem is None and one.is_changed and not one.parameter.required


def was_piece(one: ParameterField, room: int) -> Piece:
    """What the default was; where there is no room for it, the part that is not as it was."""
    was = shown_value(one.parameter.default)
    if cells(plain(was)) > room - 4:
        was = differing(was, one.text) or was
    return Piece(cut(f"was {plain(was)}", room), "accent")


def differing(was: str, now: str) -> str:
    """The words of a text that are not in another one at the same ends."""
    begin = alike(was, now)
    end = alike(was[begin:][::-1], now[begin:][::-1])
    while begin and was[begin - 1].isalnum():
        begin -= 1
    while end and was[len(was) - end].isalnum():
        end -= 1
    return was[begin : len(was) - end]


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
    return [Piece(name, "fg2"), Piece(value, "accent" if is_other(one) else "fg1")]
