"""The settings of a flow: what holds for all its versions, and what the newest was registered
with; enter changes what can be changed, and copies what cannot."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll

from flowtui.frozen import frozen
from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.inputs import shown_value
from flowtui.models.text import plain_lines
from flowtui.ui.actions import action
from flowtui.ui.clipboard import copy
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.paint import Line, heading, wrapped, zoned_moment
from flowtui.ui.screens.flow_page import FlowPage, FlowPane, known, not_archived
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable


@frozen
class Setting:
    """One row: what it is, and what enter does with it."""

    name: str
    value: str
    note: str = ""
    key: str = ""
    """Of the action that changes it."""
    act: str = ""
    """The action's name; empty where the value is copied."""
    document: Any = None
    """The whole of it, where one row is not enough."""
    is_loud: bool = False

    @property
    def whole(self) -> str:
        """All of it, as it is copied."""
        if self.document is None:
            return self.value
        if isinstance(self.document, str):
            return self.document
        return json.dumps(self.document, indent=2, ensure_ascii=False)


def without_required(screen: Any) -> str | None:
    """A run needs nothing that nobody has said yet."""
    missing = screen.group.missing_parameters(screen.group.latest)
    them = "it" if len(missing) == 1 else "them"
    return f"{', '.join(missing)} must be given; t asks for {them}" if missing else None


class SettingsPane(FlowPane):
    """A row a setting, and the whole of the one under the cursor beside it."""

    name_of_pane = "settings"
    title = "Settings"
    table_id = "settings-table"
    list_title = "settings"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    SettingsPane #setting-beside { scrollbar-size: 0 0; }
    .-broad SettingsPane #setting-beside { width: 70; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield RecordTable[Setting](
                _columns(),
                lambda setting: setting.name,
                sentence="Asking for the flow …",
                captions=False,
                id="settings-table",
            )
            with VerticalScroll(id="setting-beside", classes="beside", can_focus=False):
                yield Lines(self._paint_setting, ground="bg1", id="setting")

    @property
    def setting(self) -> Setting | None:
        """The setting under the cursor."""
        found: Setting | None = self.table.record
        return found

    def show_group(self, group: FlowGroup) -> None:
        page = self.page
        registered = zoned_moment(group.latest.created, page.shown_now(), self.flowtui.zone)
        self.table.show(settings_of(group, registered))
        self.repaint()

    def _paint_setting(self, palette: Palette, width: int) -> list[Line]:
        setting = self.setting
        if setting is None:
            return []
        says = f"x {setting.key}" if setting.key else "C"
        does = "changes it, as enter does" if setting.key else "copies it, as enter does"
        lines: list[Line] = [heading(setting.name.capitalize(), setting.note), []]
        for line in plain_lines(setting.whole):
            indent = len(line) - len(line.lstrip())
            rows = wrapped(line, max(10, width - indent)) if line.strip() else [""]
            lines += [[Piece(" " * indent + row, "fg1")] for row in rows]
        return [*lines, [], [Piece(says, "fg0", bold=True), Piece(f"  {does}", "fg2")]]

    def describe(self) -> None:
        """The whole of it, in a dialog."""
        from flowtui.ui.dialogs.setting import SettingDetails

        if self.setting is not None and self.page.group is not None:
            name = self.page.group.latest.name
            self.app.push_screen(SettingDetails(self.setting.name, self.setting.whole, name))


def settings_of(group: FlowGroup, registered: str) -> list[Setting]:
    """Every row, those that can be changed first."""
    return [*_switches(group), *_group_values(group), *_facts(group, group.latest, registered)]


def _switches(group: FlowGroup) -> list[Setting]:
    guards, latest = group.safeguards, group.latest
    schedule = group.schedule or latest.schedule
    rows = [
        _switch("heartbeat", guards.heartbeat, "h", "switch_heartbeat", protects=True),
        _switch("Lazarus", guards.lazarus, "l", "switch_lazarus", protects=True),
        _switch("version lock", guards.version_lock, "v", "switch_version_lock"),
    ]
    if schedule is not None:
        row = _switch("schedule", latest.is_schedule_active, "p", "switch_schedule")
        rows.append(Setting(row.name, row.value, str(schedule), row.key, row.act))
    return rows


def _switch(name: str, is_on: bool, key: str, act: str, protects: bool = False) -> Setting:
    return Setting(
        name, "on" if is_on else "off", "all versions", key, act, is_loud=protects and not is_on
    )


def _group_values(group: FlowGroup) -> list[Setting]:
    own = group.labels is not None
    given = ", ".join(f"{name} = {shown_value(v)}" for name, v in group.default_parameters.items())
    described = (group.description or group.latest.description).strip()
    return [
        Setting(
            "labels",
            "  ".join(group.effective_labels) or "none",
            "set for all versions" if own else "as registered",
            "b",
            "edit_group_labels",
        ),
        Setting(
            "default parameters",
            given or "none",
            "over those of the versions",
            "f",
            "edit_default_parameters",
            document=group.default_parameters or None,
        ),
        Setting(
            "read me",
            described.split("\n")[0] if described else "none",
            "as registered" if described and not group.description else "",
            "e",
            "edit_readme",
            document=described or None,
        ),
        Setting("project", group.latest.project_name, "", "m", "move_flow"),
    ]


