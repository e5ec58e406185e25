"""Which backend to ask, and how: flags, environment, flowtui's profiles, Prefect's own settings.

The first that is set wins, in that order. Nothing here touches the network.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from flowtui.errors import UsageProblem
from flowtui.frozen import frozen

DEFAULT_URL = "http://127.0.0.1:4200"
"""Where a Prefect Server, or our own backend, listens when nobody said otherwise."""

CLOUD_URL = "https://api.prefect.io"


@frozen
class Profile:
    """One backend, and how to speak to it."""

    api_url: str = DEFAULT_URL
    api_key: str = ""
    tenant: str = ""
    name: str = ""
    read_only: bool = False
    production: bool = False
    """What changes something asks for the profile's name, and the screen warns."""
    bulk_rate: float = 5.0
    """Commands a second when many things are changed at once."""
    is_default: bool = False
    """Nobody named a backend: if none answers, our own may be started."""

    @property
    def title(self) -> str:
        """What the top bar calls it."""
        return self.name or urlsplit(self.api_url).netloc or self.api_url


@frozen
class Flags:
    """What was given on the command line; None is not given."""

    api_url: str | None = None
    api_key: str | None = None
    tenant: str | None = None
    profile: str | None = None
    read_only: bool = False


def config_path() -> Path:
    """Where flowtui's own configuration is kept."""
    return platformdirs.user_config_path("flowtui") / "config.toml"


def data_folder() -> Path:
    """Where our own backend keeps its database when it is started for the dashboard."""
    return platformdirs.user_data_path("flowtui")


def journal_path() -> Path:
    """Where the dashboard writes down what it sent."""
    return data_folder() / "journal.jsonl"


def state_path(environment: Mapping[str, str] | None = None) -> Path | None:
    """Where the dashboard keeps how somebody wants to see things, None for nowhere.

    FLOWTUI_STATE names another file; `-` is none.
    """
    named = (os.environ if environment is None else environment).get("FLOWTUI_STATE", "")
    if named == "-":
        return None
    return Path(named) if named else platformdirs.user_state_path("flowtui") / "dashboard.json"


@frozen
class KeySettings:
    """The table of keys of a configuration, and the file it stands in."""

    table: Mapping[str, Any]
    path: Path


def load_keys(environment: Mapping[str, str] | None = None) -> KeySettings:
    """The keys that somebody wants. Raises UsageProblem."""
    path = _config_file(os.environ if environment is None else environment)
    table = read_toml(path).get("keys", {})
    if not isinstance(table, dict):
        raise UsageProblem(f"keys in {path} is no table.", 'Write [keys] and action = "key".')
    return KeySettings(table, path)


def profile_names(environment: Mapping[str, str]) -> list[str]:
    """The profiles of the configuration, in its order. Raises UsageProblem."""
    profiles = read_toml(_config_file(environment)).get("profiles", {})
    return list(profiles) if isinstance(profiles, dict) else []


def _config_file(environment: Mapping[str, str]) -> Path:
    return Path(environment["FLOWTUI_CONFIG"]) if "FLOWTUI_CONFIG" in environment else config_path()


def load_profile(
    flags: Flags, environment: Mapping[str, str] | None = None, home: Path | None = None
) -> Profile:
    """The profile in use.

    Raises UsageProblem for a file that is no TOML, an unknown profile or a URL that is none.
    """
    environment = os.environ if environment is None else environment
    home = Path.home() if home is None else home
    named = flags.profile or environment.get("FLOWTUI_PROFILE", "")
    profile = (
        _from_file(named, environment)
        or _from_prefect(environment, home)
        or Profile(is_default=True)
    )
    url = flags.api_url or environment.get("FLOWTUI_API_URL")
    if url:
        profile = replace(profile, api_url=url, is_default=False, name="")
    profile = replace(
        profile,
        api_key=flags.api_key or environment.get("FLOWTUI_API_KEY") or profile.api_key,
        tenant=flags.tenant or environment.get("FLOWTUI_TENANT") or profile.tenant,
        read_only=flags.read_only
        or profile.read_only
        or _is_true(environment.get("FLOWTUI_READ_ONLY", "")),
    )
    return replace(profile, api_url=checked_url(profile.api_url))


