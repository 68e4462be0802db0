"""Classes, methods and class loaders: `sc`, `sm`, and the choice where a name is ambiguous."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli.theme import LABEL, TITLE
from arthas_cli.views.lines import Block, labelled
from arthas_cli.views.names import read_descriptor
from arthas_cli.views.read import get_row, get_rows, get_text, get_texts, plain
from arthas_cli.views.table import Column, TableView
from arthas_cli.views.values import value_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_TRAITS = (
    "interface",
    "annotation",
    "enum",
    "anonymousClass",
    "array",
    "localClass",
    "memberClass",
    "primitive",
    "synthetic",
)


def rows_of(key: str) -> Callable[[Row], list[Row]]:
    """Return what reads the rows of a table from a list field of a result."""
    return lambda data: get_rows(data, key)


def names_of(key: str) -> Callable[[Row], Iterator[Row]]:
    """Return what reads rows with a `name` alone from a list of strings."""
    return lambda data: ({"name": name} for name in get_texts(data, key))


def format_loaders(value: Json) -> str:
    """Return a chain of class loaders, the class's own first."""
    return " < ".join(plain(name) for name in value) if isinstance(value, list) else plain(value)


def format_signature(value: Json) -> str:
    """Return a method descriptor in the words of the source."""
    return read_descriptor(plain(value))


CLASS_NAMES = TableView(
    columns=(Column("CLASS", "name", has_names=True),),
    rows=names_of("classNames"),
    is_continued=True,
)

METHODS = TableView(
    columns=(
        Column("CLASS", "declaringClass", has_names=True),
        Column("METHOD", "methodName", style=TITLE),
        Column("SIGNATURE", "descriptor", format_signature, has_names=True),
    ),
    rows=lambda data: (get_row(data, "methodInfo"),),
    is_continued=True,
    is_burst=True,
)

MATCHED_CLASSES = TableView(
    columns=(
        Column("HASH", "classLoaderHash"),
        Column("CLASS", "name", has_names=True),
        Column("CLASSLOADER", "classloader", format_loaders, has_names=True),
    ),
    rows=rows_of("matchedClasses"),
)

MATCHED_LOADERS = TableView(
    columns=(
        Column("HASH", "hash"),
        Column("CLASSLOADER", "name", has_names=True),
        Column("PARENT", "parent", has_names=True),
    ),
    rows=rows_of("matchedClassLoaders"),
    above=lambda data: (
        ((Segment(f"more than one {get_text(data, 'classLoaderClass')}; give one by -c HASH:"),),)
        if get_text(data, "classLoaderClass")
        else ()
    ),
)


def loader_chain(names: list[str]) -> str:
    """Return a class's loaders, one a line, each under the one that it asks last."""
    return "\n".join(f"{'  ' * at}{'└ ' if at else ''}{name}" for at, name in enumerate(names))


def class_facts(info: Row) -> Iterator[tuple[str, str]]:
    """Yield what is known of a class, its fields left out."""
    for key in ("classInfo", "codeSource", "name", "simpleName", "modifier"):
        if key in info:
            yield key, get_text(info, key)
    if any(trait in info for trait in _TRAITS):
        yield "is", ", ".join(trait for trait in _TRAITS if info.get(trait) is True) or "class"
    for key in ("annotations", "interfaces"):
        if key in info:
            yield key, "\n".join(get_texts(info, key))
    if "superClass" in info:
        yield "superClass", loader_chain(get_texts(info, "superClass"))
    if "classloader" in info:
        yield "classLoader", loader_chain(get_texts(info, "classloader"))
    if "classLoaderHash" in info:
        yield "classLoaderHash", get_text(info, "classLoaderHash")


def class_lines(info: Row, page: Page) -> Iterator[Line]:
    """Yield a class with all that is known of it."""
    yield from labelled(class_facts(info), page.width, LABEL)
    fields = get_rows(info, "fields")
    if fields:
        yield (Segment("fields", LABEL),)
    for field in fields:
        yield from _field_lines(field, page)
    yield ()


def _field_lines(field: Row, page: Page) -> Iterator[Line]:
    modifiers = get_text(field, "modifier").split(",") if get_text(field, "modifier") else []
    if field.get("static") is True and "static" not in modifiers:
        modifiers.append("static")
    marks = " ".join([*(f"@{mark}" for mark in get_texts(field, "annotations")), *modifiers])
    yield (
        Segment(f"  {marks} " if marks else "  "),
        Segment(get_text(field, "type")),
        Segment(" "),
        Segment(get_text(field, "name"), TITLE),
    )
    if "value" in field:
        for line in value_lines(field, "value", page):
            yield (Segment("      "), *line)


def render_class(data: Row, page: Page) -> Block:
    """Draw `sc -d`: one class."""
    return Block(class_lines(get_row(data, "classInfo"), page))


_LISTS = frozenset({"annotations", "parameters", "exceptions"})
_METHOD_FIELDS = (
    "declaringClass",
    "methodName",
    "constructor",
    "modifier",
    "annotations",
    "parameters",
    "returnType",
    "exceptions",
    "descriptor",
    "classLoaderHash",
)


def render_method(data: Row, page: Page) -> Block:
    """Draw `sm -d`: one method."""
    info = get_row(data, "methodInfo")

    def lines() -> Iterator[Line]:
        facts = [
            (key, "\n".join(get_texts(info, key)) if key in _LISTS else get_text(info, key))
            for key in _METHOD_FIELDS
            if key in info
        ]
        yield from labelled(facts, page.width, LABEL)
        yield ()

    return Block(lines())
