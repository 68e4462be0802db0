"""`arthas-shell get`: a file comes whole under its own name, or not at all."""

from __future__ import annotations

import gzip
import io
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.program import shell
from support.raw_server import http, pour, reset, serve
from support.table import each_row

from arthas_cli.config.settings import Connection
from arthas_cli.diagnostics import Diagnostics
from arthas_cli.download import Wish, copy_file, find_target, get_file
from arthas_cli.environment import Nobody
from arthas_cli.errors import BadAnswer, NotRun, OutputClosed
from arthas_cli.output import write_bytes
from arthas_cli.progress import format_progress, format_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.raw_server import Connection as Peer

    from arthas_cli.demo.target import Target

MIB = 1 << 20
MISSING = http(b"Not found", status="404 Not Found", content_type="text/html")
LISTING = http(
    b"""<pre id="contents">
<a href="sub/" title="sub/">sub/</a>     2026-11-25 03:39:39         -      \r
<a href="a.jfr" title="a.jfr">a.jfr</a>  2026-11-25 03:39:36    604733      \r
<a href="b\x1b[2J" title="b\x1b[2J">b\x1b[2J</a>  2026-11-25 03:39:37    7      \r
</pre>""",
    content_type="text/html; charset=utf-8",
    length=None,
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that files come to."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return folder


def list_here(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_file_comes_under_its_own_name_and_is_the_users_alone(here: Path) -> None:
    with serve(http(b"\x00\xffdata")) as server:
        ended = shell("get", "--url", server.url, "a.jfr")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "", "a.jfr: 6 B\n")
    assert server.requests[0].startswith(b"GET /arthas-output/a.jfr HTTP/1.1\r\n")
    assert b"\r\nAccept-Encoding: identity\r\n" in server.requests[0]  # else no size holds
    assert (here / "a.jfr").read_bytes() == b"\x00\xffdata"
    assert stat.S_IMODE((here / "a.jfr").stat().st_mode) == 0o600
    assert list_here(here) == ["a.jfr"]


def test_the_prefix_of_a_gateway_is_kept_and_odd_names_are_written_for_a_url(here: Path) -> None:
    with serve(http(b"x")) as server:
        base = server.url.replace("/api", "/shop/one/api")
        ended = shell("get", "--url", base, "sub/q?#%41 é.txt")
    assert ended.exit_code == 0
    assert server.requests[0].startswith(
        b"GET /shop/one/arthas-output/sub/q%3F%23%2541%20%C3%A9.txt HTTP/1.1\r\n"
    )
    assert list_here(here) == ["q?#%41 é.txt"]


def test_a_file_without_a_length_ends_where_the_connection_does(here: Path) -> None:
    with serve(http(b"x" * 100_000, length=None)) as server:
        assert shell("get", "--url", server.url, "a.jfr").exit_code == 0
    assert (here / "a.jfr").stat().st_size == 100_000


def test_the_target_may_be_a_file_or_a_folder(here: Path) -> None:
    (here / "sub").mkdir()
    with serve(http(b"x")) as server:
        shell("get", "--url", server.url, "a.jfr", "-O", "b.jfr")
        shell("get", "--url", server.url, "a.jfr", "-O", "sub")
    assert list_here(here) == ["b.jfr", "sub"]
    assert list_here(here / "sub") == ["a.jfr"]


def test_what_is_there_is_not_asked_for_and_not_overwritten(here: Path) -> None:
    (here / "a.jfr").write_text("mine")
    with serve(http(b"theirs")) as server:
        ended = shell("get", "--url", server.url, "a.jfr")
    assert ended.stderr == (
        "arthas-shell: 'a.jfr' already exists\n"
        "hint: choose another name, or use -f to overwrite it\n"
    )
    assert (ended.exit_code, server.requests) == (2, [])
    assert (here / "a.jfr").read_text() == "mine"


def test_force_overwrites(here: Path) -> None:
    (here / "a.jfr").write_text("mine")
    with serve(http(b"theirs")) as server:
        assert shell("get", "--url", server.url, "-f", "a.jfr").exit_code == 0
    assert (here / "a.jfr").read_text() == "theirs"
    assert list_here(here) == ["a.jfr"]


@pytest.mark.parametrize("has_links", [True, False])
def test_what_appears_while_the_file_comes_is_not_overwritten(
    here: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    def answer(peer: Peer) -> None:
        (here / "a.jfr").write_text("mine")
        peer.socket.sendall(http(b"theirs"))

    if not has_links:
        monkeypatch.setattr(Path, "hardlink_to", refuse)
    with serve(answer) as server:
        ended = shell("get", "--url", server.url, "a.jfr")
    assert ended.exit_code == 2
    assert (here / "a.jfr").read_text() == "mine"
    assert list_here(here) == ["a.jfr"]


def test_a_file_system_without_links_will_do(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with serve(http(b"x")) as server:
        assert shell("get", "--url", server.url, "a.jfr").exit_code == 0
    assert list_here(here) == ["a.jfr"]


@pytest.mark.parametrize("name", ["../a.jfr", "/etc/passwd", "sub/../../x"])
def test_a_name_out_of_the_folder_is_not_asked_for(here: Path, name: str) -> None:
    with serve(http(b"x")) as server:
        ended = shell("get", "--url", server.url, name)
    assert (ended.exit_code, server.requests, list_here(here)) == (2, [], [])
    assert f"'{name}' is not in the server's folder arthas-output" in ended.stderr


def test_a_cut_off_file_leaves_nothing_here(here: Path) -> None:
    with serve(http(b"x" * 1000, length=5000)) as server:
        ended = shell("get", "--url", server.url, "a.jfr")
    assert ended.stderr == (
        "arthas-shell: the file was cut off after 1000 B of 4.9 KiB\nhint: download it again\n"
    )
    assert (ended.exit_code, list_here(here)) == (3, [])


def test_a_broken_connection_leaves_nothing_here(here: Path) -> None:
    def answer(peer: Peer) -> None:
        peer.socket.sendall(http(b"x" * 1000, length=5000))
        reset(peer)

    with serve(answer) as server:
        ended = shell("get", "--url", server.url, "a.jfr")
    assert (ended.exit_code, list_here(here)) == (3, [])


def test_a_missing_file_is_answered_with_what_is_there(here: Path) -> None:
    with serve(MISSING, LISTING) as server:
        ended = shell("get", "--url", server.url, "x.jfr")
    assert ended.stderr == (
        "arthas-shell: there is no file 'x.jfr' in arthas-output\n"
        "hint: there is a.jfr, b␛[2J, sub/\n"
    )
    assert (ended.exit_code, list_here(here)) == (1, [])


def test_a_missing_file_is_said_to_be_missing_even_where_nothing_is_listed() -> None:
    with serve(MISSING, http(status="500 x")) as server:
        ended = shell("get", "--url", server.url, "x.jfr")
    assert ended.stderr.endswith("hint: run 'get' without a name to list the files\n")


def test_hidden_files_are_said_not_to_be_served() -> None:
    with serve(MISSING) as server:
        ended = shell("get", "--url", server.url, ".x")
    assert ended.stderr.endswith("hint: hidden files are not served\n")
    assert len(server.requests) == 1


def test_no_name_lists_the_folder_with_nothing_a_terminal_obeys() -> None:
    with serve(LISTING) as server:
        ended = shell("get", "--url", server.url)
    assert ended.stdout == (
        "     -  2026-11-25 03:39:39  sub/\n"
        "604733  2026-11-25 03:39:36  a.jfr\n"
        "     7  2026-11-25 03:39:37  b␛[2J\n"
    )
    assert server.requests[0].startswith(b"GET /arthas-output/ HTTP/1.1\r\n")


def test_a_name_with_a_slash_behind_it_lists_that_folder() -> None:
    with serve(LISTING) as server:
        assert shell("get", "--url", server.url, "sub/").exit_code == 0
    assert server.requests[0].startswith(b"GET /arthas-output/sub/ HTTP/1.1\r\n")


def test_an_empty_folder_is_said_to_be_empty() -> None:
    with serve(http(b'<pre id="contents">\n</pre>', length=None)) as server:
        ended = shell("get", "--url", server.url)
    assert (ended.exit_code, ended.stdout) == (0, "")
    assert ended.stderr == "arthas-output is empty\n"


def test_a_folder_is_not_taken_for_a_file(here: Path) -> None:
    moved = http(LISTING, status="302 Found", headers=("location: /arthas-output/sub/",))
    with serve(moved) as server:
        ended = shell("get", "--url", server.url, "sub")
    assert ended.stderr == (
        "arthas-shell: 'sub' is a folder\nhint: use 'sub/', with a slash, to list it\n"
    )
    assert (ended.exit_code, list_here(here)) == (2, [])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (http(status="401 x"), 4),
        (http(status="502 x"), 3),
        (http(b"error", status="500 x"), 1),
        (http(status="302 x", headers=("location: https://sso.example/",)), 3),
        (b"", 3),
        (b"\xff\xfb\x01", 3),
    ],
)
def test_what_is_no_file_has_the_exit_code_of_its_error(
    here: Path, answer: bytes, code: int
) -> None:
    with serve(answer) as server:
        ended = shell("get", "--url", server.url, "a.jfr")
    assert (ended.exit_code, list_here(here)) == (code, [])


def test_the_password_goes_along() -> None:
    with serve(http(b"x")) as server:
        shell("get", "--url", server.url, "a", "-u", "ops", ARTHAS_SHELL_PASSWORD="sesame")
    assert b"Authorization: Basic b3BzOnNlc2FtZQ==" in server.requests[0]


def test_a_gateway_with_a_prefix_that_wants_a_password_says_so_and_gets_it(here: Path) -> None:
    with serve(http(status="401 Unauthorized"), http(b"x")) as server:
        base = server.url.replace("/api", "/shop")
        refused = shell("get", "--url", base, "a")
        ended = shell("get", "--url", base, "a", "-u", "ops", ARTHAS_SHELL_PASSWORD="sesame")
    assert refused.stderr == (
        "arthas-shell: the server requires a valid user name and password\n"
        "hint: give -u USER and --password-stdin, or ARTHAS_SHELL_PASSWORD\n"
    )
    assert (refused.exit_code, ended.exit_code, list_here(here)) == (4, 0, ["a"])
    assert server.requests[1].startswith(b"GET /shop/arthas-output/a HTTP/1.1\r\n")
    assert b"Authorization: Basic b3BzOnNlc2FtZQ==" in server.requests[1]


def test_a_file_comes_through_a_tunnel_server(here: Path) -> None:
    with serve(http(b"error")) as server:
        assert shell("get", "--url", server.url.replace("/api", "/proxied"), "a").exit_code == 0
    with serve(http(b"whole")) as server:
        assert shell("get", "--url", server.url.replace("/api", "/proxy/app_1"), "b").exit_code == 0
    assert server.requests[0].startswith(b"GET /proxy/app_1/arthas-output/b HTTP/1.1\r\n")
    assert list_here(here) == ["a", "b"]


def test_what_a_tunnel_server_says_of_an_agent_that_failed_is_no_file(here: Path) -> None:
    with serve(http(b"error")) as server:
        ended = shell("get", "--url", server.url.replace("/api", "/proxy/app_1"), "a.jfr")
    assert ended.stderr == (
        "arthas-shell: the tunnel server did not get the file from the agent\n"
        "hint: use --url ssh://HOST for large files: the tunnel passes on about 7 MB in 5 seconds\n"
    )
    assert (ended.exit_code, list_here(here)) == (3, [])


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("a.html", "warning: 'a.html' is empty: nothing was sampled, or it is still being written"),
        ("a.log", "warning: 'a.log' is empty"),
    ],
)
def test_an_empty_profile_is_noticed(name: str, warning: str) -> None:
    with serve(http(b"")) as server:
        ended = shell("get", "--url", server.url, name)
    assert ended.stderr == f"{warning}\n{name}: 0 B\n"
    assert ended.exit_code == 0


