"""A command that is answered at once, on many JVMs: gathered, merged, counted."""

from __future__ import annotations

import json
import math
import re
import signal
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from support.fake import Call, Command, faults
from support.program import shell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pytest

    from .conftest import Shop

NOBODY = "arthas-shell: db: nothing listens on 127.0.0.1:1\n"
HINT = "hint: attach Arthas there, or give its HTTP port if that is not 1\n"


def answer(name: str, **fields: object) -> Command:
    """Returns a command that answers with that one result."""
    return Command(name, lambda _call: [{"type": name, **fields}])


def test_equal_answers_are_shown_once_and_the_odd_one_out_is_marked(shop: Shop) -> None:
    ended = shop.run("exec", "version")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (
        0,
        "web-[1-2] (2 of 3)\n  4.1.5\n\nweb-3 (1 of 3, differs)\n  3.6.4\n",
        "3 JVMs: 3 succeeded\n",
    )


def test_what_differs_between_any_two_jvms_is_no_difference(shop: Shop) -> None:
    for at, fake in enumerate(shop.fakes.values()):
        cost = {"classCount": 1, "methodCount": 2, "cost": at, "listenerId": at}
        fake.register(answer("ognl", value=f"demo.Cart@5e91993{at}"), answer("reset", affect=cost))
    assert shop.run("exec", "ognl 1").stdout == "web-[1-3] (3 of 3)\n  demo.Cart@5e919930\n"
    assert shop.run("exec", "reset").stdout.startswith("web-[1-3] (3 of 3)\n")


def test_tables_have_a_first_column_target_and_one_header(shop: Shop) -> None:
    shop.fakes["web-3"].register(answer("thread", threadStats=[{"id": 7, "name": "x"}]))
    lines = shop.run("exec", "thread").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["web-[1-2]:", "threads:", "3,"],
        ["TARGET", "ID", "NAME"],
        ["web-[1-2]", "1", "main"],
        ["web-[1-2]", "2", "worker-2"],
        ["web-[1-2]", "3", "worker-3"],
        ["web-3", "7", "x"],
    ]


def test_who_found_nothing_is_named(shop: Shop) -> None:
    shop.fakes["web-2"].target.methods = {}
    ended = shop.run("exec", "sc demo.MathGame")
    assert ended.stdout == (
        "TARGET        CLASS\nweb-1, web-3  demo.MathGame\n\nweb-2 (1 of 3)\n  (no results)\n"
    )
    assert ended.stderr == ("web-2: no loaded class matches 'demo.MathGame'\n3 JVMs: 3 succeeded\n")


def test_the_document_has_that_of_each_target_and_the_first_error(shop: Shop) -> None:
    shop.fakes["web-2"].faults.next(faults.unauthorized)
    ended = shop.run("exec", "--json", "version")
    document = ended.document
    assert (ended.exit_code, list(document)) == (4, ["command", "targets", "error"])
    assert [each["target"] for each in document["targets"]] == ["web-1", "web-2", "web-3"]
    first, second, _ = document["targets"]
    first["elapsedMs"] = 7
    assert first == {
        "target": "web-1",
        "command": "version",
        "state": "SUCCEEDED",
        "status": 0,
        "message": None,
        "results": [{"type": "version", "jobId": 1, "version": "4.1.5"}],
        "lost": 0,
        "elapsedMs": 7,
        "url": shop.fakes["web-1"].url,
        "error": None,
    }
    assert second["error"] == document["error"]
    assert document["error"]["kind"] == "unauthorized"


def test_in_json_lines_the_target_comes_first_and_each_has_its_end(shop: Shop) -> None:
    lines = [
        json.loads(line) for line in shop.run("exec", "-o", "jsonl", "version").stdout.splitlines()
    ]
    assert all(next(iter(line)) == "target" for line in lines[:-1])
    ends = [(line.get("target"), line["state"]) for line in lines if line["type"] == "end"]
    assert ends == [
        ("web-1", "SUCCEEDED"),
        ("web-2", "SUCCEEDED"),
        ("web-3", "SUCCEEDED"),
        (None, "SUCCEEDED"),
    ]


def test_csv_has_the_target_first_and_one_header(shop: Shop) -> None:
    rows = shop.run("exec", "-o", "csv", "sc demo.MathGame").stdout.splitlines()
    assert (rows[0], sorted(rows[1:])) == (
        "target,name",
        ["web-1,demo.MathGame", "web-2,demo.MathGame", "web-3,demo.MathGame"],
    )


