"""How `ssh://` fails, and what is said of it."""

from __future__ import annotations

import getpass
import os
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from support.openssh import write_ssh
from support.program import shell
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.config.settings import Connection
from arthas_cli.config.way import Endpoint
from arthas_cli.errors import Tunnel
from arthas_cli.ways import Terms
from arthas_cli.ways.ssh import SshLeader, make_way
from arthas_cli.ways.tunnel import TunnelWay

from .conftest import REQUEST, make_transport, make_url

if TYPE_CHECKING:
    from pathlib import Path

    from support.fake import FakeArthas
    from support.openssh import SshServer


@pytest.mark.parametrize(
    ("host", "message", "hint"),
    [
        (
            "stranger",
            "ssh does not know the host key of 'stranger'",
            (
                "run ssh stranger once, and compare the key before you accept it"
                " (ssh said: Host key verification failed)"
            ),
        ),
        (
            "nobody",
            "ssh was not let in on 'nobody'",
            (
                "run ssh nobody to see why; ssh-add gives a key to the agent"
                " (ssh said: {user}@127.0.0.1: Permission denied (publickey))"
            ),
        ),
        (
            "no-such-host.invalid",
            "ssh cannot find the host 'no-such-host.invalid'",
            (
                "check the name, or give it a Host entry in ~/.ssh/config (ssh said: ssh: Could not"
                " resolve hostname no-such-host.invalid: Name or service not known)"
            ),
        ),
    ],
)
def test_what_ssh_says_is_in_the_error(
    ssh: SshServer, fake: FakeArthas, host: str, message: str, hint: str
) -> None:
    ended = shell("exec", "--json", "--url", make_url(fake, host), "version")
    assert ended.exit_code == 3
    error = ended.document["error"]
    assert error["kind"] == "tunnel"
    assert (error["message"], error["hint"]) == (message, hint.format(user=getpass.getuser()))
    assert ssh.list_programs() == []


def test_a_host_key_that_has_changed_is_never_taken(ssh: SshServer, fake: FakeArthas) -> None:
    ssh.trust("other")
    strict = shell("exec", "--url", make_url(fake), "version")
    ssh.configure("StrictHostKeyChecking no")
    lax = shell("exec", "--url", make_url(fake), "version", "-t", "3")
    for ended in (strict, lax):
        assert ended.exit_code == 3
        assert "the host key of 'shop-3' is not the one that ssh knows" in ended.stderr
    assert fake.requests == []


def test_where_nothing_listens_there_it_is_said_of_that_port(ssh: SshServer) -> None:
    ended = shell("exec", "--json", "--url", "ssh://shop-3/1", "version")
    assert ended.exit_code == 3
    assert ended.document["error"] == {
        "kind": "unreachable",
        "message": "nothing listens on port 1 of shop-3",
        "hint": "attach Arthas there, or give its HTTP port if that is not 1: ssh://shop-3/PORT",
    }
    assert ssh.list_programs() == []


def test_a_host_that_forwards_nothing_is_named(ssh: SshServer, fake: FakeArthas) -> None:
    ssh.stop()
    ssh.start("AllowTcpForwarding no")
    try:
        ended = shell("exec", "--url", make_url(fake), "version")
    finally:
        ssh.stop()
        ssh.start()
    assert ended.exit_code == 3
    assert ended.stderr.startswith("arthas-shell: 'shop-3' does not forward connections")


