from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from arthas_cli.catalogue.model import load_commands
from arthas_cli.catalogue.served import merge_command, read_command
from arthas_cli.completion.index import ClassIndex
from arthas_cli.completion.suggest import Suggester, Word

from .conftest import make_class, make_method, make_result

if TYPE_CHECKING:
    from arthas_cli.jsontext import Json

    from .conftest import Scripted, Teller

WORDS = {":format": Word("how results are shown", {"text": "as ever", "json": "objects"})}


def make_suggester(teller: Teller) -> Suggester:
    return Suggester(load_commands, WORDS, teller.knowledge)


def suggest(teller: Teller, text: str) -> list[str]:
    """What is suggested once everything asked for has come."""
    make_suggester(teller).suggest(text)
    teller.wait()
    return [one.text for one in make_suggester(teller).suggest(text)]


def read_notes(teller: Teller, text: str) -> dict[str, str]:
    make_suggester(teller).suggest(text)
    teller.wait()
    return {one.shown: one.note for one in make_suggester(teller).suggest(text)}


def test_commands_and_our_own_words_come_with_what_they_do(teller: Teller) -> None:
    assert read_notes(teller, "wat") == {
        "watch": "observe parameters, return value, exception of a method"
    }
    assert read_notes(teller, ":fo") == {":format": "how results are shown"}
    assert suggest(teller, ":format j") == ["json"]


def test_hidden_commands_are_not_offered(teller: Teller) -> None:
    assert "july" not in suggest(teller, "jul")


def test_options_given_are_gone_but_those_that_take_many_values(teller: Teller) -> None:
    assert "--before" in suggest(teller, "watch a.B m --b")
    assert "--before" not in suggest(teller, "watch a.B m -b --b")
    assert "--path" in suggest(teller, "trace a.B m -p x --p")


def test_options_that_exclude_one_another_are_gone_too(teller: Teller) -> None:
    assert "--include-blocking-thread" not in suggest(teller, "thread -n 3 --")
    assert "--sample-interval" in suggest(teller, "thread -n 3 --")


def test_an_option_says_its_other_name_and_what_it_takes(teller: Teller) -> None:
    assert (
        read_notes(teller, "watch a.B m --lim")["--limits"]
        == "-n  Threshold of execution times, 100 unless given"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thread --state BLO", ["BLOCKED"]),
        ("jad --lineNumber f", ["false"]),
        ("profiler sta", ["start", "status"]),
        ("watch a.B m thr", ["throwExp", "{params,returnObj,throwExp}"]),
        ("sc cart", ["com.shop.Cart", "com.shop.CartServiceImpl"]),
        ("sc csi", ["com.shop.CartServiceImpl"]),
        ("watch com.shop.Cart ", ["clear", "price"]),
        ("watch com/shop/Cart pr", ["price"]),
        ("sc -c 1", ["1f"]),
        ("sc -c shop", ["1f"]),
        ("sc --classLoaderClass sh", ["shop.Loader"]),
        ("thread 2", ["23"]),
        ("thread http", ["23"]),
        ("sysprop db", ["db.password"]),
        ("sysenv P", ["PATH"]),
        ("vmoption heap", ["HeapDumpPath"]),
        ("mbean java.lang:type=Memory v", ["Verbose"]),
        ("logger -n RO", ["ROOT"]),
        ("help wat", ["watch"]),
        ("getstatic plug.Task ", ["COUNT", "NAMES"]),
        ("getstatic -c 4e0e2f2a plug.Task ", ["COUNT"]),
        ("tt -i ", ["1000", "999"]),
        ("jfr dump -r ", ["10", "9"]),
        ("line --class plug.Task --method st", ["stop"]),
        ("line --class plug.Task -c 3d4eac69 --method ", ["run"]),
    ],
)
def test_values_are_those_of_the_kind(teller: Teller, text: str, expected: list[str]) -> None:
    found = [word for word in suggest(teller, text) if not word.startswith("-")]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "behind", "first"),
    [
        ("ognl '@plug.Task@COUNT' -c ", "", ["3d4eac69", "4e0e2f2a"]),
        ("ognl -c ", " '@plug.Task@COUNT'", ["3d4eac69", "4e0e2f2a"]),
        ("ognl -c 4", "e '@plug.Task@COUNT'", ["4e0e2f2a"]),
        ("vmtool --className plug.Task --classloader ", "", ["3d4eac69", "4e0e2f2a"]),
        ("version ; jad plug.Task -c ", "", ["3d4eac69", "4e0e2f2a"]),
        ("jad plug.Task --classLoaderClass ", "", ["plug.Loader", "shop.Loader"]),
        ("jad a.Other -c ", "", ["1f", "4e0e2f2a"]),
    ],
)
def test_the_class_loaders_that_have_the_class_of_the_line_come_first(
    teller: Teller, scripted: Scripted, text: str, behind: str, first: list[str]
) -> None:
    loaders: list[Json] = [
        {"name": f"{name}@{code}", "hash": code, "loadedCount": 3}
        for name, code in (("shop.Loader", "1f"), ("plug.Loader", "4e0e2f2a"))
    ]
    scripted.answers["classloader -l"] = [make_result("classloader", classLoaders=loaders)]
    scripted.answers["sc -d plug.Task"] = [
        make_class("plug.Task", "3d4eac69"),
        make_class("plug.Task", "4e0e2f2a"),
        make_class("plug.Heir", "1f"),
    ]
    suggester = make_suggester(teller)
    suggester.suggest(text, behind)
    teller.wait()
    assert [one.text for one in suggester.suggest(text, behind)][: len(first)] == first


