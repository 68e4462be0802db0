"""What results tell of the target: names of things, each with a note, by topic.

One table serves what is asked in the background and what is learned from the results of commands
that the user ran. Values that may be secrets (of properties, of the environment) are not kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from arthas_cli.jsontext import as_int, as_object, as_text
from arthas_cli.session.loaders import read_loader
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result


class Topic(StrEnum):
    """What names are of; METHOD, FIELD and HOLDER are of a class, ATTRIBUTE of an MBean."""

    CLASS = "class"
    METHOD = "method"
    FIELD = "static field"
    LOADER = "class loader"
    LOADER_CLASS = "class of a class loader"
    HOLDER = "class loader that has loaded a class"
    THREAD = "thread"
    SYSPROP = "system property"
    ENV = "environment variable"
    VMOPTION = "VM option"
    OPTION = "Arthas option"
    LOGGER = "logger"
    MBEAN = "MBean"
    ATTRIBUTE = "attribute of an MBean"
    TT_INDEX = "tt record"
    RETRANSFORM = "retransform entry"
    RECORDING = "JFR recording"


# Shows the index of each record, and what was called as `#CLASS#METHOD`. Unlike `tt -l` it does not
# write out what the calls were given, which calls getters of the application, and where objects
# are circular costs the whole answer and a server of 3.x one of its eight response buffers.
LIST_RECORDS = """tt -s true -w '"#"+clazz.name+"#"+method.name'"""
_RECORD = re.compile(r"(?:@String\[)?#([^#\]]+)#([^#\]]+)\]?")
_RECORDING = re.compile(r"^Recording: recording=(\d+) name=(.*)$", re.MULTILINE)
_STARTED = re.compile(r"^Started recording (\d+)\.", re.MULTILINE)
# Beside the fact that it is static, all that is worth a place in the menu.
_MODIFIERS = ("final",)


@dataclass(frozen=True, slots=True)
class Fact:
    """One name; `of`: what it belongs to, empty for the target itself.

    `loader`: the hash of the class loader whose class it is of, empty where it does not matter.
    """

    topic: Topic
    text: str
    note: str = ""
    of: str = ""
    loader: str = ""


def read_facts(result: Result) -> Iterator[Fact]:
    """Yield what the result tells; nothing for a type that tells no names."""
    reader = READERS.get(result.type)
    if reader is not None:
        yield from (fact for fact in reader(result.data) if fact.text)


def _read_classes(data: Mapping[str, Json]) -> Iterator[Fact]:
    for name in _list(data.get("classNames")):
        yield Fact(Topic.CLASS, as_text(name) or "")
    about = as_object(data.get("classInfo"))
    name = _text(about, "name")
    yield Fact(Topic.CLASS, name)
    loader = read_loader(about)
    if loader is not None:
        yield Fact(Topic.HOLDER, loader.hash_code, f"has {shorten(name)}, {loader.name}", name)
    for entry in _list(about.get("fields")):
        field = as_object(entry)
        if field.get("static") is True:
            modifiers = _text(field, "modifier").split(",")
            shown = [modifier for modifier in _MODIFIERS if modifier in modifiers]
            note = " ".join([*shown, shorten(_text(field, "type"))])
            yield Fact(Topic.FIELD, _text(field, "name"), note, name, _read_hash(about))


def _read_methods(data: Mapping[str, Json]) -> Iterator[Fact]:
    about = as_object(data.get("methodInfo"))
    owner = _text(about, "declaringClass")
    yield Fact(Topic.CLASS, owner)
    name, note = _text(about, "methodName"), _format_signature(about)
    yield Fact(Topic.METHOD, name, note, owner, _read_hash(about))


def _read_hash(about: Mapping[str, Json]) -> str:
    """Return the hash of the loader of a class, empty for the bootstrap loader, which has none."""
    hash_code = _text(about, "classLoaderHash")
    return "" if hash_code == "null" else hash_code


def _format_signature(about: Mapping[str, Json]) -> str:
    """Return `(String, int) double`, without packages; empty where no details were asked for."""
    if "parameters" not in about:
        return ""
    parameters = [shorten(as_text(name) or "") for name in _list(about.get("parameters"))]
    return f"({', '.join(parameters)}) {shorten(_text(about, 'returnType'))}".rstrip()


def shorten(type_name: str) -> str:
    """Return the name of a type without its package."""
    return type_name.rpartition(".")[2]


def _read_hit(data: Mapping[str, Json]) -> Iterator[Fact]:
    owner = _text(data, "className")
    yield Fact(Topic.CLASS, owner)
    yield Fact(Topic.METHOD, _text(data, "methodName"), "", owner)


def _read_monitor(data: Mapping[str, Json]) -> Iterator[Fact]:
    for entry in _list(data.get("monitorDataList")):
        yield from _read_hit(as_object(entry))


def _read_loaders(data: Mapping[str, Json]) -> Iterator[Fact]:
    for entry in _list(data.get("classLoaders")):
        yield from _read_loader(as_object(entry))
    group = as_object(data.get("classSet"))
    for name in _list(group.get("classes")):
        yield Fact(Topic.CLASS, as_text(name) or "")


def _read_loader(about: Mapping[str, Json]) -> Iterator[Fact]:
    name, hash_code = _text(about, "name"), _text(about, "hash")
    class_name = name.partition("@")[0]
    if hash_code not in ("", "null"):  # the bootstrap loader has no hash that the server takes
        loaded = as_int(about.get("loadedCount"))
        size = "" if loaded is None else f", {count(loaded, 'class', 'classes')}"
        yield Fact(Topic.LOADER, hash_code, f"{class_name}{size}")
        yield Fact(Topic.LOADER_CLASS, class_name, hash_code)
    for child in _list(about.get("children")):
        yield from _read_loader(as_object(child))


def _read_threads(data: Mapping[str, Json]) -> Iterator[Fact]:
    for key in ("threadStats", "busyThreads"):
        for entry in _list(data.get(key)):
            about = as_object(entry)
            number = as_int(about.get("id"))
            if number is not None and number > 0:  # the JVM's own have -1
                note = f"{_text(about, 'name')}, {_text(about, 'state')}".rstrip(", ")
                yield Fact(Topic.THREAD, str(number), note)


def _read_records(data: Mapping[str, Json]) -> Iterator[Fact]:
    for entry in _list(data.get("timeFragmentList")):
        about = as_object(entry)
        note = f"{shorten(_text(about, 'className'))} {_text(about, 'methodName')}".strip()
        yield Fact(Topic.TT_INDEX, _number(about, "index"), note)
        yield from _read_hit(about)
    for index, value in as_object(data.get("watchResults")).items():
        match = _RECORD.fullmatch(as_text(value) or "")
        yield Fact(Topic.TT_INDEX, index, f"{shorten(match[1])} {match[2]}" if match else "")


def _read_recordings(data: Mapping[str, Json]) -> Iterator[Fact]:
    output = _text(data, "jfrOutput")
    for number in _STARTED.findall(output):
        yield Fact(Topic.RECORDING, number)
    for number, about in _RECORDING.findall(output):
        yield Fact(Topic.RECORDING, number, about)


def _read_retransformed(data: Mapping[str, Json]) -> Iterator[Fact]:
    for entry in _list(data.get("retransformEntries")):
        about = as_object(entry)
        yield Fact(Topic.RETRANSFORM, _number(about, "id"), _text(about, "className"))


def _read_mbeans(data: Mapping[str, Json]) -> Iterator[Fact]:
    for name in _list(data.get("mbeanNames")):
        yield Fact(Topic.MBEAN, as_text(name) or "")
    for name, about in as_object(data.get("mbeanMetadata")).items():
        for entry in _list(as_object(about).get("attributes")):
            attribute = as_object(entry)
            note = shorten(_text(attribute, "type"))
            yield Fact(Topic.ATTRIBUTE, _text(attribute, "name"), note, name)


def _read_keys(topic: Topic, key: str) -> Callable[[Mapping[str, Json]], Iterator[Fact]]:
    return lambda data: (Fact(topic, name) for name in as_object(data.get(key)))


def _read_rows(topic: Topic, key: str, note: str) -> Callable[[Mapping[str, Json]], Iterator[Fact]]:
    def read(data: Mapping[str, Json]) -> Iterator[Fact]:
        for entry in _list(data.get(key)):
            about = as_object(entry)
            yield Fact(topic, _text(about, "name"), _text(about, note))

    return read


READERS: Mapping[str, Callable[[Mapping[str, Json]], Iterator[Fact]]] = {
    "classloader": _read_loaders,
    "jad": _read_classes,
    "jfr": _read_recordings,
    "logger": _read_keys(Topic.LOGGER, "loggerInfoMap"),
    "mbean": _read_mbeans,
    "monitor": _read_monitor,
    "options": _read_rows(Topic.OPTION, "options", "summary"),
    "retransform": _read_retransformed,
    "sc": _read_classes,
    "sm": _read_methods,
    "sysenv": _read_keys(Topic.ENV, "env"),
    "sysprop": _read_keys(Topic.SYSPROP, "props"),
    "thread": _read_threads,
    "tt": _read_records,
    "vmoption": _read_rows(Topic.VMOPTION, "vmOptions", "value"),
    "watch": _read_hit,
}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(about: Mapping[str, Json], key: str) -> str:
    return as_text(about.get(key)) or ""


def _number(about: Mapping[str, Json], key: str) -> str:
    number = as_int(about.get(key))
    return "" if number is None else str(number)
