"""`pid:` and `jvm:`: a JVM of this machine, into which Arthas is put where there is none.

It is taken out again when the program ends, unless others use it. Where the process has a network
of its own, as in a container, its port is handed out on a Unix socket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.attach.here import LocalSite
from arthas_cli.attach.inside import HOST, connect_inside
from arthas_cli.attach.jvms import find_process
from arthas_cli.attach.process import is_shared, require_linux
from arthas_cli.attach.runtime import Place, find_folder, name_process, sweep
from arthas_cli.config.local_address import parse_local
from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import AttachFailed, BadAnswer, NoServer, ServerGone
from arthas_cli.ways.attached import AttachedWay
from arthas_cli.ways.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.config.settings import Connection
    from arthas_cli.ways import Terms

_GLANCE_S = 0.5


def make_way(connection: Connection, terms: Terms) -> AttachedWay:
    """Return the way into the JVM; nothing is done yet.

    Raises:
        NotRun: this is not Linux.
    """
    require_linux()
    return AttachedWay(LocalFinder(connection.url), terms)


class LocalFinder:
    """Finds a JVM of this machine; see `attached.Finder`."""

    can_be_watched = True

    def __init__(self, url: str) -> None:
        self._target = parse_local(url)
        self.address = self._target.label
        self._site: LocalSite | None = None
        self._relay: Relay | None = None

    def find(self) -> tuple[LocalSite, Place]:
        """Return the JVM; see `jvms.find_process` for what it raises."""
        site = self._site = LocalSite(find_process(*self._target))
        self.address = site.name
        folder = find_folder()
        sweep(folder)
        return site, Place(folder, name_process(site.process))

    def open(self, port: int, within_s: float | None) -> Endpoint:
        """Return its port, or the socket that leads into its network."""
        del within_s
        assert self._site is not None  # noqa: S101 - for the types
        process = self._site.process
        if is_shared(process, "net"):
            return Endpoint(HOST, port)
        if self._relay is None:
            self._relay = Relay(lambda: connect_inside(process, port, _GLANCE_S))
        return Endpoint(socket_path=self._relay.path)

    def explain(self, port: int, error: NoServer) -> NoServer:
        """Return whether the JVM has ended, or Arthas in it."""
        assert self._site is not None  # noqa: S101 - for the types
        process = self._site.process
        try:
            connect_inside(process, port, _GLANCE_S).close()
        except OSError:
            pass
        else:
            return error
        if process.has_ended:
            what = f"the JVM has ended ({self.address}, process {process.pid})"
            hint = "run 'arthas-shell attach' to list the JVMs"
        else:
            what = f"Arthas is no longer in JVM {process.pid}"
            hint = "run the command again to put it in"
        return (ServerGone if isinstance(error, BadAnswer) else AttachFailed)(what, hint=hint)

    def list_steps(self) -> Sequence[Row]:
        """Return that the process is there."""
        return (Row("process", lambda: f"{find_process(*self._target).pid} is there"),)

    def close(self) -> None:
        """Close the socket."""
        relay, self._relay = self._relay, None
        if relay is not None:
            relay.close()
