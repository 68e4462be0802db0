"""`arthas-shell config`: where it is, what holds, whether it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from platformdirs import user_config_path
from support.program import shell

if TYPE_CHECKING:
    from pathlib import Path

    from support.fake import FakeArthas

SECRET = "planted-secret"
SHOP = """
[defaults]
max_jobs = 5
fanout = 32
[profiles.shop]
url = "http://127.0.0.1:1/base"
username = "ops"
password = "planted-secret"
production = true
init = ["version"]
[groups]
both = ["shop"]
[commands]
watch = "-x 2"
"""
SHOWN = """\
profile = "shop"
production = true
url = "http://127.0.0.1:1/base"
username = "ops"
insecure = false
connect_timeout = 5.0
keep = false
output = "text"
color = "auto"
verbose = false
quiet = false
tune = false
read_only = false
confirm = "dangerous"
job_timeout = "3600s"
max_jobs = 5
fanout = 32
editing = "emacs"
index = true
background = "collect"
init = ["version"]
password = "…"  # not shown
commands.watch = "-x 2"
# profile shop: http://127.0.0.1:1/base
# group both: shop
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "arthas.toml"
    path.write_text(SHOP, "utf-8")
    path.chmod(0o600)
    return path


def test_the_path_is_that_of_the_user_or_the_one_given(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", f"{tmp_path}/config")
    assert shell("config", "path").stdout == f"{tmp_path}/config/arthas-shell/config.toml\n"
    assert shell("config", "path", "--config", str(path)).stdout == f"{path}\n"


@pytest.mark.parametrize("home", ["", "/etc/xdg-home"])
def test_the_path_is_the_one_that_platformdirs_says(
    monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", home)
    said = user_config_path("arthas-shell", appauthor=False) / "config.toml"
    assert shell("config", "path").stdout == f"{said}\n"


def test_what_holds_is_shown_without_secrets(path: Path) -> None:
    ended = shell("config", "show", "-P", "shop", "--config", str(path))
    assert (ended.stdout, ended.stderr, ended.exit_code) == (SHOWN, "", 0)


def test_a_right_file_is_said_to_be_right(path: Path) -> None:
    said = shell("config", "check", "--config", str(path)).stdout
    assert said == f"{path}: no errors, 1 profile, 1 group\n"


def test_a_member_of_a_group_that_is_no_target_is_found_by_check(path: Path) -> None:
    path.write_text("[groups]\nshop = ['web:1', 'web[3-1]:8563']\n", "utf-8")
    ended = shell("config", "check", "--config", str(path))
    assert (ended.stdout, ended.exit_code) == ("", 2)
    assert ended.stderr == (
        f"arthas-shell: '{path}': the group 'shop': 'web[3-1]:8563': '[3-1]' is not a range\n"
        "hint: write a range as web[1-20]:8563, [1,3,7-9] or [01-12]\n"
    )


def test_a_wrong_file_ends_every_command_with_2_and_its_place(path: Path) -> None:
    path.write_text("[defaults]\noutptu = 'json'\n", "utf-8")
    for arguments in (["config", "check"], ["exec", "version"]):
        ended = shell(*arguments, "--config", str(path))
        assert ended.exit_code == 2
        assert ended.stderr == (
            f"arthas-shell: '{path}': unknown key 'outptu' in [defaults]\n"
            "hint: did you mean 'output'?\n"
        )


def test_a_profile_is_where_the_command_goes(fake: FakeArthas, path: Path) -> None:
    path.write_text(f"[profiles.here]\nurl = '{fake.url}'\noutput = 'csv'\n", "utf-8")
    ended = shell("exec", "-P", "here", "--config", str(path), "-o", "text", "version")
    assert (ended.stdout, ended.exit_code) == ("4.1.5\n", 0)


def test_the_variable_names_the_file_and_the_profile(fake: FakeArthas, path: Path) -> None:
    path.write_text(f"[profiles.here]\nurl = '{fake.url}'\n", "utf-8")
    variables = {"ARTHAS_SHELL_CONFIG": str(path), "ARTHAS_SHELL_PROFILE": "here"}
    assert shell("exec", "version", **variables).stdout == "4.1.5\n"


def test_a_command_gets_its_default_options_and_is_told_as_typed(
    fake: FakeArthas, path: Path
) -> None:
    path.write_text("[commands]\nthread = '-n 3'\n", "utf-8")
    ended = shell("exec", "--json", "--config", str(path), "--url", fake.url, "thread -b")
    assert ended.document["command"] == "thread -b"
    assert [asked.body["command"] for asked in fake.requests] == ["thread --top-n-threads 3 -b"]


def test_run_begins_with_the_lines_of_the_profile(fake: FakeArthas, path: Path) -> None:
    profile = f"[profiles.p]\nurl = '{fake.url}'\ninit = [':format tree', 'version']\n"
    path.write_text(profile, "utf-8")
    options = ("--config", str(path), "-P", "p")
    assert shell("run", *options, "-", stdin="session\n").exit_code == 0
    assert shell("exec", *options, "session").exit_code == 0
    assert [asked.body["command"] for asked in fake.requests] == ["version", "session", "session"]