def test_a_class_loader_says_how_many_classes_it_has(teller: Teller, scripted: Scripted) -> None:
    loaders: list[Json] = [
        {"name": f"{name}@{code}", "hash": code, "loadedCount": number}
        for name, code, number in (("shop.Loader", "1f", 1), ("plug.Loader", "2e", 2000))
    ]
    scripted.answers["classloader -l"] = [make_result("classloader", classLoaders=loaders)]
    assert read_notes(teller, "jad -c ") == {
        "1f": "shop.Loader, 1 class",
        "2e": "plug.Loader, 2,000 classes",
    }


def test_a_method_shows_the_parameters_of_each_overload(teller: Teller) -> None:
    assert read_notes(teller, "watch com.shop.Cart p") == {
        "price": "(int) double | (String) double"
    }


def test_a_method_of_a_class_that_several_loaders_have_says_by_which(teller: Teller) -> None:
    assert read_notes(teller, "watch plug.Task r") == {
        "run": "(int) double @3d4eac69 @4e0e2f2a | (long) double @3d4eac69"
    }
    assert read_notes(teller, "watch plug.Task s") == {"stop": "() double @4e0e2f2a"}


@pytest.mark.parametrize("option", ["-c 4e0e2f2a", "--classloader=4e0e2f2a"])
def test_with_a_loader_only_what_its_class_has_is_offered(teller: Teller, option: str) -> None:
    notes = read_notes(teller, f"watch {option} plug.Task s")
    assert notes == {"stop": "() double"}
    assert read_notes(teller, f"watch {option} plug.Task r") == {"run": "(int) double"}
    assert suggest(teller, f"watch {option}0 plug.Task r") == []


def test_the_cycle_of_monitor_is_no_loader(teller: Teller) -> None:
    assert suggest(teller, "monitor -c 5 plug.Task r") == ["run"]


def test_of_many_loaders_two_are_named(teller: Teller) -> None:
    teller.knowledge.is_on = False
    for number in range(5):
        teller.knowledge.learn(make_method("a.B", "go", loader=f"{number}f"))
    assert read_notes(teller, "sm a.B g") == {"go": "() double @0f @1f +3"}


def test_a_static_field_shows_its_type(teller: Teller) -> None:
    assert read_notes(teller, "getstatic -c 3d4eac69 plug.Task NA") == {"NAMES": "final List"}


def test_a_record_shows_what_was_called_and_a_recording_its_name(teller: Teller) -> None:
    assert read_notes(teller, "tt -i ") == {"1000": "Cart clear", "999": "Cart price"}
    assert read_notes(teller, "jfr stop -r ") == {
        "10": "b duration=PT1M (stopped)",
        "9": "My rec (running)",
    }


def test_what_a_user_watched_of_records_is_not_kept_beside_them(teller: Teller) -> None:
    teller.knowledge.is_on = False
    teller.knowledge.learn(make_result("tt", watchResults={"1000": "@String[sesame]"}))
    assert read_notes(teller, "tt -i ") == {"1000": ""}


def test_fields_are_asked_for_at_a_wish_alone(teller: Teller, scripted: Scripted) -> None:
    suggester = make_suggester(teller)
    suggester.suggest("getstatic plug.Task N", on_request=False)
    assert not teller.knowledge.waiting
    suggester.suggest("getstatic plug.Task N")
    teller.wait()
    assert scripted.asked == ["sc -d -f plug.Task"]


def test_secrets_of_the_target_are_not_kept(teller: Teller) -> None:
    assert "sesame" not in str(read_notes(teller, "sysprop "))
    assert "sesame" not in str(read_notes(teller, "sysenv "))


def test_a_value_with_a_blank_is_quoted_and_one_with_a_dollar_is_not(teller: Teller) -> None:
    assert suggest(teller, "mbean java") == ["'java.lang:name=G1 Old Gen,type=MemoryPool'"]
    assert suggest(teller, "sc line") == ["com.shop.Bill$Line"]


