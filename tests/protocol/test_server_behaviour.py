"""What the API does, said once and run against the fake and the real server."""

from __future__ import annotations

import re
import socket
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from support.fake.commands import HELP
from support.post import exchange, post
from support.races import has_raced, run_again
from support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocol.conftest import OpenSession, Server

SLEEP = "ognl '@java.lang.Thread@sleep({})'"
UNKNOWN = "java.lang.IllegalArgumentException: nosuch: command not found"


def in_thread(ask: Callable[[], Any]) -> Callable[[], Any]:
    """Asks in a thread; the function returned waits for the answer."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()

    def join() -> object:
        thread.join(PATIENCE_S)
        return answers[0]

    return join


def timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    start = time.monotonic()
    return ask(), time.monotonic() - start


def summarize(results: list[dict[str, Any]]) -> list[str]:
    """Names each result by its type and what it says."""
    said = ("inputStatus", "statusCode", "state")
    return [
        " ".join([result["type"], *(str(result[key]) for key in said if key in result)])
        for result in results
    ]


# The envelope


def test_a_one_shot_answers_with_its_results_and_its_status(server: Server) -> None:
    answer = server.ask(action="exec", command="version", requestId="r1")
    job_id = answer["body"]["jobId"]
    assert answer == {
        "body": {
            "command": "version",
            "jobId": job_id,
            "jobStatus": "TERMINATED",
            "results": [
                {"jobId": job_id, "type": "version", "version": "4.1.5"},
                {"jobId": job_id, "statusCode": 0, "type": "status"},
            ],
            "timeExpired": False,
        },
        "requestId": "r1",
        "sessionId": answer["sessionId"],
        "state": "SUCCEEDED",
    }


def test_the_session_of_a_one_shot_is_gone_when_it_answers(server: Server) -> None:
    name = server.ask(action="exec", command="version")["sessionId"]
    answer = server.ask(action="session_info", sessionId=name)
    assert answer == {"message": f"session not found: {name}", "state": "FAILED"}


def test_a_numeric_request_id_comes_back_as_text(server: Server) -> None:
    assert server.ask(requestId=77)["requestId"] == "77"


def test_the_action_may_have_any_case_and_blanks_around_it(server: Server) -> None:
    assert server.ask(action=" EXEC ", command="version")["state"] == "SUCCEEDED"


def test_unknown_fields_and_a_timeout_as_text_are_taken(server: Server) -> None:
    answer = server.ask(action="exec", command="version", execTimeout="5000", nosuch=1)
    assert answer["state"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "'action' is required"),
        ({"action": "nosuch"}, "unknown action: nosuch"),
        ({"action": "async_exec", "command": "version"}, "'sessionId' is required"),
        ({"action": "interrupt_job"}, "'sessionId' is required"),
        ({"action": "pull_results"}, "'sessionId' is required"),
        ({"action": "join_session"}, "'sessionId' is required"),
        ({"action": "close_session"}, "'sessionId' is required"),
        ({"action": "session_info", "sessionId": ""}, "'sessionId' is required"),
        (
            {"action": "exec", "command": "version", "sessionId": "nosuch"},
            "session not found: nosuch",
        ),
        ({"action": "interrupt_job", "sessionId": "nosuch"}, "session not found: nosuch"),
    ],
)
def test_a_request_that_lacks_something_fails_and_says_what(
    server: Server, fields: dict[str, object], message: str
) -> None:
    answer = server.ask(**fields, requestId="r1")
    assert answer == {"message": message, "requestId": "r1", "state": "FAILED"}


@pytest.mark.parametrize("body", [b"", b"hello", b'{"action":"ex', b"[1]"])
def test_a_body_that_is_no_request_fails(server: Server, body: bytes) -> None:
    answer = post(server.url, body)
    assert answer.keys() == {"message", "state"}
    assert answer["message"].startswith("Process request error: parse request failed: ")
    assert answer["state"] == "FAILED"


def test_a_timeout_that_is_no_number_fails(server: Server) -> None:
    answer = server.ask(action="exec", command="version", execTimeout="abc")
    message = "Process request error: parse request failed: parseInt error, abc"
    assert answer == {"message": message, "state": "FAILED"}


def test_keys_come_in_alphabetical_order_without_spaces(server: Server) -> None:
    _, _, content = exchange(server.url, body=b'{"requestId":"r1"}')
    assert content == b'{"message":"\'action\' is required","requestId":"r1","state":"FAILED"}'


# HTTP


def test_every_answer_tells_its_length_and_closes_the_connection(server: Server) -> None:
    status, headers, content = exchange(server.url, body=b"{}")
    assert status == 200
    assert headers.pop("set-cookie").startswith("asession=")
    assert headers == {
        "connection": "close",
        "content-length": str(len(content)),
        "content-type": "application/json; charset=utf-8",
    }


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_any_method_but_post_is_refused_with_http_200(server: Server, method: str) -> None:
    status, _, content = exchange(server.url, method)
    message = f'{{"message":"Unsupported http method: {method}","state":"REFUSED"}}'
    assert (status, content.decode()) == (200, message)


@pytest.mark.parametrize("path", ["/", "/nosuch"])
def test_a_path_below_the_api_is_not_found(server: Server, path: str) -> None:
    status, _, content = exchange(server.url + path, body=b"{}")
    assert (status, content) == (404, b"Not found")


def test_a_request_over_10_mib_is_turned_away_unread(server: Server) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), 5) as connection:
        connection.sendall(b"POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 10485761\r\n\r\n")
        assert connection.recv(4096) == (
            b"HTTP/1.1 413 Request Entity Too Large\r\ncontent-length: 0\r\n\r\n"
        )


# Command lines


def test_job_ids_count_up_even_for_commands_that_are_not_found(server: Server) -> None:
    first = server.ask(action="exec", command="version")["body"]["jobId"]
    server.ask(action="exec", command="nosuch")
    assert server.ask(action="exec", command="version")["body"]["jobId"] == first + 2


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("nosuch", f"Exec command failed:{UNKNOWN}"),
        ("", "Exec command failed:Index 0 out of bounds for length 0"),
        ("  ", "Exec command failed:java.lang.IllegalArgumentException"),
    ],
)
def test_a_line_without_a_known_command_fails(server: Server, command: str, message: str) -> None:
    answer = server.ask(action="exec", command=command)
    del answer["sessionId"]
    assert answer == {"body": {"command": command}, "message": message, "state": "FAILED"}


def test_an_exec_without_command_fails(server: Server) -> None:
    answer = server.ask(action="exec")
    assert (answer["state"], answer["body"]) == ("FAILED", {})
    assert answer["message"].startswith("Exec command failed:Cannot invoke ")


def test_a_missing_argument_ends_the_job_with_minus_10(server: Server) -> None:
    answer = server.ask(action="exec", command="watch")
    [status] = answer["body"]["results"]
    assert (answer["state"], status["type"], status["statusCode"]) == ("SUCCEEDED", "status", -10)
    assert status["message"].startswith("The argument 'class-pattern' is required")


def test_an_option_value_of_the_wrong_type_ends_the_job_with_1(server: Server) -> None:
    answer = server.ask(action="exec", command="watch demo.MathGame run -n abc")
    [status] = answer["body"]["results"]
    del status["jobId"]
    assert status == {
        "message": "Error during processing the command: "
        "com.taobao.middleware.cli.CLIException, message:Cannot inject value for option 'limits', "
        "please check $HOME/logs/arthas/arthas.log for more details.",
        "statusCode": 1,
        "type": "status",
    }


@pytest.mark.parametrize(
    ("command", "content"),
    [
        ("echo hi", ["hi"]),
        ('echo "a b" c', ["a b"]),
        ("echo --nosuch", ["--nosuch"]),
        ("echo '漢字 🚀'", ["漢字 🚀"]),
        ("echo a | grep b", ["a"]),
        ('echo ">"', []),
        ("echo a &", ["a"]),
        ("echo 'a b", ["a b"]),
        ('echo "a b', ["a b"]),
        ("echo a\\", ["a"]),
    ],
)
def test_words_quotes_pipes_and_redirects_are_read_like_this(
    server: Server, command: str, content: list[str]
) -> None:
    results = server.ask(action="exec", command=command)["body"]["results"]
    assert [result["content"] for result in results if result["type"] == "echo"] == content
    assert results[-1]["statusCode"] == 0


@pytest.mark.parametrize("command", ["cls"])
def test_a_command_for_terminals_ends_with_minus_1(server: Server, command: str) -> None:
    [status] = server.ask(action="exec", command=command)["body"]["results"]
    assert status["statusCode"] == -1
    assert status["message"] == f"Command '{command}' is only support tty session."


def test_a_command_describes_itself_with_dash_h_and_ends_with_minus_10(server: Server) -> None:
    answer = server.ask(action="exec", command="dashboard -h")
    shown, status = answer["body"]["results"]
    assert shown["detailCommand"] == HELP["dashboard"]
    assert status["statusCode"] == -10


@pytest.mark.parametrize("name", sorted(HELP))
def test_help_of_a_command_is_what_was_recorded(server: Server, name: str) -> None:
    shown, status = server.ask(action="exec", command=f"help {name}")["body"]["results"]
    assert shown["detailCommand"] == HELP[name]
    assert status["statusCode"] == 0


@pytest.mark.parametrize("command", ["help", "help nosuch"])
def test_help_lists_the_commands(server: Server, command: str) -> None:
    shown, _ = server.ask(action="exec", command=command)["body"]["results"]
    listed = {row["name"]: row for row in shown["commands"]}
    assert listed.keys() >= {"help", "version", "watch", "stop"}
    summary = HELP["watch"]["summary"]
    assert listed["watch"] == {
        "name": "watch",
        "summary": summary,
        "arguments": [],
        "options": [],
    }


def test_a_thread_that_does_not_exist_ends_the_job_with_1(server: Server) -> None:
    [status] = server.ask(action="exec", command="thread 99999")["body"]["results"]
    assert (status["statusCode"], status["message"]) == (1, "thread do not exist! id: 99999")


def test_the_thread_table_counts_states_and_lists_threads(server: Server) -> None:
    table, _ = server.ask(action="exec", command="thread")["body"]["results"]
    assert set(table) == {"all", "jobId", "threadStateCount", "threadStats", "type"}
    assert sum(table["threadStateCount"].values()) == len(table["threadStats"])
    assert table["threadStats"][0].keys() >= {"cpu", "id", "name", "state", "time"}


# One-shots that do not end, or say too much


def test_an_exec_that_is_too_slow_is_interrupted_and_tells_what_came(server: Server) -> None:
    answer = server.ask(action="exec", command="dashboard -i 100", execTimeout=1000)
    assert answer["state"] == "INTERRUPTED"
    assert answer["message"] == "The job is exceeded time limit, force interrupt"
    body = answer["body"]
    assert (body["jobStatus"], body["timeExpired"], body["timeout"]) == ("TERMINATED", True, 1000)
    assert {result["type"] for result in body["results"][:-1]} == {"dashboard"}
    assert body["results"][-1]["statusCode"] == 0


def test_a_command_without_handler_runs_on_after_the_timeout(server: Server) -> None:
    answer = server.ask(action="exec", command=SLEEP.format(400), execTimeout=150)
    del answer["sessionId"], answer["body"]["jobId"]
    assert answer == {
        "body": {
            "command": SLEEP.format(400),
            "jobStatus": "RUNNING",
            "results": [],
            "timeExpired": True,
            "timeout": 150,
        },
        "message": "The job is exceeded time limit, force interrupt",
        "state": "INTERRUPTED",
    }


def test_one_slow_command_holds_up_the_commands_of_everybody(server: Server) -> None:
    join = in_thread(lambda: server.ask(action="exec", command=SLEEP.format(600)))
    time.sleep(0.1)
    _, seconds = timed(lambda: server.ask(action="exec", command="version"))
    join()
    assert seconds > 0.35


def test_an_exec_keeps_500_results_and_drops_what_comes_after_its_status_too(
    server: Server,
) -> None:
    answer = server.ask(action="exec", command="sm java.util.Hash*")
    types = [result["type"] for result in answer["body"]["results"]]
    assert types == ["sm"] * 500
    assert (answer["state"], answer["body"]["timeExpired"]) == ("SUCCEEDED", False)


# Sessions


def test_a_new_session_is_welcomed(server: Server) -> None:
    opened = server.ask(action="init_session", requestId="r1")
    assert opened.keys() == {"consumerId", "requestId", "sessionId", "state"}
    assert re.fullmatch(r"[0-9a-f]{32}_1", opened["consumerId"])
    fields = {"sessionId": opened["sessionId"], "consumerId": opened["consumerId"]}
    answer = server.ask(action="pull_results", **fields)
    message, welcome, status = answer.pop("body")["results"]
    assert answer == {**fields, "state": "SUCCEEDED"}
    assert message == {"jobId": 0, "message": "Welcome to arthas!", "type": "message"}
    assert (welcome["type"], welcome["version"]) == ("welcome", "4.1.5")
    assert welcome["pid"].isdecimal()
    assert welcome.keys() == {
        *("jobId", "mainClass", "pid", "time", "tutorials", "type", "version", "wiki")
    }
    assert status == {"inputStatus": "ALLOW_INPUT", "jobId": 0, "type": "input_status"}
    server.ask(action="close_session", sessionId=opened["sessionId"])


def test_a_session_tells_its_times_and_its_pid(session: OpenSession) -> None:
    answer = session.ask("session_info")
    body = answer.pop("body")
    assert answer == {"sessionId": session.session_id, "state": "SUCCEEDED"}
    assert body.keys() == {"createTime", "lastAccessTime", "pid"}
    assert time.time() * 1000 - 60_000 < body["createTime"] <= body["lastAccessTime"]


def test_a_closed_session_is_not_found(server: Server) -> None:
    session = server.open_session()
    assert session.ask("close_session", requestId="r1") == {"requestId": "r1", "state": "SUCCEEDED"}
    message = f"session not found: {session.session_id}"
    assert session.ask("close_session") == {"message": message, "state": "FAILED"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [({}, "'consumerId' is required"), ({"consumerId": "x_1"}, "consumer not found: x_1")],
)
def test_a_pull_needs_a_consumer_of_the_session(
    session: OpenSession, fields: dict[str, str], message: str
) -> None:
    assert session.ask("pull_results", **fields) == {"message": message, "state": "FAILED"}


def test_a_pull_waits_two_seconds_and_a_second_one_beside_it_half_a_second(
    session: OpenSession,
) -> None:
    join = in_thread(lambda: timed(session.pull))
    time.sleep(0.1)
    second, second_s = timed(session.pull)
    first, first_s = join()
    assert (first, second) == ([], [])
    assert 1.9 < first_s < PATIENCE_S
    assert 0.45 < second_s < first_s


def test_a_pull_is_answered_a_tenth_of_a_second_after_the_last_result(
    session: OpenSession,
) -> None:
    join = in_thread(lambda: timed(session.pull))
    session.start("version")
    results, seconds = join()
    assert results[-1]["inputStatus"] == "ALLOW_INPUT"
    assert 0.09 < seconds < 1.9


def test_a_waiting_pull_comes_back_when_the_session_is_closed(server: Server) -> None:
    session = server.open_session()
    join = in_thread(lambda: timed(session.pull))
    time.sleep(0.1)
    session.ask("close_session")
    results, seconds = join()
    assert results == []
    assert seconds < 1.9


# Jobs in a session


def test_the_results_of_a_job_come_between_command_and_input_status(session: OpenSession) -> None:
    answer = session.ask("async_exec", command="version", requestId="r1")
    job_id = answer["body"]["jobId"]
    assert answer == {
        "body": {"command": "version", "jobId": job_id, "jobStatus": "READY"},
        "requestId": "r1",
        "sessionId": session.session_id,
        "state": "SCHEDULED",
    }
    assert session.pull_to_the_end() == [
        {"command": "version", "jobId": job_id, "state": "SCHEDULED", "type": "command"},
        {"inputStatus": "ALLOW_INTERRUPT", "jobId": 0, "type": "input_status"},
        {"jobId": job_id, "type": "version", "version": "4.1.5"},
        {"jobId": job_id, "statusCode": 0, "type": "status"},
        {"inputStatus": "ALLOW_INPUT", "jobId": 0, "type": "input_status"},
    ]


def test_a_command_that_is_not_found_fails_at_once_and_is_told_to_the_session(
    session: OpenSession,
) -> None:
    answer = session.ask("async_exec", command="nosuch")
    message = f"Async exec command failed:{UNKNOWN}"
    told = {"command": "nosuch", "message": message, "state": "FAILED"}
    assert answer == {
        "body": {"command": "nosuch"},
        "message": message,
        "sessionId": session.session_id,
        "state": "FAILED",
    }
    assert session.pull() == [{**told, "jobId": 0, "type": "command"}]


def test_a_line_that_cannot_be_parsed_fails_in_the_queue(session: OpenSession) -> None:
    session.start("watch")
    assert summarize(session.pull_to_the_end()) == [
        "command SCHEDULED",
        "input_status ALLOW_INTERRUPT",
        "status -10",
        "input_status ALLOW_INPUT",
    ]


@pytest.mark.parametrize("action", ["exec", "async_exec"])
def test_a_session_refuses_a_second_job(session: OpenSession, action: str) -> None:
    session.start("dashboard -i 5000")
    assert session.ask(action, command="version") == {
        "body": {"command": "version"},
        "message": "Another job is running.",
        "sessionId": session.session_id,
        "state": "REFUSED",
    }


def test_sessions_run_jobs_at_the_same_time(server: Server, session: OpenSession) -> None:
    session.start("dashboard -i 5000")
    other = server.open_session()
    assert other.ask("exec", command="version")["state"] == "SUCCEEDED"
    other.ask("close_session")


def test_an_interrupted_stream_ends_with_status_0(session: OpenSession) -> None:
    job_id = session.start("dashboard -i 5000")
    session.pull()
    answer = session.ask("interrupt_job", requestId="r1")
    assert answer == {
        "body": {"jobId": job_id, "jobStatus": "TERMINATED"},
        "requestId": "r1",
        "state": "SUCCEEDED",
    }
    results, seconds = timed(session.pull)
    assert summarize(results) == ["status 0", "input_status ALLOW_INPUT"]
    assert seconds < 1.9


def test_a_job_without_handler_runs_on_when_interrupted(session: OpenSession) -> None:
    job_id = session.start(SLEEP.format(500))
    session.pull()
    answer = session.ask("interrupt_job")
    running = {"jobId": job_id, "jobStatus": "RUNNING"}
    assert answer == {"body": running, "state": "SUCCEEDED"}
    assert session.ask("exec", command="version")["state"] == "REFUSED"
    assert summarize(session.pull_to_the_end()) == [
        "ognl",
        "status 0",
        "input_status ALLOW_INPUT",
    ]


def test_there_is_nothing_to_interrupt_in_an_idle_session(session: OpenSession) -> None:
    message = "no foreground job is running"
    assert session.ask("interrupt_job") == {"message": message, "state": "FAILED"}


def test_a_background_job_frees_the_session_and_cannot_be_interrupted(
    session: OpenSession,
) -> None:
    session.start("dashboard -i 200 -n 1 &")
    assert session.ask("interrupt_job")["state"] == "FAILED"
    results = session.pull()
    while results[-1]["type"] != "status":
        results += session.pull()
    assert summarize(results) == [
        "command SCHEDULED",
        "input_status ALLOW_INTERRUPT",
        "input_status ALLOW_INPUT",
        "dashboard",
        "status 0",
    ]
    assert results[-1]["message"] == "Process ends after 1 time(s)."


def test_an_exec_in_a_session_tells_its_consumers_nothing_but_input_status(
    session: OpenSession,
) -> None:
    answer = session.ask("exec", command="version")
    assert summarize(answer["body"]["results"]) == ["version", "status 0"]
    assert answer["sessionId"] == session.session_id
    assert summarize(session.pull()) == [
        "input_status ALLOW_INTERRUPT",
        "input_status ALLOW_INPUT",
    ]


@pytest.mark.parametrize("action", ["interrupt_job", "close_session"])
def test_an_exec_in_a_session_is_ended_from_another_connection(server: Server, action: str) -> None:
    session = server.open_session()
    join = in_thread(lambda: session.ask("exec", command="dashboard -i 5000"))
    assert summarize(session.pull()) == ["input_status ALLOW_INTERRUPT"]
    assert session.ask(action)["state"] == "SUCCEEDED"
    answer = join()
    assert answer["state"] == "SUCCEEDED"
    assert answer["body"]["jobStatus"] == "TERMINATED"
    assert answer["body"]["results"][-1]["statusCode"] == 0
    session.ask("close_session")


# Queues


def test_a_consumer_keeps_the_last_50_results_and_a_pull_takes_20(session: OpenSession) -> None:
    session.run_unpulled("sm java.lang.String")
    pulls = [session.pull() for _ in range(3)]
    assert [len(results) for results in pulls] == [20, 20, 10]
    assert {result["type"] for result in pulls[0]} == {"sm"}


def test_the_rows_lost_on_the_way_are_counted_by_row_affect(session: OpenSession) -> None:
    session.run_unpulled("sm java.lang.String")
    results = session.pull() + session.pull() + session.pull()
    [affected] = [result for result in results if result["type"] == "row_affect"]
    received = sum(result["type"] == "sm" for result in results)
    assert affected["rowCount"] > received + 50


def test_a_pull_of_long_lists_ends_at_about_100_items(session: OpenSession) -> None:
    session.run_unpulled("dashboard -i 10 -n 12")
    results = session.pull()
    shown = [result for result in results if result["type"] == "dashboard"]
    assert len(results) < 20
    assert sum(len(result["threads"]) for result in shown) > 70
    assert len(shown) < 12


def test_a_stream_that_nobody_takes_is_ended_by_the_server(session: OpenSession) -> None:
    session.start("dashboard -i 1")
    until = time.monotonic() + PATIENCE_S
    while session.ask("exec", command="version")["state"] == "REFUSED":
        assert time.monotonic() < until
        time.sleep(0.05)
    results = session.pull()
    while "message" not in summarize(results):
        assert time.monotonic() < until
        results += session.pull()
    [message] = [result for result in results if result["type"] == "message"]
    assert message["message"] == "all consumers are unhealthy, current job was interrupted."
    assert "status 0" in summarize(results)


def test_who_joins_gets_the_last_results_again_and_then_the_same_as_all(
    session: OpenSession,
) -> None:
    session.start("version")
    session.pull_to_the_end()
    joined = session.ask("join_session")
    assert joined.keys() == {"consumerId", "sessionId", "state"}
    assert re.fullmatch(r"[0-9a-f]{32}_2", joined["consumerId"])
    assert summarize(session.pull(joined["consumerId"])) == [
        "input_status DISABLED",
        "message",
        "welcome",
        "command SCHEDULED",
        "version",
        "status 0",
        "input_status ALLOW_INPUT",
    ]
    session.start("version")
    assert session.pull() == session.pull(joined["consumerId"])


# Enhancing commands


def run_enhancing(session: OpenSession, command: str) -> list[dict[str, Any]]:
    """Runs an enhancing command, again if somebody else was enhancing (docs/protocol.md, 3.5).

    Or if it was over, with the last call that was wanted, before it could tell what it enhanced.
    """

    def run() -> list[dict[str, Any]]:
        session.start(command)
        return session.pull_to_the_end()

    return run_again(run, lambda results: not has_raced(results) and has_enhancer(results))


def has_enhancer(results: list[dict[str, Any]]) -> bool:
    return any(result["type"] == "enhancer" for result in results)


def test_a_watch_enhances_then_sends_hits_up_to_its_limit(session: OpenSession) -> None:
    results = run_enhancing(session, "watch demo.MathGame run params -n 1")
    assert summarize(results) == [
        "command SCHEDULED",
        "input_status ALLOW_INTERRUPT",
        "enhancer",
        "watch",
        "status 0",
        "input_status ALLOW_INPUT",
    ]
    enhancer, hit = results[2:4]
    assert enhancer.keys() == {"effect", "jobId", "success", "type"}
    assert enhancer["effect"].keys() == {"classCount", "cost", "listenerId", "methodCount"}
    assert (enhancer["effect"]["classCount"], enhancer["effect"]["methodCount"]) == (1, 1)
    assert hit.keys() == {
        *("accessPoint", "className", "cost", "jobId", "methodName"),
        *("sizeLimit", "ts", "type", "value"),
    }
    assert (hit["className"], hit["methodName"]) == ("demo.MathGame", "run")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?", hit["ts"])


@pytest.mark.parametrize(
    ("command", "classes"),
    [("watch demo.MathGame nosuch", 1), ("trace nosuch.Nosuch *", 0)],
)
def test_an_enhancing_command_that_matches_nothing_fails(
    session: OpenSession, command: str, classes: int
) -> None:
    enhancer, status = run_enhancing(session, command)[2:4]
    message = "No class or method is affected"
    assert (enhancer["success"], enhancer["message"]) == (False, message)
    assert (enhancer["effect"]["classCount"], enhancer["effect"]["methodCount"]) == (classes, 0)
    assert status["statusCode"] == -1
    assert status["message"].startswith(f"{message}, try:\n1. Execute `\x1b[32msm CLASS_NAME")
