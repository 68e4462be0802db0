"""What to do about a failure that the server itself describes and leaves its user alone with."""

from __future__ import annotations

import re

# What Arthas says, and the hint; a group is the last part of a class's name.
_ADVICE = (
    (
        re.compile(r"No class found for: (?:.*[.$])?(\w+)$"),
        "use 'sc *{0}*' to find its name: only classes that are loaded can be found",
    ),
    (re.compile(r"No class found for: "), "use 'sc PATTERN' to find its name"),
    (re.compile(r"There is no property with the key "), "use 'sysprop' to list them all"),
    (re.compile(r'.*VM option ".*" does not exist'), "use 'vmoption' to list those that it knows"),
    (
        re.compile(r"getstatic: no matched static field was found"),
        "use 'getstatic CLASS *' to list the static fields",
    ),
    (re.compile(r"Time fragment\[.*\] does not exist"), "use 'tt -l' to list the records"),
    (re.compile(r"heap dump error: File exists"), "give another name: no file is overwritten"),
)


def find_advice(said: str) -> str:
    """Returns the hint for what the server said of a failure, empty where there is none."""
    for pattern, hint in _ADVICE:
        if found := pattern.match(said):
            return hint.format(*found.groups())
    return ""
