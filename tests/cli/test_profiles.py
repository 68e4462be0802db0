"""The end of a profile: nothing is taken for new, or for written, that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import Command, FakeArthas
from support.program import shell

from .conftest import list_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from support.fake import Call

    from arthas_cli.demo.target import Target

    from .conftest import Run

FILE = "/srv/app/arthas-output/20261127-234031"
UNWRITTEN = {
    "type": "profiler",
    "action": "stop",
    "executeResult": "Profiling stopped after 3 seconds. No dump options specified\n",
    "outputFile": f"{FILE}.html",
}
WRITTEN = UNWRITTEN | {"executeResult": "OK\n"}
IDLE = (
    "arthas-shell: nothing is being profiled\n"
    "hint: use 'profiler dumpCollapsed' to see the samples of the last run; one that ended by"
    " itself has written its own file\n"
)
END = {"type": "status", "statusCode": 0}


def profile(
    fake: FakeArthas, *answers: Mapping[str, object], status: str = "Profiling is running"
) -> None:
    """Has the server's profiler say that of itself, and answer anything else in that order."""
    rest = list(answers)

    def run(call: Call) -> Sequence[Mapping[str, object]]:
        if "status" in call.words:
            said = f"{status} for 3 seconds\n"
            return [{"type": "profiler", "action": "status", "executeResult": said}]
        return [rest.pop(0)]

    fake.register(Command("profiler", run))


def test_a_profile_that_is_not_written_fails_with_the_answer_untouched(
    run: Run, fake: FakeArthas
) -> None:
    profile(fake, UNWRITTEN)
    ended = run("exec", "--json", "profiler stop")
    document = ended.document
    assert ended.exit_code == 1
    assert (document["state"], document["status"], document["lost"]) == ("SUCCEEDED", 0, 0)
    assert document["results"] == [UNWRITTEN | {"jobId": document["results"][0]["jobId"]}]
    assert document["error"] == {
        "kind": "failed",
        "message": f"'profiler stop' has not written '{FILE}.html'",
        "hint": "use 'profiler dump' to write what was sampled; after a start with '--file' or"
        " '--timeout', end the run with 'profiler stop --file NAME'",
    }


def test_a_profile_that_is_written_is_a_success(run: Run, fake: FakeArthas) -> None:
    profile(fake, WRITTEN)
    ended = run("exec", "profiler stop")
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert ended.stdout == f"OK\noutput file  {FILE}.html\n"


@pytest.mark.parametrize("line", ["profiler stop", "profiler execute 'stop,collapsed'"])
def test_the_end_of_no_profile_is_not_sent(run: Run, fake: FakeArthas, line: str) -> None:
    profile(fake, status="Profiler is not active")
    ended = run("exec", line)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (1, "", IDLE)
    assert list_lines(fake) == ["profiler status"]


@pytest.mark.parametrize(
    "arguments", [("--raw", "profiler stop"), ("profiler dump",), ("profiler stop -h",)]
)
def test_nothing_is_asked_before_what_ends_no_profile_and_what_is_raw(
    run: Run, fake: FakeArthas, arguments: Sequence[str]
) -> None:
    profile(fake, WRITTEN, status="Profiler is not active")
    run("exec", *arguments)
    assert list_lines(fake) == [arguments[-1]]


def test_nothing_is_asked_where_the_end_is_not_allowed(run: Run, fake: FakeArthas) -> None:
    assert run("exec", "--read-only", "profiler stop").exit_code == 2
    assert list_lines(fake) == []


def test_a_profiler_that_cannot_say_whether_it_runs_says_why_at_the_end(
    run: Run, fake: FakeArthas
) -> None:
    failure = {"type": "status", "statusCode": 1, "message": "AsyncProfiler error: no such OS"}
    fake.register(Command("profiler", lambda _: [failure]))
    ended = run("exec", "profiler stop")
    assert (ended.exit_code, ended.stderr) == (1, "arthas-shell: AsyncProfiler error: no such OS\n")


def test_two_files_of_one_name_are_told_of(run: Run, fake: FakeArthas) -> None:
    profile(fake, WRITTEN | {"action": "dump"}, WRITTEN)
    ended = run("run", "-", stdin="profiler dump\nprofiler stop\n")
    assert ended.exit_code == 0
    assert ended.stderr == (
        "warning: the file of the command before had the same name and is overwritten: within a"
        " second only '--file' tells them apart\n"
    )


def test_a_start_says_what_its_timer_does_later(run: Run, fake: FakeArthas) -> None:
    profile(fake, {"type": "profiler", "action": "start", "executeResult": "Profiling started\n"})
    ended = run("exec", "profiler start --duration 9")
    assert (ended.exit_code, ended.stdout) == (0, "Profiling started\n")
    assert ended.stderr == (
        "the run ends by itself; stopping it early does not cancel the timer, which then ends"
        " whatever run is active when it is due\n"
    )


def test_a_start_that_failed_has_no_timer(run: Run, fake: FakeArthas) -> None:
    profile(fake, END | {"statusCode": 1, "message": "Profiler already started"})
    ended = run("exec", "profiler start --duration 9")
    assert ended.stderr == "arthas-shell: Profiler already started\n"


def test_a_real_profile_is_never_what_it_is_not(arthas: Target) -> None:
    def run(*lines: str) -> list[int]:
        return [shell("exec", line, ARTHAS_SHELL_URL=arthas.url).exit_code for line in lines]

    # An end that is refused for want of a run, whether there was one before or not.
    assert run("profiler stop") == [1]
    # After --timeout the end writes nothing and names a file; the samples are kept.
    start = "profiler start --event itimer"
    assert run(f"{start} --timeout 60s", "profiler stop", "profiler dump") == [0, 1, 0]
    # What --file names at the end is written.
    stop = "profiler stop --file arthas-output/given.html"
    assert run(f"{start} --timeout 60s", stop) == [0, 0]
    assert (arthas.home / "arthas-output" / "given.html").exists()
    # No recording was under way.
    assert run(start, "profiler stop --format jfr", "profiler stop") == [0, 1, 1]
    # One is written as it runs.
    assert run(f"{start} --file arthas-output/a.jfr", "profiler stop") == [0, 0]
    assert (arthas.home / "arthas-output" / "a.jfr").exists()


def test_a_file_may_begin_a_profile_and_end_it(run: Run, fake: FakeArthas, tmp_path: Path) -> None:
    profile(fake, WRITTEN | {"action": "start"}, WRITTEN)
    file = tmp_path / "lines.txt"
    file.write_text("profiler start\nprofiler stop\n")
    run("run", str(file))
    assert list_lines(fake) == ["profiler start", "profiler status", "profiler stop"]
