"""What somebody reads who has just begun: how the first flow gets here, and where else to look."""

from __future__ import annotations

from flowtui.config import DEFAULT_URL, Profile
from flowtui.models.text import cells, plain
from flowtui.ui.ink import Piece, blank, fit_pieces, width_of
from flowtui.ui.paint import Line, heading
from flowtui.ui.tokens import Palette

Rows = tuple[tuple[str, str], ...]
"""What is typed, and what it does."""

LOOK_AROUND: Rows = (
    ("flowtui demo", "sample flows to look around"),
    ("flowtui --api URL", "another backend, for once"),
    ("flowtui --profile NAME", "one of your config.toml"),
)
NEAR: Rows = (
    ("@", "another of your backends"),
    ("flowtui server start", "a backend on this machine"),
)
HERE: Rows = (
    ("?", "every key; enter presses it"),
    (":", "commands, with completion"),
    ("@", "another of your backends"),
)


def beginning_lines(profile: Profile, palette: Palette, width: int) -> list[Line]:
    """What there is to type, on a backend that has no flows yet."""
    url = plain(profile.api_url)
    endpoint = () if url == DEFAULT_URL else ((f"export PREFECT__SERVER__ENDPOINT={url}", ""),)
    to_begin: Rows = (
        ("prefect backend server", "makes Prefect 1 use a server"),
        *endpoint,
        ("prefect create project first", "a place for flows"),
        ("prefect register --project first -p flow.py", "a flow of yours"),
        ("prefect agent local start", "takes its runs"),
    )
    blocks = (
        ("To begin, in a shell", to_begin),
        ("To look around", LOOK_AROUND),
        ("Here", HERE),
    )
    known = [row for _, rows in blocks for row in rows if row[1]]
    column = max(cells(typed) for typed, _ in known)
    if column + max(cells(said) for _, said in known) + 4 > width:
        column = 1  # each is said right behind what is typed, so that it is whole
    lines: list[Line] = [heading("No flows yet", f"on {url}")]
    for title, rows in blocks:
        lines += [[], [Piece(title, "fg2")], *typed_lines(rows, palette, width, column)]
    return lines


def typed_lines(rows: Rows, palette: Palette, width: int, column: int = 0) -> list[Line]:
    """Commands or keys, each with what it does where that has room."""
    column = column or max(cells(typed) for typed, _ in rows)
    lines: list[Line] = []
    for typed, said in rows:
        line = [blank(2), Piece(f"{typed:<{column}}", "fg0", bold=True)]
        if width_of(line) + 2 + cells(said) <= width:
            line += [blank(2), Piece(said, "fg1")]
        lines.append(fit_pieces(line, width, ellipsis=palette.ellipsis))
    return lines
