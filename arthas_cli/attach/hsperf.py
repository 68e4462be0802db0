"""What a HotSpot tells of itself in its `hsperfdata` file, which only its own user can read.

The file is the JVM's memory, mapped: a head, then entries of a name and a value each
(`jdk.internal.perf`, version 2.0 since JDK 1.5).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arthas_cli.attach.process import Process

_MAGIC = b"\xca\xfe\xc0\xc0"
_ORDERS = {0: ">", 1: "<"}
_TEXT = ord("B")
_MAX_BYTES = 1 << 20
COMMAND, ARGUMENTS, VERSION = (
    "sun.rt.javaCommand",
    "java.rt.vmArgs",
    "java.property.java.version",
)


def read_perf_data(process: Process) -> Mapping[str, str]:
    """Return the texts that the JVM publishes, by their names; none where they cannot be read."""
    folder = process.root / "tmp"
    for path in sorted(folder.glob(f"hsperfdata_*/{process.inner_pid}")):
        try:
            if path.is_symlink() or path.stat().st_uid != process.ids.uid:
                continue
            with path.open("rb") as file:
                return parse_perf_data(file.read(_MAX_BYTES))
        except (OSError, struct.error):
            continue
    return {}


def parse_perf_data(content: bytes) -> dict[str, str]:
    """Return the texts of such a file; raises struct.error where it ends within an entry."""
    if content[:4] != _MAGIC:
        return {}
    order = _ORDERS.get(content[4], "<")
    first, number = struct.unpack_from(f"{order}ii", content, 24)
    return dict(_read_entries(content, order, first, number))


def _read_entries(content: bytes, order: str, at: int, number: int) -> Iterator[tuple[str, str]]:
    for _ in range(number):
        size, name_at, length, kind, _flags, _unit, _variability, data_at = struct.unpack_from(
            f"{order}iiibbbbi", content, at
        )
        if size <= 0:
            return
        if length and kind == _TEXT:
            name = content[at + name_at : content.index(b"\0", at + name_at)]
            value = content[at + data_at : at + data_at + length].partition(b"\0")[0]
            yield name.decode("utf-8", "replace"), value.decode("utf-8", "replace")
        at += size
