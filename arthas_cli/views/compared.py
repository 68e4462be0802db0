"""What differs between JVMs: a column a JVM, or where they are many, each value under who has it.

Of long lists, search paths and texts only what is not the same everywhere is drawn, and the rest
counted.
"""

from __future__ import annotations

from collections import Counter
from difflib import unified_diff
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment

from arthas_cli.text import count
from arthas_cli.theme import GOOD, LABEL, NOTE, TITLE, WARNING
from arthas_cli.views.lines import Block, fold_text, labelled, width_of
from arthas_cli.views.read import plain
from arthas_cli.views.table import Column, Table, TableView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.style import Style

    from arthas_cli.jsontext import Json
    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page

# More JVMs have no room beside each other in 80 columns.
_MAX_COLUMNS = 3
_MAX_LABEL = 40
_MISSING, _THERE = "(missing)", "(there)"
_PATHS = ("path", "classpath")
# Beyond, the time to find out which line became which is not to be borne.
_MAX_COMPARED = 5_000
_STYLES = {"+": GOOD, "-": WARNING, "@": NOTE}


class Variant(NamedTuple):
    """One value of those that a field has, and the JVMs that have it; missing in these or not.

    `names`: the targets in few words.
    """

    targets: tuple[str, ...]
    names: str
    value: Json = None
    is_missing: bool = False


class Difference(NamedTuple):
    """A field that has several values; the most common one is the first.

    `field`: empty where the row itself is missing somewhere, and its values are several.
    """

    key: tuple[str, ...]
    field: str
    variants: tuple[Variant, ...]

    @property
    def label(self) -> str:
        """What it is called; the field left out that every row has."""
        field = self.field.removeprefix("value").removeprefix(".") if self.key else self.field
        return " ".join(filter(None, (*self.key, field)))

    @property
    def is_text(self) -> bool:
        """Whether it has values of several lines."""
        return any("\n" in each.value for each in self.variants if isinstance(each.value, str))


def render_differences(
    differences: Sequence[Difference], targets: tuple[str, ...], page: Page
) -> Block:
    """Draw what differs between the targets."""
    texts = [each for each in differences if each.is_text]
    values = [(each, _format(each)) for each in differences if not each.is_text]
    has_room = len(targets) <= _MAX_COLUMNS
    flat = [pair for pair in values if has_room and not any("\n" in text for text in pair[1])]

    def lines() -> Iterator[Line]:
        yield from _side_by_side(flat, targets, page)
        for each, shown in values:
            if (each, shown) not in flat:
                yield from _grouped(each, shown, page)
        for each in texts:
            yield from _grouped(each, _format_texts(each), page)

    return Block(lines())


def _side_by_side(
    differences: Sequence[tuple[Difference, list[str]]], targets: tuple[str, ...], page: Page
) -> Iterator[Line]:
    if not differences:
        return
    rows: list[dict[str, Json]] = []
    for each, shown in differences:
        row: dict[str, Json] = {"": each.label}
        for variant, text in zip(each.variants, shown, strict=True):
            row |= dict.fromkeys(variant.targets, text)
        rows.append(row)
    view = TableView(
        columns=(
            Column("", "", is_name=True, style=LABEL),
            *(Column(target, target) for target in targets),
        ),
        rows=lambda _: rows,
    )
    yield from Table(view, page).lines({})


def _grouped(difference: Difference, shown: list[str], page: Page) -> Iterator[Line]:
    """Yield each value behind the names that have it; below, where names or values are long."""
    for piece in fold_text(difference.label, page.width):
        yield (Segment(piece, TITLE),)
    names = [_name(difference, at) for at in range(len(shown))]
    most = max(map(width_of, names))
    is_below = difference.is_text or most > _MAX_LABEL
    for at, (name, text) in enumerate(zip(names, shown, strict=True)):
        style = WARNING if at else LABEL
        if is_below:
            yield from _indented(name, 2, page, {}, style)
            yield from _indented(text, 4, page, _STYLES if difference.is_text else {})
        else:
            pair = (name + " " * (most - width_of(name)), text)
            yield from labelled((pair,), page.width, style, indent=2)


def _indented(
    text: str, indent: int, page: Page, styles: Mapping[str, Style], style: Style | None = None
) -> Iterator[Line]:
    """Yield the lines of a text; `styles`: of those that begin with a sign."""
    room = None if page.width is None else max(page.width - indent, 1)
    for piece in fold_text(text, room):
        yield (Segment(" " * indent), Segment(piece, styles.get(piece[:1], style)))


def _name(difference: Difference, at: int) -> str:
    """Return who has a variant; of the most common one, whose names are many, how many."""
    targets, names, *_ = difference.variants[at]
    is_long = at == 0 and len(names) > _MAX_LABEL and len(targets) > 1
    return f"the other {len(targets)}" if is_long else names


def _format(difference: Difference) -> list[str]:
    """Return the values as text; of lists and search paths what is not the same everywhere."""
    held = [each.value for each in difference.variants if not each.is_missing]
    parts = [_split(difference.key, value) for value in held]
    shown = iter(_leave_out_equal(parts) if len(held) > 1 and all(parts) else map(_write, held))
    return [
        _MISSING if each.is_missing else next(shown) if difference.field else _THERE
        for each in difference.variants
    ]


def _write(value: Json) -> str:
    return '""' if value == "" else plain(value)


def _split(key: tuple[str, ...], value: Json) -> list[str]:
    """Return the parts of a list or of a search path; empty for any other value."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    is_path = key and key[-1].lower().endswith(_PATHS) and isinstance(value, str)
    return plain(value).split(";" if ";" in plain(value) else ":") if is_path else []


def _leave_out_equal(lists: list[list[str]]) -> Iterator[str]:
    common = Counter(lists[0])
    for parts in lists[1:]:
        common &= Counter(parts)
    rests = []
    for parts in lists:
        left = common.copy()
        rest = []
        for part in parts:
            if left[part]:
                left[part] -= 1
            else:
                rest.append(part)
        rests.append(rest)
    if not any(rests):  # the same in another order
        yield from ("\n".join(parts) for parts in lists)
        return
    equal = f"({common.total():,} equal)"
    yield from ("\n".join([*rest, equal] if common else rest) for rest in rests)


def _format_texts(difference: Difference) -> list[str]:
    """Return how long the most common text is, and what differs from it in each other one."""
    first, *others = (each for each in difference.variants if not each.is_missing)
    base = plain(first.value).split("\n")
    shown = {first.targets: count(len(base), "line")}
    for other in others:
        lines = plain(other.value).split("\n")
        shown[other.targets] = "\n".join(_compare_lines(base, lines))
    return [shown.get(each.targets, _MISSING) for each in difference.variants]


def _compare_lines(base: list[str], other: list[str]) -> Iterator[str]:
    if max(len(base), len(other)) <= _MAX_COMPARED:
        yield from islice(unified_diff(base, other, n=1, lineterm=""), 2, None)
        return
    fewer, more = Counter(base), Counter(other)
    yield from (f"-{line}" for line in (fewer - more).elements())
    yield from (f"+{line}" for line in (more - fewer).elements())
