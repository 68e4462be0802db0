"""How a profile begins: what the start takes and nothing ever writes, and what it does later.

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
    """Yield what is wrong with a start whose file, format or rounds would be written by nothing.

    Arthas 4.1.5 even names the file at the end, as if it had written it.
    """
    if command.name != "profiler" or find_action(parsed) != "start":
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
            f"Arthas ignores '{name}' when a run starts",
            hint=f"give it to the end of the run instead: profiler stop {name} {value}",
        )


def find_action(parsed: ParsedLine) -> str:
    """Return what the profiler is to do."""
    return parsed.arguments[0].text if parsed.arguments else ""


def ends_run(parsed: ParsedLine) -> bool:
    """Return whether the line ends a run."""
    if parsed.name.text != "profiler" or parsed.asks_help:
        return False
    words = [token.text.partition(",")[0] for token in parsed.arguments]
    return words[:1] == ["stop"] or words[:2] == ["execute", "stop"]


def find_file(parsed: ParsedLine) -> str:
    """Return the name that the line gives to a profile, empty where it gives none."""
    file = parsed.find("--file") if parsed.name.text == "profiler" else None
    return (file.value or "") if file is not None else ""


def find_caution(parsed: ParsedLine) -> str:
    """Return what a start does to the end of its run or a later one; empty where nothing."""
    if find_action(parsed) != "start":
        return ""
    if parsed.name.text == "jfr" and parsed.find("--filename") and not parsed.find("--duration"):
        return "'jfr stop' writes to another file, named by the time, without a '--filename'"
    if parsed.name.text != "profiler":
        return ""
    if parsed.find("--duration"):
        return (
            "the run ends by itself; stopping it early does not cancel the timer, which then ends"
            " whatever run is active when it is due"
        )
    if parsed.find("--timeout"):
        return (
            "the run ends by itself; end the next one with 'profiler stop --file NAME', for after"
            " '--timeout' Arthas writes nothing without it"
        )
    return ""


def _is_recording(parsed: ParsedLine) -> bool:
    file, kind = parsed.find("--file"), parsed.find("--format")
    names_one = file is not None and (file.value or "").endswith(RECORDING)
    return names_one or (kind is not None and kind.value == "jfr") or bool(parsed.find("--jfrsync"))


def _make_error(parsed: ParsedLine, given: Given, message: str, *, hint: str) -> LineError:
    span = (given.token.start, given.value_token.end)
    return LineError(message, line=parsed.line, span=span, hint=hint)
