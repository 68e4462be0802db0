"""Answers of a server, written down, and a server that gives them or none at all."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from support.waiting import PATIENCE_S

from arthas_cli.completion.facts import LIST_RECORDS
from arthas_cli.completion.knowledge import Knowledge
from arthas_cli.protocol import Result
from arthas_cli.session.ask import Answer
from arthas_cli.session.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.jsontext import Json


def make_result(kind: str, **data: Json) -> Result:
    return Result(kind, 1, {"type": kind, "jobId": 1, **data}, "")


def make_method(owner: str, name: str, *parameters: str, loader: str = "null") -> Result:
    method: dict[str, Json] = {
        "classLoaderHash": loader,
        "declaringClass": owner,
        "methodName": name,
        "parameters": list(parameters),
        "returnType": "double",
    }
    return make_result("sm", detail=True, methodInfo=method)


def make_class(name: str, loader: str, *fields: tuple[str, str, str]) -> Result:
    """Makes the details of a class, of each field its modifiers, type and name."""
    listed: list[Json] = [
        {"modifier": modifier, "static": "static" in modifier, "type": kind, "name": field}
        for modifier, kind, field in fields
    ]
    about: dict[str, Json] = {"name": name, "classLoaderHash": loader, "fields": listed}
    return make_result("sc", detailed=True, withField=True, classInfo=about)


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
    "sm -d plug.Task": [
        make_method("plug.Task", "run", "int", loader="3d4eac69"),
        make_method("plug.Task", "run", "long", loader="3d4eac69"),
        make_method("plug.Task", "run", "int", loader="4e0e2f2a"),
        make_method("plug.Task", "stop", loader="4e0e2f2a"),
    ],
    "sc -d -f plug.Task": [
        make_class(
            "plug.Task",
            "3d4eac69",
            ("public,static", "int", "COUNT"),
            ("final,private,static", "java.util.List", "NAMES"),
            ("private", "java.lang.String", "own"),
        ),
        make_class("plug.Task", "4e0e2f2a", ("public,static", "int", "COUNT")),
    ],
    LIST_RECORDS: [
        make_result(
            "tt",
            watchResults={"999": "@String[#com.shop.Cart#price]", "1000": "#com.shop.Cart#clear"},
        )
    ],
    "jfr status": [
        make_result(
            "jfr",
            jfrOutput="Recording: recording=9 name=My rec (running)\n"
            "Recording: recording=10 name=b duration=PT1M (stopped)\n",
        )
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
        self.answers = dict(ANSWERS)

    def __call__(self, line: str) -> Answer:
        self.asked.append(line)
        return Answer(self.answers.get(line, []), Outcome(status=0 if self.whole else None))


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
        self.version: tuple[int, ...] = (4, 1, 5)
        self.knowledge = Knowledge(ask, pause=lambda _: None, find_version=lambda: self.version)
        self._news = threading.Condition()
        self.knowledge.on_news = self._tell

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    def wait(self) -> None:
        """Waits until every question has its answer."""
        with self._news:
            assert self._news.wait_for(lambda: not self.knowledge.waiting, PATIENCE_S)


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
