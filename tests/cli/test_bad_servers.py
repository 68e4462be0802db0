"""Servers that are none, or speak no API: one line that says so, one that says what to do."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, faults
from support.program import shell
from support.raw_server import http, serve

if TYPE_CHECKING:
    from support.program import Ended
    from support.raw_server import Script

    from .conftest import Run

TELNET = b"\xff\xfb\x03\xff\xfd\x1f  ,---.  ,------. Welcome to arthas\r\n"
PORTS_HINT = "use Arthas' HTTP port: 8563 by default; 3658 is its telnet port"
GATEWAY_HINT = "attach Arthas behind it, or give the right address with --url"
PROXY_HINT = "connect to the port directly: a proxy in between may cut answers off"
LOGIN_HINT = "give -u USER and --password-stdin, or ARTHAS_SHELL_PASSWORD"
NARROW_HINT = (
    "ask for less (a smaller -x, fewer fields): the answer holds something Arthas cannot write"
)
REDIRECT_HINT = "redirects are not followed; give the right address with --url"

ONE_SHOT, STREAM = "version", "watch demo.MathGame run"


def check(text: Ended, document: Ended, code: int, message: str, hint: str) -> None:
    """Checks that both say the same: two lines on stderr, nothing or one document on stdout."""
    said = f"arthas-shell: {message}\nhint: {hint}\n"
    assert (text.exit_code, text.stdout, text.stderr) == (code, "", said)
    assert (document.exit_code, document.stderr) == (code, said)
    error = document.document["error"]
    assert (error["message"], error["hint"]) == (message, hint)
    assert document.document["results"] == []


def run_both(url: str, line: str) -> tuple[Ended, Ended]:
    return shell("exec", "--url", url, line), shell("exec", "--json", "--url", url, line)


@pytest.mark.parametrize("line", [ONE_SHOT, STREAM])
def test_a_port_where_nothing_listens(line: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    check(
        *run_both(f"http://127.0.0.1:{port}", line),
        code=3,
        message=f"nothing listens on 127.0.0.1:{port}",
        hint=f"attach Arthas there, or give its HTTP port if that is not {port}",
    )


def test_a_name_that_nobody_knows() -> None:
    name = "a" * 64
    check(
        *run_both(f"http://{name}", ONE_SHOT),
        code=3,
        message=f"cannot find the host '{name}'",
        hint="check the name and the DNS",
    )


def test_a_connection_that_nobody_takes_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", wait)
    ended = shell("exec", "--json", "--connect-timeout", "2.5", "-H", "127.0.0.1:1", ONE_SHOT)
    assert (ended.exit_code, ended.document["error"]["kind"]) == (3, "timeout")
    assert ended.stderr == (
        "arthas-shell: no connection to 127.0.0.1:1 within 2.5 s\n"
        "hint: check for a firewall, or allow more time with --connect-timeout\n"
    )


@pytest.mark.parametrize("line", [ONE_SHOT, STREAM])
@pytest.mark.parametrize(
    ("script", "code", "message", "hint"),
    [
        pytest.param(TELNET, 3, "that port does not speak HTTP", PORTS_HINT, id="telnet"),
        pytest.param(
            http(b"<html>\x1b[2J</html>", content_type="text/html"),
            3,
            "that is not the Arthas API: it does not send JSON",
            PORTS_HINT,
            id="a web page",
        ),
        pytest.param(
            http(b"Not found", status="404 Not Found"),
            3,
            "that is not the Arthas API (HTTP 404)",
            PORTS_HINT,
            id="404",
        ),
        pytest.param(
            http(b'{"hello":"world"}'),
            3,
            "the answer is JSON, but not from the Arthas API: it has no 'state'",
            PORTS_HINT,
            id="other JSON",
        ),
        pytest.param(
            http(status="502 Bad Gateway"),
            3,
            "a gateway answered HTTP 502: it cannot reach Arthas",
            GATEWAY_HINT,
            id="502",
        ),
        pytest.param(
            http(b'{"state":"SUCCEEDED","body":{"resu'),
            3,
            "the answer is not JSON: Unterminated string starting at: line 1 column 30 (char 29)",
            PROXY_HINT,
            id="half an answer",
        ),
        pytest.param(
            http(b'{"state":"SUCC', length=99),
            3,
            "the answer was cut off",
            PROXY_HINT,
            id="cut off",
        ),
        pytest.param(
            b"",
            3,
            "the server closed the connection without an answer",
            PROXY_HINT,
            id="nothing",
        ),
        pytest.param(
            http(status="401 Unauthorized"),
            4,
            "the server requires a valid user name and password",
            LOGIN_HINT,
            id="401",
        ),
        pytest.param(
            http(status="413 Request Entity Too Large"),
            2,
            "the command is too long for the server",
            "shorten it: the server accepts at most 10 MiB",
            id="413",
        ),
        pytest.param(
            http(b"Server error", status="500 Internal Server Error", content_type="text/html"),
            1,
            "the server could not write its answer (HTTP 500: Server error)",
            NARROW_HINT,
            id="500",
        ),
        pytest.param(
            http(status="302 Found", headers=("location: http://elsewhere/\x1b[2J",)),
            3,
            r"the server redirects to 'http://elsewhere/\x1b[2J' (HTTP 302)",
            REDIRECT_HINT,
            id="redirect",
        ),
    ],
)
def test_what_answers_is_named_for_what_it_is(
    script: Script, line: str, code: int, message: str, hint: str
) -> None:
    with serve(script) as server:
        text, document = run_both(server.url, line)
    check(text, document, code, message, hint)


@pytest.mark.parametrize("line", [ONE_SHOT, STREAM, "nosuchcommand"])
def test_a_password_that_is_wanted_and_missing_is_asked_for(line: str) -> None:
    with FakeArthas(password="sesame") as fake:
        text, document = run_both(fake.url, line)
    message = "the server requires a valid user name and password"
    check(text, document, 4, message, LOGIN_HINT)
    assert document.document["error"]["kind"] == "unauthorized"


def test_a_password_that_is_wrong_is_not_repeated() -> None:
    with FakeArthas(password="sesame") as fake:
        ended = shell(
            *("exec", "--json", "-u", "arthas", "--password-stdin", ONE_SHOT),
            stdin="planted-secret\n",
            ARTHAS_SHELL_URL=fake.url,
        )
    assert ended.exit_code == 4
    assert "planted-secret" not in ended.stdout + ended.stderr


def test_a_stream_survives_an_answer_that_the_server_could_not_write(
    run: Run, fake: FakeArthas
) -> None:
    fake.faults.next(faults.server_error, skip=7, action="pull_results")
    ended = run("exec", "-o", "jsonl", "watch demo.MathGame run -n 3")
    *_, end = (json.loads(line) for line in ended.stdout.splitlines())
    assert ended.exit_code in (0, 5)
    assert (end["status"], end["state"]) == (0, "SUCCEEDED")
    assert ended.stdout.count('"type":"watch"') + end["lost"] == 3


def test_a_stream_that_cannot_be_started_leaves_no_session_behind(
    run: Run, fake: FakeArthas
) -> None:
    fake.faults.next(faults.html, action="async_exec")
    ended = run("exec", "--json", STREAM)
    assert (ended.exit_code, ended.document["error"]["kind"]) == (3, "not-arthas")
    assert fake.sessions == []
