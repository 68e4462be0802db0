"""Why some of many failed: one cause for all that failed alike, with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from arthas_cli.config.target import find_scheme
from arthas_cli.errors import PRECEDENCE, ArthasShellError, Incomplete

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.session.outcome import TargetEnd

# What stands for the address of each where several have the same cause.
_ADDRESS, _HOST = "the server", "the host"


class Cause(NamedTuple):
    """Why those failed. `message`: without what belongs to one alone, where they are several."""

    names: list[str]
    error: ArthasShellError
    message: str


def list_causes(ends: Iterable[TargetEnd]) -> list[Cause]:
    """Return the causes of all failures, the worst first, then as they come."""
    found: dict[tuple[str, str], Cause] = {}
    for end in ends:
        error = end.outcome.error
        if error is None:
            continue
        common = _leave_out_address(error.message, end)
        key = error.kind, "" if isinstance(error, Incomplete) else common
        cause = found.get(key)
        if cause is None:
            found[key] = Cause([end.name], error, error.message)
        else:
            said = "results were lost" if isinstance(error, Incomplete) else common
            found[key] = Cause([*cause.names, end.name], cause.error, said)
    return sorted(found.values(), key=lambda cause: PRECEDENCE.index(cause.error.exit_code))


def _leave_out_address(message: str, end: TargetEnd) -> str:
    if find_scheme(end.url) not in ("http", "https"):
        return message.replace(end.name, _ADDRESS)
    parts = urlsplit(end.url)
    text = message.replace(end.url, _ADDRESS).replace(parts.netloc, _ADDRESS)
    return text.replace(f"{_HOST} '{parts.hostname}'", _HOST)
