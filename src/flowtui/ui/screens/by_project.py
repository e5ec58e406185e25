"""Lists whose records belong to a project: a key shows those of one project only."""

from __future__ import annotations

from flowtui.models.filter_terms import value_of, with_value, without_field
from flowtui.ui.actions import action
from flowtui.ui.dialogs.project import ProjectChoice
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.screens.listing import ListingScreen, in_list


async def pick_project(
    screen: ActionScreen, here: str = "", can_be_new: bool = False
) -> ProjectChoice | None:
    """Ask which project, or all of them."""
    from flowtui.ui.dialogs.project import ProjectPicker

    projects = await (await screen.flowtui.backend()).projects()
    picker = ProjectPicker(
        "Project", "", projects, here=here, can_be_all=True, can_be_new=can_be_new
    )
    choice: ProjectChoice | None = await screen.app.push_screen_wait(picker)
    return choice


class ByProject(ListingScreen):
    """A list that can be narrowed to a project, by the `project` field of its filter."""

    @action("p", "project …", in_list, bar=False)
    async def choose_project(self) -> None:
        """Show one project only, or all of them, or make one that is called what one types."""
        choice = await pick_project(self, value_of(self.listing.text, "project"), can_be_new=True)
        if choice is None:
            return
        if choice.new_name:
            from flowtui.ui.dialogs.projects import ask_for_new_project

            known = await (await self.flowtui.backend()).projects()
            await ask_for_new_project(self, known, choice.new_name)
            return
        text = self.listing.text
        if choice.project is None:
            self.listing.text = without_field(text, "project")
        else:
            names = [one.name for one in await (await self.flowtui.backend()).projects()]
            self.listing.text = with_value(text, "project", choice.project.name, names)
        self.show_rows()
