"""The way into a JVM of this machine: Arthas is put into it when it is first needed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from arthas_cli.attach.attachment import Attachment, Wish, make_attachment
from arthas_cli.attach.distribution import find_home
from arthas_cli.attach.inside import HOST, connect_inside
from arthas_cli.attach.jvms import find_process
from arthas_cli.attach.process import is_shared, require_linux
from arthas_cli.config.local_address import parse_local
from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import ArthasShellError, AttachFailed, BadAnswer, NoServer, ServerGone
from arthas_cli.interrupts import putting_off_the_end
from arthas_cli.ways.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.ways import Terms

_GLANCE_S = 0.5
_COMING_UP_S = 10.0


class LocalWay:
    """The way to the Arthas in a JVM of this machine; see `config.way.Way`.

    It is opened once: an Arthas that somebody has stopped is not put in again unasked.

    Threads: any may use it. `_lock` is held by the one that opens it, and guards all fields but
    `_is_closed`, which only ever becomes True; who closes waits a while for it, and then goes on.
    """

    can_be_watched = True

    def __init__(self, url: str, terms: Terms) -> None:
        require_linux()
        self._target = parse_local(url)
        self.address = self._target.label
        self.asks_user = True  # attaching takes seconds, which are not those of a request
        self._terms = terms
        self._lock = threading.Lock()
        self._attachment: Attachment | None = None
        self._is_open = self._is_closed = False
        self._relay: Relay | None = None

    def open(self, within_s: float | None) -> Endpoint:
        """Return where Arthas is, put into the JVM where it is not; raises as `Attachment.open`."""
        del within_s  # what has begun in the JVM is not left half done
        with self._lock:
            if self._is_closed:
                raise AttachFailed(f"the way to {self.address} is closed", hint="")
            if self._attachment is None or not self._is_open:
                self._attachment = self._prepare()
                self._attachment.open()
                self._is_open = True
            return self._make_endpoint(self._attachment)

    def explain(self, error: NoServer) -> NoServer:
        """Return an error that says whether the JVM has ended, or Arthas in it."""
        attachment = self._attachment
        if attachment is None or self._is_listening(attachment):
            return error
        if attachment.process.has_ended:
            what = f"the JVM has ended ({self.address}, process {attachment.process.pid})"
            hint = "run 'arthas-shell attach' to list the JVMs"
        else:
            what = f"Arthas is no longer in JVM {attachment.process.pid}"
            hint = "run the command again to put it in"
        return (ServerGone if isinstance(error, BadAnswer) else AttachFailed)(what, hint=hint)

    def list_rows(self) -> Sequence[Row]:
        """Return the steps there: the process, and Arthas in it."""
        return (Row("process", self._find), Row("Arthas in it", self._tell_port))

    def close(self) -> None:
        """Take Arthas out, where it is ours and nobody else uses it.

        One that a thread of ours is putting in just now is waited for first.
        """
        self._is_closed = True
        has_lock = self._lock.acquire(timeout=_COMING_UP_S)
        attachment, self._attachment = self._attachment, None
        if attachment is not None:
            self._take_out(attachment, is_coming_up=not has_lock)
        if has_lock:
            self._lock.release()
        relay, self._relay = self._relay, None
        if relay is not None:
            relay.close()

    def _take_out(self, attachment: Attachment, *, is_coming_up: bool) -> None:
        why = "it is still coming up"
        if not is_coming_up:
            try:
                with putting_off_the_end():
                    attachment.close()
            except (OSError, ArthasShellError) as error:
                why = str(error)
            except KeyboardInterrupt:
                why = "interrupted"
            else:
                return
        pid = attachment.process.pid
        self._terms.warn(
            f"Arthas may stay in JVM {pid} ({why}); to stop it, run: arthas-shell exec --url"
            f" pid:{pid} stop"
        )

    def _prepare(self) -> Attachment:
        process = find_process(*self._target)
        terms = self._terms
        wish = Wish(
            lambda: find_home(terms.arthas_home), terms.keeps, say=terms.say, warn=terms.warn
        )
        self.address = f"JVM {process.pid}"
        return make_attachment(process, wish)

    def _make_endpoint(self, attachment: Attachment) -> Endpoint:
        if is_shared(attachment.process, "net"):
            return Endpoint(HOST, attachment.port, credentials=attachment.credentials)
        if self._relay is None:
            process, port = attachment.process, attachment.port
            self._relay = Relay(lambda: connect_inside(process, port, _GLANCE_S))
        return Endpoint(socket_path=self._relay.path, credentials=attachment.credentials)

    def _is_listening(self, attachment: Attachment) -> bool:
        try:
            connect_inside(attachment.process, attachment.port, _GLANCE_S).close()
        except OSError:
            return False
        return True

    def _find(self) -> str:
        process = find_process(*self._target)
        return f"{process.pid} is there"

    def _tell_port(self) -> str:
        self.open(None)
        assert self._attachment is not None  # noqa: S101 - for the types
        return f"port {self._attachment.port} of its loopback address"
