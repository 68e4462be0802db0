"""`--on`: what is wrong with it is said before anything is sent; no password strays."""

from __future__ import annotations

import base64
import io
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.program import shell

from arthas_cli.environment import Environment
from arthas_cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.program import Ended


def list_logins(fake: FakeArthas) -> set[str]:
    """Returns the users and passwords that a server was sent, "" where it was sent none."""
    headers = {seen.headers.get("authorization", "") for seen in fake.requests}
    return {base64.b64decode(one.removeprefix("Basic ")).decode() for one in headers}


@pytest.fixture
def fakes() -> Iterator[list[FakeArthas]]:
    """Four servers: of two profiles, of an address with a login, and one that asks for none."""
    with ExitStack() as stack:
        wanted = (("ops", "of-shop"), ("dba", "of-db"), ("me", "of-the-line"))
        guarded = [FakeArthas(user=user, password=password) for user, password in wanted]
        yield [stack.enter_context(one) for one in (*guarded, FakeArthas())]


@pytest.fixture
def config(fakes: list[FakeArthas], tmp_path: Path) -> str:
    """The file with two profiles and a group of them; each has its password in its own way."""
    command = json.dumps([sys.executable, "-c", "print('of-db')"])
    path = tmp_path / "config.toml"
    path.write_text(
        f"[profiles.shop]\nurl = '{fakes[0].url}'\nusername = 'ops'\npassword = 'of-shop'\n"
        f"[profiles.db]\nurl = '{fakes[1].url}'\nusername = 'dba'\npassword_command = {command}\n"
        "[groups]\nboth = ['shop', 'db']\nnone = []\nwrong = ['shop', 'web[2-1]:1']\n",
        "utf-8",
    )
    path.chmod(0o600)
    return str(path)


def run(config: str, *arguments: str, stdin: str = "", **variables: str) -> Ended:
    return shell("exec", "--config", config, *arguments, stdin=stdin, **variables)


def test_no_password_of_one_target_reaches_another(fakes: list[FakeArthas], config: str) -> None:
    targets = ("--on", "both", "--on", fakes[2].url)
    login = ("-u", "me", "--password-stdin")
    ended = run(config, *targets, *login, "version", stdin="of-the-line\n")
    assert (ended.exit_code, ended.stderr) == (0, "3 JVMs: 3 succeeded\n")
    assert [list_logins(fake) for fake in fakes[:3]] == [
        {"ops:of-shop"},
        {"dba:of-db"},
        {"me:of-the-line"},
    ]


def test_a_server_that_asks_for_no_password_is_sent_none_of_the_others(
    fakes: list[FakeArthas], config: str
) -> None:
    variables = {
        "ARTHAS_SHELL_URL": fakes[2].url,
        "ARTHAS_SHELL_USERNAME": "me",
        "ARTHAS_SHELL_PASSWORD": "of-the-line",
    }
    assert run(config, "--on", "all", "--on", fakes[3].url, "version", **variables).exit_code == 0
    assert list_logins(fakes[3]) == {""}
    assert fakes[2].requests == []


def test_a_profile_that_is_refused_is_not_tried_with_the_login_of_the_line(
    fakes: list[FakeArthas], config: str
) -> None:
    with FakeArthas(user="me", password="of-the-line") as other:
        path = Path(config)
        path.write_text(path.read_text("utf-8").replace(fakes[0].url, other.url), "utf-8")
        login = ("-u", "me", "--password-stdin")
        ended = run(config, "--on", "both", *login, "version", stdin="of-the-line\n")
        assert ended.exit_code == 4
        assert list_logins(other) == {"ops:of-shop"}


