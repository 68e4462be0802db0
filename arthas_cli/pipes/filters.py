"""`grep`, `head` and `wc` for machines that have none (Windows): from stdin to stdout.

Run as a file in a Python of its own, so it imports nothing of this package. It has the options
people use on the output of a command, and refuses the others.
"""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_FOUND, _NOTHING, _WRONG = 0, 1, 2
_HEAD_LINES = 10
# What is special in an extended expression stands for itself in a basic one, unless guarded.
_SWAPPED = re.compile(r"\\?[+?|(){}]|\\.", re.DOTALL)


def grep(words: Sequence[str], lines: TextIO, out: TextIO) -> int:
    """Write the lines that match; return 0 if any did, 1 if none, 2 for a bad expression."""
    parser = argparse.ArgumentParser(prog="grep")
    for option in ("-i", "-v", "-c", "-n", "-q", "-w", "-o"):
        parser.add_argument(option, action="store_true")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("-E", dest="is_extended", action="store_true")
    kind.add_argument("-F", dest="is_fixed", action="store_true")
    kind.add_argument("-G", dest="is_basic", action="store_true")
    parser.add_argument("-e", dest="patterns", action="append", default=[])
    parser.add_argument("pattern", nargs="?")
    given = parser.parse_args(words)
    patterns = given.patterns or [given.pattern]
    if patterns == [None] or (given.patterns and given.pattern is not None):
        parser.error("give one PATTERN, or several with -e; input comes only from the pipe")
    try:
        match = _compile(patterns, given)
    except re.error as error:
        parser.error(f"bad expression: {error}")
    return _print_matches(match, given, lines, out)


def head(words: Sequence[str], lines: TextIO, out: TextIO) -> int:
    """Write the first lines."""
    words = [f"-n{word[1:]}" if re.fullmatch(r"-\d+", word) else word for word in words]
    parser = argparse.ArgumentParser(prog="head")
    parser.add_argument("-n", dest="most", type=int, default=_HEAD_LINES, metavar="LINES")
    most = parser.parse_args(words).most
    for _, line in zip(range(most), lines, strict=False):
        out.write(line)
        out.flush()
    return _FOUND


def wc(words: Sequence[str], lines: TextIO, out: TextIO) -> int:
    """Write how many lines, words and bytes there are."""
    parser = argparse.ArgumentParser(prog="wc")
    for option in ("-l", "-w", "-c"):
        parser.add_argument(option, action="store_true")
    given = parser.parse_args(words)
    wanted = (given.l, given.w, given.c)
    counts = [0, 0, 0]
    for line in lines:
        counts[0] += line.endswith("\n")
        counts[1] += len(line.split())
        counts[2] += len(line.encode("utf-8", "surrogateescape"))
    shown = [n for n, is_on in zip(counts, wanted, strict=True) if is_on or not any(wanted)]
    out.write(" ".join(map(str, shown)) + "\n")
    return _FOUND


FILTERS: Mapping[str, Callable[[Sequence[str], TextIO, TextIO], int]] = {
    "grep": grep,
    "head": head,
    "wc": wc,
}


def _compile(patterns: Sequence[str], given: argparse.Namespace) -> re.Pattern[str]:
    if given.is_fixed:
        parts = [re.escape(pattern) for pattern in patterns]
    elif given.is_extended:
        parts = list(patterns)
    else:
        parts = [_SWAPPED.sub(_swap, pattern) for pattern in patterns]
    whole = "|".join(f"(?:{part})" for part in parts)
    if given.w:
        whole = rf"(?<!\w)(?:{whole})(?!\w)"
    return re.compile(whole, re.IGNORECASE if given.i else 0)


def _swap(match: re.Match[str]) -> str:
    text = match[0]
    if len(text) == 1:
        return f"\\{text}"
    return text[1] if text[1] in "+?|(){}" else text


def _print_matches(
    match: re.Pattern[str], given: argparse.Namespace, lines: TextIO, out: TextIO
) -> int:
    found = 0
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\n")
        if (match.search(text) is None) is not given.v:
            continue
        found += 1
        if given.q:
            break
        if given.c:
            continue
        parts = [m[0] for m in match.finditer(text) if m[0]] if given.o and not given.v else [text]
        out.writelines(f"{number}:{part}\n" if given.n else f"{part}\n" for part in parts)
        out.flush()
    if given.c:
        out.write(f"{found}\n")
    return _FOUND if found else _NOTHING


def main(arguments: Sequence[str]) -> int:
    """Run the filter named first; return its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    name, *words = arguments
    try:
        code = FILTERS[name](words, sys.stdin, sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()  # or the interpreter says so on its way out
        return _WRONG
    except OSError as error:
        sys.stderr.write(f"{name}: write error: {error.strerror}\n")
        with suppress(OSError):  # or the interpreter would try once more, and end with 120
            sys.stdout.close()
        return _WRONG
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
