"""A JVM of this machine, by the functions of this package; see `site.Site`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.attach import agent, listeners, placing
from arthas_cli.attach.hotspot import check_process
from arthas_cli.attach.inside import connect_inside, find_free_port
from arthas_cli.attach.line import InsideTransport

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arthas_cli.attach.listeners import Found
    from arthas_cli.attach.process import Process
    from arthas_cli.attach.runtime import Record
    from arthas_cli.config.credentials import Credentials

_CONNECT_S = 1.0


class LocalSite:
    """The JVM that a process is."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.name = f"JVM {process.pid}"
        self.url = f"pid:{process.pid}"
        self.option = f"--url {self.url}"

    @property
    def has_ended(self) -> bool:
        """Whether it is no longer there."""
        return self.process.has_ended

    def check(self) -> None:
        """Refuse what cannot be attached to; see `Site.check`."""
        check_process(self.process)

    def find_arthas(self) -> Found | None:
        """Return the Arthas that is in it."""
        return listeners.find_arthas(self.process)

    def has_arthas(self) -> bool:
        """Return whether its threads tell of one."""
        return listeners.has_threads(self.process.folder)

    def find_free_port(self) -> int:
        """Return a port that is free; see `Site.find_free_port`."""
        return find_free_port(self.process)

    def is_taken(self, port: int) -> bool:
        """Return whether another program has that port by now."""
        if self.may_come_up(port):
            return False
        try:
            connect_inside(self.process, port, _CONNECT_S).close()
        except OSError:
            return False
        return True

    def may_come_up(self, port: int) -> bool:
        """Return whether the JVM itself listens there."""
        return port in listeners.list_ports(self.process.folder)

    def place(self, home: Path, credentials: Credentials, tell: Callable[[str], None]) -> str:
        """Return where the JVM finds Arthas; see `placing.place_arthas`."""
        del credentials  # the agent is told them
        return placing.place_arthas(self.process, home, tell)

    def remove_copy(self, name: str) -> None:
        """Remove a copy."""
        placing.remove_copy(self.process, name)

    def load(self, place: str, record: Record) -> None:
        """Put Arthas in; see `agent.load_agent`."""
        agent.load_agent(self.process, place, record.port, record.credentials)

    def is_let_in(self, port: int, credentials: Credentials | None) -> bool | None:
        """Return who is let in; see `listeners.is_let_in`."""
        return listeners.is_let_in(self.process, port, credentials)

    def open_transport(self, record: Record) -> InsideTransport:
        """Return what carries requests to it."""
        return InsideTransport(self.process, record.port, record.credentials)

    def name_logs(self) -> str:
        """Return what the closing line says of the logs that Arthas leaves."""
        log = agent.find_log(self.process)
        return "" if log is None else f"; its logs stay in '{log.rpartition('/')[0]}'"
