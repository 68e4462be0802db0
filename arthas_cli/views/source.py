"""Java source from `jad`: highlighted where colours are, else exactly the server's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import COMMENT, KEY, LABEL, NUMBER, STRING, TYPE, WORD
from arthas_cli.views.classes import loader_chain
from arthas_cli.views.lines import Block, labelled, plain_lines
from arthas_cli.views.read import get_row, get_text, get_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.style import Style

    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_STYLES: dict[str, Style] = {
    "Token.Comment": COMMENT,
    "Token.Keyword": WORD,
    "Token.Keyword.Type": TYPE,
    "Token.Literal.String": STRING,
    "Token.Literal.Number": NUMBER,
    "Token.Name.Class": TYPE,
    "Token.Name.Function": KEY,
    "Token.Name.Decorator": NUMBER,
}
_MAX_COLOURED = 1_000_000


def colour_java(source: str) -> Iterator[Segment]:
    """Yield the source in styled stretches, which put together are the source."""
    from pygments.lexers.jvm import JavaLexer

    for _, token, text in JavaLexer().get_tokens_unprocessed(source):
        kind = str(token)
        while kind not in _STYLES and "." in kind:
            kind = kind.rpartition(".")[0]
        yield Segment(text, _STYLES.get(kind))


def _source_lines(source: str, page: Page) -> Iterator[Line]:
    if not page.is_coloured or len(source) > _MAX_COLOURED:
        yield from plain_lines(source)
        return
    line: list[Segment] = []
    for text, style, _ in colour_java(source.removesuffix("\n")):
        first, *more = text.split("\n")
        line.append(Segment(first, style))
        for piece in more:
            yield tuple(line)
            line = [Segment(piece, style)]
    yield tuple(line)


def render_source(data: Row, page: Page) -> Block:
    """Draw a decompiled class; what `--source-only` left out is left out."""

    def lines() -> Iterator[Line]:
        info = get_row(data, "classInfo")
        facts = (
            ("class", get_text(info, "name")),
            ("classLoader", loader_chain(get_texts(info, "classloader"))),
            ("classLoaderHash", get_text(info, "classLoaderHash")),
            ("location", get_text(data, "location")),
        )
        known = [fact for fact in facts if fact[1]]
        if known:
            yield from labelled(known, page.width, LABEL)
            yield ()
        yield from _source_lines(get_text(data, "source"), page)

    return Block(lines())
