"""In which form results are shown, and samples in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arthas_cli.formats import Report
from arthas_cli.jsontext import as_object, read_strict
from arthas_cli.line.plan import Plan
from arthas_cli.protocol import Result
from arthas_cli.session.outcome import Outcome
from arthas_cli.shell.jobs.display import DISPLAY_FORMATS, Screen, clip
from arthas_cli.shell.terminal.output import JobOutput

from .conftest import Draft

if TYPE_CHECKING:
    from .conftest import User

DASHBOARD = Plan("dashboard", "dashboard", is_stream=True)
END = Report("dashboard", None, Outcome(), None)


def sample(number: int) -> Result:
    text = f'{{"type": "dashboard", "gcInfos": [{{"name": "copy", "collectionCount": {number}}}]}}'
    return Result("dashboard", 1, as_object(read_strict(text)), text)


def test_a_sample_takes_the_place_of_the_last_one_and_the_last_one_stays() -> None:
    terminal = Draft()
    writer = Screen(80, 40).make_writer("text", DASHBOARD, JobOutput(terminal), terminal)
    writer.show(sample(111))
    assert "111" in terminal.screen
    writer.show(sample(222))
    assert "222" in terminal.screen
    assert ("111" in terminal.screen, terminal.text) == (False, "")
    writer.end(END)
    assert (terminal.screen, "222" in terminal.text, "111" in terminal.text) == ("", True, False)


def test_in_the_background_no_sample_is_drawn_over_what_is_looked_at() -> None:
    terminal = Draft()
    job_output = JobOutput(terminal)
    writer = Screen(80, 40).make_writer("text", DASHBOARD, job_output, terminal)
    job_output.speaker = "[1] dashboard"
    writer.show(sample(111))
    assert terminal.screen == ""


def test_without_a_terminal_samples_follow_one_another() -> None:
    terminal = Draft()
    writer = Screen().make_writer("text", DASHBOARD, JobOutput(terminal), terminal)
    writer.show(sample(111))
    writer.show(sample(222))
    writer.flush()
    assert (terminal.screen, "111" in terminal.text, "222" in terminal.text) == ("", True, True)


def test_what_has_no_room_is_counted() -> None:
    assert clip("a\nb\nc\nd\n", 3) == "a\nb\n… 2 more lines, shown at the end"
    assert clip("a\nb\nc\n", 3) == "a\nb\nc"
    assert clip("a\nb\n", None) == "a\nb"


def test_a_line_that_is_wrapped_takes_the_room_of_several() -> None:
    assert clip("aaaa\nb\nc", 3, 3) == "aaaa\n… 2 more lines, shown at the end"
    assert clip("\x1b[7maaa\x1b[27m\nb\nc", 3, 3) == "\x1b[7maaa\x1b[27m\nb\nc"


def test_the_format_can_be_changed_and_is_kept(user: User) -> None:
    user.enter(":format json")
    assert '"type":"version"' in user.enter("version")
    assert '"type":"version"' in user.enter("version")
    user.enter(":format text")
    assert user.enter("version") == "4.1.5\n"


def test_records_have_a_field_a_line(user: User) -> None:
    user.enter(":format records")
    assert "ID           1\n" in user.enter("thread")


def test_without_a_name_the_formats_are_listed_and_the_present_one_marked(user: User) -> None:
    listed = user.enter(":format").splitlines()
    assert [line.split()[0] for line in listed] == ["*", "tree", "records", "json"]
    assert len(listed) == len(DISPLAY_FORMATS)


def test_an_unknown_format_is_shown_in_its_place(user: User) -> None:
    assert user.enter(":format xml").splitlines() == [
        "arthas-shell: there is no format 'xml'",
        "hint: use one of text, tree, records, json",
        "  :format xml",
        "          ^^^",
    ]


@pytest.mark.parametrize("display_format", ["text", "tree"])
def test_a_tree_of_values_is_drawn_where_it_was_asked_for(display_format: str) -> None:
    terminal = Draft()
    plan = Plan("ognl x", "ognl")
    writer = Screen(80, 40).make_writer(display_format, plan, JobOutput(terminal), terminal)
    value = "@ArrayList[\n    @Integer[1],\n]"
    writer.show(Result("ognl", 1, {"type": "ognl", "value": value}, ""))
    writer.flush()
    assert ("└" in terminal.text) == (display_format == "tree")


def test_a_table_whose_rows_come_pull_by_pull_has_straight_columns(user: User) -> None:
    user.fake.target.methods["demo.Wide"] = ["m" * length for length in range(1, 120, 3)]
    header, *rows = user.enter("sm demo.Wide").splitlines()
    assert len(rows) == 40
    assert {row.index("(): void") for row in rows} == {header.index("SIGNATURE")}
