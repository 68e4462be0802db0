"""`exec` of a line that nothing fits: what may be meant is told, Arthas' list is kept for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.fake import Command
from support.program import shell
from support.waiting import within

from .conftest import list_lines

if TYPE_CHECKING:
    from support.fake import FakeArthas

    from arthas_cli.demo.target import Target

    from .conftest import Run

NOTHING = "arthas-shell: No class or method is affected\nhint: "
POINTERS = "':why' of the shell looks for the reason, --json has what Arthas advises\n"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("watch demo.MathGmae run -n 1", "did you mean 'demo.MathGame'? "),
        ("watch demo.mathgame run -n 1", "did you mean 'demo.MathGame'? "),
        ("watch MathGame run -n 1", "did you mean 'demo.MathGame'? "),
        ("trace demo.MathGame rnu -n 1", "did you mean 'run'? "),
        ("trace demo.MathGame nothing -n 1", ""),
        ("stack demo.Math* nothing -n 1", ""),
    ],
)
def test_what_may_be_meant_is_told_in_the_place_of_a_list_of_guesses(
    run: Run, fake: FakeArthas, line: str, meant: str
) -> None:
    ended = run("exec", line)
    assert (ended.exit_code, ended.stderr) == (1, f"{NOTHING}{meant}{POINTERS}")
    sent = list_lines(fake)
    at = next(at for at, seen in enumerate(sent) if seen.startswith(line.split(maxsplit=1)[0]))
    asked = sent[at + 1 :]
    assert len(asked) <= 2
    assert all(seen.startswith(("sm ", "sc -E ")) for seen in asked)


def test_json_keeps_the_list(run: Run) -> None:
    document = run("exec", "--json", "watch demo.MathGmae run -n 1").document
    assert "1. Execute" in document["message"]
    assert document["error"]["message"] == "No class or method is affected"


def test_a_method_that_is_there_is_not_what_may_be_meant(arthas: Target) -> None:
    ended = shell("exec", "--url", arthas.url, "watch java.util.ArrayList add -n 1")
    assert ended.stderr == f"{NOTHING}{POINTERS}"


def test_a_real_server_is_asked_for_what_may_be_meant(arthas: Target) -> None:
    line = "watch demo.MathGmae primeFactors -n 1"
    ended = shell("exec", "--url", arthas.url, "--read-only", line)
    assert ended.stderr == f"{NOTHING}did you mean 'demo.MathGame'? {POINTERS}"


@pytest.mark.parametrize(("deadline", "most_s"), [("2.5", 60.0), ("60", 0.5)])
def test_the_deadline_of_the_line_holds_for_what_is_asked_afterwards(
    run: Run, fake: FakeArthas, monkeypatch: pytest.MonkeyPatch, deadline: str, most_s: float
) -> None:
    monkeypatch.setattr("arthas_cli.why.offer._MAX_S", most_s)
    fake.register(Command("sm", lambda call: [{"type": str(call.wait(60))}]))
    with within(30):
        ended = run("exec", "-t", deadline, "watch demo.MathGmae run -n 1")
    assert ended.stderr == f"{NOTHING}{POINTERS}"
