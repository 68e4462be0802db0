"""The wheel and the source distribution, as they are built from this tree."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from email.parser import HeaderParser
from pathlib import Path

import pytest
from support.fake import FakeArthas

from arthas_cli import __version__

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
_INFO = f"arthas_shell-{__version__}.dist-info"
_DATA = f"arthas_shell-{__version__}.data/data/share"


def list_package() -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / "arthas_cli").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the wheel and the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel, unpacked."""
    [path] = built.glob("*.whl")
    assert path.name == f"arthas_shell-{__version__}-py3-none-any.whl"
    shutil.unpack_archive(path, built / "wheel", "zip")
    return built / "wheel"


def test_the_wheel_holds_the_package_its_types_and_the_completions(wheel: Path) -> None:
    held = {str(path.relative_to(wheel)) for path in wheel.rglob("*") if path.is_file()}
    assert {"arthas_cli/py.typed", "arthas_cli/catalogue/commands.json"} <= held
    assert held == list_package() | {
        f"{_DATA}/bash-completion/completions/arthas-shell",
        f"{_DATA}/zsh/site-functions/_arthas-shell",
        f"{_DATA}/fish/vendor_completions.d/arthas-shell.fish",
        f"{_INFO}/METADATA",
        f"{_INFO}/RECORD",
        f"{_INFO}/WHEEL",
        f"{_INFO}/entry_points.txt",
        f"{_INFO}/licenses/LICENSE",
    }


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    metadata = HeaderParser().parsestr((wheel / _INFO / "METADATA").read_text("utf-8"))
    names = ("Name", "Version", "License-Expression", "Requires-Python")
    assert [metadata[name] for name in names] == [
        "arthas-shell",
        __version__,
        "Apache-2.0",
        ">=3.11",
    ]
    assert metadata.get_all("Provides-Extra") == ["demo", "keyring"]
    entry = (wheel / _INFO / "entry_points.txt").read_text("utf-8")
    assert "arthas-shell = arthas_cli.__main__:main" in entry


def test_the_wheel_runs_from_its_own_files(wheel: Path, tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(wheel)!r}); import arthas_cli.__main__ as program\n"
        f"assert program.__file__.startswith({str(wheel)!r}), program.__file__\n"
        "program.main()"
    )
    with FakeArthas() as fake:
        done = subprocess.run(
            [sys.executable, "-I", "-c", script, "exec", "--url", fake.url, "version"],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            text=True,
        )
    assert (done.returncode, done.stdout, done.stderr) == (0, "4.1.5\n", "")


@pytest.fixture(scope="module")
def one_file() -> Path:
    """All of it in one file, as `make pyz` builds it."""
    subprocess.run(["make", "-s", "pyz"], cwd=ROOT, check=True, timeout=110)
    return ROOT / "dist" / "arthas-shell.pyz"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exec", "version"), "4.1.5\n"),
        (("exec", "version | wc -l"), "1\n"),  # no `wc` here: our own, from the file
        (("--read-only", "exec", "ognl '@a.B@c.notifyAll()'"), ""),  # knows the JDK's methods
    ],
)
def test_one_file_is_all_that_a_bare_python_needs(
    one_file: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    shutil.copy(one_file, tmp_path)
    with FakeArthas() as fake:
        done = subprocess.run(
            [sys.executable, "-I", "-S", one_file.name, *arguments],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={"ARTHAS_SHELL_URL": fake.url, "HOME": str(tmp_path), "PATH": ""},
            text=True,
        )
    assert done.stdout == said
    assert (done.returncode == 0) == bool(said), done.stderr
    assert "bug" not in done.stderr


def test_the_one_file_reads_ranges(one_file: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(one_file)!r})\n"
        "from arthas_cli.config.ranges import expand_range\n"
        "print(*expand_range('web[1-2]:8563'))"
    )
    command = [sys.executable, "-I", "-S", "-c", script]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (done.stdout, done.stderr) == ("web1:8563 web2:8563\n", "")


def test_the_source_distribution_holds_what_the_tests_and_the_documents_need(built: Path) -> None:
    [path] = built.glob("*.tar.gz")
    with tarfile.open(path) as file:
        held = {name.partition("/")[2] for name in file.getnames()}
    assert list_package() <= held
    assert {
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "completions/arthas-shell.zsh",
        "docs/guide.md",
        "pyproject.toml",
        "tests/fixture/fx/Fixture.class",
        "tests/test_packaging.py",
    } <= held


def test_what_is_imported_is_declared() -> None:
    """An empty environment has nothing else.

    urllib3 is a part of requests; `_typeshed` is there for type checkers alone.
    """
    extras = [name for names in PROJECT["optional-dependencies"].values() for name in names]
    declared = {re.split(r"[>=\[]", name)[0] for name in PROJECT["dependencies"] + extras}
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "arthas_cli").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _list_imports(node)
    }
    foreign = imported - sys.stdlib_module_names - {"arthas_cli", "urllib3", "_typeshed"}
    assert foreign == declared


def _list_imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
