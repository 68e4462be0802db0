"""Chains of programs: what they are given, what becomes of them."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest
from support.table import each_row
from support.waiting import PATIENCE_S

from arthas_cli.environment import Environment
from arthas_cli.errors import NotRun
from arthas_cli.line.pipeline import Redirect, split_pipeline
from arthas_cli.pipes.outflow import Chain
from arthas_cli.pipes.programs import find_programs, wants_screen


def make_chain(line: str, *, is_captured: bool = False) -> tuple[Chain, io.StringIO]:
    """Returns the chain of a line behind its command, and where its output goes."""
    pipeline = split_pipeline(f"thread {line}")
    out = io.StringIO()
    environment = Environment(io.StringIO(), out, out, dict(os.environ))
    found = find_programs(pipeline, os.environ)
    return Chain(found, pipeline.redirect, environment, is_captured=is_captured), out


@pytest.mark.parametrize("is_captured", [False, True])
def test_what_is_written_goes_through_all_programs(*, is_captured: bool) -> None:
    chain, out = make_chain("| sort | head -n 1 | cat", is_captured=is_captured)
    chain.start().write("b\na\n")
    chain.finish()
    chain.close()
    assert (chain.code, out.getvalue()) == (0, "a\n")


def test_output_without_a_line_break_at_its_end_comes_out_as_it_is() -> None:
    chain, out = make_chain("| printf %s abc")
    chain.start()
    chain.finish()
    chain.close()
    assert out.getvalue() == "abc"


def test_bytes_that_are_no_text_come_out_as_marks() -> None:
    chain, out = make_chain(r"| printf 'a\377b\n'")
    chain.start()
    chain.finish()
    chain.close()
    assert out.getvalue() == "a\ufffdb\n"


@pytest.mark.parametrize("line", ["| true | cat", "| sh -c 'exec <&-; cat' | true"])
def test_whoever_asks_is_told_when_nobody_reads_on(line: str) -> None:
    chain, _ = make_chain(line)
    is_told = threading.Event()
    chain.start()
    chain.call_when_unread(is_told.set)
    assert is_told.wait(PATIENCE_S)
    chain.finish()
    chain.close()
    assert chain.is_unread


def test_programs_that_end_with_their_input_are_no_early_end() -> None:
    chain, _ = make_chain("| cat")
    chain.start()
    chain.finish()
    chain.close()
    assert not chain.is_unread


@pytest.mark.parametrize("is_captured", [False, True])
def test_closing_ends_programs_even_those_that_will_not_be_asked(*, is_captured: bool) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    program = f"'{sys.executable}' -c '{code}; time.sleep(600)'"
    chain, out = make_chain(f"| {program}", is_captured=is_captured)
    chain.start()
    until = threading.Event()
    while not out.getvalue():
        until.wait(0.01)
    chain.close()
    chain.finish()
    assert chain.code == 137


def test_a_file_alone_takes_what_is_written(tmp_path: Path) -> None:
    chain = Chain((), Redirect(str(tmp_path / "file"), appends=False), Environment())
    chain.start().write("ä\n")
    chain.finish()
    chain.close()
    assert (tmp_path / "file").read_text("utf-8") == "ä\n"


def list_children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


def test_a_program_that_cannot_be_started_leaves_no_other_behind(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"no program")
    broken.chmod(0o755)
    chain, _ = make_chain(f"| cat | '{broken}'")
    before = list_children()
    with pytest.raises(NotRun) as error:
        chain.start()
    assert error.value.message == f"cannot start '{broken}': Exec format error"
    chain.close()
    assert list_children() <= before


@each_row(
    ("line", "is_wanted"),
    [
        ("thread | less", True),
        ("thread | grep x | /usr/bin/less -S", True),
        ("thread | less > file", False),
        ("thread | less | cat", False),
        ("thread | cat", False),
        ("thread", False),
    ],
)
def test_a_pager_at_the_end_wants_the_terminal(line: str, *, is_wanted: bool) -> None:
    assert wants_screen(split_pipeline(line)) is is_wanted
