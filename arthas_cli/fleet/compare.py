"""What differs between the answers of many JVMs to one line, and what is equal everywhere.

A row is told from another by its key (`rows`), and what is never the same in two JVMs is told
apart (`usual`). Each row is kept once with those who gave it, so that many equal answers take
little more memory than one.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from functools import reduce
from hashlib import blake2b
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import NotRun
from arthas_cli.fleet.names import fold_briefly, fold_names
from arthas_cli.fleet.rows import read_rows
from arthas_cli.fleet.sameness import mask
from arthas_cli.fleet.usual import is_usual_field, is_usual_row
from arthas_cli.jsontext import read_strict
from arthas_cli.results import Role, find_role
from arthas_cli.text import sanitise
from arthas_cli.views.compared import Difference, Variant
from arthas_cli.views.read import format_json, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from arthas_cli.fleet.rows import Cells, Key
    from arthas_cli.jsontext import Json
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result

_COMPARED = (Role.HIT, Role.MESSAGE)
_MAX_NAMED = 6
_FEWEST = 2
# What numbers a result in its own JVM.
_JOB = re.compile(r'"jobId":\s*+\d++,?')
# So many different answers are known again without being read.
_MAX_READ = 4


class Comparison(NamedTuple):
    """How the answers of several JVMs compare.

    `targets`: those that were compared. `differences`: what is to be looked at; `usual`: what is
    another value in any two JVMs, such as a process id. `equal`: how many rows, or where the answer
    is no table how many fields, are the same everywhere. `left_out`: who gave no whole answer.
    """

    targets: tuple[str, ...]
    differences: tuple[Difference, ...]
    usual: tuple[Difference, ...]
    equal: int
    left_out: tuple[str, ...] = ()

    def summarise(self) -> str:
        """Return how much differs and is equal, in one line for people."""
        if len(self.targets) < _FEWEST:
            only = f": only {fold_briefly(self.targets)} answered" if self.targets else ""
            return f"nothing to compare{only}"
        if not (self.differences or self.usual or self.equal):
            return "no results"
        differs = len(self.differences)
        what = f"{differs:,} differ" if differs > 1 else "1 differs" if differs else "none differs"
        parts = [what, f"{self.equal:,} equal"]
        if names := list(_name_usual(self.usual)):
            more = len(names) - _MAX_NAMED
            tail = [f"{more} more"] if more > 0 else []
            parts.append(f"always differ: {', '.join(names[:_MAX_NAMED] + tail)}")
        if self.left_out:
            parts.append(f"not compared: {fold_briefly(self.left_out)}")
        return " · ".join(parts)


def refuse_stream(plan: Plan) -> None:
    """Raise NotRun where the line has no rows that could be compared."""
    if plan.is_stream:
        raise NotRun(
            f"'{plan.name}' streams: it has no rows to compare",
            hint="compare what is answered at once, such as 'sysprop' or 'sc -d CLASS'",
        )


class Comparer:
    """Takes the results of many JVMs in any order."""

    def __init__(self, targets: Sequence[str]) -> None:
        self._targets = tuple(targets)
        self._bits = {target: 1 << at for at, target in enumerate(self._targets)}
        self._rows: dict[_Place, dict[Cells, int]] = {}
        self._begun: dict[str, int] = {}
        self._read: OrderedDict[bytes, list[tuple[dict[Cells, int], Cells]]] = OrderedDict()

    def add(self, target: str, result: Result) -> None:
        """Take one result of one of the targets."""
        if find_role(result.type) not in _COMPARED:
            return
        bit = self._bits[target]
        is_first = not self._begun.get(result.type, 0) & bit
        self._begun[result.type] = self._begun.get(result.type, 0) | bit
        text = blake2b(_JOB.sub("", result.raw).encode("utf-8", "surrogatepass")).digest()
        places = self._read.get(text) if is_first else None
        if places is None:
            places = list(self._find_places(result, bit))
            if is_first:
                self._read[text] = places
                while len(self._read) > _MAX_READ:
                    self._read.popitem(last=False)
        for seen, cells in places:
            seen[cells] = seen.get(cells, 0) | bit

    def _find_places(self, result: Result, bit: int) -> Iterator[tuple[dict[Cells, int], Cells]]:
        """Yield where each row of a result is to be noted."""
        numbers: Counter[tuple[Key, bool]] = Counter()
        for key, cells, is_table in read_rows(result):
            masked = tuple(map(mask, key))
            place = _Place(result.type, masked, is_table)
            numbers[masked, is_table] += 1
            number = numbers[masked, is_table]
            if number > 1:
                place = place._replace(key=(*masked, f"#{number}"))
            while any(who & bit for who in self._rows.get(place, {}).values()):
                number += 1  # several are called so: the first of each belong together
                place = place._replace(key=(*masked, f"#{number}"))
            numbers[masked, is_table] = number
            yield self._rows.setdefault(place, {}), cells

    def finish(self, left_out: Collection[str] | None = ()) -> Comparison:
        """Return what differs between all but those that gave no whole answer; None: nobody did."""
        out = tuple(t for t in self._targets if left_out is None or t in left_out)
        targets = tuple(target for target in self._targets if target not in out)
        everybody = sum(self._bits[target] for target in targets)
        differences: list[Difference] = []
        usual: list[Difference] = []
        equal = 0
        for place in sorted(self._rows, key=_Place.order):
            held = {
                cells: who & everybody
                for cells, who in self._rows[place].items()
                if who & everybody
            }
            found = list(self._compare(place.key, held, everybody))
            for each in found:
                (usual if _is_usual(place, each) else differences).append(each)
            is_missing = any(not each.field for each in found)
            fields = {path for cells in held for path, _ in cells} if not is_missing else ()
            equal += bool(held) and not found if place.is_table else len(fields) - len(found)
        return Comparison(targets, tuple(differences), tuple(usual), equal, out)

    def _compare(self, key: Key, held: dict[Cells, int], everybody: int) -> Iterator[Difference]:
        """Yield the fields of a row that have several values, first that it is missing in some."""
        if not held or (len(held) == 1 and everybody in held.values()):
            return
        missing = everybody
        values: dict[str, dict[str, int]] = {}
        for cells, who in held.items():
            missing &= ~who
            for path, text in cells:
                having = values.setdefault(path, {})
                having[text] = having.get(text, 0) | who
        if missing and len(values) != 1:
            there = self._make_variant(everybody & ~missing)
            yield self._make_difference(
                key, "", [there, self._make_variant(missing, is_missing=True)]
            )
        for path, having in values.items():
            lacking = everybody & ~reduce(or_, having.values())
            if len(values) > 1:
                lacking &= ~missing  # which was said of the row as a whole
            if len(having) == 1 and not lacking:
                continue
            variants = [self._make_variant(who, read_strict(text)) for text, who in having.items()]
            if lacking:
                variants.append(self._make_variant(lacking, is_missing=True))
            yield self._make_difference(key, path, variants)

    def _make_difference(self, key: Key, field: str, variants: list[Variant]) -> Difference:
        """Return it with the most common value first, then as the targets stand."""
        variants.sort(key=lambda each: (-len(each.targets), self._bits[each.targets[0]]))
        return Difference(key, field, tuple(variants))

    def _make_variant(self, who: int, value: Json = None, *, is_missing: bool = False) -> Variant:
        targets = tuple(target for target, bit in self._bits.items() if who & bit)
        return Variant(targets, fold_names(targets), value, is_missing)


class _Place(NamedTuple):
    """Which row: its type, its key, and whether it is one of a table."""

    kind: str
    key: Key
    is_table: bool

    def order(self) -> tuple[str, ...]:
        """Return what sorts rows as people look them up."""
        return (self.kind, *(part.lower() for part in self.key), *self.key)


def _is_usual(place: _Place, found: Difference) -> bool:
    """Return whether a difference says nothing: any two JVMs have it."""
    if is_usual_field(place.kind, found.field) or is_usual_row(place.kind, place.key):
        return True
    values = {mask(format_json(each.value)) for each in found.variants if not each.is_missing}
    return len(values) == 1 and not any(each.is_missing for each in found.variants)


def _name_usual(usual: Sequence[Difference]) -> Iterator[str]:
    """Yield what always differs: a row by its name, a column of many rows once."""
    numbers = Counter(each.field for each in usual)
    for field, number in numbers.items():
        name = field.rpartition(".")[2]
        if field in ("", "value"):
            yield from (
                each.key[-1] if each.key else each.label for each in usual if each.field == field
            )
        else:
            yield f"{name} of {number:,}" if number > 1 else name


def list_differences(comparison: Comparison) -> dict[str, Json]:
    """Return what differs as part of a document (docs/many-jvms.md)."""
    return {
        "differences": [_describe(each) for each in comparison.differences],
        "alwaysDiffer": [_describe(each) for each in comparison.usual],
    }


def _describe(difference: Difference) -> dict[str, Json]:
    values: list[Json] = []
    for variant in difference.variants:
        value: dict[str, Json] = {"targets": list(variant.targets), "missing": variant.is_missing}
        if difference.field and not variant.is_missing:
            value["value"] = variant.value
        values.append(value)
    return {"key": list(difference.key), "field": difference.field or None, "values": values}


def list_cells(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    """Yield the comparison as a table, its header first: a column a target, "" where missing."""
    yield ("key", "field", "always", *comparison.targets)
    for always, found in (("no", comparison.differences), ("yes", comparison.usual)):
        for each in found:
            cells = {
                target: "" if variant.is_missing else plain(variant.value) if each.field else "yes"
                for variant in each.variants
                for target in variant.targets
            }
            row = (cells.get(target, "") for target in comparison.targets)
            yield tuple(map(sanitise, (" ".join(each.key), each.field, always, *row)))
