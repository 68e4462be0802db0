"""What stands inside a real Arthas, asked for by its own `ognl`: jobs, sessions, consumers.

Also how often the method of the fixture is called that the tests watch (`tests/fixture/fx/Hot`).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from support.post import post

if TYPE_CHECKING:
    from collections.abc import Iterator

_OGNL = "ognl --classLoaderClass com.taobao.arthas.agent.ArthasClassloader"
_SESSIONS = "@com.taobao.arthas.core.server.ArthasBootstrap@getInstance().getSessionManager()"
_HASTEN = (
    "#none=@java.lang.invoke.MethodType@methodType(@java.lang.Void@TYPE)",
    '#run=@java.lang.invoke.MethodHandles@publicLookup().bind(new demo.MathGame(), "run", #none)',
    "#kind=@java.lang.Runnable@class",
    "#round=@java.lang.invoke.MethodHandleProxies@asInterfaceInstance(#kind, #run)",
    "#pool=@java.util.concurrent.Executors@newScheduledThreadPool(1)",
    "#pool.scheduleAtFixedRate(#round, 0L, 100L, @java.util.concurrent.TimeUnit@MILLISECONDS)",
    '@java.lang.System@getProperties().put("game", #pool)',
)


def count_jobs(url: str) -> int:
    """Returns how many jobs run on the server, the question itself left out."""
    others = '{? !#this.line().startsWith("ognl")}'
    return _ask_number(url, f"{_SESSIONS}.getJobController().jobs().{others}.size()")


def forget_consumers(url: str, session_id: str) -> None:
    """Has the server forget the consumers of a session, as after five minutes without a pull."""
    consumers = f'{_SESSIONS}.getSession("{session_id}").getResultDistributor().getConsumers()'
    assert _ask_number(url, f"#c={consumers}, #c.clear(), #c.size()") == 0


def is_open(url: str, session_id: str) -> bool:
    """Says whether the server knows the session."""
    return bool(post(url, action="session_info", sessionId=session_id)["state"] == "SUCCEEDED")


def set_rate(url: str, rate: float) -> None:
    """Has `fx.Hot.hit` called so often a second; below 0: as often as the JVM can."""
    _do(url, f"@fx.Hot@setRate({float(rate)})")


def set_many_rate(url: str, rate: float) -> None:
    """Has each of `fx.Many.m0` to `m9` called so often a second."""
    _do(url, f"@fx.Many@setRate({float(rate)})")


@contextmanager
def hasten_game(url: str) -> Iterator[None]:
    """Has `demo.MathGame` play ten rounds a second more; by itself it plays one."""
    _do(url, ", ".join(_HASTEN))
    yield
    _do(url, '@java.lang.System@getProperties().remove("game").shutdownNow()')


def _do(url: str, expression: str) -> None:
    answer = post(url, action="exec", command=f"ognl '{expression}'")
    assert answer["body"]["results"][-1].get("statusCode") == 0, answer


def read_default_queue_size(url: str) -> int:
    """Returns how many results the queue of a new consumer holds, anybody's."""
    return _ask_number(
        url, "@com.taobao.arthas.core.distribution.DistributorOptions@resultQueueSize"
    )


def _ask_number(url: str, expression: str) -> int:
    """Returns the number: raw up to 3.6.4, drawn as text by later servers."""
    answer = post(url, action="exec", command=f"{_OGNL} '{expression}'")
    found = re.search(r"\d+", str(answer["body"]["results"][0]["value"]))
    assert found is not None, answer
    return int(found[0])
