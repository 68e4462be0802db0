"""The table of exit codes, clause by clause: what happens, the code, and the kind of error."""

from __future__ import annotations

import io
import re
import signal
import socket
import ssl
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from support.fake import Command, FakeArthas, faults, status
from support.program import Ended, shell
from support.raw_server import http, serve

import arthas_cli.client.client
from arthas_cli.__main__ import run_program
from arthas_cli.diagnostics import choose_worst
from arthas_cli.environment import Environment, Nobody
from arthas_cli.errors import (
    ArthasShellError,
    Bug,
    CommandFailed,
    DeadlineReached,
    Incomplete,
    Interrupted,
    NoServer,
    NotRun,
    OutputClosed,
    Terminated,
    Unauthorized,
)

from .conftest import burst, signal_self

if TYPE_CHECKING:
    from collections.abc import Callable

WATCH = "watch demo.MathGame run"
SLEEP = "ognl @java.lang.Thread@sleep(60000)"
ROOT = Path(__file__).parent.parent.parent
TLS = Path(__file__).parent.parent / "data" / "tls"
# Where several hold, the first of these.
FIRST: list[type[ArthasShellError]] = [
    Bug,
    Interrupted,
    Terminated,
    OutputClosed,
    DeadlineReached,
    Unauthorized,
    NoServer,
    NotRun,
    CommandFailed,
    Incomplete,
]
CODES = [70, 130, 143, 141, 124, 4, 3, 2, 1, 5]


@dataclass(frozen=True)
class Scene:
    """A server that is well unless a clause wants otherwise, and the means to spoil it."""

    fake: FakeArthas
    patch: pytest.MonkeyPatch
    folder: Path

    def exec(self, *arguments: str, **variables: str) -> Ended:
        return shell("exec", *arguments, ARTHAS_SHELL_URL=self.fake.url, **variables)

    def spoil(self, fault: faults.Fault, line: str = "version", **plan: object) -> Ended:
        self.fake.faults.next(fault, **plan)  # type: ignore[arg-type]  # skip and action
        return self.exec("--json", line)

    def end_with(self, name: str, code: int, line: str) -> Ended:
        self.fake.register(Command(name, lambda _call: [status(code, "so it ended")]))
        return self.exec("--json", line)

    def burst(self, *options: str) -> Ended:
        self.fake.register(Command("burst", burst))
        return self.exec("--json", *options, "burst")

    def signal(self, number: int) -> Ended:
        self.fake.register(signal_self(number))
        return self.exec("--json", WATCH)


def lose_some(scene: Scene) -> Ended:
    scene.fake.target.rate = 5
    return scene.spoil(faults.swallow, f"{WATCH} -n 4", skip=7, action="pull_results")


def refuse_connection(_scene: Scene) -> Ended:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return shell("exec", "--json", "-p", str(port), "version")


def take_no_connection(scene: Scene) -> Ended:
    def wait(*_: object) -> NoReturn:
        raise TimeoutError

    scene.patch.setattr(socket.socket, "connect", wait)
    return scene.exec("--json", "version")


def distrust(_scene: Scene) -> Ended:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    with serve(b"", tls=context) as server:
        return shell("exec", "--json", "--url", server.url, "version")


def answer_as_something_else(_scene: Scene) -> Ended:
    with serve(http(b"<html>", content_type="text/html")) as server:
        return shell("exec", "--json", "--url", server.url, "version")


def be_too_old(_scene: Scene) -> Ended:
    with FakeArthas(version="3.3.9") as old:
        return shell("exec", "--json", "--url", old.url, "version")


def want_a_password(_scene: Scene) -> Ended:
    with FakeArthas(password="sesame") as guarded:
        return shell("exec", "--json", "--url", guarded.url, "version")


def misconfigure(scene: Scene) -> Ended:
    return scene.exec("--json", "--config", "/no/such/file", "version")


