"""`:every 2s COMMAND`: the same command again and again, with what has changed marked."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from arthas_cli.catalogue.model import load_commands
from arthas_cli.diagnostics import clean
from arthas_cli.errors import LineError, NoServer
from arthas_cli.line.own_words import EVERY_OPTIONS, MIN_INTERVAL_S, read_interval
from arthas_cli.line.parse import parse_line
from arthas_cli.line.scan import scan_line
from arthas_cli.line.secrets import hide_secret
from arthas_cli.line.tokens import tokenize
from arthas_cli.protocol import Result, State
from arthas_cli.session.outcome import Outcome
from arthas_cli.session.stream import Stream
from arthas_cli.shell.jobs.display import clip
from arthas_cli.shell.terminal.fit import cut_middle
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.formats import Report
    from arthas_cli.line.plan import Plan
    from arthas_cli.line.scan import Word
    from arthas_cli.session.outcome import Job
    from arthas_cli.shell.jobs.display import Screen
    from arthas_cli.shell.terminal.output import JobOutput, Terminal

UNTIL = ("nonempty", "empty", "changed", "fails")
_WORDS = re.compile(r"\s+|\S+")
_MARK, _UNMARK = "\x1b[7m", "\x1b[27m"
# The options that say when a stream is to end.
_ENDING = ("-n", "--timeout")
_USAGE = ":every [--until WHAT] [--times N] 2s COMMAND"


@dataclass(frozen=True, slots=True)
class Every:
    """What is to be repeated, how often, and when to stop: `times` None, `until` "" for never."""

    line: str
    interval_s: float
    until: str = ""
    times: int | None = None


def parse_every(line: str) -> Every:
    """Read a line that begins with `:every`.

    Raises:
        LineError: with the place.
    """
    typed = scan_line(line)
    tokens = list(tokenize(typed))[1:]
    options = _take_options(line, tokens)
    if not tokens:
        raise LineError(
            "missing the interval and the command", line=line, span=(0, len(line)), hint=_USAGE
        )
    interval = tokens.pop(0)
    interval_s = read_interval(interval.text)
    if interval_s is None:
        what = f"'{interval.text}' is not an interval of at least {MIN_INTERVAL_S:g}s"
        raise LineError(
            what, line=line, span=interval.span, hint="use an interval such as 500ms, 2s or 1m"
        )
    options |= _take_options(line, tokens)
    if not tokens:
        end = len(line)
        raise LineError("missing the command to repeat", line=line, span=(end, end), hint=_USAGE)
    times = int(options["--times"]) if "--times" in options else None
    command = typed.cut(tokens[0].start, len(typed))
    return Every(command, interval_s, options.get("--until", ""), times)


def _take_options(line: str, tokens: list[Word]) -> dict[str, str]:
    """Take the options that stand next, before the interval or behind it."""
    options: dict[str, str] = {}
    while len(tokens) > 1 and tokens[0].text in EVERY_OPTIONS:
        name, value = tokens.pop(0), tokens.pop(0)
        is_good = value.text in UNTIL if name.text == "--until" else value.text.isdecimal()
        if not is_good:
            takes = ", ".join(UNTIL) if name.text == "--until" else "a number"
            raise LineError(f"{name.text} takes {takes}", line=line, span=value.span, hint=_USAGE)
        options[name.text] = value.text
    return options


def check_ends(plan: Plan) -> None:
    """Refuse a stream whose line does not say when it ends: nobody would see its first round.

    Raises:
        LineError: with the place of its name.
    """
    if not plan.is_stream:
        return
    parsed = parse_line(plan.line, load_commands())
    if all(parsed.find(option) is None for option in _ENDING):
        what = f"'{plan.name}' runs until it is stopped, so it cannot be repeated"
        hint = "add '-n 1', or run it without ':every'"
        raise LineError(what, line=plan.line, span=parsed.name.span, hint=hint)


class Rounds:
    """A job of many rounds, each a job of its own; `text` is what the last one showed.

    Iterating yields one result of the type `round` for each. `draw` says what its results show.
    `remark`: returns what is to be known of a result, empty for nothing; `remarks`: the lines of
    what was to be known of the last round beside what it showed.

    Threads: the task's runs the rounds; any may interrupt, by the event `_is_stopping` and by the
    job that runs then.
    """

    def __init__(
        self,
        every: Every,
        start: Callable[[], Job],
        draw: Callable[[list[Result], Outcome], str],
        remark: Callable[[Result], str] = lambda _: "",
    ) -> None:
        self.outcome = Outcome()
        self.text = ""
        self.remarks = ""
        self.before = ""
        self.number = 0
        self._every = every
        self._start = start
        self._draw = draw
        self._remark = remark
        self._begun = time.monotonic()
        self._lost: int | None = 0
        self._job: Job | None = None
        self._is_stopping = threading.Event()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        if not self._is_due() or not self._run():
            self._conclude()
            raise StopIteration
        return Result("round", None, {}, "{}")

    def _is_due(self) -> bool:
        """Wait until the next round is due; return whether there is to be one."""
        if self.number and self._is_enough():
            return False
        return not self._is_stopping.wait(self._every.interval_s if self.number else 0.0)

    @property
    def has_ready(self) -> bool:
        """Whether the next round is there without a wait; never."""
        return False

    def interrupt(self) -> None:
        """Stop it behind the round that runs, which is stopped too where that is possible."""
        self._is_stopping.set()
        job = self._job
        if job is not None:
            job.interrupt()

    def close(self) -> None:
        """Stop it, the round that runs too, wherever that is possible."""
        self._is_stopping.set()
        job = self._job
        if job is not None:
            job.close()

    def _run(self) -> bool:
        """Run one round; return whether there is something to show of it."""
        job = self._job = self._start()
        told: list[str] = []
        if isinstance(job, Stream):
            job.tell_by(told.append)
        try:
            results = [result for result in job if result.type != "row_affect"]
        finally:
            self._job = None
            job.close()
        if isinstance(job.outcome.error, NoServer) and not job.outcome.ends:
            raise job.outcome.error
        self.outcome = job.outcome
        if self.number and self._is_stopping.is_set():
            return False  # a part of a round says less than the last whole one
        self.number += 1
        lost = job.outcome.lost
        self._lost = None if self._lost is None or lost is None else self._lost + lost
        self.before, self.text = self.text, self._draw(results, job.outcome)
        remarks = (*told, *map(self._remark, results), job.outcome.remark)
        self.remarks = "".join(f"{clean(text)}\n" for text in remarks if text)
        return True

    def _is_enough(self) -> bool:
        match self._every.until:
            case "nonempty":
                is_reached = bool(self.text)
            case "empty":
                is_reached = not self.text
            case "changed":
                is_reached = self.number > 1 and self.text != self.before
            case "fails":
                is_reached = self.outcome.error is not None
            case _:
                is_reached = False
        return is_reached or self.number == self._every.times

    def _conclude(self) -> None:
        is_stopped = self._is_stopping.is_set()
        elapsed_ms = round((time.monotonic() - self._begun) * 1000)
        state = State.INTERRUPTED if is_stopped else State.SUCCEEDED
        self.outcome = Outcome(state, 0, None, self._lost, elapsed_ms)


class RoundWriter:
    """Draws each round in the place of the last one, its changes marked; the last one stays."""

    def __init__(
        self,
        every: Every,
        rounds: Rounds,
        screen: Screen,
        job_output: JobOutput,
        terminal: Terminal,
    ) -> None:
        self._every = every
        self._rounds = rounds
        self._screen = screen
        self._job_output = job_output
        self._terminal = terminal

    def show(self, result: Result) -> None:
        """Draw a round; without a terminal one below the other."""
        del result
        rounds, head = self._rounds, self._format_head()
        text = mark_changes(rounds.before, rounds.text) if rounds.number > 1 else rounds.text
        if self._screen.height is None:
            self._job_output.write(f"{head}\n{rounds.text}{rounds.remarks}")
            self._job_output.flush()
        elif not self._job_output.speaker:
            shown = text if self._screen.color else rounds.text
            whole = f"{head}\n{shown}{rounds.remarks}"
            self._terminal.show(clip(whole, self._screen.height - 4, self._screen.width))

    def flush(self) -> None:
        """Hand on nothing: a round is drawn at once."""

    def end(self, report: Report) -> None:
        """Leave the last round above what comes next."""
        del report
        self._terminal.show("")
        if self._screen.height is not None and self._rounds.number:
            last = f"{self._rounds.text}{self._rounds.remarks}"
            self._job_output.write(f"{self._format_head()}\n{last}")
            self._job_output.flush()

    def _format_head(self) -> str:
        line = one_line(hide_secret(self._every.line))
        head = f"every {self._every.interval_s:g}s · {line} · round {self._rounds.number}"
        return head if self._screen.width is None else cut_middle(head, self._screen.width)


def mark_changes(before: str, now: str) -> str:
    """Return the text with each word marked that is another one than at its place before."""
    old = before.split("\n")
    lines = []
    for at, line in enumerate(now.split("\n")):
        words = _WORDS.findall(old[at]) if at < len(old) else []
        found = _WORDS.findall(line)
        lines.append("".join(_mark(words[n : n + 1], word) for n, word in enumerate(found)))
    return "\n".join(lines)


def _mark(before: list[str], word: str) -> str:
    return word if word.isspace() or before == [word] else f"{_MARK}{word}{_UNMARK}"
