"""Under --read-only nothing that changes anything leaves, by whichever way it came in."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from support.program import shell
from support.soak import pick

from arthas_cli.environment import Environment
from arthas_cli.errors import ReadOnly
from arthas_cli.guard.policy import Policy
from arthas_cli.invocation import Invocation
from arthas_cli.protocol import Action
from arthas_cli.session.orphans import end_job, list_jobs
from arthas_cli.session.server import Server
from arthas_cli.session.shared import SharedSession
from arthas_cli.session.tuning import make_jobs_line
from arthas_cli.shell.app import Shell
from arthas_cli.shell.commands import COMMANDS

from .conftest import EXTERNAL
from .lines import CALL, list_lines, may_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import Recorder

LINES = list_lines()
GRAVE = [line for line in LINES if may_change(line)]
EXTERNALS = [EXTERNAL, f"{EXTERNAL} now", f"{EXTERNAL} -h", f"{EXTERNAL} --now=1"]


def find_changes(recorder: Recorder) -> list[str]:
    """Returns what left and should not have, but for the look at what runs before a `reset`."""
    looks = make_jobs_line("")[:120]
    lines = [line for line in recorder.lines if not line.startswith(looks)]
    return [line for line in lines if may_change(strip_bound(line))]


def strip_bound(line: str) -> str:
    """Returns the line without what bounds a stream on the server."""
    name, *words = line.split(" ")
    is_bound = words[:1] in (["--timeout"], ["-n"]) and words[1:2] in (["3600"], ["720"])
    return " ".join([name, *words[2 * is_bound :]])


@pytest.fixture
def prompt(
    recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], str]]:
    """Takes a line as if it was typed into a shell under --read-only; returns what was said."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    paper = io.StringIO()
    invocation = Invocation(Environment(io.StringIO(), paper, paper, {}), [{"read_only": True}])
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        diagnostics = invocation.make_diagnostics()
        repl = Shell(invocation, invocation.open_members(diagnostics), diagnostics)
        assert repl.runner.link.server.url == recorder.url

        def take(line: str) -> str:
            paper.seek(0)
            paper.truncate()
            repl.take(line)
            return paper.getvalue()

        yield take
        repl.runner.jobs.close()
        repl.runner.link.close()


def test_the_lines_are_many_and_of_both_kinds() -> None:
    assert len(LINES) > 2_500
    assert len(GRAVE) > 1_400
    assert len(LINES) - len(GRAVE) > 800
    assert {line.split(" ")[0] for line in LINES} == {line.split(" ")[0] for line in GRAVE} | {
        *("help", "auth", "keymap", "sc", "sm", "thread", "jvm", "memory", "perfcounter"),
        *("dashboard", "july", "thanks", "cls", "version", "session", "sysenv", "cat", "echo"),
        *("pwd", "mbean", "grep"),
    }


@pytest.mark.parametrize("options", [[], ["--raw"]], ids=["checked", "raw"])
def test_run_sends_of_all_lines_none_that_changes_anything(
    recorder: Recorder, options: list[str]
) -> None:
    stdin = "\n".join([*LINES, *EXTERNALS])
    ended = shell("run", "--read-only", "--keep-going", "--json", *options, "-", stdin=stdin)
    documents = {d["command"]: d for d in map(json.loads, ended.stdout.splitlines())}
    assert set(documents) == {*LINES, *EXTERNALS}
    assert find_changes(recorder) == []
    kinds = {(documents[line]["error"] or {}).get("kind") for line in GRAVE}
    assert kinds <= {"read-only", "unknown-option", "syntax"}
    assert {documents[line]["state"] for line in GRAVE} == {None}
    sent = {strip_bound(line) for line in recorder.lines}
    assert {"version", "thread -n 1", "watch 1 1 {params}", "tt -t 1", "sc -d 1"} <= sent


def test_run_without_it_sends_them(recorder: Recorder) -> None:
    shell("run", "--raw", "--no-tune", "--keep-going", "-", stdin="\n".join(GRAVE))
    assert len(find_changes(recorder)) == len(GRAVE)