def shoot_unasked(scene: Scene) -> Ended:
    path = scene.folder / "config.toml"
    path.write_text(f'[profiles.p]\nurl = "{scene.fake.url}"\nproduction = true\n')
    path.chmod(0o600)
    return shell("exec", "--json", "--config", str(path), "-P", "p", "heapdump")


def be_a_bug(scene: Scene) -> Ended:
    def fall(*_: object, **__: object) -> NoReturn:
        raise LookupError("planted")

    scene.patch.setattr(arthas_cli.client.client, "check_line", fall)
    return scene.exec("--json", "version")


def read_no_more(scene: Scene) -> Ended:
    stderr = io.StringIO()
    environment = Environment(io.StringIO(), Nobody(), stderr, {"ARTHAS_SHELL_URL": scene.fake.url})
    return Ended("", stderr.getvalue(), run_program(["exec", "version"], environment))


def find_no_session(scene: Scene) -> Ended:
    gone = faults.failed("session not found: x")
    return scene.spoil(gone, WATCH, skip=4, action="pull_results")


CLAUSES: dict[str, tuple[Callable[[Scene], Ended], int, str | None]] = {
    "worked": (lambda it: it.exec("--json", "version"), 0, None),
    "the -10 of a help": (lambda it: it.exec("--json", "watch -h"), 0, None),
    "the -1 of a bounded mbean": (
        lambda it: it.end_with("mbean", -1, "mbean -i 1000 -n 2 java.lang:type=Memory"),
        0,
        None,
    ),
    "lost, and allowed to": (lambda it: it.burst("--allow-loss"), 0, None),
    "a statusCode that is not 0": (lambda it: it.exec("--json", "thread 999999"), 1, "failed"),
    "-1 of anything else": (lambda it: it.end_with("pwd", -1, "pwd"), 1, "failed"),
    "-10 of anything else": (lambda it: it.end_with("pwd", -10, "pwd"), 1, "failed"),
    "FAILED": (lambda it: it.spoil(faults.failed("no")), 1, "failed"),
    "REFUSED": (lambda it: it.spoil(faults.refused()), 1, "refused"),
    "HTTP 500": (lambda it: it.spoil(faults.server_error), 1, "server-error"),
    "a bad option": (lambda it: it.exec("--json", "--xyzzy", "version"), 2, "usage"),
    "a bad option of Arthas": (lambda it: it.exec("--json", "sc --zz a"), 2, "unknown-option"),
    "an unknown command": (lambda it: it.exec("--json", "nosuch"), 2, "unknown-command"),
    "an unbalanced quote": (lambda it: it.exec("--json", "sc 'a"), 2, "syntax"),
    "a bad configuration": (misconfigure, 2, "config"),
    "refused by read-only": (lambda it: it.exec("--json", "--read-only", "stop"), 2, "read-only"),
    "what is to be confirmed": (shoot_unasked, 2, "unconfirmed"),
    "HTTP 413": (lambda it: it.spoil(faults.too_large), 2, "too-long"),
    "a format that does not fit": (lambda it: it.exec("--json", "version | cat"), 2, "format"),
    "refused": (refuse_connection, 3, "unreachable"),
    "not taken in time": (take_no_connection, 3, "timeout"),
    "a name that DNS does not know": (
        lambda _: shell("exec", "--json", "-H", "a" * 64, "version"),
        3,
        "unreachable",
    ),
    "TLS": (distrust, 3, "tls"),
    "not an Arthas API": (answer_as_something_else, 3, "not-arthas"),
    "an answer cut off": (lambda it: it.spoil(faults.cut_in_body), 3, "bad-answer"),
    "an answer that is not JSON": (lambda it: it.spoil(faults.truncated), 3, "bad-answer"),
    "a server too old": (be_too_old, 3, "too-old"),
    "a session gone for good": (find_no_session, 3, "session-lost"),
    "HTTP 401": (want_a_password, 4, "unauthorized"),
    "results lost": (lose_some, 5, "incomplete"),
    "results perhaps lost": (lambda it: it.burst(), 5, "incomplete"),
    "a bug": (be_a_bug, 70, "bug"),
    "a deadline of what can be stopped": (
        lambda it: it.exec("--json", "-t", "0.1", WATCH),
        124,
        "deadline",
    ),
    "a deadline of what cannot": (
        lambda it: it.exec("--json", "-t", "0.1", SLEEP),
        124,
        "deadline",
    ),
    "Ctrl+C": (lambda it: it.signal(signal.SIGINT), 130, "interrupted"),
    "SIGTERM": (lambda it: it.signal(signal.SIGTERM), 143, "interrupted"),
    "SIGHUP": (lambda it: it.signal(signal.SIGHUP), 143, "interrupted"),
}


