"""Many servers for a program: `connect_all`, and what each of them answered."""

from __future__ import annotations

import base64
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from support.fake import Command, FakeArthas

from arthas_cli import connect_all
from arthas_cli.errors import (
    CommandFailed,
    ConfigError,
    LineError,
    NoServer,
    NotRun,
    ReadOnly,
    Unconfirmed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


GONE = "http://127.0.0.1:1"
USED = """
import sys
from arthas_cli import connect_all
with connect_all(sys.argv[1:]) as fleet:
    assert [answer.results[0].type for answer in fleet.run("version").values()] == ["version"] * 2
    with fleet.stream("watch demo.MathGame primeFactors -n 2") as hits:
        assert len([hit for hit in hits if hit.type == "watch"]) == 4
heavy = {"click", "prompt_toolkit", "rich", "requests", "urllib3", "ClusterShell", "yaml"}
print(sorted(heavy & set(sys.modules)))
"""


@pytest.fixture
def fakes() -> Iterator[list[FakeArthas]]:
    with ExitStack() as stack:
        yield [stack.enter_context(FakeArthas(version=one)) for one in ("4.1.5", "3.6.4")]


@pytest.fixture
def urls(fakes: list[FakeArthas]) -> list[str]:
    return [fake.url for fake in fakes]


def test_a_command_gives_the_answer_of_each_and_all_results_with_their_target(
    urls: list[str],
) -> None:
    with connect_all(urls) as fleet:
        answers = fleet.run("version")
    assert list(answers) == list(fleet.names) == urls
    assert [answers[url].results[0].data["version"] for url in urls] == ["4.1.5", "3.6.4"]
    assert {one.target: one.data["version"] for one in answers.results} == {
        urls[0]: "4.1.5",
        urls[1]: "3.6.4",
    }
    assert (answers.outcome.lost, answers.outcome.error, answers.failed) == (0, None, {})
    answers.raise_failure()


def test_one_target_has_the_same_form(urls: list[str]) -> None:
    with connect_all([urls[0], urls[0]]) as fleet:
        assert fleet.names == (urls[0],)
        assert [one.target for one in fleet.run("version").results] == [urls[0]]
        assert fleet.urls == {urls[0]: urls[0]}


def test_who_fails_is_told_and_the_others_answer(urls: list[str]) -> None:
    with connect_all([urls[0], GONE, urls[1]]) as fleet:
        answers = fleet.run("version")
    assert [len(answer.results) for answer in answers.values()] == [1, 0, 1]
    assert {name: type(error) for name, error in answers.failed.items()} == {GONE: NoServer}
    assert answers[GONE].outcome.error is answers.failed[GONE] is answers.outcome.error
    with pytest.raises(NoServer, match=r"nothing listens on 127\.0\.0\.1:1"):
        answers.raise_failure()


def test_a_command_that_fails_on_one_is_its_failure(
    fakes: list[FakeArthas], urls: list[str]
) -> None:
    fakes[1].register(Command("jvm", lambda _: [{"type": "status", "statusCode": -1}]))
    with connect_all(urls) as fleet:
        answers = fleet.run("jvm")
    assert {name: type(error) for name, error in answers.failed.items()} == {urls[1]: CommandFailed}
    assert answers[urls[0]].results


def test_a_stream_hands_out_the_hits_of_all_with_their_targets(urls: list[str]) -> None:
    with (
        connect_all([*urls, GONE]) as fleet,
        fleet.stream("watch demo.MathGame primeFactors -n 3") as hits,
    ):
        seen = [hit.target for hit in hits if hit.type == "watch"]
        assert {url: seen.count(url) for url in urls} == dict.fromkeys(urls, 3)
        assert {name: one.lost for name, one in hits.outcomes.items() if name != GONE} == (
            dict.fromkeys(urls, 0)
        )
        assert list(hits.failed) == [GONE]
        with pytest.raises(NoServer):
            hits.raise_failure()


def test_leaving_a_stream_stops_it_on_all(fakes: list[FakeArthas], urls: list[str]) -> None:
    with connect_all(urls) as fleet:
        with fleet.stream("watch demo.MathGame primeFactors") as hits:
            begun: set[str] = set()
            while begun != set(urls):
                begun.add(next(hits).target)
        assert [fake.sessions for fake in fakes] == [[], []]


def test_leaving_the_fleet_stops_a_stream_that_still_runs(
    fakes: list[FakeArthas], urls: list[str]
) -> None:
    with connect_all(urls) as fleet:
        next(fleet.stream("watch demo.MathGame primeFactors"))
    assert [fake.sessions for fake in fakes] == [[], []]


def test_an_interrupted_stream_ends_on_all_with_its_last_results(urls: list[str]) -> None:
    with connect_all(urls) as fleet, fleet.stream("watch demo.MathGame primeFactors") as hits:
        next(hits)
        hits.interrupt()
        for _ in hits:
            pass
    assert {one.state for one in hits.outcomes.values()} <= {"INTERRUPTED", None}


@pytest.mark.parametrize(
    ("line", "error"),
    [("wacth a.B c", LineError), ("reset", ReadOnly), ("ognl '@a.B@c()'", ReadOnly)],
)
def test_what_is_wrong_or_not_allowed_is_sent_to_none(
    fakes: list[FakeArthas], urls: list[str], line: str, error: type[Exception]
) -> None:
    with connect_all(urls, read_only=True) as fleet, pytest.raises(error):
        fleet.run(line)
    asked = [seen.body.get("command") for fake in fakes for seen in fake.requests]
    assert line not in asked


@pytest.fixture
def config(fakes: list[FakeArthas], tmp_path: Path) -> str:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[profiles.shop]\nurl = "{fakes[0].url}"\nproduction = true\n'
        f'[profiles.db]\nurl = "{fakes[1].url}"\n[groups]\nboth = ["shop", "db"]\n'
        'wrong = ["web[2-1]:1"]\n'
    )
    return str(path)


