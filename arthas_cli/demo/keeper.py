"""Runs a program beside us and ends it with us, however we end: `kill -9` included.

    python keeper.py FOLDER COMMAND…

It runs the program in FOLDER as its child, writes its pid to stdout as one line, and ends it as
soon as stdin is closed, which the system does when the process at the other end is gone. When the
program ends first, so does the keeper, with its code. FOLDER is removed at the end. It needs
nothing but the standard library, so it is started by its file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

_PATIENCE_S = 5.0


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and waits for it: asked first, then forced."""
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> int:
    """Runs the command of the arguments; returns its exit code."""
    folder, *command = sys.argv[1:]
    process = subprocess.Popen(  # noqa: S603 - our own child, from our own arguments
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    print(process.pid, flush=True)  # noqa: T201 - what the keeper is asked for

    def await_hangup() -> None:
        while os.read(0, 1024):  # sys.stdin's lock would be in the way when we end first
            pass
        end(process)

    threading.Thread(target=await_hangup, daemon=True).start()
    code = process.wait()
    shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
