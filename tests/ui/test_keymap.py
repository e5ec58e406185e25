"""Keys: what is declared, what a preset makes of it, and what somebody writes in config.toml."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import flowtui.ui.screens
from flowtui.config import KeySettings
from flowtui.ui.actions import Action
from flowtui.ui.keymap import PRESETS, clashes, forbidden, key_named, read_keymap
from flowtui.ui.screens import every_screen
from flowtui.ui.screens.flow_page import FlowPage
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.widgets.table import RecordTable
from tests.driver import dashboard
from tests.world import World

SCREENS = every_screen()
ACTIONS = {one.title_text: one.actions for one in SCREENS}


def kinds_of(owner: type[Any]) -> set[type[Any]]:
    return {kind for one in owner.__subclasses__() for kind in (one, *kinds_of(one))}


def test_every_screen_is_listed() -> None:
    for module in pkgutil.iter_modules(flowtui.ui.screens.__path__):
        import_module(f"{flowtui.ui.screens.__name__}.{module.name}")
    titled = {
        one
        for one in kinds_of(ActionScreen)
        if one.title_text and one.__module__.startswith(flowtui.ui.screens.__name__)
    }
    assert titled == set(SCREENS)


def in_one_menu(screen: type[ActionScreen]) -> bool:
    """Whether all that the menu may hold is in it at once; a flow's page leaves out what does not
    belong to its pane."""
    return not issubclass(screen, FlowPage)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
def test_a_key_means_one_thing_on_a_screen(screen: type[ActionScreen], preset: str) -> None:
    actions = read_keymap({"preset": preset}, "here", ACTIONS).applied(screen.actions)
    if not in_one_menu(screen):
        actions = tuple(one for one in actions if not one.in_menu)
    assert [(key, one.name, other.name) for key, one, other in clashes(actions)] == []


@pytest.mark.parametrize("preset", PRESETS)
def test_no_action_has_a_key_that_others_keep_for_themselves(preset: str) -> None:
    keymap = read_keymap({"preset": preset}, "here", ACTIONS)
    assert keymap.problems == ()
    kept = {
        (one.name, key): reason
        for actions in ACTIONS.values()
        for one in keymap.applied(actions)
        for key in one.keys
        if (reason := forbidden(key, key != one.keys[0]))
    }
    assert kept == {("suspend", "ctrl+z"): "it suspends flowtui"}


def test_every_preset_names_actions_that_there_are() -> None:
    names = {one.name for actions in ACTIONS.values() for one in actions}
    assert {name for preset in PRESETS.values() for name in preset} <= names


def test_no_letter_changes_anything_by_itself() -> None:
    for actions in ACTIONS.values():
        for one in actions:
            if one.in_menu:
                assert all(len(key) == 1 for key in one.keys), one.name


def test_what_moves_in_a_table_does_nothing_else_on_any_screen() -> None:
    moving = {
        key
        for binding in RecordTable.BINDINGS
        for key in binding.key.split(",")  # type: ignore[union-attr]
    } - {"enter", "space"}
    for title, actions in ACTIONS.items():
        for one in actions:
            if not one.in_menu and not one.pane:
                assert moving.isdisjoint(one.keys), (title, one.name)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
def test_what_is_everywhere_is_on_every_screen(screen: type[ActionScreen]) -> None:
    names = {one.name for one in screen.actions}
    if screen.is_form:
        assert {"open_palette", "show_help", "go_back", "suspend"} <= names
        assert not {"find_anything", "go_to_last", "go_up", "go_to_flows"} & names
        return
    assert {"open_palette", "open_command_line", "find_anything", "go_to_last"} <= names
    assert {"choose_zone", "choose_profile", "show_connections", "show_help", "go_back"} <= names


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("L", "L"),
        ("?", "question_mark"),
        ("ctrl+k", "ctrl+k"),
        ("F8", "f8"),
        ("esc", "escape"),
        ("ctrl+]", "ctrl+right_square_bracket"),
        ("PageUp", "pageup"),
        ("hyper+k", None),
        ("banana", None),
        ("", None),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, key: str | None) -> None:
    assert key_named(written) == key


@pytest.mark.parametrize(
    ("wishes", "problem"),
    [
        ({"preset": "arows"}, "there is no preset 'arows'; perhaps 'arrows'?"),
        ({"open_lgo": "L"}, "there is no action 'open_lgo'; perhaps 'open_log'?"),
        ({"open_log": "escpe"}, "open_log: there is no key 'escpe'; perhaps 'escape'?"),
        ({"open_log": 7}, "open_log: there is no key 7"),
        ({"open_log": "~"}, "open_log: ~ cannot be used, ssh ends a session with it"),
        ({"open_log": "ctrl+b"}, "open_log: ctrl+b cannot be used, tmux takes it"),
        ({"open_log": "alt+l"}, "open_log: alt+l cannot be used, many terminals"),
        ({"open_log": "?"}, "? is open_log and show_help on "),
    ],
)
def test_a_wish_that_cannot_be_had_is_told(wishes: dict[str, Any], problem: str) -> None:
    keymap = read_keymap(wishes, "c.toml", ACTIONS)
    assert len(keymap.problems) == 1
    assert keymap.problems[0].startswith(problem)
    assert keymap.problems[0].endswith(" (c.toml)")
    assert "open_log" not in keymap.keys


def test_a_clash_is_found_in_one_pane_only() -> None:
    one, same, other = (
        Action("one", ("k",), "", "", pane="left"),
        Action("same", ("k",), "", "", pane="left"),
        Action("other", ("k",), "", ""),
    )
    assert clashes([one, other]) == []
    assert clashes([one, same, other]) == [("k", one, same)]


async def test_chosen_keys_act_and_are_shown(world: World, tmp_path: Path) -> None:
    wishes = {"preset": "arrows", "run_flow": "T", "choose_zone": "f12", "open_versions": "ctrl+v"}
    keys = KeySettings(wishes, tmp_path / "config.toml")
    async with dashboard(world, keys=keys) as ui:
        await ui.sees("2 problems, ! tells all: T is run_flow and choose_zone on Flows")
        await ui.highlight("orders-etl")
        await ui.sees("f1 help", "f7 run")
        await ui.press("question_mark")
        await ui.sees("Every key of this screen", "f1 ?", "ctrl+v")
        await ui.press("escape", "exclamation_mark")
        await ui.sees("config.toml", "choose_zone: f12 cannot be used, terminal windows take it")
        await ui.press("escape", "f7")
        await ui.sees("orders-etl", "Start run")


async def test_help_is_searched_and_runs_what_is_found(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("orders-etl")
        await ui.press("question_mark")
        await ui.sees("Every key of this screen")
        await ui.press("slash")
        await ui.type("version history")
        await ui.sees_no("Every key of this screen")
        await ui.press("enter")
        await ui.sees("commerce / orders-etl")
