from __future__ import annotations

import pytest
from prompt_toolkit.formatted_text import fragment_list_to_text
from support.table import each_row

from arthas_cli.config.settings import Profile
from arthas_cli.session.session import Welcome
from arthas_cli.shell.place import first_word, format_place, format_prompt, format_start_line

HERE = "http://127.0.0.1:8563/api"
GAME = Welcome("4.1.5", "2995", "demo.MathGame")


@each_row(
    ("main_class", "shown"),
    [
        ("demo.MathGame", "demo.MathGame"),
        ("shop.Main --password=hunter2", "shop.Main"),
        ("/opt/shop/shop.jar --token x", "shop.jar"),
        ("C:\\shop\\shop.jar", "shop.jar"),
        ("com.example." + "deep." * 9 + "Main", "…ple.deep.deep.deep.deep.deep.deep.deep.d"),
        ("", ""),
        ("a\x1b[2Jb", "a␛[2Jb"),
    ],
)
def test_of_the_main_class_only_a_short_first_word_is_shown(main_class: str, shown: str) -> None:
    if shown.startswith("…"):
        word = first_word(main_class)
        assert (len(word), word[0]) == (40, "…")
        assert main_class.endswith(word[1:])
    else:
        assert first_word(main_class) == shown


@each_row(
    ("url", "place"),
    [
        (HERE, "arthas@2995 demo.MathGame"),
        ("http://[::1]:8563/api", "arthas@2995 demo.MathGame"),
        ("http://localhost:1/api", "arthas@2995 demo.MathGame"),
        ("https://shop-prod:8563/api", "shop-prod arthas@2995 demo.MathGame"),
        ("http://10.0.0.7/base/api", "10.0.0.7 arthas@2995 demo.MathGame"),
    ],
)
def test_the_place_names_the_host_where_it_is_another_one(url: str, place: str) -> None:
    assert format_place(GAME, url) == place


def test_what_the_server_did_not_say_is_left_open() -> None:
    assert format_place(Welcome(), HERE) == "arthas@?"
    assert (
        format_start_line(Welcome(), HERE) == "Arthas of an unknown version · pid unknown"
        " · unknown main class · http://127.0.0.1:8563 · try 'help'"
    )


def test_control_characters_in_a_pid_are_shown_as_marks() -> None:
    assert format_place(Welcome(pid="1\x1b]0;x\x07"), HERE) == "arthas@1␛]0;x␇"


@pytest.mark.parametrize(
    ("encoding", "arrow"), [("utf-8", "❯"), ("UTF-8", "❯"), ("ascii", ">"), ("cp1252", ">")]
)
def test_the_prompt_ends_in_an_arrow_that_the_terminal_can_show(encoding: str, arrow: str) -> None:
    prompt = fragment_list_to_text(format_prompt(GAME, HERE, encoding))
    assert prompt == f"[arthas@2995 demo.MathGame] {arrow} "


def test_the_start_line_says_what_is_at_the_other_end_and_how_to_get_help() -> None:
    assert (
        format_start_line(GAME, HERE)
        == "Arthas 4.1.5 · pid 2995 · demo.MathGame · http://127.0.0.1:8563 · try 'help'"
    )


def test_a_profile_is_named_in_its_colour_and_read_only_is_said() -> None:
    prompt = format_prompt(
        GAME, HERE, "utf-8", profile=Profile("shop-prod", color="red"), marks=("read-only",)
    )
    assert prompt[0] == ("bold ansired", "shop-prod ")
    said = "shop-prod [arthas@2995 demo.MathGame read-only] ❯ "
    assert fragment_list_to_text(prompt) == said
