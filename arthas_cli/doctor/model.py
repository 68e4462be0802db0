"""A step of the examination and what it finds, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arthas_cli.session.server import QUICK_S
from arthas_cli.transport import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.config.settings import Connection
    from arthas_cli.environment import Environment
    from arthas_cli.errors import ArthasShellError
    from arthas_cli.invocation import Invocation
    from arthas_cli.transport.http_client import HttpClient
    from arthas_cli.transport.wire import Reply

ANSWER_S = QUICK_S


class State(StrEnum):
    """How a step ended."""

    PASS = "pass"  # noqa: S105 - not a password
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a step found. `cure`: what to do, "" for nothing. `notes`: good to know.

    `error` is that of a step that failed.
    """

    state: State
    found: str
    cure: str = ""
    notes: tuple[str, ...] = ()
    error: ArthasShellError | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `check` returns what it finds, or raises the ArthasShellError that it found.

    `needs`: the steps without which it has no sense.
    """

    name: str
    check: Callable[[Case], Finding]
    needs: tuple[str, ...] = ()


@dataclass
class Case:
    """What is examined, and what the steps so far have found out.

    `reply`: the answer of the API to a harmless request. `wants_password`: whether it answers
    only who gives one, None as long as that is not known.
    """

    invocation: Invocation
    addresses: list[str] = field(default_factory=list)
    reply: Reply | None = None
    wants_password: bool | None = None
    version: str = ""

    @property
    def environment(self) -> Environment:
        """The process."""
        return self.invocation.environment

    @property
    def connection(self) -> Connection:
        """Which server, and how; raises as the configuration does."""
        return self.invocation.connection

    @cached_property
    def door(self) -> HttpClient:
        """The way to the server; raises ConfigError where the CA file is wrong."""
        from arthas_cli.transport.http_client import HttpClient

        return HttpClient(self.connection)

    @property
    def is_encrypted(self) -> bool:
        """Whether the address begins with https."""
        return self.connection.url.startswith("https://")

    @property
    def is_here(self) -> bool:
        """Whether the address is that of this machine."""
        return is_loopback(self.connection.url)

    @property
    def host(self) -> str:
        """The host of the address."""
        return urlsplit(self.connection.url).hostname or ""

    @property
    def next_hop(self) -> tuple[str, int]:
        """Host and port that are connected to: the proxy's where there is one."""
        parts = urlsplit(f"//{self.door.proxy}" if self.door.proxy else self.connection.url)
        return parts.hostname or "", parts.port or (443 if self.is_encrypted else 80)

    @property
    def address(self) -> str:
        """The next hop, as people write it."""
        host, port = self.next_hop
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def passed(found: str, *notes: str) -> Finding:
    """Return that all is well."""
    return Finding(State.PASS, found, notes=notes)


def warned(found: str, cure: str, *notes: str) -> Finding:
    """Return that it works, but not as it should."""
    return Finding(State.WARN, found, cure, notes)


def skipped(found: str) -> Finding:
    """Return that there was nothing to look at."""
    return Finding(State.SKIPPED, found)


def failed(error: ArthasShellError) -> Finding:
    """Return what is wrong."""
    return Finding(State.FAIL, error.message, error.hint, error=error)
