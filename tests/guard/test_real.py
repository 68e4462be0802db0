"""What the guard takes for granted of a real Arthas, and what it lets through there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.program import shell

from arthas_cli.config.settings import Connection
from arthas_cli.guard.patterns import ClassPattern
from arthas_cli.session.server import Server
from arthas_cli.shell.jobs.consent import count_classes
from arthas_cli.transport import open_transport

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("#l=new java.util.ArrayList({1,2}), #l.clear, #l.size()", "@Integer[0]"),
        ("#l=new java.util.ArrayList({1,2}), #l.CLEAR, #l.size()", "@Integer[0]"),
        ('#l=new java.util.ArrayList({1,2}), #l["clear"], #l.size()', "@Integer[0]"),
        ("#l=new java.util.ArrayList({1,2}), #l['cle\"ar'], #l.size()", "@Integer[0]"),
        (
            "#l=new java.util.ArrayList({1,2}), #l[#{'length':'clear'}.length], #l.size()",
            "@Integer[0]",
        ),
        ("#b=@java.nio.ByteBuffer@allocate(8), #b.int, #b.position()", "@Integer[4]"),
        ("#b=@java.nio.ByteBuffer@allocate(8), #b.getInt(), #b.position()", "@Integer[4]"),
        (
            "#i=new java.util.concurrent.atomic.AtomicInteger(5), #i.andIncrement, #i.get()",
            "@Integer[6]",
        ),
        (r"\u0040java.lang.Math\u0040max(1,2)", "@Integer[2]"),
        ('"1+2"(null)', "@Integer[3]"),
    ],
)
def test_ognl_calls_and_evaluates_where_it_seems_to_look(
    arthas: Target, expression: str, value: str
) -> None:
    document = shell("exec", "--url", arthas.url, "--json", "--", "ognl", expression).document
    assert document["results"][0]["value"] == value


def test_under_read_only_a_stream_is_watched_with_a_condition_and_untuned(arthas: Target) -> None:
    line = "watch demo.MathGame primeFactors '{params[0], target.class.name}' '#cost>=0' -n 3"
    ended = shell("exec", "--url", arthas.url, "--read-only", "--json", "-t", "60", line)
    assert ended.exit_code == 0, ended.stderr
    assert ended.stdout.count('"type":"watch"') == 3


def test_read_only_leaves_the_server_running(arthas: Target) -> None:
    assert shell("exec", "--url", arthas.url, "--read-only", "stop").exit_code == 2
    assert shell("exec", "--url", arthas.url, "--read-only", "version").stdout == "4.1.5\n"


def test_the_classes_of_a_pattern_are_counted_as_the_server_says(arthas: Target) -> None:
    server = Server(open_transport(Connection(arthas.url), {}))
    few = count_classes(server, ClassPattern("demo.*", "sc -- demo.*"))
    many = count_classes(server, ClassPattern("java.*", "sc -E -- 'java\\..*'"))
    assert few == 1
    assert many is not None
    assert many > 500
