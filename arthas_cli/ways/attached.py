"""A way that begins with putting Arthas into a JVM, and ends with taking it out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Protocol

from arthas_cli.attach.attachment import Attachment, Wish
from arthas_cli.attach.distribution import find_home
from arthas_cli.errors import ArthasShellError, AttachFailed, TimedOut
from arthas_cli.interrupts import putting_off_the_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.attach.runtime import Place
    from arthas_cli.attach.site import Site
    from arthas_cli.config.way import Endpoint, Row
    from arthas_cli.errors import NoServer
    from arthas_cli.ways import Terms

_COMING_UP_S = 10.0
_UNDO = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from arthas_cli.ways import undo; undo(sys.argv[2])"
)


class Finder(Protocol):
    """Finds the JVM of an address, and leads to the Arthas in it.

    `can_be_watched`: as for `Way`.
    """

    can_be_watched: bool

    @property
    def address(self) -> str:
        """What errors call it."""
        ...

    def find(self) -> tuple[Site, Place]:
        """Return the JVM, and what is kept of it; raises ArthasShellError where there is none."""
        ...

    def open(self, port: int, within_s: float | None) -> Endpoint:
        """Return where to connect to for that port of the JVM; see `Way.open`."""
        ...

    def explain(self, port: int, error: NoServer) -> NoServer:
        """Return what is known of why a connection to it failed; see `Way.explain`."""
        ...

    def list_steps(self) -> Sequence[Row]:
        """Return what `doctor` examines before Arthas."""
        ...

    def close(self) -> None:
        """End what leads there."""
        ...


class AttachedWay:
    """The way to the Arthas in one JVM; see `config.way.Way`.

    Arthas is put in once: one that somebody has stopped is not put in again unasked.

    Threads: any may use it. `_lock` is held by the one that opens it, and guards all fields but
    `_is_closed` and `_is_late`, which only ever become True; who closes waits a while for it, and
    then goes on.
    """

    def __init__(self, finder: Finder, terms: Terms) -> None:
        self.can_be_watched = finder.can_be_watched
        self.asks_user = True  # attaching takes seconds, which are not those of a request
        self._finder = finder
        self._terms = terms
        self._lock = threading.Lock()
        self._attachment: Attachment | None = None
        self._is_open = self._is_closed = self._is_late = False

    @property
    def address(self) -> str:
        """What errors call the server."""
        return self._finder.address

    @property
    def place(self) -> str:
        """Nothing: it leads to one JVM for all its life."""
        return ""

    def open(self, within_s: float | None) -> Endpoint:
        """Return where Arthas is, put into the JVM where it is not; raises as `Attachment.open`.

        Where the time is over before, that goes on, and is undone behind us.
        """
        if within_s is None or self._is_open:
            return self._open(within_s)
        found: list[Endpoint | Exception] = []

        def work() -> None:
            try:
                found.append(self._open(within_s))
            except Exception as error:  # noqa: BLE001 - raised below
                found.append(error)

        thread = threading.Thread(target=work, name="attach", daemon=True)
        thread.start()
        thread.join(within_s)
        self._is_late = not found
        if self._is_late:
            raise TimedOut(f"Arthas is not in {self.address} yet", within_s=within_s)
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    def _open(self, within_s: float | None) -> Endpoint:
        with self._lock:
            if self._attachment is None or not self._is_open:
                self._attachment = None if self._is_closed else self._prepare()
                if self._is_closed or self._attachment is None:  # while it was looked for, perhaps
                    raise AttachFailed(f"the way to {self.address} is closed", hint="")
                self._attachment.open()
                self._is_open = True
            port, credentials = self._attachment.port, self._attachment.credentials
            return self._finder.open(port, within_s)._replace(credentials=credentials)

    def explain(self, error: NoServer) -> NoServer:
        """Return an error that says whether the JVM has ended, or Arthas in it."""
        attachment = self._attachment
        return error if attachment is None else self._finder.explain(attachment.port, error)

    def list_rows(self) -> Sequence[Row]:
        """Return the steps there: the JVM, and Arthas in it."""
        from arthas_cli.config.way import Row

        return (*self._finder.list_steps(), Row("Arthas in it", self._tell_port))

    def close(self) -> None:
        """Take Arthas out, where it is ours and nobody else uses it.

        One that a thread of ours is putting in just now is waited for first.
        """
        self._is_closed = True
        has_lock = self._lock.acquire(timeout=0 if self._is_late else _COMING_UP_S)
        attachment, self._attachment = self._attachment, None
        if attachment is not None:
            self._take_out(attachment, is_coming_up=not has_lock)
        if has_lock:
            self._lock.release()
        self._finder.close()

    def undo(self) -> None:
        """Take out what another process of ours has put in; raises as `Attachment.open`."""
        try:
            self._prepare().undo()
        finally:
            self._finder.close()

    def _take_out(self, attachment: Attachment, *, is_coming_up: bool) -> None:
        site = attachment.site
        try:
            if is_coming_up:
                _undo_later(site.url)
                self._terms.warn(f"Arthas is taken out of {site.name} as soon as it has come up")
            else:
                with putting_off_the_end():
                    attachment.close()
        except (OSError, ArthasShellError, KeyboardInterrupt) as error:
            why = str(error) or "interrupted"
            self._terms.warn(
                f"Arthas may stay in {site.name} ({why}); to stop it, run: arthas-shell exec"
                f" {site.option} stop"
            )

    def _prepare(self) -> Attachment:
        terms = self._terms
        wish = Wish(
            lambda: find_home(terms.arthas_home), terms.keeps, say=terms.say, warn=terms.warn
        )
        return Attachment(*self._finder.find(), wish)

    def _tell_port(self) -> str:
        self.open(None)
        assert self._attachment is not None  # noqa: S101 - for the types
        return f"port {self._attachment.port} of its loopback address"


def _undo_later(url: str) -> None:
    """Have a process of its own take out an Arthas that comes up when nobody waits for it.

    Loading cannot be called back, and whoever set a deadline is not to wait for its end. It runs
    with our own path, for that may be an archive.
    """
    subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _UNDO, json.dumps(sys.path), url],
        cwd=os.sep,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
