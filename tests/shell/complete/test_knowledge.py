from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.errors import NoServer, ServerError
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.shell.complete.asking import Answer
from arthas_cli.shell.complete.classes import list_classes
from arthas_cli.shell.complete.facts import Topic
from arthas_cli.shell.complete.knowledge import QUESTIONS, Knowledge

from .conftest import ANSWERS, Teller, make_result

if TYPE_CHECKING:
    from .conftest import Scripted, Silent


def test_only_reads_are_asked(teller: Teller, scripted: Scripted) -> None:
    for topic in Topic:
        teller.knowledge.want(topic, "a.B" if "{}" in _line(topic) else "")
    teller.wait()
    assert set(scripted.asked) == {_line(topic).format("a.B") for topic in QUESTIONS}
    for line in scripted.asked:
        parsed = parse_line(line, load_commands())
        assert parsed.command is not None
        assert parsed.command.risk is Risk.READS, line
        assert not parsed.unknown, line
        assert len(parsed.arguments) <= 1, line  # `sysprop a b` would set it
        assert not make_plan(parsed).is_stream, line


def _line(topic: Topic) -> str:
    return QUESTIONS[topic].line if topic in QUESTIONS else ""


def test_what_is_known_is_not_asked_again(teller: Teller, scripted: Scripted) -> None:
    for _ in range(3):
        teller.knowledge.find(Topic.METHOD, "com.shop.Cart")
        teller.wait()
    assert scripted.asked == ["sm -d com.shop.Cart"]


def test_it_is_asked_again_after_a_refresh(teller: Teller, scripted: Scripted) -> None:
    for _ in range(2):
        teller.knowledge.want(Topic.CLASS)
        teller.wait()
        teller.knowledge.refresh()
    assert scripted.asked == ["classloader -a"] * 2


@pytest.mark.parametrize("name", ["", "com.*", "a?", "a|b", "x\x1b"])
def test_methods_of_a_pattern_are_not_asked_for(
    teller: Teller, scripted: Scripted, name: str
) -> None:
    teller.knowledge.want(Topic.METHOD, name)
    assert (teller.knowledge.is_asking, scripted.asked) == (False, [])


def test_nothing_is_asked_while_it_is_off(teller: Teller, scripted: Scripted) -> None:
    teller.knowledge.is_on = False
    assert teller.knowledge.find(Topic.SYSPROP) == {}
    assert scripted.asked == []


def test_typing_goes_on_while_the_server_does_not_answer(silent: Silent) -> None:
    knowledge = Knowledge(silent)
    assert knowledge.find(Topic.SYSPROP) == {}
    assert knowledge.find(Topic.METHOD, "a.B") == {}
    knowledge.learn(make_result("sysprop", props={"user.dir": "/x"}))
    assert list(knowledge.find(Topic.SYSPROP)) == ["user.dir"]
    assert knowledge.is_asking


def test_an_error_costs_one_answer_and_no_more() -> None:
    def ask(line: str) -> Answer:
        if line == "sysprop":
            raise NoServer("gone")
        return Answer(ANSWERS[line])

    teller = Teller(ask)
    teller.knowledge.want(Topic.SYSPROP)
    teller.knowledge.want(Topic.VMOPTION)
    teller.wait()
    assert list(teller.knowledge.find(Topic.VMOPTION)) == ["HeapDumpPath"]


def test_a_server_that_answers_with_http_500_is_asked_no_more() -> None:
    asked: list[str] = []

    def ask(line: str) -> Answer:
        asked.append(line)
        raise ServerError("500")

    teller = Teller(ask)
    teller.knowledge.want(Topic.SYSPROP)
    teller.knowledge.want(Topic.VMOPTION)
    teller.wait()
    assert asked == ["sysprop"]


def test_there_is_a_pause_between_two_questions() -> None:
    pauses: list[float] = []
    teller = Teller(lambda line: Answer(ANSWERS[line]))
    teller.knowledge = Knowledge(lambda line: Answer(ANSWERS[line]), pause=pauses.append)
    teller.knowledge.on_news = teller._tell  # noqa: SLF001 - the same wait for another one
    for topic in (Topic.SYSPROP, Topic.ENV, Topic.MBEAN):
        teller.knowledge.want(topic)
    teller.wait()
    assert len(pauses) <= 2
    assert all(pause > 0 for pause in pauses)


def test_too_many_classes_for_one_answer_are_asked_for_by_loader(scripted: Scripted) -> None:
    scripted.whole = False
    assert "com.shop.Cart" in list_classes(scripted)
    assert scripted.asked == ["classloader -a", "classloader -l", "classloader -a -c 1f"]
