"""Settings from flags, the environment and a file, each said once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flowtui.cli.server import server
from flowtui.errors import UsageProblem
from flowtui.server.configuration import Configured, configured
from flowtui.server.settings import SETTINGS, ServerSettings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "flowtui.toml"
    path.write_text('profile = "prod"\n[server]\nport = 4300\nzombie_after = "3m"\nloops = []\n')
    return path


def read(file: Path, flags: Mapping[str, object] | None = None, **environment: str) -> Configured:
    return configured(flags or {}, file=str(file), environment=environment)


def test_flags_go_over_the_environment_and_that_over_the_file(file: Path) -> None:
    found = read(file)
    assert (found.settings.port, found.settings.zombie_after, found.settings.loops) == (
        4300,
        180.0,
        (),
    )
    assert found.settings.host == "127.0.0.1"
    assert found.sources == dict.fromkeys(("port", "zombie_after", "loops"), str(file))
    found = read(file, FLOWTUI_SERVER_PORT="4400", FLOWTUI_SERVER_LOOPS="lazarus,scheduler")
    assert (found.settings.port, found.sources["port"]) == (4400, "FLOWTUI_SERVER_PORT")
    assert found.settings.loops == ("lazarus", "scheduler")
    found = read(file, {"port": 4500}, FLOWTUI_SERVER_PORT="4400", FLOWTUI_SERVER_NO_LOOPS="1")
    assert (found.settings.port, found.sources["port"]) == (4500, "--port")
    assert found.sources["loops"] == "FLOWTUI_SERVER_NO_LOOPS"


def test_a_file_that_the_environment_names_and_none_at_all(file: Path, tmp_path: Path) -> None:
    named = configured({}, environment={"FLOWTUI_SERVER_CONFIG": str(file)})
    assert named.settings.port == 4300
    profiles = configured({}, environment={"FLOWTUI_CONFIG": str(file)})
    assert profiles.settings.port == 4300
    nowhere = configured({}, environment={"FLOWTUI_CONFIG": str(tmp_path / "none.toml")})
    assert nowhere.settings == ServerSettings()
    with pytest.raises(UsageProblem, match=r"no configuration file .*none\.toml"):
        configured({}, file=str(tmp_path / "none.toml"), environment={})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nprot = 1\n", "has no setting 'prot'. Did you mean 'port'?"),
        ("[server]\nzombie-after = 1\n", "Did you mean 'zombie_after'?"),
        ("[server]\ncolour = 1\n", "`flowtui server config` shows"),
        ("server = 1\n", "'server' is no table"),
        ("[server]\nport = 70000\n", "port: 70000 is no whole number from 0 to 65535."),
        ("[server]\nport = true\n", "port: True is no"),
        ("[server]\ninsecure = 'maybe'\n", "insecure: 'maybe' is neither true nor false."),
        ("[server]\nloops = ['lazy']\n", "loops: 'lazy' is not one of scheduler"),
        ("[server]\nloops = 3\n", "loops: 3 is no list"),
        ("[server]\nlog_format = 'xml'\n", "log_format: 'xml' is not one of text, json."),
        ("[server", "is not valid TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_place(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    with pytest.raises(UsageProblem) as caught:
        configured({}, file=str(path), environment={})
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_secret_is_not_repeated_in_an_error(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text("[server]\napi_key = ['hush']\n")
    with pytest.raises(UsageProblem) as caught:
        configured({}, file=str(path), environment={})
    assert "hush" not in str(caught.value)


def shown(*words: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(server, ["config", *words], catch_exceptions=False)


def test_config_prints_every_setting_and_where_it_came_from(file: Path) -> None:
    answer = shown("--config", str(file), "--host", "::1", FLOWTUI_SERVER_API_KEY="hush")
    rows = {line.split()[0]: line for line in answer.output.splitlines()}
    assert set(SETTINGS) < set(rows)
    assert f"4300 {file}" in " ".join(rows["port"].split())
    assert "::1 --host" in " ".join(rows["host"].split())
    assert "*** FLOWTUI_SERVER_API_KEY" in " ".join(rows["api_key"].split())
    assert "hush" not in answer.output


def test_config_as_json_and_as_a_file_to_start_from(file: Path, tmp_path: Path) -> None:
    settings = json.loads(shown("--config", str(file), "-o", "json").output)["settings"]
    assert list(settings) == list(SETTINGS)
    assert settings["zombie_after"]["value"] == "3m"
    assert settings["zombie_after"]["from"] == str(file)
    assert settings["loops"]["value"] == []
    assert all(entry["means"] for entry in settings.values())
    written = tmp_path / "written.toml"
    everything = shown("--config", str(file), "-o", "toml").output
    written.write_text(everything)
    assert read(written).settings == read(file).settings
    # Every default that stands there as a comment is a value that would be read.
    lines = everything.replace("# ", "").splitlines()
    written.write_text("\n".join(line for line in lines if line == "[server]" or " = " in line))
    again = read(written).settings
    assert again.hook_patience == ServerSettings().hook_patience
    assert again.largest_body == ServerSettings().largest_body


def test_a_wrong_flag_is_wrong_usage() -> None:
    answer = CliRunner().invoke(server, ["config", "--zombie-after", "soon"])
    assert answer.exit_code == 2
    assert "'soon' is no span of time" in answer.output


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=list(SETTINGS))
def test_every_default_can_be_written_and_read_again(setting: object) -> None:
    assert setting in SETTINGS.values()
    one = next(known for known in SETTINGS.values() if known is setting)
    assert one.kind.read(one.kind.spell(one.default)) == one.default
