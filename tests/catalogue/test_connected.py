"""The catalogue of a connected server: what it knows at each moment, without ever a wait."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from support.record_help import load_help
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.catalogue.connected import ServerCatalogue
from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.store import HelpStore
from arthas_cli.errors import ArthasShellError, ServerError, TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

HELP = load_help("4.1.5")
HELLO: dict[str, Any] = {"name": "hello", "summary": "Say hello", "options": [{"longName": "loud"}]}


class Help:
    """A server's help. `gate`: it answers while this is open; `asked`: which names, in order."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.details = details
        self.asked: list[str] = []
        self.fault: ArthasShellError | None = None
        self.gate = threading.Event()
        self.gate.set()

    def ask(self, name: str) -> Any:  # noqa: ANN401 - JSON of any shape
        self.asked.append(name)
        self.gate.wait(PATIENCE_S)
        if self.fault:
            raise self.fault
        if name:
            return {"detailCommand": self.details[name]}
        rows = self.details.values()
        return {"commands": [{"name": d["name"], "summary": d.get("summary")} for d in rows]}

    def wait_for(self, condition: Callable[[], object]) -> None:
        wait_for(condition, lambda: self.asked)


@pytest.fixture
def server() -> Iterator[Help]:
    helping = Help({**HELP, "hello": HELLO})
    yield helping
    helping.gate.set()


@pytest.fixture
def catalogue(server: Help) -> Iterator[ServerCatalogue]:
    catalogue = ServerCatalogue(server.ask)
    yield catalogue
    catalogue.close()


def test_before_anything_is_said_it_is_what_every_arthas_has(catalogue: ServerCatalogue) -> None:
    assert catalogue.commands() is load_commands()
    assert catalogue.version == ()


def test_a_server_that_never_answers_holds_nobody_up(
    server: Help, catalogue: ServerCatalogue
) -> None:
    server.gate.clear()
    catalogue.connect("3.6.4")
    catalogue.want("watch")
    commands = catalogue.commands()
    assert "line" not in commands
    assert "--timeout" not in [option.long for option in commands["watch"].options]
    assert catalogue.version == (3, 6, 4)


def test_the_commands_are_those_that_the_server_lists(
    server: Help, catalogue: ServerCatalogue
) -> None:
    server.details = {name: detail for name, detail in server.details.items() if name != "ognl"}
    catalogue.connect("4.1.5")
    server.wait_for(lambda: "hello" in catalogue.commands())
    commands = catalogue.commands()
    assert {"ognl", "line"}.isdisjoint(commands)
    assert {"watch", "july"} <= commands.keys()


def test_a_command_that_we_never_heard_of_is_asked_for_at_once(
    server: Help, catalogue: ServerCatalogue
) -> None:
    catalogue.connect("4.1.5")
    server.wait_for(
        lambda: "hello" in catalogue.commands() and catalogue.commands()["hello"].options
    )
    assert [o.long for o in catalogue.commands()["hello"].options] == ["--loud"]
    assert server.asked == ["", "hello"]


def test_what_is_known_of_such_a_command_until_then_is_its_name(
    server: Help, catalogue: ServerCatalogue
) -> None:
    server.details = {"hello": {**HELLO, "name": "hello"}}
    catalogue.connect("4.1.5")
    server.wait_for(lambda: "hello" in catalogue.commands())
    assert catalogue.commands()["hello"].summary == "Say hello"


def test_the_details_of_a_command_are_asked_for_when_they_are_wanted_and_once(
    server: Help, catalogue: ServerCatalogue
) -> None:
    newer = {"longName": "newer", "shortName": "N", "acceptValue": True, "description": "New"}
    watch = HELP["watch"]
    server.details = {"watch": {**watch, "options": [*watch["options"], newer]}}
    catalogue.connect("4.9.0")
    server.wait_for(lambda: "sc" not in catalogue.commands())
    for _ in range(3):
        catalogue.want("watch")
    catalogue.want("nosuch")
    server.wait_for(lambda: catalogue.commands()["watch"].options[-1].long == "--newer")
    assert server.asked == ["", "watch"]


def test_what_could_not_be_asked_is_asked_again_when_it_is_wanted(
    server: Help, catalogue: ServerCatalogue
) -> None:
    server.fault = TimedOut("no answer")
    catalogue.connect("4.1.5")
    server.wait_for(lambda: server.asked)
    server.fault = None

    def want() -> bool:
        catalogue.want("watch")
        return "hello" in catalogue.commands()

    server.wait_for(want)


def test_what_the_server_could_not_write_is_not_asked_again(
    server: Help, catalogue: ServerCatalogue
) -> None:
    server.fault = ServerError("HTTP 500")
    catalogue.connect("3.6.4")
    server.wait_for(lambda: server.asked and catalogue.is_settled)
    catalogue.want("watch")
    server.wait_for(lambda: catalogue.is_settled)
    assert server.asked == [""]


def test_a_server_of_another_version_is_learnt_anew(
    server: Help, catalogue: ServerCatalogue
) -> None:
    catalogue.connect("4.1.5")
    server.wait_for(lambda: "hello" in catalogue.commands())
    server.details = {"watch": HELP["watch"]}
    catalogue.connect("3.6.4")
    server.wait_for(lambda: "sc" not in catalogue.commands())
    assert "hello" not in catalogue.commands()


def test_a_server_of_the_same_version_is_not_asked_again(
    server: Help, catalogue: ServerCatalogue
) -> None:
    for _ in range(3):
        catalogue.connect("4.1.5")
    server.wait_for(lambda: "hello" in server.asked)
    assert server.asked.count("") == 1


def test_what_was_said_is_kept_for_the_next_run(server: Help, tmp_path: Path) -> None:
    store = HelpStore(tmp_path / "help")
    first = ServerCatalogue(server.ask, store)
    first.connect("4.1.5")
    server.wait_for(lambda: "hello" in first.commands())
    first.want("watch")
    server.wait_for(lambda: "watch" in store.load("4.1.5"))
    first.close()
    server.asked.clear()
    second = ServerCatalogue(server.ask, store)
    second.connect("4.1.5")
    server.wait_for(lambda: "hello" in second.commands())
    second.want("watch")
    second.want("sc")
    server.wait_for(lambda: "sc" in server.asked)
    second.close()
    assert "watch" not in server.asked


def test_a_kept_help_that_is_broken_is_as_good_as_none(tmp_path: Path) -> None:
    store = HelpStore(tmp_path)
    store.save("4.1.5", {"watch": HELP["watch"], "hello": HELLO})
    assert list(store.load("4.1.5")) == ["watch"]
    (tmp_path / "help-4.1.5.json").write_text("{", encoding="utf-8")
    assert store.load("4.1.5") == {}


@pytest.mark.parametrize("version", ["", "4.1.5-SNAPSHOT", "../../etc", "x"])
def test_of_what_is_no_release_nothing_is_kept(tmp_path: Path, version: str) -> None:
    store = HelpStore(tmp_path / "help")
    store.save(version, {"watch": HELP["watch"]})
    assert store.load(version) == {}
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "help").write_text("a file", encoding="utf-8")
    store = HelpStore(tmp_path / "help")
    store.save("4.1.5", {"watch": HELP["watch"]})
    assert store.load("4.1.5") == {}
