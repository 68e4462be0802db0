"""Runs a program for as long as its stdin is open, and removes a folder behind it.

    python keeper.py apart|beside FOLDER COMMAND…

Stdin is a pipe from us that nothing is written to: its end, which the system sees to however we
end, `kill -9` included, ends the program. It and the keeper take no notice of Ctrl+C, SIGTERM and
SIGHUP, which go to all of a terminal's or service's processes: what we still have to tell the
server goes through it. A program that heeds them all the same is kept apart, in a process group of
its own, where it cannot ask at the terminal.
It needs nothing but the standard library, and is started by its file.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading

APART, BESIDE = "apart", "beside"
_PASSED_BY = ("SIGINT", "SIGTERM", "SIGHUP")
_PR_SET_PDEATHSIG = 1


def end_with_us() -> None:
    """Have the system end the program, too, when the keeper is killed; Linux alone can."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def run(command: list[str], *, is_apart: bool) -> int:
    """Run the command until it ends or stdin does; return its exit code."""
    process = subprocess.Popen(  # noqa: S603 - our own child, from our own arguments
        command,
        stdin=subprocess.DEVNULL,
        process_group=0 if is_apart else None,
        preexec_fn=end_with_us if sys.platform == "linux" else None,  # noqa: PLW1509 - no thread yet
    )

    def await_hangup() -> None:
        while os.read(0, 1024):  # sys.stdin's lock would be in the way when we end first
            pass
        process.kill()  # it has been told to pass any other signal by

    threading.Thread(target=await_hangup, daemon=True).start()
    return process.wait()


def main() -> int:
    """Run the command of the arguments; return its exit code."""
    for name in _PASSED_BY:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    place, folder, *command = sys.argv[1:]
    try:
        return run(command, is_apart=place == APART)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
