"""Counts how often lines are scanned into words and read as commands, before the first is sent."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from arthas_cli.line import parse, reading, scan
from arthas_cli.session.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

    from arthas_cli.catalogue.model import Command
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.line.scan import TypedLine, Word
    from arthas_cli.protocol import Answer


class Scans:
    """What was scanned and read; `has_sent`: a command went out, and nothing is counted since.

    `sorted`: lines whose words were given their roles.
    """

    def __init__(self) -> None:
        self.has_sent = False
        self.scanned: list[str] = []
        self.read: list[str] = []
        self.sorted: list[str] = []


@contextmanager
def count_scans(monkeypatch: pytest.MonkeyPatch, sent: str) -> Iterator[Scans]:
    """Counts in the block, until a command goes out that begins with `sent`."""
    seen = Scans()
    find_roles = reading._Reader.read  # noqa: SLF001 - what is counted
    scan_text, read_tokens, send = scan._scan, parse._read_tokens, Server.send  # noqa: SLF001 - what is counted

    def note_scan(line: str, breaks: str) -> TypedLine:
        if not seen.has_sent:
            seen.scanned.append(line)
        return scan_text(line, breaks)

    def note_reading(
        line: str, tokens: tuple[Word, ...], commands: Mapping[str, Command]
    ) -> ParsedLine:
        if not seen.has_sent:
            seen.read.append(line)
        return read_tokens(line, tokens, commands)

    def note_roles(reader: reading._Reader) -> None:
        seen.sorted.append(reader._line)  # noqa: SLF001 - what is counted
        find_roles(reader)

    def note_request(server: Server, *arguments: object, **fields: object) -> Answer:
        seen.has_sent |= str(fields.get("command")).startswith(sent)
        return send(server, *arguments, **fields)  # type: ignore[arg-type]

    scan._remember.cache_clear()  # noqa: SLF001 - likewise
    with monkeypatch.context() as patch:
        patch.setattr(scan, "_scan", note_scan)
        patch.setattr(parse, "_read_tokens", note_reading)
        patch.setattr(reading._Reader, "read", note_roles)  # noqa: SLF001 - what is counted
        patch.setattr(Server, "send", note_request)
        yield seen
