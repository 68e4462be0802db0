"""Runs a program beside us and ends it with us, however we end: `kill -9` included.

    python keeper.py COMMAND…

It makes a folder for the program, puts its path where the command says `{home}`, runs the program
there as its child and writes one line to stdout: the program's pid and the folder. As soon as stdin
is closed, which the system does when the process at the other end is gone, it ends the program.
When the program ends first, so does the keeper, with its code, and writes the last that the program
wrote to stdout or stderr. At the end it removes the folder.
It needs nothing but the standard library, so it is started by its file.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading

HOME = "{home}"
_PATIENCE_S, _REST_S = 5.0, 0.5
_MAX_KEPT = 2000


def end(process: subprocess.Popen[bytes]) -> None:
    """End the process and wait for it: asked first, then forced."""
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(command: list[str], home: str) -> int:
    """Run the command in the folder until it ends or stdin is closed; return its exit code."""
    process = subprocess.Popen(  # noqa: S603 - our own child, from our own arguments
        [word.replace(HOME, home) for word in command],
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    print(process.pid, home, flush=True)  # noqa: T201 - what the keeper is asked for
    last = bytearray()

    def await_hangup() -> None:
        while os.read(0, 1024):  # sys.stdin's lock would be in the way when we end first
            pass
        end(process)

    def keep_last() -> None:
        assert process.stdout is not None  # noqa: S101 - for the types
        while said := os.read(process.stdout.fileno(), 4096):
            last.extend(said)
            del last[:-_MAX_KEPT]

    threading.Thread(target=await_hangup, daemon=True).start()
    reading = threading.Thread(target=keep_last, daemon=True)
    reading.start()
    code = process.wait()
    reading.join(_REST_S)  # a child of the program may hold its end open
    with contextlib.suppress(OSError):  # nobody may read it any more
        os.write(1, last)
    return code


def main() -> int:
    """Run the command of the arguments in a folder of its own; return its exit code."""
    with tempfile.TemporaryDirectory(prefix="arthas-shell-", ignore_cleanup_errors=True) as home:
        return run(sys.argv[1:], home)


if __name__ == "__main__":
    sys.exit(main())
