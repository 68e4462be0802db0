"""The headers of every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli import __version__

if TYPE_CHECKING:
    from arthas_cli.config.credentials import Credentials


def make_headers(credentials: Credentials | None) -> dict[str, str]:
    """Return the headers; Basic credentials only where they are configured."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # requests would ask for gzip
        "User-Agent": f"arthas-shell/{__version__}",
        "Connection": "close",
    }
    if credentials is not None:
        headers["Authorization"] = f"Basic {credentials.encode()}"
    return headers
