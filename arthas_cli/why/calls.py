"""What keeps calls from being seen where class and method are in order; asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.line.ognl_lexer import split_lexemes
from arthas_cli.line.truth import name_value
from arthas_cli.text import count
from arthas_cli.why.exclusions import list_enhanced
from arthas_cli.why.finding import Finding, list_some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arthas_cli.line.scan import Word
    from arthas_cli.why.facts import ClassFact, Facts, MethodFact

_MONITOR = "monitor"
# When a `watch` looks, and which calls it thereby passes over; the first two pass over none.
_MOMENTS = {
    "--before": "",
    "--finish": "",
    "--exception": "end with an exception",
    "--success": "return",
}
# What is known only once a call has ended.
_OF_THE_END = ("returnObj", "throwExp", "isReturn", "isThrow", "#cost")


def find_in_calls(facts: Facts) -> Iterator[Finding]:
    """Yield what is in the way of a call, last what remains where the line itself bars none."""
    yield from _find_loaders(facts)
    narrowing = list(_find_conditions(facts))
    yield from narrowing
    yield from _find_what_is_in_order(facts)
    if not narrowing:
        yield _find_patience(facts)


def find_never_true(facts: Facts) -> Iterator[Finding]:
    """Yield that the condition is of a kind that no call can meet."""
    condition = facts.target.condition
    value = name_value(condition.text) if condition else ""
    if condition is not None and value:
        yield Finding(
            f"'{condition.text}' is {value}, which is never true: Arthas takes true alone;"
            " without it:",
            (facts.target.replace(condition, ""),),
        )


def _find_loaders(facts: Facts) -> Iterator[Finding]:
    """Yield that there are several classes of one name, and which of them are enhanced."""
    given = facts.target.find_value_token("--classloader")
    exact = [fact for fact in list_enhanced(facts) if fact in facts.exact]
    for name in dict.fromkeys(fact.name for fact in exact):
        loaders = name_loaders(fact for fact in exact if fact.name == name)
        if len(loaders) > 1:
            only = loaders.get(given.text) if given else None
            which = f"only that of {only} is enhanced (-c)" if only else "each of them is enhanced"
            yield Finding(
                f"{len(loaders)} class loaders have loaded {name}: {', '.join(loaders.values())};"
                f" {which}"
            )


def _find_conditions(facts: Facts) -> Iterator[Finding]:
    """Yield what in the line keeps hits away."""
    target = facts.target
    if target.condition is not None:
        # An error in a condition is silent in `monitor` alone (4.1.5).
        is_monitor = target.parsed.name.text == _MONITOR
        yield Finding(
            f"only calls for which '{target.condition.text}' is true count; an error in it"
            f" {'counts as false' if is_monitor else 'ends the command'}; without it:",
            (target.replace(target.condition, ""),),
        )
    moments = [
        (what, given) for name, what in _MOMENTS.items() if (given := target.parsed.find(name))
    ]
    if len(moments) != 1:
        return  # each brings its own calls
    what, given = moments[0]
    is_alone = given.token.text in (given.option.short, given.option.long)  # not `-ev`
    if what:
        lines = (target.replace(given.token, ""),) if is_alone else ()
        yield Finding(f"only calls that {what} count ({given.option.short}):", lines)
    elif given.option.long == "--before" and (unknown := _list_unknown_before(target.condition)):
        lines = (target.replace(given.token, "-f"),) if is_alone else ()
        yield Finding(f"before a call (-b) there is no {list_some(unknown)} yet; -f waits:", lines)


def _list_unknown_before(condition: Word | None) -> list[str]:
    """Return what a condition asks that is known only at the end of a call."""
    names = {
        x.text for x in split_lexemes(condition.text if condition else "") if x.is_name(x.text)
    }
    return [name for name in _OF_THE_END if name.lstrip("#") in names]


def _find_what_is_in_order(facts: Facts) -> Iterator[Finding]:
    proxies = [c.name for c in facts.classes if c.is_proxy and c not in facts.exact]
    if proxies:
        yield Finding(f"{list_some(proxies)} may stand before it and answer calls itself")
    methods = list_enhanced_methods(facts)
    if methods:
        names = dict.fromkeys(f"{m.class_name}.{m.signature}" for m in methods)
        yield Finding(f"these can be enhanced: {list_some(list(names))}")
    elif not facts.classes:
        yield Finding(f"{count(len(facts.matched), 'class', 'classes')} fit")


def _find_patience(facts: Facts) -> Finding:
    """Return what explains it where nothing else does."""
    return Finding(
        "nothing looks wrong; most likely the method is not being called (calls already in"
        " progress do not count)"
        + "; monitor shows nothing for an interval without calls"
        * (facts.target.parsed.name.text == _MONITOR)
    )


def list_enhanced_methods(facts: Facts) -> list[MethodFact]:
    """Return the methods with code in classes that Arthas does not leave out."""
    enhanced = {fact.name for fact in list_enhanced(facts)}
    methods = (m for m in facts.methods if not (m.is_native or m.is_abstract))
    return [m for m in methods if m.class_name in enhanced]


def name_loaders(classes: Iterable[ClassFact]) -> dict[str, str]:
    """Return the loaders of the classes by their hashes."""
    return {fact.loader: fact.loader_name or "the JVM itself" for fact in classes}
