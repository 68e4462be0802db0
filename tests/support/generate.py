"""`make generated`: writes the files of the repository that follow from the program."""

from __future__ import annotations

from pathlib import Path

from support.shell_page import make_shell_page
from support.transcript import PICTURE, README, is_shown, put_transcript, record_transcript

from arthas_cli.cli.completions import SHELLS, make_script

_REPOSITORY = Path(__file__).parent.parent.parent
COMPLETIONS, DOCS = _REPOSITORY / "completions", _REPOSITORY / "docs"


def list_generated() -> dict[Path, str]:
    """Returns each generated file and what it should hold."""
    scripts = {COMPLETIONS / f"arthas-shell.{shell}": make_script(shell) + "\n" for shell in SHELLS}
    return {**scripts, DOCS / "shell.md": make_shell_page()}


def write_session() -> None:
    """Records the session at the top of README, and writes it where more than numbers changed."""
    recording, readme = record_transcript(), README.read_text("utf-8")
    picture = PICTURE.read_text("utf-8") if PICTURE.exists() else ""
    if not is_shown(readme, picture, recording):
        README.write_text(put_transcript(readme, recording.text), "utf-8")
        PICTURE.write_text(recording.picture, "utf-8")


if __name__ == "__main__":
    for path, text in list_generated().items():
        path.write_text(text, encoding="utf-8")
    write_session()
