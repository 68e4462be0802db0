"""The HotSpot JVMs of this machine, by /proc: other users' as well, with what can be known."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.attach.hsperf import COMMAND, VERSION, read_perf_data
from arthas_cli.attach.listeners import Found, find_arthas
from arthas_cli.attach.process import (
    PROC,
    Process,
    find_library,
    is_shared,
    list_pids,
    name_user,
    read_process,
    require_linux,
)
from arthas_cli.errors import AttachFailed, NotPermitted, NotRun
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_JAVA_VERSION = re.compile(r'^JAVA_VERSION="([^"]*)"', re.MULTILINE)
# Options of `java` whose value is the word behind them.
_WITH_VALUE = frozenset(
    (
        *("-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path"),
        *("--add-modules", "--add-exports", "--add-opens", "--add-reads", "--patch-module"),
        *("--limit-modules", "--enable-native-access", "-d", "--describe-module", "--source"),
    )
)
_MODULE = ("-m", "--module")
_MAX_PARENTS = 6
_AT_ONCE = 16


class Jvm(NamedTuple):
    """A JVM. `main`: its main class, or its jar; `java`: its version; None where not known.

    `is_contained`: it has a file system or process numbers of its own.
    """

    pid: int
    user: str
    main: str | None
    java: str | None
    up_ms: int
    is_contained: bool
    arthas: Found | None = None


FindArthas = Callable[[Process], Found | None]


def list_jvms(proc: Path = PROC, find: FindArthas = find_arthas) -> list[Jvm]:
    """Return the JVMs of this machine, by pid; `find` says which Arthas is in a process.

    Raises:
        NotRun: this is not Linux.
    """
    require_linux()
    found = list(_find_jvms(proc))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        each = pool.map(find, [process for process, _ in found])
        return [jvm._replace(arthas=arthas) for (_, jvm), arthas in zip(found, each, strict=True)]


def find_nothing(_: Process) -> None:
    """Say of every process that no Arthas is in it, for who does not want to know."""


def _find_jvms(proc: Path) -> Iterator[tuple[Process, Jvm]]:
    uptime_s = float((proc / "uptime").read_text("ascii").split()[0])
    for pid in list_pids(proc):
        try:
            process = read_process(pid, proc)
            jvm = _describe(process, uptime_s)
        except (AttachFailed, OSError, ValueError, KeyError):  # it has ended, or is no program
            continue
        if jvm is not None:
            yield process, jvm


def _describe(process: Process, uptime_s: float) -> Jvm | None:
    words = _read_words(process.folder / "cmdline")
    try:
        library = find_library(process)
    except NotPermitted:
        if not _is_java(words):
            return None
        return _make_jvm(process, uptime_s, find_main(words), None)
    if library is None:
        return None
    told = read_perf_data(process)
    main = first_word(told.get(COMMAND, "")) or find_main(words)
    java = told.get(VERSION) or _read_release(process, library)
    return _make_jvm(process, uptime_s, main, java)


def _make_jvm(process: Process, uptime_s: float, main: str | None, java: str | None) -> Jvm:
    started_s = process.start / os.sysconf("SC_CLK_TCK")
    return Jvm(
        process.pid,
        name_user(process.ids.uid),
        main,
        java,
        max(0, round((uptime_s - started_s) * 1000)),
        process.inner_pid != process.pid or not is_shared(process, "mnt"),
    )


def _read_words(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8", "replace").rstrip("\0").split("\0")


def _is_java(words: Sequence[str]) -> bool:
    return words[0].rpartition("/")[2] == "java"


def first_word(command: str) -> str | None:
    """Return the class or jar that a command begins with: what follows may hold secrets."""
    word = command.split(" ", 1)[0]
    return word.rpartition("/")[2] or None


def find_main(words: Sequence[str]) -> str | None:
    """Return the main class, or the name of the jar, of the words of a `java` command."""
    rest = iter(words[1:])
    for word in rest:
        if word == "-jar" or word in _MODULE:
            return first_word(next(rest, ""))
        if word in _WITH_VALUE:
            next(rest, None)
        elif not word.startswith(("-", "@")):
            return first_word(word)
    return None


def _read_release(process: Process, library: str) -> str | None:
    """Return the version that the `release` file above the library of the JVM tells."""
    for folder in list(Path(library).parents)[:_MAX_PARENTS]:
        try:
            text = (process.root / str(folder).lstrip("/") / "release").read_text(
                "utf-8", "replace"
            )
        except OSError:
            continue
        found = _JAVA_VERSION.search(text)
        if found:
            return found[1]
    return None


def find_matches(name: str, jvms: Sequence[Jvm]) -> list[Jvm]:
    """Return the JVMs of that main class: by its full name, else its last part, else a part of it.

    Case counts only where it makes a difference.
    """
    for is_match in (
        lambda main: main == name,
        lambda main: main.rpartition(".")[2] == name or main.removesuffix(".jar") == name,
        lambda main: name.lower() in main.lower(),
    ):
        if found := [jvm for jvm in jvms if jvm.main and is_match(jvm.main)]:
            return found
    return []


def find_process(pid: int | None, name: str, proc: Path = PROC) -> Process:
    """Return the process of that number, or where there is none the JVM of that name.

    Raises:
        NotRun: several JVMs are called so; this is not Linux.
        AttachFailed: there is none.
    """
    require_linux()
    if pid is not None:
        return read_process(pid, proc)
    found = find_matches(name, list_jvms(proc, find_nothing))
    if not found:
        raise AttachFailed(
            f"there is no JVM '{name}' on this machine",
            hint="run 'arthas-shell attach' to list the JVMs",
        )
    if len(found) > 1:
        which = ", ".join(f"{jvm.pid} {jvm.main}" for jvm in found)
        raise NotRun(
            f"'{name}' may be any of {len(found)} JVMs: {one_line(which)}",
            hint=f"name one by its number, such as pid:{found[0].pid}",
        )
    return read_process(found[0].pid, proc)
