"""The shells' completion of our command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.generate import COMPLETIONS, list_generated
from support.program import shell

PROGRAM = Path(sys.executable).with_name("arthas-shell")


@pytest.mark.parametrize("path", list_generated(), ids=lambda path: path.name)
def test_a_generated_file_is_what_the_program_makes(path: Path) -> None:
    assert path.read_text("utf-8") == list_generated()[path]


def test_nothing_else_lies_beside_the_generated_files() -> None:
    assert set(COMPLETIONS.iterdir()) == set(list_generated())


def test_the_command_prints_the_file() -> None:
    printed = shell("completion", "fish").stdout
    assert printed == (COMPLETIONS / "arthas-shell.fish").read_text("utf-8")


def test_another_shell_is_refused_by_name() -> None:
    ended = shell("completion", "tcsh")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "'tcsh'" in ended.stderr


def test_bash_completes_a_subcommand_by_the_script() -> None:
    script = f"""
        source {COMPLETIONS / "arthas-shell.bash"}
        COMP_WORDS=(arthas-shell ex); COMP_CWORD=1
        _arthas_shell_completion arthas-shell
        echo "${{COMPREPLY[@]}}"
    """
    bash = shutil.which("bash")
    assert bash, "every machine that builds this has bash"
    environment = os.environ | {"PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [bash, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    assert (done.stdout, done.stderr) == ("exec\n", "")
