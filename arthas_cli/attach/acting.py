"""Work that is done as another user: in a child that takes that user's ids, for root alone.

HotSpot lets in who has the ids of its own user, and JDK 8 not even root; and what that user cannot
read or write shows by itself. The child answers with JSON, for it is not as trusted as we are.
"""

from __future__ import annotations

import json
import os
import signal
import warnings
from typing import TYPE_CHECKING

from arthas_cli.errors import AttachFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.attach.process import Ids

_CHUNK = 1 << 16


def call_as(ids: Ids, work: Callable[[], str]) -> str:
    """Return what the work returns, done with these ids.

    Raises:
        OSError, AttachFailed: as the work does; PermissionError: we may not take these ids.
    """
    if ids == (os.geteuid(), os.getegid()):
        return work()
    if os.geteuid() != 0:
        raise PermissionError
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        # Newer Pythons warn of threads; the child below runs nothing that waits for one.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _work_in_child(ids, work, sending)
    os.close(sending)
    try:
        with os.fdopen(receiving, "rb") as answer:
            said = answer.read()
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        os.waitpid(pid, 0)
    return _read_answer(said)


def _work_in_child(ids: Ids, work: Callable[[], str], sending: int) -> None:
    answer: list[object] = ["died"]
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.setgroups([ids.gid])
        os.setgid(ids.gid)
        os.setuid(ids.uid)
        answer = ["done", work()]
    except OSError as error:
        answer = ["system", error.errno, error.strerror]
    except AttachFailed as error:
        answer = ["ours", error.message, error.hint]
    finally:
        os.write(sending, json.dumps(answer).encode())
        os._exit(0)  # nothing of the program runs twice


def _read_answer(said: bytes) -> str:
    match json.loads(said or b"[]"):
        case ["done", str(text)]:
            return text
        case ["system", int(number), str(text)]:
            raise OSError(number, text)
        case ["ours", str(message), str(hint)]:
            raise AttachFailed(message, hint=hint)
    raise AttachFailed("the child that spoke to the JVM ended early", hint="try again")
