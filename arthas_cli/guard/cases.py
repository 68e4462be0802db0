"""When an option or a value makes a command graver or milder than it is by itself.

The catalogue says so in words (`RiskCase`); here the same as conditions, under the same words. The
cases whose risk is that of an expression are not here: they follow from the kind of a value.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.line.scan import Word

    # Returns the place that makes the case, None where it is not given.
    Condition = Callable[[ParsedLine], Word | None]


def _has(*options: str) -> Condition:
    """Match where an option is given, under whichever of its names."""

    def find(parsed: ParsedLine) -> Word | None:
        found = (g.token for g in parsed.options if {g.option.short, g.option.long} & {*options})
        return next(found, None)

    return find


def _is(option: str, *values: str) -> Condition:
    """Match where an option is given with one of these values."""

    def find(parsed: ParsedLine) -> Word | None:
        given = (g for g in parsed.options if g.option.long == option)
        return next((g.token for g in given if g.value in values), None)

    return find


def _has_argument(number: int) -> Condition:
    """Match where there is an argument of that number, the first one being 0."""
    return lambda parsed: parsed.arguments[number] if len(parsed.arguments) > number else None


def _begins(*words: str) -> Condition:
    """Match where the first argument is one of these."""

    def find(parsed: ParsedLine) -> Word | None:
        first = parsed.arguments[:1]
        return first[0] if first and first[0].text in words else None

    return find


def _only(condition: Condition, arguments: int, *options: str) -> Condition:
    """Match as that does, with no more arguments and no other options: they might write a file."""

    def find(parsed: ParsedLine) -> Word | None:
        is_alone = len(parsed.arguments) <= arguments and all(
            given.option.long in options for given in parsed.options
        )
        return condition(parsed) if is_alone else None

    return find


def _opens_jdk(parsed: ParsedLine) -> Word | None:
    """`options unsafe true`; whatever is not plainly false counts as true."""
    words = [token.text.lower() for token in parsed.arguments[:2]]
    is_on = len(words) > 1 and words[0] == "unsafe" and words[1] != "false"
    return parsed.arguments[1] if is_on else None


# Command -> the words of a case in the catalogue -> its condition.
CASES: Mapping[str, Mapping[str, Condition]] = MappingProxyType(
    {
        "classloader": {"--load CLASS": _has("--load")},
        "jad": {"-d, --directory": _has("--directory")},
        "tt": {
            "-p, --play": _has("--play"),
            "-d, --delete, --delete-all": _has("--delete", "--delete-all"),
        },
        "retransform": {"-l": _only(_has("--list"), 0, "--list")},
        "options": {"with a value": _has_argument(1), "unsafe true": _opens_jdk},
        "sysprop": {"with a value": _has_argument(1)},
        "vmoption": {"with a value": _has_argument(1)},
        "logger": {"-l, --level": _has("--level")},
        "history": {"-c, --clear": _has("--clear")},
        "base64": {"-o, --output": _has("--output")},
        "profiler": {
            "status | list | actions | version | meminfo | getSamples": _only(
                _begins("status", "list", "actions", "version", "meminfo", "getSamples"),
                1,
            ),
            "execute | load": _begins("execute", "load"),
        },
        "vmtool": {
            "--action forceGc | interruptThread | mallocTrim": _is(
                "--action", "forceGc", "interruptThread", "mallocTrim"
            ),
            "--action getInstances | heapAnalyze | referenceAnalyze": _is(
                "--action", "getInstances", "heapAnalyze", "referenceAnalyze"
            ),
        },
        "jfr": {"status": _only(_begins("status"), 1, "--name", "--recording", "--state")},
    }
)

# Values of which a command has no others: an unknown one may do anything.
VALUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "vmtool": (
            *("getInstances", "heapAnalyze", "referenceAnalyze"),
            *("forceGc", "interruptThread", "mallocTrim", "mallocStats"),
        ),
        "profiler": (
            *("start", "resume", "stop", "dump", "dumpCollapsed", "dumpFlat", "dumpTraces"),
            *("status", "meminfo", "list", "version", "getSamples", "actions"),
            *("load", "execute"),
        ),
        "jfr": ("start", "status", "dump", "stop"),
    }
)

# The commands that end what everybody does, told even where nothing is asked.
ENDS_ALL = ("stop", "shutdown")

# What the commands do that are grave by themselves.
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "ognl": "it runs code in the target",
        "mc": "it compiles on the server and writes class files there",
        "redefine": "it replaces the code of loaded classes",
        "retransform": "it replaces the code of loaded classes",
        "dump": "it writes class files on the server",
        "heapdump": "it stops the whole JVM while it writes the heap to the server's disk",
        "reset": "it undoes the enhancements of everybody's commands",
        "tee": "it writes a file on the server",
        "profiler": "it starts or stops native sampling, or writes a file on the server",
        "vmtool": "it acts on the JVM through a native library",
        "stop": "it ends Arthas for everybody: all sessions and jobs, not only yours",
        "shutdown": "it ends Arthas for everybody: all sessions and jobs, not only yours",
        "classloader-metaspace": "it starts a recording in the JVM",
        "jfr": "it starts or stops a recording, or writes a file on the server",
    }
)
