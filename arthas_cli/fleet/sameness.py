"""Which answers of many JVMs are the same: what differs between any two is not looked at.

A table of fields by the type of result, for a type's own documented fields, and what a JVM itself
makes up, such as identity hashes, wherever it stands in a text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result

# By type of result, the fields at any depth that say something of this one JVM or this one moment.
ALWAYS_DIFFER: dict[str, frozenset[str]] = {
    "": frozenset({"jobId", "classLoaderHash", "hash", "hashCode", "cost", "listenerId"}),
    "dashboard": frozenset({"timestamp", "uptime", "cpu", "time", "deltaTime"}),
    "thread": frozenset({"cpu", "time", "deltaTime", "lockOwnerId"}),
    "tt": frozenset({"timestamp", "object", "index"}),
}
_COMMON = ALWAYS_DIFFER[""]
# Where an object lies, what a JVM calls the classes that it makes, and ids made up by chance.
_MADE = re.compile(
    r"@[0-9a-f]{5,8}\b|\b0x[0-9a-f]{6,16}\b|\$\$Lambda[$/\w]*|\$Proxy\d+|GeneratedMethodAccessor\d+"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
)


def make_key(results: Iterable[Result]) -> str:
    """Return a text that two answers share that say the same."""
    parts = [strip(result.data, _COMMON | _fields_of(result.type)) for result in results]
    return mask(json.dumps(parts, sort_keys=True, default=str))


def mask(text: str) -> str:
    """Return the text with the same sign for all that only a JVM itself has chosen."""
    return _MADE.sub("@", text)


def strip(value: Json | Mapping[str, Json], fields: frozenset[str]) -> Json:
    """Return the value without those fields, at any depth."""
    if isinstance(value, dict):
        return {name: strip(part, fields) for name, part in value.items() if name not in fields}
    if isinstance(value, list):
        return [strip(part, fields) for part in value]
    return value  # type: ignore[return-value]


def _fields_of(kind: str) -> frozenset[str]:
    return ALWAYS_DIFFER.get(kind, frozenset())
