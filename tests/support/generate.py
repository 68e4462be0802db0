"""`make generated`: writes the files of the repository that follow from the program."""

from __future__ import annotations

from pathlib import Path

from support.transcript import README, put_transcript, record_transcript

from arthas_cli.completions import SHELLS, make_script

COMPLETIONS = Path(__file__).parent.parent.parent / "completions"


def list_generated() -> dict[Path, str]:
    """Returns each generated file and what it should hold."""
    return {COMPLETIONS / f"arthas-shell.{shell}": make_script(shell) + "\n" for shell in SHELLS}


if __name__ == "__main__":
    for path, text in list_generated().items():
        path.write_text(text, encoding="utf-8")
    README.write_text(put_transcript(README.read_text("utf-8"), record_transcript()), "utf-8")