def test_a_folder_that_is_not_there_or_may_not_be_written_is_said(here: Path) -> None:
    with serve(http(b"x")) as server:
        ended = shell("get", "--url", server.url, "a", "-O", "no/where")
    assert ended.stderr.startswith("arthas-shell: cannot write 'no/where': No such file")
    assert (ended.exit_code, list_here(here)) == (2, [])


def test_a_dash_is_stdout() -> None:
    with serve(http(b"\x00\xff")) as server:
        stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        copy_file(Connection(server.url), Diagnostics(io.StringIO()), "a.jfr", stream)
        assert stream.buffer.getvalue() == b"\x00\xff"


def test_a_file_cut_off_on_its_way_to_stdout_is_an_error() -> None:
    with serve(http(b"abc", length=9)) as server:
        stream = io.TextIOWrapper(io.BytesIO())
        with pytest.raises(BadAnswer, match="cut off after 3 B of 9 B"):
            copy_file(Connection(server.url), Diagnostics(io.StringIO()), "a.jfr", stream)


def test_a_terminal_is_not_written_to() -> None:
    with pytest.raises(NotRun, match="refusing to write a file to the terminal"):
        copy_file(Connection(), Diagnostics(io.StringIO()), "a.jfr", Terminal())


def test_a_closed_pipe_is_no_network_error(here: Path) -> None:
    with serve(http(b"x" * MIB)) as server:
        command = [sys.executable, "-m", "arthas_cli", "get", "--url", server.url, "a", "-O", "-"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.close()
            assert process.wait(20) == 141
    assert list_here(here) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_part_of_the_file(here: Path, number: int, code: int) -> None:
    asked = threading.Event()

    def answer(peer: Peer) -> None:
        peer.socket.sendall(http(b"x" * 1000, length=5000))
        asked.set()
        peer.socket.recv(1)

    with serve(answer) as server:
        command = [sys.executable, "-m", "arthas_cli", "get", "--url", server.url, "a.jfr"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert asked.wait(20)
            while not list_here(here):
                assert process.poll() is None
            process.send_signal(number)
            assert process.wait(20) == code
            assert process.stderr is not None
            assert "Traceback" not in process.stderr.read()
    assert list_here(here) == []


def test_how_far_it_is_is_shown_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arthas_cli.download._REDRAW_S", 0.0)
    for stream, is_shown in ((Terminal(), True), (io.StringIO(), False)):
        with serve(http(b"x" * 300_000)) as server:
            get_file(Connection(server.url), Diagnostics(stream), Wish("a.jfr", overwrites=True))
        assert ("\ra.jfr  [" in stream.getvalue()) is is_shown
        assert stream.getvalue().endswith("a.jfr: 293.0 KiB\n")


def test_quiet_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arthas_cli.download._REDRAW_S", 0.0)
    stream = Terminal()
    with serve(http(b"x" * 300_000)) as server:
        get_file(Connection(server.url), Diagnostics(stream, is_quiet=True), Wish("a.jfr"))
    assert stream.getvalue() == ""


def test_what_was_shown_is_wiped_out_by_what_comes_after_it() -> None:
    stream = Terminal()
    diagnostics = Diagnostics(stream)
    diagnostics.show("")
    diagnostics.show("12345")
    diagnostics.show("1\x1b")
    diagnostics.show("")
    assert stream.getvalue() == "\r12345\r1␛   \r  \r"


@pytest.mark.parametrize(
    ("done", "size", "elapsed_s", "line"),
    [
        (0, 2048, 0.0, "a␛  [........................]   0 %  2.0 KiB  "),
        (1024, 2048, 2.0, "a␛  [############............]  50 %  2.0 KiB  512 B/s"),
        (4096, 2048, 1.0, "a␛  [########################] 100 %  2.0 KiB  4.0 KiB/s"),
        (1024, None, 1.0, "a␛  1.0 KiB  1.0 KiB/s"),
    ],
)
def test_the_line_of_progress(done: int, size: int | None, elapsed_s: float, line: str) -> None:
    assert format_progress("a\x1b", done, size, elapsed_s) == line


def test_the_line_of_progress_fits_a_terminal_whatever_the_name() -> None:
    line = format_progress("a" * 300 + ".hprof", 1 << 39, (1 << 40) - 1, 700.0)
    assert line.startswith("..aaaaaaaaaaaa.hprof  [")
    assert len(line) < 80


@each_row(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1536, "1.5 KiB"),
        (11 << 20, "11.0 MiB"),
        (1 << 60, "1048576.0 TiB"),
    ],
)
def test_sizes_are_written_for_people(size: int, text: str) -> None:
    assert format_size(size) == text


