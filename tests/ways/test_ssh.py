"""`ssh://` by a real OpenSSH server on loopback, with a fake Arthas behind it."""

from __future__ import annotations

import getpass
import json
import os
import signal
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from support.program import shell
from support.terminal import open_terminal

import arthas_cli
from arthas_cli.config.settings import Connection
from arthas_cli.errors import ServerGone, Tunnel, TunnelBroke
from arthas_cli.protocol import Action, Request
from arthas_cli.transport.lean import LeanTransport
from arthas_cli.ways import Terms
from arthas_cli.ways.kept import Kept
from arthas_cli.ways.ssh import SshLeader, make_way
from arthas_cli.ways.tunnel import TunnelWay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.fake import FakeArthas
    from support.fake.faults import Exchange, Fault
    from support.fake.wire import Reply
    from support.openssh import SshServer

    from arthas_cli.demo.target import Target

    from .conftest import Start

WITHIN_S = 20.0
WATCH = "watch demo.MathGame run"
REQUEST = Request(Action.EXEC, "version", request_id="1")


def make_url(fake: FakeArthas, host: str = "shop-3") -> str:
    return f"ssh://{host}/{urlsplit(fake.url).port}"


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.02)


def list_programs(ssh: SshServer) -> list[str]:
    """Returns the pids and command lines of our own `ssh` and of those who keep them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it has ended
            continue
        if {f"{ssh.folder}/config", f"{ssh.bin}/ssh"} & set(words):
            found.append(" ".join([path.parent.name, *words]))
    return found


@pytest.fixture
def way(ssh: SshServer, fake: FakeArthas) -> Iterator[TunnelWay]:
    way = make_way(Connection(make_url(fake)), Terms())
    yield way
    way.close()
    assert list_programs(ssh) == []


def write_ssh(folder: Path, script: str) -> None:
    """Writes a program of that name that does as the script says."""
    ssh = folder / "ssh"
    ssh.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    ssh.chmod(0o755)


def make_transport(way: TunnelWay, fake: FakeArthas) -> LeanTransport:
    return LeanTransport(Connection(make_url(fake), way=way))


def test_a_command_goes_through_ssh_and_leaves_nothing(
    ssh: SshServer, fake: FakeArthas, room: Path
) -> None:
    ended = shell("exec", "--json", "--url", make_url(fake), "version")
    assert ended.exit_code == 0, ended.stderr
    assert ended.document["results"][0]["version"] == "4.1.5"
    assert ended.document["url"] == make_url(fake)
    assert ended.stderr == ""
    assert list_programs(ssh) == []
    assert list(room.iterdir()) == []


def test_a_host_behind_a_jump_host_is_reached_by_the_users_configuration(
    ssh: SshServer, fake: FakeArthas
) -> None:
    ended = shell("exec", "--url", make_url(fake, "behind"), "version")
    assert (ended.stdout, ended.exit_code) == ("4.1.5\n", 0), ended.stderr
    assert list_programs(ssh) == []


def test_the_socket_is_for_its_owner_alone(way: TunnelWay) -> None:
    path = Path(way.open(None).socket_path)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("host", "message", "hint"),
    [
        (
            "stranger",
            "ssh does not know the host key of 'stranger' (Host key verification failed)",
            "run ssh stranger once, and compare the key before you accept it",
        ),
        (
            "nobody",
            "ssh was not let in on 'nobody' ({user}@127.0.0.1: Permission denied (publickey))",
            "run ssh nobody to see why; ssh-add gives a key to the agent",
        ),
        (
            "no-such-host.invalid",
            (
                "ssh cannot find the host 'no-such-host.invalid' (ssh: Could not resolve hostname"
                " no-such-host.invalid: Name or service not known)"
            ),
            "check the name, or give it a Host entry in ~/.ssh/config",
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
    assert (error["message"], error["hint"]) == (message.format(user=getpass.getuser()), hint)
    assert list_programs(ssh) == []


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
    assert list_programs(ssh) == []


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
    assert list_programs(ssh) == []
    assert list(ssh.folder.glob("own-*")) == []


def test_a_tunnel_that_was_ended_is_opened_again(
    ssh: SshServer, way: TunnelWay, fake: FakeArthas
) -> None:
    transport = make_transport(way, fake)
    transport.send(REQUEST, timeout_s=5)
    first = way.open(None).socket_path
    ssh.stop()
    ssh.start()
    wait_for(lambda: way.open(None).socket_path != first)
    assert transport.send(REQUEST, timeout_s=5).read().state == "SUCCEEDED"
    assert not Path(first).parent.exists()


def test_a_request_that_was_under_way_when_the_tunnel_broke_may_have_arrived(
    ssh: SshServer, way: TunnelWay, fake: FakeArthas
) -> None:
    def cut(exchange: Exchange) -> Reply:
        ssh.stop()
        return exchange.answer()

    fake.faults.next(cut, action="exec")
    with pytest.raises(TunnelBroke, match="the ssh connection to 'shop-3' broke"):
        make_transport(way, fake).send(REQUEST, timeout_s=WITHIN_S)
    with pytest.raises(Tunnel, match="no ssh server listens on 'shop-3'"):
        make_transport(way, fake).send(REQUEST, timeout_s=WITHIN_S)
    ssh.start()


def test_a_server_that_ends_under_a_request_is_told_from_a_tunnel_that_breaks(
    way: TunnelWay, fake: FakeArthas
) -> None:
    transport = make_transport(way, fake)
    transport.send(REQUEST, timeout_s=5)
    fake.faults.next(end(fake), action="exec")
    with pytest.raises(ServerGone, match="nothing listens on port"):
        transport.send(REQUEST, timeout_s=WITHIN_S)


def end(fake: FakeArthas) -> Fault:
    def answer(exchange: Exchange) -> Reply:
        fake.stop()
        return exchange.answer()

    return answer


def test_a_watch_goes_on_and_its_account_is_right_when_the_server_of_ssh_is_killed(
    ssh: SshServer, fake: FakeArthas, start: Start
) -> None:
    fake.target.rate = 20
    process = start("exec", "-o", "jsonl", "--url", make_url(fake), f"{WATCH} -n 60")
    assert process.stdout is not None
    read = [json.loads(process.stdout.readline()) for _ in range(4)]
    ssh.stop()
    ssh.start()
    read += [json.loads(line) for line in process.stdout]
    assert process.stderr is not None
    stderr = process.stderr.read()
    end, hits = read[-1], [each for each in read if each["type"] == "watch"]
    assert process.wait(WITHIN_S) in (0, 5), stderr
    assert end["type"] == "end"
    assert end["lost"] in (None, 60 - len(hits)), stderr
    assert "the ssh connection to 'shop-3' broke" in stderr
    assert "the connection is back" in stderr


def test_ctrl_c_stops_the_watch_and_not_the_tunnel_to_it(
    ssh: SshServer, fake: FakeArthas, start: Start
) -> None:
    fake.target.rate = 20
    process = start("exec", "--url", make_url(fake), WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 130, stderr
    assert stderr.endswith("arthas-shell: interrupted\n")
    assert (fake.jobs, fake.sessions) == ([], [])
    assert list_programs(ssh) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_all_of_us_leaves_nothing_on_the_server_and_nothing_here(
    ssh: SshServer, fake: FakeArthas, start: Start, number: int
) -> None:
    fake.target.rate = 20
    process = start("exec", "--url", make_url(fake), WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, number)
    _, stderr = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 143, stderr
    assert (fake.jobs, fake.sessions) == ([], [])
    assert list_programs(ssh) == []


def test_nothing_runs_on_after_kill_9(
    ssh: SshServer, fake: FakeArthas, start: Start, room: Path
) -> None:
    process = start("exec", "--url", make_url(fake, "behind"), WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    assert len(list_programs(ssh)) >= 2
    process.kill()
    wait_for(lambda: not list_programs(ssh))
    wait_for(lambda: not list(room.iterdir()))


def test_nothing_runs_on_after_the_keeper_is_killed(
    ssh: SshServer, way: TunnelWay, fake: FakeArthas
) -> None:
    make_transport(way, fake).send(REQUEST, timeout_s=5)
    keeper = next(line for line in list_programs(ssh) if "keeper.py" in line)
    os.kill(int(keeper.split()[0]), signal.SIGKILL)
    wait_for(lambda: not list_programs(ssh))
    assert make_transport(way, fake).send(REQUEST, timeout_s=5).read().state == "SUCCEEDED"


def test_programs_go_through_ssh_as_well(ssh: SshServer, fake: FakeArthas) -> None:
    with arthas_cli.connect(make_url(fake)) as arthas:
        assert arthas.run("version").results[0].data["version"] == "4.1.5"
        assert list_programs(ssh)
    assert list_programs(ssh) == []
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
    assert list_programs(ssh) == []


def test_a_file_comes_through_ssh(ssh: SshServer, fake: FakeArthas) -> None:
    ended = shell("get", "--url", make_url(fake), "a.txt")
    assert ended.stderr.startswith("arthas-shell: there is no file 'a.txt' in arthas-output\n")
    assert list_programs(ssh) == []


def test_a_watch_on_a_real_arthas_comes_through_ssh(ssh: SshServer, arthas: Target) -> None:
    url = f"ssh://shop-3/{urlsplit(arthas.url).port}"
    line = "watch demo.MathGame primeFactors '{params,returnObj}' -n 3"
    ended = shell("exec", "--json", "--url", url, line)
    document = ended.document
    assert (ended.exit_code, document["lost"]) == (0, 0), ended.stderr
    assert [each["type"] for each in document["results"]] == ["enhancer", *["watch"] * 3]
    assert list_programs(ssh) == []


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
    assert list_programs(ssh) == []


def test_ctrl_c_at_the_question_of_ssh_ends_us_and_gives_the_terminal_back(
    ssh: SshServer, fake: FakeArthas, tmp_path: Path
) -> None:
    url = make_url(fake, "locked")
    with open_terminal("exec", "--url", url, "version", home=tmp_path) as terminal:
        before = terminal.modes
        terminal.see("Enter passphrase for key")
        terminal.wait_for(lambda: terminal.modes != before)
        terminal.type("\x03")
        assert terminal.end() == 130
        assert terminal.modes == before
    assert list_programs(ssh) == []


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
    assert transport.send(REQUEST, timeout_s=WITHIN_S).read().state == "SUCCEEDED"
    port = way.open(None).port
    what = "this ssh has no Unix sockets: other users of this machine can reach the tunnel at"
    assert said == [f"{what} 127.0.0.1:{port}"]
    way.close()
    assert list_programs(ssh) == []


def test_a_deadline_holds_for_a_host_that_does_not_answer_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_ssh(tmp_path, 'test "$1" = -V && exit\nexec sleep 100')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    ended = shell("exec", "--url", "ssh://shop", "-t", "0.5", "version")
    assert ended.exit_code == 124
    assert ended.stderr.startswith(
        "arthas-shell: the deadline of 0.5 s passed; the ssh tunnel to 'shop' did not open\n"
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


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_program_that_heeds_ctrl_c_is_kept_apart_from_the_terminal(
    tmp_path: Path, *, is_apart: bool
) -> None:
    command = [sys.executable, "-c", "import os; print(os.getpgrp() == os.getpid())"]
    kept = Kept(command, tmp_path / "none", is_apart=is_apart)
    wait_for(lambda: kept.has_ended)
    assert kept.list_lines() == [str(is_apart)]
    kept.end()
