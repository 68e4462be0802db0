"""What `make demo` installs, and shows while it does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
# In the place of Python: it says what it would install, pip as loudly as pip does.
PYTHON = """#!/bin/sh
case "$*" in
  *"-m venv"*)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    printf '#!/bin/sh\\necho "arthas-shell $*"\\n' >"$3/bin/arthas-shell"
    chmod +x "$3/bin/arthas-shell" ;;
  *"-m pip"*)
    echo "$*" >>"$(dirname "$0")/installed"
    case "$*" in *--quiet*) ;; *) echo "Collecting a package" ;; esac ;;
esac
"""


@pytest.mark.parametrize(
    ("goal", "starts"),
    [("demo", "arthas-shell demo\n"), ("demo-fleet", "arthas-shell demo --fleet\n")],
)
def test_make_demo_installs_what_the_demo_needs_alone_and_shows_no_line_of_pip(
    goal: str, starts: str, tmp_path: Path
) -> None:
    python, venv = tmp_path / "python", tmp_path / "venv"
    python.write_text(PYTHON)
    python.chmod(0o700)
    made = subprocess.run(
        ["make", goal, f"PYTHON={python}", f"VENV={venv}"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert made.stdout == starts
    assert made.stderr == f"installing arthas-shell into {venv}, once …\n"
    [installed] = (venv / "bin" / "installed").read_text().splitlines()
    assert installed.split()[-2:] == ["--editable", ".[demo]"]


def test_the_readme_says_where_make_puts_the_command_and_what_the_port_of_the_demo_is() -> None:
    section = README.partition("\n## Try it\n")[2].partition("\n## ")[0]
    words = " ".join(section.split())
    assert "Both put the command into `.venv/bin/arthas-shell`" in words
    assert "listens on a free port, which the first line names" in words