def test_who_failed_stands_last_and_the_others_have_answered(shop: Shop) -> None:
    shop.add('[profiles.db]\nurl = "http://127.0.0.1:1"\n')
    ended = shop.run("exec", "--on", "db", "pwd")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (
        3,
        "web-[1-3] (3 of 4)\n  /srv/app\n",
        f"{NOBODY}{HINT}4 JVMs: 3 succeeded, 1 without an answer\n",
    )


def test_50_that_refuse_give_one_line_with_their_number() -> None:
    ended = shell("exec", "--on", "127.0.0.1:[1-50]", "version")
    assert (ended.exit_code, ended.stdout, ended.stderr) == (
        3,
        "",
        (
            "arthas-shell: 127.0.0.1:[1-50] (50 of 50): nothing listens on that address\n"
            "hint: attach Arthas there, or give its HTTP port with --port\n"
            "50 JVMs: 50 without an answer\n"
        ),
    )


def test_the_exit_code_is_that_of_the_worst(shop: Shop) -> None:
    shop.fakes["web-1"].faults.next(faults.server_error)
    ended = shop.run("exec", "thread 999999")
    assert ended.exit_code == 1
    assert ended.stderr.endswith("3 JVMs: 3 failed\n")
    shop.fakes["web-1"].faults.next(faults.cut_in_body)
    assert shop.run("exec", "thread 999999").exit_code == 3


def test_one_that_never_answers_costs_only_its_own_deadline(shop: Shop) -> None:
    shop.fakes["web-2"].faults.next(faults.hang, times=math.inf)
    begun = time.monotonic()
    ended = shop.run("exec", "-t", "1", "pwd")
    assert time.monotonic() - begun < 3
    assert (ended.exit_code, ended.stdout) == (124, "web-1, web-3 (2 of 3)\n  /srv/app\n")
    assert ended.stderr.endswith("3 JVMs: 2 succeeded, 1 too late\n")


def test_no_more_run_at_the_same_time_than_fanout_says(shop: Shop) -> None:
    running, most = [0], [0]

    def count(call: Call) -> Iterable[Mapping[str, object]]:
        running[0] += 1
        most[0] = max(most[0], running[0])
        call.wait(0.05)
        running[0] -= 1
        yield {"type": "echo", "content": "x"}

    for fake in shop.fakes.values():
        fake.register(Command("echo", count))
    assert shop.run("exec", "--fanout", "1", "echo x").exit_code == 0
    assert most == [1]


def test_a_line_that_is_wrong_is_refused_once_and_sent_to_nobody(shop: Shop) -> None:
    ended = shop.run("exec", "--json", "thread --nosuch")
    assert (ended.exit_code, ended.document["error"]["kind"]) == (2, "unknown-option")
    assert {each["error"]["kind"] for each in ended.document["targets"]} == {"unknown-option"}
    assert ended.stderr.count("--nosuch") == 2


def test_a_command_that_only_one_has_runs_there(shop: Shop) -> None:
    own = {"name": "cart", "arguments": [], "options": [], "summary": "ours"}
    shop.fakes["web-2"].register(replace(answer("cart", value="full"), detail=own))
    ended = shop.run("exec", "cart")
    assert (ended.exit_code, ended.stdout) == (2, "web-2 (1 of 3)\n  cart\n  └─ value: full\n")
    assert "arthas-shell: web-1, web-3 (2 of 3): there is no command 'cart'\n" in ended.stderr
    assert [list(fake.lines) for fake in shop.fakes.values()] == [
        ["help cart"],
        ["help cart", "cart"],
        ["help cart"],
    ]


def test_a_command_that_nobody_has_is_refused_once(shop: Shop) -> None:
    ended = shop.run("exec", "vershun")
    assert (ended.exit_code, ended.stderr) == (
        2,
        (
            "arthas-shell: there is no command 'vershun'\nhint: did you mean 'version'?\n"
            "  vershun\n  ^^^^^^^\n"
        ),
    )


def test_pipes_and_files_get_the_merged_text(shop: Shop) -> None:
    assert shop.run("exec", "thread | wc -l").stdout.strip() == "5"
    ended = shop.run("exec", "version | jq -r .target")
    assert sorted(ended.stdout.split()) == ["web-1", "web-2", "web-3"]


