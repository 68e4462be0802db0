"""The commands that the fake knows from the start."""

from __future__ import annotations

import fnmatch
import re
import time
from typing import TYPE_CHECKING

from support.fake.commands import HELP, Call, Command, status
from support.fake.ognl import reach_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from support.fake.queues import Result

DASHBOARD_THREADS = 30
NOTHING_AFFECTED = "No class or method is affected"
RACE = "someone else is enhancing classes, pls. wait."
UPTIME_MS = 24_480_000.25
STATES = ("NEW", "RUNNABLE", "BLOCKED", "WAITING", "TIMED_WAITING", "TERMINATED")


def make_timestamp() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime()) + f".{time.time_ns() % 10**9:09d}"


def run_version(call: Call) -> Iterable[Result]:
    return [{"type": "version", "version": call.version}]


def run_echo(call: Call) -> Iterable[Result]:
    return [{"type": "echo", "content": call.words[0]}] if call.words else []


def run_pwd(_call: Call) -> Iterable[Result]:
    return [{"type": "pwd", "workingDir": "/srv/app"}]


def run_session(call: Call) -> Iterable[Result]:
    yield {
        "type": "session",
        "javaPid": call.target.pid,
        "sessionId": call.session_id,
        "tunnelConnected": False,
    }


def run_jvm(call: Call) -> Iterable[Result]:
    runtime = [{"name": "JVM-START-TIME", "value": call.target.start}]
    return [{"type": "jvm", "jvmInfo": {"RUNTIME": runtime}}]


def run_help(call: Call) -> Iterable[Result]:
    """An unknown name falls back to the full list (1.3).

    Of what the fake cannot do it says what the real one says.
    """
    details = {**HELP, **{name: command.help for name, command in call.commands.items()}}
    if call.words and call.words[0] in details:
        return [{"type": "help", "detailCommand": details[call.words[0]]}]
    listed = [
        {"name": name, "summary": known["summary"], "arguments": [], "options": []}
        for name, known in details.items()
    ]
    return [{"type": "help", "commands": listed}]


def run_reset(call: Call) -> Iterable[Result]:
    """Takes classes off the list, whether or not commands put their code back at once."""
    pattern = call.words[0] if call.words else "*"
    fits = _make_pattern(call, pattern).fullmatch
    struck = {name for name in call.target.enhanced if fits(name)}
    call.target.enhanced -= struck
    effect = {"classCount": len(struck), "cost": 1, "listenerId": 0, "methodCount": 0}
    return [{"type": "reset", "affect": effect}]


def run_terminal_only(call: Call) -> Iterable[Result]:
    name = call.job.command.name
    return [status(-1, f"Command '{name}' is only support tty session.")]


def run_thread(call: Call) -> Iterable[Result]:
    rows = _make_threads(3)
    if call.words:
        known = [row for row in rows if str(row["id"]) == call.words[0]]
        if not known:
            return [status(1, f"thread do not exist! id: {call.words[0]}")]
        return [{"type": "thread", "threadInfo": {**known[0], "stackTrace": []}, "all": False}]
    if "top-n-threads" in call.options:
        call.wait(call.number("sample-interval", 200) / 1000)
        busy = [{**row, "stackTrace": []} for row in rows[: call.number("top-n-threads", 0)]]
        return [{"type": "thread", "all": False, "busyThreads": busy}]
    counts = dict.fromkeys(STATES, 0) | {"RUNNABLE": len(rows)}
    return [{"type": "thread", "all": False, "threadStateCount": counts, "threadStats": rows}]


def run_sc(call: Call) -> Iterable[Result]:
    names = _match_classes(call)
    if names:
        yield {
            "type": "sc",
            "classNames": names,
            "detailed": False,
            "segment": 0,
            "withField": False,
        }
    yield {"type": "row_affect", "rowCount": len(names)}


def run_sm(call: Call) -> Iterable[Result]:
    """One result a method, as the server sends them (1.3)."""
    found = _match(call)
    for class_name, method in found:
        yield {
            "type": "sm",
            "detail": False,
            "methodInfo": {
                "constructor": method == "<init>",
                "declaringClass": class_name,
                "descriptor": "()V",
                "methodName": method,
            },
        }
    yield {"type": "row_affect", "rowCount": len(found)}


def run_ognl(call: Call) -> Iterable[Result]:
    """Sleeps where the expression says so, which blocks the command thread; the rest is null.

    The expressions that reach into Arthas itself do what they do there (docs/protocol.md, 4.6).
    """
    expression = call.words[0]
    slept = re.fullmatch(r"@java\.lang\.Thread@sleep\((\d+)\)", expression)
    if slept:
        call.wait(int(slept[1]) / 1000)
    value = "null" if call.target.is_closed else reach_inside(call, expression)
    yield {"type": "ognl", "value": value}


def run_endless(call: Call) -> Iterable[Result]:
    """Never ends, and cannot be interrupted; others go on beside it."""
    while call.wait(3600):
        pass
    return []


