"""Files and listings of the server's folder of output files (docs/protocol.md, 6.4).

The server knows no Range, lists a folder without a length, and some releases give a file without
one too.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from arthas_cli.errors import BadAnswer, CommandFailed, NotRun
from arthas_cli.transport.answers import check_answer, refuse_compression
from arthas_cli.transport.folder import FOLDER, read_listing
from arthas_cli.transport.full import read_length
from arthas_cli.transport.http_client import HttpClient
from arthas_cli.transport.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

    from arthas_cli.config.settings import Connection
    from arthas_cli.transport.folder import Entry

# So long may a server be silent: one that is busy with a command of seconds answers late.
PATIENCE_S = 30.0
_MAX_LISTED = 8 << 20
# A tunnel server passes files on. One that the agent cannot send, in 5 s and 10 MiB of base64, is
# HTTP 200 with this content (docs/protocol.md, 6.5).
_TUNNELED = re.compile(r"/proxy/[^/]+/api$")
_TUNNEL_ERROR = b"error"


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it comes. `size`: bytes in all, None where the server does not say."""

    size: int | None
    chunks: Iterator[bytes]


class NoSuchFile(CommandFailed):
    """There is no such file in the folder."""


@contextmanager
def open_file(connection: Connection, name: str) -> Iterator[Download]:
    """Open a file of the folder, by its `normalise_name`.

    Raises:
        NoSuchFile: there is none.
        Unauthorized: HTTP 401.
        NoServer: and its kinds; they come while the chunks are read, too. BadAnswer: a tunnel
            server passed on that the file did not come.
    """
    door = HttpClient(connection)
    with door.open(_make_url(door, name), timeout_s=PATIENCE_S) as response:
        _check(response, name, connection.hide)
        size = read_length(response)
        chunks = door.read(response, PATIENCE_S)
        if _TUNNELED.search(door.url) and size == len(_TUNNEL_ERROR):
            chunks = _refuse_tunnel_error(chunks)
        yield Download(size, chunks)


def list_files(connection: Connection, folder: str = "") -> list[Entry]:
    """Return what is in the folder, or one in it, hidden files left out; raises as `open_file`.

    Raises:
        NotArthas: what answers there lists nothing.
    """
    door = HttpClient(connection)
    inside = folder.rstrip("/") + "/" if folder else ""
    with door.open(_make_url(door, inside), timeout_s=PATIENCE_S) as response:
        _check(response, inside, connection.hide)
        content = b""
        for chunk in door.read(response, PATIENCE_S):
            content += chunk
            if len(content) > _MAX_LISTED:
                break
    return read_listing(content.decode("utf-8", "replace"))


def _refuse_tunnel_error(chunks: Iterator[bytes]) -> Iterator[bytes]:
    content = b"".join(chunks)
    if content == _TUNNEL_ERROR:
        raise BadAnswer(
            "the tunnel server did not get the file from the agent",
            hint="use --url ssh://HOST for large files: the tunnel passes on about 7 MB in"
            " 5 seconds",
        )
    yield content


def _make_url(door: HttpClient, name: str) -> str:
    parts = (quote(part, safe="") for part in name.split("/"))
    return door.locate(f"/{FOLDER}/{'/'.join(parts)}")


def _check(response: requests.Response, name: str, hide: Callable[[str], str]) -> None:
    status = response.status_code
    if status == HTTPStatus.OK:
        refuse_compression(response.headers)
        return
    if status == HTTPStatus.NOT_FOUND:
        what = f"there is no file '{name}' in {FOLDER}" if name else f"there is no {FOLDER}"
        raise NoSuchFile(what, hint=_explain_missing(name))
    location = response.headers.get("location")
    if status == HTTPStatus.FOUND and unquote(location or "").endswith(f"/{FOLDER}/{name}/"):
        raise NotRun(f"'{name}' is a folder", hint=f"use '{name}/', with a slash, to list it")
    check_answer(Reply(status, response.headers, b""), hide)


def _explain_missing(name: str) -> str:
    if name.rpartition("/")[2].startswith("."):
        return "hidden files are not served"
    if name:
        return "run 'get' without a name to list the files"
    return "the server may have another arthas.outputPath, or a gateway passes on /api alone"
