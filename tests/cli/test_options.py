"""Which server, how reached, as whom: options, variables, and which of them wins."""

from __future__ import annotations

import io
from base64 import b64decode
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.program import shell
from support.table import each_row

import arthas_cli.demo.tour
import arthas_cli.shell.app
from arthas_cli.__main__ import run_program
from arthas_cli.environment import Environment
from arthas_cli.errors import ExitCode

if TYPE_CHECKING:
    from arthas_cli.invocation import Invocation

    from .conftest import Run

SECRET = "planted-secret"
NO_PASSWORD_HINT = (
    "hint: give it with --password-stdin or ARTHAS_SHELL_PASSWORD, or in a profile with"
    " password_command; at a terminal it is asked for\n"
)
CREDENTIALS_HINT = "hint: give it with -u and --password-stdin, or ARTHAS_SHELL_PASSWORD\n"
SEE = "\nhint: see 'arthas-shell exec --help'\n"


class Terminal(io.StringIO):
    """A stream on which somebody types, or reads."""

    def isatty(self) -> bool:
        return True


def address(fake: FakeArthas) -> str:
    return fake.url.split("/")[2]


def port(fake: FakeArthas) -> str:
    return address(fake).split(":")[1]


def credentials(fake: FakeArthas) -> str | None:
    """Returns `USER:PASSWORD` as the server was sent it."""
    scheme, _, pair = fake.requests[0].headers.get("authorization", "").partition(" ")
    return b64decode(pair).decode() if scheme else None


@pytest.mark.parametrize(
    "arguments",
    [
        ["-H", "{address}", "exec", "version"],
        ["exec", "-H", "{address}", "version"],
        ["exec", "version", "--host", "{address}"],
        ["-p", "{port}", "exec", "version"],
        ["exec", "--port={port}", "version"],
        ["-H", "127.0.0.1", "exec", "-p", "{port}", "version"],
        ["-p", "{port}", "exec", "-H", "localhost", "version"],
        ["--url", "http://{address}", "exec", "version"],
        ["exec", "--url", "http://{address}/api", "version"],
    ],
    ids=" ".join,
)
def test_a_server_is_named_before_or_behind_the_subcommand(
    fake: FakeArthas, arguments: list[str]
) -> None:
    words = [word.format(address=address(fake), port=port(fake)) for word in arguments]
    assert shell(*words).stdout == "4.1.5\n"


def test_of_two_servers_the_one_behind_the_subcommand_wins(fake: FakeArthas) -> None:
    ended = shell("-H", "127.0.0.1:1", "exec", "--url", fake.url, "version")
    assert ended.exit_code == 0


@pytest.mark.parametrize("name", ["ARTHAS_SHELL_URL", "ARTHAS_SHELL_HOST", "ARTHAS_SHELL_PORT"])
def test_a_server_is_named_by_a_variable(fake: FakeArthas, name: str) -> None:
    value = {"URL": fake.url, "HOST": address(fake), "PORT": port(fake)}[name.rpartition("_")[2]]
    assert shell("exec", "version", **{name: value}).exit_code == 0


def test_a_flag_wins_over_a_variable(fake: FakeArthas) -> None:
    ended = shell("exec", "-H", address(fake), "version", ARTHAS_SHELL_URL="http://127.0.0.1:1")
    assert ended.exit_code == 0


def test_an_empty_variable_is_none(run: Run) -> None:
    assert run("exec", "version", ARTHAS_SHELL_COLOR="", ARTHAS_SHELL_QUIET="").exit_code == 0


def test_without_anything_it_is_this_machine_at_port_8563() -> None:
    ended = shell("exec", "--json", "-t", "1", "sc 'open")
    assert ended.document["url"] == "http://127.0.0.1:8563/api"


