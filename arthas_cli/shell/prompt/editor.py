"""The line in an editor of the user's, in a file that nobody else can read, gone afterwards."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.shell.terminal.keyboard import lend_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_VARIABLES = ("VISUAL", "EDITOR")
_LOOK_S = 0.2
_EDITORS = ("sensible-editor", "editor", "nano", "vi", "notepad")


def find_editor(
    variables: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> list[str] | None:
    """Return the words that start the user's editor, else the first one there is, else None."""
    for name in _VARIABLES:
        with suppress(ValueError):  # an open quote: as if it were not set
            words = shlex.split(variables.get(name, ""), posix=os.name != "nt")
            if words:
                return words
    return next(([path] for name in _EDITORS if (path := which(name))), None)


def edit_text(editor: list[str], text: str, is_over: Callable[[], bool] = lambda: False) -> str:
    """Open the text in the editor; return it as before where the editor failed.

    The editor is ended once `is_over`.

    Raises:
        OSError: the editor cannot be started, or there is no room for the file.
    """
    handle, name = tempfile.mkstemp(suffix=".arthas")  # mode 0600
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(f"{text}\n")
        # The editor is the user's own choice, and has the user's terminal.
        with lend_terminal(), subprocess.Popen([*editor, name]) as process:  # noqa: S603
            code = _await_end(process, is_over)
        return path.read_text("utf-8", errors="replace") if code == 0 else text
    finally:
        path.unlink(missing_ok=True)


def _await_end(process: subprocess.Popen[bytes], is_over: Callable[[], bool]) -> int:
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.wait(_LOOK_S)
        if is_over():
            process.terminate()
