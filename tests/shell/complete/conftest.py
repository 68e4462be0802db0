"""Answers of a server, written down, and a server that gives them or none at all."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from arthas_cli.protocol import Result
from arthas_cli.shell.complete.asking import Answer
from arthas_cli.shell.complete.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.jsontext import Json

PATIENCE_S = 10


def make_result(kind: str, **data: Json) -> Result:
    return Result(kind, 1, {"type": kind, "jobId": 1, **data}, "")


def make_method(owner: str, name: str, *parameters: str) -> Result:
    method: dict[str, Json] = {
        "declaringClass": owner,
        "methodName": name,
        "parameters": list(parameters),
        "returnType": "double",
    }
    return make_result("sm", detail=True, methodInfo=method)


ANSWERS: dict[str, list[Result]] = {
    "classloader -a": [
        make_result(
            "classloader",
            classSet={
                "classloader": {"name": "AppClassLoader@1f", "hash": "1f"},
                "classes": ["com.shop.Cart", "com.shop.CartServiceImpl", "com.shop.Bill$Line"],
            },
        ),
        make_result(
            "classloader",
            classSet={
                "classloader": {"name": "com.taobao.arthas.agent.ArthasClassloader@2a"},
                "classes": ["com.taobao.arthas.core.Hidden"],
            },
        ),
    ],
    "classloader -l": [
        make_result(
            "classloader",
            classLoaders=[
                {"name": "BootstrapClassLoader", "hash": "null", "loadedCount": 9},
                {"name": "shop.Loader@1f", "hash": "1f", "loadedCount": 3},
            ],
        )
    ],
    "sm -d com.shop.Cart": [
        make_method("com.shop.Cart", "price", "int"),
        make_method("com.shop.Cart", "price", "java.lang.String"),
        make_method("com.shop.Cart", "clear"),
    ],
    "thread --all -i 1": [
        make_result(
            "thread",
            threadStats=[
                {"id": 1, "name": "main", "state": "RUNNABLE"},
                {"id": 23, "name": "http-nio\x1b[31m", "state": "WAITING"},
                {"id": -1, "name": "VM Thread"},
            ],
        )
    ],
    "sysprop": [make_result("sysprop", props={"user.dir": "/x", "db.password": "sesame"})],
    "mbean": [make_result("mbean", mbeanNames=["java.lang:name=G1 Old Gen,type=MemoryPool"])],
    "mbean -m java.lang:type=Memory": [
        make_result(
            "mbean",
            mbeanMetadata={
                "java.lang:type=Memory": {"attributes": [{"name": "Verbose", "type": "boolean"}]}
            },
        )
    ],
    "logger": [make_result("logger", loggerInfoMap={"ROOT": {}, "com.shop\x07": {}})],
    "vmoption": [make_result("vmoption", vmOptions=[{"name": "HeapDumpPath", "value": "/d"}])],
    "options": [make_result("options", options=[{"name": "unsafe", "summary": "JDK classes"}])],
    "sysenv": [make_result("sysenv", env={"PATH": "/bin", "TOKEN": "sesame"})],
}


class Scripted:
    """A server that answers what is written down, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.whole = True

    def __call__(self, line: str) -> Answer:
        self.asked.append(line)
        return Answer(ANSWERS.get(line, []), self.whole)


class Silent:
    """A server that never answers; `let_go` ends the wait when the test is over."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let_go = threading.Event()

    def __call__(self, line: str) -> Answer:
        self.asked.append(line)
        self.let_go.wait()
        return Answer([])


class Teller:
    """Knowledge from a scripted server, and a wait for what was asked to be there."""

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        self.knowledge = Knowledge(ask, pause=lambda _: None)
        self._news = threading.Condition()
        self.knowledge.on_news = self._tell

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    def wait(self) -> None:
        """Waits until every question has its answer."""
        with self._news:
            assert self._news.wait_for(lambda: not self.knowledge.is_asking, PATIENCE_S)


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def teller(scripted: Scripted) -> Teller:
    return Teller(scripted)


@pytest.fixture
def silent() -> Iterator[Silent]:
    silent = Silent()
    yield silent
    silent.let_go.set()
