"""A whole stack trace that is pasted: its frames, offered one by one, the most useful first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.line.tokens import quote_word
from arthas_cli.shell.prompt.paste import read_frame, wants_method
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.catalogue.model import Command

# What else a stack trace consists of, beside frames and the first line.
_BESIDE = re.compile(r"\s*(?:Caused by: |Suppressed: |\.\.\. \d+ |- (?:locked|waiting|parking) )")
_OF_THE_JDK = ("java.", "javax.", "jdk.", "sun.", "com.sun.")
_VERBS = ("watch", "trace", "jad")
_MAX = 50


class Choice(NamedTuple):
    """A frame that can be chosen: what is then inserted, and how it is offered."""

    text: str
    shown: str
    note: str


class _Frame(NamedTuple):
    class_name: str
    method: str
    place: str


def offer_frames(before: str, pasted: str, commands: Mapping[str, Command]) -> list[Choice]:
    """Return what to choose from where a stack trace was pasted behind `before`.

    Where a class and its method are wanted it is these, the program's first; on an empty line it
    is commands about them, of the program's alone where it has any. No choice for anything else.
    """
    is_empty = not before.strip()
    frames = _read_frames(pasted)
    if not frames or not (is_empty or (len(frames) > 1 and wants_method(before, commands))):
        return []
    own = [frame for frame in frames if not frame.class_name.startswith(_OF_THE_JDK)]
    said = f"{count(len(frames), 'frame')}, {len(own)} of the program"
    rest = [] if is_empty and own else [frame for frame in frames if frame not in own]
    choices: list[Choice] = []
    for frame in [*own, *rest][:_MAX]:
        words = f"{quote_word(frame.class_name)} {quote_word(frame.method)}"
        shown = f"{one_line(frame.class_name)}.{one_line(frame.method)}"
        note = one_line(frame.place) if choices else said
        for verb in _VERBS if is_empty else ("",):
            verb_before = f"{verb} " if verb else ""
            choices.append(Choice(verb_before + words, verb_before + shown, note))
            note = one_line(frame.place)
    return choices


def _read_frames(text: str) -> list[_Frame]:
    """Return the frames of a stack trace, each once; none where it is not one.

    It is one where frames are most of it, and one of them is written as such (`at a.b.C.m(…)`).
    """
    lines = [line for line in text.split("\n") if line.strip()]
    read = [read_frame(line) for line in lines]
    others = [
        line
        for line, frame in zip(lines[1:], read[1:], strict=True)
        if frame is None and not _BESIDE.match(line)
    ]
    frames = list(dict.fromkeys(_Frame(*frame) for frame in read if frame is not None))
    is_trace = any(line.lstrip().startswith("at ") for line in lines)
    return frames if is_trace and len(others) <= len(frames) else []
