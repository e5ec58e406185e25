"""Files that somebody asks for: named by them, and never written over."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from flowtui.errors import UsageProblem
from flowtui.models.text import plain

_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would take for the beginning of a formula."""


def here() -> Path:
    """The folder flowtui was started in; who has removed it meanwhile writes at home."""
    try:
        return Path.cwd()
    except OSError:
        return Path.home()


def from_here(path: Path) -> str:
    """A file as one would type it in the folder one is in."""
    return os.path.relpath(path, here())


def free_name(stem: str, suffix: str, folder: Path, otherwise: str = "flowtui") -> str:
    """A name for a file that is not there yet; the other one where there is nothing to it."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", plain(stem)).strip(".-")[:80] or otherwise
    name, number = f"{stem}{suffix}", 1
    while (folder / name).exists():
        number += 1
        name = f"{stem}-{number}{suffix}"
    return name


def path_for(typed: str) -> Path:
    """The file that is meant. Raises UsageProblem when it cannot be written."""
    if not typed.isprintable():
        raise UsageProblem("that cannot be written: it has signs that names do not have")
    try:
        path = Path(typed.strip()).expanduser().absolute()
        if not typed.strip() or path.is_dir():
            raise UsageProblem("the name of a file is missing")
        if path.exists():
            raise UsageProblem("there is such a file already; it stays as it is")
        if not path.parent.is_dir():
            raise UsageProblem(f"there is no folder {path.parent}")
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageProblem(f"that cannot be written: {error}") from None
    return path


def write_new(path: Path, write: Callable[[TextIO], None]) -> int:
    """Write a file that is not there yet, whole or not at all; how many bytes it has.

    Raises UsageProblem.
    """
    try:
        file = path.open("x", encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise UsageProblem(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with file:
            write(file)
        return path.stat().st_size
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UsageProblem(f"{path} was not written: {error.strerror}.") from None
        raise


def no_formula(cell: str) -> str:
    """Text for a cell of a spreadsheet, which would take some texts for formulas."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
