"""The shell on three JVMs: lines go to all that are on, and one that fails fails alone."""

from __future__ import annotations

import json
import math
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from support.fake import FakeArthas
from support.fake.commands import Command, status
from support.fake.faults import cut_before_headers, hang
from support.post import post

from arthas_cli.shell.jobs import fleet_watch

from .conftest import CTRL_C, ENTER, WATCH, open_shell
from .test_jobs import CTRL_Z

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import User

NAMES = ("web-1", "web-2", "web-3")
NOTHING: dict[str, list[str]] = {name: [] for name in NAMES}
ALL_DID = "3 JVMs: 3 succeeded\n"


class Shop:
    """Three fakes as the group `shop`, and who types into a shell on it."""

    def __init__(self, fakes: dict[str, FakeArthas], config: Path) -> None:
        self.fakes = fakes
        self.config = config
        self.questions: list[str] = []
        self.user: User

    @property
    def sent(self) -> dict[str, list[str]]:
        """The lines of each, but for what the shell asks by itself."""
        own = ("ognl --classLoaderClass", "help", "classloader", "session")
        return {
            name: [line for line in fake.lines if not line.startswith(own)]
            for name, fake in self.fakes.items()
        }

    @property
    def running(self) -> list[int]:
        """How many jobs run on each."""
        return [len(fake.jobs) for fake in self.fakes.values()]

    @property
    def prompt(self) -> str:
        """What stands before what is typed."""
        shell = self.user.shell
        assert shell
        return "".join(text for _, text, *_ in shell.entry._format())  # noqa: SLF001 - as drawn

    def enter(self, line: str) -> str:
        return self.user.enter(line)

    def complete(self, text: str) -> list[str]:
        assert self.user.shell
        completer = self.user.shell.entry.completer
        found = completer.get_completions(Document(text), CompleteEvent(completion_requested=True))
        return [one.text for one in found]

    def see_running(self, number: int) -> None:
        self.user.wait_for(lambda: sum(self.running) == number)

    def change(self, name: str, text: str) -> None:
        """Adds to a profile, before the shell is opened."""
        whole = self.config.read_text()
        head = f"[profiles.{name}]\n"
        self.config.write_text(whole.replace(head, f"{head}{text}\n"))

    def open(self, stack: ExitStack, words: tuple[str, ...] = ("shop",), **options: object) -> None:
        first = self.fakes["web-1"]
        place = {"config": str(self.config), "on": words, **options}
        self.user = stack.enter_context(open_shell(first, options=place))
        self.user.find_prompt()
        assert self.user.shell
        consent = self.user.shell.runner.preflight.consent
        ask = consent._ask  # noqa: SLF001 - what it asks stands in the prompt

        def note(question: str) -> str:
            self.questions.append(question)
            return ask(question)

        consent._ask = note  # noqa: SLF001


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Shop]:
    """A shop before the shell is opened; afterwards nothing is left on any that is there."""
    with ExitStack() as stack:
        fakes = {name: stack.enter_context(FakeArthas()) for name in NAMES}
        config = tmp_path / "config.toml"
        profiles = (f'[profiles.{name}]\nurl = "{fake.url}"\n' for name, fake in fakes.items())
        config.write_text(f'[groups]\nshop = ["web-[1-3]"]\n{"".join(profiles)}')
        shop = Shop(fakes, config)
        yield shop
        assert shop.user.has_ended.is_set()
        left = [one for fake in fakes.values() for one in (*fake.jobs, *fake.sessions)]
        assert left == []


@pytest.fixture
def shop(closed: Shop) -> Iterator[Shop]:
    with ExitStack() as stack:
        closed.open(stack)
        yield closed


