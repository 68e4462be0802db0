"""The program on a real Arthas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from support.program import NO_THREAD_HINT, shell

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target


def test_the_version_as_text(arthas: Target) -> None:
    ended = shell("exec", "version", ARTHAS_SHELL_URL=arthas.url)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (0, "4.1.5\n", "")


def test_the_version_as_the_document_of_the_readme(arthas: Target) -> None:
    document = shell("exec", "--json", "version", ARTHAS_SHELL_URL=arthas.url).document
    (result,) = document.pop("results")
    assert (result["type"], result["version"]) == ("version", "4.1.5")
    assert type(document.pop("elapsedMs")) is int
    assert document == {
        "command": "version",
        "state": "SUCCEEDED",
        "status": 0,
        "message": None,
        "lost": 0,
        "url": arthas.url,
        "error": None,
    }


def test_the_busiest_threads_as_json(arthas: Target) -> None:
    ended = shell("exec", "--json", "thread -n 3", ARTHAS_SHELL_URL=arthas.url)
    threads = ended.document["results"][0]["busyThreads"]
    assert ended.exit_code == 0
    assert len(threads) == 3
    assert all(isinstance(thread["cpu"], float) for thread in threads)


def test_a_watch_as_json_lines(arthas: Target) -> None:
    line = "watch demo.MathGame primeFactors '{params,returnObj}' -n 3 -x 2"
    ended = shell("exec", "-o", "jsonl", line, ARTHAS_SHELL_URL=arthas.url)
    *results, end = (json.loads(text) for text in ended.stdout.splitlines())
    assert (ended.exit_code, ended.stderr) == (0, "enhanced: 1 class, 1 method\n")
    assert [result["type"] for result in results].count("watch") == 3
    assert (end["type"], end["command"], end["lost"]) == ("end", line, 0)
    assert (end["state"], end["status"], end["error"]) == ("SUCCEEDED", 0, None)


def test_words_reach_the_server_without_a_second_quoting(arthas: Target) -> None:
    ended = shell("exec", "--", "echo", 'it\'s "a"  b', ARTHAS_SHELL_URL=arthas.url)
    assert (ended.exit_code, ended.stdout) == (0, 'it\'s "a"  b\n')


def test_a_command_that_fails_exits_with_1(arthas: Target) -> None:
    ended = shell("exec", "thread 999999", ARTHAS_SHELL_URL=arthas.url)
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "arthas-shell: thread do not exist! id: 999999\n" + NO_THREAD_HINT


def test_a_watch_of_an_unknown_class_fails_and_says_so(arthas: Target) -> None:
    ended = shell("exec", "--json", "watch no.Such run -n 1", ARTHAS_SHELL_URL=arthas.url)
    assert (ended.exit_code, ended.document["status"]) == (1, -1)
    assert ended.document["error"]["kind"] == "failed"
    assert ended.stderr.startswith("arthas-shell: No class or method is affected\nhint: ")


def test_a_class_that_is_not_loaded_is_an_empty_table(arthas: Target) -> None:
    ended = shell("exec", "-o", "csv", "sc no.Such", ARTHAS_SHELL_URL=arthas.url)
    assert (ended.exit_code, ended.stderr) == (0, "no loaded class matches 'no.Such'\n")


def test_an_unknown_command_is_looked_up_and_refused(arthas: Target) -> None:
    ended = shell("exec", "tread -n 3", ARTHAS_SHELL_URL=arthas.url)
    assert ended.exit_code == 2
    assert ended.stderr == (
        "arthas-shell: there is no command 'tread'\n"
        "hint: did you mean 'thread'?\n"
        "  tread -n 3\n"
        "  ^^^^^\n"
    )


def test_a_password_from_stdin_opens_a_guarded_server(guarded_arthas: Target) -> None:
    arguments = ("exec", "-u", "ops", "--password-stdin", "version")
    ended = shell(*arguments, stdin="sesame\n", ARTHAS_SHELL_URL=guarded_arthas.url)
    assert (ended.exit_code, ended.stdout) == (0, "4.1.5\n")


def test_a_guarded_server_does_not_take_a_wrong_password(guarded_arthas: Target) -> None:
    arguments = ("exec", "-u", "ops", "--password-stdin", "version")
    ended = shell(*arguments, stdin="planted-secret\n", ARTHAS_SHELL_URL=guarded_arthas.url)
    assert (ended.exit_code, ended.stdout) == (4, "")
    assert "planted-secret" not in ended.stderr
