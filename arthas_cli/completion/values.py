"""Which values an option or argument can have, by its kind; and which options exclude others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.completion.facts import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.catalogue.model import Argument, Command, Option

CLASS_KINDS = frozenset({"class-pattern", "class-name"})
LOADER_KINDS = frozenset({"classloader-hash", "classloader-class"})
FILE_KINDS = frozenset({"file-path", "directory"})

# Kinds whose values are names of the target.
TOPICS: Mapping[str, Topic] = {
    "arthas-option": Topic.OPTION,
    "class-name": Topic.CLASS,
    "class-pattern": Topic.CLASS,
    "classloader-class": Topic.LOADER_CLASS,
    "classloader-hash": Topic.LOADER,
    "env-name": Topic.ENV,
    "field-pattern": Topic.FIELD,
    "jfr-recording-id": Topic.RECORDING,
    "logger-name": Topic.LOGGER,
    "mbean-attribute-pattern": Topic.ATTRIBUTE,
    "mbean-pattern": Topic.MBEAN,
    "method-pattern": Topic.METHOD,
    "retransform-id": Topic.RETRANSFORM,
    "sysprop-key": Topic.SYSPROP,
    "thread-id": Topic.THREAD,
    "tt-index": Topic.TT_INDEX,
    "vmoption-name": Topic.VMOPTION,
}

# Kinds whose values are always the same, with what they mean.
FIXED: Mapping[str, Mapping[str, str]] = {
    "boolean": {"true": "", "false": ""},
    "arthas-option-value": {"true": "", "false": ""},
    "charset": {"UTF-8": "", "GBK": "", "ISO-8859-1": ""},
    "int:0-4": {"1": "", "2": "", "3": "", "4": "all of it"},
    "ognl-express": {
        "params": "what it was called with",
        "returnObj": "what it returned",
        "throwExp": "what it threw",
        "target": "the object it was called on",
        "clazz": "its class",
        "{params,target,returnObj}": "all three",
        "{params,returnObj,throwExp}": "all three",
    },
    "condition-express": {
        "#cost": "milliseconds that the call took: '#cost>100'",
        "params": "what it was called with: 'params[0]>1'",
        "params.length": "",
        "returnObj": "what it returned",
        "throwExp": "what it threw: 'throwExp!=null'",
    },
}
# Of `ognl` and `vmtool` an expression knows nothing of a call.
_WITHOUT_CALL = frozenset({"ognl", "vmtool", "getstatic"})

# Options of a command of which the server heeds one.
EXCLUSIVE: Mapping[str, tuple[frozenset[str], ...]] = {
    "classloader": (
        frozenset({"--all", "--list-classloader", "--tree", "--url-stat", "--url-classes"}),
        frozenset({"--resource", "--load"}),
        frozenset({"--classloader", "--classLoaderClass"}),
    ),
    "retransform": (frozenset({"--list", "--delete", "--deleteAll"}),),
    "thread": (
        frozenset({"--top-n-threads", "--include-blocking-thread", "--state"}),
        frozenset({"--top-n-threads", "--include-blocking-thread", "--all"}),
    ),
    "tt": (
        frozenset({"--time-tunnel", "--list", "--delete-all", "--index"}),
        frozenset({"--time-tunnel", "--list", "--delete-all", "--search-express"}),
        frozenset({"--play", "--delete", "--watch-express"}),
    ),
}


def list_fixed(command: Command, taker: Option | Argument) -> Mapping[str, str]:
    """Return the values that do not depend on the target, each with what it means."""
    if taker.enum:
        return dict.fromkeys((value.partition("[")[0] for value in taker.enum), "")
    if command.name in _WITHOUT_CALL and taker.kind.endswith("express"):
        return {}
    return FIXED.get(taker.kind, {})


def list_options(command: Command, given: tuple[Option, ...]) -> list[Option]:
    """Return the options that may still be given: no flag twice, none that another excludes."""
    names = {option.long for option in given}
    excluded = {
        name
        for group in EXCLUSIVE.get(command.name, ())
        if not group.isdisjoint(names)
        for name in group
    }
    return [
        option
        for option in command.options
        if option.is_multi or not (option in given or option.long in excluded)
    ]


def describe_option(option: Option) -> str:
    """Return one line about an option."""
    what = option.summary or (option.kind if option.takes_value else "")
    default = "" if option.default is None else f", {option.default} unless given"
    return f"{what}{default}"
