from __future__ import annotations

import io
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from arthas_cli.demo import distribution
from arthas_cli.demo.distribution import BOOT_JAR, find_distribution
from arthas_cli.errors import NoServer, NotRun

if TYPE_CHECKING:
    from pathlib import Path


def make_packaging(folder: Path) -> Path:
    """Makes what Maven Central has: a jar with a zip in it, here with one small file."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(BOOT_JAR, "boot")
    path = folder / "arthas-packaging.jar"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("arthas-bin.zip", inner.getvalue())
    return path


def test_arthas_is_fetched_once_and_nothing_else_stays_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def fetch(version: str, folder: Path) -> Path:
        fetched.append(version)
        return make_packaging(folder)

    monkeypatch.setattr(distribution, "_fetch", fetch)
    homes = [find_distribution("9.9.9", tmp_path) for _ in range(2)]
    assert homes == [tmp_path / "arthas-9.9.9"] * 2
    assert fetched == ["9.9.9"]
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == [
        "arthas-9.9.9",
        "arthas-9.9.9/arthas-boot.jar",
    ]


def test_half_a_download_is_an_error_and_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_version: str, folder: Path) -> Path:
        whole = make_packaging(folder)
        whole.write_bytes(whole.read_bytes()[:40])
        return whole

    monkeypatch.setattr(distribution, "_fetch", fetch)
    with pytest.raises(NoServer, match=r"^what was fetched as Arthas 9\.9\.9 is not whole: "):
        find_distribution("9.9.9", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotRun, match=r"cannot be unpacked into .*/file/arthas-9"):
        find_distribution("9.9.9", tmp_path / "file")


def test_without_jgo_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jgo.maven", None)
    with pytest.raises(NotRun) as caught:
        find_distribution("9.9.9", tmp_path)
    assert caught.value.message == "jgo, which fetches Arthas, is not installed"
    assert caught.value.hint == "pip install 'arthas-shell[demo]'"


def test_a_version_that_nobody_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoServer, match=r"^Arthas 0\.0\.0 cannot be fetched from Maven Central: "):
        find_distribution("0.0.0", tmp_path)
