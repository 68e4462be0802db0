"""Arthas itself: fetched from Maven Central once, then kept in the user's cache."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path

from platformdirs import user_cache_path

from arthas_cli.errors import NoServer, NotRun

VERSION = "4.1.5"
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

_GROUP, _ARTIFACT = "com.taobao.arthas", "arthas-packaging"
_INNER_ZIP = "arthas-bin.zip"


def find_distribution(version: str = VERSION, cache: Path | None = None) -> Path:
    """Return the folder with the jars of that Arthas, fetched if it is not there yet.

    `cache`: where fetched versions are kept, by default the cache folder of the user.

    Raises:
        NotRun: jgo, which fetches it, is not installed, or the cache cannot be written; the
            version has no checksum here.
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
                packaging = _fetch(version, Path(folder))
                _verify(packaging, checksum, version)
                _unpack(packaging, Path(folder) / "home", home)
        except OSError as error:
            raise NotRun(
                f"Arthas {version} cannot be unpacked into {home}: {error.strerror or error}",
                hint="check that the disk has room and the folder is writable",
            ) from error
    return home


def _fetch(version: str, repository: Path) -> Path:
    try:
        from jgo.maven import MavenContext, PythonResolver
    except ImportError as error:
        raise NotRun(
            "jgo, which fetches Arthas, is not installed",
            hint="pip install 'arthas-shell[demo]'",
        ) from error
    context = MavenContext(repo_cache=repository, resolver=PythonResolver())
    project = context.project(_GROUP, _ARTIFACT)
    try:
        return Path(project.at_version(version).artifact().resolve())
    except Exception as error:  # jgo lets through what its HTTP client raises
        raise NoServer(
            f"Arthas {version} cannot be fetched from Maven Central: {error}",
            hint="check the network; a proxy is taken from HTTPS_PROXY",
        ) from error


def _find_checksum(version: str) -> str:
    if version not in CHECKSUMS:
        raise NotRun(
            f"there is no checksum for Arthas {version}", hint=f"use one of {', '.join(CHECKSUMS)}"
        )
    return CHECKSUMS[version]


def _verify(packaging: Path, checksum: str, version: str) -> None:
    """Refuse what is not the very file that was released, be it cut off or replaced."""
    with packaging.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
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