@pytest.fixture
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the shell look often at those that are gone."""
    for name, value in (("FIRST_S", 0.02), ("ANXIOUS_S", 0.02), ("CALM_S", 0.02)):
        monkeypatch.setattr(fleet_watch, name, value)
    monkeypatch.setattr(fleet_watch, "_MOST_S", 0.05)


def slow_down(shop: Shop) -> None:
    for fake in shop.fakes.values():
        fake.target.rate = 0.001


def run_endless(shop: Shop, line: str = WATCH) -> None:
    shop.user.begin(line)
    shop.see_running(3)
    shop.user.wait_for(lambda: not shop.user.is_at_prompt)


def test_a_line_goes_to_all_and_equal_answers_are_shown_once(shop: Shop) -> None:
    assert shop.enter("version") == f"web-[1-3] (3 of 3)\n  4.1.5\n{ALL_DID}"
    assert shop.sent == {name: ["version"] for name in NAMES}


def test_the_prompt_names_the_group_and_how_many_get_what_is_typed(shop: Shop) -> None:
    assert shop.prompt == "[shop x3] > "
    shop.enter(":off web-2")
    assert shop.prompt == "[shop x2 of 3] > "
    shop.enter(":on all")
    assert shop.prompt == "[shop x3] > "


def test_without_a_group_the_prompt_counts(closed: Shop) -> None:
    with ExitStack() as stack:
        closed.open(stack, ("web-1", "web-2", "web-3"))
        assert closed.prompt == "[3 JVMs] > "
        closed.enter(":off web-2")
        assert closed.prompt == "[2 of 3 JVMs] > "


def test_who_is_off_gets_nothing_until_it_is_on_again(shop: Shop) -> None:
    assert shop.enter(":off web-2") == "lines go to 2 JVMs of 3\n"
    shop.enter("pwd")
    assert shop.enter(":on web-2 web-3") == "lines go to 2 JVMs of 3\n"
    shop.enter("version")
    assert shop.enter(":on all") == "lines go to 3 JVMs of 3\n"
    shop.enter("jvm")
    assert shop.sent == {
        "web-1": ["pwd", "jvm"],
        "web-2": ["version", "jvm"],
        "web-3": ["pwd", "version", "jvm"],
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":on web-4", "there is no target 'web-4'\nhint: did you mean "),
        (":off nobody", "there is no target 'nobody'\nhint: run ':targets' to list them\n"),
        (":off web-1 web-2 web-3", "no JVM would be left\nhint: run ':on all' "),
        (":on", "':on' takes names of targets\n"),
        (":off all", "no JVM would be left\n"),
    ],
)
def test_a_choice_that_cannot_be_made_changes_nothing(shop: Shop, line: str, said: str) -> None:
    assert said in shop.enter(line)
    assert shop.prompt == "[shop x3] > "


def test_on_one_alone_everything_is_as_in_a_shell_on_it(shop: Shop) -> None:
    assert "':info' is for one JVM at a time\nhint: run ':on NAME', then ':info'" in shop.enter(
        ":info"
    )
    shop.enter(":on web-2")
    assert shop.prompt == "web-2 [arthas@4242 demo.MathGame] > "
    assert shop.enter("version") == "4.1.5\n"
    assert f"server   Arthas 4.1.5 at {shop.fakes['web-2'].url}\n" in shop.enter(":info")
    assert shop.enter(":why watch demo.MathGame run")
    assert shop.sent["web-1"] == []


def test_who_is_gone_is_marked_and_comes_back_by_itself(closed: Shop, awake: None) -> None:
    del awake
    with ExitStack() as stack:
        closed.open(stack)
        faults = closed.fakes["web-2"].faults
        faults.next(cut_before_headers, times=math.inf)
        closed.user.wait_for(lambda: closed.prompt == "[shop x3 1 gone] > ")
        said = closed.enter("version")
        assert said.startswith("web-[1,3] (2 of 3)\n  4.1.5\n") or "(2 of 3)\n  4.1.5\n" in said
        assert "3 JVMs: 2 succeeded, 1 without an answer\n" in said
        faults.clear()
        closed.user.wait_for(lambda: closed.prompt == "[shop x3] > ")
        assert closed.enter("version").endswith(ALL_DID)
        del closed.fakes["web-2"]  # it was away when its first session was to be closed


def test_risk_is_asked_once_with_the_number_of_jvms(shop: Shop) -> None:
    shop.enter("ognl '@java.lang.System@gc()'")
    assert shop.questions == ["run it on 3 JVMs? [y/N] "]
    assert shop.enter("n").endswith("not sent\n")
    assert shop.sent == NOTHING
    shop.enter("ognl '@java.lang.System@gc()'")
    shop.enter("y")
    assert [len(lines) for lines in shop.sent.values()] == [1, 1, 1]


def test_production_is_asked_for_by_name_and_told_of_each(closed: Shop) -> None:
    closed.change("web-2", "production = true")
    closed.change("web-3", "production = true")
    with ExitStack() as stack:
        closed.open(stack)
        assert "production: web-2, web-3\n" in closed.enter("ognl '@java.lang.System@gc()'")
        assert closed.questions == ["type 'web-2' to run it on 3 JVMs: "]
        assert closed.enter("y").endswith("not sent\n")
    assert closed.sent == NOTHING


def test_one_that_is_read_only_makes_all_so_and_without_it_they_are_not(closed: Shop) -> None:
    closed.change("web-2", "read_only = true")
    with ExitStack() as stack:
        closed.open(stack)
        assert closed.prompt == "[shop x3 read-only] > "
        assert "refused by --read-only" in closed.enter("stop")
        closed.enter(":off web-2")
        assert closed.prompt == "[shop x2 of 3] > "
    assert closed.sent == NOTHING


@pytest.mark.parametrize(
    ("answer", "ends", "left"), [("n", "not sent\n", 1), ("y", "3 JVMs: 3 succeeded\n", 0)]
)
def test_a_reset_names_the_jvm_on_which_somebody_is_at_work(
    shop: Shop, answer: str, ends: str, left: int
) -> None:
    fake = shop.fakes["web-2"]
    fake.target.rate = 0.5
    session_id = post(fake.url, action="init_session")["sessionId"]
    post(fake.url, action="async_exec", sessionId=session_id, command=f"{WATCH} -n 100000")
    fake.wait_for(lambda: fake.jobs)
    said = shop.enter("reset")
    assert "these are still running, and a reset now would leave their classes enhanced:\n" in said
    assert f"  running  {WATCH} -n 100000\n" in said
    assert "web-2: " in said
    assert "web-1" not in said
    assert shop.questions == ["end them and run it on 3 JVMs? [y/N] "]
    said = shop.enter(answer)
    assert said.endswith(ends)
    assert ("web-2: ended 1 command first\n" in said) == (not left)
    assert len(fake.jobs) == left
    post(fake.url, action="close_session", sessionId=session_id)


def test_a_pipe_takes_what_all_have_answered(shop: Shop, tmp_path: Path) -> None:
    assert shop.enter("version | wc -l").startswith("2\n")
    file = tmp_path / "out"
    shop.enter(f"version > {file}")
    assert file.read_text() == "web-[1-3] (3 of 3)\n  4.1.5\n"
    lines = shop.enter("version | json").splitlines()
    assert sorted(json.loads(line)["target"] for line in lines[:3]) == list(NAMES)


def test_the_last_answer_is_one_document_with_each(shop: Shop, tmp_path: Path) -> None:
    shop.enter("version")
    document = json.loads(shop.enter(":json"))
    assert [each["target"] for each in document["targets"]] == list(NAMES)
    file = tmp_path / "saved.json"
    shop.enter(f":save {file}")
    assert json.loads(file.read_text()) == document


def test_formats_hold_for_many(shop: Shop) -> None:
    shop.enter(":format records")
    assert "TARGET" in shop.enter("thread")
    shop.enter(":format json")
    assert json.loads(shop.enter("version").splitlines()[0])["target"] in NAMES


def test_rounds_go_on_with_one_that_is_gone(shop: Shop) -> None:
    shop.fakes["web-2"].faults.next(cut_before_headers, times=math.inf)
    said = shop.enter(":every --times 2 100ms version")
    assert "round 2\n" in said
    assert "(2 of 3)\n  4.1.5\nweb-2: failed: " in said
    shop.fakes["web-2"].faults.clear()


def test_what_was_typed_before_is_run_again_on_all(shop: Shop) -> None:
    shop.enter("version")
    assert shop.enter("!!").startswith("version\nweb-[1-3] (3 of 3)\n")


def test_lines_of_the_profile_are_run_on_all(closed: Shop) -> None:
    closed.config.write_text(f'[defaults]\ninit = ["version"]\n{closed.config.read_text()}')
    with ExitStack() as stack:
        closed.open(stack)
        assert "web-[1-3] (3 of 3)\n  4.1.5\n" in closed.user.text


def test_ctrl_c_stops_a_stream_on_all(shop: Shop) -> None:
    slow_down(shop)
    run_endless(shop)
    shop.user.type(CTRL_C)
    shop.user.find_prompt()
    assert shop.running == [0, 0, 0]
    assert "3 JVMs: 3 stopped\n" in shop.user.text
    assert shop.enter("version").endswith(ALL_DID)


def test_a_second_ctrl_c_lets_go_and_stops_it_all_the_same(shop: Shop) -> None:
    slow_down(shop)
    run_endless(shop)
    shop.fakes["web-2"].faults.next(hang, action="interrupt_job", times=math.inf)
    shop.user.type(CTRL_C)
    requests = shop.fakes["web-2"].requests
    shop.user.wait_for(lambda: any(seen.action == "interrupt_job" for seen in requests))
    shop.user.type(CTRL_C)
    shop.user.find_prompt()
    assert "detached from 'watch' after" in shop.user.text
    shop.see_running(0)


def test_one_that_is_killed_does_not_end_the_others(shop: Shop) -> None:
    for fake in shop.fakes.values():
        fake.target.rate = 20.0
    run_endless(shop)
    shop.fakes["web-2"].end()
    seen = len(shop.user.text)
    shop.user.wait_for(lambda: "web-1 │ " in shop.user.text[seen:])
    shop.user.wait_for(lambda: "web-3 │ " in shop.user.text[seen:])
    assert not shop.user.is_at_prompt
    shop.user.type(CTRL_C)
    shop.user.find_prompt()
    assert "3 JVMs: 2 stopped, 1 without an answer\n" in shop.user.text
    del shop.fakes["web-2"]


def test_a_job_in_the_background_runs_on_all_and_comes_back(shop: Shop) -> None:
    slow_down(shop)
    assert f"[1] {WATCH}\n" in shop.enter(f"{WATCH} &")
    shop.see_running(3)
    assert f"[1] {WATCH} · running for " in shop.enter("jobs")
    assert shop.enter("version").endswith(ALL_DID)
    shop.user.begin("fg")
    shop.user.wait_for(lambda: not shop.user.is_at_prompt)
    shop.user.type(CTRL_Z)
    shop.user.see("still running; 'fg' brings it back")
    shop.enter("kill 1")
    shop.see_running(0)


def test_leaving_stops_the_jobs_on_all(shop: Shop) -> None:
    slow_down(shop)
    shop.enter(f"{WATCH} &")
    shop.see_running(3)
    assert "not left: 1 job still running" in shop.enter("quit")
    shop.user.type(f"quit{ENTER}")
    shop.user.wait_for(shop.user.has_ended.is_set)
    assert shop.running == [0, 0, 0]


def test_nothing_is_sent_to_another_jvm_behind_the_address_of_one(shop: Shop) -> None:
    shop.enter("version")
    shop.fakes["web-2"].restart("shop.Other")
    said = shop.enter("pwd")
    assert "web-2: the session is gone: the JVM may be another one now\n" in said
    assert shop.sent == {
        "web-1": ["version", "pwd"],
        "web-2": ["version"],
        "web-3": ["version", "pwd"],
    }


def test_compare_shows_what_differs_alone(shop: Shop) -> None:
    shop.fakes["web-2"].register(
        Command("pwd", lambda _call: [{"type": "pwd", "workingDir": "/opt/other"}, status(0)])
    )
    said = shop.enter(":compare pwd")
    assert "/opt/other" in said
    assert "1 differs · 0 equal\n" in said
    assert "none differs" in shop.enter(":compare version")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":compare", "missing the command to compare\n"),
        (":compare watch demo.MathGame run", "'watch' streams: it has no rows to compare\n"),
        (":compare version | json", "':compare' prints text, there is no JSON for it\n"),
    ],
)
def test_what_cannot_be_compared_is_not_sent(shop: Shop, line: str, said: str) -> None:
    assert said in shop.enter(line)
    assert shop.sent == NOTHING


def test_one_jvm_has_nothing_to_be_compared_with(shop: Shop) -> None:
    shop.enter(":on web-1")
    said = shop.enter(":compare version")
    assert "there is one JVM, and nothing to compare it with\nhint: run ':on all' first\n" in said


def test_names_of_targets_are_completed(shop: Shop) -> None:
    assert shop.complete(":on ") == [*NAMES, "all"]
    assert shop.complete(":off web-1 ") == ["web-2", "web-3"]
    assert shop.complete(":compare sysp") == ["sysprop"]


def test_what_stays_enhanced_is_said_of_each_and_reset_there(shop: Shop) -> None:
    for fake in shop.fakes.values():
        fake.target.tells_enhanced = True
    shop.enter(":off web-2")
    shop.enter(f"{WATCH} -n 1")
    shop.user.type(f"quit{ENTER}")
    shop.user.see("enhanced demo.MathGame: slower until you run 'reset'\n")
    shop.user.wait_for(lambda: shop.questions)
    shop.user.find_prompt()
    assert shop.questions == ["reset 1 class on 2 JVMs? [y/N] "]
    shop.user.type(f"y{ENTER}")
    shop.user.wait_for(shop.user.has_ended.is_set)
    assert [lines[-1:] for lines in shop.sent.values()] == [
        ["reset demo.MathGame"],
        [],
        ["reset demo.MathGame"],
    ]


def test_more_than_may_stream_at_once_are_told_how_to_be_fewer(closed: Shop) -> None:
    with ExitStack() as stack:
        closed.open(stack, fanout=2)
        said = closed.enter(WATCH)
        assert "hint: use ':on NAME…' to choose fewer, or start the shell with --fanout 3\n" in said
        assert closed.enter("version").endswith(ALL_DID)


def test_what_failed_on_each_leads_to_why_on_one(shop: Shop) -> None:
    said = shop.enter("watch demo.MathGame nosuch")
    assert "web-[1-3] (3 of 3): " in said
    assert "hint: ':on NAME' and then ':why' look for the reason" in said.replace("\n", " ")
    assert "3 JVMs: 3 failed\n" in said


def test_targets_lists_each_with_its_state(shop: Shop) -> None:
    shop.enter(":off web-1")
    shop.fakes["web-2"].faults.next(cut_before_headers, times=math.inf)
    head, *rows = shop.enter(":targets").splitlines()
    assert head.split() == ["TARGET", "STATE", "VERSION", "PID", "MS", "LAST", "ERROR"]
    assert rows[0].split()[:4] == ["web-1", "answers", "4.1.5", "4242"]
    assert rows[1].split()[:5] == ["*", "web-2", "gone", "4.1.5", "4242"]
    assert rows[2].split()[:5] == ["*", "web-3", "answers", "4.1.5", "4242"]
    shop.fakes["web-2"].faults.clear()
