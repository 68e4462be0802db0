"""What a server is asked after a failure, and to tell its JVM from the next, over versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from support.program import shell

from arthas_cli.session.jvm import ask_start, ask_uptime_s

if TYPE_CHECKING:
    from .conftest import Live

LOADER = r"-c [0-9a-f]+ \(java\.net\.URLClassLoader, \S*/fixture/\)"


def fail(live: Live, line: str) -> str:
    ended = shell("exec", "--url", live.url, line)
    assert ended.exit_code == 1
    return ended.stderr.rstrip("\n").rpartition("\n")[2]


def test_a_class_of_two_loaders_is_told_with_both(live: Live) -> None:
    hint = fail(live, "getstatic fx.Twice count")
    assert re.fullmatch(f"hint: use {LOADER} or {LOADER}", hint)


def test_a_loader_that_is_none_is_answered_with_the_one_that_has_the_class(live: Live) -> None:
    assert " (jdk.internal.loader.ClassLoaders$AppClassLoader, " in fail(
        live, "ognl -c 123abc '@fx.Work@class'"
    )


def test_a_name_that_nothing_has_is_answered_with_the_one_meant(live: Live) -> None:
    assert fail(live, "watch fx.Wrok order -n 1").startswith("hint: did you mean 'fx.Work'? ")
    assert fail(live, "trace fx.Work ordr -n 1").startswith("hint: did you mean 'order'? ")


def test_when_the_jvm_was_started_and_how_long_it_has_run_are_had(live: Live) -> None:
    server = live.connect()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", ask_start(server))
    assert ask_uptime_s(server) in range(1, 7200)
