"""`arthas-shell doctor` as its user sees it: lines, the document, the exit code."""

from __future__ import annotations

import io
import json
import socket
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.program import shell

from arthas_cli.doctor import list_steps, surroundings
from arthas_cli.doctor.model import Case, Finding, State, failed, passed, skipped, warned
from arthas_cli.doctor.report import format_step
from arthas_cli.environment import Environment
from arthas_cli.errors import NoServer
from arthas_cli.invocation import Invocation

if TYPE_CHECKING:
    from pathlib import Path

    from arthas_cli.demo.target import Target

    from .conftest import MakeCase

NAMES = [
    "terminal",
    "configuration",
    "proxy",
    "name",
    "tcp",
    "tls",
    "http",
    "arthas",
    "password",
    "version",
    "clock",
    "exposure",
]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True


def examine_terminal(encoding: str, **variables: str) -> tuple[str, str, str]:
    stream = Terminal(encoding)
    environment = Environment(io.StringIO(), stream, io.StringIO(), variables)
    finding = surroundings.check_terminal(Case(Invocation(environment)))
    return finding.state, finding.found, finding.cure


def test_every_step_is_a_line_and_nothing_wrong_is_exit_code_0() -> None:
    with FakeArthas() as fake:
        ended = shell("doctor", "--url", fake.url)
    lines = [line for line in ended.stdout.splitlines() if not line.startswith(" ")]
    assert [line.split()[1] for line in lines] == NAMES
    assert "✓ version        Arthas 4.1.5" in lines
    assert (ended.exit_code, ended.stderr) == (0, "")


def test_what_is_wrong_is_followed_by_its_cure_and_what_needs_it_is_skipped() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    ended = shell("doctor", "-p", str(port))
    assert ended.stdout.splitlines()[-9:-5] == [
        f"✗ tcp            no connection to 127.0.0.1:{port} (127.0.0.1: refused)",
        (
            "                 → attach Arthas (java -jar arthas-boot.jar PID),"
            " or give its HTTP port with -p"
        ),
        "– tls            needs 'tcp'",
        "– http           needs 'tls'",
    ]
    assert (ended.exit_code, ended.stderr) == (3, "")


def test_json_is_one_document_with_every_step() -> None:
    with FakeArthas() as fake:
        ended = shell("doctor", "--json", "--url", fake.url)
    document = ended.document
    assert [step["name"] for step in document["steps"]] == NAMES
    assert document["steps"][9] == {
        "name": "version",
        "state": "pass",
        "found": "Arthas 4.1.5",
        "notes": [
            "-x 0 shows the type of a value, not the value",
            "'profiler --format md' writes no Markdown",
            "'heapAnalyze' and 'referenceAnalyze' of 'vmtool' answer in its own terminal only",
        ],
        "cure": None,
    }
    assert (document["url"], document["version"]) == (fake.url, "4.1.5")
    assert document["error"] is None


def test_json_of_a_failure_has_its_error_too() -> None:
    with FakeArthas(password="sesame") as fake:
        ended = shell("doctor", "--json", "--url", fake.url)
    assert ended.document["error"] == {
        "kind": "unauthorized",
        "message": "it requires a password and none was given",
        "hint": "give -u USER and --password-stdin, or ARTHAS_SHELL_PASSWORD",
    }
    assert ended.exit_code == 4


def test_a_configuration_that_cannot_be_read_is_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[defaults]\nmax_job = 3\n", "utf-8")
    ended = shell("doctor", "--json", "--config", str(path))
    steps = {step["name"]: step for step in ended.document["steps"]}
    assert steps["configuration"]["state"] == "fail"
    assert "unknown key 'max_job'" in steps["configuration"]["found"]
    assert steps["configuration"]["cure"] == "did you mean 'max_jobs'?"
    assert steps["exposure"]["state"] == "skipped"
    assert (ended.document["url"], ended.exit_code) == (None, 2)