def test_without_ssh_in_path_it_is_said(
    fake: FakeArthas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = shell("exec", "--json", "--url", make_url(fake), "version")
    assert (ended.exit_code, ended.document["error"]["kind"]) == (3, "tunnel")
    assert ended.document["error"]["message"] == "there is no program 'ssh' in PATH"


@pytest.mark.parametrize("line", ["version", "watch demo.MathGame run"])
def test_a_deadline_counts_the_opening_of_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    write_ssh(tmp_path, "test $1 = -V || exec sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    begun = time.monotonic()
    ended = shell("exec", "--url", "ssh://shop-3", "-t", "0.5", line)
    assert time.monotonic() - begun < 0.5 + 3
    assert (ended.exit_code, ended.stderr) == (
        124,
        (
            "arthas-shell: the deadline of 0.5 s passed; the ssh tunnel to 'shop-3' did not open\n"
            "hint: allow more time with --timeout\n"
        ),
    )


def test_no_forward_and_no_shared_connection_of_the_users_is_used(
    ssh: SshServer, fake: FakeArthas
) -> None:
    ssh.configure(
        f"LocalForward 127.0.0.1:{urlsplit(fake.url).port} 127.0.0.1:1",  # taken: by the fake
        "ControlMaster auto",
        f"ControlPath {ssh.folder}/own-%C",
        "ControlPersist yes",
        "ForkAfterAuthentication yes",
        "RequestTTY force",
    )
    ended = shell("exec", "--url", make_url(fake), "version")
    assert (ended.stdout, ended.exit_code) == ("4.1.5\n", 0), ended.stderr
    assert ssh.list_programs() == []
    assert list(ssh.folder.glob("own-*")) == []


def test_a_host_that_does_not_let_us_in_is_not_asked_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_ssh(
        tmp_path,
        f"test $1 = -V || echo once >> {tmp_path}/calls\n"
        "echo 'ops@shop: Permission denied (publickey).' >&2\nexit 255",
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    way = make_way(Connection("ssh://shop/8563"), Terms())
    for _ in range(3):
        with pytest.raises(Tunnel, match="ssh was not let in on 'shop'"):
            way.open(None)
    assert (tmp_path / "calls").read_text("utf-8") == "once\n"


def test_where_ssh_has_no_unix_sockets_a_port_takes_their_place_and_that_is_said(
    ssh: SshServer, fake: FakeArthas
) -> None:
    said: list[str] = []
    leader = SshLeader(Connection(make_url(fake)), said.append)
    leader.has_sockets = False
    way = TunnelWay(leader, Terms())
    transport = make_transport(way, fake)
    assert transport.send(REQUEST, timeout_s=PATIENCE_S).read().state == "SUCCEEDED"
    port = way.open(None).port
    what = "this ssh has no Unix sockets: other users of this machine can reach the tunnel at"
    assert said == [f"{what} 127.0.0.1:{port}"]
    way.close()
    assert ssh.list_programs() == []


def test_who_was_asked_at_the_start_is_told_that_nothing_is_asked_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_ssh(
        tmp_path,
        f"test $1 = -V && exit; cd {tmp_path}\n"
        "test -e end && { echo 'ops@shop: Permission denied (password).'; exit 255; }\n"
        ": > $5; until test -e end; do sleep 0.02; done",
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(SshLeader, "_forward", lambda *_: Endpoint(socket_path="s"))
    way = make_way(Connection("ssh://shop/8563"), Terms(may_ask=True))
    way.open(None)
    (tmp_path / "end").touch()
    wait_for(lambda: not way.stands)
    with pytest.raises(Tunnel, match="ssh was not let in on 'shop'") as error:
        way.open(None)
    way.close()
    assert error.value.hint == (
        "a password is asked for only at the start: leave and start again, or add a key to the"
        " agent with ssh-add"
    )


@pytest.mark.parametrize(
    ("version", "is_given"),
    [
        ("OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19", True),
        ("OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3", False),
        ("OpenSSH_8.0p1, OpenSSL 1.1.1k", False),
        ("Sun_SSH_2.4", True),
    ],
)
def test_an_option_that_an_old_ssh_does_not_know_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, is_given: bool
) -> None:
    write_ssh(
        tmp_path, f'test "$1" = -V && echo "{version}" >&2 && exit\necho "$@" > {tmp_path}/said'
    )
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(Tunnel, match="ssh to 'shop' ended"):
        make_way(Connection("ssh://ops@shop:22/8563"), Terms()).open(None)
    said = (tmp_path / "said").read_text("utf-8")
    assert ("-o ForkAfterAuthentication=no" in said) is is_given
    assert said.endswith(" -p 22 -l ops -- shop\n")
