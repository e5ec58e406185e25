"""Why a run does not run: who could take it, what waits for the same, since when nobody asked, and
the words for a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone, tzinfo

from flowtui.models.agents import Agent, Contacts
from flowtui.models.diagnosis import Circumstances, takers_last_seen
from flowtui.models.remedies import SameCause
from flowtui.models.text import amount, away, cells, clock, cut, cut_middle, plain
from flowtui.ui.agent_columns import STRIP, health_pieces
from flowtui.ui.agent_contacts import SHOWN, contact_strip, most_asked
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import Line, heading, wrapped
from flowtui.ui.timeline import Axis, Labels
from flowtui.ui.tokens import Palette

LABELS_SHOWN = 4
LABEL_CELLS = 18
"""Labels that get a column of their own, and the cells these share at most."""
SAYS, ASKED = 11, 8
"""Cells of what an agent does with the run, and of when it asked."""
SHORTEST = 5
"""Cells of a label's column at least."""
WIDEST = 120
"""Cells of a strip of two hours at most: a minute each."""


def taker_lines(known: Circumstances, palette: Palette, width: int) -> list[Line]:
    """Every agent against every label of the run, who would take it in front."""
    labels = known.run.labels[:LABELS_SHOWN]
    widest = max((cells(plain(label)) + 2 for label in labels), default=0)
    each = max(SHORTEST, min(widest, LABEL_CELLS // max(1, len(labels))))
    shown = [cut(plain(label), each - 1).center(each) for label in labels]
    captions = [Piece("".join(shown), "fg1")]
    name = max(SHORTEST, width - 4 - each * len(labels) - SAYS - ASKED)
    lines = [
        heading("Who could take it"),
        between([blank(name + 3), *captions], [Piece("last asked", "fg2")], width),
    ]
    takers = takers_last_seen(known)
    others = [agent for agent in known.agents if agent not in takers]
    room = name, each, width
    return [*lines, *(_taker(agent, known, palette, room) for agent in [*takers, *others])]


def _taker(
    agent: Agent, known: Circumstances, palette: Palette, room: tuple[int, int, int]
) -> Line:
    name_room, each, width = room
    health, labels = agent.health(known.now), known.run.labels[:LABELS_SHOWN]
    glyph = health_pieces(health, palette)[0]
    yes, no = palette.state_glyph("Success"), palette.glyph("point")
    has = [Piece((yes if label in agent.labels else no).center(each), "fg1") for label in labels]
    asked = "never" if agent.last_queried is None else away(known.now - agent.last_queried)
    takes = agent.takes(known.run.labels)
    called = Piece(
        cut_middle(plain(agent.name), name_room, palette.ellipsis), "fg0" if takes else "fg1"
    )
    says = Piece(cut(_says(agent, known.run.labels), SAYS), "fg1" if takes else "fg2")
    left = [glyph, *fit_pieces([called], name_room + 1), *has, blank(1), says]
    return between(left, [Piece(asked, "fg2" if health == "healthy" else glyph.fg)], width)


def _says(agent: Agent, labels: Sequence[str]) -> str:
    """What it does with a run that has these labels, or which of them it lacks."""
    if agent.takes(labels):
        return "takes it"
    missing = [label for label in labels if label not in agent.labels]
    if not labels:
        return "has labels"
    if len(labels) == 1:
        return "lacks it"
    if len(missing) == 1:
        return f"lacks {plain(missing[0])}"
    if len(missing) == len(labels):
        return "lacks both" if len(labels) == 2 else "lacks all"
    return f"lacks {len(missing)}"


def same_lines(same: SameCause, zone: tzinfo | None) -> list[Line]:
    """What waits for the same agent, and what will."""
    told = [f"{amount(same.late, 'run')} late now"] if same.late else []
    if same.due:
        more = f"{len(same.due)} {'more ' if told else ''}due by"
        told.append(f"{more} {clock(same.due[-1].due, zone, seconds=False)}")
    if same.late < 2 and not same.due:
        return []  # it is this run alone
    return [[], heading("Same cause"), [Piece(", ".join(told), "fg1")]]


def asked_lines(
    agent: Agent,
    contacts: Contacts,
    known: Circumstances,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
) -> list[Line]:
    """Until when an agent asked for work, and what was due since."""
    asked = agent.last_queried
    if asked is None or known.now - asked > SHOWN:
        return []
    wide = max(STRIP, min(WIDEST, width))
    strip = contact_strip(agent, contacts, known.now, palette, most_asked([contacts]))
    span, minutes = contacts.seconds, contacts.seconds // 60
    ends = (int(known.now.timestamp()) // span + 1) * span
    start, end = (datetime.fromtimestamp(at, timezone.utc) for at in (ends - STRIP * span, ends))
    axis = Axis(start, end, wide)
    name = plain(agent.name or "agent")
    return [
        heading(f"{name} asked for work", f"the last 2 hours, {minutes} minutes a step"),
        _stretched(strip, wide),
        _clocks(axis, asked, known, zone),
        [],
    ]


def _stretched(strip: Line, width: int) -> Line:
    """The strip in a greater width: each of its cells is several."""
    pieces: Line = []
    before, whole = 0, sum(len(piece.text) for piece in strip)
    for piece in strip:
        ends = [(before + nth + 1) * width // whole for nth in range(len(piece.text))]
        starts = [before * width // whole, *ends]
        told = zip(piece.text, starts, ends, strict=False)
        text = "".join(sign * (end - start) for sign, start, end in told)
        pieces.append(piece._replace(text=text))
        before += len(piece.text)
    return pieces


def _clocks(axis: Axis, asked: datetime, known: Circumstances, zone: tzinfo | None) -> Line:
    """When it asked last, when the run was due, and the ends."""
    labels = Labels(axis.width)
    labels.put(Piece("now", "fg0", bold=True), axis.width, gap=2, pushed=True)
    told = clock(asked, zone, seconds=False)
    labels.put(Piece(told, "fg0", bold=True), int(axis.place(asked)) - len(told) // 2, gap=2)
    due = f"{clock(known.due, zone, seconds=False)} due"
    if known.due <= known.now:
        labels.put(Piece(due, "late"), int(axis.place(known.due)), gap=2)
    labels.put(Piece(clock(axis.start, zone, seconds=False), "fg2"), 0, gap=2)
    return labels.line()


def ticket_lines(said: Sequence[str], width: int) -> list[Line]:
    """What is copied for a ticket, and the key for that."""
    lines = [between(heading("Copy for the ticket"), [Piece("y", "fg0", bold=True)], width)]
    for number, sentence in enumerate(said):
        token = "fg2" if number == len(said) - 1 else "fg1"
        for row in wrapped(sentence, max(1, width - 4)):
            pieces = fit_pieces([blank(2), Piece(row, token)], width)
            lines.append([piece._replace(bg="bg1") for piece in pieces])
    return lines
