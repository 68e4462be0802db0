"""A session: opened and welcomed, asked to start, pull and interrupt, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, faults
from support.table import each_row

from arthas_cli.catalogue.versions import parse_version
from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    CommandFailed,
    NoServer,
    NotArthas,
    Refused,
    SessionLost,
    TimedOut,
    TooOld,
    UnknownCommand,
)
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session, Welcome

from .conftest import (
    BUSY,
    FAILED_NULL,
    NO_JOB,
    NO_SESSION,
    OPENED,
    SCHEDULED,
    SUCCEEDED,
    connect,
    make_session,
    note,
    pulled,
)

if TYPE_CHECKING:
    from .conftest import Canned, Fields, MakeScript

WELCOME: Fields = {
    "type": "welcome",
    "jobId": 0,
    "version": "4.1.5",
    "pid": "4242",
    "mainClass": "demo.MathGame",
}
TIMED_OUT = TimedOut("no answer")


@each_row(
    ("text", "numbers"),
    [
        ("4.1.5", (4, 1, 5)),
        ("4.1.5-SNAPSHOT", (4, 1, 5)),
        ("3.4.6.1", (3, 4, 6, 1)),
        ("3.5rc2", (3, 5)),
        ("10.0", (10, 0)),
        ("unknown", ()),
        ("", ()),
    ],
)
def test_a_version_is_read_up_to_the_first_thing_that_is_no_number(
    text: str, numbers: tuple[int, ...]
) -> None:
    assert parse_version(text) == numbers


def test_an_opened_session_knows_what_the_server_says_of_itself(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)) as session:
        assert session.welcome == Welcome("4.1.5", "4242", "demo.MathGame")
        assert [known.id for known in fake.sessions] == [session.id]


def test_a_session_is_closed_after_its_with_block(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)):
        pass
    assert fake.sessions == []


def test_a_server_that_says_nothing_of_itself_is_taken_as_it_is(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled(note("Welcome to arthas!")), pulled()])
    assert Session.open(Server(script)).welcome == Welcome("", "", "")


def test_a_welcome_without_a_version_is_not_too_old(make_script: MakeScript) -> None:
    script = make_script(pull_results=[pulled({"type": "welcome", "pid": "1"})])
    assert Session.open(Server(script)).welcome == Welcome("", "1", "")


def test_a_server_before_3_4_6_is_too_old_and_its_session_is_closed() -> None:
    with FakeArthas(version="3.3.5") as fake:
        with pytest.raises(TooOld, match=r"the server is Arthas 3\.3\.5"):
            Session.open(connect(fake.url))
        assert fake.sessions == []


@pytest.mark.parametrize("version", ["3.4.6", "3.4.6-SNAPSHOT", "4.3.4"])
def test_a_server_from_3_4_6_on_is_taken(version: str) -> None:
    with FakeArthas(version=version) as fake, Session.open(connect(fake.url)) as session:
        assert session.welcome.version == version


@pytest.mark.parametrize(
    ("opened", "said"),
    [
        ({"state": "FAILED", "message": "no more sessions"}, "no more sessions"),
        ({"state": "SUCCEEDED", "sessionId": "s"}, "SUCCEEDED"),
    ],
)
def test_an_answer_that_names_no_session_is_not_of_arthas(
    make_script: MakeScript, opened: Fields, said: str
) -> None:
    with pytest.raises(NotArthas, match=f"the server did not open a session: {said}"):
        Session.open(Server(make_script(init_session=[opened])))


@pytest.mark.parametrize("error", [BadAnswer("cut off"), KeyboardInterrupt()], ids=repr)
def test_a_session_whose_welcome_fails_is_closed(
    make_script: MakeScript, error: BaseException
) -> None:
    script = make_script(init_session=[OPENED], pull_results=[error])
    with pytest.raises(type(error)):
        Session.open(Server(script))
    assert script.actions == ["init_session", "close_session"]


def test_a_command_that_is_started_has_a_job_id(make_script: MakeScript) -> None:
    assert make_session(make_script()).start("watch a b") == 7


def test_a_refusal_that_passes_is_not_told(make_script: MakeScript) -> None:
    script = make_script(async_exec=[BUSY, BUSY, SCHEDULED])
    assert make_session(script).start("version") == 7
    assert script.actions == ["async_exec"] * 3


def test_a_session_that_stays_busy_refuses(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.session._REFUSED_S", 0.1)
    with Session.open(connect(fake.url)) as session:
        fake.stick(session.id)
        with pytest.raises(Refused, match=r"Another job is running\."):
            session.start("version")


def test_two_parses_that_met_are_tried_once_more(make_script: MakeScript) -> None:
    script = make_script(async_exec=[FAILED_NULL, SCHEDULED], exec=[SUCCEEDED])
    assert make_session(script).start("version") == 7


def test_two_parses_that_meet_again_are_told(make_script: MakeScript) -> None:
    script = make_script(async_exec=[FAILED_NULL, FAILED_NULL], exec=[SUCCEEDED])
    with pytest.raises(CommandFailed, match="Async exec command failed:null"):
        make_session(script).start("version")


NOT_FOUND: Fields = {
    "state": "FAILED",
    "message": "Async exec command failed:java.lang.IllegalArgumentException:"
    " nosuch: command not found",
}
START_FAILURES: list[tuple[Canned, type[ArthasShellError], str]] = [
    (NO_SESSION, SessionLost, "the session is gone from the server"),
    ({"state": "FAILED", "message": "consumer not found: c"}, SessionLost, "the session is gone"),
    (NOT_FOUND, UnknownCommand, "the server has no command 'nosuch'"),
    ({"state": "FAILED", "message": "no"}, CommandFailed, "no"),
    ({"state": "FAILED"}, CommandFailed, "the server answered FAILED"),
    ({"state": "SCHEDULED"}, BadAnswer, "the answer says 'SCHEDULED' and lacks"),
    ({"state": "FAILED", "message": "'sessionId' is required"}, TooOld, "older than Arthas 3.4.6"),
    (NoServer("nothing listens there"), NoServer, "nothing listens there"),
]


@pytest.mark.parametrize(("answer", "kind", "message"), START_FAILURES, ids=str)
def test_a_command_that_is_not_started_says_why(
    make_script: MakeScript, answer: Canned, kind: type[ArthasShellError], message: str
) -> None:
    with pytest.raises(kind, match=message) as raised:
        make_session(make_script(async_exec=[answer])).start(" nosuch a")
    assert type(raised.value) is kind


def test_an_unknown_command_points_at_its_place_in_the_line(make_script: MakeScript) -> None:
    with pytest.raises(UnknownCommand) as raised:
        make_session(make_script(async_exec=[NOT_FOUND])).start(" nosuch a")
    assert (raised.value.line, raised.value.span) == (" nosuch a", (1, 7))


def test_an_evicted_session_is_lost(fake: FakeArthas) -> None:
    session = Session.open(connect(fake.url))
    fake.evict()
    with pytest.raises(SessionLost):
        session.start("version")


def test_an_interrupt_says_whether_something_ran(make_script: MakeScript) -> None:
    session = make_session(make_script(interrupt_job=[SUCCEEDED, NO_JOB]))
    assert (session.interrupt(), session.interrupt()) == (True, False)


def test_an_interrupt_without_an_answer_is_sent_again(make_script: MakeScript) -> None:
    script = make_script(interrupt_job=[TIMED_OUT, TIMED_OUT, SUCCEEDED])
    assert make_session(script).interrupt()
    assert script.timeouts["interrupt_job"] == 1


def test_an_interrupt_that_finds_no_job_after_one_without_an_answer_may_have_stopped_it(
    make_script: MakeScript,
) -> None:
    script = make_script(interrupt_job=[BadAnswer("cut off"), NO_JOB])
    assert make_session(script).interrupt()


def test_an_interrupt_that_is_never_answered_is_given_up(make_script: MakeScript) -> None:
    script = make_script(interrupt_job=[TIMED_OUT] * 9)
    with pytest.raises(TimedOut):
        make_session(script).interrupt()
    assert script.actions == ["interrupt_job"] * 5


def test_a_session_is_busy_while_a_job_runs_in_it(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)) as session:
        session.start("watch demo.MathGame primeFactors")
        assert session.is_busy()
        session.interrupt()
        assert not session.is_busy()


def test_a_session_is_freed_of_a_job_whose_parse_met_another(fake: FakeArthas) -> None:
    line = "watch demo.MathGame primeFactors"
    with Session.open(connect(fake.url)) as session:
        fake.target.parse_races = 1
        job_id = session.start(line)
        assert [(job.number, job.line) for job in fake.jobs] == [(job_id, line)]


def test_closing_a_session_interrupts_its_job(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)) as session:
        session.start("watch demo.MathGame primeFactors")
        assert len(fake.jobs) == 1
    assert (fake.jobs, fake.sessions) == ([], [])


def test_closing_a_session_that_is_gone_is_no_error(make_script: MakeScript) -> None:
    make_session(make_script(close_session=[NO_SESSION])).close()


def test_closing_a_session_of_a_server_that_is_gone_is_tried_once_and_no_error(
    make_script: MakeScript,
) -> None:
    script = make_script(close_session=[NoServer("gone")])
    make_session(script).close()
    assert script.actions == ["close_session"]


def test_a_close_that_is_not_answered_is_not_waited_for_long(make_script: MakeScript) -> None:
    script = make_script(close_session=[TIMED_OUT])
    make_session(script).close()
    assert script.timeouts["close_session"] == 1


def test_a_close_without_an_answer_is_sent_once_more(make_script: MakeScript) -> None:
    script = make_script(close_session=[BadAnswer("cut off"), NO_SESSION])
    make_session(script).close()
    assert script.actions == ["close_session"] * 2


def test_who_rejoins_has_another_consumer_of_the_same_session(fake: FakeArthas) -> None:
    with Session.open(connect(fake.url)) as session:
        before = session.consumer.id
        fake.expire_consumers()
        session.rejoin()
        assert session.consumer.id != before
        assert list(fake.sessions[0].queue.consumers) == [session.consumer.id]  # type: ignore[union-attr]
        assert len(fake.sessions) == 1


def test_who_rejoins_is_tuned_again(fake: FakeArthas) -> None:
    server = connect(fake.url, may_tune=True)
    with Session.open(server) as session:
        fake.expire_consumers()
        session.rejoin(limit=9_000)
        consumer = session.consumer
        assert (consumer.is_tuned, consumer.queue_size, consumer.batch_size) == (True, 9_100, 1)


def test_a_session_that_is_gone_cannot_be_rejoined(fake: FakeArthas) -> None:
    session = Session.open(connect(fake.url))
    fake.evict()
    with pytest.raises(SessionLost):
        session.rejoin()


def test_a_session_that_is_kept_alive_pulls_before_its_first_command(
    fake: FakeArthas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.session.pull._KEEP_ALIVE_S", 0.01)
    with Session.open(connect(fake.url)) as session:
        seen = len(fake.requests)
        session.consumer.loop.start()
        fake.wait_for(lambda: len(fake.requests) > seen)
        assert fake.requests[-1].action == "pull_results"


def test_an_answer_to_somebody_else_opens_no_session(fake: FakeArthas) -> None:
    fake.faults.next(faults.other_request, action="init_session")
    with pytest.raises(BadAnswer, match="the answer belongs to another request"):
        Session.open(connect(fake.url))
