"""What a command of the fake is, how its line is read, how it runs."""

from __future__ import annotations

import json
import shlex
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from support.fake.queues import Result
    from support.fake.sessions import Job, Session

# The real server's answers to `help NAME`, by name.
HELP: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "help" / "4.1.5.json").read_text(encoding="utf-8")
)

PROCESSING_ERROR = (
    "Error during processing the command: com.taobao.middleware.cli.CLIException, message:{}, "
    "please check $HOME/logs/arthas/arthas.log for more details."
)

MATH_GAME = ("<init>", "main", "print", "primeFactors", "run")


@dataclass
class Target:
    """The JVM that the fake pretends to be in; tests set what they need, at any time.

    `rate` is in hits a second, None as fast as possible. `enhancer` says when it comes relative
    to the hits. `races` is how many enhancing jobs from now on find somebody else enhancing.
    `parse_races`: how many of the next lines of sessions meet another parse, and are never begun.
    `inside`: how many threads are in the method when a command begins, for each from now on.
    `is_closed`: `ognl` reaches nothing inside Arthas and answers null, as on 4.0.0.
    `tells_enhanced`: it reaches the list of the classes that are `enhanced`.
    """

    pid: int = 4242
    main_class: str = "demo.MathGame"
    start: str = "2026-11-24 17:20:56"
    rate: float | None = 50.0
    enhancer: Literal["first", "after", "missing"] = "first"
    races: int = 0
    parse_races: int = 0
    inside: list[int] = field(default_factory=list)
    is_closed: bool = False
    tells_enhanced: bool = False
    enhanced: set[str] = field(default_factory=set)
    methods: dict[str, Sequence[str]] = field(
        default_factory=lambda: {
            "demo.MathGame": MATH_GAME,
            "java.lang.String": [f"m{number}" for number in range(120)],
            "java.util.HashMap": [f"m{number}" for number in range(600)],
        }
    )


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the fake.

    `run` yields results without `jobId`; a result of type `status` ends the job, else it ends
    with 0. A stream runs beside the command thread, everything else on it, one at a time. Only
    an interruptible command ends by `interrupt_job`, the exec timeout and `close_session`.
    `detail` is what its help says, by default what the real server's says.
    """

    name: str
    run: Callable[[Call], Iterable[Result]]
    is_stream: bool = False
    is_interruptible: bool = False
    detail: Mapping[str, Any] | None = None

    @property
    def help(self) -> Mapping[str, Any]:
        """The `detailCommand` of `help NAME`."""
        return (
            self.detail
            or HELP.get(self.name)
            or {
                "name": self.name,
                "arguments": [],
                "options": [],
                "summary": "",
            }
        )


@dataclass(frozen=True, slots=True)
class Call:
    """What a command is run with; options are found by long and by short name."""

    job: Job
    target: Target
    version: str
    session_id: str
    commands: Mapping[str, Command]
    sessions: Mapping[str, Session]
    jobs: Mapping[int, Job]
    words: Sequence[str]
    options: Mapping[str, str]

    def number(self, option: str, default: int) -> int:
        """Returns the value of an option.

        Raises:
            RuntimeError: it is no number.
        """
        try:
            return int(self.options.get(option, default))
        except ValueError:
            raise RuntimeError(f"Cannot inject value for option '{option}'") from None

    def wait(self, seconds: float) -> bool:
        """Waits; returns whether the job should go on."""
        return not self.job.ended.wait(max(0.0, seconds))

    def pace(self, count: int, rate: float | None) -> Iterable[int]:
        """Counts from 1 to `count`, `rate` a second; stops when the job has ended."""
        start = time.monotonic()
        for number in range(1, count + 1):
            due = start + number / rate if rate else start
            if not self.wait(due - time.monotonic()):
                return
            yield number


def status(code: int, message: str | None = None) -> Result:
    """The last result of a job."""
    return {"type": "status", "statusCode": code, "message": message}


def split_line(line: str) -> tuple[list[str], bool]:
    """Splits as the server does: up to the first pipe or redirect; a last `&` is a flag."""
    words = list(_split_words(line))
    in_background = words[-1:] == ["&"]
    for at, word in enumerate(words):
        if word in {"|", ">", ">>", "&"}:
            return words[:at], in_background
    return words, in_background


@lru_cache(maxsize=256)
def _split_words(line: str) -> tuple[str, ...]:
    """Splits into words; an open quote ends with the line, a backslash at its end is nothing."""
    whole = (line, line.removesuffix("\\"))
    for closed in (*whole, f"{line}'", f'{line}"', f"{whole[1]}'"):
        with suppress(ValueError):
            return tuple(shlex.split(closed))
    return tuple(line.split())


def read_options(
    words: Sequence[str], known: Sequence[Mapping[str, Any]]
) -> tuple[list[str], dict[str, str]]:
    """Tells options from positional words; an unknown option is a positional word (1.1)."""
    named = {f"--{option['longName']}": option for option in known if "longName" in option}
    named |= {f"-{option['shortName']}": option for option in known if "shortName" in option}
    positional: list[str] = []
    options: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*positional, *rest], options
        name, _, value = word.partition("=")
        option = named.get(name)
        if option is None:
            positional.append(word)
            continue
        if option["acceptValue"] and not value:
            value = next(rest, "")
        for key in ("longName", "shortName"):
            if key in option:
                options[option[key]] = value
    return positional, options


def run_job(job: Job, make_call: Callable[[Sequence[str], Mapping[str, str]], Call]) -> None:
    """Runs a job to its end: reads its options, then sends on what the command yields."""
    job.status = "RUNNING" if job.status == "READY" else job.status
    words = split_line(job.line)[0][1:]
    positional, options = read_options(words, job.command.help["options"])
    if "help" in options:
        job.append({"type": "help", "detailCommand": job.command.help})
        job.end(-10)
        return
    required = [a["argName"] for a in job.command.help["arguments"] if a["required"]]
    for name in required[len(positional) :]:
        job.end(-10, f"The argument '{name}' is required")
    try:
        for result in job.command.run(make_call(positional, options)):
            job.append(result)
            if job.ended.is_set():
                return
    except Exception as error:  # noqa: BLE001 - the server too ends the job with any exception
        job.end(1, PROCESSING_ERROR.format(error))
    job.end()
