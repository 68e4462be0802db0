"""What to say of a name that is no command: what it is called here, or which one is nearest.

People type what their system, the JDK and other shells have taught them. What merely looks alike
would mislead (`jstack` is no `stack`), and what is dangerous is never proposed.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arthas_cli.catalogue.model import Command

_BUSY = "use 'dashboard' for an overview, or 'thread -n 5' for the busiest threads"
_STACKS = "use 'thread -n 10' for the stacks of the busiest threads, 'thread ID' for one"
_THREADS = "use 'thread' for the threads of this JVM, 'jvm' for the JVM itself"
_SIZES = "use 'memory' for how full the heap is, 'dashboard' for the collections too"
_DUMP = (
    "use 'memory' for how full the heap is; 'heapdump FILE' writes all of it to a file and stops"
    " the program meanwhile"
)
_FLAGS = "use 'vmoption' for the flags of this JVM, 'sysprop' for its properties"
_MANY = "use 'jvm', 'thread', 'memory', 'vmoption' or 'jfr', or 'help' for all there is"
_FILES = "use 'sc PATTERN' for classes, 'arthas-shell get' (here ':get') for the files of Arthas"
_FOLDER = "use 'pwd' for the folder the JVM runs in; it cannot be changed"
_SOURCE = "use 'jad CLASS' for its source, 'sm -d CLASS' for its methods"
_RECORD = "use 'profiler start', then 'profiler stop' for where the time is spent"
_LEAVE = "use 'quit', or Ctrl+D, to leave"
_HELP = "use 'help' for what there is, 'help COMMAND' for one"

FAMILIAR: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("top", "htop"), _BUSY),
        **dict.fromkeys(("jstack", "pstack", "bt", "threads", "threaddump"), _STACKS),
        **dict.fromkeys(("ps", "jps"), _THREADS),
        **dict.fromkeys(("jstat", "gc", "free", "heap", "mem", "vmstat"), _SIZES),
        **dict.fromkeys(("jmap", "hprof"), _DUMP),
        **dict.fromkeys(("jinfo", "flags"), _FLAGS),
        **dict.fromkeys(("env", "printenv"), "use 'sysenv' for the variables of this JVM"),
        **dict.fromkeys(("props", "properties"), "use 'sysprop' for the properties of this JVM"),
        "jcmd": _MANY,
        "javap": _SOURCE,
        **dict.fromkeys(("perf", "async-profiler"), _RECORD),
        **dict.fromkeys(("clear", "cl"), "use 'cls', or Ctrl+L, for a clear screen"),
        **dict.fromkeys(("ls", "ll", "dir", "find"), _FILES),
        **dict.fromkeys(("cd", "pushd"), _FOLDER),
        **dict.fromkeys(
            # `\q` is read as `q`.
            ("q", ":q", ":q!", ":wq", ":x", ":quit", ":exit", "exit()", "quit()", "bye", "logout"),
            _LEAVE,
        ),
        "bg": "use Ctrl+Z while a command runs, or '&' behind it; 'fg' shows it again",
        **dict.fromkeys(("man", "usage", "commands"), _HELP),
    }
)


# Typed at the prompt alone, as in the terminal of Arthas: the server's `help` has them as well.
_AT_PROMPT = frozenset({"quit", "exit", "q", "jobs", "fg", "kill", "cls"})


def suggest_command(name: str, known: Iterable[str], own_words: Iterable[str] = ()) -> str:
    """Return the hint for a name that is no command; empty where there is nothing to propose.

    `known`: names of commands. `own_words`: those of the shell, none where nobody types at it.
    """
    from arthas_cli.line.glued import PROGRAMS

    own = frozenset(own_words)
    if f":{name}" in own:
        return f"did you mean ':{name}'?"
    if not own and (name in _AT_PROMPT or name.startswith(":")):
        return f"start 'arthas-shell' and type '{name}' there: it is a command of the shell"
    if name in FAMILIAR:
        return FAMILIAR[name]
    if name in own:
        return f"put '{name}' at the beginning of a line, without a pipe"
    if name in PROGRAMS:
        return f"put a program after a command: 'thread | {name} …'"
    return suggest(name, [*own, *filter(_is_harmless, known)])


def list_harmless(command: Command, words: Iterable[str]) -> list[str]:
    """Return those of a command's options or values that do not make it dangerous."""
    grave = (case.when for case in command.risk_cases if case.risk == Risk.DANGEROUS)
    named = {word for when in grave for word in when.replace(",", " ").split()}
    return [word for word in words if word not in named]


def _is_harmless(name: str) -> bool:
    command = load_commands().get(name)
    return command is None or not (
        command.risk is Risk.DANGEROUS or command.is_tty_only or command.is_hidden
    )
