"""`make generated`: writes the files of the repository that follow from the program."""

from __future__ import annotations

from pathlib import Path

from support.transcript import README, put_transcript, record_transcript

from arthas_cli.cli.completions import SHELLS, make_script
from arthas_cli.shell.commands.keys import make_keys_page

_REPOSITORY = Path(__file__).parent.parent.parent
COMPLETIONS, DOCS = _REPOSITORY / "completions", _REPOSITORY / "docs"


def list_generated() -> dict[Path, str]:
    """Returns each generated file and what it should hold."""
    scripts = {COMPLETIONS / f"arthas-shell.{shell}": make_script(shell) + "\n" for shell in SHELLS}
    return {**scripts, DOCS / "keys.md": make_keys_page()}


if __name__ == "__main__":
    for path, text in list_generated().items():
        path.write_text(text, encoding="utf-8")
    README.write_text(put_transcript(README.read_text("utf-8"), record_transcript()), "utf-8")
