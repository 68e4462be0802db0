from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from support.table import each_row

from arthas_cli.errors import OutputClosed
from arthas_cli.output import Paper, detect_color, escape_json
from arthas_cli.theme import ERROR
from arthas_cli.views.lines import Block

if TYPE_CHECKING:
    from arthas_cli.output import Choice, ColorSystem


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        del text
        raise BrokenPipeError


def draw(segment: Segment, color: ColorSystem | None = None) -> str:
    stream = io.StringIO()
    paper = Paper(stream, color=color)
    paper.draw(Block([(segment,)]))
    paper.flush()
    return stream.getvalue()


def test_text_is_made_safe_at_the_boundary() -> None:
    assert draw(Segment("a\x1b[31mb\u202e")) == "a␛[31mb<U+202E>\n"


def test_a_style_is_drawn_only_where_there_are_colours() -> None:
    assert draw(Segment("no", ERROR)) == "no\n"
    assert draw(Segment("no", ERROR), "standard") == "\x1b[31mno\x1b[0m\n"


def test_each_line_has_its_own_colour_codes() -> None:
    assert draw(Segment("a\nb", ERROR), "256") == "\x1b[31ma\x1b[0m\n\x1b[31mb\x1b[0m\n"


def test_any_rich_renderable_can_be_drawn() -> None:
    table = Table("name", width=12)
    table.add_row(Text("[b]\x1b", style="bold"))
    stream = io.StringIO()
    paper = Paper(stream, width=40)
    paper.draw(table)
    paper.flush()
    assert "[b]␛" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_control_codes_of_rich_are_dropped() -> None:
    assert draw(Segment("\x1b[2J", None, [(1,)])) == "\n"  # type: ignore[list-item] # a code is enough


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_the_stream_cannot_hold_is_written_as_escapes(encoding: str) -> None:
    raw = io.BytesIO()
    paper = Paper(io.TextIOWrapper(raw, encoding=encoding))
    paper.draw(Block([(Segment("漢🚀"),)]))
    paper.write('{"a": "漢🚀\ud800"}')
    paper.flush()
    assert raw.getvalue().decode(encoding).splitlines() == [
        "\\u6f22\\ud83d\\ude80",
        '{"a": "\\u6f22\\ud83d\\ude80\\ud800"}',
    ]


def test_signs_of_ours_that_the_stream_lacks_are_drawn_as_plain_ones_and_not_in_json() -> None:
    raw = io.BytesIO()
    paper = Paper(io.TextIOWrapper(raw, encoding="ascii"))
    paper.draw(Block([(Segment("┕━━ a · b … 漢 ◀"),)]))
    paper.write('{"a": "·"}')
    paper.flush()
    assert raw.getvalue() == b'`== a - b ~ \\u6f22 <\n{"a": "\\u00b7"}\n'


def test_a_lone_surrogate_can_be_written_to_utf_8() -> None:
    raw = io.BytesIO()
    paper = Paper(io.TextIOWrapper(raw, encoding="utf-8"))
    paper.write('"漢\ud800"')
    paper.flush()
    assert json.loads(raw.getvalue()) == "漢\ud800"


def test_a_reader_that_went_away_is_said_so() -> None:
    paper = Paper(Gone())
    paper.write("x")
    with pytest.raises(OutputClosed):
        paper.flush()


def test_a_closed_stream_is_said_so() -> None:
    stream = io.StringIO()
    stream.close()
    paper = Paper(stream)
    paper.write("x")
    with pytest.raises(OutputClosed):
        paper.flush()


@given(st.text())
def test_escaped_json_means_the_same_and_hides_nothing(text: str) -> None:
    escaped = escape_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(escaped) == text
    assert set(escaped).isdisjoint("\x7f\x85\x9b\u202e\u2028\u2029\u2066\ufeff")


@each_row(
    ("stream", "environ", "choice", "color"),
    [
        (Terminal(), {"TERM": "xterm"}, "auto", "standard"),
        (Terminal(), {"TERM": "xterm-256color"}, "auto", "256"),
        (Terminal(), {"TERM": "xterm", "COLORTERM": "truecolor"}, "auto", "truecolor"),
        (Terminal(), {"TERM": "dumb"}, "auto", None),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, "auto", None),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, "auto", "standard"),
        (Terminal(), {"TERM": "xterm"}, "never", None),
        (io.StringIO(), {"TERM": "xterm"}, "auto", None),
        (io.StringIO(), {"TERM": "xterm", "FORCE_COLOR": "1"}, "auto", "standard"),
        (io.StringIO(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", None),
        (io.StringIO(), {"NO_COLOR": "1"}, "always", "standard"),
    ],
)
def test_colours_follow_the_option_then_the_environment_then_the_terminal(
    stream: io.StringIO, environ: dict[str, str], choice: Choice, color: ColorSystem | None
) -> None:
    assert detect_color(stream, environ, choice) == color


def test_writing_for_programs_never_loads_rich() -> None:
    script = (
        "import sys; from arthas_cli.output import Paper, escape_json;"
        "paper = Paper(sys.stdout); paper.write(escape_json('{}')); paper.flush();"
        "sys.exit('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, b"{}")
