"""What to do about a failure that the server itself describes and leaves its user alone with."""

from __future__ import annotations

import re

# Finds the virtual threads, which `thread` does not list.
FIND_VIRTUAL = (
    "vmtool --action getInstances --className java.lang.VirtualThread --limit -1"
    ' --express \'instances.{#this.threadId()+" "+#this.getName()+" "+#this.getState()}\' -x 2'
)
# The command (empty: any), what Arthas says, and the hint; `loaders` tells of a class not found.
_ADVICE = (
    ("", r"No class found for: .*[*?]", "use 'sc PATTERN' to find its name"),
    ("sysprop", "There is no property with the key ", "use 'sysprop' to list them all"),
    ("vmoption", '.*VM option ".*" does not exist', "use 'vmoption' to list those that it knows"),
    (
        "getstatic",
        "getstatic: no matched static field was found",
        "use 'getstatic CLASS *' to list the static fields",
    ),
    (
        "getstatic",
        "processing error",
        "start the JVM with '--add-opens' to read the fields of JDK classes",
    ),
    ("tt", r"Time fragment\[.*\] does not exist", "use 'tt -l' to list the records"),
    ("logger", "Update logger level fail", "run 'logger' to see which loggers there are"),
    ("heapdump", "heap dump error: File exists", "give another name: no file is overwritten"),
    ("heapdump", r"heap dump error: .*\.hprof", "give a name that ends in '.hprof'"),
    (
        "thread",
        "thread do not exist",
        "run 'thread' to list them; virtual ones are found from Java 21 and Arthas 3.5.1 on by "
        + FIND_VIRTUAL,
    ),
)


def find_advice(command: str, said: str) -> str:
    """Return the hint for what the server said of a failure, empty where there is none."""
    near = ((start, hint) for name, start, hint in _ADVICE if name in ("", command))
    found = (hint for start, hint in near if re.match(start, said))
    return next(found, "")
