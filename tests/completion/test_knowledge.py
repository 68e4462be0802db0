from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.completion.classes import list_classes
from arthas_cli.completion.facts import LIST_RECORDS, Topic
from arthas_cli.completion.knowledge import QUESTIONS, Knowledge
from arthas_cli.errors import NoServer, ServerError
from arthas_cli.line.parse import parse_line
from arthas_cli.line.plan import make_plan
from arthas_cli.session.ask import Answer
from arthas_cli.session.outcome import Outcome

from .conftest import ANSWERS, PATIENCE_S, Scripted, Teller, make_result

if TYPE_CHECKING:
    from arthas_cli.protocol import Result

    from .conftest import Silent


def test_only_reads_are_asked(teller: Teller, scripted: Scripted) -> None:
    for topic in Topic:
        teller.knowledge.want(topic, "a.B" if "{}" in _line(topic) else "", on_request=True)
    teller.wait()
    assert set(scripted.asked) == {_line(topic).replace("{}", "a.B") for topic in QUESTIONS}
    for line in {*scripted.asked} - {LIST_RECORDS}:
        parsed = parse_line(line, load_commands())
        assert parsed.command is not None
        assert parsed.command.risk is Risk.READS or line == "jfr status", line
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
        teller.knowledge.expire()
    assert scripted.asked == ["classloader -a"] * 2


def test_records_are_asked_for_without_what_their_calls_were_given() -> None:
    parsed = parse_line(LIST_RECORDS, load_commands())
    search, watch = parsed.find("-s"), parsed.find("-w")
    assert search is not None
    assert watch is not None
    assert (search.value, watch.value) == ("true", '"#"+clazz.name+"#"+method.name')
    assert [given.option.name for given in parsed.options] == ["search-express", "watch-express"]


def test_it_is_asked_again_after_the_command_that_changes_it(
    teller: Teller, scripted: Scripted
) -> None:
    for command in ("tt", "jfr"):
        teller.knowledge.want(Topic.TT_INDEX)
        teller.knowledge.want(Topic.SYSPROP)
        teller.wait()
        teller.knowledge.expire(command)
    teller.knowledge.want(Topic.TT_INDEX)
    assert scripted.asked == [LIST_RECORDS, "sysprop", LIST_RECORDS]


def test_what_a_new_answer_does_not_tell_is_no_more(teller: Teller, scripted: Scripted) -> None:
    teller.knowledge.learn(make_result("jfr", jfrOutput="Started recording 7. No limit"))
    assert list(teller.knowledge.find(Topic.RECORDING)) == ["7"]
    teller.wait()
    assert teller.knowledge.find(Topic.RECORDING) == {
        "9": ("My rec (running)",),
        "10": ("b duration=PT1M (stopped)",),
    }
    scripted.answers["jfr status"] = []  # "No available recordings."
    teller.knowledge.expire("jfr")
    teller.knowledge.want(Topic.RECORDING)
    teller.wait()
    assert teller.knowledge.find(Topic.RECORDING) == {}


def test_what_is_known_stays_where_the_end_of_an_answer_was_lost(
    teller: Teller, scripted: Scripted
) -> None:
    teller.knowledge.learn(make_result("jfr", jfrOutput="Started recording 7."))
    scripted.whole = False
    teller.knowledge.want(Topic.RECORDING)
    teller.wait()
    assert list(teller.knowledge.find(Topic.RECORDING)) == ["7", "9", "10"]


@pytest.mark.parametrize("version", [(), (3, 6, 4)])
def test_fields_are_not_asked_of_a_server_that_would_write_out_their_objects(
    teller: Teller, scripted: Scripted, version: tuple[int, ...]
) -> None:
    teller.version = version
    teller.knowledge.want(Topic.FIELD, "a.B", on_request=True)
    assert (teller.knowledge.waiting, scripted.asked) == (0, [])


@pytest.mark.parametrize("name", ["", "com.*", "a?", "a|b", "x\x1b"])
def test_methods_of_a_pattern_are_not_asked_for(
    teller: Teller, scripted: Scripted, name: str
) -> None:
    teller.knowledge.want(Topic.METHOD, name)
    assert (teller.knowledge.waiting, scripted.asked) == (0, [])


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
    assert knowledge.waiting


def test_an_error_costs_one_answer_and_no_more() -> None:
    def ask(line: str) -> Answer:
        if line == "sysprop":
            return Answer([], Outcome(error=NoServer("gone")))
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
        return Answer([], Outcome(error=ServerError("500")))

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
    assert "com.shop.Cart" in list_classes(scripted).own
    assert scripted.asked == ["classloader -a", "classloader -l", "classloader -a -c 1f"]


def test_classes_of_the_jdks_class_loaders_are_the_jdks_and_those_of_arthas_nobodys() -> None:
    def tell(loader: str, *names: str) -> Result:
        return make_result(
            "classloader", classSet={"classloader": {"name": loader}, "classes": [*names]}
        )

    answer = [
        tell("BootstrapClassLoader", "java.lang.String", "org.slf4j.Logger"),
        tell("jdk.internal.loader.ClassLoaders$PlatformClassLoader@4a", "java.sql.Driver"),
        tell("sun.misc.Launcher$ExtClassLoader@4a", "sun.util.Cldr"),
        tell("sun.reflect.DelegatingClassLoader@4a", "sun.reflect.Generated1"),
        tell(
            "AppClassLoader@1f",
            "com.taobao.arthas.agent334.AgentBootstrap",
            "com.sun.mail.Mail",
            "jdk.proxy2.$Proxy7",
            "javax.shop.A",
        ),
        tell("Web@2f", "org.slf4j.Logger"),
        tell("com.alibaba.arthas.deps.DynamicClassLoader@54", "com.alibaba.arthas.deps.OWG_1"),
    ]
    names = list_classes(lambda _: Answer(answer))
    assert names.own == {"com.sun.mail.Mail", "javax.shop.A", "org.slf4j.Logger"}
    assert names.jdk == {
        *("java.lang.String", "java.sql.Driver", "sun.util.Cldr"),
        *("sun.reflect.Generated1", "jdk.proxy2.$Proxy7"),
    }


def test_classes_of_other_jvms_are_asked_for_once_and_offered_too() -> None:
    elsewhere = Scripted()
    elsewhere.answers["classloader -a"] = [
        make_result(
            "classloader",
            classSet={"classloader": {"name": "Loader@1"}, "classes": ["com.other.Till"]},
        )
    ]

    def fail(line: str) -> Answer:
        raise NoServer(line)

    knowledge = Knowledge(
        Scripted(), pause=lambda _: None, list_others=lambda: [fail, elsewhere, elsewhere]
    )
    is_there = threading.Event()

    def look() -> None:
        if "com.other.Till" in knowledge.index.names:
            is_there.set()

    knowledge.on_news = look
    knowledge.want(Topic.CLASS)
    assert is_there.wait(PATIENCE_S)
    assert {"com.shop.Cart", "com.other.Till"} <= set(knowledge.index.names)
    assert set(elsewhere.asked) == {"classloader -a"}
