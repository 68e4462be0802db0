"""What the server says of a failure gets a hint."""

from __future__ import annotations

from support.table import each_row

from arthas_cli.line.plan import Plan
from arthas_cli.session.advice import find_advice
from arthas_cli.session.outcome import Status, judge


@each_row(
    ("command", "said", "hint"),
    [
        ("jad", "No class found for: no.such.Shop$Cart", ""),  # the class loaders are asked
        ("dump", "No class found for: a.*", "use 'sc PATTERN' to find its name"),
        ("sysprop", "There is no property with the key a", "use 'sysprop' to list them all"),
        (
            "vmoption",
            'Error during setting vm option: VM option "X" does not exist',
            "use 'vmoption' to list those that it knows",
        ),
        (
            "getstatic",
            "getstatic: no matched static field was found",
            "use 'getstatic CLASS *' to list the static fields",
        ),
        ("tt", "Time fragment[9999] does not exist.", "use 'tt -l' to list the records"),
        (
            "logger",
            "Update logger level fail. Try to specify the classloader with the -c option.",
            "run 'logger' to see which loggers there are",
        ),
        ("heapdump", "heap dump error: File exists", "give another name: no file is overwritten"),
        (
            "heapdump",
            "heap dump error: heapdump file must have .hprof extention",
            "give a name that ends in '.hprof'",
        ),
        (
            "getstatic",
            "processing error",
            "start the JVM with '--add-opens' to read the fields of JDK classes",
        ),
        (
            "thread",
            "thread do not exist! id: 99",
            (
                "run 'thread' to list them; virtual ones are found from Java 21 and"
                " Arthas 3.5.1 on by"
                " vmtool --action getInstances --className java.lang.VirtualThread --limit -1"
                " --express 'instances"
                """.{#this.threadId()+" "+#this.getName()+" "+#this.getState()}' -x 2"""
            ),
        ),
        ("getstatic", "anything else", ""),
        ("vmtool", "processing error", ""),
    ],
)
def test_a_failure_has_the_hint_that_helps(command: str, said: str, hint: str) -> None:
    assert find_advice(command, said) == hint


def test_blanks_around_what_the_server_says_are_not_shown() -> None:
    error = judge(Plan("jad a.B", "jad"), Status(-1, " Found more than one class for: a.B "), 0)
    assert error is not None
    assert error.message == "Found more than one class for: a.B"
