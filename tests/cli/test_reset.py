"""`reset` and `stop` without a prompt while commands run: refused, or they are ended first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas, Target
from support.post import post
from support.program import shell

from .conftest import list_lines

if TYPE_CHECKING:
    from .conftest import Run

WATCH = "watch demo.MathGame run -n 100000"
REFUSED = (
    "arthas-shell: a command runs on what 'reset' would take back: 1 'watch demo.MathGame run -n"
    " 100000'\nhint: wait until that has ended, or use --yes reset to end it first: under a"
    " running command a class stays enhanced for good\n"
)
ENDED = "ended 1 command first\n"


@pytest.fixture
def busy(fake: FakeArthas) -> FakeArthas:
    """A server on which a colleague watches; nobody pulls, so it must not fill its queue."""
    fake.target.rate = 0.5
    session_id = post(fake.url, action="init_session")["sessionId"]
    post(fake.url, action="async_exec", sessionId=session_id, command=WATCH)
    fake.wait_for(lambda: fake.target.enhanced)
    return fake


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("exec", "reset"), ""),
        (("exec", "--raw", "reset demo.MathGame"), ""),
        (("exec", "--yes", "shop", "reset"), ""),
        (("exec", "--no-tune", "reset"), ""),
        (("exec", "reset | cat"), ""),
        (("run", "-"), "reset\nversion\n"),
        ((), "reset\n"),
    ],
)
def test_a_reset_while_a_command_runs_is_refused(
    run: Run, busy: FakeArthas, arguments: tuple[str, ...], stdin: str
) -> None:
    ended = run(*arguments, stdin=stdin)
    said = REFUSED + "in stdin:1\n" * bool(stdin)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (2, "", said)
    assert not [line for line in list_lines(busy) if line.startswith(("reset", "version"))]
    assert [job.line for job in busy.jobs] == [WATCH]


def test_the_refusal_has_its_kind(run: Run, busy: FakeArthas) -> None:
    document = run("exec", "--json", "reset").document
    assert (document["state"], document["error"]["kind"]) == (None, "unconfirmed")
    assert busy.target.enhanced == {"demo.MathGame"}


@pytest.mark.parametrize("variables", [{}, {"ARTHAS_SHELL_YES": "reset"}])
def test_confirmed_the_command_ends_before_the_reset(
    run: Run, busy: FakeArthas, variables: dict[str, str]
) -> None:
    ended = run("exec", *(() if variables else ("--yes", "reset")), "reset", **variables)
    assert (ended.exit_code, ended.stderr) == (0, ENDED)
    assert (busy.jobs, busy.target.enhanced) == ([], set())


def test_a_reset_of_other_classes_runs(run: Run, busy: FakeArthas) -> None:
    assert run("exec", "reset java.*").exit_code == 0
    assert [job.line for job in busy.jobs] == [WATCH]


def test_stop_ends_what_runs_before_it_resets(run: Run, busy: FakeArthas) -> None:
    ended = run("exec", "stop")
    assert (ended.exit_code, ended.stderr) == (0, ENDED)
    lines = list_lines(busy)
    assert next(at for at, line in enumerate(lines) if "#this.interrupt()" in line) < lines.index(
        "stop"
    )


def test_where_jobs_cannot_be_seen_the_reset_is_sent_with_a_warning() -> None:
    with FakeArthas(target=Target(is_closed=True)) as fake:
        ended = shell("exec", "--url", fake.url, "reset")
        assert (ended.exit_code, list_lines(fake)[-1]) == (0, "reset")
    assert ended.stderr == (
        "warning: it cannot be seen here whether commands are running; if one is, its class stays"
        " enhanced until you run 'jad CLASS' after that command has ended\n"
    )


def test_a_confirmed_reset_that_took_nothing_back_names_what_does(run: Run) -> None:
    ended = run("exec", "--yes", "reset", "reset")
    note = "if a class is still enhanced after this, run 'jad CLASS': that restores its code\n"
    assert (ended.exit_code, ended.stderr) == (0, note)
