"""What helps to fill in a run form: JSON in a text area, another version, another name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from flowtui.models.flows import FlowGroup
from flowtui.models.ids import FlowId
from flowtui.models.names import random_name
from flowtui.models.run_form import RunForm, run_form
from flowtui.ui.actions import action
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.widgets.fields import Field

FIELDS = ("name", "start", "labels", "log_level", "context", "run_config", "key")
"""The fields that are no parameters; their ids, and what the form calls them."""


def laid_out(screen: Any) -> str | None:
    """The flow has been read."""
    return None if screen.form is not None else "the flow has not been read yet"


class FormTools(ActionScreen):
    """A screen with a run form."""

    def __init__(self) -> None:
        super().__init__()
        self.group: FlowGroup | None = None
        self.form: RunForm | None = None
        self.wanted_version: FlowId | None = None
        """The version that was chosen; None is the newest that can run."""

    async def show_fields(self) -> None:
        """Lay out the form, once the flow is known, and again for another version."""

    @action("f2", "as JSON", laid_out)
    async def edit_json(self) -> None:
        """All parameters as one JSON object; in context or run config, that one."""
        from flowtui.ui.dialogs.json_editor import JsonEditor

        form = self.form
        assert form is not None
        name = self._focused_field()
        if name in ("context", "run_config"):
            title, text = name.replace("_", " ").capitalize(), getattr(form, name)
            found = await self.app.push_screen_wait(JsonEditor(title, form.version.name, text))
            if found is not None:
                shown = json.dumps(found, ensure_ascii=False) if found else ""
                self.query_one(f"#{name}", Field).value = shown
            return
        names = [one.name for one in form.parameters]
        text = json.dumps(form.parameter_values, ensure_ascii=False)
        found = await self.app.push_screen_wait(
            JsonEditor("Parameters", form.version.name, text, names)
        )
        if found is not None:
            for number, one in enumerate(form.with_parameters(found).parameters):
                self.query_one(f"#parameter-{number}", Field).value = one.text

    def _focused_field(self) -> str:
        """The id of the field that one types in."""
        fields = (field for field in self.query(Field) if field.input.has_focus)
        return next((str(field.id) for field in fields), "")

    @action("f4", "version …", laid_out)
    async def choose_version(self) -> None:
        """Run another version of the flow; what was typed stays."""
        from flowtui.ui.dialogs.which_version import VersionPicker

        assert self.group is not None
        assert self.form is not None
        picker = VersionPicker(self.group, self.form.version, self.flowtui.zone)
        chosen = await self.app.push_screen_wait(picker)
        if chosen is not None and chosen.id != self.form.version.id:
            before = self.form
            self.wanted_version = chosen.id
            given = {
                one.name: one.value
                for one in before.parameters
                if one.is_changed and not one.problem
            }
            registered = before.run_config == run_form(self.group, before.version).run_config
            fresh = run_form(self.group, chosen, given)
            kept = {name: getattr(before, name) for name in FIELDS if name != "run_config"}
            kept |= {} if registered else {"run_config": before.run_config}
            self.form = replace(fresh, **kept)
            await self.show_fields()

    @action("f6", "new name", laid_out, bar=False)
    def new_name(self) -> None:
        """Put another name into the form, an adjective and an animal."""
        self.query_one("#name", Field).value = random_name()
