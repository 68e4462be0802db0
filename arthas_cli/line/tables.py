"""Which lines are answered with a table, as far as that can be told before they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arthas_cli.line.parse import ParsedLine

# An argument, of any kind, has the command answer otherwise.
_ARGUMENT = "ARGUMENT"
# The commands that answer with a table, and with what they do not.
_TABLES: dict[str, tuple[str, ...]] = {
    "classloader": ("-t", "--load"),
    "classloader-metaspace": (),
    "dump": (),
    "help": (_ARGUMENT,),
    "history": (),
    "jvm": (),
    "line": (),
    "logger": ("--level",),
    "mbean": ("-m",),
    "mc": (),
    "memory": (),
    "monitor": (),
    "options": (),
    "perfcounter": (),
    "retransform": (_ARGUMENT, "-d", "--deleteAll", "--classPattern"),
    "sc": ("-d",),
    "sm": ("-d",),
    "stack": (),
    "sysenv": (),
    "sysprop": (),
    "thread": (_ARGUMENT, "-b"),
    "trace": (),
    "tt": ("-i", "-d", "--delete-all"),
    "vmoption": (),
    "watch": (),
}


def is_table(parsed: ParsedLine) -> bool:
    """Return whether the answer may be a table: that of an unknown command may be anything."""
    name = parsed.name.text
    if parsed.command is None:
        return True
    spoilers = _TABLES.get(name)
    if spoilers is None or parsed.asks_help:
        return False
    has_argument = bool(parsed.arguments) and _ARGUMENT in spoilers
    return not has_argument and not any(map(parsed.find, spoilers))
