"""What a line says beforehand of the costs that its results will tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.line.values import CONDITION

if TYPE_CHECKING:
    from arthas_cli.line.parse import ParsedLine

# Arthas takes the begin of a call off its stack whenever it sends something of it, and finds it
# there once (docs/protocol.md, 5.5).
_UNPAIRED = (
    ("-b", ("-e", "-f", "-s"), "with '-b' Arthas measures no cost at an exit: none is shown"),
    (
        "-f",
        ("-e", "-s"),
        "with '-f' beside '-e' or '-s' Arthas reports each exit twice: no cost is shown",
    ),
)


class Costs(NamedTuple):
    """What is known of the costs, in milliseconds.

    `least_ms`: calls that took less are not shown, by the condition. `untold`: why no cost at an
    exit is to be believed, empty where it is. `is_older`: calls were measured before the command.
    """

    least_ms: float = 0.0
    untold: str = ""
    is_older: bool = False


def read_costs(parsed: ParsedLine) -> Costs:
    """Return what the line of a command that enhances says of the costs."""
    untold = ""
    if parsed.name.text == "watch":
        for option, others, why in _UNPAIRED:
            if not untold and parsed.find(option) and any(map(parsed.find, others)):
                untold = why
    return Costs(_find_least(parsed), untold, parsed.find("--listenerId") is not None)


def _find_least(parsed: ParsedLine) -> float:
    arguments = parsed.command.arguments if parsed.command else ()
    for argument, token in zip(arguments, parsed.arguments, strict=False):
        if argument.kind == CONDITION and "#cost" in token.text:
            from arthas_cli.line.bounds import find_least_cost  # most lines need none

            return find_least_cost(token.text)
    return 0.0
