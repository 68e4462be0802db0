"""What a one-shot loads: a program that starts fast leaves out what it does not use."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.fake import FakeArthas

HEAVY = {"prompt_toolkit", "requests", "urllib3", "pygments", "tomllib", "platformdirs", "email"}
WAYS = {"arthas_cli.config.ssh_address", "arthas_cli.ways.ssh", "arthas_cli.ways.kept"}
# Each is for what a one-shot that goes well to a server without a password has no use for.
IDLE = {"base64", "difflib", "encodings.idna", "http", "queue", "shlex", "unicodedata"}
VIEWS = {"arthas_cli.views", "arthas_cli.theme", "arthas_cli.shell", "arthas_cli.demo"}


def list_modules(*arguments: str) -> tuple[set[str], str]:
    """Runs the program; returns every module that it imported, and what it wrote to stdout."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "arthas_cli", *arguments],
        env=environment,  # coverage would be loaded too
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        text=True,
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip() for line in lines}, done.stdout


def list_packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("line", ["version", "watch demo.MathGame run -n 1"])
@pytest.mark.parametrize("output", ["json", "jsonl"])
def test_json_over_plain_http_loads_neither_rich_nor_prompt_toolkit_nor_requests(
    fake: FakeArthas, output: str, line: str
) -> None:
    modules, stdout = list_modules("exec", "-o", output, "--url", fake.url, line)
    assert stdout.startswith("{")
    assert "arthas_cli.transport.lean" in modules
    assert list_packages(modules) & (HEAVY | {"rich"}) == set()
    assert modules & (VIEWS | WAYS | {"arthas_cli.transport.full", "subprocess"}) == set()


def test_a_one_shot_in_json_loads_nothing_that_only_others_need(fake: FakeArthas) -> None:
    modules, _ = list_modules("exec", "--json", "--url", fake.url, "version")
    assert modules & (IDLE | {"arthas_cli.session.series", "arthas_cli.session.session"}) == set()


def test_text_over_plain_http_loads_rich_but_no_prompt_and_no_requests(fake: FakeArthas) -> None:
    modules, stdout = list_modules("exec", "--url", fake.url, "version")
    assert stdout == "4.1.5\n"
    assert "rich" in list_packages(modules)
    assert list_packages(modules) & {"prompt_toolkit", "requests", "urllib3"} == set()
    assert modules & {"arthas_cli.shell", "arthas_cli.demo"} == set()


def test_the_help_loads_nothing_heavy() -> None:
    modules, stdout = list_modules("--help")
    assert stdout.startswith("Usage: arthas-shell")
    assert list_packages(modules) & (HEAVY | {"rich"}) == set()
