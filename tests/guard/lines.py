"""Lines of every command with every option of the catalogue, and which of them may change.

What may change something is written down here a second time, by hand and by words alone, so that
the guard is not measured by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.catalogue.model import Argument, Command, Option

CALL = "@System@exit(1)"

# Command -> the options with which it changes something; all other commands change something.
HARMLESS: dict[str, tuple[str, ...]] = {
    "help": (),
    "auth": (),
    "keymap": (),
    "sc": (),
    "sm": (),
    "classloader": ("--load",),
    "jad": ("-d", "--directory"),
    "getstatic": (),
    "monitor": (),
    "stack": (),
    "thread": (),
    "trace": (),
    "watch": (),
    "line": (),
    "tt": ("-p", "--play", "-d", "--delete", "--delete-all"),
    "jvm": (),
    "memory": (),
    "perfcounter": (),
    "dashboard": (),
    "july": (),
    "thanks": (),
    "options": (),
    "cls": (),
    "version": (),
    "session": (),
    "sysprop": (),
    "sysenv": (),
    "vmoption": (),
    "logger": ("-l", "--level"),
    "history": ("-c", "--clear"),
    "cat": (),
    "base64": ("-o", "--output"),
    "echo": (),
    "pwd": (),
    "mbean": (),
    "grep": (),
}
# Harmless in these forms alone.
FORMS = (
    *("retransform -l", "retransform --list"),
    *(f"profiler {action}" for action in ("status", "list", "actions", "version", "meminfo")),
    "profiler getSamples",
)
# `jfr status` with these alone.
JFR = ("-n", "--name", "-r", "--recording", "--state")
# A second argument sets what the first one names.
SETTERS = ("options", "sysprop", "vmoption")


def may_change(line: str) -> bool:
    """Says whether a line of `list_lines`, or what we add to it, may change something."""
    name, *words = line.split(" ")
    if CALL in line:
        return True
    if words in (["-h"], ["--help"]):
        return name not in load_commands()
    options = [word.partition("=")[0] for word in words]
    if name == "jfr":
        rest = re.sub(rf"(?<!\S)({'|'.join(JFR)})[ =]\S+", "", line).split()
        return rest != ["jfr", "status"]
    if name not in HARMLESS:
        return line not in FORMS
    return any(option in HARMLESS[name] for option in options) or (
        name in SETTERS and len([word for word in words if not word.startswith("-")]) > 1
    )


def list_lines() -> list[str]:
    """Returns the lines: each option of each command in each of its names, and each value."""
    lines = (line for command in load_commands().values() for line in _list_lines(command))
    return list(dict.fromkeys(lines))


def _list_lines(command: Command) -> Iterator[str]:
    name = command.name
    yield from (name, f"{name} -h", f"{name} --help")
    for argument in _list_rows(command.arguments):
        yield f"{name} {argument}"
    for option in command.options:
        rows = _list_rows(command.arguments)
        rows = [row for n, row in enumerate(rows) if n in (0, len(rows) - 1) or CALL in row]
        for text in _list_forms(option):
            yield f"{name} {text}"
            yield from (f"{name} {argument} {text}" for argument in rows)
            if not option.is_multi:  # which would take the arguments for its values
                yield from (f"{name} {text} {argument}" for argument in rows)


def _list_rows(arguments: tuple[Argument, ...]) -> list[str]:
    """Returns one argument, two, …, each row with each value of its last one."""
    rows, before = [], ""
    for argument in arguments:
        values = _list_values(argument.kind)
        rows += [f"{before}{value}" for value in values]
        before += f"{values[0]} "
    return rows


def _list_forms(option: Option) -> list[str]:
    names = [name for name in (option.short, option.long) if name]
    if not option.takes_value:
        return names
    values = _list_values(option.kind)
    forms = [f"{name} {value}" for name in names for value in values]
    return forms + [f"{name}={value}" for name in names for value in (values[0], values[-1])]


def _list_values(kind: str) -> list[str]:
    """Returns values of that kind, those that act last."""
    if kind.endswith("-express"):
        return ["{params}", CALL]
    if kind == "arthas-option":
        return ["unsafe"]
    if kind == "enum":
        return [
            *("status", "start", "stop", "dump", "resume", "list", "version", "meminfo"),
            *("getSamples", "actions", "load", "execute", "getInstances", "forceGc"),
            *("interruptThread", "mallocTrim", "heapAnalyze", "brandNew"),
        ]
    if kind.endswith("path") or kind == "directory":
        return ["/a/b"]
    return ["true"] if kind in ("boolean", "arthas-option-value") else ["1"]
