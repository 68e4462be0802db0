"""Records of `tt` whose values Arthas cannot write: of which methods they are is told as text.

A record holds the arguments of a call as they are. A bean that leads back to itself makes the whole
answer an HTTP 500, or one that is nested without an end; the record of a call that had begun before
has no arguments, on which Arthas trips (seen on 4.1.5). From then on every `tt -l` fails. What an
expression gives for a record is text and always comes.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    CommandFailed,
    DeadlineReached,
    Incomplete,
    ServerError,
)
from arthas_cli.jsontext import as_object, as_text
from arthas_cli.protocol import Action, Result
from arthas_cli.session.server import QUICK_S
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from arthas_cli.jsontext import Json
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.session.server import Server

# How a record without arguments is told; the words are those of the JDK.
_TRIPS = ("NullPointerException", '"objects" is null')
_DRAWN = re.compile(r"@String\[(.*)\]", re.DOTALL)
_MAX_NAMED = 3


class Records:
    """The records that one `tt` sends; any other command sends none."""

    def __init__(self, server: Server, plan: Plan) -> None:
        self._server = server
        self._plan = plan
        self._received: set[str] = set()

    def take(self, result: Result) -> None:
        """Take note of a result that came."""
        if result.type == "tt":
            rows = result.data.get("timeFragmentList")
            for row in rows if isinstance(rows, list) else ():
                self._received.add(str(as_object(row).get("index")))

    def settle(
        self, outcome: Outcome, unreadable: ArthasShellError | None = None
    ) -> tuple[Outcome, Sequence[Result]]:
        """Return how the command ended, and what is to be shown of records that did not come.

        `unreadable`: an answer that could not be read. It may take one request.
        """
        error = unreadable or outcome.error
        is_late = isinstance(outcome.error, DeadlineReached)
        if not self._plan.records_line or is_late or not _is_of_values(error):
            return outcome, ()
        found = self._ask()
        if self._plan.is_stream:
            return self._tell_unwritten(outcome, found)
        return (_explain_unlisted(outcome), [_make_result(found)]) if found else (outcome, ())

    def _ask(self) -> list[tuple[str, str]]:
        """Return the index and the method of each record."""
        line = self._plan.records_line
        try:
            response = self._server.ask(Action.EXEC, command=line, timeout_s=QUICK_S)
        except ArthasShellError:
            return []
        return list(_read_methods([one for one in response.results if one.type == "tt"]))

    def _tell_unwritten(
        self, outcome: Outcome, found: Sequence[tuple[str, str]]
    ) -> tuple[Outcome, Sequence[Result]]:
        """Report what was recorded and did not come: it is taken for the newest of the others.

        Such a record is not lost, and each is a result of its own.
        """
        missing = [pair for pair in found if pair[0] not in self._received]
        newest = missing[-(outcome.lost or 1) :]
        if not newest or outcome.error is None:
            return outcome, ()
        told = [_make_result([pair]) for pair in newest]
        newest.reverse()
        named = ", ".join(f"{index} ({method})" for index, method in newest[:_MAX_NAMED])
        more = len(newest) - _MAX_NAMED
        last = newest[0][0]
        lost = None if outcome.lost is None else outcome.lost - len(newest)
        if len(self._received) + len(newest) == self._plan.limit:
            lost = 0  # as many as it was to record, though its end may have gone with an answer
        kind = Incomplete if lost != 0 and isinstance(outcome.error, Incomplete) else ServerError
        error = kind(
            f"the server cannot write the values of {count(len(newest), 'record')}:"
            f" {named}{f' and {more} more' * (more > 0)}",
            hint=f"use 'tt -i {last} -w params[0]' for a value as text, 'tt -d -i {last}' to remove"
            " it: while such a record is there, 'tt -l' lists methods alone",
        )
        return outcome._replace(lost=lost, error=error), told


def _make_result(records: Sequence[tuple[str, str]]) -> Result:
    """Return the rows that `tt -l` would have, of each what is known."""
    rows: list[Json] = []
    for index, method in records:
        class_name, _, name = method.rpartition(".")
        number = int(index) if index.isdecimal() else index
        rows.append({"index": number, "className": class_name, "methodName": name})
    data: dict[str, Json] = {"type": "tt", "timeFragmentList": rows}
    return Result("tt", None, data, json.dumps(data, ensure_ascii=False))


def _watched(result: Result) -> Mapping[str, Json]:
    return as_object(result.data.get("watchResults"))


def _explain_unlisted(outcome: Outcome) -> Outcome:
    error = ServerError(
        "the server cannot write the values of a record, so only the method names are shown",
        hint="use 'tt -i INDEX -w params[0]' for a value as text, 'tt -d -i INDEX' to remove a"
        " record",
    )
    return outcome._replace(lost=0, error=error)


def _is_of_values(error: ArthasShellError | None) -> bool:
    """Return whether an error may mean that the values of a record cannot be written."""
    match error:
        case BadAnswer(is_silent=is_silent):
            return not is_silent
        case ServerError():
            return True
        case CommandFailed(message=message):
            return any(words in message for words in _TRIPS)
    return False


def _read_methods(results: Sequence[Result]) -> Iterator[tuple[str, str]]:
    """Yield the index and the method of each record: drawn, or raw by servers up to 3.6.4."""
    for result in results:
        for index, value in _watched(result).items():
            text = as_text(value) or ""
            drawn = _DRAWN.fullmatch(text)
            yield index, drawn[1] if drawn else text
