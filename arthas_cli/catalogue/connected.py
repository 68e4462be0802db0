"""The commands of the server that one is connected to, fetched behind the scenes.

Whoever completes or checks a line takes what is known at the moment and never waits.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.served import merge_command, read_command, read_names
from arthas_cli.catalogue.versions import parse_version, restrict
from arthas_cli.errors import ArthasShellError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.catalogue.model import Command
    from arthas_cli.catalogue.store import HelpStore
    from arthas_cli.catalogue.versions import Version
    from arthas_cli.jsontext import Json

_LIST = ""


@dataclass
class _Said:
    """What one server has said: the commands it lists with their summaries, details by name."""

    version: str = ""
    names: Mapping[str, str] | None = None
    details: dict[str, Json] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)


class ServerCatalogue:
    """The commands of one server after the other, safe to use from any thread.

    `ask` returns what `help NAME` says, `help` for an empty name; it may take its time and raise
    ArthasShellError. `tell` is called, from another thread, when more is known.

    Threads: any asks; one of its own takes the answers, and alone fills in what the server has
    said. `_lock` guards `_said`, `_commands`, `_open_questions`, `_thread` and `wanted` in what was
    said; each is replaced as a whole, so who only reads takes no lock.
    """

    def __init__(
        self,
        ask: Callable[[str], Mapping[str, Json]],
        store: HelpStore | None = None,
        tell: Callable[[], None] = lambda: None,
    ) -> None:
        self._ask = ask
        self._store = store
        self._tell = tell
        self._said = _Said()
        self._commands: Mapping[str, Command] = load_commands()
        self._lock = threading.Lock()
        self._questions: queue.SimpleQueue[tuple[_Said, str] | None] = queue.SimpleQueue()
        self._open_questions = 0
        self._thread: threading.Thread | None = None

    @property
    def version(self) -> Version:
        """The version of the server, empty where it is not known."""
        return parse_version(self._said.version)

    def commands(self) -> Mapping[str, Command]:
        """Return the commands by name, as far as they are known by now."""
        return self._commands

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being asked at the moment."""
        return self._open_questions == 0

    def connect(self, version: str) -> None:
        """Begin to learn the commands of a server, unless it is of the same version as before."""
        with self._lock:
            if self._thread is not None and self._said.version == version:
                return
            self._said = said = _Said(version)
            self._commands = _combine(said)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="catalogue", daemon=True)
                self._thread.start()
        self._want(said, _LIST)

    def want(self, name: str) -> None:
        """Fetch the details of a command if the server lists it and they are not known."""
        said = self._said
        if said.names is None:
            self._want(said, _LIST)
        elif name in said.names and name not in said.details:
            self._want(said, name)

    def close(self) -> None:
        """Ask nothing any more; do not wait for an answer that is under way."""
        self._questions.put(None)

    def _want(self, said: _Said, name: str) -> None:
        with self._lock:
            if name in said.wanted or self._thread is None:
                return
            said.wanted.add(name)
            self._open_questions += 1
        self._questions.put((said, name))

    def _work(self) -> None:
        while question := self._questions.get():
            said, name = question
            try:
                if said is self._said:
                    self._learn(said, name, self._ask(name))
            except ServerError:
                pass  # eight of them leave Arthas 3.x dead: it is not asked again
            except ArthasShellError:
                with self._lock:
                    said.wanted.discard(name)
            finally:
                with self._lock:
                    self._open_questions -= 1

    def _learn(self, said: _Said, name: str, answer: Mapping[str, Json]) -> None:
        if name == _LIST:
            said.names = read_names(answer)
            kept = self._store.load(said.version) if self._store else {}
            said.details = {known: kept[known] for known in said.names if known in kept}
        else:
            said.details[name] = answer.get("detailCommand")
            if self._store:
                self._store.save(said.version, said.details)
        commands = _combine(said)
        with self._lock:
            if said is not self._said:
                return
            self._commands = commands
        for strange in () if name else commands.keys() - load_commands().keys():
            self.want(strange)
        self._tell()


def _combine(said: _Said) -> Mapping[str, Command]:
    """Return the commands that this server has; what it does not list is not there.

    A command of which no more than the name is known may take any words.
    """
    ours = restrict(load_commands(), parse_version(said.version))
    if said.names is None:
        return MappingProxyType(ours)
    found = {name: command for name, command in ours.items() if command.is_hidden}
    for name, summary in said.names.items():
        known = load_commands().get(name)
        served = read_command(said.details.get(name))
        if served is not None and served.name == name:
            found[name] = merge_command(known, served)
        elif name in ours:
            found[name] = ours[name]
        elif stub := read_command({"name": name, "summary": summary}):
            found[name] = merge_command(None, stub)
    return MappingProxyType(found)
