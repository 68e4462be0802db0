"""Names that are no command here: what they are called, and what is never proposed."""

from __future__ import annotations

import re

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.cli.commands import cli
from arthas_cli.line.familiar import FAMILIAR, list_harmless, suggest_command
from arthas_cli.shell.commands import COMMANDS as SHELL_COMMANDS

COMMANDS = load_commands()


@each_row(
    ("name", "said"),
    [
        ("top", "use 'dashboard' for an overview, or 'thread -n 5' for the busiest threads"),
        (
            "jstack",
            "use 'thread -n 10' for the stacks of the busiest threads, 'thread ID' for one",
        ),
        (
            "jmap",
            (
                "use 'memory' for how full the heap is; 'heapdump FILE' writes all of it to a file"
                " and stops the program meanwhile"
            ),
        ),
        ("jcmd", "use 'jvm', 'thread', 'memory', 'vmoption' or 'jfr', or 'help' for all there is"),
        ("jps", "use 'thread' for the threads of this JVM, 'jvm' for the JVM itself"),
        ("clear", "use 'cls', or Ctrl+L, for a clear screen"),
        ("cd", "use 'pwd' for the folder the JVM runs in; it cannot be changed"),
        ("exit()", "use 'quit', or Ctrl+D, to leave"),
        (":q", "use 'quit', or Ctrl+D, to leave"),
        ("tail", "put a program after a command: 'thread | tail …'"),
        ("info", "did you mean ':info'?"),
        (":evry", "did you mean ':every'?"),
        ("jbos", "did you mean 'jobs'?"),
        (":info", "put ':info' at the beginning of a line, without a pipe"),
        ("tread", "did you mean 'thread'?"),
        ("prof", "did you mean 'profiler'?"),
    ],
)
def test_at_the_prompt_a_name_is_answered_with_what_is_wanted(name: str, said: str) -> None:
    assert suggest_command(name, COMMANDS, SHELL_COMMANDS) == said


@pytest.mark.parametrize("name", [":info", ":infp", "jobs", "exit"])
def test_elsewhere_a_word_of_the_shell_is_said_to_be_one(name: str) -> None:
    said = f"start 'arthas-shell' and type '{name}' there: it is a command of the shell"
    assert suggest_command(name, COMMANDS) == said


@each_row("name", ["sopt", "stpo", "ogln", "redefin", "heapdmp", "sto"])
def test_what_is_dangerous_is_never_proposed(name: str) -> None:
    grave = [each for each in COMMANDS.values() if each.risk is Risk.DANGEROUS]
    said = suggest_command(name, COMMANDS, SHELL_COMMANDS)
    assert all(f"'{each.name}'" not in said for each in grave)


@each_row("name", ["head", "vim", "start", "du", "rm", "attach", "more", "dir"])
def test_what_merely_looks_a_little_like_it_is_not_proposed(name: str) -> None:
    assert "did you mean" not in suggest_command(name, COMMANDS, SHELL_COMMANDS)


def test_options_and_values_that_make_a_command_dangerous_are_not_proposed() -> None:
    assert list_harmless(COMMANDS["tt"], ["--play", "-p", "--list"]) == ["--list"]
    actions = ["forceGc", "getInstances", "mallocTrim"]
    assert list_harmless(COMMANDS["vmtool"], actions) == ["getInstances"]


def test_every_hint_names_what_there_is() -> None:
    quoted = re.findall(r"'([^']+)'", " ".join(FAMILIAR.values()))
    named = {line.split()[0] for line in quoted}
    assert named - COMMANDS.keys() - SHELL_COMMANDS.keys() == {"arthas-shell", "&"}
    assert "get" in cli.commands
