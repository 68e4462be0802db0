"""What follows from facts: no server, no terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.table import each_row

from arthas_cli.catalogue.model import load_commands
from arthas_cli.line.parse import parse_line
from arthas_cli.shell.commands.why import format_findings
from arthas_cli.why.facts import ClassFact, Facts, MethodFact, Target, find_target
from arthas_cli.why.rules import diagnose

SHOP = ClassFact("a.Shop", "1f", "app@1f", super_classes=("a.Base", "java.lang.Object"))
API = ClassFact("a.Api", "1f", "app@1f", is_interface=True)
SELL = MethodFact("a.Shop", "sell", "1f", "public", ("int",))
QUIET = (
    "nothing looks wrong; most likely the method is not being called (calls already in progress"
    " do not count)"
)
CONDITION = "only calls for which 'params[0]>5' is true count; an error in it"
NEVER = "which is never true: Arthas takes true alone; without it:"
DEFAULTS = (("unsafe", "false"), ("support-default-method", "true"))


def read_target(line: str) -> Target:
    target = find_target(parse_line(line, load_commands()))
    assert target is not None
    return target


def make_facts(line: str, *classes: ClassFact, methods: tuple[MethodFact, ...] = ()) -> Facts:
    names = tuple(fact.name for fact in classes)
    return Facts(read_target(line), names, classes, methods, options=DEFAULTS, version=(4, 1, 5))


def explain(facts: Facts) -> list[str]:
    return list(format_findings(diagnose(facts)))


def with_option(facts: Facts, name: str, value: str) -> Facts:
    return replace(facts, options=tuple({**dict(facts.options), name: value}.items()))


def test_a_class_that_is_not_loaded_is_told_with_those_of_similar_names_and_how_to_wait() -> None:
    facts = replace(make_facts("watch a.Shpo sell -n 5"), near=("a.Shop", "b.Shop$1"))
    assert explain(facts) == [
        "no loaded class matches 'a.Shpo'",
        "similar names that are loaded:",
        "    watch a.Shop sell -n 5",
        "    watch b.Shop$1 sell -n 5",
        "a class is loaded when it is used for the first time; -L waits for that:",
        "    watch -L a.Shpo sell -n 5",
    ]


def test_an_older_server_is_not_offered_what_it_lacks() -> None:
    facts = replace(make_facts("watch a.Shpo sell"), version=(3, 7, 2))
    assert explain(facts)[1] == (
        "a class is loaded when it is used for the first time; Arthas waits for that from 4.1.3 on,"
        " with -L"
    )


def test_who_waits_already_is_not_told_to_wait() -> None:
    assert "it has not happened yet" in explain(make_facts("watch -L a.Shpo sell"))[1]


def test_more_classes_than_arthas_takes_are_counted_without_those_it_leaves_out() -> None:
    own = [replace(SHOP, name=f"a.Shop{n}") for n in range(3)]
    jvm = [ClassFact(f"java.Shop{n}", "null") for n in range(5)]
    facts = make_facts("watch *Shop* sell -m 2", *own, *jvm)
    assert explain(facts)[0].startswith(
        "3 classes of the program, with subclasses, fit '*Shop*'; Arthas enhances none where more"
        " than 2 are left"
    )
    methods = tuple(replace(SELL, class_name=fact.name) for fact in own)
    fewer = make_facts("watch *Shop* sell -m 3", *own, *jvm, methods=methods)
    assert explain(fewer)[0].startswith("these can be enhanced: a.Shop0.sell(int)")


def test_a_server_from_before_the_limit_has_none() -> None:
    facts = replace(make_facts("watch * sell"), matched=tuple(f"a.A{n}" for n in range(500)))
    assert explain(replace(facts, version=(3, 6, 7)))[0] == "500 classes fit"


def test_where_too_many_fit_to_look_at_that_is_told() -> None:
    facts = replace(make_facts("watch * sell"), matched=tuple(f"a.A{n}" for n in range(500)))
    assert explain(facts)[0].startswith("500 classes, with subclasses, fit '*'; Arthas enhances")


@each_row(
    ("fact", "why"),
    [
        (ClassFact("java.util.ArrayList", "null"), "a class of the JVM itself"),
        (ClassFact("a.Kind[]", "1f", "app@1f", is_array=True), "an array or class that Arthas"),
        (ClassFact("java.lang.Integer", "null"), "an array or class that Arthas never enhances"),
        (ClassFact("a.B$$Lambda$7/0x1", "1f", "app@1f"), "made for a lambda"),
        (ClassFact("a.B$$Lambda/0x1", "1f", "app@1f"), "made for a lambda"),
        (
            ClassFact("x.Core", "2e", "com.taobao.arthas.agent.ArthasClassloader@2e"),
            "part of Arthas",
        ),
    ],
)
def test_a_class_that_arthas_leaves_out_is_told_with_the_reason(fact: ClassFact, why: str) -> None:
    methods = (replace(SELL, class_name=fact.name),)
    facts = make_facts("watch * sell", fact, methods=methods)
    assert explain(facts)[0].startswith(f"{fact.name}: {why}")


def test_an_enum_is_left_out_by_old_servers_alone() -> None:
    kind = ClassFact("a.Kind", "1f", "app@1f", is_enum=True)
    facts = make_facts("watch a.Kind sell", kind, methods=(replace(SELL, class_name="a.Kind"),))
    old = replace(facts, version=(3, 5, 5))
    assert explain(old) == ["a.Kind: an enum, which this version of Arthas leaves out"]
    assert explain(facts)[0] == "these can be enhanced: a.Kind.sell(int)"


def test_for_a_class_of_the_jvm_the_switch_is_named_and_what_it_risks() -> None:
    methods = (MethodFact("java.util.ArrayList", "add"),)
    found = ClassFact("java.util.ArrayList", "null")
    facts = make_facts("watch java.util.ArrayList add", found, methods=methods)
    what, *commands = explain(facts)
    assert "that is dangerous" in what
    assert commands == ["    options unsafe true", "    watch java.util.ArrayList add"]
    added = MethodFact("java.util.ArrayList", "add")
    on = with_option(replace(facts, methods=(added,)), "unsafe", "true")
    assert explain(on)[0] == "these can be enhanced: java.util.ArrayList.add()"


def test_of_a_lambda_the_class_around_it_is_named() -> None:
    facts = make_facts("watch *Lambda* sell", ClassFact("a.B$$Lambda$7/0x1", "1f", "app@1f"))
    assert explain(facts)[1:] == ["    sm a.B 'lambda$*'"]


@pytest.mark.parametrize(
    ("switch", "why"),
    [
        ("false", "a.Api: the method is abstract, and no class that implements it is loaded"),
        (
            "true",
            "a.Api: the method is abstract, and 'options disable-sub-class' is on",
        ),
    ],
)
def test_of_an_interface_the_classes_that_implement_it_are_missed(switch: str, why: str) -> None:
    method = MethodFact("a.Api", "sell", "1f", "abstract,public")
    facts = make_facts("watch a.Api sell", API, methods=(method,))
    assert explain(with_option(facts, "disable-sub-class", switch))[0].startswith(why)


def test_where_default_methods_are_switched_off_an_interface_is_left_out() -> None:
    facts = with_option(make_facts("watch a.Api sell", API), "support-default-method", "false")
    assert explain(facts)[0].startswith("a.Api: an interface whose methods have no code")
    off = with_option(facts, "disable-sub-class", "true")
    assert explain(off)[1] == "    options disable-sub-class false"


def test_a_native_method_has_nothing_to_change() -> None:
    method = MethodFact("java.lang.Thread", "start0", "null", "native,private")
    facts = make_facts(
        "watch java.lang.Thread start0", ClassFact("java.lang.Thread", "null"), methods=(method,)
    )
    [said] = explain(facts)
    assert said.startswith("java.lang.Thread.start0(): native, so there is no bytecode to change")


def test_a_method_only_in_a_class_that_is_left_out_is_explained_by_that_class() -> None:
    thread, worker = ClassFact("java.lang.Thread", "null"), ClassFact("a.Worker", "1f", "app@1f")
    method = MethodFact("java.lang.Thread", "start", "null", "public")
    facts = make_facts("watch java.lang.Thread start", thread, worker, methods=(method,))
    assert explain(facts)[0].startswith("java.lang.Thread: a class of the JVM itself")


@each_row(
    ("method", "said"),
    [
        ("slel", ["methods with a similar name:", "    watch a.Shop sell"]),
        ("Shop", ["a constructor is called <init>:", "    watch a.Shop <init>"]),
        ("'sell(int)'", ["a method is named without its parameters:", "    watch a.Shop sell"]),
        ("<clinit>", ["a static initialiser runs once and is never enhanced"]),
        ("toString", ["'toString' is inherited from java.lang.Object, a class of the JVM itself"]),
        ("zzz", ["its methods:", "    sm a.Shop"]),
    ],
)
def test_a_method_that_the_class_lacks_is_looked_for_by_another_name(
    method: str, said: list[str]
) -> None:
    facts = replace(make_facts(f"watch a.Shop {method}", SHOP), other_methods=("buy", "sell"))
    lines = explain(facts)
    assert lines[0].startswith("no method matches '")
    assert lines[1 : 1 + len(said)] == said


def test_a_method_that_is_inherited_is_found_where_it_is_declared() -> None:
    inherited = (MethodFact("a.Base", "rent"),)
    facts = replace(make_facts("watch a.Shop rent", SHOP), inherited=inherited)
    assert explain(facts)[1:3] == [
        "it is inherited; the class that declares it has it:",
        "    watch a.Base rent",
    ]


def test_a_loader_that_has_not_loaded_the_class_is_told_with_those_that_have() -> None:
    line = "watch a.Shop sell -c 77 -n 1"
    assert explain(make_facts(line, SHOP, methods=(SELL,))) == [
        "'77' has not loaded the class, but app@1f:",
        "    watch a.Shop sell -c 1f -n 1",
    ]


@each_row("option", ["-m 7", "-m=7", "-m7", "--maxMatch 7", "--maxMatch=7", "--max 7"])
def test_the_value_of_an_option_is_found_however_it_is_written(option: str) -> None:
    target = read_target(f"watch {option} a.Shop sell")
    token = target.find_value_token("--maxMatch")
    assert token is not None
    assert (target.most_matches, target.replace(token, "9")) == (
        7,
        f"watch {option.replace('7', '9')} a.Shop sell",
    )


def test_of_joined_flags_none_is_taken_away() -> None:
    facts = make_facts("watch a.Shop sell -ev", SHOP, methods=(SELL,))
    assert explain(facts)[:2] == [
        "only calls that end with an exception count (-e):",
        "these can be enhanced: a.Shop.sell(int)",
    ]


def test_an_error_in_a_condition_is_silent_in_a_monitor_alone() -> None:
    facts = make_facts("monitor a.Shop sell 'params[0]>5'", SHOP, methods=(SELL,))
    assert explain(facts)[:2] == [
        f"{CONDITION} counts as false; without it:",
        "    monitor a.Shop sell",
    ]


def test_a_condition_that_can_be_no_boolean_is_named() -> None:
    line = "watch a.Shop sell params 'params[0].{? #this > 1}'"
    assert explain(make_facts(line, SHOP, methods=(SELL,))) == [
        f"'params[0].{{? #this > 1}}' is a list, {NEVER}",
        "    watch a.Shop sell params",
    ]


def test_what_a_class_of_the_jvm_lacks_no_option_brings() -> None:
    found = ClassFact("java.util.ArrayList", "null")
    facts = make_facts("watch java.util.ArrayList addd", found)
    assert explain(replace(facts, other_methods=("add", "size"))) == [
        "no method matches 'addd': java.util.ArrayList",
        "methods with a similar name:",
        "    watch java.util.ArrayList add",
    ]


def test_where_all_is_in_order_what_narrows_the_line_is_named() -> None:
    line = "watch a.Shop sell '{params}' 'params[0]>5' -e"
    condition, *rest = explain(make_facts(line, SHOP, methods=(SELL,)))
    assert condition == f"{CONDITION} ends the command; without it:"
    assert rest == [
        "    watch a.Shop sell '{params}' -e",
        "only calls that end with an exception count (-e):",
        "    watch a.Shop sell '{params}' 'params[0]>5'",
        "these can be enhanced: a.Shop.sell(int)",
    ]


def test_nobody_s_calling_is_blamed_where_nothing_in_the_line_bars_a_call() -> None:
    in_order = ["these can be enhanced: a.Shop.sell(int)", QUIET]
    for line in ("watch a.Shop sell", "watch a.Shop sell -b -e", "watch a.Shop sell -e -s"):
        assert explain(make_facts(line, SHOP, methods=(SELL,))) == in_order


def test_a_class_that_the_line_leaves_out_is_told() -> None:
    line = "watch a.* sell --exclude-class-pattern a.Sh*"
    assert explain(make_facts(line, SHOP, methods=(SELL,))) == [
        "a.Shop: left out by --exclude-class-pattern 'a.Sh*'"
    ]


def test_only_what_arthas_does_not_leave_out_can_be_enhanced() -> None:
    own = ClassFact("com.taobao.arthas.Shop", "9", "com.taobao.arthas.agent.ArthasClassloader@9")
    jvm = ClassFact("java.Shop", "null")
    methods = tuple(replace(SELL, class_name=fact.name) for fact in (own, jvm, SHOP))
    facts = make_facts("watch *Shop sell", own, jvm, SHOP, methods=methods)
    assert explain(facts) == ["these can be enhanced: a.Shop.sell(int)", QUIET]


def test_several_loaders_and_what_stands_before_the_class_are_named() -> None:
    twin = replace(SHOP, loader="2e", loader_name="web@2e")
    proxy = ClassFact("a.Shop$$SpringCGLIB$$0", "1f", "app@1f")
    *found, last = explain(make_facts("monitor a.Shop sell", SHOP, twin, proxy, methods=(SELL,)))
    assert found == [
        "2 class loaders have loaded a.Shop: app@1f, web@2e; each of them is enhanced",
        "a.Shop$$SpringCGLIB$$0 may stand before it and answer calls itself",
        "these can be enhanced: a.Shop.sell(int)",
    ]
    assert last.endswith("; monitor shows nothing for an interval without calls")
    assert explain(make_facts("watch a.Shop sell -c 2e", SHOP, twin, methods=(SELL,)))[0] == (
        "2 class loaders have loaded a.Shop: app@1f, web@2e; only that of web@2e is enhanced (-c)"
    )


@each_row(
    ("line", "parts"),
    [
        ("watch a.B c returnObj x>1", ("a.B", "c", "x>1")),
        ("trace a.B c '#cost>1'", ("a.B", "c", "#cost>1")),
        ("watch -n 5 a.B c", ("a.B", "c", None)),
        ("line --class a.B --method=c --line 5 --condition 'x>1'", ("a.B", "c", "x>1")),
        ("stack a.B", ("a.B", None, None)),
    ],
)
def test_class_method_and_condition_are_found_in_a_line(
    line: str, parts: tuple[str | None, ...]
) -> None:
    target = read_target(line)
    found = (target.class_pattern, target.method_pattern, target.condition)
    assert tuple(token.text if token else None for token in found) == parts
    assert [line[t.start : t.end].strip("'") for t in found if t] == [p for p in parts if p]


@pytest.mark.parametrize("line", ["version", "tt -l", "watch", "nonsense a b"])
def test_a_line_that_names_no_class_to_enhance_has_no_target(line: str) -> None:
    assert find_target(parse_line(line, load_commands())) is None


def test_a_pattern_fits_as_on_the_server() -> None:
    target = read_target("watch a/*.S?op sell")
    assert target.matches(target.class_pattern, "a.b.Shop")
    assert not target.matches(target.class_pattern, "a.b.Shoop")
    regex = read_target("watch -E 'a\\.(Shop|Api)' sell")
    assert regex.matches(regex.class_pattern, "a.Api")
    assert not regex.matches(regex.class_pattern, "a.Apis")
    java = read_target("watch -E '[a' sell")
    assert java.matches(java.class_pattern, "anything")


def test_names_of_the_target_are_shown_with_marks_for_what_a_terminal_obeys() -> None:
    facts = replace(make_facts("watch a.B c"), near=("a.\x1b[2J",))
    assert "    watch a.␛[2J c" in explain(facts)


def test_a_condition_on_the_end_of_a_call_is_named_where_only_its_beginning_is_watched() -> None:
    line = "watch a.Shop sell params '#cost>5 && returnObj!=null' -b"
    assert explain(make_facts(line, SHOP, methods=(SELL,)))[2:] == [
        "before a call (-b) there is no returnObj, #cost yet; -f waits:",
        "    watch a.Shop sell params '#cost>5 && returnObj!=null' -f",
        "these can be enhanced: a.Shop.sell(int)",
    ]


@pytest.mark.parametrize("rest", ["'#cost>5' -b -f", "'params[0]==\"returnObj\"' -b", "'#cost>5'"])
def test_a_condition_that_can_be_told_when_it_is_asked_is_not_called_too_early(rest: str) -> None:
    found = explain(make_facts(f"watch a.Shop sell params {rest}", SHOP, methods=(SELL,)))
    assert "before a call" not in "\n".join(found)
