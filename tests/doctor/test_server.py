"""Who answers, whether it lets us in, what it cannot do, and who else reaches it."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.fake.commands import Command
from support.raw_server import http, serve
from support.table import each_row

from arthas_cli.doctor import server as steps
from arthas_cli.doctor.limits import list_limits
from arthas_cli.transport.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.raw_server import Connection

    from arthas_cli.doctor.model import Finding

    from .conftest import Examine, MakeCase

TUNNEL = "an Arthas tunnel server passes on the path of a request alone, as a GET"
SPRING = b'{"timestamp":"x","status":404,"error":"Not Found","path":"/api"}'


def answer_by_method(post: bytes, get: bytes) -> Callable[[Connection], None]:
    def answer(connection: Connection) -> None:
        connection.socket.sendall(post if connection.request.startswith(b"POST") else get)

    return answer


def test_a_server_without_a_password_passes_to_its_version(take_steps: Examine) -> None:
    with FakeArthas() as fake:
        found = take_steps(fake.url)
    assert found["arthas"].found == "the Arthas API"
    assert found["password"].found == "none is required from here"
    assert found["version"].found == "Arthas 4.1.5"
    assert found["exposure"].found == "only this machine is contacted"


def test_nothing_that_changes_anything_is_sent(take_steps: Examine) -> None:
    with FakeArthas() as fake:
        take_steps(fake.url)
        sent = [(seen.action, seen.body.get("command")) for seen in fake.requests]
    assert sent == [
        ("session_info", None),
        ("exec", "version"),
        ("exec", "mbean -E java.lang:type=Runtime 'StartTime|Uptime'"),
    ]


def test_a_password_that_is_wanted_and_not_given_is_exit_code_4(take_steps: Examine) -> None:
    with FakeArthas(password="sesame") as fake:
        found = take_steps(fake.url)
    assert found["arthas"].found == "Arthas, protected by a password"
    assert found["password"].found == "it requires a password and none was given"
    assert found["password"].cure == "give -u USER and --password-stdin, or ARTHAS_SHELL_PASSWORD"
    assert found["password"].error is not None
    assert found["password"].error.exit_code == 4
    assert found["version"].found == "needs 'password'"
    assert found["exposure"].state == "pass"


def test_a_wrong_password_is_told_from_none_and_never_shown(take_steps: Examine) -> None:
    with FakeArthas(password="sesame") as fake:
        found = take_steps(fake.url, username="ops", password="planted-secret")
    assert found["password"].found == "user 'ops' was rejected"
    assert found["password"].cure.startswith("check the user name: ")
    assert not any("planted-secret" in str(finding) for finding in found.values())


def test_the_right_password_is_let_in(take_steps: Examine) -> None:
    with FakeArthas(password="sesame") as fake:
        found = take_steps(fake.url, username="arthas", password="sesame")
    assert (found["password"].state, found["password"].found) == (
        "pass",
        "user 'arthas' was accepted",
    )
    assert found["version"].state == "pass"


def test_a_password_that_nobody_asks_for_is_said_to_be_useless(take_steps: Examine) -> None:
    with FakeArthas() as fake:
        finding = take_steps(fake.url, username="ops", password="sesame")["password"]
    assert finding.state == "warn"
    assert finding.found == "user 'ops' was accepted, but so is anybody from here"


def test_a_password_of_something_else_is_not_taken_for_that_of_arthas(
    take_steps: Examine,
) -> None:
    with serve(http(status="401 x", headers=('www-authenticate: Basic realm="corp"',))) as server:
        found = take_steps(server.url)
    assert found["arthas"].state == "warn"
    assert found["arthas"].found == "something that requires a password"
    assert found["password"].state == "fail"


def test_a_web_server_is_named_by_what_it_says_of_itself(take_steps: Examine) -> None:
    page = http(
        b"<html>", status="404 Not Found", content_type="text/html", headers=("server: nginx",)
    )
    with serve(page) as server:
        finding = take_steps(server.url)["arthas"]
    assert finding.found == (
        "a web server ('nginx') that is not Arthas: that is not the Arthas API (HTTP 404)"
    )
    assert finding.cure.endswith("check that it is not the application's own port")


def test_json_of_something_else_is_no_arthas(take_steps: Examine) -> None:
    with serve(answer_by_method(http(b'{"hello":1}'), http(b"no", status="404 x"))) as server:
        finding = take_steps(server.url)["arthas"]
    assert finding.found == (
        "a web server that is not Arthas:"
        " the answer is JSON, but not from the Arthas API: it has no 'state'"
    )


def test_a_tunnel_server_is_known_by_its_own_api(take_steps: Examine) -> None:
    post = http(SPRING, status="404 Not Found")
    with serve(answer_by_method(post, http(b'{"success":false}'))) as server:
        finding = take_steps(server.url)["arthas"]
    assert server.requests[-1].startswith(b"GET /api/tunnelAgents?agentId=none HTTP/1.1")
    assert finding.found.startswith(TUNNEL)
    assert finding.cure.startswith("connect to the agent's own HTTP port: --url ssh://HOST")


def test_an_agent_behind_a_tunnel_server_is_known_by_the_method_it_saw(
    take_steps: Examine,
) -> None:
    said = http(b'{"message":"Unsupported http method: GET","state":"REFUSED"}')
    with serve(said) as server:
        finding = take_steps(server.url.replace("/api", "/proxy/app_1"))["arthas"]
    assert finding.found.startswith(TUNNEL)


def test_a_path_that_is_not_that_of_the_api_is_told_from_another_server(
    take_steps: Examine,
) -> None:
    lost = http(b"Not found", status="404 x", headers=("set-cookie: asession=abc",))
    with serve(lost) as server:
        finding = take_steps(server.url.replace("/api", "/prefix"))["arthas"]
    assert finding.found == "Arthas answers, but there is no API at this path"


def test_a_redirect_is_not_followed_but_told(take_steps: Examine) -> None:
    moved = http(status="302 Found", headers=("location: https://sso.example/login",))
    with serve(moved) as server:
        finding = take_steps(server.url)["arthas"]
    assert "redirects to 'https://sso.example/login'" in finding.found


def test_a_gateway_that_reaches_nobody_is_a_failure_of_its_own(take_steps: Examine) -> None:
    with serve(http(status="502 Bad Gateway")) as server:
        finding = take_steps(server.url)["arthas"]
    assert finding.found == "a gateway answered HTTP 502: it cannot reach Arthas"


def test_http_500_may_be_the_end_of_a_server_of_3_x(take_steps: Examine) -> None:
    with serve(http(b"Server error", status="500 x")) as server:
        finding = take_steps(server.url)["arthas"]
    assert "HTTP 500: Server error" in finding.found
    assert finding.cure.startswith(
        "stop the agent and attach it again: 3.x stops responding after eight such"
    )


def test_a_server_that_knows_no_exec_without_a_session_is_too_old(take_steps: Examine) -> None:
    with serve(http(b'{"message":"\'sessionId\' is required","state":"FAILED"}')) as server:
        finding = take_steps(server.url)["version"]
    assert finding.found == "the server is older than Arthas 3.4.6"
    assert finding.error is not None
    assert (finding.error.kind, finding.error.exit_code) == ("too-old", 3)


def test_an_old_server_is_warned_of_with_what_it_cannot_do(take_steps: Examine) -> None:
    with FakeArthas(version="3.7.2") as fake:
        finding = take_steps(fake.url)["version"]
    assert finding.state == "warn"
    assert finding.found == "Arthas 3.7.2, which has limitations"
    assert finding.notes[:2] == (
        "eight HTTP 500 answers make it stop responding to everybody",
        "the streams of a killed client keep running: there is no --timeout, use -n",
    )


@each_row(
    ("version", "serious", "small"),
    [
        ((3, 4, 6), 7, 1),
        ((3, 6, 4), 4, 1),
        ((3, 7, 2), 2, 2),
        ((4, 0, 0), 3, 2),
        ((4, 0, 5), 2, 2),
        ((4, 1, 2), 1, 2),
        ((4, 1, 5), 0, 3),
        ((4, 3, 4), 0, 2),
    ],
)
def test_each_release_has_its_own_limits(
    version: tuple[int, ...], serious: int, small: int
) -> None:
    assert [len(found) for found in list_limits(version)] == [serious, small]


def give_clock(fake: FakeArthas, now_s: float) -> None:
    attributes = [
        {"name": "Uptime", "value": 60_000},
        {"name": "StartTime", "value": int(now_s * 1000) - 60_000},
    ]
    beans = {"java.lang:type=Runtime": attributes}
    fake.register(Command("mbean", lambda _: [{"type": "mbean", "mbeanAttribute": beans}]))


@pytest.mark.parametrize(
    ("ahead_s", "state", "found"),
    [
        (0, "pass", "same as here, within seconds"),
        (600, "warn", "about 10 min ahead of the clock here"),
        (-7200, "warn", "about 2 h behind the clock here"),
        (-45, "warn", "about 45 s behind the clock here"),
        (3 * 86400, "warn", "about 3 d ahead of the clock here"),
    ],
)
def test_the_clock_of_the_jvm_is_compared_with_ours(
    take_steps: Examine, ahead_s: float, state: str, found: str
) -> None:
    with FakeArthas() as fake:
        give_clock(fake, time.time() + ahead_s)
        finding = take_steps(fake.url)["clock"]
    assert (finding.state, finding.found) == (state, found)


def test_where_the_jvm_does_not_tell_its_time_the_date_of_the_answer_does(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_ask_clock", lambda _: None)
    case = make_case("http://127.0.0.1:1")
    case.reply = Reply(200, {"date": formatdate(time.time() - 7200)}, b"")
    assert steps.check_clock(case).found == "about 2 h behind the clock here"
    case.reply = Reply(200, {}, b"")
    assert steps.check_clock(case).found == "the server does not report its time"


def expose(make_case: MakeCase, url: str, **settings: object) -> Finding:
    case = make_case(url, **settings)
    case.wants_password = "password" in settings
    return steps.check_exposure(case)


def test_plain_http_without_a_password_is_open_to_anybody(make_case: MakeCase) -> None:
    finding = expose(make_case, "http://10.0.0.1:8563")
    assert finding.state == "warn"
    assert finding.found == (
        "plain http: others on the network can read the traffic;"
        " no password: whoever reaches this port can run anything in the JVM"
    )
    assert finding.cure.startswith(
        "use a gateway with https, or --url ssh://HOST; set arthas.password"
    )


def test_a_password_over_plain_http_can_be_read(make_case: MakeCase) -> None:
    finding = expose(make_case, "http://10.0.0.1:8563", username="ops", password="s")
    assert (
        finding.found
        == "plain http: others on the network can read the traffic, the password included"
    )


def test_https_with_a_password_is_not_exposed(make_case: MakeCase) -> None:
    finding = expose(make_case, "https://10.0.0.1:8563", username="ops", password="s")
    assert (finding.state, finding.found) == ("pass", "encrypted, and protected by a password")


def test_more_of_an_answer_than_tells_who_gave_it_is_not_read(take_steps: Examine) -> None:
    with serve(http(b"<" * (3 << 20), content_type="text/html")) as server:
        finding = take_steps(server.url)["arthas"]
    assert finding.found.startswith("a web server that is not Arthas")


def give_version(fake: FakeArthas, version: str) -> None:
    fake.register(Command("version", lambda _: [{"type": "version", "version": version}]))


def test_a_release_before_3_4_6_is_refused(take_steps: Examine) -> None:
    with FakeArthas() as fake:
        give_version(fake, "3.4.5")
        finding = take_steps(fake.url)["version"]
    assert finding.found == "it is Arthas 3.4.5"
    assert finding.cure == "attach Arthas 3.4.6 or newer"


def test_a_server_that_hides_its_version_is_warned_of(take_steps: Examine) -> None:
    with FakeArthas() as fake:
        give_version(fake, "unknown")
        found = take_steps(fake.url)
    assert (found["version"].state, found["version"].found) == (
        "warn",
        "it does not report its version",
    )
    assert found["clock"].state == "pass"
