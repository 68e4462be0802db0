from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from arthas_cli.catalogue.model import load_commands
from arthas_cli.completion.suggest import Suggester
from arthas_cli.config.settings import Connection
from arthas_cli.session.ask import hear
from arthas_cli.session.server import Server
from arthas_cli.shell.prompt.completer import ShellCompleter
from arthas_cli.transport import open_transport

from .conftest import Teller

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

    from .conftest import Silent

TAB = CompleteEvent(completion_requested=True)
KEY = CompleteEvent(text_inserted=True)


def make_completer(teller: Teller) -> ShellCompleter:
    return ShellCompleter(Suggester(load_commands, {}, teller.knowledge), teller.knowledge)


def complete(completer: ShellCompleter, text: str, event: CompleteEvent = KEY) -> list[str]:
    """What the line becomes with each of the completions."""
    return [
        text[: len(text) + one.start_position] + one.text
        for one in completer.get_completions(Document(text), event)
    ]


def test_a_menu_opens_with_the_first_letter_of_a_word_and_not_before(teller: Teller) -> None:
    completer = make_completer(teller)
    assert complete(completer, "") == []
    assert complete(completer, "thread ") == []
    assert complete(completer, "ver") == ["version"]


def test_tab_completes_a_word_not_yet_begun(teller: Teller) -> None:
    assert "jad --lineNumber true" in complete(make_completer(teller), "jad --lineNumber ", TAB)


def test_only_the_word_at_the_cursor_is_replaced(teller: Teller) -> None:
    completer = make_completer(teller)
    assert complete(completer, "thread --state=BLO") == ["thread --state=BLOCKED"]
    assert complete(completer, "version ; thread --state BLO") == [
        "version ; thread --state BLOCKED"
    ]


def test_typing_goes_on_with_a_server_that_never_answers(silent: Silent) -> None:
    completer = make_completer(Teller(silent))
    line = "watch com.shop.Cart price '{params}' --before"
    for end in range(len(line)):
        complete(completer, line[: end + 1], TAB)
    assert complete(completer, "watch a.B m --bef") == ["watch a.B m --before"]
    completer.knowledge.expire()
    assert len(silent.asked) <= 1


@pytest.mark.parametrize("before", ["watch com.shop.Cart ", "watch com.shop.Cart  ", "jad a.B "])
def test_tab_puts_in_no_option_while_the_names_are_being_asked_for(
    silent: Silent, before: str
) -> None:
    completer = make_completer(Teller(silent))
    for end in range(len(before)):  # the names are asked for as the blank is typed
        complete(completer, before[: end + 1])
    for _ in range(3):
        assert complete(completer, before, TAB) == []
    complete(completer, f"{before}pr")
    assert complete(completer, before, TAB) == []


def test_tab_offers_options_where_no_names_are_asked_for(silent: Silent) -> None:
    completer = make_completer(Teller(silent))
    complete(completer, "sc com.shop.Cart")
    assert "sc com.shop.Cart --regex" in complete(completer, "sc com.shop.Cart ", TAB)


def test_names_that_do_not_come_keep_nobody_from_the_options(
    silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    completer, now = make_completer(Teller(silent)), [100.0]
    monkeypatch.setattr("arthas_cli.completion.knowledge.time.monotonic", lambda: now[0])
    text = "watch com.shop.Cart "
    assert complete(completer, text, TAB) == []
    now[0] += 5
    assert f"{text}--before" in complete(completer, text, TAB)


def test_words_of_entered_lines_come_first(teller: Teller) -> None:
    completer = make_completer(teller)
    completer.use("vmtool --action forceGc")
    completer.use("an 'open quote")
    assert complete(completer, "v")[0] == "vmtool"


def make_teller(target: Target) -> Teller:
    server = Server(open_transport(Connection(target.url), {}))
    return Teller(partial(hear, server))


def read_notes(teller: Teller, completer: ShellCompleter, text: str) -> dict[str, str]:
    """What completes the text once the server has told it, options aside."""
    complete(completer, text, TAB)
    teller.wait()
    found = completer.get_completions(Document(text), TAB)
    return {one.text: one.display_meta_text for one in found if one.text[0] != "-"}


def test_a_real_server_tells_static_fields_and_their_loaders(fixture_jvm: Target) -> None:
    teller = make_teller(fixture_jvm)
    completer = make_completer(teller)
    assert read_notes(teller, completer, "getstatic fx.Fixture ca") == {"calls": "int"}
    twice = read_notes(teller, completer, "getstatic fx.Twice c")["count"]
    assert re.fullmatch(r"int @[0-9a-f]+ @[0-9a-f]+", twice)
    first = twice.split("@")[1].strip()
    of_first = read_notes(teller, completer, f"getstatic -c {first} fx.Twice c")
    assert of_first == {"count": "int"}


def test_a_real_server_tells_records_and_recordings(arthas: Target) -> None:
    teller = make_teller(arthas)
    completer = make_completer(teller)
    records, earlier = (
        read_notes(teller, completer, text) for text in ("tt -i ", "jfr status -r ")
    )
    ask = partial(hear, Server(open_transport(Connection(arthas.url), {})))
    recordings: dict[str, str] = {}
    try:
        ask("tt -t -n 1 demo.MathGame primeFactors")
        ask("jfr start -n completed")
        for command in ("tt", "jfr"):
            completer.expire(f"{command} anything")
        recorded = read_notes(teller, completer, "tt -i ").items() - records.items()
        assert [note for _, note in recorded] == ["MathGame primeFactors"]
        recordings = dict(read_notes(teller, completer, "jfr status -r ").items() - earlier.items())
        assert list(recordings.values()) == ["completed (running)"]
    finally:
        ask("tt --delete-all")
        for number in recordings:
            ask(f"jfr stop -r {number}")


def test_a_real_server_tells_its_classes_and_the_overloads_of_methods(fixture_jvm: Target) -> None:
    teller = make_teller(fixture_jvm)
    completer = make_completer(teller)

    def complete_when_known(text: str) -> list[str]:
        complete(completer, text)
        teller.wait()
        return complete(completer, text)

    assert complete_when_known("sc fixt")[0] == "sc fx.Fixture"
    assert "sc java.util.concurrent.ConcurrentHashMap" in complete_when_known("sc ConHMap")
    assert complete_when_known("watch fx.Fixture pri") == ["watch fx.Fixture price"]
    [price] = completer.get_completions(Document("watch fx.Fixture pri"), KEY)
    assert price.display_meta_text in (
        "(int) double | (String) double",
        "(String) double | (int) double",
    )
    assert complete_when_known("thread mai") == ["thread 1"]
    assert complete_when_known("sysprop java.vm.na")[0] == "sysprop java.vm.name"
    assert complete_when_known("vmoption HeapDumpP")[0] == "vmoption HeapDumpPath"
    assert complete_when_known("options unsa") == ["options unsafe"]
    assert complete_when_known("sc --classLoaderClass AppClassL") == [
        "sc --classLoaderClass jdk.internal.loader.ClassLoaders$AppClassLoader"
    ]
    mbean = "mbean java.lang:type=Memory "
    assert complete_when_known(f"{mbean}Heap")[0] == f"{mbean}HeapMemoryUsage"
