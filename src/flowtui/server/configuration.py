"""Settings from everywhere: flags over the environment over the file over defaults.

The file is TOML with a table `[server]`; by default it is the one that the dashboard's profiles
stand in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from flowtui.config import config_path, read_toml
from flowtui.errors import UsageProblem
from flowtui.frozen import frozen
from flowtui.server.settings import ENVIRONMENT, SETTINGS, ServerSettings, Setting

FILE_VARIABLE: Final = f"{ENVIRONMENT}CONFIG"
"""Names the file."""

TABLE: Final = "server"
"""The table of the file that is ours."""


@frozen
class Configured:
    """The settings in force, and where each came from."""

    settings: ServerSettings = field(default_factory=ServerSettings)
    sources: Mapping[str, str] = field(default_factory=dict)
    """By the setting's name: a flag, a variable, a file; nothing for a default."""

    file: Path | None = None
    """The file, if there is one."""


def configured(
    flags: Mapping[str, Any],
    *,
    file: str | None = None,
    environment: Mapping[str, str] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> Configured:
    """The settings, from flags that were read already, the environment and the file.

    Raises UsageProblem, naming the place and the setting, for what cannot be read.
    """
    environment = os.environ if environment is None else environment
    path, table = _file(file or environment.get(FILE_VARIABLE, ""), environment)
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, value in (defaults or {}).items():
        values[SETTINGS[name].attribute] = value
    for name, setting in SETTINGS.items():
        if name in table:
            values[setting.attribute] = _read(setting, table[name], f"{path}: {name}")
            sources[name] = str(path)
        found = _in_environment(setting, environment)
        if found is not None:
            values[setting.attribute], sources[name] = found
        if flags.get(name) is not None:
            values[setting.attribute], sources[name] = flags[name], setting.flag
    return Configured(ServerSettings(**values), sources, path if table else None)


def _in_environment(setting: Setting, environment: Mapping[str, str]) -> tuple[Any, str] | None:
    off = f"{ENVIRONMENT}{setting.off.upper()}"
    if setting.off and environment.get(off, "").strip().lower() in ("1", "true", "yes", "on"):
        return (), off
    text = environment.get(setting.variable)
    # An empty variable is how many a script says that it has nothing to say.
    if not text:
        return None
    return _read(setting, text, setting.variable), setting.variable


def _read(setting: Setting, value: object, where: str) -> Any:
    try:
        return setting.kind.read(value)
    except ValueError as problem:
        shown = f"{where}: this is no value for it." if setting.secret else f"{where}: {problem}"
        raise UsageProblem(shown, f"It means: {setting.text}") from problem


def _file(named: str, environment: Mapping[str, str]) -> tuple[Path, Mapping[str, Any]]:
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise UsageProblem(f"There is no configuration file {path}.")
    else:
        path = Path(environment.get("FLOWTUI_CONFIG") or config_path())
    table = read_toml(path).get(TABLE, {})
    if not isinstance(table, dict):
        raise UsageProblem(f"{path}: {TABLE!r} is no table.", f"Write [{TABLE}] above the keys.")
    for key in table:
        if key not in SETTINGS:
            raise _unknown(path, key)
    return path, table


def _unknown(path: Path, key: str) -> UsageProblem:
    near = get_close_matches(key.replace("-", "_"), SETTINGS, n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]!r}?" if near else "`flowtui server config` shows what there is."
    return UsageProblem(f"{path}: [{TABLE}] has no setting {key!r}.", hint)
