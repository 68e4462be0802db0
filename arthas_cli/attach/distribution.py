"""Arthas itself: what is there already, or what Maven Central has, kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from arthas_cli.attach.maven import LOCAL, fetch, find_repository
from arthas_cli.errors import NoServer, NotRun

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = "4.1.5"
AGENT_JAR, CORE_JAR = "arthas-agent.jar", "arthas-core.jar"
BOOT_JAR = "arthas-boot.jar"
CLIENT_JAR = "arthas-client.jar"
SAMPLE_JAR = "math-game.jar"
SAMPLE_CLASS = "demo.MathGame"

# SHA-256 of what Maven Central has of each version that the demo and the tests may run.
CHECKSUMS = {
    "3.4.6": "90b6b40423cf5f0eb52c37d5a608d066c8d6e7bd71e8670f4376773582051a30",
    "3.5.5": "3319af0fd857fc332f7f8156c3c222611da966233e9599b02516f8fb0b9fbec2",
    "3.6.4": "d366ef604cebc1536e32b1650fcfb10fe9f7bdf7ec235774a3c92d22c82360e6",
    "3.7.2": "732e37c3a7fe4fc669e3ae5af93a8c308c236421ebc9148080aef08caa723542",
    "4.0.5": "219fcfe2d12f259f2fbb853e9c335cddffc8f5ea6da5cb552b9847fc546255c7",
    "4.1.4": "7ff69fed44fead9b818088b37bf2c2ec1687a7853842f50a181d52849cbdd969",
    "4.1.5": "fe8ff0af9391315dbb7323db9c8f51afb9cf1e3dc674c553f589d9969734b518",
}

_FOLDER, _ARTIFACT = "com/taobao/arthas/arthas-packaging", "arthas-packaging"
_INNER_ZIP = "arthas-bin.zip"
# Where arthas-boot keeps what it has fetched: a folder for each version, with one `arthas` in it.
_OF_BOOT = ".arthas/lib"
_OLDEST = (3, 4, 6)


def find_home(given: str | None = None) -> Path:
    """Return the folder of an Arthas: the one `given`, one that is there, or one that is fetched.

    Raises:
        NotRun: there is no Arthas in the one given; the cache cannot be written.
        NoServer: it cannot be fetched.
    """
    if given is None:
        return find_installed(Path.home()) or find_distribution()
    home = Path(given).expanduser()
    for jar in (AGENT_JAR, CORE_JAR):
        try:
            (home / jar).open("rb").close()
        except OSError as error:
            raise NotRun(
                f"there is no Arthas in '{given}': {jar}: {error.strerror}",
                hint=f"name a folder that holds {AGENT_JAR} and {CORE_JAR}, and that you can read",
            ) from error
    return home


def find_installed(user_home: Path) -> Path | None:
    """Return the newest Arthas that arthas-boot has left below that home folder, None for none."""
    found = {
        _read_version(home.parent.name): home
        for home in (user_home / _OF_BOOT).glob("*/arthas")
        if all(os.access(home / jar, os.R_OK) for jar in (AGENT_JAR, CORE_JAR))
    }
    newest = max(found, default=())
    return found[newest] if newest >= _OLDEST else None


def _read_version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdecimal())


def find_distribution(version: str = VERSION, cache: Path | None = None) -> Path:
    """Return the folder with the jars of that Arthas, fetched if it is not there yet.

    `cache`: where fetched versions are kept, by default the cache folder of the user.

    Raises:
        NotRun: the cache cannot be written; the version has no checksum here.
        NoServer: Maven Central cannot be reached, does not have that version, or sends something
            else.
    """
    cache = cache or user_cache_path("arthas-shell", appauthor=False)
    home = cache / f"arthas-{version}"
    if not (home / BOOT_JAR).is_file():
        checksum = _find_checksum(version)
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                packaging = Path(folder) / f"{_ARTIFACT}-{version}.jar"
                if not _take(version, checksum, cache, packaging):
                    _fetch(version, cache, packaging)
                    _verify(packaging, checksum, version)
                _unpack(packaging, Path(folder) / "home", home)
        except OSError as error:
            raise NotRun(
                f"Arthas {version} cannot be unpacked into {home}: {error.strerror or error}",
                hint="check that the disk has room and the folder is writable",
            ) from error
    return home


def _take(version: str, checksum: str, cache: Path, packaging: Path) -> bool:
    """Return whether somebody has brought the released file, which then stands in `packaging`."""
    for brought in _list_brought(version, cache, packaging.name):
        with suppress(OSError):
            if _compute_checksum(brought) == checksum:
                shutil.copyfile(brought, packaging)
                return True
    return False


def _list_brought(version: str, cache: Path, name: str) -> Iterator[Path]:
    """Yield where the file may be: in our cache, and where Maven keeps what it has fetched."""
    yield cache / name
    yield Path.home() / LOCAL / _FOLDER / version / name


def _fetch(version: str, cache: Path, packaging: Path) -> None:
    repository = find_repository(Path.home())
    try:
        with packaging.open("xb") as file:
            fetch(repository, f"{_FOLDER}/{version}/{packaging.name}", file)
    except NoServer as error:
        raise NoServer(
            f"Arthas {version} cannot be fetched from {repository.name}: {error.message}",
            hint=f"bring {packaging.name} of Maven Central and put it into '{cache}', or name the"
            " folder of an Arthas with --arthas-home",
        ) from error


def _find_checksum(version: str) -> str:
    if version not in CHECKSUMS:
        raise NotRun(
            f"there is no checksum for Arthas {version}", hint=f"use one of {', '.join(CHECKSUMS)}"
        )
    return CHECKSUMS[version]


def _compute_checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verify(packaging: Path, checksum: str, version: str) -> None:
    """Refuse what is not the very file that was released, be it cut off or replaced."""
    found = _compute_checksum(packaging)
    if found != checksum:
        raise NoServer(
            f"the download of Arthas {version} has the wrong checksum: SHA-256 {found}",
            hint=f"check for a mirror or proxy that changes downloads; expected {checksum}",
        )


def _unpack(packaging: Path, new: Path, home: Path) -> None:
    """Unpack as `new`, renamed to `home` at the end, so that this one is whole or not there."""
    with zipfile.ZipFile(packaging) as outer, outer.open(_INNER_ZIP) as inner:
        zipfile.ZipFile(inner).extractall(new)
    try:
        new.rename(home)
    except OSError:
        if not (home / BOOT_JAR).is_file():  # else somebody else has just done the same
            raise
