"""docs/shell.md: the commands and keys of the shell, from the tables that it runs by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.shell.commands import COMMANDS
from arthas_cli.shell.commands.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = """\
# The shell

Type any command of Arthas as it is; `help` lists them all. This page holds what the shell adds.
It is made from the tables that the shell runs by: `:help NAME` and `:keys` show the same.

The prompt completes commands, options and values: classes by the humps of their names (`usi` finds
UserServiceImpl), methods with their parameters, threads, class loaders, properties. It learns names
in the background and never waits for the network. The bar below shows the syntax of the command you
type, its risk and the keys. A mistake is underlined before Enter, and refused with its place.

Paste `a.b.C#m`, a frame of a stack trace or a line of `trace` after `watch`: it becomes class and
method. Of a whole stack trace the first frame of your program is taken, and Tab takes another. Of
lines copied from a terminal only the commands are left. Pasted lines wait for Enter. Lines
entered while a command runs are run after it; Ctrl+C drops them and says so.
"""
_ON_MANY = """\
## On many JVMs

`arthas-shell --on shop` opens the shell on a group, `--on A --on B` on those two (see
[many JVMs](many-jvms.md) for what may be named). What you type goes to all of them: equal answers
are shown once under the names that gave them, tables get a column TARGET, streams are merged with
the name before each hit. Pipes, files, `&`, `fg`, `:every`, `:json` and the history go on as with
one. The prompt says where lines go, `[shop ×12] ❯`; `:on web-3 web-4` narrows that, `:off web-7`
leaves one out, `:on all` takes all of them in again, and on one alone everything is as in a shell
on that JVM. `:targets` lists them with state, version, pid and last error. `:compare sysprop` shows
only what differs.

One that is gone is marked in the prompt and asked again in the background; the others go on. A
dangerous line is asked about once, with the number of JVMs; one production profile among them makes
it production, and one that is read-only makes all of them so while it is on. What stays enhanced is
said of each when you leave.
"""
_IN_A_LINE = (
    ("COMMAND &", "run in the background, three at once"),
    ("A ; B", "run B after A, unless A fails"),
    (
        "A | PROGRAM",
        "pipe the results to a local program: `watch … | jq .cost`",
    ),
    ("A > FILE, A >> FILE", "write or append to a local file: `jad --source-only A > A.java`"),
    ("!!, !7, !-2", "the last line, line 7, the last but one"),
    ("%2", "bring job 2 to the foreground"),
)


def make_shell_page() -> str:
    """Returns docs/shell.md."""
    commands = [
        (
            command.usage or name,
            "<br>".join(map(_write_detail, (command.summary, *command.details))),
        )
        for name, command in COMMANDS.items()
    ]
    tables = {"in a line": _IN_A_LINE, "commands": commands}
    tables |= {f"keys {where}": keys for where, keys in KEYS.items()}
    return "\n".join(
        [_HEAD, _ON_MANY, *(_write_table(title, rows) for title, rows in tables.items())]
    )


def _write_table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    is_typed = not title.startswith("keys")
    lines = [
        f"| {_write_code(name) if is_typed else name} | {_escape(text)} |\n" for name, text in rows
    ]
    return f"## {title.capitalize()}\n\n| | |\n|---|---|\n{''.join(lines)}"


def _write_code(names: str) -> str:
    return ", ".join(f"`{_escape(name)}`" for name in names.split(", "))


def _write_detail(text: str) -> str:
    """Returns a line of help; a name before its column stands as code."""
    return re.sub(r"^(\S+) {2,}", r"`\1`: ", text)


def _escape(text: str) -> str:
    return text.replace("|", "\\|")
