"""Why nothing is enhanced, or nothing comes: findings that follow from facts; asks nobody.

Of a class the abstract methods and `<clinit>` are never enhanced, and a native method has no
bytecode to change (seen on 3.4.6 to 4.1.5).
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from arthas_cli.line.tokens import quote_word
from arthas_cli.why.calls import (
    find_in_calls,
    find_never_true,
    list_enhanced_methods,
    name_loaders,
)
from arthas_cli.why.exclusions import explain_class, list_enhanced
from arthas_cli.why.finding import Finding, list_some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arthas_cli.line.tokens import Token
    from arthas_cli.why.facts import ClassFact, Facts, MethodFact

_LAZY_SINCE = (4, 1, 3)
_LIMITED_SINCE = (3, 6, 8)
_CLASS_INIT = "<clinit>"
_CONSTRUCTOR = "<init>"
_METHODS_OF_ROOT = frozenset({"clone", "equals", "finalize", "getClass", "hashCode", "toString"})
_MAX_COMMANDS = 5


def diagnose(facts: Facts) -> list[Finding]:
    """Return what explains it, the gravest first; never empty."""
    for find in _DECISIVE:
        found = list(find(facts))
        if found:
            return found
    return list(find_in_calls(facts))


def _find_class(facts: Facts) -> Iterator[Finding]:
    target = facts.target
    if facts.matched:
        return
    pattern = target.class_pattern
    yield Finding(f"no class that fits '{pattern.text}' is loaded")
    if facts.near:
        lines = [target.replace(pattern, name) for name in facts.near[:_MAX_COMMANDS]]
        yield Finding("these are loaded and have a similar name:", tuple(lines))
    what = "a class is loaded when it is used for the first time"
    if facts.version < _LAZY_SINCE and facts.version:
        yield Finding(f"{what}; Arthas waits for that from 4.1.3 on, with -L")
    elif target.parsed.find("--lazy") is None:
        yield Finding(f"{what}; -L waits for that:", (target.insert("-L"),))
    else:
        yield Finding(f"{what}, and -L waits for that: it has not happened yet")


def _find_limits(facts: Facts) -> Iterator[Finding]:
    """Yield that there are too many; those that are left out anyway do not count."""
    target, of = facts.target, "" if facts.has_option("disable-sub-class") else ", with subclasses,"
    found = len(list_enhanced(facts)) if facts.classes else len(facts.matched)
    is_limited = not facts.version or facts.version >= _LIMITED_SINCE
    if not is_limited or found <= target.most_matches:
        return
    kind = "classes of the program" if facts.classes else "classes"
    text = target.class_pattern.text
    yield Finding(
        f"{found} {kind}{of} fit '{text}'; Arthas enhances none where more than"
        f" {target.most_matches} are left, those of the JVM not counted; name the class more"
        " exactly, or raise that limit with -m",
        (f"sc {quote_word(text)}",),
    )


def _find_native(facts: Facts) -> Iterator[Finding]:
    """Yield that there is nothing to enhance in any class."""
    if facts.methods and all(method.is_native for method in facts.methods):
        names = list_some([f"{m.class_name}.{m.signature}" for m in facts.methods])
        yield Finding(
            f"{names}: native, so there is no bytecode to change; watch the methods that call it"
        )


def _find_left_out(facts: Facts) -> Iterator[Finding]:
    """Yield why no class that fits can be enhanced."""
    if facts.classes and not list_enhanced(facts):
        is_missing = facts.target.method_pattern is not None and not facts.methods
        classes = facts.exact or facts.classes
        # No option helps where a class of the JVM has no such method.
        yield from _explain_classes([c for c in classes if not (is_missing and c.is_of_jvm)], facts)


def _explain_classes(classes: Iterable[ClassFact], facts: Facts) -> Iterator[Finding]:
    """Yield why Arthas leaves the classes out, one finding a reason."""
    reasons: dict[str, tuple[list[str], dict[str, None]]] = {}
    for fact in classes:
        reason = explain_class(fact, facts)
        if reason is not None:
            names, commands = reasons.setdefault(reason[0], ([], {}))
            names.append(fact.name)
            commands.update(dict.fromkeys(reason[1]))
    for why, (names, commands) in reasons.items():
        yield Finding(f"{list_some(names)}: {why}", tuple(commands)[:_MAX_COMMANDS])


def _find_method(facts: Facts) -> Iterator[Finding]:
    pattern = facts.target.method_pattern
    if pattern is None or not facts.classes:
        return
    if list_enhanced_methods(facts):
        return
    enhanced = {fact.name for fact in list_enhanced(facts)}
    methods = [m for m in facts.methods if m.class_name in enhanced]
    if facts.methods:
        owners = {m.class_name for m in facts.methods} - enhanced
        yield from _explain_classes([c for c in facts.classes if c.name in owners], facts)
        yield from _find_abstract(methods, facts)
        return
    exact = {c.name for c in facts.exact}
    names = sorted(exact & enhanced or enhanced or exact or {c.name for c in facts.classes})
    yield Finding(f"no method that fits '{pattern.text}': {list_some(names)}")
    yield from _find_name(pattern, facts)


def _find_abstract(methods: list[MethodFact], facts: Facts) -> Iterator[Finding]:
    owners = sorted({m.class_name for m in methods if m.is_abstract})
    if not owners:
        return
    what = f"{list_some(owners)}: the method is abstract"
    if facts.has_option("disable-sub-class"):
        yield Finding(
            f"{what}, and 'options disable-sub-class' is on: the classes that implement it are not"
            " looked for",
            ("options disable-sub-class false", facts.target.parsed.line),
        )
    else:
        yield Finding(
            f"{what}, and no class that implements it is loaded",
            (f"sc {quote_word(facts.target.class_pattern.text)}",),
        )


def _find_name(pattern: Token, facts: Facts) -> Iterator[Finding]:
    """Yield what else the method may be called."""
    target, name = facts.target, pattern.text
    if name == _CLASS_INIT:
        yield Finding("a static initialiser runs once and is never enhanced")
        return
    if name in _METHODS_OF_ROOT:
        yield Finding(f"'{name}' is inherited from java.lang.Object, a class of the JVM itself")
        return
    if name in {_read_simple_name(fact.name) for fact in facts.exact}:
        line = target.replace(pattern, _CONSTRUCTOR)
        yield Finding(f"a constructor is called {_CONSTRUCTOR}:", (line,))
    if "(" in name:
        line = target.replace(pattern, name.partition("(")[0])
        yield Finding("a method is named without its parameters:", (line,))
    if facts.inherited:
        owners = dict.fromkeys(m.class_name for m in facts.inherited)
        lines = tuple(target.replace(target.class_pattern, owner) for owner in owners)
        yield Finding("it is inherited; the class that declares it has it:", lines)
    close = get_close_matches(name.partition("(")[0], facts.other_methods, _MAX_COMMANDS)
    lines = tuple(target.replace(pattern, method) for method in close)
    if lines:
        yield Finding("methods of a similar name:", lines)
    else:
        flag = "-E " if target.is_regex else ""
        yield Finding("its methods:", (f"sm {flag}{quote_word(target.class_pattern.text)}",))


def _read_simple_name(class_name: str) -> str:
    return class_name.replace("$", ".").rpartition(".")[2]


def _find_other_loader(facts: Facts) -> Iterator[Finding]:
    """Yield that the class is not from the loader that the line names."""
    target, loaders = facts.target, name_loaders(facts.exact)
    given = target.find_value_token("--classloader")
    if given is not None and loaders and given.text not in loaders:
        yield Finding(
            f"'{given.text}' has not loaded the class, but {', '.join(loaders.values())}:",
            tuple(target.replace(given, loader) for loader in loaders),
        )


# What leaves nothing else to look for once it is found.
_DECISIVE = (
    _find_class,
    _find_limits,
    _find_native,
    _find_left_out,
    _find_other_loader,
    _find_method,
    find_never_true,
)
