"""An option that a command has not: why, and what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.versions import format_version, has_since
from arthas_cli.errors import UnknownOption
from arthas_cli.line.familiar import list_harmless
from arthas_cli.line.parse import name_as_typed, read_option
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from arthas_cli.catalogue.model import Command, Option
    from arthas_cli.catalogue.versions import Version
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.line.scan import Word


def make_unknown_option(
    parsed: ParsedLine, command: Command, token: Word, version: Version
) -> UnknownOption:
    """Return the error of an option that the command has not, with what may have been meant."""
    known = load_commands().get(command.name)
    found = read_option(known.options, token.text) if known else []
    late = next((option for option, _ in found if not has_since(version, option.since)), None)
    if late is not None:
        name = f"'{name_as_typed(late, token)}' of '{command.name}'"
        return UnknownOption(
            f"{name} was added in Arthas {late.since}; this server is {format_version(version)}",
            line=parsed.line,
            span=token.span,
            hint="leave it out, or attach a newer Arthas",
        )
    glued = next((o for o in command.options if _is_glued(o, parsed.line, token)), None)
    if glued is not None:
        hint = f"put '=' or a space after '{glued.long}'"
    elif found and found[0][0].long and not has_since(version, found[0][0].short_since):
        hint = f"before Arthas {found[0][0].short_since} it is '{found[0][0].long}' alone"
    else:
        names = [name for option in command.options for name in (option.short, option.long) if name]
        fallback = f"'help {command.name}' lists its options; after -- nothing is read as an option"
        hint = suggest(token.text, list_harmless(command, names), fallback)
    message = f"'{command.name}' has no option '{token.text}'"
    return UnknownOption(message, line=parsed.line, span=token.span, hint=hint)


def _is_glued(option: Option, line: str, token: Word) -> bool:
    """Return whether the value stands right behind the long name: `--express'1+1'`."""
    name = option.long or ""
    behind = token.start + len(name)
    is_name = bool(name) and option.takes_value and line.startswith(name, token.start)
    return is_name and line[behind : behind + 1] in ("'", '"')
