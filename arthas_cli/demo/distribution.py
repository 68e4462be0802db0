"""Arthas itself: fetched from Maven Central once, then kept in the user's cache."""

from __future__ import annotations

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

_GROUP, _ARTIFACT = "com.taobao.arthas", "arthas-packaging"
_INNER_ZIP = "arthas-bin.zip"


def find_distribution(version: str = VERSION, cache: Path | None = None) -> Path:
    """Returns the folder with the jars of that Arthas, fetched if it is not there yet.

    `cache`: where fetched versions are kept, by default the cache folder of the user.

    Raises:
        NotRun: jgo, which fetches it, is not installed, or the cache cannot be written.
        NoServer: Maven Central cannot be reached, does not have that version, or sends half of it.
    """
    cache = cache or user_cache_path("arthas-shell", appauthor=False)
    home = cache / f"arthas-{version}"
    if not (home / BOOT_JAR).is_file():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                _unpack(_fetch(version, Path(folder)), Path(folder) / "home", home)
        except (zipfile.BadZipFile, KeyError) as error:
            raise NoServer(f"what was fetched as Arthas {version} is not whole: {error}") from error
        except OSError as error:
            raise NotRun(
                f"Arthas {version} cannot be unpacked into {home}: {error.strerror or error}",
                hint="is the disk full, or the folder not yours?",
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
            hint="is there a network? proxies are taken from HTTPS_PROXY",
        ) from error


def _unpack(packaging: Path, new: Path, home: Path) -> None:
    """Unpacks as `new`, renamed to `home` at the end, so that this one is whole or not there."""
    with zipfile.ZipFile(packaging) as outer, outer.open(_INNER_ZIP) as inner:
        zipfile.ZipFile(inner).extractall(new)
    try:
        new.rename(home)
    except OSError:
        if not (home / BOOT_JAR).is_file():  # else somebody else has just done the same
            raise
