"""A JVM of this machine, as people write it: `pid:PID`, or `jvm:NAME` by its main class."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote

from arthas_cli.errors import NotRun

_MAX_DIGITS = 9
_SIGNS = "$-._~+,"


class LocalAddress(NamedTuple):
    """A JVM by its process number, or where that is None by its name."""

    pid: int | None
    name: str = ""

    def __str__(self) -> str:
        """Return it as it is written."""
        return self.label if self.pid is not None else f"jvm:{quote(self.name, safe=_SIGNS)}"

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return f"pid:{self.pid}" if self.pid is not None else f"jvm:{self.name}"


def parse_local(text: str) -> LocalAddress:
    """Read such an address.

    Raises:
        NotRun: it is none.
    """
    scheme, _, rest = text.partition(":")
    if scheme.lower() == "pid":
        return LocalAddress(read_pid(rest))
    name = unquote(rest)
    if not name or not name.isprintable() or rest.startswith("//"):
        raise NotRun(
            f"'{text}' does not name a JVM", hint="use jvm:NAME, such as jvm:com.shop.Main"
        )
    return LocalAddress(None, name)


def read_pid(text: str) -> int:
    """Read the number of a process; raises NotRun where it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS and int(text) > 0):
        raise NotRun(
            f"'{text}' is not the number of a process",
            hint="run 'arthas-shell attach' to list the JVMs of this machine",
        )
    return int(text)
