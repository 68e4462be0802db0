"""What is run in a container by its own `sh`, and what it prints, read.

Nothing secret is an argument. It needs what images with a shell have: cat, grep, id, ls, readlink,
sed, tr; `df` and `tar` where they are there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.attach.jvms import find_main
from arthas_cli.attach.listeners import parse_ports
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENVIRONMENT = 'PATH="$PATH:/usr/local/bin:/usr/bin:/bin"; umask 077\n'
_THREADS = """
has_arthas() {
    for comm in "/proc/$1/task/"*/comm; do
        read -r name < "$comm" && case $name in arthas-session-*|arthas-shell-se*) return 0;; esac
    done 2>/dev/null
    return 1
}
"""
# $1: the name of a folder that is made wherever that is possible, and removed.
LOOK = (
    _ENVIRONMENT
    + _THREADS
    + r"""
echo "uid $(id -u)"
for folder in /proc/[0-9]*; do
    pid=${folder#/proc/}
    if [ -r "$folder/maps" ] && cat "$folder/maps" >/dev/null 2>&1; then
        grep -q 'libjvm\.so' "$folder/maps" || continue
    else
        case $(tr '\000' '\n' < "$folder/cmdline" 2>/dev/null | sed 1q) in
            java|*/java) ;; *) continue;;
        esac
    fi
    uid= gid= start=
    while read -r key _ effective _; do
        case $key in Uid:) uid=$effective;; Gid:) gid=$effective;; esac
    done < "$folder/status"
    read -r line < "$folder/stat"
    start=$(set -- ${line##*) }; echo "${20}")
    has_arthas "$pid" && arthas=1 || arthas=0
    echo "jvm $pid $uid $gid $start $arthas $(readlink "$folder/exe")"
    echo "words $pid $(tr '\000\n' '\037 ' < "$folder/cmdline")"
    [ $arthas = 0 ] || ls -l "$folder/fd" 2>/dev/null | sed "s/^/fd $pid /"
done
sed 's/^/net /' /proc/net/tcp /proc/net/tcp6 2>/dev/null
for place in "$TMPDIR" /tmp /dev/shm /var/tmp "$HOME"; do
    [ -n "$place" ] && mkdir "$place/$1" 2>/dev/null && rmdir "$place/$1" || continue
    room=$(df -Pk "$place" 2>/dev/null | sed -n '2s/^[^ ]* *[^ ]* *[^ ]* *\([0-9]*\).*/\1/p')
    echo "place ${room:--} $place"
done
[ -w /tmp ] && echo tmp
command -v tar >/dev/null && echo tar
for java in "$JAVA_HOME/bin/java" "$(command -v java)"; do [ -x "$java" ] && echo "java $java"; done
for file in memory.max memory.current memory/memory.limit_in_bytes memory/memory.usage_in_bytes; do
    [ -r "/sys/fs/cgroup/$file" ] && echo "memory $(cat "/sys/fs/cgroup/$file")"
done
sed -n 's/^\(total_\)\{0,1\}inactive_file /cache /p' /sys/fs/cgroup/memory.stat \
    /sys/fs/cgroup/memory/memory.stat 2>/dev/null
echo end
"""
)
# $1: the folder; stdin: the files.
UNPACK = _ENVIRONMENT + 'mkdir "$1" && cd "$1" && tar -xf -'
# $1: the folder, $2: the file; stdin: its content.
WRITE = _ENVIRONMENT + 'mkdir -p "$(dirname "$1/$2")" && cat > "$1/$2"'
# $1: the folder, $2: java, $3: the pid, $4: the port, $5: whose the JVM is, "" for ours, $6: how
# long arthas-core.jar is. The password stands in a file that is removed again.
START = (
    _ENVIRONMENT
    + r"""
cd "$1" || exit
[ "$(cat arthas-core.jar | wc -c)" -eq "$6" ] || { echo "the copy is not whole"; exit 1; }
[ -z "$5" ] || chown -R "$5" .
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS
home=${2%/bin/java}
boot=
for jar in "$home/lib/tools.jar" "$home/../lib/tools.jar"; do
    [ -f "$jar" ] && boot="-Xbootclasspath/a:$jar"
done
"$2" -Xms16m -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData ${boot:+"$boot"} \
    -jar arthas-core.jar -pid "$3" -core "$1/arthas-core.jar" -agent "$1/arthas-agent.jar" \
    -target-ip 127.0.0.1 -http-port "$4" 2>&1
code=$?
rm -f arthas.properties
exit $code
"""
)
# $1: the pid, $2: when that JVM began.
TELL = (
    _ENVIRONMENT
    + _THREADS
    + r"""
[ -d "/proc/$1" ] && read -r line < "/proc/$1/stat" || { echo ended; exit 0; }
[ "$(set -- ${line##*) }; echo "${20}")" = "$2" ] || { echo ended; exit 0; }
has_arthas "$1" && echo arthas || echo none
"""
)
# $1: the folder. What was being unpacked into it may come a moment later.
REMOVE = 'rm -rf "$1"; [ ! -e "$1" ] || { sleep 1; rm -rf "$1"; }'

_FD = re.compile(r"socket:\[(\d+)\]")
_HEAD = "sl"


class PodJvm(NamedTuple):
    """A JVM in a container. `start`: when it began, as the kernel counts. `exe`: "" if not known.

    `ports`: that it listens on, known only where an Arthas is in it.
    """

    pid: int
    uid: int
    gid: int
    start: int
    has_arthas: bool
    exe: str
    main: str | None = None
    ports: tuple[int, ...] = ()


class Look(NamedTuple):
    """What there is in a container.

    `places`: folders that can be written to, each with the KiB that are free there, None where not
    known. `has_tmp`: /tmp can be written to. `javas`: programs to start one with. `used_ports`: of
    its network. `left_bytes`: of its memory, None for no limit.
    """

    uid: int
    jvms: tuple[PodJvm, ...] = ()
    places: tuple[tuple[str, int | None], ...] = ()
    has_tmp: bool = False
    has_tar: bool = False
    javas: tuple[str, ...] = ()
    used_ports: frozenset[int] = frozenset()
    left_bytes: int | None = None


def read_look(text: str) -> Look | None:
    """Read what `LOOK` prints, None where it did not come to its end."""
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        key, _, rest = line.partition(" ")
        rows[key].append(rest)
    if not rows["end"]:
        return None
    # Each has a head of its own, and one head is left out where ports are read.
    table = [row for row in rows["net"] if row.split()[:1] != [_HEAD]]
    return Look(
        _as_int(rows["uid"][0]) if rows["uid"] else -1,
        tuple(_read_jvm(row, rows, table) for row in rows["jvm"]),
        tuple((place, _read_number(room)) for room, _, place in _cut(rows["place"])),
        bool(rows["tmp"]),
        bool(rows["tar"]),
        tuple(rows["java"]),
        frozenset(_as_int(row.split()[1].rpartition(":")[2], 16) for row in table),
        _read_memory(rows),
    )


def _read_jvm(row: str, rows: Mapping[str, list[str]], table: list[str]) -> PodJvm:
    pid, uid, gid, start, arthas, exe = (row.split(" ", 5) + [""] * 6)[:6]
    words = next((rest for number, _, rest in _cut(rows["words"]) if number == pid), "")
    main = find_main(words.rstrip("\037").split("\037"))
    fds = " ".join(rest for number, _, rest in _cut(rows["fd"]) if number == pid)
    ports = parse_ports("\n".join([_HEAD, *table]), set(_FD.findall(fds)))
    return PodJvm(
        _as_int(pid),
        _as_int(uid),
        _as_int(gid),
        _as_int(start),
        arthas == "1",
        exe,
        None if main is None else one_line(main),
        tuple(dict.fromkeys(ports)),
    )


def _read_memory(rows: Mapping[str, list[str]]) -> int | None:
    """Return how many bytes the container may still take; what is only cached does not count."""
    most, used, *_ = [*map(_read_number, rows["memory"]), None, None]
    cached = max(map(_as_int, rows["cache"]), default=0)
    return None if most is None or used is None else most - used + cached


def _cut(rows: list[str]) -> list[tuple[str, str, str]]:
    return [row.partition(" ") for row in rows]


def _read_number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _as_int(text: str, base: int = 10) -> int:
    try:
        return int(text, base)
    except ValueError:
        return 0