def checked_url(url: str) -> str:
    """The URL without a trailing slash. Raises UsageProblem when it is none."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    try:
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise UsageProblem(f"{url!r} is no URL of a backend.", "It should read http://HOST:4200.")
    return parts.geturl().rstrip("/")


def _is_true(text: str) -> bool:
    return text.strip().lower() in ("1", "true", "yes", "on")


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file's content, empty where there is no file. Raises UsageProblem."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{path} cannot be read: {error}.") from error
    if sys.version_info >= (3, 11):  # imported for those who have such a file
        import tomllib
    else:
        import tomli as tomllib
    try:
        document: dict[str, Any] = tomllib.loads(text)
        return document
    except tomllib.TOMLDecodeError as error:
        raise UsageProblem(f"{path} is not valid TOML: {error}.") from error


def _from_file(named: str, environment: Mapping[str, str]) -> Profile | None:
    path = _config_file(environment)
    document = read_toml(path)
    profiles = document.get("profiles", {})
    name = named or str(document.get("profile", ""))
    if not name:
        return None
    entry = profiles.get(name) if isinstance(profiles, dict) else None
    if not isinstance(entry, dict) or "api_url" not in entry:
        known = ", ".join(sorted(profiles)) if isinstance(profiles, dict) else ""
        raise UsageProblem(
            f"There is no profile {name!r} with an api_url in {path}.",
            f"Known are: {known}." if known else "Add a table [profiles.NAME] with api_url.",
        )
    return Profile(
        api_url=str(entry["api_url"]),
        api_key=str(entry.get("api_key", "")),
        tenant=str(entry.get("tenant", "")),
        name=name,
        read_only=bool(entry.get("read_only", False)),
        production=bool(entry.get("production", False)),
        bulk_rate=_rate(entry.get("bulk_rate", Profile.bulk_rate), path),
    )


def _rate(given: Any, path: Path) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or given <= 0:
        raise UsageProblem(f"bulk_rate in {path} is no number of commands a second: {given!r}.")
    return float(given)


def _from_prefect(environment: Mapping[str, str], home: Path) -> Profile | None:
    """What Prefect 1 itself would use: its environment, config.toml, backend.toml, auth.toml."""
    folder = Path(environment.get("PREFECT__HOME_DIR", home / ".prefect"))
    settings = _prefect_settings(environment, read_toml(folder / "config.toml"))
    chosen = settings.get("backend") or str(read_toml(folder / "backend.toml").get("backend", ""))
    api = settings.get("cloud.api", "")
    if chosen == "cloud" or (api and not chosen):
        return _cloud(settings, api or CLOUD_URL, folder)
    endpoint = api or settings.get("server.endpoint", "")
    if not endpoint:
        host, port = settings.get("server.host", ""), settings.get("server.port", "4200")
        if not host:
            return None
        endpoint = f"{host}:{port}"
    return Profile(api_url=endpoint, api_key=settings.get("cloud.api_key", ""))


def _cloud(settings: Mapping[str, str], url: str, folder: Path) -> Profile:
    host = urlsplit(url).netloc or url
    slug = re.sub(r"[^a-z0-9]+", "-", url.lower()).strip("-")
    auth = read_toml(folder / "auth.toml")
    known = auth.get(slug) or auth.get(re.sub(r"[^a-z0-9]+", "-", host.lower())) or {}
    return Profile(
        api_url=url,
        api_key=settings.get("cloud.api_key") or str(known.get("api_key", "")),
        tenant=settings.get("cloud.tenant_id") or str(known.get("tenant_id", "")),
        name="cloud",
    )


def _prefect_settings(
    environment: Mapping[str, str], document: Mapping[str, Any]
) -> dict[str, str]:
    """Prefect's settings as dotted lower-case names; the environment goes over the file."""
    found: dict[str, str] = {}

    def add(prefix: str, table: Mapping[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value, Mapping):
                add(f"{prefix}{key}.", value)
            else:
                found[f"{prefix}{key}"] = str(value)

    add("", document)
    for key, value in environment.items():
        if key.startswith("PREFECT__"):
            found[key[len("PREFECT__") :].lower().replace("__", ".")] = value
    return found
