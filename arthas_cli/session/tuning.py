"""A session's consumer made large and quick, by Arthas' own `ognl` in Arthas' own class loader.

A consumer keeps 50 results and hands out 20 a pull; both are fields of an object inside Arthas that
`ognl` reaches (docs/protocol.md, 4.6). Only our own consumer is touched: its queue is replaced by a
longer one with the same results in it, so nothing global changes and nothing has to be put back.
Seen to work on 3.4.6 to 4.1.5 but for 4.0.0, which answers null.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import BadAnswer
from arthas_cli.jsontext import as_int, as_object, as_text
from arthas_cli.protocol import Action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.protocol import Result
    from arthas_cli.session.server import Server

QUEUE_SIZE = 5_000
MAX_QUEUED = 50_000
SMALL, MIDDLE, LARGE = 1, 20, 100

_OGNL = "ognl --classLoaderClass com.taobao.arthas.agent.ArthasClassloader"
_SESSIONS = "@com.taobao.arthas.core.server.ArthasBootstrap@getInstance().getSessionManager()"
_HASH = re.compile(r"[0-9a-f]+")
_ID = re.compile(r"[\w-]+")
_NUMBER = re.compile(r"@(?:Integer|Long)\[(-?\d+)\]")
# A quick question; longer when somebody's command occupies the server's one command thread.
ASK_S = 2.0


def is_own_line(line: str) -> bool:
    """Return whether a line in the server's history is one of ours, that nobody typed."""
    return line.startswith(_OGNL) and "@com.taobao.arthas.core.server.ArthasBootstrap@" in line


def make_queue_line(session_id: str, consumer_id: str, queue_size: int, batch_size: int) -> str:
    """Return the command that gives a consumer a queue and a batch; it answers with the size."""
    steps = (
        "#c=#this",
        '#f=#c.getClass().getDeclaredField("resultQueue")',
        "#f.setAccessible(true)",
        "#before=#c.resultQueue",
        f"#after=new java.util.concurrent.LinkedBlockingQueue({queue_size})",
        "#before.drainTo(#after)",
        "#f.set(#c,#after)",
        "#before.drainTo(#after)",  # what came in between
        f"#c.setResultBatchSizeLimit({batch_size})",
        "#c.resultQueue.remainingCapacity()+#c.resultQueue.size()",
    )
    return _make_line(session_id, consumer_id, ", ".join(steps))


def make_batch_line(session_id: str, consumer_id: str, batch_size: int) -> str:
    """Return the command that sets how many results a pull takes; it answers with the number."""
    steps = f"#this.setResultBatchSizeLimit({batch_size}), #this.getResultBatchSizeLimit()"
    return _make_line(session_id, consumer_id, steps)


def make_waiting_line(session_id: str, consumer_id: str) -> str:
    """Return the command that answers with how many results wait in the queue of a consumer."""
    return _make_line(session_id, consumer_id, "#this.resultQueue.size()")


def make_end_line(job_id: int) -> str:
    """Return the command that interrupts a job and answers with how many hits it counted."""
    return make_jobs_line("#p=#this.process(), #this.interrupt(), #p.times()", job_id)


def make_jobs_line(steps: str, job_id: int | None = None) -> str:
    """Return the command that takes steps for every job on the server, or for one of them."""
    jobs = f"{_SESSIONS}.getJobController().jobs()"
    if job_id is None:
        return f"{_OGNL} '{jobs}.{{{steps}}}'"
    return f"{_OGNL} '{jobs}.{{? #this.id()=={job_id}}}.{{{steps}}}[0]'"


def make_sessions_line() -> str:
    """Return the command that answers with how many sessions there are, its own among them."""
    return f"{_OGNL} '{_SESSIONS}.sessions.size()'"


def make_enhanced_line() -> str:
    """Return the command that lists the enhanced classes, behind one word that is no class."""
    steps = (
        '#f=@com.taobao.arthas.core.advisor.Enhancer@class.getDeclaredField("classBytesCache")',
        "#f.setAccessible(true)",
        '#names={"-"}',
        "#names.addAll(#f.get(null).keySet().{? #this!=null}.{#this.getName()})",
        "#names",
    )
    return f"{_OGNL} '{', '.join(steps)}' -x 2"


def ask_number(server: Server, line: str, timeout_s: float = ASK_S) -> int | None:
    """Run the command and return the number it answers with; None where it has none.

    Raises:
        ArthasShellError: as `Server.ask`; after a TimedOut it may still be carried out.
    """
    numbers = (_read_number(result) for result in ask_arthas(server, line, timeout_s))
    return next((number for number in numbers if number is not None), None)


def ask_arthas(server: Server, line: str, timeout_s: float = ASK_S) -> Iterator[Result]:
    """Run a command made here and yield what it answers with.

    An Arthas that was stopped may stand in the JVM beside the one that runs (seen on 4.1.5): then
    one answer comes from each, and the one that runs is the one that knows of what was asked. Where
    one of them cannot answer, the next is asked.

    Raises:
        ArthasShellError: as `Server.ask`; after a TimedOut it may still be carried out.
    """
    response = server.ask(Action.EXEC, command=line, timeout_s=timeout_s)
    for result in response.results:
        if result.type == "ognl":
            hashes = _list_hashes(result) if line.startswith(_OGNL) else []
            for each in hashes:
                with suppress(BadAnswer):
                    yield from ask_arthas(
                        server, line.replace(_OGNL, f"ognl -c {each}", 1), timeout_s
                    )
            if not hashes:
                yield result


def is_tunable(*ids: str) -> bool:
    """Return whether the ids may stand in an expression."""
    return all(_ID.fullmatch(each) for each in ids)


def choose_queue_size(limit: int | None) -> int:
    """Return a queue that cannot overflow for a job of `limit` results, as far as is wise."""
    return QUEUE_SIZE if limit is None else min(max(QUEUE_SIZE, limit + 100), MAX_QUEUED)


def choose_batch_size(rate: float, now: int, waiting: int = 0) -> int:
    """Return how many results a pull should take at a rate (a second), and with so many `waiting`.

    A pull waits until it has that many or until 100 ms passed without a new one (docs/protocol.md,
    4.1): small batches are quick, large ones few. A size once chosen is kept until the rate
    is well below what called for it. The rate at which results come may be that of the pulls.
    """
    for size, least in ((LARGE, 2_000), (MIDDLE, 200)):
        if rate >= (least / 2 if now >= size else least) or waiting >= size:
            return size
    return SMALL


def _make_line(session_id: str, consumer_id: str, steps: str) -> str:
    consumers = f'{_SESSIONS}.getSession("{session_id}").getResultDistributor().getConsumers()'
    mine = f'{{? #this.getConsumerId()=="{consumer_id}"}}'
    return f"{_OGNL} '{consumers}.{mine}.{{{steps}}}[0]'"


def _list_hashes(result: Result) -> list[str]:
    """Return the class loaders to choose from, where there are several."""
    matched = result.data.get("matchedClassLoaders")
    loaders = matched if isinstance(matched, list) else []
    hashes = (as_text(as_object(loader).get("hash")) or "" for loader in loaders)
    return [each for each in hashes if _HASH.fullmatch(each)]


def _read_number(result: Result) -> int | None:
    """Read a value drawn as text, or as raw JSON by servers up to 3.6.4."""
    value = result.data.get("value")
    match = _NUMBER.fullmatch(as_text(value) or "")
    return int(match[1]) if match else as_int(value)
