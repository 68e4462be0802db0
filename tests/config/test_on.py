"""The words of `--on`: one list of JVMs without doubles, or an error that names the word."""

from __future__ import annotations

from pathlib import Path

import pytest

from arthas_cli.config.file import Config
from arthas_cli.config.on import Targets, read_targets
from arthas_cli.errors import ConfigError, NotRun

CONFIG = Config(
    path=Path("/etc/arthas.toml"),
    profiles={
        "shop": {"host": "shop", "port": 8563},
        "prod": {"url": "https://arthas.shop/base", "production": True},
        "pods": {"url": "k8s://shop/?app=web"},
        "a.b": {"host": "10.0.0.9"},
        "db1": {"host": "db1"},
        "db2": {"host": "db2"},
    },
    groups={
        "both": ("prod", "shop"),
        "mixed": ("shop", "web[1-2]:8563", "ssh://shop-3"),
        "empty": (),
        "wrong": ("shop", "web[2-1]:8563"),
        "nested": ("10.0.0.1:x",),
    },
)


def read(*words: str) -> Targets:
    return read_targets(words, CONFIG)


def list_names(*words: str) -> list[str]:
    return [target.name for target in read(*words).members]


def refuse(*words: str) -> NotRun:
    with pytest.raises(NotRun) as error:
        read(*words)
    return error.value


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("shop", ["shop"]),
        ("a.b", ["a.b"]),
        ("both", ["prod", "shop"]),
        ("mixed", ["shop", "web1:8563", "web2:8563", "ssh://shop-3"]),
        ("all", ["shop", "prod", "pods", "a.b", "db1", "db2"]),
        ("db[1-2]", ["db1", "db2"]),
        ("web:8563", ["web:8563"]),
        ("//web", ["web"]),
        ("//shop", ["//shop"]),  # a host that is named as a profile
        ("web.example", ["web.example"]),
        ("[::1]:8563", ["[::1]:8563"]),
        ("http://[::1]:8563/base", ["http://[::1]:8563/base"]),
        ("web[1-3]:8563", ["web1:8563", "web2:8563", "web3:8563"]),
        ("web[08-10].example", ["web08.example", "web09.example", "web10.example"]),
        ("web[0-4/2]:1", ["web0:1", "web2:1", "web4:1"]),
        ("web[7,1-2,1]:1", ["web1:1", "web2:1", "web7:1"]),
        ("//web[1-2]", ["web1", "web2"]),
        ("10.0.0.[1-2]", ["10.0.0.1", "10.0.0.2"]),
        ("a[1-2]b[3-4]:1", ["a1b3:1", "a1b4:1", "a2b3:1", "a2b4:1"]),
        ("ssh://ops@web[1-2]/8563", ["ssh://ops@web1/8563", "ssh://ops@web2/8563"]),
        ("http://web[1-2]:80/arthas", ["http://web1:80/arthas", "http://web2:80/arthas"]),
        ("k8s://shop/web-[0-1]", ["k8s://shop/web-0", "k8s://shop/web-1"]),
        ("k8s://shop/?app=web,tier=front", ["k8s://shop/?app=web,tier=front"]),
        ("pid:4711", ["pid:4711"]),
        ("jvm:com.shop.Main", ["jvm:com.shop.Main"]),
    ],
)
def test_a_word_stands_for_its_targets(word: str, names: list[str]) -> None:
    assert list_names(word) == names


def test_targets_stand_in_the_order_given() -> None:
    assert list_names("web[2-3]:1", "shop", "web1:1") == ["web2:1", "web3:1", "shop", "web1:1"]


@pytest.mark.parametrize(
    "words",
    [
        ("web:80", "http://WEB/", "HTTP://web:80/api", "//web:80"),
        ("web[1-1]:80", "web1:80"),
        ("ssh://web", "ssh://web/8563"),
        ("pid:7", "pid:007"),
        ("k8s://shop/web", "k8s://shop/pod/web:8563"),
    ],
)
def test_one_address_in_several_spellings_is_one_target(words: tuple[str, ...]) -> None:
    assert len(read(*words).members) == 1


@pytest.mark.parametrize("words", [("shop:8563", "shop"), ("shop", "shop:8563")])
def test_of_an_address_and_its_profile_the_profile_stays(words: tuple[str, ...]) -> None:
    [target] = read(*words).members
    assert (target.name, dict(target.layer)) == ("shop", {"profile": "shop"})


def test_of_two_profiles_of_one_address_the_one_of_production_stays() -> None:
    profiles: dict[str, dict[str, object]] = {
        "look": {"url": "http://shop:1"},
        "prod": {"url": "http://shop:1", "production": True},
        "last": {"url": "http://shop:1"},
    }
    assert [target.name for target in read_targets(["all"], Config(profiles=profiles)).members] == [
        "prod"
    ]


