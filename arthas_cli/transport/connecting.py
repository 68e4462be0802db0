"""One TCP connection in a time that holds for all of it: the name, and each of its addresses.

The system looks names up for as long as it likes, and tries each address for as long as it is told.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from typing import TypeAlias

_Address: TypeAlias = "tuple[int, int, int, str, tuple[object, ...]]"

_NUMBER = re.compile(r"[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%\w]*")
_GLANCE_S = 0.5
_MIN_S = 0.001  # a timeout of nothing would mean none


def connect(host: str, port: int, within_s: float) -> socket.socket:
    """Connect to the first address of the host that takes it, within so many seconds.

    The time is shared among the addresses, so that one that leads nowhere does not take it all.

    Raises:
        OSError: and its kinds gaierror, TimeoutError.
        UnicodeError: the host cannot be a name at all.
    """
    until = time.monotonic() + within_s
    addresses = _look_up(host, port, within_s)
    failure = OSError(f"'{host}' has no address")
    for at, (family, kind, protocol, _, address) in enumerate(addresses):
        share_s = (until - time.monotonic()) / (len(addresses) - at)
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(max(_MIN_S, share_s))
            line.connect(address)
        except BaseException as error:
            line.close()
            if not isinstance(error, OSError):
                raise
            failure = error
        else:
            return line
    raise failure


def connect_to_socket(path: str, within_s: float) -> socket.socket:
    """Connect to a Unix socket; raises OSError."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(within_s)
        line.connect(path)
    except BaseException:
        line.close()
        raise
    return line


def is_refused(host: str, port: int) -> bool:
    """Return whether nothing listens there: whoever broke off an answer may have ended."""
    try:
        connect(host, port, _GLANCE_S).close()
    except (OSError, UnicodeError) as error:
        return isinstance(error, ConnectionRefusedError)
    return False


def _look_up(host: str, port: int, within_s: float) -> list[_Address]:
    """Return the addresses of the host; what is a number is not looked up."""
    found: list[_Address] = []
    failures: list[Exception] = []
    done = threading.Event()
    is_known = _NUMBER.fullmatch(host) or host == "localhost"
    name = host.encode() if is_known and host.isascii() else host  # as text it loads all of IDNA

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(name, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failures.append(error)
        finally:
            done.set()

    if is_known:
        look_up()
    else:
        threading.Thread(target=look_up, name="look up", daemon=True).start()
        if not done.wait(within_s):
            raise TimeoutError
    if failures:
        raise failures[0]
    return found
