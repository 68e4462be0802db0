"""`grep`, `head` and `wc` of our own do what those of a system do."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from support.table import each_row

from arthas_cli.pipes import filters
from arthas_cli.pipes.filters import FILTERS

TEXT = "main\nhttp-1 RUNNABLE\nhttp-2 WAITING\na+b\n"


def apply(*words: str, text: str = TEXT) -> tuple[int, str]:
    out = io.StringIO()
    name, *arguments = words
    code = FILTERS[name](arguments, io.StringIO(text), out)
    return code, out.getvalue()


@each_row(
    ("words", "shown"),
    [
        (["main"], "main\n"),
        (["-i", "runnable"], "http-1 RUNNABLE\n"),
        (["-v", "http"], "main\na+b\n"),
        (["-c", "http"], "2\n"),
        (["-vc", "http"], "2\n"),
        (["-n", "WAIT"], "3:http-2 WAITING\n"),
        (["-o", "http-[0-9]"], "http-1\nhttp-2\n"),
        (["-w", "a"], "a+b\n"),
        (["-q", "main"], ""),
        (["-E", "main|WAIT"], "main\nhttp-2 WAITING\n"),
        (["-F", "a+"], "a+b\n"),
        (["a+b"], "a+b\n"),
        ([r"http-\(1\|2\) W"], "http-2 WAITING\n"),
        (["-e", "main", "-e", "a+b"], "main\na+b\n"),
    ],
)
def test_grep_shows_the_lines_that_match(words: list[str], shown: str) -> None:
    assert apply("grep", *words) == (0, shown)


def test_grep_that_finds_nothing_has_the_code_1() -> None:
    assert apply("grep", "nothing") == (1, "")
    assert apply("grep", "-c", "nothing") == (1, "0\n")


@pytest.mark.parametrize(
    "words", [["grep"], ["grep", "-E", "("], ["grep", "x", "file"], ["head", "-c", "3"]]
)
def test_what_a_filter_cannot_do_is_told_with_the_code_2(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        apply(*words)
    assert (ended.value.code, capsys.readouterr().err.startswith("usage: ")) == (2, True)


@pytest.mark.parametrize("words", [["-n", "2"], ["-n2"], ["-2"]])
def test_head_shows_the_first_lines(words: list[str]) -> None:
    assert apply("head", *words) == (0, "main\nhttp-1 RUNNABLE\n")


def test_head_shows_ten_lines_where_nothing_else_is_said() -> None:
    assert apply("head", text="x\n" * 12) == (0, "x\n" * 10)


@pytest.mark.parametrize(
    ("words", "shown"), [(["-l"], "4\n"), (["-w"], "6\n"), (["-c"], "40\n"), ([], "4 6 40\n")]
)
def test_wc_counts(words: list[str], shown: str) -> None:
    assert apply("wc", *words) == (0, shown)


def test_a_filter_is_a_program_of_its_own_that_takes_any_bytes() -> None:
    done = subprocess.run(
        [sys.executable, "-I", filters.__file__, "grep", "ä"],
        input="ä\n".encode() + b"\xff\xe4 \xc3\xa4\nx\n",
        capture_output=True,
        check=True,
    )
    assert done.stdout == "ä\n".encode() + b"\xff\xe4 \xc3\xa4\n"


def test_a_filter_whose_output_finds_no_room_says_so_with_the_code_2() -> None:
    command = [sys.executable, "-I", filters.__file__, "grep", "x"]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            command, input=b"x\n", stdout=full, stderr=subprocess.PIPE, check=False
        )
    said = b"grep: write error: No space left on device\n"
    assert (ended.returncode, ended.stderr) == (2, said)
