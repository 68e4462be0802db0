"""`profiler start`: what it takes and nothing ever writes.

The end of a run writes its profile, and takes the name and the format of the file itself. Those of
`start` are kept by what ends the run on its own (`--duration`, `--timeout`), or a round of it
(`--loop`), and by a recording, which is written as it runs (tried on 3.6.4 and 4.1.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.catalogue.model import Command
    from arthas_cli.catalogue.versions import Version
    from arthas_cli.line.parse import Given, ParsedLine

RECORDING = ".jfr"
_ENDS_ITSELF = ("--duration", "--timeout", "--loop")


def check_start(parsed: ParsedLine, command: Command, _version: Version) -> Iterator[LineError]:
    """Yields what is wrong with a start whose file, format or rounds would be written by nothing.

    Arthas 4.1.5 even names the file at the end, as if it had written it.
    """
    if command.name != "profiler" or [t.text for t in parsed.arguments[:1]] != ["start"]:
        return
    file, rounds = parsed.find("--file"), parsed.find("--loop")
    if rounds is not None and file is None:
        yield _make_error(
            parsed,
            rounds,
            "without '--file' no round of '--loop' is written",
            hint="add --file 'arthas-output/NAME-%t.html'",
        )
    if any(map(parsed.find, _ENDS_ITSELF)) or _is_recording(parsed):
        return
    for given in filter(None, (file, parsed.find("--format"))):
        name, value = given.option.long, quote_word(given.value or "")
        yield _make_error(
            parsed,
            given,
            f"'profiler stop' does not write what '{name}' of 'profiler start' says",
            hint=f"leave it out here and end the run with: profiler stop {name} {value}",
        )


def _is_recording(parsed: ParsedLine) -> bool:
    file, form = parsed.find("--file"), parsed.find("--format")
    names_one = file is not None and (file.value or "").endswith(RECORDING)
    return names_one or (form is not None and form.value == "jfr") or bool(parsed.find("--jfrsync"))


def _make_error(parsed: ParsedLine, given: Given, message: str, *, hint: str) -> LineError:
    span = (given.token.start, given.value_token.end)
    return LineError(message, line=parsed.line, span=span, hint=hint)
