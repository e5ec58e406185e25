"""Columns that many lists have, so that they look and sort alike everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from flowtui.ui.columns import NEWEST, Column, R
from flowtui.ui.paint import when_piece


def when_column(
    name: str,
    of: Callable[[R], datetime | None],
    now: Callable[[], datetime],
    zone: Callable[[], tzinfo | None],
    **more: Any,
) -> Column[R]:
    """When something was or will be; the newest first where one sorts by it."""
    return Column(
        name,
        lambda record: when_piece(of(record), now(), zone()),
        right=True,
        raw=of,
        way=NEWEST,
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
