"""Many fakes in a process of their own: their work takes nothing from the program they answer.

    python -m support.many_fakes NUMBER

It writes their addresses, a line each, and ends when stdin is closed.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from support.fake import FakeArthas

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def start_fakes(number: int) -> Iterator[list[str]]:
    """Starts so many; returns their addresses."""
    with subprocess.Popen(
        [sys.executable, "-m", "support.many_fakes", str(number)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        yield [process.stdout.readline().strip() for _ in range(number)]


def main() -> None:
    """Answers until stdin is closed."""
    with ExitStack() as stack:
        for _ in range(int(sys.argv[1])):
            sys.stdout.write(f"{stack.enter_context(FakeArthas()).url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
