"""One row of the lists of bad input, and what must hold however it is run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from support.program import Ended

T = TypeVar("T")
PREFIX = "arthas-shell: "


class Ends(NamedTuple):
    """The exit code, the kind of error, and the first line on stderr, without our name before."""

    code: int
    kind: str
    message: str


def usage(message: str) -> Ends:
    return Ends(2, "usage", message)


def config(message: str) -> Ends:
    return Ends(2, "config", message)


def syntax(message: str) -> Ends:
    return Ends(2, "syntax", message)


def bad_answer(message: str) -> Ends:
    return Ends(3, "bad-answer", message)


def not_arthas(message: str) -> Ends:
    return Ends(3, "not-arthas", message)


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """A name that says what is bad, what is given, and how it ends.

    `shown` is what was truthfully received before it went wrong, as text.
    """

    name: str
    given: T
    ends: Ends
    shown: str = ""

    def check_text(self, ended: Ended) -> None:
        """Checks a run for people: one error, a hint at most, and nothing that a terminal obeys."""
        what, *more = leave_closing_out(ended.stderr).splitlines()
        assert (ended.exit_code, what) == (self.ends.code, PREFIX + self.ends.message)
        assert ended.stdout == self.shown
        hints = [line for line in more if line.startswith("hint: ")]
        assert hints == more[:1] or not hints
        assert all(line.startswith("  ") for line in more[len(hints) :])
        check_clean(ended)

    def check_document(self, ended: Ended) -> None:
        """Checks a run for programs: one document with the same error, whatever happened."""
        assert ended.exit_code == self.ends.code
        assert (ended.stdout.count("\n"), ended.stdout[-1:]) == (1, "\n")
        error = ended.document["error"]
        assert (error["kind"], error["message"].partition("\n")[0]) == self.ends[1:]
        assert leave_closing_out(ended.stderr).startswith(f"{PREFIX}{self.ends.message}\n")
        check_clean(ended)


def leave_closing_out(stderr: str) -> str:
    """Leaves out what a stream says of its tries and its end, and which line of a run failed."""
    stderr = re.sub(r"^in stdin:\d+\n", "", stderr, flags=re.MULTILINE)
    text = re.sub(r"\Awarning: .*; trying again for 0\.01 s\n", "", stderr)
    return re.sub(r"\A\d+ results? · maybe some lost · \w+( \w+)* after \d+\.\d s\n", "", text)


def check_clean(ended: Ended) -> None:
    """Checks that neither stream has a control character or a traceback."""
    for line in (ended.stdout + ended.stderr).split("\n"):
        assert line.replace("\t", " ").isprintable()
        assert "Traceback" not in line


def place(ended: Ended, name: str, where: str) -> Ended:
    """Returns the run with a place of this run alone, a file or a port, under a name."""
    return type(ended)(
        ended.stdout.replace(where, name), ended.stderr.replace(where, name), ended.exit_code
    )
