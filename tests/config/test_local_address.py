from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.config.target import name_place, name_target, parse_target
from arthas_cli.errors import NotRun


@pytest.mark.parametrize(
    ("text", "canonical", "shown"),
    [
        ("pid:2995", "pid:2995", "pid:2995"),
        ("PID:002995", "pid:2995", "pid:2995"),
        ("jvm:com.shop.Main", "jvm:com.shop.Main", "jvm:com.shop.Main"),
        ("jvm:a%2Fb%20c", "jvm:a%2Fb%20c", "jvm:a/b c"),
    ],
)
def test_a_jvm_of_this_machine_is_an_address(text: str, canonical: str, shown: str) -> None:
    assert parse_target(text) == canonical
    assert parse_target(canonical) == canonical
    assert (name_place(canonical), name_target(canonical)) == ("", shown)


@each_row("text", ["pid:", "pid:0", "pid:-1", "pid:1x", "pid://1", "pid:1234567890"])
def test_what_is_no_number_of_a_process_is_refused(text: str) -> None:
    with pytest.raises(NotRun, match="is not the number of a process"):
        parse_target(text)


@pytest.mark.parametrize("text", ["jvm:", "jvm://x", "jvm:%0a"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(NotRun, match="does not name a JVM"):
        parse_target(text)
