"""Tunnels that break, and what is left of them: nothing."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.errors import ServerGone, Tunnel, TunnelBroke
from arthas_cli.ways import keeper
from arthas_cli.ways.kept import Kept

from .conftest import REQUEST, WATCH, make_transport, make_url

if TYPE_CHECKING:
    from support.fake import FakeArthas
    from support.fake.faults import Exchange, Fault
    from support.fake.wire import Reply
    from support.openssh import SshServer

    from arthas_cli.ways.tunnel import TunnelWay

    from .conftest import Start


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
        make_transport(way, fake).send(REQUEST, timeout_s=PATIENCE_S)
    with pytest.raises(Tunnel, match="no ssh server listens on 'shop-3'"):
        make_transport(way, fake).send(REQUEST, timeout_s=PATIENCE_S)
    ssh.start()


def test_a_server_that_ends_under_a_request_is_told_from_a_tunnel_that_breaks(
    way: TunnelWay, fake: FakeArthas
) -> None:
    transport = make_transport(way, fake)
    transport.send(REQUEST, timeout_s=5)
    fake.faults.next(end(fake), action="exec")
    with pytest.raises(ServerGone, match="nothing listens on port"):
        transport.send(REQUEST, timeout_s=PATIENCE_S)


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
    assert process.wait(PATIENCE_S) in (0, 5), stderr
    assert end["type"] == "end"
    assert end["lost"] in (None, 60 - len(hits)), stderr
    assert "the ssh connection to 'shop-3' broke" in stderr
    assert "the connection is back" in stderr


def test_ctrl_c_stops_the_watch_and_not_the_tunnel_to_it(
    ssh: SshServer, fake: FakeArthas, start: Start
) -> None:
    fake.target.rate = 20
    before = ssh.count_logins()
    process = start("exec", "--url", make_url(fake), WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, stderr
    assert stderr.endswith("arthas-shell: interrupted\n")
    assert ssh.count_logins() == before + 1
    assert (fake.jobs, fake.sessions) == ([], [])
    assert ssh.list_programs() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_all_of_us_leaves_nothing_on_the_server_and_nothing_here(
    ssh: SshServer, fake: FakeArthas, start: Start, number: int
) -> None:
    fake.target.rate = 20
    process = start("exec", "--url", make_url(fake), WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, number)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 143, stderr
    assert (fake.jobs, fake.sessions) == ([], [])
    assert ssh.list_programs() == []


def test_nothing_runs_on_after_kill_9(
    ssh: SshServer, fake: FakeArthas, start: Start, room: Path
) -> None:
    process = start("exec", "--url", make_url(fake, "behind"), WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    assert len(ssh.list_programs()) >= 2
    process.kill()
    wait_for(lambda: not ssh.list_programs())
    wait_for(lambda: not list(room.iterdir()))


def test_nothing_runs_on_after_the_keeper_is_killed(
    ssh: SshServer, way: TunnelWay, fake: FakeArthas
) -> None:
    make_transport(way, fake).send(REQUEST, timeout_s=5)
    keeper = next(line for line in ssh.list_programs() if "keeper.py" in line)
    os.kill(int(keeper.split()[0]), signal.SIGKILL)
    wait_for(lambda: not (way.stands or ssh.list_programs()))
    assert make_transport(way, fake).send(REQUEST, timeout_s=5).read().state == "SUCCEEDED"


def test_out_of_an_archive_the_keeper_is_started_by_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "__file__", str(tmp_path / "arthas-shell.pyz" / "keeper.py"))
    (tmp_path / "folder").mkdir()
    kept = Kept(["echo", "it runs"], tmp_path / "folder")
    wait_for(lambda: kept.has_ended)
    assert kept.list_lines() == ["it runs"]
    assert not (tmp_path / "folder").exists()
    kept.end()


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_program_that_heeds_ctrl_c_is_kept_apart_from_the_terminal(
    tmp_path: Path, *, is_apart: bool
) -> None:
    command = [sys.executable, "-c", "import os; print(os.getpgrp() == os.getpid())"]
    kept = Kept(command, tmp_path / "none", is_apart=is_apart)
    wait_for(lambda: kept.has_ended)
    assert kept.list_lines() == [str(is_apart)]
    kept.end()
