"""`run` by one tuned session, and by an `exec` for each line: nobody can tell but by the time."""

from __future__ import annotations

import json
import math
import signal
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from support.fake import Call, Command, FakeArthas, faults
from support.fake.wire import CLOSED, Reply
from support.program import shell

from arthas_cli.session.tuning import is_own_line

from .conftest import signal_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from support.fake.faults import Exchange
    from support.program import Ended

    from arthas_cli.demo.target import Target

    from .conftest import Run

SLOW = "memory"
LINES = ("version", "pwd", "thread 999999", "sc demo.*", "jvm", "version -h", "sysprop a b", "pwd")
SILENT_S = 30.0


@pytest.fixture(autouse=True)
def _is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fake is near and opens a session in time, however busy this machine is."""
    for limit in ("_NEAR_S", "_OPEN_S", "_HASTY_OPEN_S"):
        monkeypatch.setattr(f"arthas_cli.session.series.{limit}", 60.0)


def hang(call: Call) -> Iterable[Mapping[str, object]]:
    call.wait(SILENT_S)
    return ()


def count_actions(fake: FakeArthas, action: str) -> int:
    return [seen.action for seen in fake.requests].count(action)


def list_executed(fake: FakeArthas) -> list[str]:
    """Returns the lines that went by an `exec`."""
    executed = [seen.body for seen in fake.requests if seen.action == "exec"]
    return [body["command"] for body in executed]


def write(folder: Path, *lines: str) -> str:
    file = folder / "lines.txt"
    file.write_text("\n".join(lines) + "\n")
    return str(file)


def read(ended: Ended) -> list[Any]:
    """Returns the documents of a run, without times and the numbers of jobs."""
    documents = [json.loads(line) for line in ended.stdout.splitlines()]
    for document in documents:
        del document["elapsedMs"], document["url"]
        for result in document["results"]:
            del result["jobId"]
    return documents


def test_the_lines_of_a_file_go_by_one_session(run: Run, fake: FakeArthas, tmp_path: Path) -> None:
    ended = run("run", write(tmp_path, *["version", "pwd"] * 20))
    assert (ended.exit_code, ended.stdout) == (0, "4.1.5\n/srv/app\n" * 20)
    assert [count_actions(fake, action) for action in ("init_session", "async_exec")] == [1, 40]
    assert all(map(is_own_line, list_executed(fake)))
    assert (fake.sessions, fake.jobs) == ([], [])


def test_one_line_is_one_request(run: Run, fake: FakeArthas, tmp_path: Path) -> None:
    run("run", write(tmp_path, "version"))
    run("run", "-", stdin="version\n")
    assert [seen.action for seen in fake.requests] == ["exec", "exec"]


def test_lines_on_stdin_go_by_a_session_from_the_second_on(run: Run, fake: FakeArthas) -> None:
    run("run", "-", stdin="version\npwd\njvm\n")
    assert list_executed(fake)[0] == "version"
    assert count_actions(fake, "async_exec") == 2


def test_what_does_more_than_read_goes_by_an_exec(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    lines = ("reset", "session", "ognl 1+1", "sysprop a b")
    run("run", "--keep-going", write(tmp_path, "version", *lines, "version"))
    assert [line for line in list_executed(fake) if not is_own_line(line)][-4:] == list(lines)


PRODUCTION = """[profiles.shop]
url = "{url}"
production = true
"""


@pytest.mark.parametrize("way", ["--read-only", "--no-tune", "production", "closed"])
def test_no_session_is_used_where_none_may_or_can_be_tuned(
    fake: FakeArthas, tmp_path: Path, way: str
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(PRODUCTION.format(url=fake.url) if way == "production" else "")
    fake.target.is_closed = way == "closed"
    target = ["-P", "shop"] if way == "production" else ["--url", fake.url]
    options = [way] if way.startswith("--") else []
    file = write(tmp_path, "version", "pwd", "jvm")
    ended = shell("run", "--config", str(config), *target, *options, file)
    assert ended.exit_code == 0
    assert count_actions(fake, "async_exec") == 0
    assert count_actions(fake, "init_session") == (way == "closed")
    assert fake.sessions == []


def test_no_session_is_used_where_the_server_is_far_away(
    run: Run, fake: FakeArthas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.series._NEAR_S", 0.0)
    assert run("run", write(tmp_path, *["version"] * 5)).stdout == "4.1.5\n" * 5
    assert (count_actions(fake, "init_session"), count_actions(fake, "exec")) == (0, 5)


def fail(
    fault: faults.Fault, action: str, skip: int = 0, times: float = 1
) -> Callable[[FakeArthas], None]:
    return lambda fake: fake.faults.next(fault, action=action, skip=skip, times=times)


TROUBLES: Mapping[str, Callable[[FakeArthas], None]] = {
    "none": lambda _fake: None,
    "refused once": fail(faults.refused(), "async_exec", 2),
    "refused for good": fail(faults.refused(), "async_exec", 2, math.inf),
    "two parses met": fail(faults.command_failed_null, "async_exec", 1),
    "start not answered": fail(faults.cut_before_headers, "async_exec", 1),
    "start cut": fail(faults.cut_in_body, "async_exec", 1),
    "pull cut": fail(faults.cut_in_body, "pull_results", 4),
    "pull lost": fail(faults.cut_before_headers, "pull_results", 5),
    "pull truncated": fail(faults.truncated, "pull_results", 5),
    "session gone": fail(faults.failed("session not found: x"), "pull_results", 6),
    "consumer gone": fail(faults.failed("consumer not found: x"), "pull_results", 6),
    "no session": fail(faults.failed("no"), "init_session"),
    "closing fails": fail(faults.server_error, "close_session"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_documents_are_those_of_an_exec_for_each_line(
    run: Run, fake: FakeArthas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr("arthas_cli.session.session._REFUSED_S", 0.1)
    file = write(tmp_path, *LINES)
    alone = run("run", "--json", "--keep-going", "--no-tune", file)
    TROUBLES[trouble](fake)
    together = run("run", "--json", "--keep-going", file)
    assert read(together) == read(alone)
    assert (together.exit_code, together.stderr) == (alone.exit_code, alone.stderr)
    assert together.exit_code == 1
    assert count_actions(fake, "init_session") >= 1


def test_an_answer_that_the_server_cannot_write_is_not_asked_for_again(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    file = write(tmp_path, "pwd", "jvm", "version")
    fake.faults.next(faults.swallow, action="exec", skip=1)
    alone = run("run", "--json", "--keep-going", "--no-tune", file)
    fake.faults.next(faults.swallow, action="pull_results", skip=4)
    together = run("run", "--json", "--keep-going", file)
    assert read(together) == read(alone)
    assert [document["error"] and document["error"]["kind"] for document in read(together)] == [
        None,
        "server-error",
        None,
    ]
    assert fake.lines.count("jvm") == 2


SECRET = "planted-secret"
IN_A_HEADER = "b3BzOnBsYW50ZWQtc2VjcmV0"  # ops:planted-secret in base64


def echo_in_a_message(exchange: Exchange) -> Reply:
    """Answers `jvm` with what only the request's head has."""
    if exchange.request.body.get("command") != "jvm":
        return exchange.answer()
    return faults.failed(f"no, {SECRET}; no, {IN_A_HEADER}")(exchange)


