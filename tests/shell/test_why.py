"""`:why` on a real server, and at the keyboard."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from support.fake import Command, faults
from support.program import shell
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.config.settings import Connection
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream
from arthas_cli.shell.commands.why import format_findings
from arthas_cli.transport import open_transport
from arthas_cli.why.calls import list_enhanced_methods
from arthas_cli.why.facts import Facts, find_target
from arthas_cli.why.queries import gather_facts
from arthas_cli.why.rules import diagnose

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

    from .conftest import User


def connect(jvm: Target) -> Server:
    return Server(open_transport(Connection(url=jvm.url), {}))


def gather(jvm: Target, line: str) -> Facts:
    target = find_target(parse_line(line, load_commands()))
    assert target is not None
    return gather_facts(connect(jvm), target, (4, 1, 5))


def explain(jvm: Target, line: str) -> list[str]:
    return list(format_findings(diagnose(gather(jvm, line))))


NATIVE = "java.lang.Thread.start0(): native, so there is no bytecode to change"
RUNNABLE = "watch java.lang.Runnable run"
JVM_CLASS = "a class of the JVM itself, which Arthas leaves alone unless 'options unsafe' is on"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("watch no.such.Thing x", "no loaded class matches 'no.such.Thing'"),
        ("watch no.such.Thing x", "    watch -L no.such.Thing x"),
        ("watch fx.Fixtrue order", "    watch fx.Fixture order"),
        ("watch fx.fixture order", "    watch fx.Fixture order"),
        ("watch other.Fixture order", "    watch fx.Fixture order"),
        ("watch fx.Node <init>", "    watch fx.Fixture$Node <init>"),
        ("watch fx.Fixture ordre", "    watch fx.Fixture order"),
        ("watch fx.Fixture Fixture", "    watch fx.Fixture <init>"),
        ("watch java.util.ArrayList add", f"java.util.ArrayList: {JVM_CLASS}"),
        ("watch java.util.ArrayList addd", "no method matches 'addd': java.util.ArrayList"),
        ("watch java.util.ArrayList addd", "    watch java.util.ArrayList add"),
        ("watch fx.Fixture order 'params' '#cost'", "'#cost' is a number, which is never true"),
        ("watch java.util.List add", f"java.util.List: {JVM_CLASS}"),
        ("watch java.lang.Thread start0", NATIVE),
        ("watch java.lang.Integer parseInt", "an array or class that Arthas never enhances"),
        ("trace fx.Fixture price", "fx.Fixture.price(int)"),
        ("trace fx.Fixture price", "fx.Fixture.price(java.lang.String)"),
        ("stack fx.Twice twice", "2 class loaders have loaded fx.Twice: java.net.URLClassLoader@"),
        ("watch -E 'fx\\.Fix.*' 'ord[xyz]*'", "no method matches 'ord[xyz]*'"),
        ("watch fx.Fixture order -c 123", "'123' has not loaded the class, but jdk.internal"),
        ("monitor fx.Fixture order 'params[1]>9'", "    monitor fx.Fixture order"),
    ],
)
def test_a_real_server_s_facts_say_why_nothing_comes(
    fixture_jvm: Target, line: str, said: str
) -> None:
    found = explain(fixture_jvm, line)
    assert said in "\n".join(found), found


@pytest.mark.parametrize(
    "line",
    [
        "watch fx.Work order params '#cost>10000'",
        "watch fx.Work order params '#cost'",
        "watch fx.Work order params -e",
        "trace fx.Work order 'params[0]<0'",
    ],
)
def test_a_method_that_is_called_is_not_said_to_be_quiet(fixture_jvm: Target, line: str) -> None:
    found = explain(fixture_jvm, line)
    assert "without it:" in found[0] or "(-e):" in found[0]
    assert "nothing calls it" not in "\n".join(found)


def test_of_an_interface_only_what_arthas_enhances_is_named(fixture_jvm: Target) -> None:
    named = {method.class_name for method in list_enhanced_methods(gather(fixture_jvm, RUNNABLE))}
    assert {"fx.Fixture$1", "fx.Hot$1", "fx.Many$1", "fx.Work$1"} <= named
    plan = make_plan(parse_line(RUNNABLE, load_commands()))
    with closing(Stream(Session.open(connect(fixture_jvm)), plan, owns_session=True)) as job:
        effect = next(result.data["effect"] for result in job if result.type == "enhancer")
    assert isinstance(effect, dict)
    assert effect["classCount"] == len(named)  # how many depends on what has run in that JVM


def test_the_switch_for_the_jvm_is_not_offered_where_the_method_is_missing(
    fixture_jvm: Target,
) -> None:
    assert "unsafe" not in "\n".join(explain(fixture_jvm, "watch java.util.ArrayList addd"))


@pytest.mark.parametrize(
    ("command", "is_ended"),
    [("watch", True), ("trace", True), ("stack", True), ("tt -t", True), ("monitor -c 1", False)],
)
def test_an_error_in_a_condition_ends_all_but_a_monitor(
    fixture_jvm: Target, command: str, *, is_ended: bool
) -> None:
    expression = "params " * (command == "watch")
    line = f"{command} fx.Fixture price {expression}'nosuch.x'"
    ended = shell("exec", "--url", fixture_jvm.url, "-t", "2" if not is_ended else "30", line)
    assert ended.exit_code == (1 if is_ended else 124)
    assert (f"an error in it {'ends the command' if is_ended else 'counts as false'}") in "\n".join(
        explain(fixture_jvm, line)
    )


def register_facts(user: User) -> None:
    user.fake.register(Command("options", lambda _: [{"type": "options", "options": []}]))


def test_the_last_command_that_found_nothing_is_looked_into(user: User) -> None:
    register_facts(user)
    assert user.enter("watch no.such.Class run").endswith(
        "arthas-shell: No class or method is affected\n"
        "hint: ':why' looks for the reason, ':json' has what Arthas advises\n"
    )
    assert "1. Execute" in user.enter(":json")

    user.enter("version")
    before = len(user.fake.requests)
    said = user.enter(":why")
    assert said.startswith("no loaded class matches 'no.such.Class'\n")
    asked = [seen.body for seen in user.fake.requests[before:]]
    assert {body["action"] for body in asked} == {"exec"}
    assert {body["command"].split()[0] for body in asked} == {"options", "sc"}
    assert all("sessionId" not in body for body in asked)


def test_of_a_command_that_showed_a_call_nothing_is_said_to_be_missing(user: User) -> None:
    user.fake.target.rate = None
    user.enter("watch demo.MathGame primeFactors -n 2")
    assert user.enter(":why").splitlines()[0] == "it was called: there were 2 results"


def test_of_a_command_whose_calls_were_lost_it_is_not_said_that_there_were_none(user: User) -> None:
    user.fake.target.rate = None
    user.enter("watch demo.MathGame primeFactors -n 2")
    assert user.shell is not None
    answer = user.shell.runner.answer
    assert answer is not None
    answer.results.clear()
    answer.report = answer.report._replace(outcome=answer.report.outcome._replace(lost=2))
    assert user.enter(":why").splitlines()[0] == "it was called: there were 0 results, 2 lost"


@pytest.mark.parametrize("names", [[], ["demo.MathGame", "java.util.HashMap"]])
@each_row(
    ("line", "meant"),
    [
        ("watch demo.MathGmae run", "did you mean 'demo.MathGame'? ':why'"),
        ("trace demo.MathGame rnu", "did you mean 'run'? ':why'"),
        ("watch demo.MathGame nothing", "hint: ':why'"),
        ("watch nowhere.MathGame run", "hint: ':why'"),
    ],
)
def test_a_name_that_nothing_has_is_told_what_may_be_meant(
    user: User, line: str, meant: str, names: list[str]
) -> None:
    assert user.shell is not None
    user.shell.runner.preflight.consent.find_names = lambda: names
    said = user.enter(line)
    assert meant in said
    assert ", try:" not in said  # the beginning of Arthas' own list


def test_a_line_can_be_looked_into_before_it_is_run(user: User) -> None:
    register_facts(user)
    assert "'no.such.Class'" in user.enter(":why watch no.such.Class run")
    assert all(seen.body.get("command") != "watch no.such.Class run" for seen in user.fake.requests)


def test_without_a_command_there_is_nothing_to_look_into(user: User) -> None:
    user.enter("version")
    assert user.enter(":why") == (
        "arthas-shell: there is no command to explain\nhint: use ':why watch CLASS METHOD'\n"
    )


def test_what_enhances_nothing_is_refused_with_its_place(user: User) -> None:
    assert user.enter(":why version") == (
        "arthas-shell: that command enhances no class\nhint: use one of monitor, stack, trace,"
        " watch, line,"
        " tt\n"
        "  version\n  ^^^^^^^\n"
    )


def test_a_server_that_is_gone_while_it_is_asked_is_told(user: User) -> None:
    user.fake.faults.next(faults.cut_before_headers, times=2, action="exec")
    assert user.enter(":why watch a.B c").startswith("arthas-shell: ")