@pytest.fixture
def scene(fake: FakeArthas, monkeypatch: pytest.MonkeyPatch, logs: Path) -> Scene:
    return Scene(fake, monkeypatch, logs)  # where a bug leaves its details


@pytest.mark.usefixtures("quick_pulls")
@pytest.mark.parametrize(("happens", "code", "kind"), CLAUSES.values(), ids=CLAUSES)
def test_each_clause_of_the_table_has_its_code_and_its_kind(
    scene: Scene, happens: Callable[[Scene], Ended], code: int, kind: str | None
) -> None:
    ended = happens(scene)
    error = ended.document["error"]
    assert (ended.exit_code, error and error["kind"]) == (code, kind)


def test_a_reader_of_our_output_that_has_gone_is_141_and_not_a_word(scene: Scene) -> None:
    ended = read_no_more(scene)
    assert (ended.exit_code, ended.stderr) == (141, "")


def test_where_several_codes_hold_the_first_in_the_order_counts() -> None:
    assert [int(kind.exit_code) for kind in FIRST] == CODES
    for first, second in combinations(FIRST, 2):
        pair = [second("the second"), first("the first")]
        assert choose_worst(pair) is pair[1]
        assert choose_worst(reversed(pair)) is pair[1]


def test_a_run_that_goes_on_ends_with_the_code_of_the_first_line_that_failed(scene: Scene) -> None:
    lines = "version\nnosuch\nthread 999999\nversion\n"
    ended = shell("run", "--keep-going", "--url", scene.fake.url, "-", stdin=lines)
    assert ended.exit_code == 2
    assert ended.stdout == "4.1.5\n4.1.5\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("version | cat", 0),
        ("version | sh -c 'cat; exit 7'", 7),
        ("version | false | cat", 0),
        ("thread 999999 | cat", 1),
        ("thread 999999 | sh -c 'cat; exit 7'", 1),
        ("nosuch | cat", 2),
    ],
)
def test_with_a_pipe_the_commands_own_failure_counts_then_the_last_programs(
    scene: Scene, line: str, code: int
) -> None:
    assert scene.exec(line).exit_code == code


def test_the_codes_and_their_meanings_are_the_same_in_the_spec_and_the_readme() -> None:
    spec = {entry["code"]: entry["meaning"] for entry in shell("--spec").document["exitCodes"]}
    assert sorted(spec) == sorted([0, *CODES])
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.partition("### Exit codes")[2].partition("\n`arthas-shell --spec`")[0]
    rows = re.findall(r"^\| ([\d, ]+) \| (.*) \|$", table.replace("`", ""), re.MULTILINE)
    told = {int(code): text for codes, text in rows for code in codes.split(",")}
    assert sorted(told) == sorted(spec)
    for code, meaning in spec.items():
        assert meaning.partition(";")[0].replace("read-only", "--read-only") in told[code]


def test_the_codes_that_the_page_for_scripts_tells_are_those_of_the_table() -> None:
    page = (ROOT / "docs" / "scripting.md").read_text("utf-8")
    assert "Exit code 3 means that there is no Arthas (yet)" in page
    assert NoServer.exit_code == 3
    assert "5 means that results were lost or\nmay have been" in page
    assert Incomplete.exit_code == 5
