"""Every command in the documentation runs, on a real server, and ends well."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.jq import write_jq

from arthas_cli.config.file import read_config

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

DOCS = Path(__file__).parent.parent / "docs"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TAGS = {"sh", "arthas", "toml", "text"}
# What a stranger's machine has and a test's has not.
_ELSEWHERE = ("ssh", "kubectl")
# The configuration of somebody who has several: here they are the same one.
_SHOP = """
[profiles]
web-1 = { url = "URL" }
web-2 = { url = "OTHER" }
[groups]
shop = ["web-1", "web-2"]
"""


def list_blocks(tag: str) -> list[tuple[str, str]]:
    """Returns the blocks of one kind, each with the name of its page."""
    pages = ((page.name, page.read_text("utf-8")) for page in sorted(DOCS.glob("*.md")))
    return [
        (name, text) for name, page in pages for found, text in _BLOCK.findall(page) if found == tag
    ]


@pytest.fixture
def environ(busy_arthas: Target, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody whose Arthas is the one of the tests."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in _ELSEWHERE:
        (programs / name).write_text("#!/bin/sh\nexit 0\n", "utf-8")
        (programs / name).chmod(0o755)
    write_jq(programs)
    config = tmp_path / ".config" / "arthas-shell" / "config.toml"
    config.parent.mkdir(parents=True)
    other = busy_arthas.url.replace("127.0.0.1", "localhost")
    config.write_text(_SHOP.replace("URL", busy_arthas.url).replace("OTHER", other), "utf-8")
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        "PATH": path,
        "HOME": str(tmp_path),
        "ARTHAS_SHELL_PORT": str(busy_arthas.url.split(":")[2].partition("/")[0]),
    }


def run(
    command: list[str], environ: dict[str, str], folder: Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environ,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("page", "block"), list_blocks("sh"))
def test_every_command_of_a_shell_ends_well(
    environ: dict[str, str], tmp_path: Path, page: str, block: str
) -> None:
    done = run(["bash", "-eo", "pipefail", "-c", block], environ, tmp_path)
    assert done.returncode == 0, (page, done.stdout, done.stderr)


@pytest.mark.parametrize(("page", "block"), list_blocks("arthas"))
def test_every_command_of_arthas_ends_well(
    environ: dict[str, str], tmp_path: Path, page: str, block: str
) -> None:
    command = [sys.executable, "-m", "arthas_cli", "run", "-t", "30", "-"]
    done = run(command, environ, tmp_path, stdin=block)
    assert done.returncode == 0, (page, done.stdout, done.stderr)


@pytest.mark.parametrize(("page", "block"), list_blocks("toml"))
def test_every_configuration_is_right(tmp_path: Path, page: str, block: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(block, "utf-8")
    path.chmod(0o600)
    assert read_config(path).profiles.keys() == tomllib.loads(block)["profiles"].keys(), page


def test_every_block_says_what_it_is() -> None:
    fences = [
        line
        for page in DOCS.glob("**/*.md")
        for line in page.read_text("utf-8").splitlines()
        if line.startswith("```") and line != "```"
    ]
    assert {fence.removeprefix("```") for fence in fences} <= _TAGS