@pytest.mark.parametrize(
    ("inside", "target", "path"),
    [("sub/a", None, "a"), ("a", "b", "b"), ("a", "/", "/a"), ("a", "~/x", None)],
)
def test_the_local_name_is_the_last_one(inside: str, target: str | None, path: str | None) -> None:
    expected = Path.home() / "x" if path is None else Path(path)
    assert find_target(inside, target) == expected


@pytest.mark.parametrize("name", ["a\x1b[2J", "a\0b", "a\nb"])
def test_a_name_that_a_terminal_would_obey_needs_another(name: str) -> None:
    with pytest.raises(NotRun, match="is not a valid file name here"):
        find_target(name, None)
    assert find_target(name, "b") == Path("b")


def test_memory_stays_flat_however_large_the_file(here: Path) -> None:
    def answer(peer: Peer) -> None:
        peer.socket.sendall(http(b"", length=64 * MIB))
        block = bytes(MIB)
        for _ in range(64):
            peer.socket.sendall(block)

    with serve(answer) as server:
        connection, diagnostics = Connection(server.url), Diagnostics(io.StringIO())
        get_file(connection, diagnostics, Wish("warm", "warm"))
        tracemalloc.start()
        get_file(connection, diagnostics, Wish("large", "large"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (here / "large").stat().st_size == 64 * MIB
    assert peak < 4 * MIB


def test_bytes_for_stdout_follow_the_text_before_them() -> None:
    stream = io.TextIOWrapper(io.BytesIO())
    stream.write("a")

    def each() -> Iterator[bytes]:
        yield b"b"
        yield b"c"

    write_bytes(stream, each())
    assert stream.buffer.getvalue() == b"abc"


def test_a_stdout_that_is_closed_is_told_from_a_bug() -> None:
    with pytest.raises(OutputClosed):
        write_bytes(Nobody(), [b"a"])


def test_a_file_of_a_real_arthas_comes_whole_and_is_listed(arthas: Target, here: Path) -> None:
    folder = arthas.home / "arthas-output"
    (folder / "sub").mkdir(parents=True, exist_ok=True)
    content = os.urandom(11 * MIB)  # files of 10 MiB and more are sent another way
    (folder / "large é.bin").write_bytes(content)
    (folder / "sub" / "small").write_bytes(b"abc")
    assert shell("get", "--url", arthas.url, "large é.bin").exit_code == 0
    assert (here / "large é.bin").read_bytes() == content
    assert shell("get", "--url", arthas.url, str(folder / "sub" / "small")).exit_code == 0
    assert (here / "small").read_bytes() == b"abc"
    listed = shell("get", "--url", arthas.url).stdout
    assert "11534336" in listed
    assert "sub/" in listed
    missing = shell("get", "--url", arthas.url, "nothing")
    assert missing.exit_code == 1
    assert "hint: there is " in missing.stderr
    assert "'sub' is a folder" in shell("get", "--url", arthas.url, "sub").stderr


def test_a_recording_of_a_real_arthas_is_fetched(arthas: Target, here: Path) -> None:
    def run(line: str) -> str:
        ended = shell("exec", "--json", "--url", arthas.url, line)
        assert ended.exit_code == 0, ended.stdout
        said: str = ended.document["results"][0]["jfrOutput"]
        return said

    number = run("jfr start -n getting").split("recording ")[1].split(".")[0]
    path = run(f"jfr stop -r {number}").splitlines()[-1]
    assert shell("get", "--url", arthas.url, path, "-O", "x.jfr").exit_code == 0
    assert (here / "x.jfr").read_bytes()[:4] == b"FLR\0"


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has every disk say that 1 MiB is free."""
    usage = shutil.disk_usage("/")._replace(free=MIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)


@pytest.mark.usefixtures("little_room")
def test_a_file_that_is_larger_than_the_free_space_is_not_begun(here: Path) -> None:
    with serve(pour(http(length=MIB + 1), b"x" * 8192)) as server:
        ended = shell("get", "--url", server.url, "a.hprof")
    assert (ended.exit_code, list_here(here)) == (1, [])
    assert ended.stderr == (
        "arthas-shell: not enough space for 'a.hprof': it is 1.0 MiB, and 1.0 MiB are free\n"
        "hint: make room there, or give it a name on another disk\n"
    )


@pytest.mark.usefixtures("little_room")
def test_a_file_of_just_the_free_space_comes(here: Path) -> None:
    with serve(http(b"x" * MIB)) as server:
        assert shell("get", "--url", server.url, "a.hprof").exit_code == 0
    assert (here / "a.hprof").stat().st_size == MIB


@pytest.mark.usefixtures("little_room")
@pytest.mark.parametrize("coding", [(), ("transfer-encoding: chunked",)], ids=["", "chunked"])
def test_a_file_without_an_end_leaves_the_disk_as_it_was(
    here: Path, coding: tuple[str, ...]
) -> None:
    piece = b"x" * 8192
    again = b"2000\r\n" + piece + b"\r\n" if coding else piece
    with serve(pour(http(headers=coding, length=None), again)) as server:
        ended = shell("get", "--url", server.url, "a.hprof")
    assert (ended.exit_code, list_here(here)) == (1, [])
    assert ended.stderr == (
        "arthas-shell: not enough space for 'a.hprof': "
        "its size is unknown, and 1.0 MiB are free\n"
        "hint: make room there, or give it a name on another disk\n"
    )


def test_a_disk_that_becomes_full_is_named_and_keeps_nothing(here: Path) -> None:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    with serve(http(b"x" * MIB)) as server:
        resource.setrlimit(resource.RLIMIT_FSIZE, (MIB // 2, hard))
        try:
            ended = shell("get", "--url", server.url, "a.hprof")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert (ended.exit_code, list_here(here)) == (1, [])
    assert ended.stderr == (
        "arthas-shell: cannot write 'a.hprof': File too large\n"
        "hint: make room there, or give it a name on another disk\n"
    )


def test_a_compressed_file_is_refused_rather_than_kept_as_what_it_is_not(here: Path) -> None:
    script = http(gzip.compress(b"x" * MIB), headers=("content-encoding: gzip",))
    with serve(script) as server:
        ended = shell("get", "--url", server.url, "a.txt")
    assert (ended.exit_code, list_here(here)) == (3, [])
    assert "the answer is compressed ('gzip'), which was not asked for\n" in ended.stderr
