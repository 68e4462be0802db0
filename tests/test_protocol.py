"""Requests out, answers in."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.errors import ArthasShellError, BadAnswer, NotArthas
from arthas_cli.protocol import Action, Answer, Request, Response, read_response

REQUEST = Request(Action.EXEC, "version", request_id="1")


def answer(*results: str, more: str = "") -> str:
    return f'{{"body":{{"results":[{",".join(results)}],"jobId":7}},"state":"SUCCEEDED"{more}}}'


def read_error(text: str) -> ArthasShellError:
    with pytest.raises(ArthasShellError) as error:
        read_response(text)
    return error.value


def test_a_request_leaves_out_what_is_not_given() -> None:
    assert json.loads(Request(Action.INIT_SESSION, request_id="7").encode()) == {
        "action": "init_session",
        "requestId": "7",
    }


def test_a_request_carries_what_is_given_by_the_servers_names() -> None:
    request = Request(Action.EXEC, "echo 'é\n'", "s", "c", 500, "u", "7")
    assert json.loads(request.encode()) == {
        "action": "exec",
        "command": "echo 'é\n'",
        "sessionId": "s",
        "consumerId": "c",
        "execTimeout": 500,
        "userId": "u",
        "requestId": "7",
    }


@given(st.text())
def test_any_command_can_be_written_and_read_again(command: str) -> None:
    assert json.loads(Request(Action.EXEC, command).encode())["command"] == command


def test_every_request_has_an_id_of_its_own() -> None:
    first, second = Request(Action.EXEC, "version"), Request(Action.EXEC, "version")
    assert first.request_id != second.request_id
    assert re.fullmatch("[0-9a-f]{16}", first.request_id)


def test_an_answer_is_read_with_its_results_and_their_own_text() -> None:
    text = (
        '{"body":{"command":"x","jobId":3,"jobStatus":"TERMINATED","results":[ '
        '{"jobId":3,"type":"ognl","value":1E+40 } , {"statusCode":0,"type":"status"}\n]},'
        '"consumerId":"c_1","message":"m","requestId":"1","sessionId":"s","state":"SUCCEEDED"}'
    )
    response = read_response(text)
    assert (response.state, response.message) == ("SUCCEEDED", "m")
    assert (response.request_id, response.session_id, response.consumer_id) == ("1", "s", "c_1")
    assert (response.job_id, response.job_status) == (3, "TERMINATED")
    assert [(r.type, r.job_id, r.raw) for r in response.results] == [
        ("ognl", 3, '{"jobId":3,"type":"ognl","value":1E+40 }'),
        ("status", None, '{"statusCode":0,"type":"status"}'),
    ]


def test_an_answer_without_a_body_has_no_job_and_no_results() -> None:
    response = read_response('{"state":"REFUSED"}')
    assert response == Response("REFUSED", None, None, None, None, {}, ())
    assert (response.job_id, response.job_status) == (None, None)


@pytest.mark.parametrize(
    ("result", "value"),
    [
        ('{"type":"tt","a":{null:1}}', {"null": 1}),
        ('{"type":"jad","a":{12:34,56:78}}', {"12": 34, "56": 78}),
        ('{"type":"tt","a":"{null:1}"}', "{null:1}"),
        ('{"type":"tt","a":12345678901234567890123}', 12345678901234567890123),
    ],
)
def test_what_only_arthas_writes_is_read_and_all_other_results_with_it(
    result: str, value: object
) -> None:
    first, second = read_response(answer(result, '{"type":"status"}')).results
    assert first.data["a"] == value
    assert second.type == "status"


def test_a_results_own_text_is_json_even_where_the_servers_was_not() -> None:
    (result,) = read_response(answer('{"type":"tt","a":{null:"{null:1}"}}')).results
    assert result.raw == '{"type":"tt","a":{"null":"{null:1}"}}'


def test_a_string_that_looks_like_results_is_a_string() -> None:
    command = json.dumps('echo \'"results":[{"type":"status"}]\'')
    text = f'{{"body":{{"command":{command},"results":[{{"type":"echo"}}]}},"state":"SUCCEEDED"}}'
    assert [result.type for result in read_response(text).results] == ["echo"]


def test_results_inside_a_result_stay_inside() -> None:
    (result,) = read_response(answer('{"type":"x","results":[{"type":"y"}]}')).results
    assert (result.type, result.data["results"]) == ("x", [{"type": "y"}])


@pytest.mark.parametrize("value", ["null", "5", '"text"', "[1]"])
def test_a_result_that_is_no_object_is_kept_as_a_value_without_a_type(value: str) -> None:
    (result,) = read_response(answer(value)).results
    assert (result.type, result.job_id, result.raw) == ("", None, value)
    assert result.data == {"value": json.loads(value)}


@each_row(
    "text",
    [
        "",
        "<html>",
        '{"state":"SUCC',
        '{"state":"SUCCEEDED"} {"state":"FAILED"}',
        answer()[:-1],
        answer('{"type":"status"}', '{"ty')[:40],
        answer('{"type":"a"} {"type":"b"}'),
        answer('{"type":"a"}', ""),
        answer() + answer(),
        '{"state":"SUCCEEDED","body":{"results":[',
    ],
)
def test_what_is_cut_off_or_no_json_is_a_bad_answer(text: str) -> None:
    error = read_error(text)
    assert type(error) is BadAnswer
    assert error.message.startswith("the answer is not JSON: ")


@pytest.mark.parametrize("bomb", ["[" * 200_000, '{"a":' * 200_000])
def test_a_nesting_bomb_is_a_bad_answer(bomb: str) -> None:
    error = read_error(answer(bomb))
    assert (type(error), error.message) == (BadAnswer, "the answer is nested too deep to be read")


@each_row("text", ["{}", "[]", "5", '{"state":5}', '{"results":[]}', '{"a":{"b":1}}'])
def test_json_of_another_service_is_not_arthas(text: str) -> None:
    error = read_error(text)
    assert type(error) is NotArthas
    assert error.message == "the answer is JSON, but not from the Arthas API: it has no 'state'"


@pytest.mark.parametrize("echo", ["", ',"requestId":"1"'])
def test_an_answer_to_the_request_is_taken_with_its_id_or_without(echo: str) -> None:
    content = answer(more=echo).encode()
    assert Answer(REQUEST, content).read().state == "SUCCEEDED"


def test_the_answer_to_another_request_is_refused() -> None:
    content = answer(more=',"requestId":"2"').encode()
    with pytest.raises(BadAnswer, match=r"^the answer belongs to another request$"):
        Answer(REQUEST, content).read()


def test_bytes_that_are_no_utf_8_are_shown_as_such() -> None:
    content = '{"state":"FAILED","message":"a\\u00e9é'.encode() + b'\xff"}'
    assert Answer(REQUEST, content).read().message == "aéé\ufffd"


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read_response(text)
    except (BadAnswer, NotArthas):
        return
    raise AssertionError(text)


@given(st.integers(0, 200))
def test_a_good_answer_cut_anywhere_is_never_taken_for_whole(length: int) -> None:
    whole = answer('{"type":"watch","value":"@A[\\"x\\"]"}', '{"type":"status"}')
    if length < len(whole):
        assert type(read_error(whole[:length])) is BadAnswer