def echo_in_an_error(exchange: Exchange) -> Reply:
    if exchange.request.body.get("command") != "jvm":
        return exchange.answer()
    said = f"at ops:{SECRET} with {IN_A_HEADER}".encode()
    return Reply(said, HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain")


@pytest.mark.parametrize("echo", [echo_in_a_message, echo_in_an_error])
def test_a_password_that_the_server_sends_back_is_told_on_neither_way(
    tmp_path: Path, echo: Callable[[Exchange], Reply]
) -> None:
    file = write(tmp_path, "pwd", "jvm", "version")
    ended = []
    with FakeArthas(user="ops", password=SECRET) as fake:
        fake.faults.next(echo, times=math.inf)
        for option in ([], ["--no-tune"]):
            arguments = ("-v", "--json", "--keep-going", "-u", "ops", "--url", fake.url)
            ended.append(shell("run", *arguments, *option, file, ARTHAS_SHELL_PASSWORD=SECRET))
        assert count_actions(fake, "async_exec") == 3
    together, alone = ended
    assert read(together) == read(alone)
    assert [len(document["results"]) for document in read(alone)] == [1, 0, 1]
    for each in ended:
        assert each.exit_code == 1
        assert "***" in each.stderr
        for secret in (SECRET, IN_A_HEADER):
            assert secret not in each.stdout + each.stderr


def test_a_line_whose_deadline_passes_leaves_the_next_ones_right(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    released = threading.Event()

    def begin(_call: Call) -> Iterator[Mapping[str, object]]:
        yield {"type": "memory", "memoryInfo": {}}
        released.wait(SILENT_S)

    fake.register(Command("memory", begin))
    file = write(tmp_path, "pwd", "memory", "help")
    documents = []
    for option in ([], ["--no-tune"]):
        released.clear()
        timer = threading.Timer(1.2, released.set)  # behind the deadline, before the next one
        timer.start()
        ended = run("run", "--json", "--keep-going", "-t", "1", *option, file)
        timer.join()
        assert (ended.exit_code, ended.stderr.count("hint:")) == (124, 1)
        documents.append(read(ended))
    together, alone = documents
    assert together == alone
    assert count_actions(fake, "async_exec") >= 2
    assert together[1]["results"] == [{"type": "memory", "memoryInfo": {}}]
    assert (together[1]["state"], together[1]["lost"]) == ("INTERRUPTED", None)
    assert together[1]["error"] == {
        "kind": "deadline",
        "message": "the deadline of 1 s passed;"
        " Arthas cannot interrupt 'memory', which keeps running",
        "hint": "allow more time with --timeout",
    }
    assert together[2]["error"] is None
    fake.wait_for(lambda: (fake.sessions, fake.jobs) == ([], []))


def test_a_deadline_holds_where_the_server_falls_silent(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    file = write(tmp_path, "pwd", "version")
    fake.faults.next(faults.hang, times=math.inf, action="exec", skip=1)
    alone = run("run", "--json", "-t", "0.3", "--no-tune", file)
    fake.faults.clear()
    fake.faults.next(faults.hang, times=math.inf, action="pull_results", skip=4)
    fake.faults.next(faults.hang, times=math.inf, action="close_session")
    together = run("run", "--json", "-t", "0.3", file)
    assert count_actions(fake, "close_session") >= 1
    assert (together.exit_code, alone.exit_code) == (124, 124)
    assert read(together) == read(alone)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_and_closes_its_session(
    run: Run, fake: FakeArthas, tmp_path: Path, number: int, code: int
) -> None:
    def wait(call: Call) -> Iterable[Mapping[str, object]]:
        signal_program(number)
        call.wait(1.0)
        return ()

    fake.register(Command("memory", wait))
    file = write(tmp_path, "pwd", "memory", "version")
    together = run("run", "--json", "--keep-going", file)
    assert fake.sessions == []
    assert count_actions(fake, "async_exec") == 2
    alone = run("run", "--json", "--keep-going", "--no-tune", file)
    assert (together.exit_code, alone.exit_code) == (code, code)
    assert (read(together), together.stderr) == (read(alone), alone.stderr)
    assert len(read(together)) == 2


def test_a_signal_while_the_session_is_closed_leaves_none(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    def interrupt(exchange: faults.Exchange) -> Reply:
        signal_program(signal.SIGTERM)
        exchange.wait(0.2)
        return CLOSED

    fake.faults.next(interrupt, action="close_session")
    ended = run("run", write(tmp_path, "pwd", "version"))
    assert (ended.exit_code, ended.stdout) == (143, "/srv/app\n4.1.5\n")
    assert fake.sessions == []


def test_a_long_answer_is_whole(run: Run, fake: FakeArthas, tmp_path: Path) -> None:
    fake.target.methods["demo.Wide"] = [f"m{number}" for number in range(300)]
    file = write(tmp_path, "pwd", "sm demo.Wide", "sm java.util.HashMap", "pwd")
    alone, together = (run("run", "--json", *no, file) for no in (["--no-tune"], []))
    assert "sm demo.Wide" in list_executed(fake)[4:]  # there were four lines the first time
    assert [len(document["results"]) for document in read(together)] == [1, 301, 601, 1]
    assert read(together)[:2] == read(alone)[:2]
    assert [document["lost"] for document in read(together)] == [0, 0, 0, 0]


def test_the_columns_of_a_long_answer_that_comes_pull_by_pull_are_straight(
    run: Run, fake: FakeArthas
) -> None:
    names = ["m" * length for length in range(1, 151)]
    fake.target.methods["demo.Wide"] = [*names, *["n"] * 450]
    header, *rows = run("exec", "sm demo.Wide").stdout.splitlines()
    assert len(rows) == 600
    assert {row.index("(): void") for row in rows} == {header.index("SIGNATURE")}


def test_what_the_server_says_it_dropped_is_asked_for_again(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    def drop(call: Call) -> Iterator[Mapping[str, object]]:
        session = call.sessions.get(call.session_id)
        if session is not None:
            session.say({"type": "message", "jobId": 0, "message": "result queue is full: 10"})
        yield {"type": "memory", "memoryInfo": {}}

    fake.register(Command("memory", drop))
    ended = run("run", "--json", write(tmp_path, "pwd", "memory"))
    assert [result["type"] for result in read(ended)[1]["results"]] == ["memory"]
    assert "memory" in list_executed(fake)
    assert fake.sessions == []


def test_a_session_that_was_forgotten_between_two_lines_is_replaced(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    def forget(_call: Call) -> Iterator[Mapping[str, object]]:
        fake.evict()
        yield {"type": "reset", "affect": {}}

    fake.register(Command("reset", forget))
    ended = run("run", "--json", write(tmp_path, "pwd", "pwd", "reset", "pwd", "version"))
    assert ended.exit_code == 0
    assert count_actions(fake, "init_session") == 2
    assert fake.sessions == []


def test_60_lines_with_failures_in_their_midst_leave_the_others_right(
    run: Run, fake: FakeArthas, tmp_path: Path
) -> None:
    def take_long(call: Call) -> Iterator[Mapping[str, object]]:
        yield {"type": "memory", "memoryInfo": {}}
        call.wait(1.3)  # a little beyond the deadline

    fake.register(Command("memory", take_long))
    lines = ["version", "pwd", "jvm", "sc demo.*", "sc no.such.Class"] * 12
    lines[13], lines[24], lines[35], lines[46] = "thread 999999", "versoin", "memory", "reset"
    file = write(tmp_path, *lines)
    ended = run("run", "--json", "--keep-going", "-t", "1", file)
    assert ended.exit_code == 1
    documents = read(ended)
    errors = {at: document["error"] for at, document in enumerate(documents)}
    kinds = {at: error["kind"] for at, error in errors.items() if error}
    assert kinds == {13: "failed", 24: "unknown-command", 35: "deadline"}
    assert documents == [documents[lines.index(line)] for line in lines]
    assert count_actions(fake, "async_exec") > 40
    assert (fake.sessions, fake.jobs) == ([], [])


KINDS = ("version", "sysprop java.version", "sc demo.*", "thread 999999", "sm demo.MathGame", "pwd")
INSIDE = "--classLoaderClass com.taobao.arthas.agent.ArthasClassloader"
ARTHAS = "@com.taobao.arthas.core.server.ArthasBootstrap@getInstance().getSessionManager()"
LISTS = f"#m={ARTHAS}, #f=#m.getClass().getDeclaredField"
COUNT_SESSIONS = f"ognl {INSIDE} '{LISTS}(\"sessions\"), #f.setAccessible(true), #f.get(#m).size()'"
COUNT_JOBS = f"ognl {INSIDE} '{ARTHAS}.getJobController().jobs().size()'"


def test_200_lines_on_a_real_server_are_answered_as_by_exec_and_leave_nothing(
    arthas: Target, tmp_path: Path
) -> None:
    def ask(line: str) -> str:
        return shell("exec", "--url", arthas.url, line).stdout

    before = ask(COUNT_SESSIONS), ask(COUNT_JOBS)
    file = write(tmp_path, *(KINDS[number % len(KINDS)] for number in range(200)))
    together = shell("run", "--json", "--keep-going", "--url", arthas.url, file)
    assert (ask(COUNT_SESSIONS), ask(COUNT_JOBS)) == before
    shown = read(together)
    alone = [read(shell("exec", "--json", "--url", arthas.url, line))[0] for line in KINDS]
    assert [shown[number :: len(KINDS)] for number in range(len(KINDS))] == [
        [document] * (34 if number < 2 else 33) for number, document in enumerate(alone)
    ]
    assert [document["error"] is None for document in alone] == [
        True,
        True,
        True,
        False,
        True,
        True,
    ]
    assert together.exit_code == 1


def test_a_list_of_two_thousand_classes_on_a_real_server_is_whole(
    arthas: Target, tmp_path: Path
) -> None:
    file = write(tmp_path, "version", "sc --regex 'java[.].*[a-mA-M]'", "version")
    found = read(shell("run", "--json", "--url", arthas.url, file))[1]["results"]
    names = [name for result in found for name in result.get("classNames", ())]
    assert len(names) > 1_000
    assert len(names) == len(set(names)) == found[-1]["rowCount"]
