"""The shell asks before dangerous commands and before what hits many classes; no is the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import Call, Command, FakeArthas, status
from support.table import each_row

from arthas_cli.client.client import Client
from arthas_cli.config.settings import Connection
from arthas_cli.errors import NotRun
from arthas_cli.fleet.member import Member
from arthas_cli.guard.patterns import ClassPattern
from arthas_cli.guard.policy import Confirm, Policy
from arthas_cli.session.server import Server
from arthas_cli.shell.jobs.consent import Consent, count_classes, describe_pattern
from arthas_cli.shell.jobs.link import Link
from arthas_cli.shell.jobs.links import Links
from arthas_cli.transport import open_transport

from .conftest import CTRL_C, CTRL_D, ENTER, open_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import User

STOP = "'stop' is dangerous: it ends Arthas for everybody: all sessions and jobs, not only yours\n"
MANY = "'java.*' matches 60 classes, more than -m 50: from Arthas 3.6.8 on, none is enhanced\n"
NOT_SENT = "not sent\n"


def list_sent(fake: FakeArthas) -> list[str]:
    """Returns the commands that came, but for those that tune the session or ask for help."""
    lines = [str(seen.body["command"]) for seen in fake.requests if "command" in seen.body]
    return [line for line in lines if not line.startswith(("ognl --classLoaderClass", "help"))]


class Asked:
    """Consent whose questions are answered from a list; what was said and asked is kept."""

    def __init__(self, fake: FakeArthas, policy: Policy, *answers: str) -> None:
        self.said: list[str] = []
        self.questions: list[str] = []
        self._answers = list(answers)
        server = Server(open_transport(Connection(fake.url), {}), policy=policy)
        links = Links([Member("", Client(server))], lambda _: Link(server, print, print))
        self.consent = Consent(links, self.said.append, self._ask)

    def _ask(self, question: str) -> str:
        self.questions.append(question)
        return self._answers.pop(0)


@pytest.mark.parametrize("answer", ["", "n", "no", "N", "yess", "%"])
def test_anything_but_yes_is_no(user: User, answer: str) -> None:
    assert user.enter("stop") == STOP
    assert user.enter(answer) == NOT_SENT
    assert list_sent(user.fake) == []
    assert user.enter("version") == "4.1.5\n"


@pytest.mark.parametrize("answer", ["y", "Y", " yes "])
def test_yes_runs_it(user: User, answer: str) -> None:
    user.fake.register(Command("heapdump", lambda _call: [status(0)]))
    user.enter("heapdump")
    user.enter(answer)
    assert list_sent(user.fake) == ["heapdump"]


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_ctrl_c_and_ctrl_d_are_no_and_the_shell_stays(user: User, key: str) -> None:
    user.enter("stop")
    user.type(key)
    user.see(NOT_SENT)
    assert user.enter("version") == "4.1.5\n"
    assert list_sent(user.fake) == ["version"]


def test_what_was_typed_before_the_question_is_no_answer_to_it_and_runs_behind_it(
    user: User,
) -> None:
    user.type(f"stop{ENTER}y{ENTER}version{ENTER}")
    user.see(STOP)
    user.find_prompt()
    user.type(ENTER)
    user.see(f"{NOT_SENT}arthas-shell: there is no command 'y'\n")
    user.see("4.1.5\n")
    assert list_sent(user.fake) == ["version"]


def test_the_rest_of_a_line_that_was_begun_before_the_question_is_no_answer_to_it(
    user: User,
) -> None:
    user.type(f"stop{ENTER}pwd ; ")
    user.see(STOP)
    user.find_prompt()
    user.enter("y")
    assert list_sent(user.fake) == []
    assert user.enter("n") == NOT_SENT
    user.wait_for(lambda: user.line == "pwd ; y")


def test_a_command_typed_at_the_question_is_no_and_stands_at_the_prompt(user: User) -> None:
    user.enter("stop")
    user.begin("version")
    user.see(NOT_SENT)
    user.wait_for(lambda: user.line == "version")
    assert user.enter("") == "4.1.5\n"


def test_ctrl_c_that_was_typed_before_the_question_drops_the_line(user: User) -> None:
    user.type(f"stop{ENTER}y{ENTER}{CTRL_C}version{ENTER}")
    user.see("4.1.5\n")
    assert list_sent(user.fake) == ["version"]


def test_ctrl_c_at_the_question_drops_the_lines_that_wait(user: User) -> None:
    user.type(f"stop{ENTER}version{ENTER}")
    user.see(STOP)
    user.find_prompt()
    user.type(CTRL_C)
    user.see(NOT_SENT)
    user.enter("pwd")
    assert list_sent(user.fake) == ["pwd"]


def test_a_refused_command_ends_a_sequence(user: User) -> None:
    user.enter("version ; stop ; version")
    user.enter("n")
    assert list_sent(user.fake) == ["version"]


@pytest.mark.parametrize("line", ["stop &", ":every --times 1 1s stop", "watch a b '@c@d()'"])
def test_it_is_asked_by_whichever_way_it_comes(user: User, line: str) -> None:
    assert " is dangerous: " in user.enter(line)
    assert user.enter("n") == NOT_SENT
    assert list_sent(user.fake) == []


def test_what_is_not_dangerous_is_not_asked_about(user: User) -> None:
    assert " is dangerous: " not in user.enter("reset")
    assert list_sent(user.fake) == ["reset"]


def test_read_only_stands_in_the_prompt_and_asks_nothing(fake: FakeArthas) -> None:
    with open_shell(fake, options={"read_only": True}) as user:
        user.find_prompt()
        assert "arthas-shell: 'stop' is refused by --read-only: " in user.enter("stop")
        assert user.session is not None
        assert list_sent(fake) == []
        assert not [seen for seen in fake.requests if "ognl" in str(seen.body.get("command"))]


def test_a_change_is_asked_about_where_that_is_wanted(fake: FakeArthas) -> None:
    asked = Asked(fake, Policy(confirm=Confirm.CHANGES), "y", "n")
    asked.consent.require("reset")
    with pytest.raises(NotRun):
        asked.consent.require("sysprop a b")
    assert asked.said == [
        "'reset' is a change: it undoes the enhancements of everybody's commands",
        "'sysprop' is a change: 'b': sets the property in the target",
    ]


def test_stop_says_what_it_ends_even_where_nothing_is_asked(fake: FakeArthas) -> None:
    asked = Asked(fake, Policy(confirm=Confirm.NEVER))
    for line in ("stop", "stop -h", "heapdump"):
        asked.consent.require(line)
    assert asked.said == ["it ends Arthas for everybody: all sessions and jobs, not only yours"]
    assert asked.questions == []


def test_a_production_target_wants_its_name_typed(fake: FakeArthas) -> None:
    asked = Asked(fake, Policy(production="shop-prod"), "shop-prod", "y", "shop")
    asked.consent.require("stop")
    for _ in range(2):
        with pytest.raises(NotRun):
            asked.consent.require("stop")
    assert asked.questions == ["type 'shop-prod' to run it: "] * 3


def test_what_the_line_holds_does_not_reach_the_terminal_as_it_is(fake: FakeArthas) -> None:
    asked = Asked(fake, Policy(), "y")
    asked.consent.require("'dep\x1b[2Jloy'")
    assert "\x1b" not in asked.said[0]


def have_classes(fake: FakeArthas, number: int) -> None:
    def search(call: Call) -> Iterator[dict[str, object]]:
        names = [f"java.C{n}" for n in range(number)]
        for segment, at in enumerate(range(0, number, 256)):
            yield {"type": "sc", "classNames": names[at : at + 256], "segment": segment}
        assert call.words[-1] == "java.*"
        yield {"type": "row_affect", "rowCount": number}

    fake.register(Command("sc", search))


def test_a_pattern_that_hits_many_classes_is_counted_and_asked_about(user: User) -> None:
    have_classes(user.fake, 60)
    assert user.enter("watch java.* * -n 1") == MANY
    said = user.enter("n")
    assert said == ("not sent; use a narrower pattern or the full class name\n")
    assert list_sent(user.fake) == ["sc -- java.*"]


def test_a_pattern_that_hits_few_is_not_asked_about(fake: FakeArthas) -> None:
    have_classes(fake, 50)
    asked = Asked(fake, Policy())
    asked.consent.require("trace java.* get")
    assert asked.questions == []


def test_a_class_by_its_name_is_not_even_counted(fake: FakeArthas) -> None:
    Asked(fake, Policy()).consent.require("trace java.util.HashMap get")
    assert fake.requests == []


def test_a_count_of_many_segments_is_whole(fake: FakeArthas) -> None:
    have_classes(fake, 1_000)
    server = Server(open_transport(Connection(fake.url), {}))
    assert count_classes(server, ClassPattern("java.*", "sc -- java.*")) == 1_000


@pytest.mark.parametrize(
    ("most", "number", "text"),
    [
        (
            50,
            51,
            "'a*' matches 51 classes, more than -m 50: from Arthas 3.6.8 on, none is enhanced",
        ),
        (500, 51, "'a*' matches 51 classes; each stays slower until you run 'reset'"),
        (50, None, "could not count the classes that match 'a*' within 10 s"),
    ],
)
def test_the_question_says_what_will_happen(most: int, number: int | None, text: str) -> None:
    assert describe_pattern(ClassPattern("a*", "sc -- a*", most), number) == text


@each_row(
    ("pattern", "count"),
    [
        (ClassPattern("a.*", ""), 2),
        (ClassPattern("a.B?", ""), 1),
        (ClassPattern("*", ""), 3),
        (ClassPattern("a.B", ""), 1),
        (ClassPattern("a[.]B+C?", "", is_regex=True), 2),
        (ClassPattern("a[", "", is_regex=True), None),
    ],
)
def test_names_that_are_known_are_counted_here(pattern: ClassPattern, count: int | None) -> None:
    assert pattern.count(["a.B", "a.BC", "xa.B"]) == count


def test_where_the_classes_are_known_the_target_is_spared(fake: FakeArthas) -> None:
    asked = Asked(fake, Policy(), "n")
    asked.consent.find_names = lambda: [f"java.C{number}" for number in range(60)]
    with pytest.raises(NotRun):
        asked.consent.require("watch java.* *")
    assert (asked.said, list_sent(fake)) == ([MANY.strip()], [])
