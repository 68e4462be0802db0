from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.program import shell

from arthas_cli import machine
from arthas_cli.attach import process
from arthas_cli.attach.jvms import Jvm
from arthas_cli.attach.listeners import Found
from arthas_cli.machine import format_table

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG = "com.example.shop.backend.application.ShopApplicationLauncher"
JVMS = [
    Jvm(7, "shop", "com.shop.Main", "17.0.15", 60_000, is_contained=False),
    Jvm(40123, "ops", LONG, None, 90_000_000, is_contained=True, arthas=Found("4.1.5", 8563)),
    Jvm(40124, "ops", None, "25.0.3", 5_000, is_contained=True, arthas=Found(None, 8564)),
    Jvm(40125, "ops", "x\x1b[2J", "8", 5_000, is_contained=True, arthas=Found()),
]


@pytest.fixture
def jvms(monkeypatch: pytest.MonkeyPatch) -> list[Jvm]:
    monkeypatch.setattr(machine, "list_jvms", lambda: JVMS)
    return JVMS


def test_the_list_is_printed_where_nobody_chooses(jvms: Sequence[Jvm]) -> None:
    ended = shell("attach")
    assert (ended.stdout.splitlines(), ended.stderr, ended.exit_code) == (
        format_table(jvms),
        "",
        0,
    )
    assert [line.rstrip() for line in ended.stdout.splitlines()] == [
        f"  PID  USER  {'MAIN':60}  JAVA     UP     ARTHAS",
        f"    7  shop  {'com.shop.Main':60}  17.0.15  1 min  -",
        f"40123  ops   {LONG:60}  ?        1 d    4.1.5 port 8563",
        f"40124  ops   {'?':60}  25.0.3   5 s    port 8564",
        f"40125  ops   {'x␛[2J':60}  8        5 s    yes",
    ]


def test_a_long_name_gives_way_to_the_terminal() -> None:
    lines = format_table(JVMS, 80)
    assert max(map(len, lines)) <= 80
    assert lines[2].split() == [
        *("40123", "ops", "c.e.s.b.a.ShopApplicationLauncher", "?", "1", "d"),
        *("4.1.5", "port", "8563"),
    ]


def test_the_document_has_what_is_known(jvms: Sequence[Jvm]) -> None:
    ended = shell("attach", "--json")
    document = json.loads(ended.stdout)
    assert len(document["jvms"]) == len(jvms)
    assert document["jvms"][1] == {
        "pid": 40123,
        "user": "ops",
        "main": LONG,
        "java": None,
        "upMs": 90_000_000,
        "container": True,
        "arthas": {"version": "4.1.5", "port": 8563},
    }
    assert (document["error"], ended.stderr, ended.exit_code) == (None, "", 0)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("7", "--json"), "--json is for the list of JVMs"),
        (("7", "--url", "http://x"), "'7' and 'http://x' each name a target"),
        (("7", "-H", "x"), "'7' and 'x' each name a target"),
        (("7", "--on", "x:1"), "'7' and 'x:1' each name a target"),
        (("12345678901",), "'12345678901' is not the number of a process"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], what: str) -> None:
    ended = shell("attach", *arguments)
    assert ended.stderr.startswith(f"arthas-shell: {what}\n")
    assert ended.exit_code == 2


def test_elsewhere_than_on_linux_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_IS_LINUX", False)
    for arguments in (("attach",), ("exec", "--url", "pid:7", "version")):
        ended = shell(*arguments)
        assert ended.stderr.startswith(
            "arthas-shell: JVMs of this machine can be found and attached to on Linux only\n"
        )
        assert ended.exit_code == 2
    ended = shell("attach", "--json")
    assert (ended.document["jvms"], ended.document["error"]["kind"]) == ([], "usage")


def test_a_process_that_is_not_there_is_an_error_of_its_own() -> None:
    ended = shell("exec", "--json", "--url", "pid:999999999", "version")
    error = ended.document["error"]
    assert (error["kind"], error["message"]) == ("attach", "there is no process 999999999")
    assert (ended.document["url"], ended.exit_code) == ("pid:999999999", 3)
