"""Whether a property that an expression reads can be a method: asked of the target's classes.

OGNL reads `x.addTime` by a method `addTime`, `getAddTime`, `hasAddTime` or `isAddTime` in any case
of letters, with another `get` before it or not, and by the field only where there is none
(`OgnlRuntime.getReadMethod`). So what counts is the class of `x`, those that inherit from it and
those that it inherits from. Asked for by `sm` and `sc -d`, which read and initialise nothing.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError
from arthas_cli.guard.fields import list_fields
from arthas_cli.guard.names import find_call_danger
from arthas_cli.guard.risk import judge
from arthas_cli.jsontext import as_object, as_text
from arthas_cli.line.tokens import quote_word
from arthas_cli.session.ask import ask
from arthas_cli.session.server import QUICK_S

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from arthas_cli.guard.fields import Field, Subject
    from arthas_cli.jsontext import Json
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.session.server import Server

    Rows = list[Mapping[str, Json]]

# Their methods are in the guard's own list, and what inherits from them is no end of classes.
_JDK = ("java.", "javax.", "jdk.", "sun.", "com.sun.")
_CLASS = re.compile(r"[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)+")
_PREFIXES = "(?i)(get|has|is)*"


def learn_fields(server: Server, parsed: ParsedLine, deadline_s: float | None = None) -> bool:
    """Ask what the line reads, if that can let it pass; return whether it does.

    What cannot be told stays refused, a server that does not answer included. It is asked for each
    line anew: the JVM may be another one, or have loaded more classes.
    """
    fields = list_fields(parsed)
    if not fields or not judge(parsed, fields).changes_nothing:
        return False
    known = server.policy.fields - fields
    server.policy = server.policy._replace(fields=known)
    with suppress(ArthasShellError):
        target = _Target(server, min(QUICK_S, deadline_s or QUICK_S))
        if target.names_heirs() and all(target.is_field(field) for field in fields):
            server.policy = server.policy._replace(fields=known | fields)
            return True
    return False


class _Target:
    """The classes of the target, asked one question at a time; raises ArthasShellError."""

    def __init__(self, server: Server, timeout_s: float) -> None:
        self._server = server
        self._timeout_s = timeout_s

    def names_heirs(self) -> bool:
        """Return whether the classes that inherit from one are listed with it."""
        [said] = self._ask("options disable-sub-class")
        rows = said.get("options")
        row = as_object(rows[0]) if isinstance(rows, list) and rows else {}
        return row.get("name") == "disable-sub-class" and row.get("value") == "false"

    def is_field(self, field: Field) -> bool:
        """Return whether no class of which it may be read has a method of that name that acts."""
        owner, name = field.owned
        types = set(_list_types(self._list_methods(field.subject), owner))
        if not types or not all(_CLASS.fullmatch(each) for each in types):
            return False
        related = self._find_related(types)
        if related is None:
            return False
        line = f"sm -E {_quote_names(related)} {quote_word(_PREFIXES + re.escape(name))}"
        found = [as_object(row.get("methodInfo")) for row in self._ask(line)]
        names = (as_text(each.get("methodName")) or "" for each in found)
        return all(find_call_danger(each, 0) is None for each in names)

    def _list_methods(self, subject: Subject) -> Rows:
        flag = "-E " if subject.is_regex else ""
        line = f"sm -d {flag}-- {quote_word(subject.classes)} {quote_word(subject.methods)}"
        return [as_object(row.get("methodInfo")) for row in self._ask(line)]

    def _find_related(self, types: Collection[str]) -> set[str] | None:
        """Return these classes, their heirs, and all that those inherit from but the JDK's own.

        None where one of them is the JDK's own, or not loaded.
        """
        related: set[str] = set()
        ahead, is_first = set(types), True
        while ahead:
            if any(name.startswith(_JDK) for name in ahead):
                return None
            rows = self._ask(f"sc -d -E {_quote_names(ahead)}")
            infos = [as_object(row.get("classInfo")) for row in rows]
            if not ahead <= {as_text(info.get("name")) for info in infos}:
                return None
            if not is_first:  # whatever else inherits from those is none of them
                infos = [info for info in infos if info.get("name") in ahead]
            related |= {as_text(info.get("name")) or "" for info in infos}
            above = {name for info in infos for name in _list_above(info)}
            ahead, is_first = {n for n in above if not n.startswith(_JDK)} - related, False
        return related

    def _ask(self, line: str) -> Rows:
        # An answer of more than the server keeps is an error here, not a part of the truth.
        return ask(self._server, line, deadline_s=self._timeout_s)


def _list_types(methods: Rows, owner: str) -> Iterator[str]:
    """Yield the class of the owner in each method, empty where it is not told."""
    for method in methods:
        match owner:
            case "target":
                yield as_text(method.get("declaringClass")) or ""
            case "returnObj":
                yield as_text(method.get("returnType")) or ""
            case _:
                number, types = int(owner[len("params[") : -1]), method.get("parameters")
                if not isinstance(types, list):
                    yield ""
                elif number < len(types):
                    yield as_text(types[number]) or ""


def _list_above(info: Mapping[str, Json]) -> Iterator[str]:
    """Yield what a class inherits from: all its classes, and its own interfaces."""
    for key in ("superClass", "interfaces"):
        names = info.get(key)
        for name in names if isinstance(names, list) else ():
            yield as_text(name) or ""


def _quote_names(names: Collection[str]) -> str:
    return quote_word("|".join(map(re.escape, sorted(names))))
