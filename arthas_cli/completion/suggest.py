"""What the word at the cursor may become: pure, from what is known now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from arthas_cli.completion.facts import Topic
from arthas_cli.completion.matching import holds_letters
from arthas_cli.completion.paths import TO_JSON, list_paths, list_programs
from arthas_cli.completion.situation import Place, read_situation
from arthas_cli.completion.values import (
    CLASS_KINDS,
    FILE_KINDS,
    LOADER_KINDS,
    TOPICS,
    describe_option,
    list_fixed,
    list_options,
)
from arthas_cli.line.tokens import quote_word
from arthas_cli.session.enhanced import read_line
from arthas_cli.session.loaders import list_named
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from arthas_cli.catalogue.model import Command, Option
    from arthas_cli.completion.index import ClassIndex
    from arthas_cli.completion.situation import Situation

_MAX = 50
_MAX_NOTES = 3
_NOT_AT_ALL = 4
_NUMBERED = (Topic.TT_INDEX, Topic.RECORDING, Topic.RETRANSFORM)
# Thread ids and hashes are found by the name that stands beside them as well.
_ID = re.compile("[0-9a-f]+")


class Known(Protocol):
    """What is known of the target just now; asking it never waits (`Knowledge`)."""

    @property
    def index(self) -> ClassIndex:
        """The names of classes."""

    @property
    def used(self) -> Mapping[str, int]:
        """How often words were used."""

    def find(
        self, topic: Topic, of: str = "", loader: str = "", *, on_request: bool = False
    ) -> Mapping[str, tuple[str, ...]]:
        """Return names with their notes."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the shell's own: what it does, and the values of its argument, if it has few.

    `takes_many`: of its values it takes as many as are wanted, each once.
    """

    summary: str
    values: Mapping[str, str]
    takes_many: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be put in the place of the text from `start` on; `note` and `shown` are safe."""

    text: str
    start: int
    shown: str
    note: str


@dataclass(frozen=True, slots=True)
class Suggester:
    """Suggests for a text, with the commands of the server and the words of the shell.

    `has_files`: the server's files are those of this machine.
    """

    find_commands: Callable[[], Mapping[str, Command]]
    words: Mapping[str, Word]
    known: Known
    has_files: bool = False

    def suggest(self, text: str, behind: str = "", *, on_request: bool = True) -> list[Suggestion]:
        """Return what the end of the text may become, the likeliest first; at most 50.

        `behind`: what stands behind the cursor. `on_request`: as in `Knowledge.want`.
        """
        situation = read_situation(text, self.find_commands(), behind)
        if situation is None:
            return []
        found = [
            _make(word, note, situation)
            for word, note in self._list(situation, on_request=on_request)
            if word != situation.word
        ]
        return found[:_MAX]

    def _list(self, situation: Situation, *, on_request: bool) -> Iterable[tuple[str, str]]:
        match situation.place:
            case Place.COMMAND | Place.WORD | Place.PROGRAM:
                return self._match(self._list_names(situation), situation.word)
            case Place.FILE:
                return list(list_paths(situation.word).items())
            case Place.OPTION:
                return _match_options(situation)
            case Place.VALUE:
                return self._list_values(situation, on_request=on_request)
            case Place.ARGUMENT:
                values = list(self._list_values(situation, on_request=on_request))
                has_options = situation.can_be_option and not situation.word
                return [*values, *_match_options(situation)] if has_options else values

    def _list_commands(self) -> dict[str, str]:
        commands = self.find_commands().values()
        shown = {one.name: one.summary for one in commands if not one.is_hidden}
        return shown | {name: word.summary for name, word in self.words.items()}

    def _list_names(self, situation: Situation) -> Mapping[str, str]:
        if situation.place is Place.COMMAND:
            return self._list_commands()
        if situation.place is Place.PROGRAM:
            to_json = {} if situation.name in self.words or not situation.name else TO_JSON
            return to_json | list_programs()
        word = self.words.get(situation.name)
        if word is None or (situation.arguments and not word.takes_many):
            return {}
        given = situation.arguments
        return {value: note for value, note in word.values.items() if value not in given}

    def _list_values(self, situation: Situation, *, on_request: bool) -> Iterable[tuple[str, str]]:
        command, taker = situation.command, situation.taker
        if command is None or taker is None:
            return []
        if taker.kind in CLASS_KINDS:
            return self._list_classes(situation)
        if taker.kind in LOADER_KINDS:
            return self._list_loaders(situation, TOPICS[taker.kind])
        if taker.kind == "command-name":
            return self._match(self._list_commands(), situation.word)
        if taker.kind in FILE_KINDS:
            return list(list_paths(situation.word).items()) if self.has_files else []
        values = dict(list_fixed(command, taker))
        topic = TOPICS.get(taker.kind)
        if topic is not None:
            owner = find_owner(situation, topic)
            found = self.known.find(topic, owner, situation.loader, on_request=on_request)
            names = _sort_names(topic, found)
            values |= {name: _join_notes(found[name]) for name in names}
        return self._match(values, situation.word)

    def _list_classes(self, situation: Situation) -> Iterator[tuple[str, str]]:
        learned = self.known.find(Topic.CLASS)
        if not _is_plain(situation.word):
            return
        names = self.known.index.find(situation.word, self.known.used, _MAX)
        seen = dict(self._match(dict.fromkeys(learned, ""), situation.word)) if learned else {}
        for name in dict.fromkeys((*names, *seen)):
            # In a regular expression a bare `$` is the end of the text.
            yield (name.replace("$", r"\$") if situation.has("-E") else name), ""

    def _list_loaders(self, situation: Situation, topic: Topic) -> Iterator[tuple[str, str]]:
        """Yield class loaders, those first that have a class which the line names."""
        parsed = read_line(situation.line)
        has: dict[str, tuple[str, ...]] = {}
        for name in list_named(parsed) if parsed else ():
            has |= self.known.find(Topic.HOLDER, name)
        others = self.known.find(topic)
        if topic is Topic.LOADER_CLASS:  # whose note is the hash
            has = {one: notes for one, notes in others.items() if not has.keys().isdisjoint(notes)}
        rest = {one: notes for one, notes in others.items() if one not in has}
        for part in (has, rest):
            notes = {one: _join_notes(of_one) for one, of_one in part.items()}
            yield from self._match(notes, situation.word)

    def _match(self, values: Mapping[str, str], word: str) -> list[tuple[str, str]]:
        """Return the values that fit, those most used first, then those that begin so."""
        lower = word.lower()
        used = self.known.used
        graded = (
            (-used.get(value, 0), _grade(value.lower(), note.lower(), lower), value)
            for value, note in values.items()
        )
        fitting = sorted((one for one in graded if one[1] < _NOT_AT_ALL), key=lambda one: one[:2])
        return [(value, values[value]) for *_, value in fitting]


