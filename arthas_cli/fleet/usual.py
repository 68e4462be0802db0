"""Which rows and fields are no news when they differ: times, counters, places; as data.

They add to what no comparison of whole answers looks at (`sameness`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arthas_cli.fleet.sameness import ALWAYS_DIFFER

if TYPE_CHECKING:
    from collections.abc import Mapping

# The last name of a field that is another one in each JVM, or at each moment; in any type.
_FIELDS = ALWAYS_DIFFER[""] | {
    *("classLoaderData", "identityHashCode"),
    *("collectionCount", "collectionTime", "loadedCount", "loadedClassCount"),
    *("committed", "javaPid", "sessionId", "used"),
}
_FIELDS_OF: Mapping[str, frozenset[str]] = {
    "jad": frozenset({"mappings"}),  # of the lines of the source, which is compared itself
    "memory": frozenset({"total", "usage"}),
    "classloader-metaspace": frozenset({"classCount", "chunkSize", "blockSize"}),
    "thread": frozenset(
        {
            *("id", "threadId", "state", "threadState", "interrupted"),
            *("blockedCount", "blockedTime", "waitedCount", "waitedTime"),
            *("lockInfo", "lockName", "lockOwnerName", "stackTrace"),
        }
    ),
}
# The last part of the key of such a row, by type.
_ROWS: Mapping[str, re.Pattern[str]] = {
    "history": re.compile(".*"),
    "jvm": re.compile(
        "MACHINE-NAME|JVM-START-TIME|LOAD-AVERAGE|PENDING-FINALIZE-COUNT|TOTAL-COMPILE-TIME"
        "|OPEN-FILE-DESCRIPTOR-COUNT|(TOTAL-|UN)?LOADED-CLASS-COUNT"
        "|(DAEMON-|PEAK-|STARTED-)?COUNT"
    ),
    "mbean": re.compile(
        "Uptime|StartTime|Name|Pid|.*(Time|TimeInMillis|Allocated\\w*|CpuLoad|LoadAverage"
        "|UsageThresholdCount|ThreadCount|LoadedClassCount|MemorySize|DescriptorCount)"
    ),
    "session": re.compile(".*"),
    "sysenv": re.compile(
        "HOSTNAME|_|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID|SHLVL|(OLD)?PWD"
        "|SSH_\\w+|WINDOWID|XDG_SESSION_ID|TMPDIR"
        "|(MY_|K8S_)?(POD|NODE|HOST|INSTANCE)_?(NAME|IP|ID|UID)S?"
    ),
    "sysprop": re.compile(
        "PID|user\\.dir|java\\.io\\.tmpdir|java\\.rmi\\.server\\.(hostname|randomIDs)"
        "|(local\\.)?(server|management\\.server)\\.port|com\\.sun\\.management.*\\.port"
    ),
    # Those of Arthas and of the JVM itself come and go.
    "thread": re.compile(
        "(arthas|as)-.*|Attach Listener|C[12] CompilerThread\\d+|.*(GC|G1) .*|VM .*"
        "|Signal Dispatcher|process reaper.*|DestroyJavaVM|Common-Cleaner"
        "|Notification Thread|Monitor Ctrl-Break"
    ),
}


def is_usual_field(kind: str, path: str) -> bool:
    """Return whether a field of that type is another one in each JVM."""
    name = path.rpartition(".")[2]
    return any(
        name in found for found in (_FIELDS, _FIELDS_OF.get(kind, ()), ALWAYS_DIFFER.get(kind, ()))
    )


def is_usual_row(kind: str, key: tuple[str, ...]) -> bool:
    """Return whether a row of that type is another one in each JVM, or missing in some."""
    pattern = _ROWS.get(kind)
    return pattern is not None and pattern.fullmatch(key[-1] if key else "") is not None
