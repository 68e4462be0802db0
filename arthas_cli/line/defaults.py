"""Options that a command gets where the line does not give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.parse import parse_line
from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arthas_cli.catalogue.model import Command
    from arthas_cli.line.parse import Given, ParsedLine


def add_defaults(
    parsed: ParsedLine, defaults: Mapping[str, str], commands: Mapping[str, Command]
) -> str:
    """Return the line with those of its command's default options that it lacks.

    Args:
        parsed: the line as typed.
        defaults: options as they would be typed, by the command's name.
        commands: the catalogue.

    Raises:
        LineError: the options are none of the command's, or not only options; of a line made of
            the command and them.
    """
    options = defaults.get(parsed.name.text, "")
    if not options or parsed.asks_help or parsed.command is None:
        return parsed.line
    meant = parse_line(f"{parsed.name.text} {options}", commands)
    lacking = [given for given in meant.options if not _is_given(given, parsed)]
    words = [quote_word(word) for given in lacking for word in _list_words(given)]
    words += [quote_word(token.text) for token in (*meant.unknown, *meant.arguments)]
    at = parsed.name.end
    return " ".join([parsed.line[:at], *words]) + parsed.line[at:]


def _is_given(given: Given, parsed: ParsedLine) -> bool:
    return any(other.option is given.option for other in parsed.options)


def _list_words(given: Given) -> Iterator[str]:
    yield given.option.long or given.option.short or ""
    if given.value is not None:
        yield given.value