def _grade(value: str, note: str, word: str) -> int:
    if value.startswith(word):
        return 0
    if word in value:
        return 1
    if word in note and _ID.fullmatch(value):
        return 2
    return 3 if len(word) > 1 and holds_letters(value, word) else _NOT_AT_ALL


def find_owner(situation: Situation, topic: Topic) -> str:
    """Return the class of a method or field, or the MBean of an attribute; empty for others."""
    if topic is Topic.ATTRIBUTE:
        return situation.arguments[0] if situation.arguments else ""
    if topic not in (Topic.METHOD, Topic.FIELD):
        return ""
    # `line` has an option for it.
    name = situation.arguments[0] if situation.arguments else situation.values.get("class", "")
    return name.replace(r"\$", "$").replace("/", ".")


def _sort_names(topic: Topic, names: Iterable[str]) -> list[str]:
    """Return the names in their order; of what has numbers the newest first."""
    if topic is Topic.THREAD:  # the server tells them in the order of their load
        return list(names)
    if topic in _NUMBERED:
        return sorted(names, key=lambda name: (len(name), name), reverse=True)
    return sorted(names)


def _match_options(situation: Situation) -> Iterator[tuple[str, str]]:
    command = situation.command
    if command is None:
        return
    for option in list_options(command, situation.given):
        name = _choose_name(option, situation.word)
        if name:
            yield name, _describe(option, name)


def _choose_name(option: Option, word: str) -> str:
    """Return the name of the option that continues the word, the long one where both do."""
    names = [name for name in (option.long, option.short) if name]
    return next((name for name in names if name.lower().startswith(word.lower())), "")


def _describe(option: Option, name: str) -> str:
    other = option.short if name == option.long else option.long
    return "  ".join(part for part in (other or "", describe_option(option)) if part)


def _is_plain(word: str) -> bool:
    return not any(letter in word for letter in "*?|")


def _join_notes(notes: tuple[str, ...]) -> str:
    more = f" | and {len(notes) - _MAX_NOTES} more" if len(notes) > _MAX_NOTES else ""
    return " | ".join(notes[:_MAX_NOTES]) + more


def _make(word: str, note: str, situation: Situation) -> Suggestion:
    return Suggestion(quote_word(word), situation.start, one_line(word), one_line(note))
