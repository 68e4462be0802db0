"""The last answer of the server, kept within bounds for what is asked of it afterwards."""

from __future__ import annotations

import io
import re
from collections import deque
from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun
from arthas_cli.formats import JsonWriter, Report
from arthas_cli.output import Paper
from arthas_cli.session.outcome import Outcome
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.formats import ResultWriter
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result

MAX_RESULTS = 1_000
# Of the server's JSON text; what is read of it takes several times as much.
_MAX_CHARACTERS = 8_000_000

_JSON_PART = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]\s*+[\]}]|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)


class Answer:
    """What came of one command: its last results, and how many there were before them.

    `make_document`: makes the JSON document of it.
    """

    def __init__(
        self, plan: Plan, url: str, make_document: Callable[[Paper], ResultWriter] = JsonWriter
    ) -> None:
        self.plan = plan
        self.url = url
        self.make_document = make_document
        self.results: deque[Result] = deque()
        self.dropped = 0
        self.report = Report(plan.line, url, Outcome(), None)
        self._length = 0

    def add(self, result: Result) -> None:
        """Keep a result, in the place of the oldest ones if there is no more room."""
        self.results.append(result)
        self._length += len(result.raw)
        while len(self.results) > MAX_RESULTS or self._length > _MAX_CHARACTERS:
            self._length -= len(self.results.popleft().raw)
            self.dropped += 1

    def draw(self, make: Callable[[Paper], ResultWriter], *, width: int | None = None) -> str:
        """Return the answer in a form; raises as `ResultWriter.show` does."""
        stream = io.StringIO()
        writer = make(Paper(stream, width=width))
        for result in list(self.results):
            writer.show(result)
        writer.end(self.report)
        return stream.getvalue()

    def describe(self) -> str:
        """Return how many results are kept, empty if all are."""
        if not self.dropped:
            return ""
        kept, came = len(self.results), len(self.results) + self.dropped
        return f"only the last {kept:,} of {count(came, 'result')} are kept"


class KeepingWriter:
    """Shows results in another form and tells an answer how they ended."""

    def __init__(self, writer: ResultWriter, answer: Answer) -> None:
        self._writer = writer
        self._answer = answer

    def show(self, result: Result) -> None:
        """Show the result."""
        self._writer.show(result)

    def flush(self) -> None:
        """Hand on what was shown."""
        self._writer.flush()

    def end(self, report: Report) -> None:
        """Keep how it ended and show that."""
        answer = self._answer
        answer.report = Report(report.command, answer.url, report.outcome, report.error)
        self._writer.end(report)


def require_answer(answer: Answer | None) -> Answer:
    """Return the answer; raises NotRun where nothing was asked yet."""
    if answer is None:
        raise NotRun("there is no answer yet", hint="run a command first")
    return answer


def format_document(answer: Answer) -> str:
    """Return the answer as the JSON document of `exec --json`, indented, each digit as it came."""
    return indent_json(answer.draw(answer.make_document))


def indent_json(text: str) -> str:
    """Return the same JSON, one value a line; nothing but the blanks between values changes."""
    return "".join(_indent(text))


def _indent(text: str) -> Iterator[str]:
    depth = 0
    for part in _JSON_PART.findall(text):
        if part in ("{", "["):
            depth += 1
            yield f"{part}\n{'  ' * depth}"
        elif part in ("}", "]"):
            depth -= 1
            yield f"\n{'  ' * depth}{part}"
        elif part == ",":
            yield f",\n{'  ' * depth}"
        elif part == ":":
            yield ": "
        else:
            yield part if part.startswith('"') else "".join(part.split())
