"""The arguments of the shell's own words, and their places for a caret."""

from __future__ import annotations

from arthas_cli.errors import LineError


def read_argument(line: str, *, most: int) -> str:
    """Return the first argument, empty where there is none.

    Raises:
        LineError: there are more than `most`.
    """
    name, *arguments = line.split()
    if len(arguments) > most:
        takes = "no argument" if most == 0 else "one argument"
        what, hint = f"'{name}' takes {takes}", f"run 'help {name}' for its usage"
        raise LineError(what, line=line, span=find_word(line, most + 1), hint=hint)
    return arguments[0] if arguments else ""


def find_word(line: str, number: int) -> tuple[int, int]:
    """Return the place of a word, the first one being number 0."""
    words = line.split(maxsplit=number)
    start = len(line) - len(words[number])
    return start, start + len(words[number].split(maxsplit=1)[0])
