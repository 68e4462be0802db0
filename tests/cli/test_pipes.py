"""Pipes and redirects in a line of `exec` and `run`: programs of this machine, never sent."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, FakeArthas
from support.program import NO_THREAD_HINT

from arthas_cli.__main__ import run_program
from arthas_cli.environment import Environment

from .conftest import list_lines
from .test_signals import finish, wait_for_job

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from .conftest import Run, Start

WATCH = "watch demo.MathGame run"
NOBODY = {"PATH": "/nonexistent"}


def python(code: str) -> str:
    """Returns the words that run the code, for a line."""
    return f"'{sys.executable}' -c \"{code}\""


def list_children() -> list[int]:
    """Returns the processes that this one has started and that have not ended."""
    path = f"/proc/self/task/{os.getpid()}/children"
    with open(path, encoding="ascii") as file:  # noqa: PTH123 - no file of a disk
        return [int(pid) for pid in file.read().split()]


def test_a_program_gets_the_results_as_text_and_stdout_is_what_it_writes(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("exec", "echo 'b' | cat")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "b\n", "")
    assert list_lines(fake) == ["echo 'b'"]


def test_programs_follow_one_another(run: Run, fake: FakeArthas) -> None:
    contents = ({"type": "echo", "content": word} for word in ("b", "c", "a"))
    fake.register(Command("echo", lambda _call: contents))
    assert run("exec", "echo x | sort | head -n 1").stdout == "a\n"


def test_a_program_gets_no_colour_even_where_colour_is_asked_for(run: Run) -> None:
    ended = run("exec", "--color", "always", "thread | cat")
    assert "\x1b" not in ended.stdout
    assert "main" in ended.stdout


def test_in_a_process_of_its_own_the_programs_write_to_the_same_stdout(start: Start) -> None:
    code, stdout, stderr = finish(start("exec", "version | cat"))
    assert (code, stdout, stderr) == (0, "4.1.5\n", "")


def test_jq_gets_one_json_object_a_line(run: Run) -> None:
    ended = run("exec", f"{WATCH} -n 2 | jq -r .className")
    assert (ended.exit_code, ended.stdout) == (0, "demo.MathGame\ndemo.MathGame\n")


@pytest.mark.parametrize("line", ["version |json", "version | json", "version |json | cat"])
def test_behind_the_word_json_results_are_json_lines(run: Run, line: str) -> None:
    result = json.loads(run("exec", line).stdout)
    assert (result["type"], result["version"]) == ("version", "4.1.5")


def test_results_go_to_a_file_which_is_emptied_or_added_to(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a file"
    for line in (f"echo a > '{file}'", f"echo b > '{file}'", f"echo c | cat >> '{file}'"):
        ended = run("exec", line)
        assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "")
    assert file.read_text("utf-8") == "b\nc\n"


def test_tee_is_a_program_like_any_other(run: Run, tmp_path: Path) -> None:
    assert run("exec", f"version | tee '{tmp_path}/copy'").stdout == "4.1.5\n"
    assert (tmp_path / "copy").read_text("utf-8") == "4.1.5\n"


def test_the_code_is_the_last_programs(run: Run) -> None:
    ended = run("exec", "version | sh -c 'exit 7'")
    assert (ended.exit_code, ended.stdout) == (7, "")
    assert ended.stderr == "'sh' ended with code 7\n"
    assert run("exec", "version | false | cat").exit_code == 0


def test_a_program_that_was_killed_has_the_code_a_shell_would_give(run: Run) -> None:
    assert run("exec", "version | sh -c 'kill -9 $$'").exit_code == 137


def test_the_commands_own_failure_comes_before_a_programs(run: Run) -> None:
    ended = run("exec", "thread 99 | sh -c 'exit 7'")
    assert (ended.exit_code, ended.stderr) == (
        1,
        "arthas-shell: thread do not exist! id: 99\n" + NO_THREAD_HINT,
    )


def test_no_program_is_told_of_a_failure_as_if_it_were_an_empty_answer(run: Run) -> None:
    assert run("exec", "thread 99 | wc -l").stdout == ""


def test_what_a_program_says_on_stderr_goes_to_stderr(run: Run) -> None:
    ended = run("exec", "version | sh -c 'cat >&2'")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "4.1.5\n")


@pytest.mark.parametrize(
    ("line", "message", "caret"),
    [
        ("version | nosuchprogram", "there is no program 'nosuchprogram' here", (10, 13)),
        ("version | cat | nosuch", "there is no program 'nosuch' here", (16, 6)),
        ("version > ", "nothing follows '>'", (8, 1)),
    ],
)
def test_what_cannot_work_is_refused_at_its_place_before_anything_is_sent(
    run: Run, fake: FakeArthas, line: str, message: str, caret: tuple[int, int]
) -> None:
    ended = run("exec", line)
    assert (ended.exit_code, ended.stdout, fake.requests) == (2, "", [])
    said = ended.stderr.splitlines()
    assert said[0] == f"arthas-shell: {message}"
    assert said[-1] == "  " + " " * caret[0] + "^" * caret[1]


def test_a_file_that_cannot_be_opened_is_told_before_anything_is_sent(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    ended = run("exec", f"version > '{tmp_path}'")
    assert (ended.exit_code, fake.requests) == (2, [])
    assert ended.stderr == (
        f"arthas-shell: cannot write '{tmp_path}': Is a directory\n"
        "hint: name a file, not a folder\n"
    )


def test_only_its_user_can_read_a_file_that_is_made_and_one_that_is_there_stays_as_it_is(
    run: Run, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.touch(0o644)
    there.chmod(0o644)
    for line in (f"version > '{tmp_path}/new'", f"version >> '{tmp_path}/more'"):
        run("exec", line)
    run("exec", f"version > '{there}'")
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"new": 0o600, "more": 0o600, "there": 0o644}


def test_a_full_disk_is_a_failure(run: Run) -> None:
    ended = run("exec", "version > /dev/full")
    said = (
        "arthas-shell: cannot write '/dev/full': No space left on device\n"
        "hint: make room there, or write to another disk\n"
    )
    assert (ended.exit_code, ended.stderr) == (1, said)


def test_a_file_is_left_as_it_was_by_a_line_that_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious", "utf-8")
    assert run("exec", f"nosuchcommand > '{tmp_path}/file'").exit_code == 2
    assert (tmp_path / "file").read_text("utf-8") == "precious"


@pytest.mark.parametrize("output", ["json", "jsonl", "csv"])
@pytest.mark.parametrize("line", ["version | cat", "version > file", "version |json"])
def test_json_or_csv_together_with_a_pipe_is_refused(
    run: Run, fake: FakeArthas, line: str, output: str
) -> None:
    ended = run("exec", "-o", output, line)
    assert (ended.exit_code, fake.requests) == (2, [])
    what, hint = ended.stderr.splitlines()
    said = f"{output} cannot be combined with a pipe or redirect inside the line"
    assert what == f"arthas-shell: {said}"
    assert hint == (
        f"hint: put the pipe outside: arthas-shell exec -o {output} 'COMMAND' | PROGRAM"
    )
    if output != "csv":
        assert json.loads(ended.stdout)["error"]["kind"] == "format"


def test_a_word_behind_two_dashes_is_no_redirect_either(run: Run, fake: FakeArthas) -> None:
    assert run("exec", "--", "echo", ">x").stdout == ">x\n"
    assert list_lines(fake) == ["echo '>x'"]


def test_a_program_that_has_enough_stops_the_command_which_is_a_normal_end(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("exec", "-q", f"{WATCH} -n 100000 |json | head -n 3")
    assert (ended.exit_code, ended.stdout.count("\n"), ended.stderr) == (0, 3, "")
    assert "interrupt_job" in [seen.action for seen in fake.requests]
    assert (fake.sessions, fake.jobs) == ([], [])


def test_a_program_that_ends_stops_a_command_which_has_no_results(
    run: Run, fake: FakeArthas
) -> None:
    fake.target.rate = 0
    assert run("exec", "-q", f"{WATCH} | true").exit_code == 0
    assert fake.jobs == []


def test_the_password_is_not_handed_to_programs(run: Run) -> None:
    code = "import os; print(sorted(n for n in os.environ if n.startswith('ARTHAS_SHELL_')))"
    ended = run("exec", f"version | {python(code)}", ARTHAS_SHELL_PASSWORD="sesame")
    assert ended.stdout == "['ARTHAS_SHELL_URL']\n"


def test_more_text_than_a_pipe_holds_goes_through(run: Run, fake: FakeArthas) -> None:
    text = "x" * 1_000_000
    fake.register(Command("echo", lambda _call: [{"type": "echo", "content": text}]))
    assert run("exec", "echo x | cat | cat").stdout == f"{text}\n"


def test_grep_head_and_wc_exist_where_the_system_has_none(run: Run) -> None:
    assert run("exec", "echo Ab | grep -i aB", **NOBODY).stdout == "Ab\n"
    assert run("exec", "echo a | head -n 1 | wc -l", **NOBODY).stdout == "1\n"
    assert run("exec", "echo a | sort", **NOBODY).exit_code == 2


def test_run_takes_lines_with_pipes_and_stops_at_a_program_that_failed(run: Run) -> None:
    ended = run("run", "-", stdin="version | cat\necho a | grep b\necho never\n")
    assert (ended.exit_code, ended.stdout) == (1, "4.1.5\n")
    assert ended.stderr == "'grep' ended with code 1\nin stdin:2\n"


def test_ctrl_c_ends_the_command_and_lets_the_programs_finish(
    start: Start, fake: FakeArthas
) -> None:
    process = start("exec", "-q", f"{WATCH} -n 1000000 |json | wc -l")
    wait_for_job(fake)
    process.send_signal(signal.SIGINT)
    code, stdout, _ = finish(process)
    assert (code, stdout.strip().isdecimal()) == (130, True)
    assert (fake.sessions, fake.jobs) == ([], [])


def test_ctrl_c_ends_a_program_that_does_not_end_with_its_input(
    start: Start, fake: FakeArthas, tmp_path: Path
) -> None:
    code = f"import os, time; open('{tmp_path}/pid', 'w').write(str(os.getpid())); time.sleep(600)"
    process = start("exec", "-q", f"{WATCH} -n 1000000 | {python(code)}")
    wait_for_job(fake)
    fake.wait_for((tmp_path / "pid").exists)
    process.send_signal(signal.SIGINT)
    assert finish(process)[0] == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("ascii")), 0)


def test_sigterm_while_a_program_works_on_leaves_none_behind(
    start: Start, fake: FakeArthas, tmp_path: Path
) -> None:
    code = f"import os, time; open('{tmp_path}/pid', 'w').write(str(os.getpid())); time.sleep(600)"
    process = start("exec", f"version | {python(code)}")
    fake.wait_for((tmp_path / "pid").exists)
    process.send_signal(signal.SIGTERM)
    assert finish(process)[0] == 143
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("ascii")), 0)


def test_no_program_is_left_once_the_line_is_through(run: Run) -> None:
    before = list_children()
    for line in (
        "version | cat",
        "version | nosuch",
        f"{WATCH} -n 1 | head -n 1",
        "thread 99 | cat",
    ):
        run("exec", line)
    assert list_children() == before


def test_results_come_through_as_they_come(start: Start, fake: FakeArthas) -> None:
    def tell(call: Call) -> Iterable[Mapping[str, object]]:
        yield {"type": "echo", "content": "first"}
        call.wait(60)

    fake.register(Command("watch", tell, is_stream=True, is_interruptible=True))
    process = start("exec", f"{WATCH} | cat")
    assert process.stdout is not None
    assert process.stdout.readline() == "first\n"
    process.send_signal(signal.SIGINT)
    assert finish(process)[0] == 130


def test_the_deadline_holds_while_a_program_takes_nothing(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "-q", "-t", "0.5", f"{WATCH} -n 1000000 |json | sleep 600")
    said = "arthas-shell: the deadline of 0.5 s passed\n"
    assert (ended.exit_code, ended.stderr.partition("hint:")[0]) == (124, said)
    assert (fake.sessions, fake.jobs) == ([], [])


def test_what_the_enhancer_took_is_told_beside_a_pipe(run: Run) -> None:
    ended = run("exec", f"{WATCH} -n 1 | jq .cost")
    assert (ended.exit_code, ended.stderr) == (0, "enhanced: 1 class, 1 method\n")


def test_ctrl_c_while_a_one_shot_runs_ends_its_program(
    start: Start, fake: FakeArthas, tmp_path: Path
) -> None:
    code = f"import os, time; open('{tmp_path}/pid', 'w').write(str(os.getpid())); time.sleep(600)"
    process = start("exec", "-q", f"ognl '@java.lang.Thread@sleep(60000)' | {python(code)}")
    fake.wait_for((tmp_path / "pid").exists)
    fake.wait_for(lambda: fake.requests)
    process.send_signal(signal.SIGINT)
    assert finish(process)[0] == 130


def test_a_pipe_needs_no_blanks_and_is_not_sent(run: Run, fake: FakeArthas) -> None:
    ended = run("exec", "echo 'b'|cat|wc -l")
    assert (ended.exit_code, ended.stdout.strip(), ended.stderr) == (0, "1", "")
    assert list_lines(fake) == ["echo 'b'"]


def test_what_is_behind_a_pipe_and_no_program_is_not_sent_either(
    run: Run, fake: FakeArthas
) -> None:
    ended = run("exec", "sysprop a|nosuch b")
    assert (ended.exit_code, fake.requests) == (2, [])
    assert ended.stderr.startswith("arthas-shell: there is no program 'nosuch' here\n")


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (
            errno.ENOSPC,
            1,
            (
                "arthas-shell: cannot write the results: No space left on device\n"
                "hint: make room there, or write to another disk\n"
            ),
        ),
        (errno.EPIPE, 141, ""),
    ],
)
def test_what_a_program_writes_and_stdout_does_not_take_counts(
    fake: FakeArthas, number: int, code: int, said: str
) -> None:
    class Full(io.StringIO):
        def write(self, text: str, /) -> int:
            raise OSError(number, os.strerror(number), text)

    stderr = io.StringIO()
    variables = {"ARTHAS_SHELL_URL": fake.url, "PATH": os.environ["PATH"]}
    environment = Environment(io.StringIO(), Full(), stderr, variables)
    ended_with = run_program(["exec", "version | cat"], environment)
    assert (ended_with, stderr.getvalue()) == (code, said)
