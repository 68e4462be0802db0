"""Arthas in a JVM of this machine: found there or put in, used, and taken out by the last one."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from arthas_cli.attach.agent import load_agent
from arthas_cli.attach.hotspot import check_process
from arthas_cli.attach.inside import connect_inside, find_free_port
from arthas_cli.attach.listeners import find_arthas, has_threads, is_let_in, list_ports
from arthas_cli.attach.placing import place_arthas, remove_copy
from arthas_cli.attach.removal import find_reason_to_stay, name_logs, stop_arthas
from arthas_cli.attach.runtime import Place, Record, find_folder, sweep
from arthas_cli.errors import AttachFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arthas_cli.attach.process import Process
    from arthas_cli.config.credentials import Credentials

_USERNAME = "arthas"
# Measured on 4.1.5; no garbage collection frees it (docs/protocol.md, 8.3).
_LEAVES = "each start of Arthas leaves some 30 MB in the JVM; use --keep for several commands"
_PORT_TRIES = 3
_APPEAR_S, _COME_UP_S, _LOADING_S, _CONNECT_S, _PAUSE_S = 5.0, 15.0, 30.0, 1.0, 0.05


def _say_nothing(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How to attach.

    `find_home`: where Arthas is, fetched if need be. `stays`: it is not to be stopped. `say` is
    told what takes time and what stays behind, `warn` what is not as it should be.
    """

    find_home: Callable[[], Path]
    stays: bool = False
    say: Callable[[str], None] = _say_nothing
    warn: Callable[[str], None] = _say_nothing


