"""Which class loaders have loaded a class that a command did not find, or found more than once.

Asked for once a command has failed, with one `sc -d`: it reads and initialises nothing.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import ArthasShellError, CommandFailed
from arthas_cli.jsontext import as_object, as_text
from arthas_cli.session.ask import ask
from arthas_cli.session.enhanced import read_line
from arthas_cli.session.server import QUICK_S
from arthas_cli.text import keep_end, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arthas_cli.catalogue.model import Option
    from arthas_cli.jsontext import Json
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.line.plan import Plan
    from arthas_cli.session.outcome import Outcome
    from arthas_cli.session.server import Server

_NAME = r"[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*"
# What Arthas says where no class loader was given, or one that has not loaded the class.
_SAYINGS = re.compile(
    "(?P<loader>Can not find classloader) |Found more than one class|"
    "(?:ClassNotFoundException: (?:Unable to resolve class: )?|No class found for: "
    f"|Can not find class by class name: )(?P<name>{_NAME})"
)
_LIST_LOADERS = "run 'classloader -l' to list the class loaders"
_STATIC = re.compile(rf"@({_NAME})@|\bnew ({_NAME})\(")
_HASH, _CLASSES, _EXPRESSION = "classloader-hash", ("class-name", "class-pattern"), "ognl-express"
_MAX_NAMED, _LONGEST = 4, 60


class Loader(NamedTuple):
    """A class loader that has loaded a class; `source`: where it has the class from."""

    hash_code: str
    name: str
    source: str


def read_loader(about: Mapping[str, Json]) -> Loader | None:
    """Read the class loader from a `classInfo`; None for the bootstrap loader, which has no hash.

    Its name is without the hash at its end.
    """
    hash_code = as_text(about.get("classLoaderHash")) or "null"
    chain = about.get("classloader")
    name = as_text(chain[0]) if isinstance(chain, list) and chain else None
    if hash_code == "null":
        return None
    source = as_text(about.get("codeSource")) or ""
    return Loader(hash_code, (name or "").removesuffix(f"@{hash_code}"), source)


def offer_loaders(
    server: Server, plan: Plan, outcome: Outcome, timeout_s: float | None = None
) -> None:
    """Add which class loader has the class to the error of a command that lacked one.

    For any other end the server is asked nothing. `timeout_s`: how long to wait at most, None
    for as long as for any question; it is asked nothing where that is over.
    """
    error = outcome.error
    if not isinstance(error, CommandFailed) or error.hint or not outcome.message:
        return
    if timeout_s is not None and timeout_s <= 0:
        return
    said, parsed = _SAYINGS.search(outcome.message), read_line(plan.line)
    if said is None or parsed is None or parsed.command is None:
        return
    option = next((one for one in parsed.command.options if one.kind == _HASH), None)
    names = dict.fromkeys(list_named(parsed))
    name = said["name"] or next(iter(names), "")
    if option is None or name not in names:
        # Another name is the target's, which may speak of any class.
        error.hint = _LIST_LOADERS if said["loader"] else error.hint
        return
    with suppress(ArthasShellError):  # the failure is told all the same
        error.hint = _advise(option, name, _ask(server, name, timeout_s))


def list_named(parsed: ParsedLine) -> Iterator[str]:
    """Yield the classes that the line names."""
    command = parsed.command
    if command is None:
        return
    values = [(one.option.kind, one.value or "") for one in parsed.options]
    words = zip(command.arguments, parsed.arguments, strict=False)
    values += [(argument.kind, token.text) for argument, token in words]
    for kind, value in values:
        name = value.replace("/", ".")
        if kind in _CLASSES and re.fullmatch(_NAME, name):
            yield name
        elif kind == _EXPRESSION:
            yield from (found[1] or found[2] for found in _STATIC.finditer(value))


def _ask(server: Server, name: str, timeout_s: float | None) -> list[Loader] | None:
    """Return who has loaded the class of that name, None where none is loaded.

    Raises:
        ArthasShellError: as `ask`.
    """
    # The heirs of the class come with it, and of too many nothing is told.
    deadline_s = QUICK_S if timeout_s is None else min(QUICK_S, timeout_s)
    found = ask(server, f"sc -d -n 1000 {name}", deadline_s=deadline_s)
    infos = (as_object(data.get("classInfo")) for data in found)
    loaders = [read_loader(info) for info in infos if info.get("name") == name]
    return [loader for loader in loaders if loader is not None] if loaders else None


def _advise(option: Option, name: str, loaders: list[Loader] | None) -> str:
    if loaders is None:
        simple = name.rpartition(".")[2].rpartition("$")[2]
        return f"no class of that name is loaded; run \"sc '*{simple}*'\" to look for it"
    flag = option.short or option.long
    shown = [f"{flag} {one.hash_code} ({_describe(one)})" for one in loaders[:_MAX_NAMED]]
    more = [f"another of {len(loaders)}: 'sc -d {name}'"] if len(loaders) > _MAX_NAMED else []
    return f"use {' or '.join([*shown, *more])}" if shown else ""


def _describe(loader: Loader) -> str:
    """Return the loader's name, and the end of where the class is from."""
    name, source = (keep_end(one_line(text), _LONGEST) for text in (loader.name, loader.source))
    return f"{name}, {source}" if source else name
