"""Files that only their owner can read: what comes from a target may hold its secrets."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)


def open_privately(path: str | Path, flags: int) -> int:
    """Open a file; one that is made by it only its owner can read. For `open(…, opener=)` too."""
    return os.open(path, flags | _BINARY, 0o600)


def open_new(path: Path) -> BinaryIO:
    """Make a file to write to; raises OSError, FileExistsError where there is one of that name."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    return cast("BinaryIO", os.fdopen(open_privately(path, flags), "wb"))


def append(path: Path, content: bytes) -> None:
    """Add the bytes to the file in one write, making it where there is none; raises OSError."""
    descriptor = open_privately(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        if content:
            os.write(descriptor, content)
    finally:
        os.close(descriptor)


def write_new(path: Path, content: bytes) -> None:
    """Make a file of these bytes; none is left where that fails, which raises OSError."""
    with open_new(path) as file:
        try:
            file.write(content)
            file.flush()
        except OSError:
            with suppress(OSError):
                path.unlink()
            raise


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Take the place of a file with what is written within; where that raises, nothing changes."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    file = open_new(fresh)
    try:
        with file:
            yield file
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise
