"""The session at the top of README: typed into a real terminal, on the demo's real Arthas."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from platformdirs import user_cache_path
from support.jq import write_jq
from support.picture import draw_picture, read_picture
from support.program import shell
from support.terminal import open_terminal

from arthas_cli.attach.distribution import find_distribution

if TYPE_CHECKING:
    from support.terminal import Terminal

_ROOT = Path(__file__).parent.parent.parent
README, PICTURE = _ROOT / "README.md", _ROOT / "docs" / "session.svg"
_FIRST = "$ arthas-shell demo"
_HELD = re.compile(r"(?<=<!-- make generated -->\n\n).*?(?=\n<!-- end -->)", re.DOTALL)
# Seeds of the numbers that the sample draws. A negative one is an exception: another way to go.
_POSITIVE = 64453
_ONE_NEGATIVE_THEN_POSITIVE = 216678
_TALL = 60
_PASSWORD = "sesame"
_CTRL_C, _CTRL_D = "\x03", "\x04"
# What differs from run to run, and a word for it.
_VOLATILE = (
    (r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", "DATE"),
    (r"(pid |arthas@)\d+", r"\1PID"),
    (r"127\.0\.0\.1:\d+", "ADDRESS"),
    (r"\b\d+(\.\d+)? ?m?s\b", "TIME"),
    (r" *\b\d+(\.\d+)?%", "SHARE"),  # padded to one width
    (r"@[0-9a-f]{6,8}\b", "@HASH"),
    (r"(?m)^( *)\d+\.\d+(e-\d+)?$", r"\1NUMBER"),
    (r" ◀ hottest", ""),  # another call than before, whose branch is drawn with heavier lines
    (r"[├┝]", "├"),
    (r"[└┕]", "└"),
    (r"━", "─"),
)


class Recording(NamedTuple):
    """A session: as text, indented for README, and as an SVG."""

    text: str
    picture: str


def read_transcript(readme: str) -> str:
    """Returns the session that README holds.

    Raises:
        ValueError: it has no place for one.
    """
    held = _HELD.search(readme)
    if held is None:
        raise ValueError("README has lost its place for a transcript")
    return held.group()


def is_shown(readme: str, picture: str, recording: Recording) -> bool:
    """Says whether README and the picture show that session; volatile things may differ."""
    shown = "".join(f"    {line}".rstrip() + "\n" for line in read_picture(picture).splitlines())
    return {mask(read_transcript(readme)), mask(shown)} == {mask(recording.text)}


def put_transcript(readme: str, transcript: str) -> str:
    """Returns README with that session."""
    return _HELD.sub(lambda _: transcript, readme)


def mask(transcript: str) -> str:
    """Puts words for what differs from run to run: times, numbers of processes, hashes."""
    for pattern, word in _VOLATILE:
        transcript = re.sub(pattern, word, transcript)
    return transcript


def record_transcript() -> Recording:
    """Returns a session of `arthas-shell demo`, as its screen shows it at the end.

    Raises:
        AssertionError: the program did not show in time what should come.
    """
    find_distribution()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_jq(folder)
        variables = {
            "PATH": os.pathsep.join([name, os.environ["PATH"]]),
            "XDG_CACHE_HOME": str(user_cache_path()),
            "ARTHAS_SHELL_PASSWORD": _PASSWORD,
        }
        with open_terminal("demo", home=folder, variables=variables) as terminal:
            terminal.resize(80, _TALL)
            _type_session(terminal)
            assert terminal.end() == 0
            shown = terminal.screen.rpartition("\n[")[0]  # the offer of a reset is left out
            lines = [_FIRST, *shown.splitlines()]
            picture = draw_picture(_FIRST, terminal.rows[: len(lines) - 1])
    return Recording("".join(f"    {line}".rstrip() + "\n" for line in lines), picture)


def _type_session(terminal: Terminal) -> None:
    terminal.wait_for(lambda: terminal.last_line.endswith("❯"))
    _draw(terminal, _POSITIVE)
    terminal.enter("watch demo.MathGame primeFactors params[0] -e")
    terminal.see("affected")
    _draw(terminal, _ONE_NEGATIVE_THEN_POSITIVE)
    terminal.see("ts=")
    terminal.type(_CTRL_C)
    _wait_for_prompt(terminal, 2)
    terminal.enter("trace demo.MathGame run -n 1")
    _wait_for_prompt(terminal, 3)
    terminal.enter("watch demo.MathGame run -n 2 | jq .cost")
    _wait_for_prompt(terminal, 4)
    terminal.enter("tread -n 3")
    _wait_for_prompt(terminal, 5)
    terminal.type(_CTRL_D)
    terminal.see("[y/N]")
    terminal.type("y\r")


def _draw(terminal: Terminal, seed: int) -> None:
    """Seeds the numbers that the sample draws, so that its calls go the same way in each run."""
    found = re.search(r"http://127\.0\.0\.1:\d+", terminal.screen)
    assert found, terminal.screen
    line = f"ognl @demo.MathGame@random.setSeed({seed}L)"
    url = f"{found.group()}/api"
    ended = shell("exec", "--url", url, "--json", line, ARTHAS_SHELL_PASSWORD=_PASSWORD)
    assert ended.exit_code == 0, ended


def _wait_for_prompt(terminal: Terminal, number: int) -> None:
    """Waits for the prompt of that number, with nothing typed behind it."""
    terminal.wait_for(
        lambda: terminal.screen.count("❯") == number and terminal.last_line.endswith("❯")
    )
