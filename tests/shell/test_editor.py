"""The line in the user's editor."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from support.table import each_row

from arthas_cli.shell.prompt.editor import edit_text, find_editor


@each_row(
    ("variables", "words"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, ["code", "--wait"]),
        ({"EDITOR": "'/opt/my editor' -n"}, ["/opt/my editor", "-n"]),
        ({"VISUAL": "", "EDITOR": "vi"}, ["vi"]),
        ({"VISUAL": "'", "EDITOR": "vi"}, ["vi"]),
        ({}, ["/bin/nano"]),
    ],
)
def test_the_editor_is_the_users_else_the_first_there_is(
    variables: dict[str, str], words: list[str]
) -> None:
    assert find_editor(variables, find_program) == words


def find_program(name: str) -> str | None:
    return f"/bin/{name}" if name in ("nano", "vi") else None


def test_without_any_editor_there_is_none() -> None:
    assert find_editor({}, lambda _: None) is None


def make_editor(program: str) -> list[str]:
    return [sys.executable, "-c", f"import sys, pathlib; p = pathlib.Path(sys.argv[1]); {program}"]


def test_what_the_editor_saved_comes_back() -> None:
    editor = make_editor("p.write_text(p.read_text().replace('a', 'ü'), encoding='utf-8')")
    assert edit_text(editor, "watch a\nb") == "wütch ü\nb\n"


def test_an_editor_that_fails_leaves_the_text_as_it_was() -> None:
    assert edit_text(make_editor("p.write_text('x'); sys.exit(1)"), "watch a") == "watch a"


def test_nobody_else_can_read_the_file_and_it_is_gone_afterwards(tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    edit_text(make_editor(f"open({str(noted)!r}, 'w').write(f'{{p.stat().st_mode}} {{p}}')"), "a")
    mode, _, name = noted.read_text(encoding="utf-8").partition(" ")
    assert stat.S_IMODE(int(mode)) == 0o600
    assert not Path(name).exists()


def test_the_file_is_gone_where_the_editor_cannot_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(FileNotFoundError):
        edit_text(["/no/such/editor"], "a")
    assert list(tmp_path.iterdir()) == []


def test_an_editor_is_ended_with_the_shell() -> None:
    assert edit_text(make_editor("import time; time.sleep(60)"), "watch a", lambda: True) == (
        "watch a"
    )
