"""Nothing that fits is missed: the index against a matcher that looks at every name."""

from __future__ import annotations

import re
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from support.classnames import make_names
from support.soak import pick

from arthas_cli.completion.matching import find_initials, make_hump_pattern
from arthas_cli.completion.ranked import Beginnings, Lines, RankedNames

NAMES = sorted(make_names(1_800), key=str.lower)
RANKED = RankedNames(NAMES)
find_cached, make_cached = cache(find_initials), cache(make_hump_pattern)


def grade(name: str, word: str) -> int:
    """Returns the stage that the name is found in, 5 for none."""
    simple = name.rpartition(".")[2]
    lower, initials = simple.lower(), find_cached(simple)
    pattern = make_cached(word)
    fits_humps = pattern is not None and initials.startswith(find_cached(word))
    letters = iter(lower)
    found = [
        lower.startswith(word.lower()),
        initials.startswith(word.lower()),
        fits_humps and pattern is not None and pattern.match(simple) is not None,
        word.lower() in lower,
        lower[:1] == word[0].lower() and all(letter in letters for letter in word.lower()),
    ]
    return next((number for number, fits in enumerate(found) if fits), 5)


def find_all(names: list[str], word: str, below: str, most: int) -> list[str]:
    """Looks at every name."""
    graded = [
        (
            grade(name, word),
            len(find_cached(name.rpartition(".")[2])),
            len(name),
            name.lower(),
            name,
        )
        for name in names
        if name.lower().startswith(below)
    ]
    fitting = [one for one in sorted(graded) if one[0] < most]
    return [one[-1] for one in fitting[:150]]


def check(ranked: RankedNames, names: list[str], word: str, below: str) -> None:
    assert ranked.find(word, below, is_close=False) == find_all(names, word, below, 4)
    if not find_all(names, word, below, 4):
        assert ranked.find_scattered(word, below) == find_all(names, word, below, 5)
    assert ranked.find(word, below, is_close=True) == find_all(names, word, below, 2)


@st.composite
def draw_words(draw: st.DrawFn) -> tuple[str, str]:
    """Draws letters of a name that is there, some left out or changed, and a package of one."""
    simple = draw(st.sampled_from(NAMES)).rpartition(".")[2]
    kept = draw(st.lists(st.booleans(), min_size=len(simple), max_size=len(simple)))
    way = draw(st.sampled_from(["letters", "beginning", "part", "humps", "any"]))
    at = draw(st.integers(0, len(simple) - 1))
    word = {
        "letters": simple[0] + "".join(c for c, keep in zip(simple, kept, strict=True) if keep),
        "beginning": simple[: at + 1],
        "part": simple[at : at + 4],
        "humps": "".join(hump[: 1 + at % 3] for hump in re.findall("[A-Z][a-z]*", simple)),
        "any": draw(st.text("acexzSUEZ$1_", min_size=1, max_size=4)),
    }[way]
    package = draw(st.sampled_from(NAMES)).lower().split(".")[:-1]
    below = ".".join(package[: draw(st.integers(0, len(package)))])
    word = draw(st.sampled_from([word, word.lower(), word.upper()])) or simple
    return word, below + "." if below else ""


@settings(max_examples=pick(30, 100))
@given(draw_words())
def test_whatever_a_look_at_every_name_finds_is_found_the_best_first(
    words: tuple[str, str],
) -> None:
    check(RANKED, NAMES, *words)


def test_rare_humps_are_found_whatever_comes_before_them() -> None:
    common = [f"a.Xylo{number:05}" for number in range(3_000)]
    late = ["z.XyzZone", "z.XxYyZz", "z.XyloEjbZip"]
    ranked = RankedNames(common + late)
    assert ranked.find("xyz", "", is_close=False) == ["z.XyzZone", "z.XxYyZz"]
    assert ranked.find_scattered("xlez", "") == ["z.XyloEjbZip"]
    assert ranked.find("XyEjZi", "", is_close=False) == ["z.XyloEjbZip"]


def test_a_part_is_found_in_a_large_package_among_many_classes_of_others() -> None:
    names = [f"b.Service{number:05}" for number in range(3_000)]
    names += [f"c.shop.Thing{number:05}" for number in range(11_000)]
    names += ["c.shop.zone.TheLongNameOfAVeryGoodService"]
    assert RankedNames(names).find("service", "c.", is_close=False) == names[-1:]


def test_beginnings_and_parts_are_found_by_their_numbers() -> None:
    texts = ["user", "order", "users", "", "use"]
    assert sorted(Beginnings(texts).find("user")) == [0, 2]
    assert list(Lines(texts).find("se")) == [0, 2, 4]
    assert list(Lines(texts).find("se", 1, 3)) == [2]
    assert list(Lines(texts).find("ro")) == []


def test_letters_are_looked_for_from_the_first_to_the_last_class_that_begins_so() -> None:
    ranked = RankedNames(["a.Byte", "a.CaByte", "a.Cxxb", "a.Date"])
    assert ranked.find_scattered("cxb", "") == ["a.Cxxb"]
    assert ranked.find_scattered("cye", "") == ["a.CaByte"]