@pytest.mark.parametrize(
    "word",
    [
        "",
        " ",
        "*",
        "?",
        "@all",
        "nobody",
        "none",
        "wrong",
        "web",
        "web[3-1]:1",
        "web[a-b]:1",
        "web[1-",
        "web[1-1000000]:1",
        "[1-3]:1",
        "//",
        "http://",
        "web:0",
        "shop,db",
        "k8s://shop",
        "ssh://",
        "pid:x",
        "jvm:",
        "http://ops:planted-secret@web",
        "web.example:1 web",
        "sh\x1b[2Jop",
        "a" * 5000,
    ],
)
def test_a_target_that_cannot_be_understood_ends_it_before_anything_is_sent(
    fakes: list[FakeArthas], config: str, word: str
) -> None:
    ended = run(config, "--json", "--on", "shop", "--on", word, "--on", fakes[3].url, "version")
    assert ended.exit_code == 2
    assert ended.document["error"]["kind"] in ("usage", "config")
    assert ended.document["error"]["hint"]
    assert "planted-secret" not in ended.stdout + ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
    assert [fake.requests for fake in fakes] == [[], [], [], []]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--on", "shop", "--host", "x"),
        ("--on", "shop", "-P", "shop"),
        ("--on", "shop", "--url", "http://x"),
        ("--on", "shop", "-p", "1"),
        ("--on", "shop", "--fanout", "0"),
        ("--on", "shop", "--fanout", "many"),
    ],
)
def test_what_does_not_go_together_ends_it_before_anything_is_sent(
    fakes: list[FakeArthas], config: str, arguments: tuple[str, ...]
) -> None:
    ended = run(config, *arguments, "version")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith("arthas-shell: ")
    assert [fake.requests for fake in fakes] == [[], [], [], []]


@pytest.mark.parametrize("command", ["doctor", "get"])
def test_what_is_for_one_jvm_refuses_many(
    fakes: list[FakeArthas], config: str, command: str
) -> None:
    ended = shell(command, "--config", config, "--on", "both")
    assert ended.exit_code == 2
    said = ended.stdout + ended.stderr
    assert "this command is for one JVM, and --on names both\n" in said
    assert "give --on once, with one profile or address\n" in said
    assert [fake.requests for fake in fakes] == [[], [], [], []]


def test_what_is_for_one_jvm_takes_a_target_of_on(fakes: list[FakeArthas], config: str) -> None:
    assert shell("doctor", "--config", config, "--on", "shop").exit_code == 0
    assert "ops:of-shop" in list_logins(fakes[0])


def test_config_show_lists_the_targets_and_what_they_share(
    fakes: list[FakeArthas], config: str
) -> None:
    shown = shell(
        "config", "show", "--config", config, "--on", "both", ARTHAS_SHELL_FANOUT="9"
    ).stdout
    assert "\nfanout = 9\n" in f"\n{shown}"
    assert "\nurl = " not in f"\n{shown}"
    urls = [fake.url.removesuffix("/api") for fake in fakes]
    assert f"# target shop: {urls[0]}\n# target db: {urls[1]}\n" in shown
    one = shell("config", "show", "--config", config, "--on", "shop").stdout
    assert one == shell("config", "show", "--config", config, "-P", "shop").stdout


def test_on_stands_before_or_behind_the_subcommand_and_in_the_variable(
    fakes: list[FakeArthas], config: str
) -> None:
    for before, behind, variables in (
        (("--on", "both"), (), {}),
        ((), ("--on", "both"), {}),
        ((), (), {"ARTHAS_SHELL_ON": "shop db"}),
        (("--on", fakes[3].url), ("--on", "shop", "--on", "db"), {"ARTHAS_SHELL_ON": "nobody"}),
    ):
        arguments = ("--config", config, *before, "exec", "--json", *behind, "version")
        document = shell(*arguments, **variables).document
        assert [one["target"] for one in document["targets"]] == ["shop", "db"]
    assert fakes[3].requests == []


class Keyboard(io.StringIO):
    """A terminal that nobody types at."""

    def isatty(self) -> bool:
        return True


def test_the_shell_asks_for_the_password_of_many_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return "sesame"

    monkeypatch.setattr("arthas_cli.invocation.ask_password", ask)
    place: dict[str, object] = {"on": ("127.0.0.1:1", "127.0.0.1:2"), "username": "ops"}
    invocation = Invocation(Environment(Keyboard(), io.StringIO(), io.StringIO(), {}), [place])
    invocation.open_members(invocation.make_diagnostics())
    assert invocation.list_passwords() == ["sesame", "sesame"]
    assert asked == ["'ops'"]
