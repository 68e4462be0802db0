"""`ssh://` by a real OpenSSH server on loopback, with an Arthas behind it."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from support.program import shell
from support.terminal import open_terminal

import arthas_cli
from arthas_cli.errors import Tunnel

from .conftest import make_url

if TYPE_CHECKING:
    from support.fake import FakeArthas
    from support.openssh import SshServer

    from arthas_cli.demo.target import Target
    from arthas_cli.ways.tunnel import TunnelWay


def test_a_command_goes_through_ssh_and_leaves_nothing(
    ssh: SshServer, fake: FakeArthas, room: Path
) -> None:
    ended = shell("exec", "--json", "--url", make_url(fake), "version")
    assert ended.exit_code == 0, ended.stderr
    assert ended.document["results"][0]["version"] == "4.1.5"
    assert ended.document["url"] == make_url(fake)
    assert ended.stderr == ""
    assert ssh.list_programs() == []
    assert list(room.iterdir()) == []


def test_a_host_behind_a_jump_host_is_reached_by_the_users_configuration(
    ssh: SshServer, fake: FakeArthas
) -> None:
    ended = shell("exec", "--url", make_url(fake, "behind"), "version")
    assert (ended.stdout, ended.exit_code) == ("4.1.5\n", 0), ended.stderr
    assert ssh.list_programs() == []


def test_the_socket_is_for_its_owner_alone(way: TunnelWay) -> None:
    path = Path(way.open(None).socket_path)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_programs_go_through_ssh_as_well(ssh: SshServer, fake: FakeArthas) -> None:
    with arthas_cli.connect(make_url(fake)) as arthas:
        assert arthas.run("version").results[0].data["version"] == "4.1.5"
        assert ssh.list_programs()
    assert ssh.list_programs() == []
    with pytest.raises(Tunnel, match="the ssh tunnel to 'shop-3' is closed"):
        arthas.run("version")


@pytest.mark.usefixtures("ssh")
def test_doctor_says_how_far_the_way_leads(fake: FakeArthas) -> None:
    ended = shell("doctor", "--json", "--url", make_url(fake))
    steps = {step["name"]: step for step in ended.document["steps"]}
    assert ended.exit_code == 0, steps
    assert list(steps)[:6] == ["terminal", "configuration", "ssh", "host", "forward", "http"]
    assert steps["exposure"]["found"] == "everything goes through ssh shop-3"
    failed = shell("doctor", "--json", "--url", make_url(fake, "nobody"))
    states = {step["name"]: step["state"] for step in failed.document["steps"]}
    assert (states["ssh"], states["host"], states["forward"]) == ("pass", "fail", "skipped")
    assert failed.exit_code == 3


def test_a_profile_leads_through_ssh(ssh: SshServer, fake: FakeArthas, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[profiles.shop]\nurl = "{make_url(fake)}"\n', "utf-8")
    ended = shell("exec", "--config", str(config), "-P", "shop", "version")
    assert (ended.stdout, ended.exit_code) == ("4.1.5\n", 0), ended.stderr
    assert ssh.list_programs() == []


def test_a_file_comes_through_ssh(ssh: SshServer, fake: FakeArthas) -> None:
    ended = shell("get", "--url", make_url(fake), "a.txt")
    assert ended.stderr.startswith("arthas-shell: there is no file 'a.txt' in arthas-output\n")
    assert ssh.list_programs() == []


def test_a_watch_on_a_real_arthas_comes_through_ssh(ssh: SshServer, arthas: Target) -> None:
    url = f"ssh://shop-3/{urlsplit(arthas.url).port}"
    line = "watch demo.MathGame primeFactors '{params,returnObj}' -n 3"
    ended = shell("exec", "--json", "--url", url, line)
    document = ended.document
    assert (ended.exit_code, document["lost"]) == (0, 0), ended.stderr
    assert [each["type"] for each in document["results"]] == ["enhancer", *["watch"] * 3]
    assert ssh.list_programs() == []


def test_the_shell_lets_ssh_ask_and_says_where_one_is(
    ssh: SshServer, fake: FakeArthas, tmp_path: Path
) -> None:
    url = make_url(fake, "locked")
    with open_terminal("--url", url, home=tmp_path, answers=True) as terminal:
        terminal.see("Enter passphrase for key")
        terminal.enter("sesame")
        terminal.see("[locked arthas@")
        terminal.see(" · ssh locked")
        terminal.enter("version")
        terminal.see("4.1.5\n")
        terminal.enter("quit")
        assert terminal.end() == 0
    assert ssh.list_programs() == []


@pytest.mark.parametrize("is_typed", [True, False], ids=["Ctrl+C", "SIGTERM"])
def test_who_leaves_at_the_question_of_ssh_gets_the_terminal_back(
    ssh: SshServer, fake: FakeArthas, tmp_path: Path, *, is_typed: bool
) -> None:
    url = make_url(fake, "locked")
    with open_terminal("exec", "--url", url, "version", home=tmp_path) as terminal:
        before = terminal.modes
        terminal.see("Enter passphrase for key")
        terminal.wait_for(lambda: terminal.modes != before)
        if is_typed:
            terminal.type("\x03")
        else:
            os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.end() == (130 if is_typed else 143)
        assert terminal.modes == before
    assert ssh.list_programs() == []