def test_a_dollar_is_escaped_in_a_regular_expression(teller: Teller) -> None:
    assert suggest(teller, "sc -E line") == [r"'com.shop.Bill\$Line'"]


def test_a_quote_that_is_open_is_replaced_with_the_word(teller: Teller) -> None:
    make_suggester(teller).suggest("mbean ")
    teller.wait()
    [found] = make_suggester(teller).suggest("mbean 'java.lang:name=G1 O")
    assert (found.text, found.start) == ("'java.lang:name=G1 Old Gen,type=MemoryPool'", 6)


def test_hostile_names_are_shown_with_marks_and_never_inserted(teller: Teller) -> None:
    notes = read_notes(teller, "thread ")
    assert notes["23"] == "http-nio␛[31m, WAITING"
    assert suggest(teller, "logger -n com") == []


def test_arthas_own_classes_are_not_offered(teller: Teller) -> None:
    assert suggest(teller, "sc Hidden") == []


def test_a_pattern_gets_no_suggestions(teller: Teller) -> None:
    assert suggest(teller, "sc com.shop.C*") == []


def test_names_in_results_are_learned(teller: Teller) -> None:
    teller.knowledge.is_on = False
    teller.knowledge.learn(make_result("sc", classNames=["net.seen.Thing"]))
    teller.knowledge.learn(make_method("net.seen.Thing", "go"))
    teller.knowledge.learn(
        make_result("tt", timeFragmentList=[{"index": 1007, "className": "a.B", "methodName": "m"}])
    )
    assert suggest(teller, "sc thing") == ["net.seen.Thing"]
    assert suggest(teller, "sm net.seen.Thing g") == ["go"]
    assert read_notes(teller, "tt -i ") == {"1007": "B m"}


def test_what_was_used_most_comes_first(teller: Teller) -> None:
    teller.knowledge.used.update(["vmtool", "vmtool"])
    assert suggest(teller, "v")[0] == "vmtool"


def test_only_so_many_are_suggested(teller: Teller) -> None:
    teller.knowledge.index = ClassIndex(f"a.Name{number}" for number in range(1000))
    teller.knowledge.is_on = False
    assert len(suggest(teller, "sc name")) == 50


HELP = Path(__file__).parents[1] / "data" / "help"


@pytest.mark.parametrize("version", ["3.4.6", "3.7.2", "4.1.5"])
def test_every_command_and_option_of_a_server_completes(teller: Teller, version: str) -> None:
    served = json.loads((HELP / f"{version}.json").read_text("utf-8"))
    commands = {}
    for name, detail in served.items():
        command = read_command(detail)
        assert command is not None
        commands[name] = merge_command(load_commands().get(name), command)
    suggester = Suggester(lambda: commands, WORDS, teller.knowledge)
    for name, command in commands.items():
        if not command.is_hidden:
            assert name in [one.text for one in suggester.suggest(name[:-1])]
        for option in command.options:
            shown = {one.text for one in suggester.suggest(f"{name} -")}
            shown |= {one.text for one in suggester.suggest(f"{name} --")}
            assert {option.long, option.short} & shown, (name, option)


def test_programs_complete_behind_a_pipe_and_files_of_this_machine_behind_them(
    teller: Teller, tmp_path: Path
) -> None:
    (tmp_path / "out put").touch()
    assert suggest(teller, "thread | js")[0] == "json"
    assert "json" not in suggest(teller, ":format | js") + suggest(teller, "thread | jq . | js")
    assert read_notes(teller, ":info | gre") == {"grep": "lines that match"}
    assert suggest(teller, "history | nosuchprogram") == []
    for line in ("thread > ", ":json >> ", "history | tee -a "):
        assert suggest(teller, f"{line}{tmp_path}/o") == [f"'{tmp_path}/out put'"]


def test_files_complete_where_the_server_is_on_this_machine(teller: Teller, tmp_path: Path) -> None:
    (tmp_path / "A.class").touch()
    (tmp_path / "Apart").mkdir()
    (tmp_path / ".Ahidden").touch()
    here = Suggester(load_commands, WORDS, teller.knowledge, has_files=True)
    line = f"redefine {tmp_path}/"
    assert [one.text for one in here.suggest(line + "A")] == [
        f"{tmp_path}/A.class",
        f"{tmp_path}/Apart/",
    ]
    assert [one.text for one in here.suggest(line + ".")] == [f"{tmp_path}/.Ahidden"]
    assert here.suggest(f"redefine {tmp_path}/nosuch/") == []
    assert make_suggester(teller).suggest(line + "A") == []
