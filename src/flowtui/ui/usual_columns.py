"""Columns that many lists have, so that they look and sort alike everywhere.

Each takes what it shows of a record; whatever else a `Column` knows may follow by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from flowtui.models.runs import FlowRun
from flowtui.models.tasks import unwrapped
from flowtui.models.text import cells, day, duration
from flowtui.ui.columns import LARGEST, LONGEST, MOST_FAILED, NEWEST, WORST, Column, R
from flowtui.ui.graphics import state_pieces, strip
from flowtui.ui.ink import Piece
from flowtui.ui.paint import marks_of, when_piece, wrongness
from flowtui.ui.tokens import Palette, look_of

Now = Callable[[], datetime]
Zone = Callable[[], "tzinfo | None"]


def state_column(of: Callable[[R], str], *, least: int = 12, **more: Any) -> Column[R]:
    """A state, glyph and word; a flow that never ran has none."""

    def paint(record: R, palette: Palette, width: int) -> Sequence[Piece]:
        state = of(record)
        if not state:
            return [Piece(palette.glyph("absent"), "fg3"), Piece(" no runs", "fg2")]
        return state_pieces(state, palette, width)

    return Column(
        "state",
        paint=paint,
        wants=lambda record: 2 + cells(look_of(of(record)).name),
        least=least,
        raw=lambda record: of(record) or None,
        rank=lambda record: worst_first(of(record)),
        way=WORST,
        **more,
    )


def worst_first(state: str) -> tuple[int, str]:
    """The rank of what is in a state, for `WORST`."""
    return wrongness(state), state


def text_column(name: str, of: Callable[[R], str], **more: Any) -> Column[R]:
    """A text; where it is empty, it shows as absent."""
    return Column(name, lambda record: of(record) or None, raw=of, **more)


def message_column(of: Callable[[R], str], **more: Any) -> Column[R]:
    """What a state says: in the task's own words, and whole in a file."""
    return Column("message", lambda record: unwrapped(of(record)) or None, raw=of, **more)


def number_column(
    name: str, of: Callable[[R], int], *, token: str = "fg1", bold: bool = False, **more: Any
) -> Column[R]:
    """How many there are; none recedes."""

    def shown(record: R) -> Piece:
        count = of(record)
        return Piece(str(count), token if count else "fg2", bold=bold and bool(count))

    return Column(name, shown, right=True, raw=of, way=LARGEST, **more)


def words_column(name: str, of: Callable[[R], Iterable[str]], **more: Any) -> Column[R]:
    """Labels or tags."""

    def shown(record: R) -> str | None:
        return ", ".join(of(record)) or None

    return Column(name, shown, token="fg2", raw=lambda record: list(of(record)), rank=shown, **more)


def version_column(of: Callable[[R], int], **more: Any) -> Column[R]:
    """Which version of a flow it is."""
    return Column(
        "ver",
        lambda record: f"v{of(record)}",
        token="fg2",
        right=True,
        title="version",
        raw=of,
        way=LARGEST,
        **more,
    )


def when_column(
    name: str, of: Callable[[R], datetime | None], now: Now, zone: Zone, **more: Any
) -> Column[R]:
    """When something was or will be; the newest first where one sorts by it. Where there is room
    for the day or the time only, it is the day."""

    def paint(record: R, palette: Palette, width: int) -> Sequence[Piece]:
        when = of(record)
        piece = when_piece(when, now(), zone())
        if when is not None and cells(piece.text) > width:
            piece = piece._replace(text=day(when, zone()))
        return [piece]

    return Column(
        name,
        lambda record: when_piece(of(record), now(), zone()),
        paint=paint,
        right=True,
        raw=of,
        way=NEWEST,
        **more,
    )


def duration_column(name: str, of: Callable[[R], float | None], **more: Any) -> Column[R]:
    """How many seconds it takes or took."""

    def shown(record: R) -> str | None:
        seconds = of(record)
        return None if seconds is None else duration(seconds)

    return Column(name, shown, right=True, least=7, raw=of, way=LONGEST, **more)


def last_runs_column(
    of: Callable[[R], Sequence[FlowRun]], failed: Callable[[R], int], now: Now, **more: Any
) -> Column[R]:
    """How the last ten runs went; the record of which most `failed` comes first."""
    return Column(
        "last 10",
        paint=lambda record, palette, width: strip(marks_of(of(record), now()), palette, width),
        least=10,
        raw=lambda record: [run.shown_state(now()) for run in of(record)],
        rank=failed,
        way=MOST_FAILED,
        **more,
    )


def id_column(of: Callable[[R], str], *, drop: int = 2, **more: Any) -> Column[R]:
    """The id, for whoever asks for it."""
    return Column(
        "id",
        of,
        token="fg2",
        least=12,
        most=14,
        middle=True,
        drop=drop,
        raw=of,
        extra=True,
        **more,
    )
