"""The ways to servers that are not reached by an address alone, by the scheme of their address.

A kind of way is a module here with a class of the form `config.way.Way`, a row in `MAKERS`, and
the reading of its address in `config.target`. What a way needs is loaded where one is made.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.config.target import find_scheme
from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.config.settings import Connection
    from arthas_cli.config.way import Way


def _say_nothing(_: str) -> None:
    """Say nothing."""


class Terms(NamedTuple):
    """What ways may do. `may_ask`: their programs may ask a person at the terminal.

    `say`: told what the user is to know once, `warn` what is not as it should be. `keeps`: what is
    put in is left there. `arthas_home`: the folder of the Arthas to put in, None for any.
    `attaches`: Arthas is put into a pod that has none.
    `tells_apart`: another server behind the same name is noticed by whoever uses the way, before a
    line goes to it.
    """

    may_ask: bool = False
    say: Callable[[str], None] = _say_nothing
    warn: Callable[[str], None] = _say_nothing
    keeps: bool = False
    arthas_home: str | None = None
    tells_apart: bool = False
    attaches: bool = False


_STRICT = Terms()


@dataclass(eq=False)
class Ways:
    """The ways of one run, one for each address; closed together, whatever ends it.

    Threads: any may add; `_lock` guards `_made`.
    """

    _made: dict[str, Way] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, connection: Connection, terms: Terms = _STRICT) -> Connection:
        """Return the connection with its way, where its address has one; nothing is opened yet.

        Raises:
            NotRun: Arthas cannot be put in there.
        """
        scheme = find_scheme(connection.url)
        maker = MAKERS.get(scheme)
        if terms.attaches and scheme not in _ATTACHED:
            raise NotRun(
                f"--attach is for a pod, and '{connection.url}' is none",
                hint="use k8s://NAMESPACE/POD, or pid:PID for a JVM of this machine",
            )
        if maker is None:
            return connection
        with self._lock:
            way = self._made.get(connection.url)
            if way is None:
                way = self._made[connection.url] = maker(connection, terms)
        return connection._replace(way=way)

    def close(self) -> None:
        """End them all; may be called more than once."""
        with self._lock:
            ways = list(self._made.values())
        for way in ways:
            way.close()


def undo(url: str) -> None:
    """Take out an Arthas that another process of ours has put into the JVM of this address."""
    from arthas_cli.config.settings import Connection
    from arthas_cli.ways.attached import AttachedWay

    way = Ways().add(Connection(url), Terms(attaches=True)).way
    if isinstance(way, AttachedWay):
        way.undo()


def _make_ssh(connection: Connection, terms: Terms) -> Way:
    from arthas_cli.ways.ssh import make_way

    return make_way(connection, terms)


def _make_local(connection: Connection, terms: Terms) -> Way:
    from arthas_cli.ways.local import make_way

    return make_way(connection, terms)


def _make_k8s(connection: Connection, terms: Terms) -> Way:
    if terms.attaches:
        from arthas_cli.ways.pod_finder import make_attached_way

        return make_attached_way(connection, terms)
    from arthas_cli.ways.k8s import make_way

    return make_way(connection, terms)


# Into these Arthas is put in any case, or can be.
_ATTACHED = frozenset({"pid", "jvm", "k8s"})
# Scheme -> what makes such a way; those of `config.target` that are not here need none.
MAKERS: dict[str, Callable[[Connection, Terms], Way]] = {
    "ssh": _make_ssh,
    "pid": _make_local,
    "jvm": _make_local,
    "k8s": _make_k8s,
}
