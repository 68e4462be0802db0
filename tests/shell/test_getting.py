"""`:get`, and the file that a command says it has written."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import pytest
from support.fake.commands import Command
from support.fake.wire import CLOSED, Reply
from support.raw_server import http, serve
from support.table import each_row
from support.terminal import open_terminal

from arthas_cli import download
from arthas_cli.config.settings import Connection
from arthas_cli.diagnostics import Diagnostics
from arthas_cli.errors import LineError
from arthas_cli.interrupts import LeaveNow
from arthas_cli.protocol import Result
from arthas_cli.shell.commands.get import get as get_files
from arthas_cli.shell.jobs.offer import find_written_file, format_offer

from .conftest import CTRL_C

if TYPE_CHECKING:
    from pathlib import Path

    from support.fake import FakeArthas
    from support.fake.faults import Exchange
    from support.raw_server import RawServer

    from .conftest import User

LISTING = http(
    b'<pre id="contents">\n<a href="a.jfr" title="a.jfr">a.jfr</a>  2026-11-25 03:39:36    7 \n'
)
STOPPED = "Stop recording 1, The result will be written to:\n/app/arthas-output/1.jfr"


def get(server: RawServer, line: str) -> tuple[list[str], str]:
    said: list[str] = []
    stream = io.StringIO()
    get_files(line, Connection(server.url), Diagnostics(stream), said.append)
    return said, stream.getvalue()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (":get /arthas-output/a.jfr", "a.jfr"),
        (":get a.jfr 'b c.jfr'", "b c.jfr"),
        (":get -f a.jfr there", "there"),
    ],
)
def test_a_file_is_fetched_by_its_word(here: Path, line: str, path: str) -> None:
    (here / "there").write_text("old")
    with serve(http(b"new")) as server:
        assert get(server, line) == ([], f"{path}: 3 B\n")
    assert (here / path).read_text() == "new"


@pytest.mark.parametrize("line", [":get", ":get sub/"])
def test_without_a_file_it_lists(line: str) -> None:
    with serve(LISTING) as server:
        assert get(server, line)[0] == ["7  2026-11-25 03:39:36  a.jfr"]


def test_an_empty_folder_is_said_to_be_empty() -> None:
    with serve(http(b'<pre id="contents">')) as server:
        assert get(server, ":get")[0] == ["arthas-output is empty"]


@pytest.mark.parametrize(
    ("line", "span"), [(":get a b c", (9, 10)), (":get -f", (0, 7)), (":get sub/ x y", (12, 13))]
)
def test_what_is_not_understood_is_refused_with_its_place(line: str, span: tuple[int, int]) -> None:
    with serve(LISTING) as server, pytest.raises(LineError) as error:
        get(server, line)
    assert (error.value.span, server.requests) == (span, [])


def test_ctrl_c_stops_it_and_the_shell_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "get_file", stop)
    with serve(b"") as server:
        assert get(server, ":get a")[1] == "stopped; no part of 'a' was kept\n"


def test_a_signal_that_ends_the_shell_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise LeaveNow

    monkeypatch.setattr(download, "get_file", stop)
    with serve(b"") as server, pytest.raises(LeaveNow):
        get(server, ":get a")


@each_row(
    ("kind", "data", "name"),
    [
        ("heapdump", {"dumpFile": "/app/arthas-output/x.hprof"}, "x.hprof"),
        ("heapdump", {"dumpFile": "arthas-output/x.hprof"}, "x.hprof"),
        ("heapdump", {"dumpFile": "/var/heapdump2026.hprof"}, ""),
        ("heapdump", {"dumpFile": None}, ""),
        (
            "profiler",
            {"action": "stop", "executeResult": "OK\n", "outputFile": "/a/arthas-output/1.html"},
            "1.html",
        ),
        (
            "profiler",
            {"action": "dump", "executeResult": "OK\n", "outputFile": r"C:\arthas-output\1.html"},
            "1.html",
        ),
        (
            "profiler",
            {"action": "stop", "executeResult": "\n", "outputFile": "/a/arthas-output/1.html"},
            "",
        ),
        (
            "profiler",
            {"action": "start", "executeResult": "OK\n", "outputFile": "/a/arthas-output/1.html"},
            "",
        ),
        ("jfr", {"jfrOutput": STOPPED}, "1.jfr"),
        ("jfr", {"jfrOutput": STOPPED.replace("Stop", "Dump")}, "1.jfr"),
        ("jfr", {"jfrOutput": STOPPED.replace("Stop recording", "Started recording")}, ""),
        ("jfr", {"jfrOutput": "Started recording 1."}, ""),
        ("heapdump", {"dumpFile": "/a/arthas-output/../x"}, ""),
        ("version", {"version": "/app/arthas-output/x"}, ""),
    ],
)
def test_the_file_that_a_result_tells_of_is_found(
    kind: str, data: dict[str, str | None], name: str
) -> None:
    assert find_written_file(Result(kind, 1, dict(data), "{}")) == name


def test_the_file_that_the_line_names_is_the_one_to_fetch() -> None:
    data = {"action": "stop", "executeResult": "OK\n", "outputFile": "arthas-output/earlier.html"}
    result = Result("profiler", 1, dict(data), "{}")
    assert find_written_file(result, "/a/arthas-output/given.html") == "given.html"
    assert find_written_file(result, "/srv/given.html") == ""


def test_a_file_is_offered_as_it_is_to_be_typed() -> None:
    assert format_offer("1.html") == "run :get 1.html to fetch the file"
    assert format_offer("a b") == "run :get 'a b' to fetch the file"


def test_the_shell_offers_the_file_that_a_command_wrote(user: User) -> None:
    results = [{"type": "jfr", "jfrOutput": STOPPED}]
    user.fake.register(Command("jfr", lambda _: results))
    assert "run :get 1.jfr to fetch the file\n" in user.enter("jfr stop -r 1")
    assert "fetch the file" not in user.enter("version")


def test_the_shell_offers_no_file_of_an_earlier_profile(user: User) -> None:
    said = "Profiling stopped after 3 seconds. No dump options specified\n"
    file = "/app/arthas-output/earlier.html"
    result = {"type": "profiler", "action": "stop", "executeResult": said, "outputFile": file}
    user.fake.register(Command("profiler", lambda _: [result]))
    text = user.enter("profiler stop")
    assert f"not written  {file}\n" in text
    assert f"arthas-shell: 'profiler stop' has not written '{file}'\nhint: use 'profiler" in text
    assert "fetch the file" not in text


def test_the_shell_says_what_else_is_to_be_known_of_a_file(user: User) -> None:
    result = {"type": "profiler", "action": "stop", "executeResult": "OK\n"}
    result["outputFile"] = "/app/arthas-output/earlier.html"
    user.fake.register(Command("profiler", lambda _: [result]))
    text = user.enter("profiler stop --file arthas-output/given.html")
    assert "warning: it is written to 'arthas-output/given.html': the name that" in text
    assert "run :get given.html to fetch the file\n" in text
    assert "the run ends by itself;" in user.enter("profiler start --timeout 9s")


def test_the_shell_fetches_by_the_word(user: User) -> None:
    assert user.enter(":get nothing").startswith(
        "arthas-shell: there is no file 'nothing' in arthas-output\n"
    )


def test_ctrl_c_in_a_terminal_ends_a_download_and_leaves_no_part_of_it(
    fake: FakeArthas, home: Path
) -> None:
    def wait(exchange: Exchange) -> Reply:
        if exchange.request.method != "GET":  # what the shell asks in the background
            return exchange.answer()
        exchange.wait(30)
        return CLOSED

    target = home / "x.jfr"
    with open_terminal("--url", fake.url, home=home) as terminal:
        terminal.see("❯")
        fake.faults.next(wait, times=math.inf)
        terminal.enter(f":get a.jfr {target}")
        terminal.wait_for(lambda: "GET" in [seen.method for seen in fake.requests])
        terminal.type(CTRL_C)
        terminal.see("stopped; no part of 'a.jfr' was kept")
        terminal.enter("version")
        terminal.see("\n4.1.5\n")
    assert not target.exists()
