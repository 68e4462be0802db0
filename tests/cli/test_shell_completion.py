"""The completion scripts in the real shells: bash, and zsh and fish where they are installed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.generate import COMPLETIONS
from support.terminal import Terminal, open_any

from arthas_cli.cli.completions import SHELLS

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOUND = [name for name in SHELLS if name == "bash" or shutil.which(name)]
_START = {
    "bash": ["bash", "--norc", "--noprofile"],
    "zsh": ["zsh", "-f"],
    "fish": ["fish", "--no-config"],
}
_BEFORE = {
    "bash": "",
    "zsh": "autoload -U compinit; compinit -u; ",
    "fish": "function fish_prompt; echo '$ '; end; set fish_autosuggestion_enabled 0; ",
}
# What bash 3.2, the one of macOS, does not know.
_AS_OLD = (
    'enable -n compopt; complete() { [ "$2" = nosort ] && return 2; builtin complete "$@"; }; '
)
_DROP_LINE = "\x15"
_CONFIG = """
[profiles.shop-prod]
url = "http://127.0.0.1:1"
[profiles.beta]
url = "http://127.0.0.1:1"
[groups]
crew = ["beta"]
"""


@pytest.fixture(params=[*_FOUND, "old bash"], scope="module")
def user(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    """Somebody at a shell who has loaded its script, in a folder with two files."""
    name = request.param.removeprefix("old ")
    folder = tmp_path_factory.mktemp("user")
    (folder / "arthas-shell").mkdir()
    (folder / "arthas-shell" / "config.toml").write_text(_CONFIG, "utf-8")
    (folder / ".ssh").mkdir()
    (folder / ".ssh" / "config").write_text("Host shop-3 *.example\n", "utf-8")
    (folder / ".ssh" / "known_hosts").write_text("[bastion]:2222 ssh-ed25519 AAAA\n", "utf-8")
    for file in ("notes.txt", "ca.pem"):
        (folder / file).touch()
    environment = {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PS1": "$ ",
        "PYTHONPATH": str(COMPLETIONS.parent),
        "TERM": "xterm",
        "XDG_CONFIG_HOME": str(folder),
    }
    with open_any(_START[name], environment, answers=name == "fish", folder=folder) as terminal:
        terminal.wait_for(lambda: terminal.screen != "")
        old = _AS_OLD if request.param == "old bash" else ""
        script = COMPLETIONS / f"arthas-shell.{name}"
        terminal.enter(f"{_BEFORE[name]}{old}source {script}; echo loaded")
        terminal.see("\nloaded\n$")
        yield terminal


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("--url ssh://sh", "--url ssh://shop-3"),
        ("exec --url=ssh://ba", "exec --url=ssh://bastion:2222"),
        ("ex", "exec"),
        ("exec --out", "exec --output"),
        ("exec -o te", "exec -o text"),
        ("exec --read-only vers", "exec --read-only version"),
        ("--profile sh", "--profile shop-prod"),
        ("exec -P be", "exec -P beta"),
        ("--on cr", "--on crew"),
        ("exec --on ssh://sh", "exec --on ssh://shop-3"),
        ("run no", "run notes.txt"),
        ("--ca-file ca", "--ca-file ca.pem"),
        ("get -O no", "get -O notes.txt"),
        ("completion z", "completion zsh"),
    ],
)
def test_the_shell_completes(user: Terminal, typed: str, completed: str) -> None:
    user.type(f"arthas-shell {typed}\t")
    user.wait_for(lambda: user.last_line == f"$ arthas-shell {completed}")
    user.type(_DROP_LINE)
    user.wait_for(lambda: user.last_line == "$")


@pytest.mark.parametrize("user", ["bash", "old bash"], indirect=True)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_quoted_line_goes_on_behind_its_command(user: Terminal, quote: str) -> None:
    user.type(f"arthas-shell exec {quote}wat\t")
    user.wait_for(lambda: user.last_line.startswith(f"$ arthas-shell exec {quote}watch"))
    user.type("a.B m")
    user.wait_for(lambda: user.last_line.endswith("a.B m"))
    assert user.last_line == f"$ arthas-shell exec {quote}watch a.B m"
    user.type(_DROP_LINE)
    user.wait_for(lambda: user.last_line == "$")


def test_the_shell_lists_the_profiles(user: Terminal) -> None:
    user.type("arthas-shell --profile \t\t")
    user.wait_for(lambda: "shop-prod" in user.screen and "beta" in user.screen)
    user.type(_DROP_LINE)
    user.enter("echo listed")
    user.see("\nlisted\n$")
