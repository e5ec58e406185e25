"""Making, renaming, describing and deleting projects, and moving flows between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from flowtui.errors import FlowtuiError, Refused
from flowtui.models.ids import ProjectId
from flowtui.models.projects import Project, ProjectFlow
from flowtui.models.text import amount, listed, plain
from flowtui.ui.dialogs.form import Entry, Form
from flowtui.ui.dialogs.project import ProjectPicker
from flowtui.ui.dialogs.question import Question
from flowtui.ui.widgets.fields import PushButton

if TYPE_CHECKING:
    from flowtui.ui.screens.frame import ActionScreen
    from flowtui.ui.screens.projects import ProjectsScreen

NAMED = 4
"""Flows that a question names; of more it says how many."""


def _new_name(projects: Sequence[Project], own: str = "") -> Callable[[str], str]:
    """What is wrong with a name for a project."""

    def check(text: str) -> str:
        if not text:
            return "a project needs a name"
        taken = any(one.name == text for one in projects if one.name != own)
        return "there is a project of that name already" if taken else ""

    return check


async def ask_for_new_project(
    screen: ActionScreen, projects: Sequence[Project], name: str = ""
) -> ProjectId | None:
    """Ask what it is called and for, and make it; its id, if it was made."""
    app = screen.flowtui
    form = Form(
        "New project",
        "",
        (
            Entry("name", name, _new_name(projects), required=True),
            Entry("description", placeholder="what its flows are for"),
        ),
        facts=(("sends", "create_project"),),
        act="Make the project",
        leave="Make nothing",
        is_new=True,
    )
    if not await app.push_screen_wait(form):
        return None
    name, description = form.values
    made = await (await app.backend()).create_project(name, description)
    app.say(f"The project {plain(name)} is made.")
    return made


async def ask_to_edit_project(screen: ProjectsScreen, project: Project) -> None:
    """Ask for another name or description, and send what has changed."""
    app = screen.flowtui
    form = Form(
        "Edit project",
        project.name,
        (
            Entry("name", project.name, _new_name(screen.projects, project.name), required=True),
            Entry("description", project.description, placeholder="none"),
        ),
        facts=(
            ("keeps", "its id, and everything that is in it"),
            ("sends", "set_project_name, set_project_description: what has changed of both"),
        ),
        act="Change the project",
    )
    if not await app.push_screen_wait(form):
        return
    backend = await app.backend()
    name, description = form.values
    if name != project.name:
        await backend.rename_project(project.id, name)
    if description != project.description:
        await backend.describe_project(project.id, description)
    app.say(f"The project {plain(name)} is changed.")
    screen.refresh_now()


# Moving -------------------------------------------------------------------------------------------


async def ask_to_move_flows(screen: ProjectsScreen, project: Project) -> bool:
    """Ask where to, and move everything there, archived versions too; whether that was done."""
    found = await (await screen.flowtui.backend()).flows_of_project(project.id)
    return await ask_to_move(screen, found, screen.projects, project.name)


async def ask_to_move(
    screen: ActionScreen, versions: Sequence[ProjectFlow], projects: Sequence[Project], here: str
) -> bool:
    """Ask for the project that these versions are to be in, and move them one by one."""
    app = screen.flowtui
    elsewhere = [one for one in projects if one.name != here]
    if not elsewhere:
        raise Refused("there is no other project to move them to.")
    flows = list(dict.fromkeys(one.name for one in versions))
    subject = flows[0] if len(flows) == 1 else amount(len(flows), "flow")
    choice = await app.push_screen_wait(ProjectPicker("Move to project", subject, elsewhere))
    if choice is None or choice.project is None:
        return False
    target = choice.project
    question = Question(
        "Move to project",
        subject,
        facts=(
            ("what", listed(flows, NAMED)),
            ("from", here),
            ("to", target.name),
            ("with", f"{amount(len(versions), 'version')}, their runs, states and logs"),
            ("sends", f"update_flow_project, {amount(len(versions), 'time')}"),
        ),
        act=f"Move to {target.name}",
    )
    if not await app.push_screen_wait(question):
        return False
    await _move(screen, versions, target)
    app.say(f"{subject if len(flows) > 1 else plain(subject)} moved to {plain(target.name)}.")
    screen.refresh_now()
    return True


async def _move(screen: ActionScreen, versions: Sequence[ProjectFlow], target: Project) -> None:
    backend = await screen.flowtui.backend()
    for done, one in enumerate(versions):
        if done:
            screen.show_notice(f"{done} of {len(versions)} versions moved …")
        try:
            await backend.move_flow(one.id, target.id)
        except FlowtuiError as error:
            moved = f"{done} of {len(versions)} versions are in {target.name}; the others stay."
            raise Refused(f"{error} {moved}") from error


# Deleting -----------------------------------------------------------------------------------------


class DeleteProject(Form):
    """Asks for the name of what is to be deleted; its flows can be moved first."""

    def __init__(self, project: Project, runs: int) -> None:
        self._has_flows = bool(project.flows or project.archived)
        self.wants_to_move = False
        """Whether somebody would rather move the flows first."""
        archived = f", {amount(project.archived, 'archived version')}" if project.archived else ""
        lost = f"{amount(project.flows, 'flow')}{archived}"
        right = project.name.strip()
        super().__init__(
            "Delete project",
            project.name,
            (Entry("its name", check=lambda text: "" if text == right else "not its name"),),
            facts=(
                ("loses", f"{lost} and {amount(runs, 'run')} with their states and logs"),
                ("back", "there is no way back"),
                ("sends", "delete_project"),
            )
            if self._has_flows
            else (("loses", "nothing else: it is empty"), ("sends", "delete_project")),
            act="Delete the project",
            leave="Keep it",
            warning=("Everything that is in it goes with it.",) if self._has_flows else (),
        )

    def compose_buttons(self) -> ComposeResult:
        if self._has_flows:
            yield PushButton("Move its flows first …", id="move")

    @on(PushButton.Pressed, "#move")
    def _rather_move(self) -> None:
        self.wants_to_move = True
        self.dismiss(False)


async def ask_to_delete_project(screen: ProjectsScreen, project: Project) -> None:
    """Ask for its name, and delete the project; or move its flows first, and ask again."""
    app = screen.flowtui
    backend = await app.backend()
    runs = await backend.count_runs_of_project(ProjectId(project.id))
    question = DeleteProject(project, runs)
    if await app.push_screen_wait(question):
        await backend.delete_project(project.id)
        app.say(f"The project {plain(project.name)} is deleted.")
        screen.refresh_now()
    elif question.wants_to_move and await ask_to_move_flows(screen, project):
        now_there = {one.id: one for one in await backend.projects()}
        if project.id in now_there:
            await ask_to_delete_project(screen, now_there[project.id])
