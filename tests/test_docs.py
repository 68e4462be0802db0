"""What the README says is what the program does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.transcript import PICTURE, is_shown, mask, read_transcript, record_transcript

from arthas_cli.errors import ExitCode

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^    ((?:echo .* \| )?arthas-shell exec .*)$", README, re.MULTILINE)


def test_the_readme_lists_every_exit_code() -> None:
    table = README.split("### Exit codes")[1].split("##")[0]
    rows = re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE)
    listed = {int(code) for row in rows for code in row.split(",")}
    assert listed == {int(code) for code in ExitCode}


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) == 8


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_readme_runs(example: str, busy_arthas: Target, tmp_path: Path) -> None:
    """The program behind the pipe is left out: jq may not be there."""
    ours = re.sub(r" \| jq .*", "", example)
    program = f"{shlex.quote(sys.executable)} -m arthas_cli"
    done = subprocess.run(
        ["sh", "-c", ours.replace("arthas-shell", program)],
        cwd=tmp_path,
        env=os.environ | {"ARTHAS_SHELL_URL": busy_arthas.url, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout or (tmp_path / "memory.csv").stat().st_size


@pytest.mark.jvm
def test_the_session_in_the_readme_is_what_the_demo_shows_in_a_terminal() -> None:
    """`make generated` writes it anew."""
    recording = record_transcript()
    assert mask(read_transcript(README)) == mask(recording.text)
    assert is_shown(README, PICTURE.read_text("utf-8"), recording)


def test_the_session_in_the_readme_fits_a_screen() -> None:
    lines = read_transcript(README).splitlines()
    assert len(lines) <= 26
    assert max(len(line.removeprefix("    ")) for line in lines) <= 80
