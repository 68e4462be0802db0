"""`make generated`: the names of the JDK's own methods that do something where an expression reads.

OGNL calls a method without arguments where it reads a property. One that returns nothing is there
for what it does; of those that return a value, the ones below act. The file keeps what another
Java has put in: run it on the newest Java, and on the oldest that is at hand.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from arthas_cli.demo.java import find_java
from arthas_cli.guard import names

FIXTURE = Path(__file__).parent.parent / "fixture"
ACTING = Path(names.__file__).with_name("jdk_methods.txt")
_LONGEST_S = 60.0

# A getter is what its name says, also where it returns nothing, as `RelationService.isActive()`.
GETTER = re.compile(r"(?:get|is|has)[A-Z]")
# What returns a value and acts: its first words …
_ACTS = re.compile(
    r"(?:append|arrive|drain|gen|generate|getAnd|getNext|mkdir|mkdirs|next|parse|poll|pop|prestart"
    r"|read|remove|select|take)(?![a-z])"
)
# … but for these, which only begin like that …
_LOOKS = ("nextClearBit", "parseServerAuthority", "readLock", "readOnly")
# … or its whole name: it moves a place, ends a digest, links a stream, takes what is there, runs.
_ACTS_TOO = frozenset(
    """
    copyAndJump copyAndLeap decrementAndGet digest enter eval fillInStackTrace find findAny
    findFirst finishConnect first flip getAsBoolean getAsDouble getAsInt getAsLong getChar
    getDelegatedTask getDouble getElementText getFloat getInt getLong getMoreResults
    getPooledConnection getShort getThenReset getXAConnection grabPixels incrementAndGet inheritIO
    interrupted last login lookingAt mark negotiate optionalEnd optionalStart previous previousPage
    requestDefaultFocus requestFocusInWindow rewind shutdownNow sign split sumThenReset wakeup
""".split()  # noqa: SIM905 - a list of words
)


def list_jdk_methods() -> list[tuple[str, str]]:
    """Returns each public method without arguments of this JDK: `void` or `value`, and its name."""
    command = (find_java(), "-XX:TieredStopAtLevel=1", "-cp", FIXTURE, "fx.JdkMethods")
    said = subprocess.run(
        command, capture_output=True, text=True, timeout=_LONGEST_S, check=True
    ).stdout
    return [(kind, name) for kind, _, name in (line.partition(" ") for line in said.splitlines())]


def acts(kind: str, name: str) -> bool:
    """Says whether a method without arguments does more than look."""
    if kind == "void":
        return not GETTER.match(name)
    return name in _ACTS_TOO or (name not in _LOOKS and bool(_ACTS.match(name)))


def make_list(known: str) -> str:
    """Returns the text of the file: what is in it, and what this JDK has."""
    found = {name for kind, name in list_jdk_methods() if acts(kind, name)}
    return "".join(f"{name}\n" for name in sorted(found | set(known.split())))


if __name__ == "__main__":
    ACTING.write_text(make_list(ACTING.read_text("utf-8")), "utf-8")
