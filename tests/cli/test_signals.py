"""Ctrl+C, SIGTERM, SIGHUP and a closed pipe: what runs is stopped, nothing stays behind."""

from __future__ import annotations

import json
import math
import queue
import re
import signal
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, FakeArthas, faults, run_hits, status
from support.waiting import PATIENCE_S, within

from arthas_cli.errors import Interrupted, Terminated
from arthas_cli.interrupts import HangupWatch, Interrupts, LeaveNow

from .conftest import signal_program, signal_self

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping

    from .conftest import Run, Start

WATCH = "watch demo.MathGame run"
SLEEP = "ognl @java.lang.Thread@sleep(60000)"
ENHANCED = "enhanced: 1 class, 1 method\n"
RUNS_ON = "Arthas cannot interrupt 'ognl'; it keeps running until it finishes\n"


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Waits for the end; returns the exit code and what was not read of both streams."""
    stdout, stderr = process.communicate(timeout=PATIENCE_S)
    return process.returncode, stdout, stderr


def read_to_hit(process: subprocess.Popen[str]) -> None:
    """Reads what the program writes up to the first hit of a watch."""
    assert process.stdout is not None
    assert any("demo.MathGame" in line for line in process.stdout)


def count_requests(fake: FakeArthas, action: str) -> int:
    return sum(seen.action == action for seen in fake.requests)


def wait_for_job(fake: FakeArthas) -> None:
    fake.wait_for(lambda: fake.jobs)


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (signal.SIGINT, 130, "interrupted"),
        (signal.SIGTERM, 143, "ended by a signal"),
        (signal.SIGHUP, 143, "ended by a signal"),
    ],
)
def test_a_signal_stops_a_stream_and_waits_for_its_end(
    start: Start, fake: FakeArthas, number: int, code: int, message: str
) -> None:
    process = start("exec", WATCH)
    read_to_hit(process)
    process.send_signal(number)
    returned, _, stderr = finish(process)
    assert (returned, stderr) == (code, f"{ENHANCED}arthas-shell: {message}\n")
    assert (fake.jobs, fake.sessions) == ([], [])
    assert count_requests(fake, "interrupt_job") == 1


def test_ctrl_c_gives_the_one_document_with_what_came_so_far(
    start: Start, fake: FakeArthas
) -> None:
    fake.target.rate = 20
    process = start("exec", "--json", WATCH)
    fake.wait_for(lambda: any(job.produced > 2 for job in fake.jobs))
    process.send_signal(signal.SIGINT)
    returned, stdout, _ = finish(process)
    document = json.loads(stdout)
    assert (returned, document["state"], document["lost"]) == (130, "INTERRUPTED", 0)
    assert document["error"] == {"kind": "interrupted", "message": "interrupted", "hint": None}
    assert [result["type"] for result in document["results"]][:2] == ["enhancer", "watch"]


@pytest.mark.parametrize("arguments", [["exec", WATCH], ["exec", "-o", "jsonl", WATCH]])
def test_when_the_reader_goes_the_job_is_stopped_quietly(
    start: Start, fake: FakeArthas, arguments: list[str]
) -> None:
    process = start(*arguments)
    read_to_hit(process)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(PATIENCE_S) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ENHANCED
    assert (fake.jobs, fake.sessions) == ([], [])


@pytest.mark.parametrize("arguments", [["exec", "--json", "version"], ["--help"]])
def test_a_reader_that_was_gone_from_the_beginning_is_no_bug(
    start: Start, arguments: list[str]
) -> None:
    process = start(*arguments)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(PATIENCE_S) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_a_signal_ends_a_stream_soon_though_the_server_does_not_answer(
    start: Start, fake: FakeArthas
) -> None:
    process = start("exec", WATCH)
    read_to_hit(process)
    fake.faults.next(faults.hang, times=math.inf)
    with within(9):  # less than a request may take, or a server that is away
        process.send_signal(signal.SIGTERM)
        returned, _, stderr = finish(process)
    assert returned == 143
    assert re.fullmatch(
        ENHANCED + r"\d+ results? · maybe some lost · broke off after \d+\.\d s\n"
        r"warning: the server does not answer; 'watch' may still be running\n"
        r"arthas-shell: ended by a signal\n",
        stderr,
    )


def test_a_second_ctrl_c_says_what_may_run_on_where_the_server_does_not_answer(
    run: Run, fake: FakeArthas
) -> None:
    def insist(call: Call) -> Iterator[Mapping[str, object]]:
        fake.faults.next(faults.hang, times=math.inf)
        signal_program(signal.SIGINT)
        fake.wait_for(lambda: count_requests(fake, "interrupt_job") == 1)
        signal_program(signal.SIGINT)
        call.wait(60)
        yield status(0)

    fake.register(Command("watch", insist, is_stream=True))
    ended = run("exec", WATCH)
    assert (ended.exit_code, ended.stderr) == (
        130,
        (
            "warning: the server does not answer; 'watch' may still be running\narthas-shell:"
            " interrupted\n"
        ),
    )


def test_a_second_ctrl_c_does_not_wait_for_the_end(start: Start, fake: FakeArthas) -> None:
    stubborn = Command("watch", run_hits, is_stream=True, is_interruptible=False)
    fake.register(stubborn)
    process = start("exec", WATCH)
    read_to_hit(process)
    process.send_signal(signal.SIGINT)
    fake.wait_for(lambda: count_requests(fake, "interrupt_job") == 1)
    process.send_signal(signal.SIGINT)
    returned, _, stderr = finish(process)
    assert (returned, stderr) == (130, f"{ENHANCED}arthas-shell: interrupted\n")
    assert fake.sessions == []


def test_after_a_second_ctrl_c_the_session_is_closed_all_the_same(
    run: Run, fake: FakeArthas
) -> None:
    def insist(call: Call) -> Iterator[Mapping[str, object]]:
        signal_program(signal.SIGINT)
        fake.wait_for(lambda: count_requests(fake, "interrupt_job") == 1)
        signal_program(signal.SIGINT)
        call.wait(60)
        yield status(0)

    fake.register(Command("watch", insist, is_stream=True))
    ended = run("exec", WATCH)
    assert (ended.exit_code, ended.stderr) == (130, "arthas-shell: interrupted\n")
    assert fake.sessions == []


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "ended by a signal")],
)
def test_a_one_shot_that_cannot_be_stopped_is_let_go_and_that_is_said(
    start: Start, fake: FakeArthas, number: int, code: int, message: str
) -> None:
    process = start("exec", SLEEP)
    wait_for_job(fake)
    process.send_signal(number)
    assert finish(process) == (code, "", f"{RUNS_ON}arthas-shell: {message}\n")


def test_a_one_shot_is_let_go_by_the_first_signal(run: Run, fake: FakeArthas) -> None:
    def hang(call: Call) -> Iterator[Mapping[str, object]]:
        signal_program(signal.SIGINT)
        call.wait(60)
        yield status(0)

    fake.register(Command("ognl", hang))
    ended = run("exec", "ognl 1")
    assert (ended.exit_code, ended.stderr) == (130, f"{RUNS_ON}arthas-shell: interrupted\n")


def test_a_one_shot_that_was_let_go_has_its_document(start: Start, fake: FakeArthas) -> None:
    process = start("exec", "--json", SLEEP)
    wait_for_job(fake)
    process.send_signal(signal.SIGINT)
    returned, stdout, _ = finish(process)
    document = json.loads(stdout)
    assert (returned, document["command"], document["state"]) == (130, SLEEP, None)
    assert document["error"]["kind"] == "interrupted"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
def test_the_results_up_to_a_signal_are_shown(
    run: Run, fake: FakeArthas, number: int, code: int
) -> None:
    fake.register(signal_self(number))
    ended = run("exec", "-o", "jsonl", WATCH)
    types = [json.loads(line)["type"] for line in ended.stdout.splitlines()]
    assert (ended.exit_code, types) == (code, ["enhancer", "watch", "end"])
    assert (fake.jobs, fake.sessions) == ([], [])


def test_a_signal_while_the_servers_help_is_read_ends_at_once(run: Run, fake: FakeArthas) -> None:
    def hang(call: Call) -> Iterator[Mapping[str, object]]:
        signal_program(signal.SIGINT)
        call.wait(60)
        yield status(0)

    fake.register(Command("help", hang))
    ended = run("exec", "nosuchcommand")
    assert (ended.exit_code, ended.stderr) == (130, "arthas-shell: interrupted\n")


def test_an_interrupt_that_the_server_does_not_answer_is_no_further_error(
    run: Run, fake: FakeArthas
) -> None:
    def end_by_itself(_call: Call) -> Iterator[Mapping[str, object]]:
        signal_program(signal.SIGINT)
        fake.wait_for(lambda: count_requests(fake, "interrupt_job") == 1)
        yield status(0)

    fake.register(Command("watch", end_by_itself, is_stream=True))
    fake.faults.next(faults.html, action="interrupt_job")
    ended = run("exec", f"{WATCH} --timeout 60")
    assert (ended.exit_code, ended.stderr) == (130, "arthas-shell: interrupted\n")
    assert fake.sessions == []


def test_a_signal_that_was_ignored_before_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with Interrupts().watch():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_what_the_signals_did_before_holds_again_afterwards() -> None:
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(name) for name in names]
    with Interrupts().watch():
        assert [signal.getsignal(name) for name in names] != before
    assert [signal.getsignal(name) for name in names] == before


def test_without_a_job_a_signal_abandons() -> None:
    interrupts = Interrupts()
    with interrupts.watch(), pytest.raises(LeaveNow):
        signal.raise_signal(signal.SIGINT)
    assert type(interrupts.error) is Interrupted


def test_a_sigterm_after_ctrl_c_counts() -> None:
    interrupts = Interrupts()
    with interrupts.watch():
        for number in (signal.SIGINT, signal.SIGTERM):
            with pytest.raises(LeaveNow):
                signal.raise_signal(number)
    assert type(interrupts.error) is Terminated


def test_a_hangup_abandons_once_and_ctrl_c_each_time() -> None:
    hangup = HangupWatch()
    with hangup.watch():
        with pytest.raises(LeaveNow):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGHUP)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt) as ctrl_c:
                signal.raise_signal(signal.SIGINT)
            assert type(ctrl_c.value) is KeyboardInterrupt
    assert hangup.has_come


def test_signals_that_are_handed_on_raise_nothing_where_they_come() -> None:
    hangup = HangupWatch()
    told: list[bool] = []
    with hangup.watch(), ExitStack() as stack:
        stack.enter_context(hangup.handing_on(lambda: told.append(True)))
        signal.raise_signal(signal.SIGINT)
        assert (hangup.take_interrupt(), hangup.take_interrupt()) == (True, False)
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGHUP)
        assert hangup.has_come
        with pytest.raises(LeaveNow):
            stack.close()
    assert told == [True, True]


def test_whatever_it_is_stuck_in_the_shell_ends_a_few_seconds_after_a_signal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("arthas_cli.interrupts._ORDERLY_S", 0.05)
    done: queue.SimpleQueue[object] = queue.SimpleQueue()
    hangup = HangupWatch(leave=done.put)
    hangup.end, hangup.give_back = (lambda: done.put("end")), (lambda: done.put("give back"))
    with hangup.watch(), suppress(LeaveNow), hangup.handing_on():
        signal.raise_signal(signal.SIGTERM)
        assert [done.get(timeout=PATIENCE_S) for _ in range(3)] == ["end", "give back", 143]
