"""Results that are a word, a text or a few facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.text import strip_ansi
from arthas_cli.theme import ERROR, GOOD, LABEL, TITLE
from arthas_cli.views.classes import rows_of
from arthas_cli.views.lines import Block, fold_text, labelled, plain_lines
from arthas_cli.views.read import get_number, get_row, get_rows, get_text
from arthas_cli.views.table import Column, TableView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row


def text_of(key: str) -> Callable[[Row, Page], Block]:
    """Return a view that is the text of one field, exactly; a result without it is nothing."""

    def render(data: Row, page: Page) -> Block:
        del page
        text = get_text(data, key)
        return Block(plain_lines(text) if text else ())

    return render


def render_message(data: Row, page: Page) -> Block:
    """Draw a message of the server, without its own colours."""
    del page
    message = strip_ansi(get_text(data, "message"))
    return Block(plain_lines(message) if message else ())


def render_status(data: Row, page: Page) -> Block:
    """Draw the end of a command if there is anything to say of it."""
    del page
    message, code = strip_ansi(get_text(data, "message")), get_number(data, "statusCode")
    if message:
        return Block(plain_lines(message, ERROR if code else None))
    if code:
        return Block(plain_lines(f"failed with status {get_text(data, 'statusCode')}", ERROR))
    return Block(())


COMMANDS = TableView(
    columns=(Column("NAME", "name", style=GOOD), Column("DESCRIPTION", "summary")),
    rows=rows_of("commands"),
)


def render_command_help(data: Row, page: Page) -> Block:
    """Draw `help COMMAND`."""
    return Block(_help_lines(get_row(data, "detailCommand"), page.width))


def _help_lines(command: Row, width: int | None) -> Iterator[Line]:
    yield from labelled((("usage:", get_text(command, "usage").strip()),), width, LABEL)
    if get_text(command, "summary"):
        yield from ((Segment(line),) for line in fold_text(get_text(command, "summary"), width))
    if get_text(command, "description"):
        yield ()
        yield from plain_lines(get_text(command, "description").rstrip("\n"))
    for title, pairs in (("arguments", _arguments(command)), ("options", _options(command))):
        if pairs:
            yield ()
            yield (Segment(title, TITLE),)
            yield from labelled(pairs, width, GOOD, indent=2)


def _arguments(command: Row) -> list[tuple[str, str]]:
    return [
        (
            get_text(argument, "argName"),
            ("required" if argument.get("required") is True else "optional")
            + (", several" if argument.get("multiValued") is True else ""),
        )
        for argument in get_rows(command, "arguments")
    ]


def _options(command: Row) -> list[tuple[str, str]]:
    pairs = []
    for option in get_rows(command, "options"):
        short, long = get_text(option, "shortName"), get_text(option, "longName")
        name = ", ".join(text for text in (short and f"-{short}", long and f"--{long}") if text)
        value = " <value>" if option.get("acceptValue") is True else ""
        pairs.append((name + value, get_text(option, "description")))
    return pairs
