"""What Windows and macOS lack is not wanted when the program starts, nor for a local pipe."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas

if TYPE_CHECKING:
    from collections.abc import Iterator

# A Python without what only Unix has, as far as its own library can do without it here.
_ELSEWHERE = """
import importlib, os, pkgutil, signal, sys

class Lacking:
    def find_spec(self, name, path=None, target=None):
        if name in LACKING:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)

LACKING = "termios fcntl pwd grp resource readline pty tty curses syslog".split()
for name in LACKING:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Lacking())
for module, names in (
    (os, "fork geteuid getpgrp setsid tcgetpgrp fchmod register_at_fork O_NOFOLLOW O_NONBLOCK"),
    (signal, "SIGHUP SIGTSTP SIGCONT SIGUSR1 SIGPIPE SIGALRM SIGWINCH SIGQUIT setitimer alarm"),
):
    for name in names.split():
        delattr(module, name)
import arthas_cli
names = [module.name for module in pkgutil.walk_packages(arthas_cli.__path__, "arthas_cli.")]
for name in names:
    importlib.import_module(name)
assert len(names) > 150, names
"""
_RUN = "from arthas_cli.__main__ import main\nmain()\n"
_PAGE = """
from arthas_cli.environment import Environment
from arthas_cli.pipes.outflow import Spool
spool = Spool([["sort"]], Environment())
spool.start().write("b\\na\\n")
spool.show()
spool.close()
"""


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as fake:
        yield fake


def run_elsewhere(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _ELSEWHERE + script, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_module_is_imported_without_what_only_unix_has() -> None:
    done = run_elsewhere(_RUN, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("arthas-shell ")


def test_a_local_pipe_works_without_what_only_unix_has(fake: FakeArthas) -> None:
    done = run_elsewhere(_RUN, "exec", "--url", fake.url, "version | sort")
    assert (done.returncode, done.stdout, done.stderr) == (0, "4.1.5\n", "")


def test_a_pager_works_without_what_only_unix_has() -> None:
    done = run_elsewhere(_PAGE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "a\nb\n", "")
