"""Every way of bad input on the lists beside: a clear error, the right code, one JSON document."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, TypeVar

import pytest
from support.fake import FakeArthas
from support.program import shell
from support.raw_server import serve
from support.table import each_row

from . import answers, arguments, config, lines, shapes, streams, surroundings
from .rows import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sized

    from support.program import Ended
    from support.raw_server import Script

    from .arguments import Given
    from .config import Content
    from .rows import Row
    from .streams import Spoiled

T = TypeVar("T")
CONFIGS = [*config.FILES, *config.SYNTAX, *config.KEYS, *config.VALUES]
ARGUMENTS = [*arguments.OPTIONS, *arguments.NUMBERS, *arguments.ADDRESSES, *surroundings.VARIABLES]
ANSWERS = [
    *answers.STATUSES,
    *answers.HEADS,
    *answers.BODIES,
    *shapes.JSON,
    *shapes.SHAPES,
]
STREAMS = [*streams.SESSIONS, *streams.STARTS, *streams.PULLS]
WATCH = "watch demo.MathGame run -n 3"
LEAST = 200


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeArthas]:
    """A server for what is refused before it is sent; what it was asked is forgotten each time."""
    with FakeArthas() as fake:
        yield fake


@pytest.fixture
def questions(fake: FakeArthas) -> Iterator[FakeArthas]:
    """The server, which may be asked for nothing but its version and its help."""
    fake.requests.clear()
    yield fake
    asked = [str(seen.body.get("command")).split()[0] for seen in fake.requests]
    assert {seen.action for seen in fake.requests} <= {"exec"}
    assert set(asked) <= {"help", "version"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for before it is given up comes at once."""
    monkeypatch.setattr("arthas_cli.session.execute._GRACE_S", 0.05)
    monkeypatch.setattr("arthas_cli.session.session._REFUSED_S", 0.05)
    monkeypatch.setattr("arthas_cli.session.interrupt._END_AFTER_S", 0.05)
    monkeypatch.setattr("arthas_cli.session.pull._PAUSES_S", (0.001,))
    monkeypatch.setattr("arthas_cli.session.pull.AWAY_S", 0.01)


def each(rows: list[Row[T]]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Runs a test for each row, by its name."""
    return each_row("row", rows, ids=[row.name for row in rows])


def check(row: Row[T], run: Callable[..., Ended], name: str = "", where: str = "") -> None:
    """Checks a run as text and one as JSON; `where` is a place of this run alone."""
    row.check_text(place(run(), name, where))
    row.check_document(place(run("--json"), name, where))


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    families: tuple[Sized, ...] = (
        CONFIGS + config.USED,
        ARGUMENTS + arguments.COMMANDS + surroundings.STDIN,
        lines.LINES + lines.PIPED + lines.FORBIDDEN,
        ANSWERS + shapes.SLOW,
        STREAMS + streams.ENDLESS,
    )
    assert sum(len(family) for family in families) >= LEAST


@each(CONFIGS)
def test_a_configuration_that_cannot_be(row: Row[Content], tmp_path: Path) -> None:
    check_config(row, tmp_path)


@each(config.USED)
def test_a_profile_that_cannot_be_used(row: Row[Content], tmp_path: Path) -> None:
    check_config(row, tmp_path, "-P", "a")


def check_config(row: Row[Content], folder: Path, *options: str) -> None:
    path = write_config(row.given, folder)
    options = ("--config", str(path), *options)
    check(row, lambda *form: shell("exec", *form, *options, "version"), "FILE", str(path))


def write_config(content: Content, folder: Path) -> Path:
    path = Path(mkdtemp(dir=folder)) / "config.toml"
    if callable(content):
        content(path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o600)
    return path


@each(ARGUMENTS)
def test_arguments_and_variables_that_cannot_be(row: Row[Given]) -> None:
    check(row, lambda *form: run_given(row.given, form))


@each(arguments.COMMANDS)
def test_a_command_of_ours_that_cannot_be(row: Row[Given]) -> None:
    row.check_text(run_given(row.given, ()))


@each(surroundings.STDIN)
def test_what_cannot_be_on_stdin(row: Row[Given], questions: FakeArthas) -> None:
    check(row, lambda *form: run_given(row.given, form, ARTHAS_SHELL_URL=questions.url))


def run_given(given: Given, form: tuple[str, ...], **variables: str) -> Ended:
    first, *rest = given.arguments
    arguments = (first, *form, *rest)
    return shell(*arguments, stdin=given.stdin, **{**variables, **given.variables})


@each(lines.LINES)
def test_a_line_that_is_not_sent(row: Row[str], questions: FakeArthas) -> None:
    check(row, lambda *form: shell("exec", *form, "--url", questions.url, row.given))


@each(lines.PIPED)
def test_a_line_whose_local_part_cannot_be(row: Row[str], questions: FakeArthas) -> None:
    row.check_text(shell("exec", "--url", questions.url, row.given))


@each(lines.FORBIDDEN)
def test_a_line_that_changes_something_is_not_sent(row: Row[str], questions: FakeArthas) -> None:
    run = ("exec", "--read-only", "--url", questions.url)
    check(row, lambda *form: shell(*run, *form, row.given))


@each(ANSWERS)
def test_an_answer_that_is_none(row: Row[Script]) -> None:
    check_answer(row)


@each(shapes.SLOW)
def test_an_answer_that_does_not_come_in_time(row: Row[Script]) -> None:
    check_answer(row, "-t", "0.1")


def check_answer(row: Row[Script], *options: str) -> None:
    with serve(row.given) as server:
        run = ("exec", *options, "--url", server.url, "version")
        check(row, lambda *form: shell(*run, *form), "HOST", f"127.0.0.1:{server.port}")


@each(STREAMS)
def test_an_answer_in_the_life_of_a_stream_that_is_none(row: Row[Spoiled]) -> None:
    check_stream(row)


@each(streams.ENDLESS)
def test_a_stream_that_nothing_comes_of(row: Row[Spoiled]) -> None:
    check_stream(row, "-t", "0.3")


def check_stream(row: Row[Spoiled], *options: str) -> None:
    def run(*form: str) -> Ended:
        with FakeArthas() as fake:
            spoil(fake, row.given)
            ended = shell("exec", *options, *form, "--url", fake.url, WATCH)
            assert fake.sessions == []
        return ended

    check(row, run)


def spoil(fake: FakeArthas, how: Spoiled) -> None:
    fake.faults.next(lambda _: how.reply, times=math.inf, skip=how.skip, action=how.action)


def test_results_of_nobody_keep_no_stream_from_its_deadline() -> None:
    flood = streams.pulled("[1,null]")
    with FakeArthas() as fake:
        spoil(fake, flood)
        ended = shell("exec", "-o", "jsonl", "-t", "0.3", "--url", fake.url, WATCH)
    assert (ended.exit_code, ended.stdout[:7]) == (124, "1\nnull\n")
