"""One JVM of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arthas_cli.client.client import Client


@dataclass(frozen=True, slots=True)
class Member:
    """One JVM of a fleet. `name`: what results, errors and the prompt call it; no two share one."""

    name: str
    client: Client

    @property
    def url(self) -> str:
        """The address of its API."""
        return self.client.server.url
