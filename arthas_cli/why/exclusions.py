"""Which classes Arthas never enhances, and why.

Seen on 3.4.6 to 4.1.5: those of the JVM's own loader without `options unsafe`, Arthas itself,
arrays, lambdas, three classes of the JDK, and enums before 3.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.why.facts import ClassFact, Facts

_ENUMS_SINCE = (3, 6, 0)
_NEVER_ENHANCED = frozenset({"java.lang.Class", "java.lang.Integer", "java.lang.reflect.Method"})


def list_enhanced(facts: Facts) -> list[ClassFact]:
    """Return the classes that Arthas does not leave out."""
    return [fact for fact in facts.classes if explain_class(fact, facts) is None]


def explain_class(fact: ClassFact, facts: Facts) -> tuple[str, tuple[str, ...]] | None:
    """Return why Arthas leaves the class out, with what helps; None where it does not."""
    for is_so, why in _FOR_GOOD:
        if is_so(fact, facts.version):
            return why, ()
    excluded = facts.target.find_value_token("--exclude-class-pattern")
    if excluded is not None and facts.target.matches(excluded, fact.name):
        return f"left out by --exclude-class-pattern '{excluded.text}'", ()
    if fact.is_lambda:
        outer = fact.name.partition("$$Lambda")[0]
        why = "made for a lambda, which Arthas leaves out; its body is a method of the class around"
        return why, (f"sm {outer} 'lambda$*'",)
    if fact.is_of_jvm and not facts.has_option("unsafe"):
        why = (
            "a class of the JVM itself, which Arthas leaves alone unless 'options unsafe' is on;"
            " that is dangerous: a mistake there can end the JVM"
        )
        return why, ("options unsafe true", facts.target.parsed.line)
    if fact.is_interface and not facts.has_option("support-default-method"):
        return _explain_interface(facts)
    return None


# What nothing helps against, and what is said of it.
_FOR_GOOD: tuple[tuple[Callable[[ClassFact, tuple[int, ...]], bool], str], ...] = (
    (lambda fact, _: fact.is_of_arthas, "a part of Arthas, which never enhances itself"),
    (
        lambda fact, _: fact.is_array or fact.name in _NEVER_ENHANCED,
        "an array or class that Arthas never enhances",
    ),
    (
        lambda fact, version: fact.is_enum and () < version < _ENUMS_SINCE,
        "an enum, which this version of Arthas leaves out",
    ),
)


def _explain_interface(facts: Facts) -> tuple[str, tuple[str, ...]]:
    if facts.has_option("disable-sub-class"):
        why = (
            "an interface, and 'options disable-sub-class' is on: the classes that implement it are"
            " not looked for"
        )
        return why, ("options disable-sub-class false",)
    return "an interface whose methods have no code, and no class that implements it is loaded", ()
