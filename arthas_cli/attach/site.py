"""Where a JVM is that Arthas is put into: what `attachment` has to ask and do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arthas_cli.attach.listeners import Found
    from arthas_cli.attach.runtime import Record
    from arthas_cli.config.credentials import Credentials
    from arthas_cli.protocol import Transport


class Site(Protocol):
    """One JVM; what it raises is an ArthasShellError.

    `name`: as messages have it, "JVM 4711". `url`: its address; `option`: that, as options of our
    command.
    """

    name: str
    url: str
    option: str

    @property
    def has_ended(self) -> bool:
        """Whether the JVM is no longer there."""
        ...

    def check(self) -> None:
        """Refuse a JVM that takes no Arthas, before anything is done to it."""
        ...

    def find_arthas(self) -> Found | None:
        """Return the Arthas that is in it, None where there is none."""
        ...

    def has_arthas(self) -> bool:
        """Return whether an Arthas runs in it, listening or not."""
        ...

    def find_free_port(self) -> int:
        """Return a port of its loopback address that is free at this moment."""
        ...

    def is_taken(self, port: int) -> bool:
        """Return whether another program than the JVM listens there."""
        ...

    def may_come_up(self, port: int) -> bool:
        """Return whether an Arthas that could not be loaded listens there all the same."""
        ...

    def place(self, home: Path, credentials: Credentials, tell: Callable[[str], None]) -> str:
        """Have the jars of `home` where the JVM can read them; return where that is.

        `tell` is told the name of a copy before it is made. Behind a failure none is left.
        """
        ...

    def remove_copy(self, name: str) -> None:
        """Remove a copy."""
        ...

    def load(self, place: str, record: Record) -> None:
        """Put Arthas into the JVM, and wait until it answers."""
        ...

    def is_let_in(self, port: int, credentials: Credentials | None) -> bool | None:
        """Return whether the Arthas on that port lets in who has these; None: there is none."""
        ...

    def open_transport(self, record: Record) -> Transport:
        """Return what carries requests to it."""
        ...

    def name_logs(self) -> str:
        """Return what the closing line says of the logs that Arthas leaves; empty: not known."""
        ...
