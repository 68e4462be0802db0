"""Which of the files that results name are there; the results are real ones of 4.1.5."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.protocol import Result
from arthas_cli.written import FileNotes, NamedFile, State, find_failure, find_path, read_file

GENERATED = "/srv/app/arthas-output/20261127-234031"
NOTHING_DUMPED = "Profiling stopped after 3 seconds. No dump options specified\n"
OVERWRITTEN = (
    "the file of the command before had the same name and is overwritten: within a second only"
    " '--file' tells them apart"
)


def profiler(action: str, said: str, path: str | None = None, argument: str = "") -> Result:
    data = {"action": action, "executeResult": said, "outputFile": path, "actionArg": argument}
    return Result("profiler", 1, dict(data), "{}")


@each_row(
    ("action", "said", "path", "state"),
    [
        ("stop", "OK\n", f"{GENERATED}.html", State.WRITTEN),
        ("dump", "OK\n", f"{GENERATED}.txt", State.WRITTEN),
        ("start", "Profiling started\n", f"{GENERATED}.html", State.COMING),
        # The run was started with --file, or one before it with --timeout.
        ("stop", NOTHING_DUMPED, f"{GENERATED}.html", State.MISSING),
        ("stop", "<!DOCTYPE html>\n", "arthas-output/mine.html", State.MISSING),
        # No recording was under way.
        ("stop", "\n", f"{GENERATED}.jfr", State.MISSING),
        ("dump", "\n", f"{GENERATED}.jfr", State.MISSING),
        # A recording is written as it runs, if this was one.
        ("stop", "\n", "arthas-output/a.jfr", State.UNSURE),
        ("stop", NOTHING_DUMPED, "arthas-output/a.jfr", State.UNSURE),
    ],
)
def test_only_ok_says_that_a_profile_is_written(
    action: str, said: str, path: str, state: State
) -> None:
    result = profiler(action, said, path)
    assert read_file(result.type, result.data) == NamedFile(path, state)
    assert (find_failure(result) is not None) == (state is State.MISSING)
    assert find_path(result) == (path if state is State.WRITTEN else "")


def test_a_profile_that_is_not_written_is_a_failure_with_what_writes_it() -> None:
    failure = find_failure(profiler("stop", NOTHING_DUMPED, "arthas-output/mine.html"))
    assert failure is not None
    assert failure.message == "'profiler stop' has not written 'arthas-output/mine.html'"
    assert failure.hint == (
        "use 'profiler dump' to write what was sampled; after a start with '--file' or"
        " '--timeout', end the run with 'profiler stop --file NAME'"
    )


def test_a_recording_that_was_none_is_a_failure_with_how_to_begin_one() -> None:
    failure = find_failure(profiler("stop", "\n", f"{GENERATED}.jfr"))
    assert failure is not None
    assert failure.hint == (
        "use 'profiler dumpCollapsed' to see what was sampled; a recording begins with"
        " 'profiler start --file arthas-output/NAME.jfr'"
    )


def test_classes_of_which_none_is_dumped_are_a_failure() -> None:
    failure = find_failure(Result("dump", 1, {"dumpedClasses": []}, "{}"))
    assert failure is not None
    assert failure.message == "no class file was written"
    choice = Result("dump", 1, {"matchedClassLoaders": [{}], "dumpedClasses": None}, "{}")
    assert find_failure(choice) is None


def test_what_the_line_names_is_written_and_not_what_the_server_says() -> None:
    result = profiler("stop", "OK\n", "arthas-output/earlier.html")
    assert find_path(result, "arthas-output/given.html") == "arthas-output/given.html"
    assert FileNotes().read(result, "arthas-output/given.html") == (
        "it is written to 'arthas-output/given.html': the name that Arthas gives is of an earlier"
        " start"
    )
    assert FileNotes().read(result, "arthas-output/earlier.html") == ""


def test_a_name_that_the_profiler_fills_in_is_not_taken_for_a_file() -> None:
    result = profiler("stop", "OK\n", "arthas-output/a-%t.html")
    assert find_path(result, "arthas-output/a-%t.html") == ""
    assert FileNotes().read(result, "arthas-output/a-%t.html") == (
        "the name is a pattern: 'get' lists the files with what was put in for '%'"
    )


def test_a_recording_is_said_to_be_there_only_if_it_was_one() -> None:
    assert FileNotes().read(profiler("stop", "\n", "a.jfr")) == (
        "'a.jfr' is there only if this run was started with it as its '--file'"
    )


def test_a_second_file_within_a_second_is_said_to_overwrite_the_first() -> None:
    notes = FileNotes()
    assert notes.read(profiler("dump", "OK\n", f"{GENERATED}.html")) == ""
    assert notes.read(profiler("stop", "OK\n", f"{GENERATED}.html")) == OVERWRITTEN
    assert notes.read(profiler("dump", "OK\n", f"{GENERATED}.txt")) == ""
    jfr = {"jfrOutput": f"Dump recording 1, The result will be written to:\n{GENERATED}.jfr"}
    assert notes.read(Result("jfr", 1, dict(jfr), "{}")) == ""
    assert notes.read(Result("jfr", 1, dict(jfr), "{}")) == OVERWRITTEN


def test_a_name_that_its_user_gives_twice_is_meant() -> None:
    notes = FileNotes()
    for _ in range(2):
        assert notes.read(profiler("dump", "OK\n", "a.html"), "a.html") == ""


@pytest.mark.parametrize(
    ("action", "argument"), [("dumpCollapsed", "TOTAL"), ("execute", "stop,collapsed")]
)
def test_an_empty_profile_is_said(action: str, argument: str) -> None:
    notes = FileNotes()
    assert notes.read(profiler(action, "\n", None, argument)) == (
        "the profile is empty: no sample was taken"
    )
    assert notes.read(profiler(action, "a;b 1\n", None, argument)) == ""


def test_a_recording_that_is_dumped_in_silence_is_no_empty_profile() -> None:
    assert FileNotes().read(profiler("execute", "\n", None, "dump,file=a.jfr")) == ""


def test_a_heap_dump_that_get_cannot_fetch_is_said_to_be_one() -> None:
    def note(path: str) -> str:
        return FileNotes().read(Result("heapdump", 1, {"dumpFile": path}, "{}"))

    assert note("/srv/heapdump.hprof") == (
        "'/srv/heapdump.hprof' is on the server, where 'get' cannot fetch it; it can fetch what"
        " 'heapdump arthas-output/NAME.hprof' writes"
    )
    assert note("arthas-output/a.hprof") == note("C:\\srv\\arthas-output\\a.hprof") == ""
