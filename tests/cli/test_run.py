"""`run`: many lines from a file or stdin, by one session and by an `exec` for each."""

from __future__ import annotations

import io
import json
import signal
from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, FakeArthas, status
from support.program import NO_THREAD_HINT, shell

from arthas_cli.__main__ import run_program
from arthas_cli.environment import Environment
from arthas_cli.session.tuning import is_own_line

from . import conftest
from .conftest import signal_program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from support.program import Ended

    from .conftest import Run

FAILS = "thread 999999"


WAYS = ("session", "one by one")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the lines go. A session is used however busy this machine is."""
    for limit in ("_NEAR_S", "_OPEN_S", "_HASTY_OPEN_S"):
        monkeypatch.setattr(f"arthas_cli.session.series.{limit}", 60.0)
    return str(request.param)


@pytest.fixture
def run(fake: FakeArthas, way: str) -> Run:
    def run(*arguments: str, stdin: str = "", **variables: str) -> Ended:
        variables |= {"ARTHAS_SHELL_URL": fake.url, "ARTHAS_SHELL_NO_TUNE": str(way != WAYS[0])}
        return shell(*arguments, stdin=stdin, **variables)

    return run


def list_lines(fake: FakeArthas) -> list[str]:
    """Returns the lines that the server was sent, without those that tune a session."""
    return [line for line in conftest.list_lines(fake) if not is_own_line(line)]


class ClosedPipe(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError(text)


class Lines(io.StringIO):
    """Lines that come one by one, with a signal after them."""

    def __init__(self, *lines: str, number: int) -> None:
        super().__init__()
        self._rest = iter(lines)
        self._number = number

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]  # a generator is an iterator
        yield from self._rest
        signal.raise_signal(self._number)


def test_the_lines_of_a_file_run_one_after_the_other(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("version\npwd\n")
    ended = run("run", str(file))
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout == "4.1.5\n/srv/app\n"


def test_lines_that_begin_with_a_number_sign_and_empty_ones_are_passed_over(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("run", "-", stdin="# first\n\n   \n  # second\n  version  \r\n")
    assert (ended.exit_code, ended.stdout) == (0, "4.1.5\n")
    assert list_lines(fake) == ["version"]


def test_no_lines_are_a_success_that_asks_nothing(run: Run, fake: FakeArthas) -> None:
    ended = run("run", "-", stdin="# nothing\n")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "")
    assert fake.requests == []


def test_without_a_subcommand_and_a_terminal_the_lines_come_from_stdin(run: Run) -> None:
    ended = run(stdin="version\npwd\n")
    assert (ended.exit_code, ended.stdout) == (0, "4.1.5\n/srv/app\n")


@pytest.mark.parametrize("arguments", [["run", "-"], []])
def test_it_stops_at_the_first_failure_with_its_code(
    run: Run, fake: FakeArthas, arguments: list[str]
) -> None:
    ended = run(*arguments, stdin=f"version\n{FAILS}\npwd\n")
    assert (ended.exit_code, ended.stdout) == (1, "4.1.5\n")
    assert list_lines(fake) == ["version", FAILS]


def test_keep_going_runs_all_and_ends_with_the_first_failures_code(run: Run) -> None:
    ended = run("run", "--keep-going", "-", stdin=f"{FAILS}\nversion\nnosuchcommand\n")
    assert (ended.exit_code, ended.stdout) == (1, "4.1.5\n")
    assert ended.stderr == (
        "arthas-shell: thread do not exist! id: 999999\n"
        + NO_THREAD_HINT
        + "in stdin:1\n"
        + "arthas-shell: there is no command 'nosuchcommand'\n"
        "hint: 'help' lists the commands\n"
        "  nosuchcommand\n"
        "  ^^^^^^^^^^^^^\n"
        "in stdin:3\n"
    )


def test_a_failure_is_said_with_the_number_of_its_line_in_the_file(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "lines.txt"
    file.write_text(f"# first\n\nversion ; {FAILS}\npwd\n")
    assert run("-q", "run", str(file)).stderr == (
        f"arthas-shell: thread do not exist! id: 999999\n{NO_THREAD_HINT}in {file}:3\n"
    )


def test_an_answer_with_nothing_in_it_is_said_to_be_empty(run: Run) -> None:
    said = "no loaded class matches 'no.such.Class'\n"
    for arguments in (["exec", "sc no.such.Class"], ["exec", "sc no.such.Class | cat"]):
        ended = run(*arguments)
        assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", said)
    assert run("-q", "exec", "sc no.such.Class").stderr == ""


def test_a_command_that_reads_and_answers_nothing_is_said_to_have_no_results(
    run: Run, fake: FakeArthas
) -> None:
    fake.register(Command("memory", lambda _call: []))
    for line in ("memory", "memory | cat"):
        ended = run("exec", line)
        assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "no results\n")
    assert run("exec", "--json", "memory").stderr == ""


def test_json_is_one_document_a_line(run: Run) -> None:
    ended = run("run", "--json", "--keep-going", "-", stdin=f"version\n{FAILS}\n")
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert (first["command"], first["error"]) == ("version", None)
    assert (second["command"], second["error"]["kind"]) == (FAILS, "failed")


def test_json_lines_have_an_end_line_for_each_command(run: Run) -> None:
    ended = run("run", "-o", "jsonl", "-", stdin="version\npwd\n")
    types = [json.loads(line)["type"] for line in ended.stdout.splitlines()]
    assert types == ["version", "end", "pwd", "end"]


def test_run_has_no_csv(run: Run, fake: FakeArthas) -> None:
    ended = run("run", "-o", "csv", "-", stdin="thread\n")
    assert (ended.exit_code, ended.stdout, fake.requests) == (2, "", [])
    assert ended.stderr == "arthas-shell: 'run' has no csv\nhint: use -o text, json or jsonl\n"


def test_a_file_that_cannot_be_read_is_named_with_the_reason(run: Run, tmp_path: Path) -> None:
    ended = run("run", str(tmp_path))
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"arthas-shell: cannot read '{tmp_path}': Is a directory\nhint: see 'arthas-shell --help'\n"
    )


def test_a_mark_at_the_beginning_of_a_file_is_no_part_of_its_first_line(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "notepad.txt"
    file.write_bytes(b"\xef\xbb\xbfversion\r\n")
    assert run("run", str(file)).stdout == "4.1.5\n"


def test_a_file_that_is_no_text_is_refused(run: Run, fake: FakeArthas, tmp_path: Path) -> None:
    file = tmp_path / "latin1.txt"
    file.write_bytes(b"sc 'd\xe9mo.*'\n")
    ended = run("run", str(file))
    assert (ended.exit_code, fake.requests) == (2, [])
    assert ended.stderr == (f"arthas-shell: '{file}' is not utf-8 text\nhint: save it as UTF-8\n")


def test_a_line_on_stdin_that_is_no_text_is_refused(fake: FakeArthas) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"echo \xff\n"), encoding="utf-8")
    stderr = io.StringIO()
    environment = Environment(stdin, io.StringIO(), stderr, {"ARTHAS_SHELL_URL": fake.url})
    assert run_program(["exec", "-"], environment) == 2
    assert stderr.getvalue() == "arthas-shell: stdin is not utf-8 text\nhint: save it as UTF-8\n"


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "ended by a signal"),
    ],
)
def test_a_signal_while_a_line_is_awaited_ends_the_run(
    fake: FakeArthas, number: int, code: int, message: str
) -> None:
    stdout, stderr = io.StringIO(), io.StringIO()
    lines = Lines("version\n", number=number)
    environment = Environment(lines, stdout, stderr, {"ARTHAS_SHELL_URL": fake.url})
    assert run_program(["run", "-"], environment) == code
    assert (stdout.getvalue(), stderr.getvalue()) == ("4.1.5\n", f"arthas-shell: {message}\n")


def test_a_signal_ends_a_run_that_keeps_going_with_its_own_code(run: Run, fake: FakeArthas) -> None:
    def end(_call: Call) -> Iterator[Mapping[str, object]]:
        signal_program(signal.SIGTERM)
        yield status(0)

    fake.register(Command("watch", end, is_stream=True, is_interruptible=True))
    lines = f"{FAILS}\nwatch demo.MathGame run\nversion\n"
    ended = run("run", "--keep-going", "-", stdin=lines)
    assert (ended.exit_code, ended.stdout) == (143, "")
    assert "version" not in list_lines(fake)


@pytest.mark.parametrize("output", ["text", "json", "jsonl"])
def test_a_run_ends_when_nobody_reads_its_output(fake: FakeArthas, output: str) -> None:
    stderr = io.StringIO()
    variables = {"ARTHAS_SHELL_URL": fake.url}
    environment = Environment(io.StringIO("version\npwd\n"), ClosedPipe(), stderr, variables)
    code = run_program(["run", "--keep-going", "-o", output, "-"], environment)
    assert (code, stderr.getvalue(), list_lines(fake)) == (141, "", ["version"])


def test_a_failure_is_said_although_nobody_reads_the_document() -> None:
    stderr = io.StringIO()
    environment = Environment(io.StringIO(), ClosedPipe(), stderr, {})
    assert run_program(["exec", "--json", "--xyzzy", "version"], environment) == 2
    assert stderr.getvalue().startswith("arthas-shell: there is no option '--xyzzy'\n")


def test_run_without_a_file_says_how_it_is_used() -> None:
    ended = shell("run")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: missing argument 'FILE | -'\nhint: see 'arthas-shell run --help'\n"
    )


def test_commands_without_blanks_between_them_run_one_after_the_other(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("run", "-", stdin="version;pwd\nversion; pwd;\n")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert list_lines(fake) == ["version", "pwd", "version", "pwd"]


def test_a_line_whose_words_can_be_read_in_two_ways_is_not_sent(run: Run, fake: FakeArthas) -> None:
    ended = run("run", "-", stdin="sysprop url jdbc:h2:a;MODE=x\n")
    assert (ended.exit_code, fake.requests) == (2, [])
    assert ended.stderr.startswith("arthas-shell: there is no command 'MODE=x'\n")


def test_a_raw_line_is_one_command_whatever_is_in_it(run: Run, fake: FakeArthas) -> None:
    run("run", "--raw", "--keep-going", "-", stdin="# none\necho a;b|c\n\nversion ; pwd\n")
    assert list_lines(fake) == ["echo a;b|c", "version ; pwd"]


REFUSED = [
    "watch a.B m 'params[0] === 1'",
    "watch a.B m ''",
    "sysprop a b c",
    "versoin",
    "thread | no-such-program",
    "version &",
]


@pytest.mark.parametrize("wrong", REFUSED)
def test_nothing_of_a_line_is_sent_where_a_later_command_could_not_run(
    run: Run, fake: FakeArthas, wrong: str
) -> None:
    ended = run("run", "-", stdin=f"pwd ; {wrong}\n")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.endswith("in stdin:1\n")
    assert {line.partition(" ")[0] for line in list_lines(fake)} <= {"help", "version"}


@pytest.mark.parametrize("wrong", REFUSED)
def test_nothing_of_a_file_is_sent_where_a_later_line_could_not_run(
    run: Run, fake: FakeArthas, tmp_path: Path, wrong: str
) -> None:
    file = tmp_path / "lines.txt"
    file.write_text(f"pwd\n\n{wrong}\npwd\n")
    ended = run("run", "--json", str(file))
    assert (ended.exit_code, ended.document["command"]) == (2, wrong)
    assert ended.stderr.endswith(f"in {file}:3\n")
    assert {line.partition(" ")[0] for line in list_lines(fake)} <= {"help", "version"}


def test_the_rest_of_a_file_runs_where_it_is_to_go_on_after_failures(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("pwd\nversoin\npwd\n")
    ended = run("run", "--keep-going", str(file))
    assert (ended.exit_code, ended.stdout) == (2, "/srv/app\n/srv/app\n")
