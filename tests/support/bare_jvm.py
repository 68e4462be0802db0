"""JVMs with no Arthas in them, as anybody's application."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from support.waiting import PATIENCE_S, wait_for

from arthas_cli.attach.acting import call_as
from arthas_cli.attach.distribution import SAMPLE_CLASS, SAMPLE_JAR, find_distribution
from arthas_cli.attach.listeners import list_ports
from arthas_cli.demo.java import find_java

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arthas_cli.attach.process import Ids

# What a container has of its own, and where what it is to see must not be.
TMP, SHARED = "/tmp", "/var/tmp"  # noqa: S108 - not for files of ours


class BareJvm(NamedTuple):
    """A JVM that runs demo.MathGame. `home`: its user's home and working folder."""

    pid: int
    home: Path

    @property
    def folder(self) -> Path:
        """Its folder below /proc."""
        return Path("/proc", str(self.pid))

    def list_threads(self) -> list[str]:
        """Returns the names of Arthas' threads in it."""
        names: list[str] = []
        for path in self.folder.glob("task/*/comm"):
            with suppress(OSError):
                names.append(path.read_text().strip())
        return [name for name in names if name.startswith("arthas-")]

    def list_ports(self) -> list[int]:
        """Returns the ports that it listens on."""
        return list_ports(self.folder)


@contextmanager
def start_bare_jvm(
    *options: str, ids: Ids | None = None, before: Sequence[str] = ()
) -> Iterator[BareJvm]:
    """Starts one with these options of `java`, and ends it.

    `ids`: whose it is, by default ours. `before`: the words of a command that runs the rest.
    """
    with TemporaryDirectory(dir=SHARED, ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        shutil.copy(find_distribution() / SAMPLE_JAR, home)
        java = _reach_java(ids, home)
        home.chmod(0o755)
        if ids is not None:
            os.chown(home, *ids)
        own = () if ids is None else (ids.uid, ids.gid)
        with (home / "out").open("wb") as out:
            process = subprocess.Popen(
                [
                    *(*before, str(java), "-Xmx128m", f"-Duser.home={home}", *options),
                    *("-cp", str(home / SAMPLE_JAR), SAMPLE_CLASS),
                ],
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                user=own[0] if own else None,
                group=own[1] if own else None,
                extra_groups=[] if own else None,
                start_new_session=True,
            )
        try:
            wait_for(lambda: (home / "out").stat().st_size or process.poll() is not None)
            assert process.poll() is None, (home / "out").read_text()
            yield BareJvm(_find_java_process(process.pid), home)
        finally:
            for pid in (_find_java_process(process.pid), process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, 9)
            process.wait(PATIENCE_S)


def _find_java_process(pid: int) -> int:
    """Returns the process itself, or the last of its children where it runs others."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while children.exists() and (found := children.read_text().split()):
        pid = int(found[-1])
        children = Path(f"/proc/{pid}/task/{pid}/children")
    return pid


def _reach_java(ids: Ids | None, home: Path) -> Path:
    """Returns a `java` that the user can run, though /tmp be another: where it must be, a copy."""
    java = find_java().resolve()
    is_seen = ids is None or call_as(ids, lambda: "x" * os.access(java, os.X_OK))
    if is_seen and not java.is_relative_to(TMP):
        return java
    copied = home / "java"
    shutil.copytree(java.parents[1], copied, symlinks=True)
    return copied / "bin" / "java"
