"""One table says what each meaning looks like: for rich, for prompt_toolkit, for a bare stream."""

from __future__ import annotations

import re
from pathlib import Path

from rich.style import Style
from support.table import each_row

from arthas_cli import theme
from arthas_cli.palette import LOOKS, make_code, name_for_prompt
from arthas_cli.shell.prompt.colours import STYLE

ROOT = Path(__file__).parent.parent / "arthas_cli"
COLOUR = re.compile(r"ansi(?:bright)?(?:red|green|yellow|blue|magenta|cyan)|x1b\[[0-9;]*3[0-7]m")


@each_row(
    ("meaning", "code"),
    [
        ("failure", "\x1b[1;31m"),
        ("warning", "\x1b[33m"),
        ("dim", "\x1b[2m"),
        ("good", "\x1b[32m"),
        ("note", "\x1b[2;3m"),
        ("live", "\x1b[7m"),
    ],
)
def test_a_meaning_is_a_code_of_a_terminal(meaning: str, code: str) -> None:
    assert make_code(meaning) == code


def test_a_meaning_is_a_style_of_rich() -> None:
    assert Style(color="red", bold=True) == theme.HOT
    assert Style(dim=True, italic=True) == theme.NOTE
    assert theme.THREAD_STATES["TIMED_WAITING"] == Style(color="magenta")


def test_a_meaning_is_a_style_of_the_prompt() -> None:
    rules = dict(STYLE.style_rules)
    assert rules["risk.dangerous"] == "bold ansired"
    assert rules["line.class"] == "ansibrightblue"
    assert rules["hint.now"] == "bold underline"
    assert name_for_prompt("bold magenta") == "bold ansimagenta"


def test_the_same_meaning_looks_the_same_while_it_is_typed_and_when_it_is_shown() -> None:
    rules = dict(STYLE.style_rules)
    assert rules["line.string"] == name_for_prompt(LOOKS["string"]) == "ansigreen"
    assert Style.parse(LOOKS["string"]) == theme.STRING


def test_no_other_module_names_a_colour() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted(ROOT.rglob("*.py"))
        if COLOUR.search(path.read_text("utf-8"))
    ]
    assert found == []
