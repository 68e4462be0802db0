"""Correct lines made from a command's description: one for each of its options, and one without."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.catalogue.model import Argument, Command, Option

# A value of each kind that hits nothing in the target; of any other kind it is `nosuch`.
_VALUES = {
    "text": "1",
    "int": "1",
    "int:0-4": "1",
    "bytes": "1024",
    "size": "64k",
    "seconds": "1",
    "milliseconds": "100",
    "nanoseconds": "10000000",
    "duration": "20ms",
    "boolean": "true",
    "charset": "UTF-8",
    "class-pattern": "nosuch.Thing",
    "class-name": "nosuch.Thing",
    "classloader-class": "nosuch.Loader",
    "classloader-hash": "7fffffff",
    "file-path": "/nosuch/file",
    "directory": "/nosuch",
    "listener-id": "7",
    "ognl-express": "1",
    "condition-express": "1==2",
    "tt-index": "1",
    "thread-id": "1",
    "retransform-id": "7",
    "jfr-recording-id": "7",
    "line-numbers": "1,2",
}
# What makes a line run without harm and to an end, and what else its options need.
_BASES = {
    "dashboard": "dashboard -n 1 -i 100",
    "jfr": "jfr status",
    "mbean": "mbean -n 1 -i 100 nosuch:*",
    "profiler": "profiler status",
    "tt": "tt -t nosuch.Thing nosuch -n 1",
    "vmtool": "vmtool -a getInstances --className nosuch.Thing --limit 1",
    "monitor": "monitor -c 1 nosuch.Thing nosuch",
    "reset": "reset nosuch.Thing",
    "history": "history 1",
    "grep": "grep nosuch",
}


def make_lines(command: Command) -> Iterator[str]:
    """Yields the lines."""
    required = " ".join(_value_of(a) for a in command.arguments if a.is_required)
    base = _BASES.get(command.name) or f"{command.name} {required}".strip()
    yield base
    words = base.split()
    for option in command.options:
        for name in filter(None, (option.short, option.long)):
            if option.takes_value and not {option.short, option.long}.isdisjoint(words):
                continue  # it is in the base
            yield _insert(base, name, _value_of(option) if option.takes_value else None)


def _insert(base: str, name: str, value: str | None) -> str:
    """Returns the line with the option in front, where one of many values ends at a flag."""
    command, _, rest = base.partition(" ")
    given = name if value is None else f"{name}={value}"
    return f"{command} {given} {rest}".strip()


def _value_of(taker: Argument | Option) -> str:
    if taker.kind == "enum":
        return taker.enum[0]
    return _VALUES.get(taker.kind, "nosuch")