def test_a_password_meant_for_one_server_never_goes_to_another(fake: FakeArthas) -> None:
    ended = shell(
        *("-H", address(fake), "exec", "version"),
        ARTHAS_SHELL_HOST="shop",
        ARTHAS_SHELL_USERNAME="ops",
        ARTHAS_SHELL_PASSWORD=SECRET,
    )
    assert (ended.exit_code, credentials(fake)) == (0, None)


def test_a_password_comes_from_the_environment() -> None:
    with FakeArthas(user="ops", password=SECRET) as fake:
        ended = shell(
            "-u", "ops", "exec", "--url", fake.url, "version", ARTHAS_SHELL_PASSWORD=SECRET
        )
        assert (ended.exit_code, credentials(fake)) == (0, f"ops:{SECRET}")


@pytest.mark.parametrize(
    "arguments",
    [
        ["-u", "ops", "--password-stdin", "exec", "version"],
        ["exec", "-u", "ops", "--password-stdin", "version"],
        ["--password-stdin", "exec", "--password-stdin", "-u", "ops", "version"],
    ],
    ids=" ".join,
)
def test_a_password_is_the_first_line_of_stdin(arguments: list[str]) -> None:
    with FakeArthas(user="ops", password="pass word ") as fake:
        ended = shell(*arguments, stdin="pass word \r\nmore\n", ARTHAS_SHELL_URL=fake.url)
        assert (ended.exit_code, credentials(fake)) == (0, "ops:pass word ")


def test_what_stands_behind_the_password_is_left_on_stdin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def open_shell(invocation: Invocation) -> ExitCode:
        read.append(invocation.environment.stdin.read())
        return ExitCode.OK

    monkeypatch.setattr(arthas_cli.shell.app, "run_shell", open_shell)
    environment = Environment(Terminal("sesame\nversion\n"), io.StringIO(), io.StringIO(), {})
    assert run_program(["-u", "ops", "--password-stdin"], environment) == 0
    assert read == ["version\n"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["exec", "--password-stdin", "-"],
        ["--password-stdin", "exec", "-"],
        ["run", "--password-stdin", "-"],
        ["--password-stdin", "run", "-"],
        ["--password-stdin"],
    ],
    ids=" ".join,
)
def test_a_password_and_the_lines_cannot_both_come_from_stdin(
    run: Run, fake: FakeArthas, arguments: list[str]
) -> None:
    ended = run(*arguments, stdin=f"{SECRET}\nversion\n")
    assert (ended.exit_code, ended.stdout, fake.requests) == (2, "", [])
    assert ended.stderr == (
        "arthas-shell: --password-stdin and the lines both read stdin\n"
        "hint: put the lines into a file, or use ARTHAS_SHELL_PASSWORD\n"
    )


def test_a_password_that_goes_unencrypted_to_another_host_is_warned_about_once() -> None:
    ended = shell(
        *("exec", "--json", "-u", "ops", "--url", f"http://{'a' * 64}", "version"),
        ARTHAS_SHELL_PASSWORD=SECRET,
    )
    assert ended.stderr.splitlines()[0] == (
        f"warning: the password is sent to http://{'a' * 64}/api unencrypted; use https:// to"
        " protect it"
    )
    assert ended.stderr.count("warning:") == 1
    assert SECRET not in ended.stderr + ended.stdout


