"""Which certificates are trusted: those that the system trusts, or those of one authority alone.

Nothing is put into the interpreter for that, which may be another program's
(docs/decisions/trust.md).
"""

from __future__ import annotations

import ssl
import sys
from functools import cache
from pathlib import Path

_IS_LINUX: bool = sys.platform == "linux"


def make_context(ca_file: str | None = None, *, is_blind: bool = False) -> ssl.SSLContext:
    """Return a context for connections; `is_blind`: it takes any certificate.

    Raises:
        OSError: the file cannot be read, or, as ssl.SSLError, holds no certificate.
    """
    if ca_file is None and not is_blind:
        return _make_system_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if is_blind:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(ca_file)
    return context


@cache
def share_system_context() -> ssl.SSLContext:
    """Return the one context for all who trust what the system trusts, and change nothing of it.

    To read the store takes 20 ms.
    """
    return _make_system_context()


def _make_system_context() -> ssl.SSLContext:
    """Return a context that trusts what the system trusts.

    On Linux OpenSSL knows where that stands, unless it was built for elsewhere. truststore knows it
    everywhere, and reads it anew in each handshake.
    """
    if _IS_LINUX and _has_store():
        return ssl.create_default_context()
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _has_store() -> bool:
    paths = ssl.get_default_verify_paths()
    return bool(paths.cafile) or (paths.capath is not None and any(Path(paths.capath).iterdir()))
