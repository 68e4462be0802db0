"""What leads to a server that no address of this machine's network does: an ssh tunnel, a pod.

The transport asks a `Way` where to connect to, for each connection anew, so that a way that broke
and was opened again is simply used. Those there are stand in `arthas_cli.ways`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.config.credentials import Credentials
    from arthas_cli.errors import NoServer


class Endpoint(NamedTuple):
    """Where a way begins on this machine; plain http is spoken there.

    `socket_path`: of a Unix socket, "" for TCP to `host` and `port`. `credentials`: those made for
    this way alone; they hold where the user gives none.
    """

    host: str = "127.0.0.1"
    port: int = 0
    socket_path: str = ""
    credentials: Credentials | None = None


class Row(NamedTuple):
    """A step of `doctor`. `check` returns what it found, or raises the ArthasShellError it is."""

    name: str
    check: Callable[[], str]


class Way(Protocol):
    """One way to one server, used by many threads.

    `asks_user`: opening it may ask somebody for a password, whose time is not counted; once it has
    been open it asks no more. `can_be_watched`: an idle connection ends when the server does, and
    one that is refused harms no other.
    """

    asks_user: bool
    can_be_watched: bool

    @property
    def address(self) -> str:
        """The server as errors name it, "port 8563 of shop-3"."""
        ...

    @property
    def place(self) -> str:
        """What it leads to, as no other has it behind the same name; empty where not known."""
        ...

    def open(self, within_s: float | None) -> Endpoint:
        """Return where to connect to; open the way where it is not, or has broken.

        Asked for each connection, so it costs nothing while the way stands. Others wait while one
        thread opens it. `within_s`: give up after so many seconds; None for the way's own limit.

        Raises:
            Tunnel: it cannot be opened; nothing was sent.
            ArthasShellError: another reason, as that there is no such program.
        """
        ...

    def explain(self, error: NoServer) -> NoServer:
        """Return what the way knows of why a connection to it failed, or broke; else the error.

        A request that may have reached the server stays a BadAnswer or ServerGone.
        """
        ...

    def list_rows(self) -> Sequence[Row]:
        """Return what `doctor` examines, the nearest first; each needs the one before."""
        ...

    def close(self) -> None:
        """End it, whatever state it is in; more than once does no harm."""
        ...
