"""Arthas as a Java agent: what it is told, and whether its server answers.

That it was loaded proves nothing: it says so too where its port is taken (docs/protocol.md, 8.2).
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from arthas_cli.attach.acting import call_as
from arthas_cli.attach.distribution import AGENT_JAR, CORE_JAR
from arthas_cli.attach.hotspot import ask_jvm
from arthas_cli.attach.inside import HOST
from arthas_cli.attach.listeners import is_let_in
from arthas_cli.errors import AttachFailed
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from arthas_cli.attach.process import Process
    from arthas_cli.config.credentials import Credentials

_PATH_SIGNS = "/-_.~"
_STARTED_S, _PAUSE_S = 10.0, 0.05
_CODE = re.compile(r"return code: (-?\d+)")
_LOG = "logs/arthas/arthas.log"
_MAX_LINES, _MAX_LINE, _TAIL = 5, 200, 8192
# What a JVM's answer has in it -> what that means, and what to do (docs/protocol.md, 8.2).
_REFUSALS = (
    (
        "return code: 100",
        "cannot read the jars of Arthas",
        "name a folder that its user can read, with --arthas-home",
    ),
    ("return code: 102", "threw an error in the agent of Arthas", "see the JVM's stderr for it"),
    (
        "Dynamic agent loading is not enabled",
        "runs with -XX:-EnableDynamicAgentLoading",
        "restart it without that option",
    ),
    (
        "instrument",
        "has no module java.instrument, without which no agent runs",
        "give the application a Java with that module",
    ),
)


def make_arguments(home: str, port: int, credentials: Credentials) -> str:
    """Return what the agent is told; it decodes percent signs before it takes that apart.

    One port, of the loopback address, where everybody needs the password.
    """
    settings = {
        "httpPort": port,
        "telnetPort": -1,
        "ip": HOST,
        "username": credentials.username,
        "password": credentials.password,
        "localConnectionNonAuth": "false",
    }
    core = quote(f"{home}/{CORE_JAR}", safe=_PATH_SIGNS)
    return ";".join([core, *(f"{key}={value}" for key, value in settings.items()), ""])


def load_agent(process: Process, home: str, port: int, credentials: Credentials) -> None:
    """Put Arthas into the JVM, and wait until it answers on the port.

    `home`: its folder, as the JVM sees it.

    Raises:
        NotPermitted: it is another user's JVM.
        AttachFailed: it refuses agents, or Arthas does not come up in it.
    """
    arguments = make_arguments(home, port, credentials)
    said = ask_jvm(process, "load", "instrument", "false", f"{home}/{AGENT_JAR}={arguments}")
    failure = explain_answer(said.replace(credentials.password, "***"), process.pid)
    if failure is not None:
        raise failure
    until = time.monotonic() + _STARTED_S
    while time.monotonic() < until:
        if is_let_in(process, port, credentials):
            return
        time.sleep(_PAUSE_S)
    raise AttachFailed(
        f"Arthas did not start in JVM {process.pid}{_quote_log(process)}",
        hint=f"see its log, '{find_log(process) or _LOG}'",
    )


def explain_answer(said: str, pid: int) -> AttachFailed | None:
    """Return what the JVM's answer to a `load` means, None: it has run the agent."""
    code, _, text = said.strip().partition("\n")
    returned = _CODE.search(text)
    number = int(returned[1]) if returned else None
    if number == 0 or (number is None and code == "0" and text.strip() in ("", "0")):  # JDK 8
        return None
    for sign, what, hint in _REFUSALS:
        if sign in text:
            return AttachFailed(f"JVM {pid} {what}", hint=hint)
    what = one_line(" ".join(said.split()))[:_MAX_LINE] or "nothing"
    return AttachFailed(f"JVM {pid} refused the agent of Arthas: {what}", hint="")


def find_log(process: Process) -> str | None:
    """Return where an Arthas in this JVM writes its log, as the JVM sees it."""
    with suppress(OSError, AttachFailed):
        home = read_property(ask_jvm(process, "properties"), "user.home")
        return None if home is None else f"{home}/{_LOG}"
    return None


def read_property(properties: str, name: str) -> str | None:
    """Return a property from a list as Java writes it."""
    for line in properties.splitlines():
        key, mark, value = line.partition("=")
        if mark and key == name:
            return re.sub(r"\\u([0-9A-Fa-f]{4})|\\(.)", _unescape, value)
    return None


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else match[2]


def _quote_log(process: Process) -> str:
    """Return the last lines of Arthas' log, each below the message."""
    path = find_log(process)
    if path is None:
        return ""

    def read() -> str:
        with (process.root / path.lstrip("/")).open("rb") as log:
            log.seek(0, 2)
            log.seek(max(0, log.tell() - _TAIL))
            return log.read().decode("utf-8", "replace")

    with suppress(OSError, AttachFailed):
        lines = call_as(process.ids, read).splitlines()[-_MAX_LINES:]
        return "".join(f"\n  {one_line(line)[:_MAX_LINE]}" for line in lines)
    return ""
