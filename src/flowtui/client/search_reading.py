"""Rows of a search into what was found."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from flowtui.client.reading import identity, text
from flowtui.models.search import EACH, KINDS, Found


def found_in(answers: Sequence[Mapping[str, Any]], wanted: str) -> list[Found]:
    """A few of each kind, kind by kind; in front what begins with what was looked for."""
    begun = wanted.casefold()

    def comes_later(one: Found) -> bool:
        return not any(
            name.casefold().startswith(begun) for name in (one.name, one.id, one.open_id)
        )

    return [
        one
        for rows, read in map(_READ.__getitem__, KINDS)
        for one in _few(
            sorted(
                (read(row) for answer in answers for name in rows for row in answer.get(name, ())),
                key=comes_later,
            )
        )
    ]


def _few(found: Iterable[Found]) -> list[Found]:
    """The first of each page they lead to, and no more than is shown."""
    known: dict[Hashable, Found] = {}
    for one in found:
        known.setdefault((one.open_id or one.id, one.name), one)
    return list(known.values())[:EACH]


def _flow(row: Mapping[str, Any]) -> Found:
    where = text((row["project"] or {}).get("name"))
    return Found(
        "flow",
        identity(row["id"]),
        text(row["name"]),
        where,
        open_id=identity(row["flow_group_id"]),
    )


def _run(row: Mapping[str, Any]) -> Found:
    flow = text((row["flow"] or {}).get("name"))
    run_id, state = identity(row["id"]), text(row["state"])
    return Found("run", run_id, text(row["name"]) or run_id, flow, state, open_id=run_id)


def _project(row: Mapping[str, Any]) -> Found:
    return Found("project", identity(row["id"]), text(row["name"]))


def _task(row: Mapping[str, Any]) -> Found:
    flow = row["flow"] or {}
    return Found(
        "task",
        identity(row["id"]),
        text(row["name"] or row["id"]),
        text(flow.get("name")),
        open_id=text(flow.get("flow_group_id")),
    )


def _task_run(row: Mapping[str, Any]) -> Found:
    run, run_id = row["flow_run"] or {}, identity(row["id"])
    name = text(row["name"] or (row["task"] or {}).get("name") or row["id"])
    mapped = f"[{row['map_index']}]" if (row["map_index"] or -1) >= 0 else ""
    shown = name if name.endswith("]") else name + mapped
    return Found("task run", run_id, shown, text(run.get("name")), text(row["state"]), run_id)


_READ: Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Found]]] = {
    "flow": (("begins", "flow"), _flow),
    "run": (("flow_run",), _run),
    "project": (("project",), _project),
    "task": (("task",), _task),
    "task run": (("task_run",), _task_run),
}
"""What an answer calls each kind, and how a row of it is read."""
