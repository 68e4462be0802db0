"""Arthas in a JVM, here or in a pod: found or put in, used, and taken out by the last one."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from arthas_cli.attach.removal import find_reason_to_stay, stop_arthas
from arthas_cli.attach.runtime import Place, Record
from arthas_cli.errors import AttachFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arthas_cli.attach.site import Site
    from arthas_cli.config.credentials import Credentials

_USERNAME = "arthas"
# Measured on 4.1.5; no garbage collection frees it (docs/protocol.md, 8.3).
_LEAVES = "each start of Arthas leaves some 30 MB in the JVM; use --keep for several commands"
_PORT_TRIES = 3
_APPEAR_S, _COME_UP_S, _LOADING_S, _PAUSE_S = 5.0, 15.0, 30.0, 0.05


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

    def __init__(self, site: Site, place: Place, wish: Wish) -> None:
        self.site = site
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
            self._leave()

    def undo(self) -> None:
        """Take out what another process of ours has put in, or was putting in when it ended."""
        with self._place.alone():
            self._place.share()
            self._leave()
            if self._place.read() is None:
                self._place.forget()

    def _leave(self) -> None:
        """Stop it, where this was the last one to use it."""
        record = self._place.read()
        if not self._place.is_last() or record is None:
            return
        if not _await_arthas(self.site, record):
            self._remove(record)
        elif reason := find_reason_to_stay(self.site, record):
            self._say_how_to_stop(reason)
        else:
            self._stop(record)

    def _find_record(self) -> Record | None:
        """Return the Arthas that we put in before, if it is still there."""
        record = self._place.read()
        if record is None:
            return None
        if not _await_arthas(self.site, record):
            self._remove(record)
            return None
        if self._wish.stays and not record.stays:
            record = replace(record, stays=True)
            self._place.write(record)
        return record

    def _find_other(self) -> int | None:
        """Return the port of an Arthas that we did not put in, None where there is none."""
        until = time.monotonic() + _APPEAR_S
        while (found := self.site.find_arthas()) is not None:
            if found.port is not None:
                return found.port
            if time.monotonic() > until:  # one that comes up or ends has done so by then
                raise AttachFailed(
                    f"{self.site.name} has an Arthas in it whose HTTP port cannot be found",
                    hint="give its address with --url, or stop it where it was started",
                )
            time.sleep(_PAUSE_S)
        return None

    def _attach(self) -> Record:
        """Put Arthas in; what is known of it is kept before it comes up, in case we do not."""
        site = self.site
        site.check()
        home = self._wish.find_home()
        self._wish.say(f"putting Arthas into {site.name} …")
        record = Record(
            site.find_free_port(), _USERNAME, secrets.token_urlsafe(), stays=self._wish.stays
        )

        def note_copy(name: str) -> None:
            nonlocal record
            record = replace(record, copy=name)
            self._place.write(record)

        try:
            place = site.place(home, record.credentials, note_copy)
            record = self._load(place, record)
        except BaseException:  # what is being loaded is waited for by `close`
            if self._loading is None and not site.may_come_up(record.port):
                self._remove(record)
            raise
        if site.is_let_in(record.port, None):
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
                if not left or not self.site.is_taken(record.port):
                    raise
                record = replace(record, port=self.site.find_free_port())
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
                self.site.load(place, record)
            except Exception as error:  # noqa: BLE001 - raised below
                failures.append(error)

        self._loading = threading.Thread(target=work, name="load", daemon=True)
        self._loading.start()
        self._loading.join()
        self._loading = None
        if failures:
            raise failures[0]

    def _stop(self, record: Record) -> None:
        site = self.site
        logs = site.name_logs()
        if stop_arthas(site, record):
            self._remove(record)
            self._wish.say(f"Arthas has left {site.name}{logs}")
            self._wish.say(_LEAVES)
        else:
            self._wish.warn(f"Arthas in {site.name} was told to stop and has not")

    def _say_how_to_stop(self, reason: str) -> None:
        site = self.site
        self._wish.say(
            f"Arthas stays in {site.name}, for {reason}; to stop it, run: arthas-shell exec"
            f" {site.option} stop"
        )

    def _remove(self, record: Record) -> None:
        if record.copy is not None:
            self.site.remove_copy(record.copy)
        self._place.forget()


def _await_arthas(site: Site, record: Record) -> bool:
    """Return whether that Arthas is there; one that comes up, or is slow, is waited for.

    Raises:
        AttachFailed: it is there, and does not answer.
    """
    until = time.monotonic() + (_APPEAR_S if record.is_up else _COME_UP_S)
    while not (is_ours := site.is_let_in(record.port, record.credentials)):
        is_late = time.monotonic() >= until
        has_server = site.has_arthas()
        may_come_up = not (record.is_up or is_late)
        if site.has_ended or is_ours is False or not (has_server or may_come_up):
            return False
        if is_late:
            raise AttachFailed(
                f"Arthas in {site.name} does not answer",
                hint="try again when it is less busy",
            )
        time.sleep(_PAUSE_S)
    return True
