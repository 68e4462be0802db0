from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from arthas_cli.attach import distribution
from arthas_cli.attach.distribution import BOOT_JAR, CHECKSUMS, find_distribution
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


def find_checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_arthas_is_fetched_once_and_nothing_else_stays_in_the_cache(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    fetched: list[str] = []

    def fetch(version: str, _cache: Path, packaging: Path) -> None:
        fetched.append(version)
        make_packaging(packaging.parent).replace(packaging)

    monkeypatch.setattr(distribution, "_fetch", fetch)
    monkeypatch.setitem(CHECKSUMS, "9.9.9", find_checksum(make_packaging(other)))
    homes = [find_distribution("9.9.9", tmp_path) for _ in range(2)]
    assert homes == [tmp_path / "arthas-9.9.9"] * 2
    assert fetched == ["9.9.9"]
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == [
        "arthas-9.9.9",
        "arthas-9.9.9/arthas-boot.jar",
    ]


@pytest.mark.parametrize("content", [b"", b"PK\3\4 half of it"], ids=["nothing", "another"])
def test_what_is_not_the_released_file_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    def fetch(_version: str, _cache: Path, packaging: Path) -> None:
        packaging.write_bytes(content)

    monkeypatch.setattr(distribution, "_fetch", fetch)
    monkeypatch.setitem(CHECKSUMS, "9.9.9", "1f" * 32)
    with pytest.raises(NoServer) as caught:
        find_distribution("9.9.9", tmp_path)
    found = hashlib.sha256(content).hexdigest()
    assert (
        caught.value.message
        == f"the download of Arthas 9.9.9 has the wrong checksum: SHA-256 {found}"
    )
    assert caught.value.hint == (
        f"check for a mirror or proxy that changes downloads; expected {'1f' * 32}"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_version_without_a_checksum_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(NotRun) as caught:
        find_distribution("9.9.9", tmp_path)
    assert caught.value.message == "there is no checksum for Arthas 9.9.9"
    assert caught.value.hint == "use one of 3.4.6, 3.5.5, 3.6.4, 3.7.2, 4.0.5, 4.1.4, 4.1.5"


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotRun, match=r"cannot be unpacked into .*/file/arthas-4"):
        find_distribution("4.1.5", tmp_path / "file")


def test_a_version_that_nobody_has_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHECKSUMS, "0.0.0", "00" * 32)
    with pytest.raises(NoServer) as caught:
        find_distribution("0.0.0", tmp_path)
    assert caught.value.message == (
        "Arthas 0.0.0 cannot be fetched from repo.maven.apache.org: it is not there (HTTP 404)"
    )
    assert caught.value.hint == (
        f"bring arthas-packaging-0.0.0.jar of Maven Central and put it into '{tmp_path}', or name"
        " the folder of an Arthas with --arthas-home"
    )
