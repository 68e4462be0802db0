"""The configuration file: what it may say, and what is refused with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arthas_cli.config.credentials import Credentials
from arthas_cli.config.file import Config, read_config
from arthas_cli.config.settings import Connection, Layer, Profile, resolve
from arthas_cli.errors import ConfigError, NotRun

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
[defaults]
output = "json"
job_timeout = "15m"
max_jobs = 5
confirm = "changes"
color = "never"
editing = "vi"

[profiles.shop-prod]
url = "https://arthas.shop:8563"
username = "ops"
password_command = ["pass", "arthas"]
production = true
read_only = true
color = "red"
init = [":format records"]

[profiles.test]
host = "10.0.0.7"
port = 8564

[groups]
shop = ["shop-prod", "test"]

[commands]
watch = "-x 2"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(path: Path, text: str, mode: int = 0o600) -> Config:
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return read_config(path)


def refuse(path: Path, text: str, mode: int = 0o600) -> tuple[str, str]:
    with pytest.raises(ConfigError) as caught:
        read(path, text, mode)
    return caught.value.message.removeprefix(f"'{path}': "), caught.value.hint


def test_every_section_is_read(path: Path) -> None:
    config = read(path, WHOLE)
    assert config.defaults["job_timeout"] == 900
    assert config.profiles["shop-prod"]["password_command"] == ("pass", "arthas")
    assert config.groups == {"shop": ("shop-prod", "test")}
    assert config.commands == {"watch": "-x 2"}


def test_a_group_holds_profiles_addresses_and_ranges(path: Path) -> None:
    config = read(path, "[profiles.a]\n[groups]\ng=['a', 'web[1-20]:8563', 'ssh://b', 'db[1-2]']")
    assert config.groups == {"g": ("a", "web[1-20]:8563", "ssh://b", "db[1-2]")}


def test_no_file_is_an_empty_one_unless_it_was_named(path: Path) -> None:
    assert read_config(path) == Config(path)
    with pytest.raises(ConfigError):
        read_config(path, str(path))


def test_a_folder_or_a_file_that_is_not_there_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as folder:
        read_config(tmp_path, str(tmp_path))
    assert folder.value.hint == f"name the file, as in '{tmp_path}/config.toml'"
    with pytest.raises(ConfigError) as nothing:
        read_config(tmp_path / "none.toml", "none.toml")
    assert nothing.value.hint == "use one that exists"


NO_COUNT = "'max_jobs' in [defaults] is not a number of 1 or more"
CORRECT = "fix it, then run 'arthas-shell config check'"


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("[defualts]\n", "unknown section 'defualts'", "did you mean 'defaults'?"),
        (
            "[defaults]\noutptu = 'json'\n",
            "unknown key 'outptu' in [defaults]",
            "did you mean 'output'?",
        ),
        (
            "[defaults]\noutput = 'xml'\n",
            "'output' in [defaults] is not one of text, json, jsonl, csv",
            CORRECT,
        ),
        (
            "[defaults]\nmax_jobs = 0\n",
            "'max_jobs' in [defaults] is not a number of 1 or more",
            CORRECT,
        ),
        (
            "[defaults]\nmax_jobs = true\n",
            "'max_jobs' in [defaults] is not a number of 1 or more",
            CORRECT,
        ),
        ("[defaults]\ntune = 'yes'\n", "'tune' in [defaults] is not true or false", CORRECT),
        (
            "[defaults]\njob_timeout = '8d'\n",
            '\'job_timeout\' in [defaults] is not a time up to 7 days, such as "90s", "15m", "1h"',
            CORRECT,
        ),
        (
            "[profiles.a]\ninit = 'x'\n",
            '\'init\' in [profiles.a] is not a list of strings, such as ["…", "…"]',
            CORRECT,
        ),
        ("profiles = 1\n", "'profiles' is not a section", "write [profiles]"),
        ("[profiles]\na = 1\n", "'profiles.a' is not a section", "write [profiles.a]"),
        (
            "[profiles.a]\nurl='http://x'\nhost='y'\n",
            "[profiles.a] has a url and a host or port",
            "use only one of them",
        ),
        (
            "[profiles.a]\npassword='x'\nkeyring=true\n",
            "[profiles.a] has password and keyring",
            "use only one of them",
        ),
        (
            "[profiles.shop]\n[groups]\ng=['shpo']\n",
            "group 'g' names the unknown profile 'shpo'",
            "did you mean 'shop'?",
        ),
        (
            "[groups]\ng=['web']\n",
            "group 'g' names the unknown profile 'web'",
            "an address needs a port, a dot or //, as in 'web-1:8563'",
        ),
        (
            "[profiles.shop]\n[groups]\ng=['shop']\nh=['g']\n",
            "group 'h' names the group 'g'",
            "name its members",
        ),
        (
            "[groups]\ng=['http://ops:planted-secret@web']\n",
            "an address in the group 'g' contains a password",
            "write a profile for it, with password_command",
        ),
        (
            "[profiles.shop]\n[groups]\nshop=['web:1']\n",
            "'shop' is both a profile and a group",
            "rename one of them",
        ),
        (
            "[profiles.all]\n",
            "'all' in [profiles] stands for every profile",
            "use another name",
        ),
        (
            "[groups]\nall=['web:1']\n",
            "'all' in [groups] stands for every profile",
            "use another name",
        ),
        ("[commands]\nwatch = 2\n", "'commands.watch' is not text", CORRECT),
        (
            "[profiles.a]\nhost='b:1'\nport=2\n",
            "'host' in [profiles.a]: 'b:1' has a port and --port gives another",
            "use only one of them",
        ),
        (
            "a = \n",
            "invalid value (at line 1, column 5)",
            'write NAME = VALUE: a text in "double quotes", a number, true or false, [a list]',
        ),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(
    path: Path, text: str, what: str, hint: str
) -> None:
    assert refuse(path, text) == (what, hint)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_password_that_others_may_read_is_refused(path: Path, mode: int) -> None:
    what, hint = refuse(path, "[profiles.a]\npassword = 'planted-secret'\n", mode)
    assert what == "other users can read it, and [profiles.a] holds a password"
    assert hint == f"run chmod 600 '{path}', or use password_command"
    assert read(path, "[profiles.a]\npassword = 'planted-secret'\n").profiles["a"]["password"]


def test_a_file_that_is_no_text_is_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        read_config(path)


# What holds.


def test_a_profile_names_the_target_and_how_it_is_treated(path: Path) -> None:
    settings = resolve([{"profile": "shop-prod"}], read(path, WHOLE))
    assert settings.connection == Connection("https://arthas.shop:8563/api")
    assert settings.profile == Profile("shop-prod", "ops", "red", True, ("pass", "arthas"))  # noqa: FBT003
    assert (settings.is_read_only, settings.init) == (True, (":format records",))
    assert (settings.output, settings.color, settings.max_jobs) == ("json", "never", 5)


def test_what_is_nearer_wins_over_the_profile_and_the_profile_over_the_defaults(
    path: Path,
) -> None:
    config = read(
        path, "[defaults]\nmax_jobs=9\noutput='csv'\n[profiles.a]\nmax_jobs=4\nread_only=true\n"
    )
    settings = resolve([{"profile": "a", "read_only": False, "output": "text"}], config)
    assert (settings.max_jobs, settings.is_read_only, settings.output) == (4, False, "text")


@pytest.mark.parametrize(
    ("layers", "url", "profile"),
    [
        ([{"host": "x"}, {"profile": "test"}], "http://x:8563/api", None),
        (
            [{"profile": "test"}, {"host": "x", "username": "u", "password": "p"}],
            "http://10.0.0.7:8564/api",
            "test",
        ),
        ([{}, {"profile": "test"}], "http://10.0.0.7:8564/api", "test"),
        ([{"port": "1"}, {"profile": "test"}], "http://10.0.0.7:1/api", "test"),
    ],
)
def test_the_nearest_target_is_taken_whole(
    path: Path, layers: list[Layer], url: str, profile: str | None
) -> None:
    settings = resolve(layers, read(path, WHOLE))
    assert settings.connection == Connection(url)
    assert (settings.profile.name if settings.profile else None) == profile


def test_a_nearer_password_is_taken_for_the_profile(path: Path) -> None:
    layers: list[Layer] = [{"profile": "shop-prod"}, {"password": "planted-secret"}]
    credentials = resolve(layers, read(path, WHOLE)).connection.credentials
    assert credentials == Credentials("ops", "planted-secret")


@pytest.mark.parametrize(
    ("layers", "what"),
    [
        ([{"profile": "shop-pord"}], "there is no profile 'shop-pord'"),
        (
            [{"profile": "test", "host": "x"}],
            "--host and --profile each name a target",
        ),
        (
            [{"port": "1"}, {"profile": "shop-prod"}],
            "--port cannot be combined with the URL of the profile 'shop-prod'",
        ),
    ],
)
def test_a_target_that_cannot_be_is_refused(path: Path, layers: list[Layer], what: str) -> None:
    with pytest.raises(NotRun) as caught:
        resolve(layers, read(path, WHOLE))
    assert caught.value.message == what


def test_a_port_does_not_silently_vanish_beside_the_url_of_the_defaults(path: Path) -> None:
    with pytest.raises(NotRun) as caught:
        resolve([{"port": "1"}], read(path, "[defaults]\nurl = 'http://shop:2'\n"))
    assert caught.value.message == "--port cannot be combined with the URL of [defaults]"


@pytest.mark.parametrize(
    ("keys", "given", "tunes"),
    [
        ("", {}, True),
        ("tune = false", {}, False),
        ("", {"no_tune": True}, False),
        ("production = true", {}, False),
        ("production = true\ntune = true", {}, True),
        ("production = true\ntune = true", {"no_tune": True}, False),
        ("tune = true\nread_only = true", {}, False),
        ("tune = true", {"read_only": True}, False),
    ],
)
def test_sessions_are_tuned_where_the_contract_lets_them(
    path: Path, keys: str, given: Layer, *, tunes: bool
) -> None:
    config = read(path, f"[profiles.a]\n{keys}\n")
    assert resolve([{"profile": "a", **given}], config).may_tune is tunes


def test_the_defaults_tune_nothing_in_production(path: Path) -> None:
    config = read(path, "[defaults]\ntune = true\n[profiles.a]\nproduction = true\n")
    assert not resolve([{"profile": "a"}], config).may_tune
