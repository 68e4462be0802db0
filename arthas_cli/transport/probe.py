"""What lies beneath HTTP, asked bit by bit: names, connections, TLS, the first bytes of an answer.

Errors are those of the system: who asks this wants to know which one it was.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.transport.limits import keep_limits
from arthas_cli.transport.trust import make_context

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENOUGH = 1024
# `ssl.SSLCertVerificationError.verify_code`, of OpenSSL's x509_vfy.h.
NOT_YET_VALID, EXPIRED = 9, 10
UNKNOWN_ISSUERS = (18, 19, 20, 21)
OTHER_NAMES = (62, 64)


@dataclass(frozen=True, slots=True)
class Trust:
    """Which certificates are accepted: those of `ca_file`, None for the usual ones; or any."""

    ca_file: str | None = None
    is_blind: bool = False
    checks_name: bool = True

    def make_context(self) -> ssl.SSLContext:
        """Return the context of a client; raises OSError where the file cannot be used."""
        context = make_context(self.ca_file, is_blind=self.is_blind)
        context.check_hostname = self.checks_name and not self.is_blind
        return context


@dataclass(frozen=True, slots=True)
class Encryption:
    """What a handshake agreed on.

    `names`, `expires_s`: of the certificate, the latter as Unix time; only where it is trusted.
    """

    protocol: str
    names: tuple[str, ...] = ()
    expires_s: float | None = None


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of the host; raises OSError (gaierror) or UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def time_connection(address: str, port: int, timeout_s: float) -> float:
    """Connect and leave; return the seconds that it took; raises OSError."""
    begun = time.monotonic()
    with socket.create_connection((address, port), timeout_s):
        return time.monotonic() - begun


def shake_hands(host: str, port: int, trust: Trust, timeout_s: float) -> Encryption:
    """Agree on TLS and leave.

    Raises:
        OSError: and its kinds ssl.SSLError, ssl.SSLCertVerificationError, TimeoutError.
    """
    with _connect(host, port, timeout_s, trust) as line:
        assert isinstance(line, ssl.SSLSocket)  # noqa: S101 - for the types: trust was given
        return _read_encryption(line)


def speaks_tls(host: str, port: int, timeout_s: float) -> bool:
    """Return whether TLS can be agreed on there, whoever it is."""
    try:
        shake_hands(host, port, Trust(is_blind=True), timeout_s)
    except OSError:
        return False
    return True


def listen(host: str, port: int, said: bytes, timeout_s: float) -> bytes:
    """Return something and return the first bytes that come back; none in time, none at all."""
    received = b""
    try:
        with _connect(host, port, timeout_s, None) as line:
            line.sendall(said)
            while len(received) < _ENOUGH and (chunk := line.recv(_ENOUGH)):
                received += chunk
    except OSError:
        return received
    return received


@contextmanager
def _connect(
    host: str, port: int, timeout_s: float, trust: Trust | None
) -> Iterator[socket.socket]:
    with (
        socket.create_connection((host, port), timeout_s) as plain,
        keep_limits(timeout_s) as limits,
    ):
        limits.watch(plain)
        if trust is None:
            yield plain
        else:
            with trust.make_context().wrap_socket(plain, server_hostname=host) as line:
                yield line


def _read_encryption(line: ssl.SSLSocket) -> Encryption:
    certificate = line.getpeercert() or {}
    names = certificate.get("subjectAltName", ())
    until = certificate.get("notAfter")
    return Encryption(
        line.version() or "TLS",
        tuple(str(pair[1]) for pair in names if isinstance(pair, tuple)),
        ssl.cert_time_to_seconds(until) if isinstance(until, str) else None,
    )
