"""What holds for each target of `--on`: its own, and of the rest only what may reach it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from arthas_cli.config.file import Config
from arthas_cli.config.on import find_words, read_targets, resolve_targets
from arthas_cli.config.settings import resolve
from arthas_cli.config.variables import read_environment
from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from arthas_cli.config.settings import AskPassword, Layer, Settings

CONFIG = Config(
    path=Path("/etc/arthas.toml"),
    defaults={"host": "nobody", "username": "nobody", "read_only": True},
    profiles={
        "shop": {"host": "shop", "username": "ops", "password": "of-shop"},
        "prod": {"url": "https://prod", "production": True, "ca_file": "prod.pem"},
        "asks": {"host": "asks", "username": "me"},
        "asks-too": {"host": "asks-too", "username": "me"},
        "login": {"host": "login", "username": "own", "password_command": ("pass", "x")},
    },
    groups={"both": ("shop", "prod")},
)
LOGIN: Layer = {"username": "me", "password": "of-the-line"}


def resolve_all(*places: Layer, ask: AskPassword | None = None) -> list[Settings]:
    targets = read_targets(find_words(places), CONFIG)
    return resolve_targets(targets, places, CONFIG, ask)


def list_logins(*places: Layer, ask: AskPassword | None = None) -> dict[str, str]:
    """Returns the password of each URL, "" for none."""
    connections = [settings.connection for settings in resolve_all(*places, ask=ask)]
    return {one.url: one.credentials.password if one.credentials else "" for one in connections}


def on(*words: str, **others: object) -> Layer:
    return {"on": words, **others}


def test_each_target_has_its_own_address_profile_and_settings() -> None:
    settings = resolve_all(on("shop", "prod", "web:1"))
    assert [
        (one.connection.url, one.profile and one.profile.name, one.connection.ca_file)
        for one in settings
    ] == [
        ("http://shop:8563/api", "shop", None),
        ("https://prod/api", "prod", "prod.pem"),
        ("http://web:1/api", None, None),
    ]
    assert [one.may_tune for one in settings] == [False, False, False]
    assert [one.is_read_only for one in settings] == [True, True, True]


def test_the_login_of_the_command_line_goes_to_addresses_and_to_no_profile() -> None:
    assert list_logins(on("shop", "prod", "login", "web[1-2]:1", **LOGIN)) == {
        "http://shop:8563/api": "of-shop",
        "https://prod/api": "",
        "http://login:8563/api": "",
        "http://web1:1/api": "of-the-line",
        "http://web2:1/api": "of-the-line",
    }


def test_the_login_of_another_place_in_the_command_line_is_no_profile_s_either() -> None:
    assert list_logins(LOGIN, on("both", "web:1")) == {
        "http://shop:8563/api": "of-shop",
        "https://prod/api": "",
        "http://web:1/api": "of-the-line",
    }


@pytest.mark.parametrize(
    "variables",
    [
        {"ARTHAS_SHELL_URL": "http://other:1"},
        {"ARTHAS_SHELL_HOST": "web:1"},  # the same as one of those, but said elsewhere
        {"ARTHAS_SHELL_PROFILE": "shop"},
        {"ARTHAS_SHELL_ON": "web:1 db:1"},
    ],
)
def test_the_environment_s_login_goes_to_no_target_but_its_own(variables: dict[str, str]) -> None:
    environment = {
        **variables,
        "ARTHAS_SHELL_USERNAME": "env",
        "ARTHAS_SHELL_PASSWORD": "of-the-environment",
        "ARTHAS_SHELL_INSECURE": "true",
        "ARTHAS_SHELL_PORT": "99",
    }
    if "ARTHAS_SHELL_HOST" not in variables:
        del environment["ARTHAS_SHELL_PORT"]
    places = [on("shop", "web:1"), read_environment(environment)]
    assert list_logins(*places) == {"http://shop:8563/api": "of-shop", "http://web:1/api": ""}
    assert [one.connection.insecure for one in resolve_all(*places)] == [False, False]


def test_the_environment_s_login_goes_to_the_addresses_that_it_names() -> None:
    environment = {
        "ARTHAS_SHELL_ON": "web:1 both",
        "ARTHAS_SHELL_USERNAME": "env",
        "ARTHAS_SHELL_PASSWORD": "of-the-environment",
    }
    assert list_logins(read_environment(environment)) == {
        "http://web:1/api": "of-the-environment",
        "http://shop:8563/api": "of-shop",
        "https://prod/api": "",
    }


def test_a_login_of_the_environment_without_a_target_is_for_the_addresses_of_the_line() -> None:
    environment = read_environment({"ARTHAS_SHELL_USERNAME": "env", "ARTHAS_SHELL_PASSWORD": "pw"})
    assert list_logins(on("shop", "web:1"), environment) == {
        "http://shop:8563/api": "of-shop",
        "http://web:1/api": "pw",
    }


def test_one_profile_given_once_takes_the_login_of_the_line_as_with_profile() -> None:
    by_on = resolve_all(on("shop", **LOGIN))
    by_profile = resolve([{"profile": "shop", **LOGIN}], CONFIG)
    assert by_on == [by_profile]


@pytest.mark.parametrize(
    ("word", "without"),
    [
        ("shop", {"profile": "shop"}),
        ("prod", {"profile": "prod"}),
        ("web:1", {"host": "web:1"}),
        ("//web", {"host": "web"}),
        ("[::1]:1", {"host": "[::1]:1"}),
        ("https://web/base", {"url": "https://web/base"}),
        ("ssh://ops@web", {"url": "ssh://ops@web"}),
        ("pid:7", {"url": "pid:7"}),
    ],
)
def test_one_target_has_the_settings_it_has_without_on(word: str, without: Layer) -> None:
    others: Layer = {**LOGIN, "insecure": True, "yes": ("prod",), "no_tune": True}
    assert resolve_all({"on": (word,), **others}) == [resolve([{**without, **others}], CONFIG)]


def test_a_password_is_asked_for_once_for_all_addresses_and_for_each_profile() -> None:
    asked: list[str] = []

    def ask(whom: str) -> str:
        asked.append(whom)
        return f"typed-{len(asked)}"

    place = on("web[1-2]:1", "asks", "shop", "asks-too", "web3:1", username="me")
    assert list_logins(place, ask=ask) == {
        "http://web1:1/api": "typed-1",
        "http://web2:1/api": "typed-1",
        "http://asks:8563/api": "typed-2",
        "http://shop:8563/api": "of-shop",
        "http://asks-too:8563/api": "typed-3",
        "http://web3:1/api": "typed-1",
    }
    assert asked == ["'me'", "'me' of the profile 'asks'", "'me' of the profile 'asks-too'"]


def test_a_profile_among_many_that_nobody_can_be_asked_for_is_named() -> None:
    with pytest.raises(NotRun) as error:
        resolve_all(on("web:1", "asks", **LOGIN))
    assert error.value.message == "the profile 'asks' has a user and no password"
    assert "password_command" in error.value.hint
    assert list_logins(on("asks", **LOGIN)) == {"http://asks:8563/api": "of-the-line"}


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ([on("shop", host="x")], "--host and --on each name a target"),
        ([on("shop", url="http://x")], "--url and --on each name a target"),
        ([on("shop", profile="shop")], "--profile and --on each name a target"),
        ([on("shop", port="1")], "--on and --port each name a target"),
        ([{"port": "1"}, on("shop")], "--port cannot be combined with --on"),
        (
            [read_environment({"ARTHAS_SHELL_ON": "shop", "ARTHAS_SHELL_URL": "http://x"})],
            "ARTHAS_SHELL_URL and ARTHAS_SHELL_ON each name a target",
        ),
        (
            [{"port": "1"}, read_environment({"ARTHAS_SHELL_ON": "shop"})],
            "--port cannot be combined with ARTHAS_SHELL_ON",
        ),
    ],
)
def test_another_target_at_the_same_place_is_refused(places: list[Layer], message: str) -> None:
    with pytest.raises(NotRun) as error:
        find_words(places)
    assert error.value.message == message
    assert error.value.hint


@pytest.mark.parametrize("nearer", [{"host": "x"}, {"url": "http://x"}, {"profile": "shop"}])
def test_a_nearer_target_of_another_kind_leaves_on_out(nearer: Layer) -> None:
    assert find_words([nearer, on("prod")]) == ()
    assert find_words([nearer, read_environment({"ARTHAS_SHELL_ON": "prod"})]) == ()


def test_a_nearer_on_leaves_out_the_ones_further_away() -> None:
    places = [on("web:1"), on("shop", **LOGIN), read_environment({"ARTHAS_SHELL_ON": "prod"})]
    assert find_words(places) == ("web:1",)
    assert list_logins(*places) == {"http://web:1/api": ""}


def test_an_error_in_the_variable_names_it_and_the_word() -> None:
    with pytest.raises(NotRun) as error:
        resolve_all(read_environment({"ARTHAS_SHELL_ON": "shop shpo"}))
    assert error.value.message == "ARTHAS_SHELL_ON: there is no profile or group 'shpo'"
    assert error.value.hint == ("did you mean 'shop'?; correct ARTHAS_SHELL_ON, or unset it")


def test_what_all_share_comes_from_the_places_without_a_target() -> None:
    settings = resolve([on("both", color="never", yes=("prod",), **LOGIN)], CONFIG)
    assert (settings.color, settings.confirmed) == ("never", frozenset({"prod"}))
    assert settings.profile is None
    assert settings.connection.credentials is None


@pytest.mark.parametrize("value", ["0", "-1", "x", "", "1e3", "999999", "²"])
def test_a_fan_out_is_a_number_of_one_or_more(value: str) -> None:
    with pytest.raises(NotRun) as error:
        resolve([{"fanout": value}])
    assert error.value.message == f"'{value}' is not a number of 1 or more"


def test_the_fan_out_is_32_unless_said() -> None:
    assert resolve([]).fanout == 32
    assert resolve([read_environment({"ARTHAS_SHELL_FANOUT": "50"})]).fanout == 50