def _facts(group: FlowGroup, latest: FlowVersion, registered: str) -> list[Setting]:
    locations = _locations(latest.storage_settings)
    return [
        Setting("registered", registered, latest.created_by),
        Setting("core version", latest.core_version or "unknown"),
        _document("run config", latest.run_config, "of the newest version"),
        _document("group run config", group.run_config, "set for all versions"),
        _document("storage", latest.storage_settings, locations),
        _document("environment", latest.environment, ""),
        Setting("flow group id", group.id),
        Setting("flow id", latest.id, f"v{latest.version}"),
        Setting("version group id", latest.version_group_id or "–"),
    ]


def _document(name: str, document: Mapping[str, Any] | None, note: str) -> Setting:
    if not document:
        return Setting(name, "none")
    kind = str(document.get("type") or "set")
    return Setting(name, kind, note, document=dict(document))


def _locations(storage: Mapping[str, Any] | None) -> str:
    """Where the storage keeps its flows."""
    flows = (storage or {}).get("flows")
    if not isinstance(flows, Mapping):
        return ""
    return ", ".join(str(where) for where in flows.values())


def _columns() -> list[Column[Setting]]:
    return [
        Column("", lambda one: one.name, token="fg2", least=18),
        Column("", _value, least=16, most=60, grows=True),
        Column("", lambda one: f"x {one.key}" if one.key else "C", token="fg2", least=3, drop=1),
    ]


def _value(one: Setting) -> list[Piece]:
    """What it is, and whose it is."""
    token = "late" if one.is_loud else "fg0" if one.key else "fg1"
    pieces = [Piece(one.value, token, bold=one.is_loud)]
    return [*pieces, Piece(f"  {one.note}", "fg2")] if one.note else pieces


class SettingsActions(FlowPage):
    """What keys do with the settings."""

    @on(RecordTable.Highlighted, "#settings-table")
    def _another_setting(self) -> None:
        self.query_one("#setting", Lines).repaint()

    @on(RecordTable.Opened, "#settings-table")
    def _setting_opened(self) -> None:
        self.open_setting()

    @action("enter", "change …", pane="settings-table")
    def open_setting(self) -> None:
        """Change the setting under the cursor, or copy what cannot be changed."""
        setting = self.query_one(SettingsPane).setting
        if setting is not None:
            self.action_act(setting.act or "copy_setting")

    @action("C", "copy", pane="settings-table")
    async def copy_setting(self) -> None:
        """Copy the setting under the cursor: an id, or the whole document."""
        setting = self.query_one(SettingsPane).setting
        driver = self.app._driver
        if setting is None or driver is None:
            return
        said = await copy(setting.whole, os.environ, driver.write)
        self.show_notice(f"{setting.name}: {said}")

    @action("q", "quick run …", known, not_archived, without_required, menu=True)
    async def quick_run(self) -> None:
        """A run as the flow is: default parameters, its labels, at once."""
        from flowtui.ui.dialogs.flow_edits import ask_to_run

        await ask_to_run(self)

    @action("h", "heartbeat …", known, menu=True)
    async def switch_heartbeat(self) -> None:
        """Turn heartbeats and the Zombie Killer off or on."""
        await self._switch("heartbeat")

    @action("l", "Lazarus …", known, menu=True)
    async def switch_lazarus(self) -> None:
        """Turn the rescheduling of lost runs off or on."""
        await self._switch("lazarus")

    @action("v", "version lock …", known, menu=True)
    async def switch_version_lock(self) -> None:
        """Turn on or off that work runs once and only once."""
        await self._switch("version_lock")

    async def _switch(self, safeguard: str) -> None:
        from flowtui.ui.dialogs.switch import switch_safeguard

        await switch_safeguard(self, safeguard)

    @action("b", "labels …", known, menu=True)
    async def edit_group_labels(self) -> None:
        """Labels for the runs of all versions, or those they were registered with again."""
        from flowtui.ui.dialogs.flow_edits import ask_for_group_labels

        await ask_for_group_labels(self)

    @action("f", "default parameters …", known, menu=True)
    async def edit_default_parameters(self) -> None:
        """Values that stand in for what the versions take as defaults."""
        from flowtui.ui.dialogs.flow_edits import ask_for_default_parameters

        await ask_for_default_parameters(self)

    @action("m", "move to project …", known, menu=True)
    async def move_flow(self) -> None:
        """Put the flow with all its versions into another project."""
        from flowtui.ui.dialogs.projects import ask_to_move

        assert self.group is not None
        backend = await self.flowtui.backend()
        versions = await backend.versions_of_groups([self.group_id])
        here = self.group.latest.project_name
        await ask_to_move(self, versions, await backend.projects(), here)

    @action("X", "delete flow …", known, menu=True)
    async def delete_flow(self) -> None:
        """Remove the flow with all its versions, their runs and their logs."""
        from flowtui.ui.dialogs.flow_deletion import ask_to_delete_flow

        if await ask_to_delete_flow(self):
            self.flowtui.go_back()
