"""What the pod's Java says when it could not put Arthas into a JVM, read into errors."""

from __future__ import annotations

import re

from arthas_cli.errors import AttachFailed
from arthas_cli.text import one_line

_DEBUG = "see docs/getting-there.md for a debug container that brings a JDK"
_SAID = 200
_CAUSE = re.compile(r"(Exception|Error)\b(?!, exception)")
# What is in its words -> what that means, and what to do.
_FAILURES = (
    (
        "com/sun/tools/attach",
        "the Java of {name} is a JRE without the module jdk.attach, so it cannot start Arthas",
        _DEBUG,
    ),
    (
        "does not support the attach mechanism",
        "JVM {pid} in {name} runs with -XX:+DisableAttachMechanism",
        "restart it without that option",
    ),
    (
        "Unable to open socket file",
        "JVM {pid} in {name} does not answer",
        "it may hang, or be stopped; try again when it is less busy",
    ),
    (
        "Dynamic agent loading is not enabled",
        "JVM {pid} in {name} runs with -XX:-EnableDynamicAgentLoading",
        "restart it without that option",
    ),
    (
        "instrument",
        "JVM {pid} in {name} has no module java.instrument, without which no agent runs",
        "give the application a Java with that module",
    ),
    (
        "the copy is not whole",
        "the files of Arthas did not come whole to {name}",
        "check the connection to the cluster, and try again",
    ),
)


def explain_start(said: str, name: str, pid: int) -> AttachFailed:
    """Return why Arthas was not started; `name`: of the container, `pid`: of the JVM in it."""
    for sign, message, hint in _FAILURES:
        if sign in said:
            return AttachFailed(message.format(name=name, pid=pid), hint=hint)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    cause = [line for line in lines if _CAUSE.search(line)] or lines[-1:]
    what = f": {one_line(cause[0])[:_SAID]}" if cause else ""
    return AttachFailed(f"the Java of {name} could not start Arthas{what}", hint="")
