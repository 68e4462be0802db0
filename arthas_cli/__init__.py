"""arthas-shell: the terminal shell for Arthas over its HTTP API, and the same for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arthas_cli.api import Arthas, ArthasFleet, connect, connect_all

__all__ = ["Arthas", "ArthasFleet", "__version__", "connect", "connect_all"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load the library when it is used: the program starts faster without it."""
    if name not in ("Arthas", "ArthasFleet", "connect", "connect_all"):
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from arthas_cli import api

    return getattr(api, name)
