"""Files of Maven Central, or of the mirror that the user's own Maven settings name.

No message shows an address with a password in it: a repository is called by its host.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

from arthas_cli.config.credentials import Credentials
from arthas_cli.config.settings import Connection
from arthas_cli.errors import ArthasShellError, ConfigError, NoServer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CENTRAL = "https://repo.maven.apache.org/maven2"
LOCAL = ".m2/repository"
_SETTINGS = ".m2/settings.xml"
_ID = "central"
_SILENCE_S = 30.0
_MAX_REDIRECTS = 5
_MAX_BYTES = 1 << 28
_VARIABLE = re.compile(r"\$\{env\.([^}]+)\}")
_OK, _LOCKED = 200, (401, 403)


class Repository(NamedTuple):
    """Where files come from, and who is let in."""

    url: str = CENTRAL
    credentials: Credentials | None = None

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return urlsplit(self.url).hostname or "the repository"


def find_repository(home: Path, environ: Mapping[str, str] = os.environ) -> Repository:
    """Return the repository that stands for Maven Central, by the settings below that home folder.

    Raises:
        ConfigError: the settings cannot be read, or keep the password encrypted.
    """
    path = home / _SETTINGS
    try:
        text = path.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Repository()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read '{path}': {error}", hint="") from error
    try:
        return parse_settings(text, environ)
    except (ET.ParseError, ValueError) as error:
        raise ConfigError(
            f"cannot use '{path}': {error}", hint="correct it, or bring Arthas with --arthas-home"
        ) from error


def parse_settings(text: str, environ: Mapping[str, str]) -> Repository:
    """Return the repository that the text of a `settings.xml` puts in the place of Maven Central.

    Raises:
        ValueError: ElementTree.ParseError, or an encrypted password.
    """
    root = ET.fromstring(text)  # noqa: S314 - the user's own file, as Maven itself reads it
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]

    def read(element: ET.Element, name: str) -> str:
        given = (element.findtext(name) or "").strip()
        return _VARIABLE.sub(lambda match: environ.get(match[1], match[0]), given)

    mirrors = root.iterfind("mirrors/mirror")
    mirror = next((each for each in mirrors if stands_for_central(read(each, "mirrorOf"))), None)
    url, name = (CENTRAL, _ID) if mirror is None else (read(mirror, "url"), read(mirror, "id"))
    servers = [each for each in root.iterfind("servers/server") if read(each, "id") == name]
    given = [(read(server, "username"), read(server, "password")) for server in servers]
    return make_repository(url, given)


def make_repository(url: str, given: Iterable[tuple[str, str]]) -> Repository:
    """Return the repository; a user and a password may also stand in its address.

    Raises:
        ValueError: the password is encrypted.
    """
    parts = urlsplit(url.rstrip("/"))
    user, password = next(iter(given), ("", ""))
    if not user and parts.username:
        user, password = unquote(parts.username), unquote(parts.password or "")
    if re.fullmatch(r"\{.*\}", password):
        raise ValueError("its password is encrypted, which only Maven can read")
    address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return Repository(address, Credentials(user, password) if user else None)


def stands_for_central(pattern: str) -> bool:
    """Return whether a mirror's `mirrorOf` takes in Maven Central."""
    words = [word.strip() for word in pattern.split(",")]
    if f"!{_ID}" in words:
        return False
    return bool({"*", "external:*", _ID}.intersection(words))


def fetch(repository: Repository, path: str, target: BinaryIO) -> None:
    """Write a file of the repository to `target`; whether it is the right one is not known.

    Redirects are followed, with the password only on the same host.

    Raises:
        NoServer: it cannot be had.
    """
    url, credentials = f"{repository.url}/{path}", repository.credentials
    for _ in range(_MAX_REDIRECTS):
        location = _fetch_once(url, credentials, target)
        if location is None:
            return
        following = urljoin(url, location)
        if urlsplit(following)[:2] != urlsplit(url)[:2]:
            credentials = None
        url = following
    raise NoServer("it is redirected again and again")


def _fetch_once(url: str, credentials: Credentials | None, target: BinaryIO) -> str | None:
    """Return where the server says that the file is, None where it came."""
    from arthas_cli.transport.http_client import HttpClient

    client = HttpClient(Connection(url=url, credentials=credentials))
    try:
        with client.open(url, timeout_s=_SILENCE_S) as response:
            if response.is_redirect:
                return response.headers["location"]
            _check_status(response.status_code)
            for chunk in client.read(response, _SILENCE_S):
                target.write(chunk)
                if target.tell() > _MAX_BYTES:
                    raise NoServer("it is too long to be Arthas")
    except ArthasShellError as error:
        raise NoServer(error.message) from None
    return None


def _check_status(status: int) -> None:
    if status in _LOCKED:
        raise NoServer(f"it wants another user name or password (HTTP {status})")
    if status != _OK:
        raise NoServer(f"it is not there (HTTP {status})")
