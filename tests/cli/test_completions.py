"""The shells' completion of our command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.shell_completion import BashComplete
from support.generate import COMPLETIONS, list_generated
from support.program import shell

from arthas_cli.cli.commands import cli
from arthas_cli.cli.completions import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", list_generated(), ids=lambda path: path.name)
def test_a_generated_file_is_what_the_program_makes(path: Path) -> None:
    assert path.read_text("utf-8") == list_generated()[path]


def test_nothing_else_lies_beside_the_generated_files() -> None:
    scripts = {path for path in list_generated() if path.parent == COMPLETIONS}
    assert set(COMPLETIONS.iterdir()) == scripts


def test_the_command_prints_the_file() -> None:
    printed = shell("completion", "fish").stdout
    assert printed == (COMPLETIONS / "arthas-shell.fish").read_text("utf-8")


def test_another_shell_is_refused_by_name() -> None:
    ended = shell("completion", "tcsh")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "'tcsh'" in ended.stderr


def complete(*words: str) -> list[str]:
    """Returns what a shell is offered for the last word."""
    found = BashComplete(cli, {}, "arthas-shell", VARIABLE).get_completions(
        list(words[:-1]), words[-1]
    )
    return [f"{item.type} {item.value}" for item in found]


def test_the_lines_of_exec_begin_with_the_commands_of_arthas() -> None:
    assert complete("exec", "--json", "vm") == ["plain vmoption", "plain vmtool"]


def test_behind_the_first_word_of_exec_nothing_is_made_up() -> None:
    assert complete("exec", "--", "watch", "thr") == []


def test_on_offers_profiles_groups_all_of_them_and_addresses(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[profiles.a]\n[profiles.b]\n[groups]\nboth = ['a', 'b']\n", "utf-8")
    given = ("--config", str(config), "exec", "--on")
    assert complete(*given, "") == ["plain a", "plain b", "plain both", "plain all"]
    assert complete(*given, "a") == ["plain a", "plain all"]
    assert complete(*given, "b", "--on", "bo") == ["plain both"]
    assert complete(*given, "k8s") == ["plain k8s://"]
    assert complete("exec", "--on", "a") == []


def test_profiles_come_from_the_configuration_that_the_line_names(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[profiles.a]\n[profiles.b]\n", "utf-8")
    assert complete("--config", str(config), "exec", "-P", "") == ["plain a", "plain b"]
    assert complete("exec", "-P", "") == []


def test_a_wrong_configuration_completes_nothing(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[profiles", "utf-8")
    assert complete("--config", str(config), "-P", "") == []


def test_completing_behind_spec_does_not_print_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert "plain exec" in complete("--spec", "ex")
    assert capsys.readouterr().out == ""
