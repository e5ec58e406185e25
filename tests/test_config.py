"""Which backend is asked: flags, environment, profiles, Prefect's own settings, in that order."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowtui.config import CLOUD_URL, DEFAULT_URL, Flags, Profile, load_profile
from flowtui.errors import UsageProblem


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".prefect").mkdir()
    return tmp_path


def loaded(home: Path, flags: Flags = Flags(), **environment: str) -> Profile:  # noqa: B008
    return load_profile(flags, {"FLOWTUI_CONFIG": str(home / "config.toml"), **environment}, home)


def test_with_nothing_said_it_is_the_server_of_this_machine(home: Path) -> None:
    profile = loaded(home)
    assert (profile.api_url, profile.is_default) == (DEFAULT_URL, True)


def test_a_flag_wins_over_the_environment_and_that_over_prefects_settings(home: Path) -> None:
    prefect = {"PREFECT__SERVER__ENDPOINT": "http://prefect.test:4200"}
    assert loaded(home, **prefect).api_url == "http://prefect.test:4200"
    ours = {**prefect, "FLOWTUI_API_URL": "http://env.test:1"}
    assert loaded(home, **ours).api_url == "http://env.test:1"
    flag = Flags(api_url="http://flag.test:2")
    assert loaded(home, flag, **ours).api_url == "http://flag.test:2"
    assert not loaded(home, flag, **ours).is_default


def test_a_profile_is_read_from_the_file_and_may_be_read_only(home: Path) -> None:
    (home / "config.toml").write_text(
        '[profiles.prod]\napi_url = "https://prod.test"\napi_key = "k"\nread_only = true\n'
    )
    profile = loaded(home, Flags(profile="prod"))
    assert (profile.title, profile.api_key, profile.read_only) == ("prod", "k", True)


def test_an_unknown_profile_is_refused_with_those_there_are(home: Path) -> None:
    (home / "config.toml").write_text('[profiles.prod]\napi_url = "https://prod.test"\n')
    with pytest.raises(UsageProblem, match="Known are: prod"):
        loaded(home, Flags(profile="pord"))


def test_prefects_own_files_are_read(home: Path) -> None:
    (home / ".prefect" / "backend.toml").write_text('backend = "server"\n')
    (home / ".prefect" / "config.toml").write_text(
        '[server]\nendpoint = "http://file.test:4200/"\n'
    )
    assert loaded(home).api_url == "http://file.test:4200"


def test_cloud_comes_with_the_key_of_the_last_login(home: Path) -> None:
    (home / ".prefect" / "backend.toml").write_text('backend = "cloud"\n')
    (home / ".prefect" / "auth.toml").write_text(
        '["https-api-prefect-io"]\napi_key = "pcu_1"\ntenant_id = "t-1"\n'
    )
    profile = loaded(home)
    assert (profile.api_url, profile.api_key, profile.tenant) == (CLOUD_URL, "pcu_1", "t-1")


@pytest.mark.parametrize("url", ["ftp://host", "http://", "http://host:port", "http://host:99999"])
def test_a_url_that_is_none_is_refused(home: Path, url: str) -> None:
    with pytest.raises(UsageProblem, match="no URL of a backend"):
        loaded(home, Flags(api_url=url))


def test_a_broken_file_is_named(home: Path) -> None:
    (home / "config.toml").write_text("profile = \n")
    with pytest.raises(UsageProblem, match=r"config\.toml is not valid TOML"):
        loaded(home)


@pytest.mark.parametrize("word", ["1", "true", "Yes"])
def test_read_only_can_come_from_the_environment(home: Path, word: str) -> None:
    assert loaded(home, FLOWTUI_READ_ONLY=word).read_only


def test_a_profile_may_be_production_and_say_how_fast_many_things_are_changed(home: Path) -> None:
    (home / "config.toml").write_text(
        'profile = "prod"\n[profiles.prod]\napi_url = "http://p"\n'
        "production = true\nbulk_rate = 2\n"
    )
    profile = loaded(home)
    assert (profile.production, profile.bulk_rate) == (True, 2.0)
    text = (home / "config.toml").read_text().replace("bulk_rate = 2", "bulk_rate = 0")
    (home / "config.toml").write_text(text)
    with pytest.raises(UsageProblem, match="no number of commands a second: 0"):
        loaded(home)
