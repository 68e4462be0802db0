"""What a thread of the shell dies of, told above the prompt: by itself it would draw over it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from arthas_cli.diagnostics import format_unforeseen
from arthas_cli.shell.terminal.output import JobOutput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.shell.terminal.output import Terminal


@contextmanager
def telling_bugs(terminal: Terminal) -> Iterator[None]:
    """Tell while it lasts what any thread dies of that nobody waits for."""

    def tell(failed: threading.ExceptHookArgs) -> None:
        if failed.exc_value is not None:
            JobOutput(terminal).tell(format_unforeseen(failed.exc_value))

    before, threading.excepthook = threading.excepthook, tell
    try:
        yield
    finally:
        threading.excepthook = before
