"""Questions: what is typed before one stands there is no answer to it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from arthas_cli.shell.terminal.keyboard import take_typed
from arthas_cli.shell.terminal.output import Terminal
from arthas_cli.shell.terminal.question import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prompt_toolkit.input import PipeInput


class TypingOutlet(Terminal):
    """Types the next of these texts each time that a question begins."""

    def __init__(self, source: PipeInput, *texts: str) -> None:
        super().__init__()
        self._source = source
        self._texts = iter(texts)

    def begin(self) -> None:
        super().begin()
        self._source.send_text(next(self._texts))


class Plain(DummyOutput):
    """Keeps what is drawn."""

    def __init__(self, drawn: io.StringIO) -> None:
        self._drawn = drawn

    def write(self, data: str) -> None:
        self._drawn.write(data)


@pytest.fixture
def source() -> Iterator[PipeInput]:
    with create_pipe_input() as source, create_app_session(input=source, output=DummyOutput()):
        yield source


def list_left(source: PipeInput) -> list[str]:
    return [key.data for key in take_typed(source).keys]


def test_lines_typed_before_a_question_wait_for_the_prompt_however_long(source: PipeInput) -> None:
    source.send_text("x" * 3000 + "\ry\r")
    assert ask("sure? ", TypingOutlet(source, "n\r")) == "n"
    assert len(list_left(source)) == 3003


def test_the_rest_of_a_line_that_was_begun_waits_for_the_prompt(source: PipeInput) -> None:
    source.send_text("ver")
    assert ask("sure? ", TypingOutlet(source, "sion\r", "n\r")) == "n"
    assert "".join(list_left(source)) == "version"


@pytest.mark.parametrize(
    ("is_last", "what"),
    [(False, "it waits at the prompt"), (True, "it is dropped, the shell ends")],
)
def test_the_rest_of_a_line_is_promised_to_a_prompt_only_where_one_follows(
    *, source: PipeInput, is_last: bool, what: str
) -> None:
    drawn = io.StringIO()
    source.send_text("ver")
    with create_app_session(input=source, output=Plain(drawn)):
        terminal = TypingOutlet(source, "sion\r", "n\r")
        terminal.is_last = is_last
        ask("sure? ", terminal)
    assert what in drawn.getvalue()


def test_a_part_of_a_secret_typed_before_the_question_is_asked_for_anew_and_not_kept(
    source: PipeInput,
) -> None:
    source.send_text("sec")
    assert ask("password: ", TypingOutlet(source, "ret\r", "secret\r"), is_secret=True) == "secret"
    assert list_left(source) == []
