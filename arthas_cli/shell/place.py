"""What the prompt says: where you are, so that it cannot be taken for a system shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import FormattedText

from arthas_cli.config.target import name_place, name_target
from arthas_cli.palette import name_for_prompt
from arthas_cli.text import keep_end, one_line
from arthas_cli.transport import is_loopback

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.config.settings import Profile
    from arthas_cli.session.session import Welcome

READ_ONLY, GONE = "read-only", "gone"
_LONGEST_NAME = 40


def first_word(main_class: str) -> str:
    """Return the main class without the program's arguments: they may hold secrets."""
    words = main_class.split(maxsplit=1)
    name = one_line(words[0]) if words else ""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]  # `java -jar /opt/shop/shop.jar`
    return keep_end(name, _LONGEST_NAME)


def format_place(welcome: Welcome, url: str) -> str:
    """Return `arthas@2995 demo.MathGame`, with the host where it is not this machine."""
    host = "" if is_loopback(url) else name_place(url)
    jvm = f"arthas@{one_line(welcome.pid) or '?'}"
    return " ".join(filter(None, (host, jvm, first_word(welcome.main_class))))


def format_prompt(
    welcome: Welcome,
    url: str,
    encoding: str,
    *,
    profile: Profile | None = None,
    marks: Sequence[str] = (),
) -> FormattedText:
    """Return the prompt, `[arthas@2995 demo.MathGame] ❯ `, for a terminal of that encoding.

    A profile is named in front, in its colour. `marks` behind the place: `READ_ONLY`, `GONE`.
    """
    name: list[tuple[str, str]] = []
    if profile is not None:
        color = name_for_prompt(f"bold {profile.color}") if profile.color else "bold"
        name.append((color, f"{one_line(profile.name)} "))
    arrow = "❯" if encoding.lower().startswith("utf") else ">"
    return FormattedText(
        [
            *name,
            ("class:place", f"[{format_place(welcome, url)}"),
            *((f"class:{'gone' if mark == GONE else 'place'}", f" {mark}") for mark in marks),
            ("class:place", "]"),
            ("class:arrow", f" {arrow} "),
        ]
    )


def format_fleet_prompt(label: str, encoding: str, *, marks: Sequence[str] = ()) -> FormattedText:
    """Return the prompt on many, `[shop ×12] ❯ `; `marks` as of `format_prompt`."""
    name = keep_end(one_line(label), _LONGEST_NAME)
    is_rich = encoding.lower().startswith("utf")
    arrow = "❯" if is_rich else ">"
    return FormattedText(
        [
            ("class:place", f"[{name if is_rich else name.replace('×', 'x')}"),
            *((f"class:{'place' if mark == READ_ONLY else 'gone'}", f" {mark}") for mark in marks),
            ("class:place", "]"),
            ("class:arrow", f" {arrow} "),
        ]
    )


def format_server(welcome: Welcome, url: str) -> str:
    """Return `Arthas 4.1.5 · 127.0.0.1:8563`, or `· ssh shop-3`."""
    version = one_line(welcome.version) or "of an unknown version"
    return f"Arthas {version} · {name_target(url)}"


def format_start_line(welcome: Welcome, url: str) -> str:
    """Return the one line that the shell starts with."""
    parts = [
        f"Arthas {one_line(welcome.version) or 'of an unknown version'}",
        f"pid {one_line(welcome.pid) or 'unknown'}",
        first_word(welcome.main_class) or "unknown main class",
        url.removesuffix("/api"),
    ]
    return " · ".join(parts) + " · try 'help'"