def test_the_target_of_a_profile_is_examined_and_its_password_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    with FakeArthas(password="planted-secret") as fake:
        path.write_text(
            f'[profiles.shop]\nurl = "{fake.url}"\npassword = "planted-secret"\n', "utf-8"
        )
        path.chmod(0o600)
        ended = shell("doctor", "--config", str(path), "-P", "shop")
    assert ended.exit_code == 0
    assert "profile: shop" in ended.stdout
    assert "user: arthas, with a password" in ended.stdout
    assert "planted-secret" not in ended.stdout + ended.stderr


def test_the_password_may_come_from_stdin() -> None:
    with FakeArthas(password="sesame") as fake:
        ended = shell(
            "doctor", "--url", fake.url, "-u", "arthas", "--password-stdin", stdin="sesame\n"
        )
    assert "✓ password       user 'arthas' was accepted" in ended.stdout


def test_a_step_needs_only_steps_before_it(make_case: MakeCase) -> None:
    steps = list_steps(make_case("http://shop"))
    names = [step.name for step in steps]
    assert names == NAMES
    for place, step in enumerate(steps):
        assert set(step.needs) <= set(names[:place])


def test_a_step_is_drawn_with_its_notes_and_its_cure() -> None:
    finding = warned("slow", "hurry", "a note")
    assert format_step("tcp", finding, 5, has_marks=True, has_color=False) == [
        "! tcp    slow",
        "         a note",
        "         → hurry",
    ]


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (passed("fine"), "ok   tcp  fine"),
        (skipped("no need"), "skip tcp  no need"),
        (failed(NoServer("gone", hint="")), "FAIL tcp  gone"),
        (warned("odd", ""), "warn tcp  odd"),
    ],
)
def test_without_unicode_the_marks_are_words(finding: Finding, line: str) -> None:
    drawn = format_step("tcp", finding, 3, has_marks=False, has_color=False)
    assert drawn == [line]


def test_what_was_found_cannot_obey_the_terminal() -> None:
    finding = passed("a\x1b[2Jb\nc\x07")
    assert format_step("tcp", finding, 3, has_marks=True, has_color=True) == [
        "\x1b[32m✓\x1b[0m tcp  ab␊c␇"
    ]


def test_a_terminal_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert examine_terminal("utf-8", TERM="xterm-256color") == (
        State.PASS,
        "utf-8, 120 columns, colours: 256, TERM=xterm-256color",
        "",
    )


@pytest.mark.parametrize(
    ("encoding", "columns", "term", "cure"),
    [
        ("ascii", "120", "xterm", "a UTF-8 locale (LANG=C.UTF-8, PYTHONUTF8=1)"),
        ("nonsense", "120", "xterm", "a UTF-8 locale (LANG=C.UTF-8, PYTHONUTF8=1)"),
        ("utf-8", "40", "xterm", "make the terminal at least 60 columns wide for tables"),
        ("utf-8", "120", "dumb", "set TERM=xterm-256color if the terminal supports it"),
    ],
)
def test_what_a_terminal_cannot_show_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, encoding: str, columns: str, term: str, cure: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    state, _, said = examine_terminal(encoding, TERM=term)
    assert state == "warn"
    assert said.startswith(cure)


def test_the_doctor_finds_a_real_arthas_well(arthas: Target) -> None:
    ended = shell("doctor", "--json", "--url", arthas.url)
    states = {step["name"]: step["state"] for step in ended.document["steps"]}
    assert set(states.values()) == {"pass", "skipped"}
    assert [name for name, state in states.items() if state == "skipped"] == ["tls"]
    assert json.loads(ended.stdout)["version"] == "4.1.5"


def test_the_doctor_tells_the_telnet_port_of_a_real_arthas(arthas: Target) -> None:
    ended = shell("doctor", "--json", "-p", str(arthas.telnet_port))
    assert ended.document["error"]["message"] == (
        f"127.0.0.1:{arthas.telnet_port} is a telnet port,"
        " as Arthas has one (3658) beside its HTTP port"
    )
    assert ended.exit_code == 3