def test_what_is_dangerous_wants_the_name_of_each_production(
    fakes: list[FakeArthas], config: str
) -> None:
    with connect_all(["both"], config=config) as fleet, pytest.raises(Unconfirmed, match="shop"):
        fleet.run("stop")
    assert [fake.requests for fake in fakes] == [[], []]


def test_a_stream_over_more_than_the_fan_out_is_refused(
    fakes: list[FakeArthas], urls: list[str]
) -> None:
    with connect_all(urls, fanout=1) as fleet:
        with pytest.raises(NotRun, match="at most 1 JVMs may"):
            fleet.stream("watch demo.MathGame primeFactors")
        assert [fake.requests for fake in fakes] == [[], []]
        assert len(fleet.run("version").results) == 2


@pytest.mark.parametrize(
    ("targets", "error", "message"),
    [
        ([], NotRun, "^there are no targets$"),
        ((), NotRun, "^there are no targets$"),
        ([""], NotRun, "^there is no profile or group ''$"),
        (["nobody"], NotRun, "^there is no profile or group 'nobody'$"),
        (["both", "web[3-1]:1"], NotRun, r"^'web\[3-1\]:1': '\[3-1\]' is not a range$"),
        (["wrong"], ConfigError, r"the group 'wrong': 'web\[2-1\]:1': '\[2-1\]' is not a range$"),
        (["web:1", "http://a:b@c"], NotRun, "^an address must not contain a password$"),
    ],
)
def test_targets_that_cannot_be_understood_are_an_error(
    config: str, targets: list[str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        connect_all(targets, config=config)


def test_a_group_or_a_range_alone_needs_no_list(config: str) -> None:
    assert connect_all("both", config=config).names == ("shop", "db")
    assert connect_all("web[1-2]:1").names == ("web1:1", "web2:1")


@pytest.mark.parametrize("name", ["port", "profile", "on", "prot"])
def test_a_setting_that_many_do_not_have_is_an_error_that_names_it(name: str) -> None:
    with pytest.raises(TypeError, match=rf"^connect_all\(\) takes no '{name}'; it takes fanout, "):
        connect_all(["web:1"], **{name: "1"})


def test_a_password_goes_to_addresses_and_to_no_profile(
    fakes: list[FakeArthas], config: str
) -> None:
    with (
        FakeArthas(user="me", password="sesame") as guarded,
        connect_all(["both", guarded.url], config=config, username="me", password="sesame") as all_,
    ):
        assert all_.run("version").failed == {}
        sent = {seen.headers.get("authorization") for seen in guarded.requests}
    assert sent == {f"Basic {base64.b64encode(b'me:sesame').decode()}"}
    others = [seen.headers for fake in fakes for seen in fake.requests]
    assert others
    assert not any("authorization" in headers for headers in others)


def test_using_it_loads_nothing_heavy(urls: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", USED, *urls], capture_output=True, check=False
    )
    assert (done.stdout, done.stderr) == (b"[]\n", b"")