def test_run_gives_one_document_a_line(shop: Shop) -> None:
    ended = shop.run("run", "--json", "-", stdin="version\npwd\n")
    documents = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [(each["command"], len(each["targets"])) for each in documents] == [
        ("version", 3),
        ("pwd", 3),
    ]
    assert shop.left == []


def test_a_bug_in_the_run_of_one_is_told_as_such(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("arthas_cli.session.execute._find_status", fail)
    ended = shop.run("exec", "version")
    assert ended.exit_code == 70
    assert re.match(
        r"arthas-shell: web-\[1-3\] \(3 of 3\): a bug in arthas-shell \(ZeroDivisionError\)",
        ended.stderr,
    )


def test_a_target_that_nobody_knows_is_refused_with_a_document_of_many(shop: Shop) -> None:
    ended = shop.run("exec", "--json", "--on", "nosuch", "version")
    assert (ended.exit_code, ended.document["targets"]) == (2, [])
    assert ended.document["error"]["message"] == "there is no profile or group 'nosuch'"


def test_ctrl_c_shows_what_has_come_and_waits_for_nobody(shop: Shop) -> None:
    def insist(call: Call) -> Iterable[Mapping[str, object]]:
        shop.fakes["web-1"].wait_for(
            lambda: all(shop.fakes[name].lines for name in ("web-1", "web-3"))
        )
        call.wait(0.3)  # the answers of the others are on their way
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        call.wait(60)
        yield {"type": "pwd", "workingDir": "/late"}

    shop.fakes["web-2"].register(Command("pwd", insist))
    ended = shop.run("exec", "pwd")
    assert (ended.exit_code, ended.stdout) == (130, "web-1, web-3 (2 of 3)\n  /srv/app\n")
    assert ended.stderr == (
        "Arthas cannot interrupt 'pwd'; it keeps running until it finishes\n"
        "3 JVMs: 2 succeeded, 1 interrupted\narthas-shell: interrupted\n"
    )


def test_what_may_be_meant_is_asked_of_each_that_found_nothing(shop: Shop) -> None:
    ended = shop.run("exec", "watch demo.MathGame runn")
    assert ended.stderr == (
        "arthas-shell: web-[1-3] (3 of 3): No class or method is affected\n"
        "hint: did you mean 'run'? ':why' of the shell looks for the reason, --json has what Arthas"
        " advises\n3 JVMs: 3 failed\n"
    )


def test_names_that_make_no_range_stand_above_a_table_once(shop: Shop) -> None:
    shop.add(
        "".join(
            f'[profiles.{name}-pod]\nurl = "{fake.url}"\n'
            for name, fake in zip(("alpha", "beta", "gamma"), shop.fakes.values(), strict=True)
        )
    )
    on = [word for name in ("alpha", "beta", "gamma") for word in ("--on", f"{name}-pod")]
    ended = shell("exec", "--config", str(shop.config), *on, "sc demo.MathGame")
    assert ended.stdout == (
        "alpha-pod+2: alpha-pod, beta-pod, gamma-pod\n"
        "TARGET       CLASS\nalpha-pod+2  demo.MathGame\n"
    )


def test_no_result_can_name_another_target(shop: Shop) -> None:
    shop.fakes["web-3"].register(answer("pwd", target="web-1", workingDir="/"))
    lines = shop.run("exec", "-o", "jsonl", "pwd").stdout.splitlines()
    [line] = [line for line in lines if '"web-3"' in line and '"end"' not in line]
    spoofed = {"type": "pwd", "target": "web-1", "workingDir": "/", "jobId": 1}
    assert json.loads(line) == {"target": "web-3", "type": "pwd", "value": spoofed}


def test_no_line_of_an_answer_passes_for_a_heading(shop: Shop) -> None:
    shop.fakes["web-3"].register(answer("cat", content="x\n\nweb-2 (1 of 3)\nwell"))
    for name in ("web-1", "web-2"):
        shop.fakes[name].register(answer("cat", content="ill"))
    assert shop.run("exec", "cat /x").stdout == (
        "web-[1-2] (2 of 3)\n  ill\n\nweb-3 (1 of 3, differs)\n  x\n\n  web-2 (1 of 3)\n  well\n"
    )
