"""`:get`: files of the server's output folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.interrupts import LeaveNow
from arthas_cli.line.tokens import tokenize
from arthas_cli.shell.context import ShellCommand
from arthas_cli.transport.folder import FOLDER, normalise_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.config.settings import Connection
    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.shell.context import ShellContext

_FORCE = ("-f", "--force")
_HINT = "use ':get' to list the files, ':get [-f] NAME [FILE]' to fetch one"


def run_get(context: ShellContext, line: str) -> None:
    """List the files of the server, or fetch one; raises as `get`."""
    get(line, context.find_connection(), context.diagnostics, context.say)


def get(
    line: str, connection: Connection, diagnostics: Diagnostics, say: Callable[[str], None]
) -> None:
    """List the files of the server, or fetch the one that the line names.

    Ctrl+C leaves no part of a file.

    Raises:
        ArthasShellError: the line is wrong, or the file does not come.
    """
    from arthas_cli.download import Wish, format_listing, get_file
    from arthas_cli.transport.files import list_files

    tokens = tokenize(line)[1:]
    overwrites = bool(tokens) and tokens[0].text in _FORCE
    match [token.text for token in tokens[overwrites:]]:
        case [] if not overwrites:
            _list(format_listing(list_files(connection)), say)
        case [folder] if folder.endswith("/"):
            _list(format_listing(list_files(connection, normalise_name(folder))), say)
        case [name, *target] if len(target) <= 1:
            wish = Wish(name, target[0] if target else None, overwrites)
            try:
                get_file(connection, diagnostics, wish)
            except LeaveNow:
                raise
            except KeyboardInterrupt:
                diagnostics.note(f"stopped; no part of '{name}' was kept")
        case _:
            span = (0, len(line)) if len(tokens) < len(_FORCE) else tokens[-1].span
            raise LineError("wrong arguments for ':get'", line=line, span=span, hint=_HINT)


def _list(lines: list[str], say: Callable[[str], None]) -> None:
    for line in lines or [f"{FOLDER} is empty"]:
        say(line)


GET = ShellCommand(
    "list the files in arthas-output, or fetch one",
    run_get,
    ":get [-f] [NAME [FILE]]",
    ("an existing file is kept; use -f to replace it",),
    needs_one=True,
)
