"""Answers that wait to be read: some megabytes in memory, what comes on top in a temporary file.

Pulling goes on however slowly the results are read, for the server would drop what is not pulled;
so what waits must not fill the memory. The file is the user's alone and goes with the program.
"""

from __future__ import annotations

import queue
import threading
import weakref
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from arthas_cli.protocol import Answer
from arthas_cli.session.loss import BATCH_SIZE

if TYPE_CHECKING:
    from typing import IO

_MAX_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Pulled(Answer):
    """The answer to a pull, with the least it could have brought and how long it took.

    `count`: how many results it brought, at most (it is unread).
    """

    batch_size: int = BATCH_SIZE
    took_s: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True)
class _Stored:
    """An answer whose content stands in the file."""

    answer: Pulled
    file: IO[bytes]
    start: int
    length: int


class Backlog:
    """A queue of answers and errors. `most_bytes`: how much content it holds in memory.

    Threads: one puts, one takes. `_lock` guards all but `_items`, a queue.
    """

    def __init__(self, most_bytes: int = _MAX_BYTES) -> None:
        self._most_bytes = most_bytes
        self._items: queue.SimpleQueue[Pulled | _Stored | Exception] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._last: Pulled | None = None
        self._held = 0
        self._stored = 0
        self._file: IO[bytes] | None = None

    def put(self, answer: Pulled | Exception, *, is_held: bool = False) -> None:
        """Add an answer; never waits for who reads. One that `is_held` waits for `hand_on`."""
        with self._lock:
            self._release()
            if isinstance(answer, Exception):
                self._items.put(answer)
            else:
                self._last = answer
            if not is_held:
                self._release()

    def hand_on(self) -> None:
        """Let readers have the answer that is held, if any."""
        with self._lock:
            self._release()

    def get(self, timeout: float) -> Pulled | Exception:
        """Take the oldest answer.

        Raises:
            queue.Empty: none has come within `timeout` seconds.
            OSError: the file can be read no more.
        """
        item = self._items.get(timeout=timeout)
        if isinstance(item, Exception):
            return item
        with self._lock:
            if isinstance(item, _Stored):
                return self._fetch(item)
            self._held -= len(item.content)
            return item

    def __len__(self) -> int:
        """Return how many wait."""
        return self._items.qsize()

    def _release(self) -> None:
        answer, self._last = self._last, None
        if answer is not None:
            self._items.put(self._keep(answer))

    def _keep(self, answer: Pulled) -> Pulled | _Stored:
        if self._held + len(answer.content) > self._most_bytes:
            try:
                return self._store(answer)
            except OSError:  # no room on the disk either: memory is all that is left
                pass
        self._held += len(answer.content)
        return answer

    def _store(self, answer: Pulled) -> _Stored:
        if self._file is None:
            import tempfile  # hardly ever needed, and long to load

            self._file = tempfile.TemporaryFile(prefix="arthas-shell-")  # noqa: SIM115 - as long as self
            weakref.finalize(self, self._file.close)
        start = self._file.seek(0, 2)
        self._file.write(answer.content)
        self._file.flush()
        self._stored += 1
        return _Stored(replace(answer, content=b""), self._file, start, len(answer.content))

    def _fetch(self, item: _Stored) -> Pulled:
        item.file.seek(item.start)
        content = item.file.read(item.length)
        self._stored -= 1
        if not self._stored:
            item.file.truncate(0)
        return replace(item.answer, content=content)
