"""The facts about servers that comments cite stand in docs/protocol.md, under the number cited."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/protocol.md").read_text("utf-8")
SECTIONS = re.findall(r"^### (\d+\.\d+) ", PAGE, re.MULTILINE)
# `docs/protocol.md, 3.5` or `docs/protocol.md, 3.2 and 3.4`; a line of a comment may end within.
_CITATION = re.compile(r"docs/protocol\.md,[\s#]+(\d+\.\d+(?:(?:,|[\s#]+and)[\s#]+\d+\.\d+)*)")
# The page without a section, or a section of something else: `(protocol, section 3.5)`.
_OTHER_FORM = re.compile(
    r"docs/protocol\.md(?!,[\s#]+\d+\.\d)[^)\n]*"
    r"|\b(?:protocol|streaming|versions|recipes)`?,?[\s#]+(?:sections?[\s#]+)?\d+(?:\.\d+)?\)"
)


def find_unknown(text: str) -> list[str]:
    """Returns the sections cited that the page does not have."""
    cited = " ".join(_CITATION.findall(text))
    return [number for number in re.findall(r"\d+\.\d+", cited) if number not in SECTIONS]


def read_sources(*patterns: str) -> dict[str, str]:
    """Returns the text of each file but this one, by its name."""
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    names = {str(path.relative_to(ROOT)): path for path in paths if path != Path(__file__)}
    return {name: path.read_text("utf-8") for name, path in names.items()}


def test_the_sections_of_the_page_have_numbers_of_their_own() -> None:
    assert len(SECTIONS) == len(set(SECTIONS)) > 0


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("(docs/protocol.md, 3.5)", []),
        ("(docs/protocol.md, 3.99)", ["3.99"]),
        ("# docs/protocol.md,\n    # 99.1.", ["99.1"]),
        ("docs/protocol.md, 3.2, 98.1 and\n# 99.1)", ["98.1", "99.1"]),
    ],
)
def test_a_citation_is_read_to_its_end(text: str, unknown: list[str]) -> None:
    assert find_unknown(text) == unknown


def test_every_section_that_is_cited_exists() -> None:
    sources = read_sources("arthas_cli/**/*.py", "tests/**/*.py", "docs/**/*.md", "*.md")
    assert any(_CITATION.search(text) for text in sources.values())
    wrong = {name: find_unknown(text) for name, text in sources.items()}
    assert {name: numbers for name, numbers in wrong.items() if numbers} == {}


def test_comments_cite_the_page_in_one_form() -> None:
    sources = read_sources("arthas_cli/**/*.py", "tests/**/*.py")
    wrong = {name: _OTHER_FORM.findall(text) for name, text in sources.items()}
    assert {name: found for name, found in wrong.items() if found} == {}
