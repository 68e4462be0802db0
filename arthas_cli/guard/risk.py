"""Judges a line by its command, its options and their values; what is not known is dangerous."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import Risk, load_commands
from arthas_cli.errors import LineError
from arthas_cli.guard.cases import CASES, REASONS, VALUES
from arthas_cli.guard.fields import read_subject
from arthas_cli.guard.ognl import judge_expression
from arthas_cli.line.parse import parse_line
from arthas_cli.line.values import EXPRESSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arthas_cli.catalogue.model import Command
    from arthas_cli.guard.fields import Field
    from arthas_cli.line.parse import ParsedLine
    from arthas_cli.line.scan import Word

GRAVITY = (Risk.READS, Risk.OBSERVES, Risk.CHANGES, Risk.DANGEROUS)
# Without them, what is no OGNL to us is none to the server either.
_HIDING = ("@", "\\u")


class Basis(Enum):
    """What a verdict rests on; UNKNOWN: a word that is not known, an expression not readable."""

    KNOWN = auto()
    EXPRESSION = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line may do: its risk, why, and the place in the line that says so.

    `word`: where the word begins that it rests on, the value of an option that `span` names.
    `cure`: another way to the same, where there is one.
    """

    risk: Risk
    reason: str
    span: tuple[int, int]
    basis: Basis = field(default=Basis.KNOWN, compare=False)
    word: int = field(default=0, compare=False)
    cure: str = field(default="", compare=False)

    @property
    def changes_nothing(self) -> bool:
        """Whether it passes where only reading and observing is allowed."""
        return self.risk in (Risk.READS, Risk.OBSERVES)


def judge_line(line: str, fields: frozenset[Field] = frozenset()) -> Verdict:
    """Judge a line as it is sent. Never raises: what cannot be read is dangerous."""
    try:
        return judge(parse_line(line, load_commands()), fields)
    except LineError as error:
        reason = f"it cannot be judged: {error.message}"
        return Verdict(Risk.DANGEROUS, reason, error.span, Basis.UNKNOWN)


def judge(parsed: ParsedLine, fields: frozenset[Field] = frozenset()) -> Verdict:
    """Judge a line; the gravest of what its command, options, values and expressions do.

    `fields`: what is known to call no method.
    """
    return find_gravest(list_verdicts(parsed, fields))


def find_gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the first of the gravest ones; there must be one."""
    return max(verdicts, key=lambda verdict: GRAVITY.index(verdict.risk))


def list_verdicts(parsed: ParsedLine, fields: frozenset[Field] = frozenset()) -> list[Verdict]:
    """Return what each part of the line does, the command itself first."""
    command = parsed.command
    if command is None:
        known = REASONS.get(parsed.name.text)
        return [
            _make_grave(parsed.name, known or f"it is not known what '{parsed.name.text}' does")
        ]
    if parsed.asks_help and not parsed.options and not parsed.arguments and not parsed.unknown:
        return [Verdict(Risk.READS, "it shows help", parsed.name.span)]
    found = [_judge_command(parsed, command), *_judge_cases(parsed, command)]
    found += _judge_expressions(parsed, command, fields)
    return [*found, *_judge_values(parsed, command), *_judge_unknown(parsed, command)]


def _judge_command(parsed: ParsedLine, command: Command) -> Verdict:
    """Judge the command by itself, or by the case that makes it milder."""
    reason = REASONS.get(command.name, command.summary)
    if command.name == "ognl":  # its expression, which is judged too, makes it dangerous
        return Verdict(Risk.CHANGES, reason, parsed.name.span)
    conditions = CASES.get(command.name, {})
    for case in command.risk_cases:
        token = conditions[case.when](parsed) if case.when in conditions else None
        if token is not None and case.risk == Risk.READS:
            return Verdict(Risk.READS, case.why, token.span)
    return Verdict(command.risk, reason, parsed.name.span)


def _judge_cases(parsed: ParsedLine, command: Command) -> Iterator[Verdict]:
    conditions = CASES.get(command.name, {})
    for case in command.risk_cases:
        token = conditions[case.when](parsed) if case.when in conditions else None
        if token is not None:
            yield Verdict(Risk(case.risk), f"'{token.text}': {case.why}", token.span)


def _judge_expressions(
    parsed: ParsedLine, command: Command, fields: frozenset[Field]
) -> Iterator[Verdict]:
    """Judge whatever the command runs as OGNL, in arguments and in options."""
    subject = read_subject(parsed) if fields else None
    known = frozenset(field.owned for field in fields if field.subject == subject)
    texts = [
        (token.text, token, token, known)
        for argument, token in zip(command.arguments, parsed.arguments, strict=False)
        if argument.kind in EXPRESSIONS
    ]
    texts += [
        (given.value, given.token, given.value_token, frozenset())
        for given in parsed.options
        if given.option.kind in EXPRESSIONS and given.value is not None
    ]
    for text, token, word, harmless in texts:
        finding = judge_expression(text, harmless)
        if finding is not None:
            basis = Basis.EXPRESSION if finding.is_read else Basis.UNKNOWN
            reason = f"the expression: {finding.reason}"
            yield Verdict(finding.risk, reason, token.span, basis, word.start, finding.cure)


def _judge_values(parsed: ParsedLine, command: Command) -> Iterator[Verdict]:
    """Judge values that a server older than their options takes for an expression.

    There `watch A m --maxMatch 2` has the condition `2` (docs/protocol.md, 2.2).
    """
    if not any(argument.kind in EXPRESSIONS for argument in command.arguments):
        return
    for given in parsed.options:
        value = given.value or ""
        if not given.option.since or given.option.kind in EXPRESSIONS:
            continue
        finding = judge_expression(value)
        if finding is not None and (finding.is_read or any(sign in value for sign in _HIDING)):
            reason = f"an older server runs '{value}' as an expression: {finding.reason}"
            word = given.value_token.start
            yield Verdict(finding.risk, reason, given.token.span, Basis.UNKNOWN, word)


def _judge_unknown(parsed: ParsedLine, command: Command) -> Iterator[Verdict]:
    """Judge what the catalogue has not: an option, a value of few, a surplus word."""
    for token in parsed.unknown:
        yield _make_grave(token, f"it is not known what '{token.text}' does")
    values = VALUES.get(command.name)
    if values is not None:
        words = [(token.text, token, token) for token in parsed.arguments[:1]]
        actions = (given for given in parsed.options if given.option.long == "--action")
        words += [(each.value or "", each.token, each.value_token) for each in actions]
        for text, token, word in words:
            if text not in values:
                yield _make_grave(token, f"it is not known what '{text}' does", word)
    takes_many = any(argument.is_multi for argument in command.arguments)
    surplus = parsed.arguments[len(command.arguments) :]
    if surplus and not takes_many:
        yield _make_grave(surplus[0], f"'{command.name}' has no known argument '{surplus[0].text}'")


def _make_grave(token: Word, reason: str, word: Word | None = None) -> Verdict:
    start = (word or token).start
    return Verdict(Risk.DANGEROUS, reason, token.span, Basis.UNKNOWN, start)
