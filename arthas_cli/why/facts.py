"""What `:why` knows: an enhancing line read, and what the server says of the classes in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.guard.patterns import find_most_matches
from arthas_cli.line.scan import Word
from arthas_cli.line.tokens import find_part, quote_word

if TYPE_CHECKING:
    from arthas_cli.line.parse import Given, ParsedLine

_LAMBDA = re.compile(r"\$\$Lambda[$/]")
# JDK proxies; CGLIB, Spring, Byte Buddy, Javassist and Hibernate make subclasses.
_PROXY = re.compile(
    r"(^|\.)\$Proxy\d+|\$\$(EnhancerBy|SpringCGLIB|FastClassBy|_javassist)|\$ByteBuddy"
)
_ARTHAS_LOADER = "com.taobao.arthas.agent.ArthasClassloader"
_BOOTSTRAP = "null"


@dataclass(frozen=True, slots=True)
class Target:
    """The class and the method that an enhancing line names, and what narrows it."""

    parsed: ParsedLine
    class_pattern: Word
    method_pattern: Word | None
    condition: Word | None

    @property
    def is_regex(self) -> bool:
        """Whether the patterns are regular expressions."""
        return self.parsed.find("--regex") is not None

    @property
    def most_matches(self) -> int:
        """How many classes the server enhances at most; more: none at all."""
        return find_most_matches(self.parsed)

    def find_value_token(self, option: str) -> Word | None:
        """Return the value of an option with its place, None where it is not given."""
        given = self.parsed.find(option)
        if given is None or given.value is None:
            return None
        return _find_value_token(self.parsed.line, given)

    def replace(self, token: Word, word: str) -> str:
        """Return the line with a word in the place of that one; an empty one takes it away."""
        line = self.parsed.line
        if not word:
            return f"{line[: token.start].rstrip()} {line[token.end :].lstrip()}".strip()
        return f"{line[: token.start]}{quote_word(word)}{line[token.end :]}"

    def insert(self, option: str) -> str:
        """Return the line with an option behind the command's name."""
        line, at = self.parsed.line, self.parsed.name.end
        return f"{line[:at]} {option}{line[at:]}"

    def matches(self, pattern: Word, name: str) -> bool:
        """Return whether a name fits a pattern of the line as the server fits it."""
        if self.is_regex:
            try:
                return re.fullmatch(pattern.text, name) is not None
            except re.error:  # Java's own syntax
                return True
        parts = re.split(r"([*?])", pattern.text.replace("/", "."))
        signs = {"*": ".*", "?": "."}
        return re.fullmatch("".join(signs.get(p, re.escape(p)) for p in parts), name) is not None


@dataclass(frozen=True, slots=True)
class ClassFact:
    """A loaded class as `sc -d` has it; `loader` is its loader's hash, `null` for the JVM's own."""

    name: str
    loader: str = ""
    loader_name: str = ""
    modifier: str = ""
    is_interface: bool = False
    is_enum: bool = False
    is_array: bool = False
    super_classes: tuple[str, ...] = ()

    @property
    def is_of_jvm(self) -> bool:
        """Whether the JVM's own loader has loaded it."""
        return self.loader == _BOOTSTRAP

    @property
    def is_of_arthas(self) -> bool:
        """Whether it is part of Arthas, which never enhances itself."""
        return self.loader_name.startswith(_ARTHAS_LOADER)

    @property
    def is_lambda(self) -> bool:
        """Whether the JVM has made it for a lambda."""
        return _LAMBDA.search(self.name) is not None

    @property
    def is_proxy(self) -> bool:
        """Whether a library has made it at run time to stand before another."""
        return _PROXY.search(self.name) is not None


@dataclass(frozen=True, slots=True)
class MethodFact:
    """A method as `sm -d` has it."""

    class_name: str
    name: str
    loader: str = ""
    modifier: str = ""
    parameters: tuple[str, ...] = ()

    @property
    def is_native(self) -> bool:
        """Whether it has no bytecode because it is written in another language."""
        return "native" in self.modifier.split(",")

    @property
    def is_abstract(self) -> bool:
        """Whether it has no body."""
        return "abstract" in self.modifier.split(",")

    @property
    def signature(self) -> str:
        """The method as people write it: `price(int)`."""
        return f"{self.name}({', '.join(self.parameters)})"


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to know of a target when nothing comes of it.

    `matched`: the loaded classes that the pattern fits, subclasses included; `classes`: details of
    them, empty where there are too many. `methods`: those that the method pattern fits;
    `other_methods`: the names of the rest, where none fits. `inherited`: those that a superclass
    has. `near`: loaded classes of a similar name, where no class fits. `options`: the values of
    the server's `options`; `version` the server's.
    """

    target: Target
    matched: tuple[str, ...] = ()
    classes: tuple[ClassFact, ...] = ()
    methods: tuple[MethodFact, ...] = ()
    other_methods: tuple[str, ...] = ()
    inherited: tuple[MethodFact, ...] = ()
    near: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    version: tuple[int, ...] = ()

    def has_option(self, name: str) -> bool:
        """Return whether a switch among the server's `options` is on."""
        return dict(self.options).get(name) == "true"

    @property
    def exact(self) -> tuple[ClassFact, ...]:
        """The classes that the pattern itself fits, without their subclasses."""
        target = self.target
        return tuple(c for c in self.classes if target.matches(target.class_pattern, c.name))


def find_target(parsed: ParsedLine) -> Target | None:
    """Return what the line is to enhance, None where it enhances nothing."""
    command = parsed.command
    if command is None or not command.enhances:
        return None
    kinds = [argument.kind for argument in command.arguments]
    found = dict(zip(kinds, parsed.arguments, strict=False))
    if not kinds:  # `line` has options alone
        for kind, option in (
            ("class-pattern", "--class"),
            ("method-pattern", "--method"),
            ("condition-express", "--condition"),
        ):
            given = parsed.find(option)
            if given is not None and given.value is not None:
                found[kind] = _find_value_token(parsed.line, given)
    if "class-pattern" not in found:
        return None
    return Target(
        parsed,
        found["class-pattern"],
        found.get("method-pattern"),
        found.get("condition-express"),
    )


def _find_value_token(line: str, given: Given) -> Word:
    """Return the word that is an option's value, or the part of a word: `-m=5`, `-m5`."""
    token, value = given.value_token, given.value or ""
    return token if token is not given.token else Word(value, *find_part(line, token, value))