@each_row(
    ("arguments", "error"),
    [
        (
            ["-H", "a", "--url", "http://b"],
            "--host and --url each name a target\nhint: leave out all but one of them\n",
        ),
        (
            ["--url", f"http://ops:{SECRET}@a"],
            f"an address must not contain a password\n{CREDENTIALS_HINT}",
        ),
        (
            ["-p", "99999"],
            "'99999' is not a port\nhint: use a number from 1 to 65535\n",
        ),
        (
            ["-H", "::1"],
            (
                "'::1' is not of the form HOST[:PORT]\n"
                "hint: put an IPv6 address in brackets: '[::1]'\n"
            ),
        ),
        (["-u", "ops"], f"'ops' has no password\n{NO_PASSWORD_HINT}"),
        (
            ["--connect-timeout", "soon"],
            (
                "'soon' is not a time in seconds\nhint: use a number of seconds, such as"
                " --connect-timeout 5\n"
            ),
        ),
        (
            ["-t", "nan"],
            (
                f"invalid value for '-t' / '--timeout': 'nan' is not a number of seconds above 0,"
                f" up to 86400{SEE}"
            ),
        ),
        (
            ["-t", "x"],
            (
                f"invalid value for '-t' / '--timeout': 'x' is not a number of seconds above 0,"
                f" up to 86400{SEE}"
            ),
        ),
        (
            ["--json", "-o", "csv"],
            "--json and -o csv cannot be combined\nhint: use only one of them\n",
        ),
        (
            ["--color", "blue"],
            f"invalid value for '--color': 'blue' is not one of 'auto', 'always', 'never'{SEE}",
        ),
    ],
)
def test_an_option_that_cannot_hold_exits_with_2_and_what_to_do(
    arguments: list[str], error: str
) -> None:
    ended = shell("exec", *arguments, "version")
    assert (ended.exit_code, ended.stderr.startswith("arthas-shell: ")) == (2, True)
    assert error in ended.stderr
    assert SECRET not in ended.stderr


def test_an_output_option_before_the_subcommand_is_told_its_place() -> None:
    ended = shell("-t", "3", "exec", "version")
    assert ended.exit_code == 2
    assert ended.stderr == (
        "arthas-shell: there is no option '-t'\n"
        "hint: put it after the subcommand: arthas-shell exec -t …\n"
    )


def test_an_option_with_a_slip_is_told_the_right_one() -> None:
    ended = shell("--usernam", "ops")
    assert ended.stderr == (
        "arthas-shell: there is no option '--usernam'\nhint: did you mean '--username'?\n"
    )


def test_an_option_that_resembles_none_points_to_the_help() -> None:
    ended = shell("run", "--zzz", "-")
    assert ended.stderr == (
        "arthas-shell: there is no option '--zzz'\nhint: see 'arthas-shell run --help'\n"
    )


def test_an_unknown_subcommand_exits_with_2() -> None:
    ended = shell("thread")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr == (
        "arthas-shell: no such command 'thread'\nhint: see 'arthas-shell --help'\n"
    )


@pytest.mark.parametrize("arguments", [["--user-id", "me", "exec"], ["exec", "--user-id", "me"]])
def test_a_user_id_goes_out_with_every_request(
    run: Run, fake: FakeArthas, arguments: list[str]
) -> None:
    run(*arguments, "watch demo.MathGame run -n 1")
    assert {seen.body["userId"] for seen in fake.requests} == {"me"}


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    assert shell("--version").exit_code == 0
    assert capsys.readouterr().out == f"arthas-shell {version('arthas-shell')}\n"


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["exec", "-h"], ["run", "--help"]])
def test_help_goes_to_stdout_and_names_the_connection_options(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert shell(*arguments).exit_code == 0
    said = capsys.readouterr()
    assert said.out.startswith("Usage: arthas-shell")
    assert "-H, --host HOST[:PORT]" in said.out
    assert said.err == ""


def test_without_a_subcommand_a_terminal_gets_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_shell(invocation: Invocation) -> ExitCode:
        opened.append(invocation.connection.url)
        return ExitCode.UNAUTHORIZED

    monkeypatch.setattr(arthas_cli.shell.app, "run_shell", open_shell)
    environment = Environment(Terminal(), io.StringIO(), io.StringIO(), {})
    assert run_program(["-H", "shop:1"], environment) == 4
    assert opened == ["http://shop:1/api"]


def test_demo_runs_the_demo_with_the_same_options(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def run_demo(invocation: Invocation) -> ExitCode:
        seen.append(invocation.settings.is_quiet)
        return ExitCode.OK

    monkeypatch.setattr(arthas_cli.demo.tour, "run_demo", run_demo)
    assert shell("-q", "demo").exit_code == 0
    assert seen == [True]
