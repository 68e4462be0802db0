"""The lines typed before: per user, readable by nobody else, without secrets."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prompt_toolkit.history import History

from arthas_cli.errors import LineError
from arthas_cli.line.secrets import holds_secret
from arthas_cli.shell.prompt.history_file import (
    Entry,
    append_entry,
    format_entry_time,
    load_entries,
)
from arthas_cli.text import keep_end, one_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

_REFERENCE = re.compile(r"!(?:!|(-?\d{1,9}))(?=\s|$)", re.ASCII)
_LONGEST_TARGET = 28


@dataclass
class Writing:
    """What becomes of a line while it runs; `outcome` as in `Entry`."""

    outcome: str = "ok"


class ShellHistory(History):
    """Keeps no secret and nothing blank; what the file cannot take is kept in memory alone.

    `entries`: every line, the oldest first. What Up and Ctrl+R go through holds each line once,
    where it was typed last.
    """

    def __init__(self, path: Path, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self.entries = load_entries(path)
        self._path = path
        self._secrets = secrets
        self._folded = dict.fromkeys(entry.line for entry in fold(self.entries))

    async def load(self) -> AsyncGenerator[str, None]:
        """Yield the lines, the newest first, each once."""
        for line in list(self.load_history_strings()):
            yield line

    def load_history_strings(self) -> Iterable[str]:
        """Yield the lines, the newest first, each once."""
        return reversed(self._folded)

    def get_strings(self) -> list[str]:
        """Return the lines, the oldest first, each once."""
        return list(self._folded)

    def append_string(self, string: str) -> None:
        """Do nothing: the prompt does not know yet what is typed; `keep` does."""

    def store_string(self, string: str) -> None:
        """Do nothing, likewise."""

    def find_number(self, line: str) -> int:
        """Return the number of the entry that last had the command run, 0 where there is none."""
        for at in range(len(self.entries), 0, -1):
            if self.entries[at - 1].line.removesuffix("&").rstrip() == line:
                return at
        return 0

    @contextmanager
    def keep(self, line: str, url: str = "", main_class: str = "") -> Iterator[Writing]:
        """Keep the line from now on, and in the file once the block has ended, however it does.

        What the block finds out of its outcome it tells the value that it is given.
        """
        writing = Writing()
        if not line.strip() or holds_secret(line, self._secrets):
            yield writing
            return
        begun = time.monotonic()
        number = len(self.entries)
        entry = Entry(line, int(time.time()), url, main_class)
        self.entries.append(entry)
        self._folded.pop(line, None)
        self._folded[line] = None
        try:
            yield writing
        except BaseException:
            writing.outcome = "interrupted"
            raise
        finally:
            duration_ms = round((time.monotonic() - begun) * 1000)
            entry = replace(entry, duration_ms=duration_ms, outcome=writing.outcome)
            self.entries[number] = entry
            append_entry(self._path, entry)


def fold(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries with each line once, where it stands last."""
    folded: dict[str, Entry] = {}
    for entry in entries:
        folded.pop(entry.line, None)
        folded[entry.line] = entry
    return list(folded.values())


def list_entries(entries: Sequence[Entry], most: int, now: float) -> list[str]:
    """Return the last `most` entries as lines: number, time, target, what became of it, line."""
    first = max(0, len(entries) - most)
    rows = [
        (
            f"{number:5}",
            format_entry_time(entry, now),
            _format_target(entry),
            "" if entry.outcome in ("", "ok") else one_line(entry.outcome),
            one_line(entry.line),
        )
        for number, entry in enumerate(entries[first:], first + 1)
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    shown = [column for column in range(4) if widths[column]]
    return [
        "  ".join([*(row[column].ljust(widths[column]) for column in shown), row[-1]])
        for row in rows
    ]


def _format_target(entry: Entry) -> str:
    return keep_end(one_line(entry.main_class or entry.url), _LONGEST_TARGET)


def expand_reference(line: str, entries: Sequence[Entry]) -> str:
    """Return the line with `!!`, `!7` or `!-2` at its beginning replaced by the line it means.

    Raises:
        LineError: it begins with `!` and is no such reference, or there is no such line.
    """
    if not line.startswith("!"):
        return line
    found = _REFERENCE.match(line)
    if found is None:
        span = (0, len(line.split(maxsplit=1)[0]))
        hint = "use !! for the last line, !7 for line 7, !-2 for the last but one; see 'history'"
        raise LineError("this is not a line of the history", line=line, span=span, hint=hint)
    number = int(found[1] or -1)
    at = number - 1 if number > 0 else len(entries) + number
    if number == 0 or not 0 <= at < len(entries):
        what = f"there is no line {number} in the history" if found[1] else "nothing was typed yet"
        raise LineError(what, line=line, span=found.span(), hint="run 'history' to list the lines")
    return entries[at].line + line[found.end() :]


def open_history(path: Path, secrets: Collection[str] = ()) -> ShellHistory:
    """Open the history file; a line with one of `secrets` in it is never kept."""
    return ShellHistory(path, secrets)
