"""Which names of OGNL only read, and which do something.

OGNL reads a property by calling what bears its name, behind `get`, `is`, `has` or nothing, in any
case of letters: `list.clear` empties the list as `list.clear()` does, `counter.andIncrement` calls
`getAndIncrement()`, `a.sueToken` calls `issueToken()` (seen on 4.1.5). Whether a class has such a
method only the target knows, so a property is taken for a call if some class of the JDK has one of
that name that acts, or if its words begin with a verb of action.
"""

from __future__ import annotations

import re
from functools import lru_cache

from arthas_cli.own_files import read_own_text

_GETTER = re.compile(r"get[A-Z0-9_$]\w*|is[A-Z0-9_$]\w*", re.ASCII)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+")


def _read(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Calls that only look, beside getX and isX.
_LOOKS = _read("""
    size length toString equals equalsIgnoreCase hashCode contains containsKey containsValue
    containsAll isEmpty isBlank startsWith endsWith indexOf lastIndexOf charAt codePointAt substring
    trim strip toLowerCase toUpperCase matches compareTo compareToIgnoreCase concat intValue
    longValue doubleValue floatValue shortValue byteValue booleanValue name ordinal keySet values
    entrySet subList toArray
    """)

# getX that opens a class to whatever one likes, as a call.
_REFLECTION = _read("""
    class classes method methods field fields constructor constructors runtime resource resources
    resourceasstream classloader contextclassloader systemclassloader platformclassloader unsafe
    """)
_REFLECTION_BEGINS = ("declared", "enclosing", "constructor", "proxyclass", "engineby")

# getX that makes, takes, consumes or counts something.
_ACTING = _read("connection inputstream outputstream reader writer session bean beans instance")
# As a property the others are far more often a field.
_ACTING_PROPERTIES = _read("connection inputstream outputstream")
_ACTING_BEGINS = (
    *("and", "next", "beansof", "beanswith", "orcreate", "orcompute", "orinsert", "orload"),
    *("oradd", "ormake", "orput", "orset", "orelseupdate"),
)

# The first words of methods that do something.
_VERBS = _read("""
    abort accept acquire add apply attach await begin bind block call cancel clear close commit
    compact compute connect consume create decrement delete deregister destroy detach disable
    disconnect dispatch dispose do drain drop dump emit empty enable enqueue evict exec execute exit
    expire fail finalize fire flush force fork gc halt increment init initialize insert interrupt
    invalidate invoke join kill launch load lock logout make merge move new next notify open park
    persist poll pop print println publish pull purge push put reboot rebuild receive reconnect
    refresh register release reload remove rename reopen replace reset resize restart resume retry
    reverse revoke rollback rotate run save schedule send set shuffle shutdown signal skip sleep
    sort spawn start stop submit subscribe suspend swap sync take terminate touch transfer truncate
    try unbind unload unlock unpark unregister unsubscribe update upgrade wait wipe write yield
    """)
# The same, but alone they are names of things at least as often: `process`, `free`.
_VERBS_WITH_OBJECT = _read("""
    acknowledge advance alert allocate approve archive assign backup broadcast change charge check
    clean configure deallocate debit demote deploy deposit discard edit elect erase escalate expel
    feed forget free handle hibernate install isolate issue migrate modify mutate pay perform play
    prepare process produce promote prune purchase raise rebalance recalculate recompute refund
    reject requeue rerun retire rewind seek ship step switch tear toggle trigger unblock undeploy
    uninstall wake warm withdraw
    """)
# Verbs written together with what follows, since the case of letters does not matter.
_JOINED = _read("""
    clearall closeall deleteall stopall killall runall newinstance get andincrement anddecrement
    flushall resetall startall dropall
    """)
# Behind a verb these make a time or a person of it: `createTime`, `deleteAt`, `updateBy`.
_TIMES = _read("time times timestamp date at by millis ms nanos ts day")
_TIME_VERBS = _VERBS_WITH_OBJECT | _read("""
    abort accept begin cancel close commit connect create delete disable enable execute expire
    fail init insert launch load lock open publish receive refresh register release resume run
    save schedule send start stop submit suspend sync terminate update wait write
    """)
# And these a value: `startIndex`, `loadFactor`, `newName`.
_VALUES = _read("""
    id ids index count counter size value key code type status state name number no num total
    amount position pos offset length limit factor rate reason path url mode level version
    password user interval delay timeout period
    """)
_VALUE_VERBS = _VERBS_WITH_OBJECT | _read("""
    accept apply begin block call create launch load lock move new open print publish push register
    run send sort start submit try update wait write
    """)


def find_call_danger(name: str, arguments: int) -> str | None:
    """Return why the call of a method is more than a look; None where it is none."""
    rest = name.removeprefix("get").lower()
    if name == "get" and arguments == 1:  # of a list or a map; without an argument it may compute
        return None
    if name not in _LOOKS and not _GETTER.fullmatch(name):
        return f"it calls {name}()"
    if name.startswith("get") and (
        rest in _REFLECTION or rest.startswith(_REFLECTION_BEGINS) or "classloader" in rest
    ):
        return f"{name}() gives access to any other call"
    acts = arguments == 0 and name.lower() in _load_jdk_methods()  # `buffer.getInt()` reads on
    if acts or (name.startswith("get") and (rest in _ACTING or _begins_with(rest, name[3:]))):
        return f"{name}() may do more than read"
    return None


def find_property_danger(name: str) -> str | None:
    """Return why a property may call what does something; None where its words are harmless."""
    if not name:  # as a property, `""` is the method get()
        return "an empty name may be a method, which OGNL would call"
    if any(_may_be_ascii(character) for character in name):
        return f"'{name}' may be read as another name"
    bare = name.strip("_$")
    noun = bare.lower().removeprefix("get")
    is_getter = noun != bare.lower() and (noun in _REFLECTION or noun in _ACTING)
    is_acting = bare.lower() in _ACTING_PROPERTIES or _begins_with(bare.lower(), bare)
    is_acting = is_acting or _is_action(bare) or _is_action(f"is{bare}")
    if is_getter or is_acting or is_method_of_jdk(name):
        return f"'{name}' may be a method, which OGNL would call{_name_way_out(name)}"
    return None


def is_method_of_jdk(name: str) -> bool:
    """Return whether some class of the JDK has a method that acts and is read as that property."""
    called = [prefix + name.lower() for prefix in ("", "get", "is", "has")]
    return not _load_jdk_methods().isdisjoint(called)


def opens_class(name: str) -> bool:
    """Return whether a property is the class of its object, which opens all of reflection."""
    return name.lower() == "class"


def _name_way_out(name: str) -> str:
    """Name the getter of what may be a field after all, where that one passes."""
    getter = f"get{name[:1].upper()}{name[1:]}"
    passes = _GETTER.fullmatch(getter) and find_call_danger(getter, 0) is None
    return f"; use the getter '{getter}()'" if passes and not name.startswith("get") else ""


@lru_cache(maxsize=1)
def _load_jdk_methods() -> frozenset[str]:
    """Return the JDK's own methods without arguments that act, in small letters."""
    text = read_own_text(__name__, "jdk_methods.txt")
    return frozenset(text.lower().split())


def _may_be_ascii(character: str) -> bool:
    """Return whether it is some ASCII letter to Java in another case, as a dotless i is."""
    folded = (character.lower()[:1], character.upper()[:1])
    return not character.isascii() and any(part.isascii() for part in folded)


def _is_action(name: str) -> bool:
    """Return whether the words of a name are those of a method that does something."""
    lower = name.lower()
    words = [word.lower() for word in _WORDS.findall(name)]
    if lower in _VERBS or lower in _JOINED:
        return True
    if len(words) < 2:  # noqa: PLR2004 - a verb and its object
        return bool(words) and words[0] in _VERBS
    if words[0] not in _VERBS | _VERBS_WITH_OBJECT:
        return False
    is_time = words[0] in _TIME_VERBS and words[-1] in _TIMES
    return not (is_time or (words[0] in _VALUE_VERBS and words[-1] in _VALUES))


def _begins_with(lower: str, name: str) -> bool:
    """Return whether the name begins with the words of an acting getter, as words."""
    for begin in _ACTING_BEGINS:
        behind = name[len(begin) : len(begin) + 1]
        if lower.startswith(begin) and (behind == "" or not behind.islower()):
            return True
    return False
