"""Which project: a few letters of its name find it."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.frozen import frozen
from flowtui.models.projects import Project
from flowtui.models.text import amount, plain
from flowtui.ui.dialogs.picker import Pick, Picker


@frozen
class ProjectChoice:
    """What was chosen: a project, all of them, or one that is to be made."""

    project: Project | None = None
    new_name: str = ""
    """What a new one is to be called."""


class ProjectPicker(Picker[ProjectChoice]):
    """The answer is a `ProjectChoice`, or None if somebody only looked.

    `here` is the name of the project one is in; `can_be_all` offers all projects, `can_be_new` one
    that is called what was typed.
    """

    placeholder = "a few letters of a project"
    empty = "No project has this in its name."

    def __init__(
        self,
        title: str,
        subject: str,
        projects: Sequence[Project],
        *,
        here: str = "",
        can_be_all: bool = False,
        can_be_new: bool = False,
    ) -> None:
        super().__init__(title, subject)
        self._projects = projects
        self._here = here
        self._can_be_all = can_be_all
        self._can_be_new = can_be_new

    def picks(self, typed: str) -> Sequence[Pick[ProjectChoice]]:
        rows = [
            Pick(
                ProjectChoice(one),
                one.name,
                amount(one.flows, "flow"),
                is_current=one.name == self._here,
            )
            for one in found_by(self._projects, typed)
        ]
        if self._can_be_all and not typed:
            rows.insert(0, Pick(ProjectChoice(), "All projects", is_current=not self._here))
        name = typed.strip()
        if self._can_be_new and name and all(one.name != name for one in self._projects):
            rows.append(Pick(ProjectChoice(None, name), name, "a new project"))
        return rows


def found_by(projects: Sequence[Project], typed: str) -> list[Project]:
    """Those with all the words in name or description, then those with the letters in order."""
    words = typed.casefold().split()
    named = [one for one in projects if all(word in one.name.casefold() for word in words)]
    told = [
        one
        for one in projects
        if one not in named
        and all(word in f"{one.name} {one.description}".casefold() for word in words)
    ]
    letters = "".join(words)
    spelled = [
        one
        for one in projects
        if one not in named and one not in told and _in_order(letters, plain(one.name).casefold())
    ]
    return [*named, *told, *spelled]


def _in_order(letters: str, text: str) -> bool:
    """Whether the letters occur one after the other, with others between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
