"""A line's risk follows from its command, its options and their values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.guard.cases import CASES, REASONS, VALUES
from arthas_cli.guard.risk import judge_line

READS, OBSERVES, CHANGES, DANGEROUS = Risk


@each_row(
    ("line", "risk"),
    [
        ("version", READS),
        ("thread -n 3", READS),
        ("thread -1", READS),
        ("help ognl", READS),
        ("cat a b c", READS),
        ("sc -d demo.*", READS),
        ("ognl -h", READS),
        ("stop --help", READS),
        ("stop -h now", DANGEROUS),
        ("watch a b", OBSERVES),
        ("watch a b {params,returnObj} '#cost>1' -n 5 -x 2", OBSERVES),
        ("watch a b '{@System@exit(1)}'", DANGEROUS),
        ("watch a b {params} '@System@exit(1)'", DANGEROUS),
        ("watch a b -- '@System@exit(1)'", DANGEROUS),
        ("watch -n 1 a -x 2 b -f '@System@exit(1)'", DANGEROUS),
        ("watch a b {params, returnObj}", DANGEROUS),
        ("watch a b 'params[0]==@a.B@C'", CHANGES),
        ("watch a b --bogus", DANGEROUS),
        ("watch a b {} '#cost>1' more", DANGEROUS),
        ("watch a b -m 2 --timeout 60 --exclude-class-pattern 'com.*|org\\.(a|b)'", OBSERVES),
        ("watch a b --maxMatch '@System@exit(1)'", DANGEROUS),
        ("watch a b --timeout=a.stop()", DANGEROUS),
        ("watch a b --maxMatch '(@System@exit(1)'", DANGEROUS),
        ("watch a b --maxMatch '*\\u0040'", DANGEROUS),
        ("trace a b 'params[0].foo()'", DANGEROUS),
        ("stack a b 'x=1'", DANGEROUS),
        ("monitor a b 'new A()'", DANGEROUS),
        ("monitor -c 5 a b", OBSERVES),
        ("line --class a --method b --line 3", OBSERVES),
        ("line --class a --express 'a.stop()'", DANGEROUS),
        ("line --class a --condition=a.stop()", DANGEROUS),
        ("line --class a --cond a.stop()", DANGEROUS),
        ("tt -t a b", OBSERVES),
        ("tt -l", OBSERVES),
        ("tt -t a b 'x()'", DANGEROUS),
        ("tt -i 1000 -w returnObj", OBSERVES),
        ("tt -i 1000 -w '@a@b()'", DANGEROUS),
        ("tt -s '@a@b()'", DANGEROUS),
        ("tt -i 1000 -p", DANGEROUS),
        ("tt -i 1000 --play", DANGEROUS),
        ("tt -pi 1000", DANGEROUS),
        ("tt -i 1000 -d", CHANGES),
        ("tt --delete-all", CHANGES),
        ("getstatic a b", READS),
        ("getstatic a b name", READS),
        ("getstatic a b '@a@b()'", DANGEROUS),
        ("ognl 1+1", CHANGES),
        ("ognl '#a=1'", DANGEROUS),
        ("ognl", CHANGES),
        ("vmtool --action getInstances --className a", CHANGES),
        ("vmtool --action getInstances --className a --express instances.length", CHANGES),
        ("vmtool --action getInstances --className a --express 'instances[0].x()'", DANGEROUS),
        ("vmtool --action interruptThread -t 1", DANGEROUS),
        ("vmtool -a forceGc", DANGEROUS),
        ("vmtool --action=mallocTrim", DANGEROUS),
        ("vmtool -a mallocStats", CHANGES),
        ("vmtool --act forceGc", DANGEROUS),
        ("vmtool --action brandNew", DANGEROUS),
        ("vmtool -a=getInstances -a=forceGc", DANGEROUS),
        ("classloader -t", READS),
        ("classloader -c 1 --load a.B", CHANGES),
        ("jad a.B", READS),
        ("jad -d /tmp a.B", CHANGES),
        ("jad --directory=/tmp a.B", CHANGES),
        ("base64 /a", READS),
        ("base64 /a -o /b", CHANGES),
        ("options", READS),
        ("options save-result", READS),
        ("options save-result true", CHANGES),
        ("options unsafe true", DANGEROUS),
        ("options unsafe false", CHANGES),
        ("options UNSAFE yes", DANGEROUS),
        ("sysprop a", READS),
        ("sysprop a b", CHANGES),
        ("vmoption a", READS),
        ("vmoption a true", CHANGES),
        ("logger", READS),
        ("logger -n a -l debug", CHANGES),
        ("logger --name a --level debug", CHANGES),
        ("history", READS),
        ("history -c", CHANGES),
        ("profiler status", READS),
        ("profiler list", READS),
        ("profiler list --file /a", CHANGES),
        ("profiler start", CHANGES),
        ("profiler stop -f /a", CHANGES),
        ("profiler execute 'start,file=/a'", DANGEROUS),
        ("profiler load", DANGEROUS),
        ("profiler brandNew", DANGEROUS),
        ("jfr status", READS),
        ("jfr status -r 1", READS),
        ("jfr status -f /a", CHANGES),
        ("jfr start", CHANGES),
        ("jfr brandNew", DANGEROUS),
        ("retransform -l", READS),
        ("retransform -l /a.class", DANGEROUS),
        ("retransform /a.class", DANGEROUS),
        ("redefine /a.class", DANGEROUS),
        ("mc /a.java", CHANGES),
        ("dump a", CHANGES),
        ("heapdump /a", DANGEROUS),
        ("reset", CHANGES),
        ("tee /a", CHANGES),
        ("classloader-metaspace", CHANGES),
        ("stop", DANGEROUS),
        ("shutdown", DANGEROUS),
        ("deploy", DANGEROUS),
        ("deploy -h", DANGEROUS),
        ("Version", DANGEROUS),
        ("version --bogus", DANGEROUS),
        ("version more", DANGEROUS),
        ("version | tee /a", DANGEROUS),
        ("version > /a", DANGEROUS),
        ("version &", DANGEROUS),
        ("version ; stop", DANGEROUS),
        ("version '", DANGEROUS),
        ("version\nstop", DANGEROUS),
        ("", DANGEROUS),
    ],
)
def test_a_line_has_the_risk_of_the_gravest_part_of_it(line: str, risk: Risk) -> None:
    assert judge_line(line).risk == risk


@each_row(
    ("line", "reason", "meant"),
    [
        ("stop", "it ends Arthas for everybody: all sessions and jobs, not only yours", "stop"),
        ("tt -i 1 -p", "'-p': calls the recorded method again in the target", "-p"),
        ("options unsafe true", "'true': lets JDK classes be enhanced", "true"),
        ("deploy now", "it is not known what 'deploy' does", "deploy"),
        ("version --now", "it is not known what '--now' does", "--now"),
        ("version now", "'version' has no known argument 'now'", "now"),
        (
            "watch a b '@c@d()'",
            "the expression: it calls the static method c@d()",
            "'@c@d()'",
        ),
    ],
)
def test_the_verdict_says_why_and_where(line: str, reason: str, meant: str) -> None:
    verdict = judge_line(line)
    assert verdict.reason == reason
    assert line[verdict.span[0] : verdict.span[1]] == meant


@each_row("name", ["watch", "line", "tt", "getstatic", "vmtool", "stack", "trace"])
def test_every_value_that_is_run_as_ognl_is_judged(name: str) -> None:
    command = load_commands()[name]
    for option in command.options:
        if option.kind.endswith("-express"):
            assert judge_line(f"{name} {option.long} @a@b()").risk == DANGEROUS
    for number, argument in enumerate(command.arguments):
        if argument.kind.endswith("-express"):
            assert judge_line(f"{name} {'a ' * number} @a@b()").risk == DANGEROUS


def test_every_case_of_the_catalogue_has_a_condition_and_no_other() -> None:
    no_case = {"dashboard": "without -n", "cat": "any", "mbean": "attributes"}  # the base risk
    words = {
        name: {case.when for case in command.risk_cases if case.risk != "expression"}
        - {no_case.get(name)}
        for name, command in load_commands().items()
    }
    words["ognl"] = set()  # judged by its expression
    assert {name: set(cases) for name, cases in CASES.items()} == {
        name: cases for name, cases in words.items() if cases
    }


def test_every_command_that_is_grave_by_itself_says_why() -> None:
    grave = {n for n, c in load_commands().items() if c.risk in (CHANGES, DANGEROUS)}
    assert grave | {"shutdown"} == set(REASONS)
    assert set(VALUES) <= set(REASONS)


@given(st.text())
def test_no_line_makes_it_raise(line: str) -> None:
    judge_line(line)


@given(st.sampled_from(sorted(load_commands())), st.text())
def test_no_arguments_make_it_raise(name: str, rest: str) -> None:
    judge_line(f"{name} {rest}")
