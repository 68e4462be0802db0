"""What is said on stderr of a command on many JVMs: how far it is, how each ended, who failed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from arthas_cli.errors import (
    ArthasShellError,
    DeadlineReached,
    Incomplete,
    Interrupted,
    NoServer,
    NotPermitted,
    NotRun,
    Unauthorized,
)
from arthas_cli.fleet.causes import list_causes
from arthas_cli.fleet.names import fold_briefly
from arthas_cli.formats import format_closing
from arthas_cli.jsontext import as_int, as_object
from arthas_cli.protocol import State
from arthas_cli.results import is_hit
from arthas_cli.text import count
from arthas_cli.written import FileNotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.fleet.member import Member
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Outcome, TargetEnd


class Told:
    """Tells of one command on many. `notes_enhancer`: nobody sees what the enhancers say."""

    def __init__(
        self,
        members: Sequence[Member],
        plan: Plan,
        diagnostics: Diagnostics,
        *,
        notes_enhancer: bool,
        shows_progress: bool,
    ) -> None:
        self._members = members
        self._plan = plan
        self._diagnostics = diagnostics
        self._notes_enhancer = notes_enhancer
        self._shows_progress = shows_progress and not plan.is_stream
        self._ended = 0
        self._hits: Counter[str] = Counter()
        self._remarks: dict[str, list[str]] = {}
        self._effects: dict[str, list[str]] = {}
        self._files: dict[str, FileNotes] = {}

    def begin(self) -> None:
        """Show that nobody has answered yet."""
        self._show_progress()

    def see(self, result: Result) -> None:
        """Take a result."""
        self._hits[result.target] += is_hit(result)
        if result.type == "enhancer" and self._notes_enhancer:
            self._note_effect(result)
        notes = self._files.setdefault(result.target, FileNotes())
        if caution := notes.read(result, self._plan.file):
            self._diagnostics.warn(f"{result.target}: {caution}")

    def see_end(self, end: TargetEnd) -> None:
        """Take the end of one."""
        self._ended += 1
        self._show_progress()
        hits, outcome = self._hits[end.name], end.outcome
        is_told = outcome.error is None or isinstance(outcome.error, Incomplete) or hits
        if self._plan.is_stream and is_told:
            closing = format_closing(hits, self._plan, outcome)
            tell = self._diagnostics.tell if outcome.lost != 0 else self._diagnostics.note
            tell(f"{end.name}: {closing}")
        if outcome.remark:
            self._remarks.setdefault(outcome.remark, []).append(end.name)

    def stop(self) -> None:
        """Take the progress away, and say what is known of the rest."""
        if self._shows_progress:
            self._diagnostics.show("")
        self._tell(self._effects)
        self._tell(self._remarks)

    def _show_progress(self) -> None:
        if self._shows_progress:
            self._diagnostics.show(f"{self._ended} of {len(self._members)}")

    def _note_effect(self, result: Result) -> None:
        """Note how many classes were changed, once all have said it."""
        effect = as_object(result.data.get("effect"))
        classes, methods = as_int(effect.get("classCount")), as_int(effect.get("methodCount"))
        if classes and methods:
            taken = f"{count(classes, 'class', 'classes')}, {count(methods, 'method')}"
            self._effects.setdefault(f"enhanced: {taken}", []).append(result.target)
            if sum(map(len, self._effects.values())) == len(self._members):
                self._tell(self._effects)

    def _tell(self, notes: dict[str, list[str]]) -> None:
        """Note what several have in common once, with their names."""
        for text, told in notes.items():
            names = [member.name for member in self._members if member.name in told]
            self._diagnostics.note(f"{fold_briefly(names)}: {text}")
        notes.clear()


def tell_outcome(diagnostics: Diagnostics, outcome: Outcome) -> None:
    """Say last who failed, by cause, and how many did what."""
    for cause in list_causes(outcome.ends):
        if isinstance(cause.error, Interrupted):  # who did that knows it
            continue
        number = f" ({len(cause.names)} of {len(outcome.ends)})" if len(cause.names) > 1 else ""
        message = f"{fold_briefly(cause.names)}{number}: {cause.message}"
        diagnostics.report(cause.error, message, cause.hint)
    diagnostics.note(format_sum(outcome))


def format_sum(outcome: Outcome) -> str:
    """Return how many did what: `12 JVMs: 10 succeeded, 2 not reached`."""
    kinds = Counter(_name_end(end.outcome) for end in outcome.ends)
    parts = [f"{number} {kind}" for kind, number in kinds.most_common()]
    return f"{count(len(outcome.ends), 'JVM')}: {', '.join(parts)}"


def _name_end(outcome: Outcome) -> str:
    """Return in a word or two how one ended."""
    error = outcome.error
    if error is None:
        return "stopped" if outcome.state == State.INTERRUPTED else "succeeded"
    return next(name for kind, name in _ENDS.items() if isinstance(error, kind))


# The first that fits: kinds of errors, and what is said of how many ended so.
_ENDS: dict[type[ArthasShellError], str] = {
    Interrupted: "interrupted",
    DeadlineReached: "too late",
    Incomplete: "incomplete",
    Unauthorized: "not allowed",
    NotPermitted: "not allowed",
    NotRun: "not run",
    NoServer: "without an answer",
    ArthasShellError: "failed",
}