@pytest.mark.parametrize(
    ("words", "is_one", "label"),
    [
        (("shop",), True, "shop"),
        (("web:1",), True, "web:1"),
        (("//web",), True, "web"),
        (("[::1]:1",), True, "[::1]:1"),
        (("k8s://shop/deployment/web",), True, "k8s://shop/deployment/web"),
        (("web[2-2]:1",), False, "web[2-2]:1"),
        (("both",), False, "both"),
        (("all",), False, "all"),
        (("k8s://shop/?app=web",), False, "k8s://shop/?app=web"),
        (("pods",), False, "pods"),
        (("shop", "shop"), False, "1 JVM"),
        (("shop", "web[1-2]:1"), False, "3 JVMs"),
    ],
)
def test_one_form_for_one_jvm_is_as_without_on(
    words: tuple[str, ...], *, is_one: bool, label: str
) -> None:
    targets = read(*words)
    assert (targets.is_one, targets.label) == (is_one, label)


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("", "there is no profile or group ''", "name a host with its port, as in web-1:8563"),
        (" ", "there is no profile or group ' '", "name a host with its port, as in web-1:8563"),
        ("*", "there is no profile or group '*'", "name a host with its port, as in web-1:8563"),
        ("?", "there is no profile or group '?'", "name a host with its port, as in web-1:8563"),
        ("@all", "there is no profile or group '@all'", "did you mean 'all'?"),
        ("bot", "there is no profile or group 'bot'", "did you mean 'both'?"),
        ("pro", "there is no profile or group 'pro'", "did you mean 'prod'?"),
        ("a,b", "there is no profile or group 'a,b'", "give --on again for each target"),
        (
            "web[1-2]",
            "'web[1-2]': there is no profile or group 'web1'",
            "name a host with its port, as in web-[1-20]:8563",
        ),
        (
            "web1:1,web2:1",
            "'web1:1,web2:1' is not of the form HOST[:PORT]",
            "give --on again for each target",
        ),
        ("prod!x", "there is no profile or group 'prod!x'", "did you mean 'prod'?"),
        ("//", "'//': '' is not an http:// or https:// URL", None),
        ("web[3-1]:1", "'web[3-1]:1': '[3-1]' is not a range", None),
        ("web[a-b]:1", "'web[a-b]:1' is not a range", None),
        ("web[1-", "'web[1-' is not a range", None),
        ("web[]:1", "'web[]:1' is not a range", None),
        ("web[1-2]x[a]:1", "'web[1-2]x[a]:1' is not a range", None),
        ("web[1-2][3:1", "'web[1-2][3:1' is not a range", None),
        ("web[1,,2]:1", "'web[1,,2]:1': '[1,,2]' is not a range", None),
        ("web[1-2/0]:1", "'web[1-2/0]:1': '[1-2/0]' is not a range", None),
        ("web[01-3]:1", "'web[01-3]:1': '[01-3]' is not a range", None),
        ("web[\u0661-\u0663]:1", "'web[\u0661-\u0663]:1' is not a range", None),
        ("[1-3]:1", "'[1-3]:1' is not an address: ", None),
        ("web[1-2]:0", "'web[1-2]:0': '0' is not a port", None),
        ("web:99999", "'web:99999' is not an address: Port out of range 0-65535", None),
        ("ftp://web", "'ftp://web' is not an http:// or https:// URL", None),
        ("k8s://shop", "'k8s://shop' is not a k8s:// address", None),
        ("web.example/x", "'web.example/x' is not of the form HOST[:PORT]", None),
        ("web 1:1", "'web 1:1' is not an address: it contains spaces", None),
    ],
)
def test_a_word_that_cannot_be_understood_is_named(
    word: str, message: str, hint: str | None
) -> None:
    error = refuse("shop", word)
    assert error.message.startswith(message)
    assert (error.hint == hint) if hint else error.hint


@pytest.mark.parametrize(
    "words",
    [
        ("web[1-1000000]:1",),
        ("web[1-999999999]:1",),
        (f"web[1-{'9' * 5000}]:1",),
        ("a[1-101]b[1-100]:1",),
        ("web[1-6000]:1", "db[1-6000]:1"),
    ],
)
def test_more_than_ten_thousand_targets_are_refused_at_once(words: tuple[str, ...]) -> None:
    assert "more than 10,000 targets" in refuse(*words).message


@pytest.mark.parametrize(
    "word",
    [
        "http://ops:planted-secret@web",
        "ops:planted-secret@web:1",
        "ops:planted-secret@web[1-2]:0",
        "ssh://ops:planted-secret@web[1-2]",
        "k8s://ops:planted-secret@shop/?app=web",
        "http://web:0/?password=planted-secret",
    ],
)
def test_a_password_in_a_word_is_refused_without_being_repeated(word: str) -> None:
    error = refuse(word)
    assert error.message == "an address must not contain a password"
    assert "planted-secret" not in error.hint


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("empty", "'/etc/arthas.toml': the group 'empty' has no members"),
        ("wrong", "'/etc/arthas.toml': the group 'wrong': 'web[2-1]:8563': '[2-1]' is not a range"),
        ("nested", "'/etc/arthas.toml': the group 'nested': '10.0.0.1:x' is not an address: "),
    ],
)
def test_a_group_that_is_wrong_is_an_error_of_the_configuration(group: str, message: str) -> None:
    error = refuse("shop", group)
    assert type(error) is ConfigError
    assert error.message.startswith(message)


def test_all_of_no_profiles_is_refused() -> None:
    with pytest.raises(NotRun) as error:
        read_targets(["all"], Config(Path("/etc/arthas.toml")))
    assert error.value.message == "'all' stands for every profile, and there is none"
    assert error.value.hint == "write [profiles.NAME] into '/etc/arthas.toml'"