class Attachment:
    """An Arthas in a JVM, in use until it is closed; `port` is that of its HTTP API.

    `credentials`: None where we did not put it in; then it is never stopped.

    Threads: the one that opens and closes it; `_loading` is another, which touches no field here.
    Other processes are kept apart by the lock of its `Place`.
    """

    def __init__(self, process: Process, place: Place, wish: Wish) -> None:
        self.process = process
        self.port = 0
        self.credentials: Credentials | None = None
        self._place = place
        self._wish = wish
        self._loading: threading.Thread | None = None

    def open(self) -> None:
        """Find Arthas in the JVM, or put it in.

        Raises:
            NotPermitted, AttachFailed: that is not possible.
            NotRun, NoServer: there is no Arthas to be had.
        """
        with self._place.alone():
            try:
                record = self._find_record()
                port = None if record else self._find_other()
                if port is None:
                    record = record or self._attach()
            except Exception:
                if self._place.read() is None:
                    self._place.forget()
                raise
            if record is None:
                self.port = port or 0
                self._place.forget()
            else:
                self.port, self.credentials = record.port, record.credentials
                self._place.share()

    def close(self) -> None:
        """Use it no longer; stop it where it is ours, nobody else uses it and it need not stay.

        One whose loading was cut short is waited for, for nobody else has its password.
        """
        if self.credentials is None and self._loading is None:
            return
        self.credentials = None
        with self._place.alone():
            if self._loading is not None:
                if self._loading.is_alive():
                    self._loading.join(_LOADING_S)
                self._place.share()
            record = self._place.read()
            if not self._place.is_last() or record is None:
                return
            if not _await_arthas(self.process, record):
                self._remove(record)
            elif reason := find_reason_to_stay(self.process, record):
                self._say_how_to_stop(reason)
            else:
                self._stop(record)

    def _find_record(self) -> Record | None:
        """Return the Arthas that we put in before, if it is still there."""
        record = self._place.read()
        if record is None:
            return None
        if not _await_arthas(self.process, record):
            self._remove(record)
            return None
        if self._wish.stays and not record.stays:
            record = replace(record, stays=True)
            self._place.write(record)
        return record

    def _find_other(self) -> int | None:
        """Return the port of an Arthas that we did not put in, None where there is none."""
        until = time.monotonic() + _APPEAR_S
        while (found := find_arthas(self.process)) is not None:
            if found.port is not None:
                return found.port
            if time.monotonic() > until:  # one that comes up or ends has done so by then
                raise AttachFailed(
                    f"JVM {self.process.pid} has an Arthas in it whose HTTP port cannot be found",
                    hint="give its address with --url, or stop it where it was started",
                )
            time.sleep(_PAUSE_S)
        return None

    def _attach(self) -> Record:
        """Put Arthas in; what is known of it is kept before it comes up, in case we do not."""
        process = self.process
        check_process(process)
        home = self._wish.find_home()
        self._wish.say(f"putting Arthas into JVM {process.pid} …")
        port = find_free_port(process)
        place, copy = place_arthas(process, home)
        record = Record(port, _USERNAME, secrets.token_urlsafe(), copy, self._wish.stays)
        try:
            record = self._load(place, record)
        except BaseException:  # what is being loaded is waited for by `close`
            if self._loading is None and record.port not in list_ports(process.folder):
                self._remove(record)
            raise
        if is_let_in(process, record.port, None):
            self._wish.warn(
                "this Arthas is too old to ask users of its own machine for the password:"
                " everybody here can use it"
            )
        return record

    def _load(self, place: str, record: Record) -> Record:
        """Return what is known of it; another program may take its port before it does."""
        for left in reversed(range(_PORT_TRIES)):
            self._place.write(record)
            try:
                self._load_aside(place, record)
            except AttachFailed:
                if not left or not _is_taken(self.process, record.port):
                    raise
                record = replace(record, port=find_free_port(self.process))
            else:
                record = replace(record, is_up=True)
                self._place.write(record)
                return record
        raise AssertionError

    def _load_aside(self, place: str, record: Record) -> None:
        """Load the agent in a thread, which goes on where a signal has us leave (`close`)."""
        failures: list[Exception] = []

        def work() -> None:
            try:
                load_agent(self.process, place, record.port, record.credentials)
            except Exception as error:  # noqa: BLE001 - raised below
                failures.append(error)

        self._loading = threading.Thread(target=work, name="load", daemon=True)
        self._loading.start()
        self._loading.join()
        self._loading = None
        if failures:
            raise failures[0]

    def _stop(self, record: Record) -> None:
        logs = name_logs(self.process)
        if stop_arthas(self.process, record):
            self._remove(record)
            self._wish.say(f"Arthas has left JVM {self.process.pid}{logs}")
            self._wish.say(_LEAVES)
        else:
            self._wish.warn(f"Arthas in JVM {self.process.pid} was told to stop and has not")

    def _say_how_to_stop(self, reason: str) -> None:
        pid = self.process.pid
        self._wish.say(
            f"Arthas stays in JVM {pid}, for {reason}; to stop it, run: arthas-shell exec --url"
            f" pid:{pid} stop"
        )

    def _remove(self, record: Record) -> None:
        if record.copy is not None:
            remove_copy(self.process, record.copy)
        self._place.forget()


def make_attachment(process: Process, wish: Wish) -> Attachment:
    """Return an attachment to the JVM, to be opened and, whatever comes of that, closed.

    Raises:
        NotRun: there is no place to keep its password.
    """
    folder = find_folder()
    sweep(folder)
    return Attachment(process, Place(folder, process), wish)


def _await_arthas(process: Process, record: Record) -> bool:
    """Return whether that Arthas is there; one that comes up, or is slow, is waited for.

    Raises:
        AttachFailed: it is there, and does not answer.
    """
    until = time.monotonic() + (_APPEAR_S if record.is_up else _COME_UP_S)
    while not (is_ours := is_let_in(process, record.port, record.credentials)):
        is_late = time.monotonic() >= until
        has_server = has_threads(process.folder)
        may_come_up = not (record.is_up or is_late)
        if process.has_ended or is_ours is False or not (has_server or may_come_up):
            return False
        if is_late:
            raise AttachFailed(
                f"Arthas in JVM {process.pid} does not answer",
                hint="try again when it is less busy",
            )
        time.sleep(_PAUSE_S)
    return True


def _is_taken(process: Process, port: int) -> bool:
    """Return whether another program has that port by now."""
    if port in list_ports(process.folder):
        return False
    try:
        connect_inside(process, port, _CONNECT_S).close()
    except OSError:
        return False
    return True
