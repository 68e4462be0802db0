"""What the results of a command mean where its status does not say it.

Some failures are told as a success, some answers say nothing, and some of what comes is not what
the line asked for. The server's own text of a result, `Result.raw`, always stays as it came.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.errors import CommandFailed, Incomplete
from arthas_cli.jsontext import as_int, as_object, as_text
from arthas_cli.session.advice import FIND_VIRTUAL
from arthas_cli.text import count
from arthas_cli.written import FAILING, find_failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.errors import ArthasShellError
    from arthas_cli.jsontext import Json
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Outcome

_UNREADABLE = re.compile(
    r"Failed to get static, exception message: (.*), please check .*", re.DOTALL
)
_DELETED = re.compile(r"Time fragment\[(\d+)\] successfully deleted\.")
_NO_SOURCE = ("null", "unknown", "")
_LOG = "see logs/arthas/arthas.log on the target"
_CARRIERS = "CarrierThreads"
# The results that may come with nothing in them, and where that would stand.
_CONTENTS = {
    "row_affect": (),
    "logger": ("loggerInfoMap",),
    "mbean": ("mbeanNames", "mbeanAttribute", "mbeanMetadata"),
}
# What Arthas writes of a collection that is deeper than `-x` goes, and how far that may go.
_CLOSED = "[isEmpty=false;size="
_MAX_DEPTH = 4
_OPENED = frozenset({"watch", "line", "tt", "ognl", "getstatic", "vmtool"})
# What is not looked at any closer than that it came: most of a list of a hundred thousand.
_LOOKED_AT = frozenset(
    {"message", "jad", "enhancer", "history", "dashboard", "thread", *_CONTENTS, *_OPENED, *FAILING}
)


class Meaning:
    """Reads the results of one job. `tell` is told at once what cannot wait for the end."""

    def __init__(self, plan: Plan, tell: Callable[[str], object] = lambda _: None) -> None:
        self._plan = plan
        self._tell = tell
        self._failure: ArthasShellError | None = None
        self._remark = plan.asked.caution
        self._deleted = ""
        self._is_silent = True
        self._has_sample = False

    def read(self, result: Result) -> Result:
        """Return the result as it is to be shown; what is not is an empty `message`."""
        if result.type not in _LOOKED_AT:
            self._is_silent = False
            return result
        self._failure = self._failure or find_failure(result)
        shown = self._read(result)
        if result.type in _OPENED and not self._remark and _contains(result, _CLOSED):
            self._remark = self._find_deeper()
        contents = _CONTENTS.get(shown.type)
        is_empty = contents is not None and not any(map(shown.data.get, contents))
        self._is_silent = self._is_silent and is_empty
        return shown

    def finish(self, outcome: Outcome) -> Outcome:
        """Return the outcome with the failure that nobody told, or what else is to be said."""
        error, silence = outcome.error, self._plan.asked.silence
        if self._failure is not None and isinstance(error, Incomplete | None):
            return outcome._replace(error=self._failure)
        if error is not None:
            return outcome
        if self._is_silent and silence is not None and silence.is_failure:
            failure = CommandFailed(silence.said, hint=silence.hint or None)
            return outcome._replace(error=failure)
        remark = silence.said if self._is_silent and silence else self._remark
        return outcome._replace(remark="; ".join(filter(None, (outcome.remark, remark))))

    def _read(self, result: Result) -> Result:
        asked = self._plan.asked.words
        match result.type:
            case "message":
                return self._read_message(result)
            case "row_affect" if self._deleted and not result.data.get("rowCount"):
                self._fail(
                    f"there is no recorded call '{self._deleted}'", "run 'tt -l' to list them"
                )
            case "jad" if len(asked) > 1 and result.data.get("source") in _NO_SOURCE:
                self._fail(f"'{asked[0]}' has no method '{asked[1]}'", f"run 'sm {asked[0]}'")
                return _hide(result)
            case "enhancer":
                self._read_enhancer(result)
            case "history":
                return self._cut_history(result)
            case "dashboard" if not self._has_sample:
                self._has_sample = True
                return _mark_unmeasured(result)
            case "thread":
                self._look_for_carriers(result)
        return result

    def _read_message(self, result: Result) -> Result:
        said = as_text(result.data.get("message")) or ""
        if unreadable := _UNREADABLE.match(said):
            self._fail(f"the field cannot be read: {unreadable[1]}", _LOG)
            return _hide(result)
        if deleted := _DELETED.fullmatch(said):  # it says so of what never was, too
            self._deleted = deleted[1]
            self._remark = f"recorded call {deleted[1]} deleted"
            return _hide(result)
        return result

    def _read_enhancer(self, result: Result) -> None:
        """Note whose results come where: those of a listener go to the command that has it."""
        asked = self._plan.asked.listener
        got = as_int(as_object(result.data.get("effect")).get("listenerId"))
        if asked is None or not got:
            return
        if got == asked:
            self._tell(f"if listener {got} is another command's, what it finds is shown there")
        else:
            self._tell(f"there is no listener {asked}: '{self._plan.name}' made a new one, {got}")

    def _cut_history(self, result: Result) -> Result:
        """Leave out our own lines, and all but the last ones where so many were asked for."""
        from arthas_cli.session.tuning import is_own_line  # hardly ever needed

        lines = result.data.get("history")
        if not isinstance(lines, list):
            return result
        typed = [line for line in lines if not (isinstance(line, str) and is_own_line(line))]
        if own := len(lines) - len(typed):
            were = "was" if own == 1 else "were"
            self._remark = f"{count(own, 'line')} of arthas-shell's own {were} left out"
        last = self._plan.asked.last
        first = 0 if last is None else max(0, len(typed) - last)
        return result._replace(data={**result.data, "history": typed[first:], "first": first + 1})

    def _look_for_carriers(self, result: Result) -> None:
        if not _contains(result, _CARRIERS):
            return
        rows = result.data.get("threadStats") or result.data.get("busyThreads")
        groups = (as_object(row).get("group") for row in (rows if isinstance(rows, list) else ()))
        if any(group == _CARRIERS for group in groups):
            self._remark = f"virtual threads are not listed; they are found by {FIND_VIRTUAL}"

    def _find_deeper(self) -> str:
        """Return how to see what stands there as a mere number of elements."""
        depth = self._plan.asked.depth + 1
        what = f"'{_CLOSED[1:]}…' stands for values that are not opened"
        return f"{what}: add '-x {depth}' to see them" if depth <= _MAX_DEPTH else ""

    def _fail(self, message: str, hint: str) -> None:
        self._failure = self._failure or CommandFailed(message, hint=hint)


def _hide(result: Result) -> Result:
    return result._replace(type="message", data={})


def _mark_unmeasured(result: Result) -> Result:
    """Take the CPU out of a first sample: it is 0 everywhere, for nothing was there to compare."""
    threads = result.data.get("threads")
    rows = [as_object(row) for row in (threads if isinstance(threads, list) else ())]
    if any(row.get("cpu") or row.get("deltaTime") for row in rows):
        return result
    unmeasured: list[Json] = [{**row, "cpu": None, "deltaTime": None} for row in rows]
    return result._replace(data={**result.data, "threads": unmeasured})


def _contains(result: Result, said: str) -> bool:
    """Return whether that stands anywhere in a result; looked for in place, hit by hit."""
    part = result.part
    return result.text.find(said, part.start, part.stop) >= 0
