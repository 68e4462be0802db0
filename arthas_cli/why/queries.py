"""Asks the server what `:why` needs to know; only `sc`, `sm` and `options`, which read."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_object, as_text
from arthas_cli.line.tokens import quote_word
from arthas_cli.session.ask import ask
from arthas_cli.why.facts import ClassFact, Facts, MethodFact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.session.server import Server
    from arthas_cli.why.facts import Target

# `sc -d` and `sm` refuse where more classes fit; 100 unless told otherwise.
_MAX_CLASSES = 400
_MAX_NEAR = 5
_MAX_PARENTS = 3
_MIN_ALIKE = 0.5
_ROOT = "java.lang.Object"


def gather_facts(server: Server, target: Target, version: tuple[int, ...] = ()) -> Facts:
    """Ask what there is to know of the target.

    Raises:
        ArthasShellError: the server is not to be had.
    """
    options = tuple(_read_options(server))
    flag = "-E " if target.is_regex else ""
    pattern = f"{flag}{quote_word(target.class_pattern.text)}"
    matched = tuple(_list_classes(server, pattern))
    if not matched:
        near = tuple(_find_near(server, target.class_pattern.text))
        return Facts(target, near=near, options=options, version=version)
    if len(matched) > _MAX_CLASSES:
        return Facts(target, matched, options=options, version=version)
    classes = tuple(map(_read_class, _ask(server, f"sc -d -n {_MAX_CLASSES} {pattern}")))
    methods, others, inherited = _gather_methods(server, target, pattern, classes)
    return Facts(target, matched, classes, methods, others, inherited, (), options, version)


def list_classes_like(server: Server, package: str, simple: str, deadline_s: float) -> list[str]:
    """Return the names of the loaded classes of a package, and of those so called in any other.

    Raises:
        ArthasShellError: the server is not to be had, or they are too many.
    """
    patterns = (f"{re.escape(package)}\\..*" * bool(package), f"(?i:.*\\.{re.escape(simple)})")
    search = f"sc -E {quote_word('|'.join(filter(None, patterns)))}"
    return _read_class_names(ask(server, search, deadline_s=deadline_s))


def list_method_names(server: Server, class_name: str, deadline_s: float) -> list[str]:
    """Return the names of the methods of a class, each once.

    Raises:
        ArthasShellError: the server is not to be had, or they are too many.
    """
    said = ask(server, f"sm {quote_word(class_name)}", deadline_s=deadline_s, may_fail=True)
    found = _read_methods(said)
    return list(dict.fromkeys(m.name for m in found if m.class_name == class_name))


def _gather_methods(
    server: Server, target: Target, pattern: str, classes: tuple[ClassFact, ...]
) -> tuple[tuple[MethodFact, ...], tuple[str, ...], tuple[MethodFact, ...]]:
    """Return the methods that fit, else the names of the others, and those of superclasses."""
    if target.method_pattern is None:
        return (), (), ()
    method = quote_word(target.method_pattern.text)
    methods = _list_methods(server, f"{pattern} {method}")
    if methods:
        return methods, (), ()
    others = tuple(sorted({m.name for m in _list_methods(server, pattern)}))
    parents = dict.fromkeys(name for c in classes for name in c.super_classes if name != _ROOT)
    inherited: list[MethodFact] = []
    flag = "-E " if target.is_regex else ""
    for parent in list(parents)[:_MAX_PARENTS]:
        name = re.escape(parent) if target.is_regex else parent
        found = _list_methods(server, f"{flag}{quote_word(name)} {method}")
        inherited += [m for m in found if m.class_name == parent]
    return (), others, tuple(inherited)


def _list_classes(server: Server, arguments: str) -> list[str]:
    """Return the names of the loaded classes that fit, subclasses included."""
    return _read_class_names(_ask(server, f"sc {arguments}"))


def _read_class_names(said: list[Mapping[str, Json]]) -> list[str]:
    names = (name for data in said for name in _list_texts(data.get("classNames")))
    return list(dict.fromkeys(names))


def _list_methods(server: Server, arguments: str) -> tuple[MethodFact, ...]:
    return _read_methods(_ask(server, f"sm -d -n {_MAX_CLASSES} {arguments}"))


def _read_methods(said: list[Mapping[str, Json]]) -> tuple[MethodFact, ...]:
    found = (as_object(data.get("methodInfo")) for data in said)
    return tuple(
        MethodFact(
            as_text(info.get("declaringClass")) or "",
            as_text(info.get("methodName")) or "",
            as_text(info.get("classLoaderHash")) or "",
            as_text(info.get("modifier")) or "",
            tuple(_list_texts(info.get("parameters"))),
        )
        for info in found
    )


def _read_class(data: Mapping[str, Json]) -> ClassFact:
    info = as_object(data.get("classInfo"))
    loaders = _list_texts(info.get("classloader"))
    return ClassFact(
        name=as_text(info.get("name")) or "",
        loader=as_text(info.get("classLoaderHash")) or ("" if loaders else "null"),
        loader_name=loaders[0] if loaders else "",
        modifier=as_text(info.get("modifier")) or "",
        is_interface=info.get("interface") is True,
        is_enum=info.get("enum") is True,
        is_array=info.get("array") is True,
        super_classes=tuple(_list_texts(info.get("superClass"))),
    )


def _read_options(server: Server) -> Iterator[tuple[str, str]]:
    for data in _ask(server, "options"):
        listed = data.get("options")
        for option in listed if isinstance(listed, list) else ():
            fields = as_object(option)
            yield as_text(fields.get("name")) or "", as_text(fields.get("value")) or ""


def _find_near(server: Server, pattern: str) -> list[str]:
    """Return loaded classes of a similar name, the most similar first.

    Looked for are the name alone in any package, in any case of letters, then a slip of the
    finger within the package, then within names that begin alike.
    """
    plain = re.sub(r"[*?\\^]|\.class$|\.java$", "", pattern.replace("/", ".")).strip(".$")
    package, _, simple = plain.replace("$", ".").rpartition(".")
    if not simple:
        return []
    begins = simple[: max(3, len(simple) // 2)]
    searches = (
        (quote_word(f"*{simple}*"), 0.0),
        (f"-E {quote_word(f'(?i).*{re.escape(simple)}.*')}", _MIN_ALIKE),
        (quote_word(f"{package or '*'}.*"), _MIN_ALIKE),
        (quote_word(f"*{begins}*"), _MIN_ALIKE),
    )
    for search, least_alike in searches:
        names = filter(_is_plain, _list_classes(server, search))
        alike = _rank(simple, plain, names, least_alike)
        if alike:
            return alike
    return []


def _is_plain(name: str) -> bool:
    """Return whether somebody has named the class: no array, no lambda, no anonymous one."""
    return not (name.startswith("[") or "$$Lambda" in name or re.search(r"\$\d+$", name))


def _rank(simple: str, plain: str, names: Iterable[str], least_alike: float) -> list[str]:
    """Return the names whose last part is most like `simple`, then those most like `plain`."""
    by_simple: dict[str, list[str]] = {}
    for name in names:
        by_simple.setdefault(re.split(r"[.$]", name)[-1], []).append(name)
    found: list[str] = []
    for close in get_close_matches(simple, by_simple, _MAX_NEAR, least_alike):
        found += get_close_matches(plain, by_simple[close], _MAX_NEAR, 0.0)
    return found[:_MAX_NEAR]


def _list_texts(value: Json) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _ask(server: Server, line: str) -> list[Mapping[str, Json]]:
    return ask(server, line, may_stream=True, may_fail=True)
