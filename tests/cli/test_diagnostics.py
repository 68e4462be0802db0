"""stderr: what went wrong and what to do, notes and warnings, colours, the file of a bug."""

from __future__ import annotations

import errno
import io
import os
import runpy
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from support.fake import Command, FakeArthas
from support.program import NO_THREAD_HINT, shell

from arthas_cli import __main__ as program
from arthas_cli.diagnostics import Diagnostics, choose_worst, format_place, record_bug
from arthas_cli.environment import Environment, Nobody
from arthas_cli.errors import (
    ArthasShellError,
    CommandFailed,
    DeadlineReached,
    Incomplete,
    Interrupted,
    LineError,
    NoServer,
    NotRun,
    Unauthorized,
)

if TYPE_CHECKING:
    from .conftest import Run

WATCH = "watch demo.MathGame run -n 1"
SECRET = "planted-secret"


@pytest.fixture(autouse=True)
def _threads_die_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the whole program changes in the interpreter is not for the tests behind it."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


class Terminal(io.StringIO):
    """A terminal with an encoding of its own."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute there
        return self._encoding

    def isatty(self) -> bool:
        return True


class FullDisk(io.StringIO):
    """A file on a disk that takes no more."""

    def write(self, _text: str) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")


class Interrupting(io.StringIO):
    """Somebody who types Ctrl+C instead of a line."""

    def __iter__(self) -> NoReturn:
        raise KeyboardInterrupt


def say(error: ArthasShellError, *, has_color: bool = False, encoding: str = "utf-8") -> str:
    stream = Terminal(encoding)
    Diagnostics(stream, has_color=has_color).report(error)
    return stream.getvalue()


def fall() -> NoReturn:
    password = SECRET
    raise LookupError(f"{len(password)}")


def catch_fall() -> BaseException:
    """Returns an error that was raised where a local variable holds a secret."""
    with pytest.raises(LookupError) as error:
        fall()
    return error.value


def test_an_error_is_what_went_wrong_and_on_the_next_line_what_to_do() -> None:
    assert say(NotRun("it is so", hint="do this")) == "arthas-shell: it is so\nhint: do this\n"


def test_an_error_without_a_hint_is_one_line() -> None:
    assert say(CommandFailed("it is so")) == "arthas-shell: it is so\n"


def test_hostile_text_in_an_error_is_shown_as_marks() -> None:
    error = NotRun("a\x1b[2J\u202eb", hint="c\x07\x1b[31md")
    assert say(error) == "arthas-shell: a␛[2J<U+202E>b\nhint: c␇␛[31md\n"


def test_errors_are_coloured_where_there_are_colours() -> None:
    assert say(NotRun("it", hint="do"), has_color=True) == (
        "\x1b[1;31marthas-shell:\x1b[0m it\n\x1b[33mhint:\x1b[0m do\n"
    )


def test_what_the_terminal_cannot_show_is_written_as_its_code() -> None:
    assert say(NotRun("“so” …"), encoding="ascii").startswith("arthas-shell: \\u201cso\\u201d ~\n")


@pytest.mark.parametrize(
    ("line", "span", "place"),
    [
        ("tread -n 3", (0, 5), ["tread -n 3", "^^^^^"]),
        ("a b", (2, 3), ["a b", "  ^"]),
        ("", (0, 0), ["", "^"]),
        ("thread \\", (7, 8), ["thread \\", "       ^"]),
        ("a\tb", (2, 3), ["a\tb", " \t^"]),
        ("a\nb c", (4, 5), ["a b c", "    ^"]),
        ("sc 中文 x", (6, 7), ["sc 中文 x", "        ^"]),
        ("sc 中文", (3, 5), ["sc 中文", "   ^^^^"]),
        ("e\u0301 x", (3, 4), ["e\u0301 x", "  ^"]),
        ("\u202e x", (2, 3), ["<U+202E> x", "         ^"]),
    ],
)
def test_a_caret_stands_under_each_column_of_what_is_meant(
    line: str, span: tuple[int, int], place: list[str]
) -> None:
    assert format_place(LineError("so", line=line, span=span)) == place


@pytest.mark.parametrize(
    ("errors", "worst"),
    [
        ([None, None], None),
        ([Incomplete("5"), CommandFailed("1"), None], "1"),
        ([NoServer("3"), Unauthorized("4"), NotRun("2")], "4"),
        ([Unauthorized("4"), DeadlineReached("124"), Interrupted("130")], "130"),
    ],
)
def test_of_several_errors_the_gravest_counts(
    errors: list[ArthasShellError | None], worst: str | None
) -> None:
    found = choose_worst(errors)
    assert (found and found.message) == worst


def test_notes_and_warnings_are_left_out_when_quiet() -> None:
    stream = Terminal()
    quiet = Diagnostics(stream, is_quiet=True, is_verbose=True)
    quiet.note("note")
    quiet.warn("warning")
    quiet.detail("detail")
    assert stream.getvalue() == ""


def test_notes_are_dim_and_warnings_yellow_where_there_are_colours() -> None:
    stream = Terminal()
    voice = Diagnostics(stream, has_color=True, is_verbose=True)
    voice.note("one")
    voice.warn("two")
    voice.detail("three")
    assert stream.getvalue() == (
        "\x1b[2mone\x1b[0m\n\x1b[33mwarning:\x1b[0m two\n\x1b[2mthree\x1b[0m\n"
    )


@pytest.mark.parametrize("arguments", [["-q", "exec", WATCH], ["exec", "--quiet", WATCH]])
def test_quiet_leaves_errors_alone_on_stderr(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).stderr == ""


def test_quiet_may_stand_in_the_environment(run: Run) -> None:
    assert run("exec", WATCH, ARTHAS_SHELL_QUIET="1").stderr == ""
    assert run("exec", WATCH, ARTHAS_SHELL_QUIET="no").stderr == "enhanced: 1 class, 1 method\n"


def test_errors_are_said_even_when_quiet(run: Run) -> None:
    ended = run("exec", "-q", "thread 999999")
    assert ended.stderr == "arthas-shell: thread do not exist! id: 999999\n" + NO_THREAD_HINT


@pytest.mark.parametrize("how", [{"ARTHAS_SHELL_VERBOSE": "true"}, {}])
def test_verbose_says_where_a_command_goes_and_how(
    run: Run, fake: FakeArthas, how: dict[str, str]
) -> None:
    switch = [] if how else ["-v"]
    assert run("exec", *switch, "version", **how).stderr == (
        f"'version' goes to {fake.url} as a one-shot\n"
    )
    assert run("exec", *switch, WATCH, **how).stderr == (
        f"'watch' goes to {fake.url} as a stream\nenhanced: 1 class, 1 method\n"
    )


def test_nothing_is_coloured_without_a_terminal(run: Run) -> None:
    ended = run("exec", "thread")
    assert "\x1b" not in ended.stdout + run("exec", "nosuchcommand").stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "is_coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        (["--color", "auto"], {"ARTHAS_SHELL_COLOR": "always"}, False),
        ([], {"ARTHAS_SHELL_COLOR": "always"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
    ],
)
def test_colours_follow_the_option_then_the_variables(
    run: Run, arguments: list[str], variables: dict[str, str], *, is_coloured: bool
) -> None:
    ended = run("exec", *arguments, "thread", **variables)
    assert ("\x1b[" in ended.stdout) is is_coloured
    failed = run(*arguments, "exec", "thread 999999", **variables)
    assert ("\x1b[1;31m" in failed.stderr) is is_coloured


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_a_terminal_is_coloured_unless_it_is_dumb(fake: FakeArthas, term: str) -> None:
    stdout = Terminal()
    variables = {"ARTHAS_SHELL_URL": fake.url, "TERM": term}
    environment = Environment(io.StringIO(), stdout, io.StringIO(), variables)
    assert program.run_program(["exec", "thread"], environment) == 0
    assert ("\x1b[" in stdout.getvalue()) is (term != "dumb")


def test_in_a_terminal_the_enhanced_classes_are_shown_and_not_said_again(
    fake: FakeArthas,
) -> None:
    stdout, stderr = Terminal(), Terminal()
    variables = {"ARTHAS_SHELL_URL": fake.url, "TERM": "dumb"}
    environment = Environment(io.StringIO(), stdout, stderr, variables)
    assert program.run_program(["exec", WATCH], environment) == 0
    assert "affected 1 class, 1 method" in stdout.getvalue()
    assert stderr.getvalue() == ""


def test_an_enhancer_that_took_nothing_is_no_note(run: Run, fake: FakeArthas) -> None:
    effect = {"classCount": 0, "methodCount": 0}
    fake.register(Command("reset", lambda _call: [{"type": "enhancer", "effect": effect}]))
    assert run("exec", "reset").stderr == ""  # of no job that runs either


def test_the_file_of_a_bug_is_for_its_owner_alone_and_holds_no_variables(tmp_path: Path) -> None:
    bug = record_bug(catch_fall(), tmp_path / "logs")
    (file,) = (tmp_path / "logs").iterdir()
    text = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in bug.message
    assert "in fall" in text
    assert text.endswith("LookupError: 14\n")
    assert SECRET not in text


def test_the_file_of_a_bug_does_not_hold_a_line_with_a_secret(tmp_path: Path) -> None:
    bug = record_bug(ValueError(f'sysprop "password":"{SECRET}"'), tmp_path)
    (file,) = tmp_path.iterdir()
    assert (bug.exit_code, file.read_text().splitlines()[-1]) == (70, "ValueError: …")


def test_a_bug_is_reported_although_its_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    bug = record_bug(catch_fall(), tmp_path / "file" / "logs")
    assert bug.message == ("a bug in arthas-shell (LookupError); the details could not be written")


def test_what_a_thread_dies_of_that_nobody_waits_for_is_reported_as_a_bug(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def run_program(*_: object) -> int:
        dying = threading.Thread(target=fall)
        dying.start()
        dying.join()
        return 0

    monkeypatch.setattr(program, "run_program", run_program)
    monkeypatch.setattr(sys, "stderr", stderr := io.StringIO())
    with pytest.raises(SystemExit, match="0"):
        program.main()
    said = f"arthas-shell: a bug in arthas-shell (LookupError); the details are in {tmp_path}"
    assert stderr.getvalue().startswith(said)


def test_an_error_that_nobody_can_be_told_is_no_further_error() -> None:
    Diagnostics(Nobody()).report(NotRun("so"))


def test_streams_that_were_closed_before_are_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    environment = Environment()
    assert environment.stdin.read() == ""
    assert not environment.has_terminal_input
    assert environment.output_width is None


@pytest.mark.parametrize("output", ["text", "json"])
def test_a_command_without_a_stdout_ends_as_for_a_closed_pipe(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["arthas-shell", "exec", "-o", output, "version"])
    monkeypatch.setenv("ARTHAS_SHELL_URL", fake.url)
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 141


def test_the_program_ends_quietly_when_its_reader_has_gone(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(sys, "argv", ["arthas-shell", "exec", "--json", "version"])
    monkeypatch.setenv("ARTHAS_SHELL_URL", fake.url)
    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        with pytest.raises(SystemExit) as ended:
            program.main()
        assert sys.stdout.closed  # or the interpreter would flush it once more
    assert (ended.value.code, capsys.readouterr().err) == (141, "")


NO_ROOM = (
    "arthas-shell: cannot write the output: No space left on device\n"
    "hint: make room there, or write to another disk\n"
)


@pytest.mark.parametrize(
    ("code", "ended_with", "said"),
    [
        (0, 1, NO_ROOM),
        (5, 1, NO_ROOM),
        (1, 1, ""),
        (3, 3, ""),
    ],
)
def test_a_disk_that_is_full_at_the_last_moment_counts(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: int,
    ended_with: int,
    said: str,
) -> None:
    def write_late(*_: object) -> int:
        sys.stdout.write("not flushed")
        return code

    monkeypatch.setattr(program, "run_program", write_late)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(SystemExit) as ended:
            program.main()
    assert (ended.value.code, capsys.readouterr().err) == (ended_with, said)


def test_a_reader_that_has_gone_at_the_last_moment_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(program, "run_program", lambda *_: sys.stdout.write("x") - 1)
    with os.fdopen(writer, "w") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        with pytest.raises(SystemExit) as ended:
            program.main()
    assert (ended.value.code, capsys.readouterr().err) == (141, "")


def test_the_package_runs_as_a_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["arthas-shell", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(program.__file__, run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("arthas-shell ")


def test_ctrl_c_while_the_line_is_awaited_is_no_bug() -> None:
    stderr = io.StringIO()
    environment = Environment(Interrupting(), io.StringIO(), stderr, {})
    assert program.run_program(["exec", "-"], environment) == 130
    assert stderr.getvalue() == "arthas-shell: interrupted\n"


def test_the_program_exits_with_its_code(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["arthas-shell", "exec", "thread 999999"])
    monkeypatch.setenv("ARTHAS_SHELL_URL", fake.url)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 1
    assert capsys.readouterr() == (
        "",
        "arthas-shell: thread do not exist! id: 999999\n" + NO_THREAD_HINT,
    )


def test_a_closed_pipe_that_surfaces_elsewhere_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def close(_text: str) -> None:
        raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr(sys.stdout, "write", close)
        assert shell("--version").exit_code == 141
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["exec", "version"], 1, "cannot write the output: No space left on device\n"),
        (["exec", "--json", "version"], 1, "cannot write the output: No space left on device\n"),
        (["exec", "--json", "-t", "0", "version"], 2, "invalid value for '-t' / '--timeout': "),
        (["--spec"], 1, "cannot write the output: No space left on device\n"),
    ],
)
def test_a_full_disk_under_stdout_is_said(
    fake: FakeArthas, arguments: list[str], code: int, said: str
) -> None:
    stderr = io.StringIO()
    variables = {"ARTHAS_SHELL_URL": fake.url}
    environment = Environment(io.StringIO(), FullDisk(), stderr, variables)
    ended = program.run_program(arguments, environment)
    assert (ended, stderr.getvalue().startswith(f"arthas-shell: {said}")) == (code, True)


def test_the_hint_stands_behind_the_whole_of_a_message() -> None:
    stream = io.StringIO()
    Diagnostics(stream).report(CommandFailed("nothing is affected, try:\n1. this", hint="use that"))
    assert stream.getvalue() == (
        "arthas-shell: nothing is affected, try:\n  1. this\nhint: use that\n"
    )


def test_a_line_takes_the_place_of_the_progress_on_a_terminal() -> None:
    stream = Terminal()
    diagnostics = Diagnostics(stream)
    diagnostics.show("7 of 12")
    diagnostics.warn("web-3 is slow")
    assert stream.getvalue() == "\r7 of 12\r       \rwarning: web-3 is slow\n"
