"""What a line asks for, as far as its answer can belie it or say nothing of it.

Arthas writes some answers to its own terminal alone, and nothing of them over HTTP; of others it
says that they went well whatever came of them (tried on 4.1.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import LineError
from arthas_cli.line.profiler import find_caution

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.catalogue.model import Command
    from arthas_cli.catalogue.versions import Version
    from arthas_cli.line.parse import ParsedLine

# One of these beside `tt -w` gives it something to look at, or goes before it.
_TT_SUBJECTS = ("-t", "-p", "-l", "--delete-all", "-d", "-s", "-i")
_ACTION = "--action"
_TERMINAL_ONLY = "Arthas sends no results of '{}' over HTTP"
_TERMINAL = "run it in Arthas' own terminal; 'heapdump' writes all objects to a file"


class Silence(NamedTuple):
    """What it means that nothing comes: `{}` is the value of the option, or the words."""

    said: str
    hint: str = ""
    is_failure: bool = False


class Asked(NamedTuple):
    """What is held against the answer.

    `silence`: what no answer means, None where that is well. `last`: how many lines of a history.
    `listener`: whose results are wanted. `words`: what is no option. `caution`: what is to be known
    where all goes well. `depth`: how deep values are opened.
    """

    silence: Silence | None = None
    last: int | None = None
    listener: int | None = None
    words: tuple[str, ...] = ()
    caution: str = ""
    depth: int = 1


# By command and the option that asks, that of vmtool with its value; the first that fits.
_SILENCES = {
    ("vmtool", "forceGc"): Silence("the garbage collector has run; 'memory' shows what is left"),
    ("vmtool", "interruptThread"): Silence(
        "Arthas does not say whether there was such a thread; 'thread ID' shows it"
    ),
    ("vmtool", "heapAnalyze"): Silence(_TERMINAL_ONLY, _TERMINAL, is_failure=True),
    ("vmtool", "referenceAnalyze"): Silence(_TERMINAL_ONLY, _TERMINAL, is_failure=True),
    ("retransform", "--delete"): Silence(
        "there is no entry '{}'", "run 'retransform --list' to see them", is_failure=True
    ),
    ("classloader", "-c"): Silence(
        "there is no class loader '{}'", "run 'classloader -l' to see them", is_failure=True
    ),
    ("logger", "--name"): Silence("there is no logger '{}' of Log4j, Log4j 2 or Logback"),
    ("logger", ""): Silence("there is no logger of Log4j, Log4j 2 or Logback here"),
    ("history", "--clear"): Silence("the server's history is empty now"),
    ("mbean", ""): Silence("no MBean or attribute matches '{}'"),
    ("sc", ""): Silence("no loaded class matches '{}'"),
    ("sm", ""): Silence("no method of a loaded class matches '{}'"),
}


def read_asked(parsed: ParsedLine) -> Asked:
    """Return what the line asks for."""
    name, words = parsed.name.text, [token.text for token in parsed.arguments]
    listener, depth = parsed.find("--listenerId"), parsed.find("-x")
    return Asked(
        _find_silence(parsed),
        _read_number(words[0]) if name == "history" and words else None,
        _read_number(listener.value) if listener else None,
        tuple(words),
        find_caution(parsed),
        (_read_number(depth.value) if depth else None) or 1,
    )


def check_answer(parsed: ParsedLine, _command: Command, _version: Version) -> Iterator[LineError]:
    """Check that there will be an answer over HTTP: such a command walks the whole heap for it."""
    silence, action = _find_silence(parsed), parsed.find(_ACTION)
    if silence is not None and silence.hint == _TERMINAL and action is not None:
        span = action.value_token.span
        yield LineError(silence.said, line=parsed.line, span=span, hint=silence.hint)


def check_endless(parsed: ParsedLine, command: Command, _version: Version) -> Iterator[LineError]:
    """Check that a watched record is named: without it Arthas looks for one for ever."""
    watch = parsed.find("-w")
    if command.name != "tt" or watch is None or any(map(parsed.find, _TT_SUBJECTS)):
        return
    yield LineError(
        "'tt -w' without '-i' or '-s' never ends",
        line=parsed.line,
        span=watch.token.span,
        hint="add -i INDEX for one record, or -s EXPRESSION for those that match",
    )


def _find_silence(parsed: ParsedLine) -> Silence | None:
    for (command, wanted), silence in _SILENCES.items():
        if command != parsed.name.text:
            continue
        given = parsed.find(wanted if wanted.startswith("-") else _ACTION)
        words = " ".join(token.text for token in parsed.arguments)
        value = (given.value or "") if given else words
        if not wanted or (given and (wanted.startswith("-") or value == wanted)):
            return silence._replace(said=silence.said.format(value))
    return None


def _read_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() else None
