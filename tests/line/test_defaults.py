"""Options that a command gets where the line does not give them."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import LineError
from arthas_cli.line.defaults import add_defaults
from arthas_cli.line.parse import parse_line

COMMANDS = load_commands()
DEFAULTS = {"watch": "-x 2 -n 10 -b", "trace": "--skipJDKMethod 'false'"}


def complete(line: str) -> str:
    return add_defaults(parse_line(line, COMMANDS), DEFAULTS, COMMANDS)


@each_row(
    ("line", "sent"),
    [
        ("watch a.B m", "watch --expand 2 --limits 10 --before a.B m"),
        ("watch a.B m -x 3", "watch --limits 10 --before a.B m -x 3"),
        ("watch a.B m --limits=1 -bx1", "watch a.B m --limits=1 -bx1"),
        ("  watch  a.B m '{a}'", "  watch --expand 2 --limits 10 --before  a.B m '{a}'"),
        ("trace a.B m", "trace --skipJDKMethod false a.B m"),
        ("watch -h", "watch -h"),
        ("stack a.B m", "stack a.B m"),
        ("nosuch a", "nosuch a"),
    ],
)
def test_what_the_line_lacks_is_added_behind_the_name(line: str, sent: str) -> None:
    assert complete(line) == sent


def test_defaults_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(LineError):
        add_defaults(parse_line("jad a.B", COMMANDS), {"jad": "'--x"}, COMMANDS)