def run_dashboard(call: Call) -> Iterator[Result]:
    count = call.number("number-of-execution", 2**31)
    interval_s = call.number("interval", 5000) / 1000
    for _ in range(count):
        yield {
            "type": "dashboard",
            "gcInfos": [{"collectionCount": 1, "collectionTime": 2, "name": "copy"}],
            "memoryInfo": {"heap": [{"max": 4, "name": "heap", "total": 3, "used": 2}]},
            "runtimeInfo": {"javaVersion": "17.0.15", "processors": 2, "uptime": 183},
            "threads": _make_threads(DASHBOARD_THREADS),
        }
        if not call.wait(interval_s):
            return
    yield status(0, f"Process ends after {count} time(s).")


def run_hits(call: Call) -> Iterator[Result]:
    """Enhances, then sends hit after hit, numbered from 1, up to -n or --timeout."""
    limit = call.number("limits", 100)
    until = time.monotonic() + call.number("timeout", 10**6)
    if call.target.races > 0:
        call.target.races -= 1
        yield _make_enhancer(0, 0, RACE)
        yield status(-1, RACE)
    found = _match(call)
    classes = len({class_name for class_name, _ in found} or set(_match_classes(call)))
    if not found:
        yield _make_enhancer(classes, 0, NOTHING_AFFECTED)
        yield status(-1, f"{NOTHING_AFFECTED}, try:\n1. Execute `\x1b[32msm CLASS_NAME\x1b[m`")
    call.target.enhanced |= {class_name for class_name, _ in found}
    inside = call.target.inside.pop(0) if call.target.inside else 0
    enhancer = call.target.enhancer
    if enhancer == "first":
        yield _make_enhancer(classes, len(found))
    for number in call.pace(limit, call.target.rate):
        if time.monotonic() > until:
            return
        yield _make_hit(call.job.command.name, *found[0], number, is_rest=number <= inside)
        if number == 1 and enhancer == "after":
            yield _make_enhancer(classes, len(found))


def _make_pattern(call: Call, text: str) -> re.Pattern[str]:
    return re.compile(text if "regex" in call.options else fnmatch.translate(text))


def _match_classes(call: Call) -> list[str]:
    return list(filter(_make_pattern(call, call.words[0]).fullmatch, call.target.methods))


def _match(call: Call) -> list[tuple[str, str]]:
    fits = _make_pattern(call, call.words[1]).fullmatch if len(call.words) > 1 else bool
    return [
        (class_name, method)
        for class_name in _match_classes(call)
        for method in call.target.methods[class_name]
        if fits(method)
    ]


def _make_enhancer(classes: int, methods: int, message: str | None = None) -> Result:
    effect = {"classCount": classes, "cost": 24, "listenerId": 1, "methodCount": methods}
    return {"type": "enhancer", "effect": effect, "success": message is None, "message": message}


def _make_hit(
    kind: str, class_name: str, method: str, number: int, *, is_rest: bool = False
) -> Result:
    """Makes a hit; of the rest of a call that had begun before a trace has only what is within it.

    The others tell its cost from the start of the machine on.
    """
    now = make_timestamp()
    cost_ms = UPTIME_MS if is_rest else 0.1
    place = {"className": class_name, "methodName": method}
    thread = {"threadName": "main", "daemon": False, "priority": 5, "classloader": "app@1"}
    match kind:
        case "monitor":
            counts = {"total": number, "success": number, "failed": 0, "cost": cost_ms}
            return {"type": kind, "monitorDataList": [{**place, **counts, "timestamp": now}]}
        case "trace":
            cost = {"cost": 1000 * number, "times": 1, "invoking": is_rest}
            cost |= {"lineNumber": 7 if is_rest else -1}
            root = {**thread, "type": "thread", "threadId": 1, "timestamp": now}
            root["children"] = [{"type": "method", **place, **cost}]
            return {"type": kind, "nodeCount": 1, "root": root}
        case "stack":
            frame = {**place, "fileName": "MathGame.java", "lineNumber": number}
            return {"type": kind, **thread, "ts": now, "cost": 0.1, "stackTrace": [frame]}
        case _:
            hit = {"accessPoint": "AtExit", "cost": cost_ms, "sizeLimit": 10485760, "ts": now}
            return {"type": kind, **place, **hit, "value": f"@Integer[{number}]"}


def _make_threads(count: int) -> list[dict[str, object]]:
    return [
        {
            "cpu": 0.0,
            "daemon": False,
            "deltaTime": 0,
            "group": "main",
            "id": number,
            "interrupted": False,
            "name": "main" if number == 1 else f"worker-{number}",
            "priority": 5,
            "state": "RUNNABLE",
            "time": number,
        }
        for number in range(1, count + 1)
    ]


ENHANCING = tuple(
    Command(name, run_hits, is_stream=True, is_interruptible=True)
    for name in ("monitor", "stack", "trace", "watch")
)

BUILTIN = (
    Command("help", run_help),
    Command("sc", run_sc),
    Command("sm", run_sm),
    *ENHANCING,
    Command("thread", run_thread),
    Command("ognl", run_ognl),
    Command("dashboard", run_dashboard, is_stream=True, is_interruptible=True),
    Command("endless", run_endless, is_stream=True),
    Command("cls", run_terminal_only),
    Command("reset", run_reset),
    Command("version", run_version),
    Command("session", run_session),
    Command("jvm", run_jvm),
    Command("echo", run_echo),
    Command("pwd", run_pwd),
    Command("stop", lambda _call: []),
)