@pytest.mark.parametrize("line", ["stop", f"watch a b {CALL}", EXTERNAL, "options unsafe true"])
@pytest.mark.parametrize(
    "make",
    [
        lambda line: ("exec", "--read-only", line),
        lambda line: ("--read-only", "exec", line),
        lambda line: ("exec", "--read-only", "--raw", line),
        lambda line: ("exec", "--read-only", "-o", "jsonl", line),
        lambda line: ("exec", "--read-only", "--", *line.split(" ")),
    ],
    ids=["exec", "before", "raw", "jsonl", "words"],
)
def test_exec_refuses_with_code_2_before_a_session_is_opened(
    recorder: Recorder, line: str, make: Callable[[str], tuple[str, ...]]
) -> None:
    ended = shell(*make(line))
    assert ended.exit_code == 2
    assert "is refused by --read-only: " in ended.stderr
    assert {asked.command for asked in recorder.requests} <= {"help", "version", f"help {line}"}


def test_exec_reads_the_line_from_stdin_under_the_same_guard(recorder: Recorder) -> None:
    assert shell("exec", "--read-only", "-", stdin="reset\n").exit_code == 2
    assert recorder.requests == []


def test_the_document_names_the_kind(recorder: Recorder) -> None:
    document = shell("exec", "--read-only", "--json", "heapdump").document
    assert (document["error"]["kind"], document["state"]) == ("read-only", None)
    assert recorder.requests == []


def test_the_variable_says_the_same_as_the_option(recorder: Recorder) -> None:
    assert shell("exec", "reset", ARTHAS_SHELL_READ_ONLY="1").exit_code == 2
    assert shell("exec", "reset", ARTHAS_SHELL_READ_ONLY="0").exit_code == 0
    assert find_changes(recorder) == ["reset"]


def test_nothing_is_sent_of_a_sequence_of_which_a_part_is_refused(recorder: Recorder) -> None:
    ended = shell("run", "--read-only", "-", stdin="version ; reset ; jvm\n")
    assert (ended.exit_code, recorder.lines) == (2, [])


def test_lines_on_stdin_without_a_command_are_guarded(recorder: Recorder) -> None:
    assert shell("--read-only", stdin="version\nstop\n").exit_code == 2
    assert recorder.lines == ["version"]


@pytest.mark.parametrize(
    ("form", "step"),
    [
        ("{}", 1),
        ("{} &", pick(10, 1)),
        (":every --times 1 1s {}", pick(10, 1)),
        ("version ; {}", 60),
    ],
    ids=["line", "background", "every", "sequence"],
)
def test_the_prompt_sends_none_that_changes_anything(
    recorder: Recorder, prompt: Callable[[str], str], form: str, step: int
) -> None:
    for line in [*GRAVE[::step], *EXTERNALS]:
        if line.split(" ")[0] in COMMANDS:  # the shell has another of that name
            continue
        said = prompt(form.format(line))
        assert said.startswith("arthas-shell: ") or "\narthas-shell: " in said, said
    assert find_changes(recorder) == []


def test_a_stream_is_neither_tuned_nor_counted_by_ognl(recorder: Recorder) -> None:
    assert shell("exec", "--read-only", "--json", "watch a b").exit_code == 1
    assert recorder.lines == ["watch a b"]  # the server told no version, so no bound


def test_a_session_that_is_joined_is_not_tuned_either(recorder: Recorder) -> None:
    server = Server(recorder, may_tune=True, policy=Policy(is_read_only=True))
    assert not server.may_tune
    SharedSession.join(server, "s").close()
    assert recorder.lines == ["version", "session"]


def test_the_questions_of_our_own_pass_the_same_guard(recorder: Recorder) -> None:
    server = Server(recorder, policy=Policy(is_read_only=True))
    with pytest.raises(ReadOnly):
        list_jobs(server)
    with pytest.raises(ReadOnly):
        end_job(server, 1)
    with pytest.raises(ReadOnly):
        server.send(Action.ASYNC_EXEC, command="stop", session_id="s")
    assert recorder.requests == []


def test_orphans_are_not_told_and_the_shell_goes_on(prompt: Callable[[str], str]) -> None:
    assert "'ognl' is refused by --read-only: " in prompt(":orphans")
    assert "queue    50 results, fetched 20 at a time: not tuned (--read-only)" in prompt(":info")
    assert "access   read-only: commands that change the target are refused" in prompt(":info")
