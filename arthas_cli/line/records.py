"""The line that tells as text of what `tt` has recorded, for where its values cannot be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from arthas_cli.line.parse import ParsedLine

# What a `tt` is about that sends no records as they are.
_OTHERS = ("-w", "-d", "--delete-all")
_METHOD = 'clazz.name+"."+method.name'


def find_records_line(parsed: ParsedLine) -> str:
    """Return the line that names the methods of the records that a `tt` sends; else empty.

    Of a `tt -t` those are all that there are.
    """
    if parsed.name.text != "tt" or parsed.asks_help or any(map(parsed.find, _OTHERS)):
        return ""
    for name in ("-i", "-s"):
        given = parsed.find(name)
        if given is not None and given.value is not None:
            return f"tt {name} {quote_word(given.value)} -w '{_METHOD}'"
    return f"tt -s true -w '{_METHOD}'"
