"""Why some of many failed: one cause for all that failed alike, with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from arthas_cli.config.target import find_scheme
from arthas_cli.errors import PRECEDENCE, ArthasShellError, Bug, Incomplete

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.session.outcome import TargetEnd

# What stands for the address of each where several have the same cause.
_ADDRESS, _HOST = "that address", "the host"


class Cause(NamedTuple):
    """Why those failed. `message`, `hint`: where they are several, without what is of one alone."""

    names: list[str]
    error: ArthasShellError
    message: str
    hint: str


def list_causes(ends: Iterable[TargetEnd]) -> list[Cause]:
    """Return the causes of all failures, the worst first, then as they come."""
    found: dict[tuple[str, str], Cause] = {}
    for end in ends:
        error = end.outcome.error
        if error is None:
            continue
        common = _leave_out_address(error.message, end)
        key = error.kind, _summarise(error, common)
        cause = found.get(key)
        if cause is None:
            found[key] = Cause([end.name], error, error.message, error.hint)
            continue
        cause.names.append(end.name)
        said = _choose_words(error, common, cause)
        hint = cause.hint if cause.hint == error.hint else error.default_hint
        found[key] = cause._replace(message=said, hint=hint)
    return sorted(found.values(), key=lambda cause: PRECEDENCE.index(cause.error.exit_code))


def _summarise(error: ArthasShellError, message: str) -> str:
    """Return what failures alike have in common of their messages."""
    if isinstance(error, Incomplete):
        return ""
    return message.partition(";")[0] if isinstance(error, Bug) else message


def _choose_words(error: ArthasShellError, message: str, cause: Cause) -> str:
    """Return what is said of one failure more that is alike."""
    if isinstance(error, Incomplete):
        return "results were lost, or may have been"
    # Only one can write the details in a file of that name, and so says where.
    return max(message, cause.message, key=len) if isinstance(error, Bug) else message


def _leave_out_address(message: str, end: TargetEnd) -> str:
    if find_scheme(end.url) not in ("http", "https"):
        return message.replace(end.name, _ADDRESS)
    parts = urlsplit(end.url)
    text = message.replace(end.url, _ADDRESS).replace(parts.netloc, _ADDRESS)
    return text.replace(f"{_HOST} '{parts.hostname}'", _HOST)
