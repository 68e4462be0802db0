"""The history's file: a line of JSON for each line that was typed, with what became of it.

What an older version wrote (`# time`, then `+` before each line) is read as well, in the same file.
Several shells may write at once: each entry is appended whole by one write. What is broken is
passed over.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_int, as_object, as_text
from arthas_cli.line.secrets import RULE, holds_secret
from arthas_cli.private_files import append, replacing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# A file of more entries than the one keeps as many as the other, the newest.
MAX_ENTRIES = 10_000
KEPT_ENTRIES = 8_000

_OLD_TIME, _OLD_LINE = "# ", "+"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line typed at `at` (seconds since 1970, 0 where unknown).

    `url`, `main_class`: where. `outcome`: `ok`, `failed`, `interrupted`, `lost` (the server, or
    results) or `left` (in the background), empty where it is not known. `rule`: which `RULE` the
    line has passed.
    """

    line: str
    at: int = 0
    url: str = ""
    main_class: str = ""
    duration_ms: int = 0
    outcome: str = ""
    rule: int = field(default=0, compare=False)


def format_entry(entry: Entry) -> str:
    """Return the entry as one line of ASCII, with its line break."""
    fields = {
        "at": entry.at,
        "url": entry.url,
        "main": entry.main_class,
        "ms": entry.duration_ms,
        "outcome": entry.outcome,
        "rule": RULE,
        "line": entry.line,
    }
    return json.dumps(fields) + "\n"


def parse_entry(text: str) -> Entry | None:
    """Read one line of the file; None where it is no entry."""
    try:
        fields = as_object(json.loads(text))
    except (ValueError, RecursionError):
        return None
    line = as_text(fields.get("line"))
    if not line:
        return None
    return Entry(
        line,
        as_int(fields.get("at")) or 0,
        as_text(fields.get("url")) or "",
        as_text(fields.get("main")) or "",
        as_int(fields.get("ms")) or 0,
        as_text(fields.get("outcome")) or "",
        as_int(fields.get("rule")) or 0,
    )


def parse_entries(text: str) -> Iterator[Entry]:
    """Yield the entries of a file, the oldest first; those of an older version too."""
    at, old = 0, list[str]()
    for row in [*text.split("\n"), ""]:
        if row.startswith(_OLD_LINE):
            old.append(row[1:])
            continue
        if old:
            yield Entry("\n".join(old), at)
            at, old = 0, []
        if row.startswith(_OLD_TIME):
            at = _read_old_time(row.removeprefix(_OLD_TIME))
        elif row.startswith("{"):
            entry = parse_entry(row)
            if entry is not None:
                yield entry


def load_entries(path: Path) -> list[Entry]:
    """Return the entries of the file, the oldest first; none where it cannot be read.

    The file is made, or made readable by its owner alone, shortened where it is too long, and rid
    of lines that hold a secret by a rule that is newer than they are.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        append(path, b"")
        path.chmod(0o600)
        content = path.read_bytes()
        found = list(parse_entries(content.decode("utf-8", "replace")))
        entries = [one for one in found if one.rule == RULE or not holds_secret(one.line)]
        if len(entries) > MAX_ENTRIES:
            entries = entries[-KEPT_ENTRIES:]
        if len(entries) < len(found) or any(entry.rule != RULE for entry in entries):
            _rewrite(path, entries, len(content))
        elif content and not content.endswith(b"\n"):
            append(path, b"\n")  # else the next entry is broken too
        return entries
    return []


def append_entry(path: Path, entry: Entry) -> None:
    """Add the entry to the file by one write, where that can be done."""
    with suppress(OSError):
        append(path, format_entry(entry).encode())


def _rewrite(path: Path, entries: Iterable[Entry], read: int) -> None:
    """Put a file of these entries in the place of the old one, of which `read` bytes were read."""
    with suppress(OSError), replacing(path) as file:
        file.writelines(format_entry(entry).encode() for entry in entries)
        with path.open("rb") as old:  # other shells may have gone on writing
            old.seek(read)
            file.write(old.read())


def _read_old_time(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError, OSError):
        return 0


def format_entry_time(entry: Entry, now: float) -> str:
    """Return the time of day, with the date where it was another day; blanks if unknown."""
    if not entry.at:
        return ""
    try:
        then, today = time.localtime(entry.at), time.localtime(now)
    except (ValueError, OverflowError, OSError):
        return ""
    is_today = then[:3] == today[:3]
    return time.strftime("%H:%M:%S" if is_today else "%Y-%m-%d", then)
