"""`k8s://` by the real kubectl against the kubelet's own streaming, and by stand-ins for it."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest
from support.cluster import REQUEST, URL, find_port
from support.program import shell
from support.waiting import PATIENCE_S, wait_for, within

from arthas_cli.errors import NoServer, TunnelBroke, WayEnded

if TYPE_CHECKING:
    from pathlib import Path

    from support.cluster import Cluster
    from support.fake import FakeArthas
    from support.fake.faults import Exchange
    from support.fake.wire import Reply
    from ways.conftest import Start

    from arthas_cli.demo.target import Target
    from arthas_cli.transport.lean import LeanTransport
    from arthas_cli.ways.tunnel import TunnelWay

WATCH = "watch demo.MathGame run"


@pytest.mark.usefixtures("pod")
def test_a_command_goes_through_kubectl_and_leaves_nothing(cluster: Cluster) -> None:
    ended = shell("exec", "--json", "--url", URL, "version")
    assert ended.exit_code == 0, ended.stderr
    assert ended.document["results"][0]["version"] == "4.1.5"
    assert ended.document["url"] == "k8s://shop/web-1:8563"
    assert cluster.list_programs() == []
    assert list(cluster.runtime.iterdir()) == []


@pytest.mark.usefixtures("pod")
def test_a_watch_goes_on_and_its_account_is_right_when_the_forward_breaks(
    cluster: Cluster, fake: FakeArthas, start: Start
) -> None:
    fake.target.rate = 20
    process = start("exec", "-o", "jsonl", "--url", URL, f"{WATCH} -n 30")
    assert process.stdout is not None
    read = [json.loads(process.stdout.readline()) for _ in range(4)]
    cluster.cut("web-1")
    read += [json.loads(line) for line in process.stdout]
    assert process.stderr is not None
    stderr = process.stderr.read()
    end, hits = read[-1], [each for each in read if each["type"] == "watch"]
    assert process.wait(PATIENCE_S) in (0, 5), stderr
    assert end["lost"] in (None, 30 - len(hits)), stderr
    assert "the forward to pod 'web-1' broke" in stderr
    assert "the connection is back" in stderr


@pytest.mark.usefixtures("pod")
def test_a_watch_ends_with_its_pod_and_its_account_is_right(
    cluster: Cluster, fake: FakeArthas, start: Start
) -> None:
    fake.target.rate = 20
    process = start("exec", "-o", "jsonl", "--url", URL, f"{WATCH} -n 1000")
    assert process.stdout is not None
    read = [json.loads(process.stdout.readline()) for _ in range(4)]
    with within(25):  # a pod that has gone is not tried again, for 30 s or at all
        cluster.remove_pod("web-1")
        read += [json.loads(line) for line in process.stdout]
    assert process.stderr is not None
    stderr, end = process.stderr.read(), read[-1]
    assert (process.wait(PATIENCE_S), end["error"]["kind"]) == (3, "session-lost"), stderr
    assert (end["lost"], end["error"]["message"]) == (None, "pod 'web-1' has gone")


@pytest.mark.usefixtures("pod")
def test_a_request_that_was_under_way_when_the_pod_ended_may_have_arrived(
    cluster: Cluster, fake: FakeArthas, transport: LeanTransport
) -> None:
    def cut(exchange: Exchange) -> Reply:
        cluster.remove_pod("web-1")
        wait_for(lambda: not cluster.list_programs())
        return exchange.answer()

    fake.faults.next(cut, action="exec")
    with pytest.raises(TunnelBroke, match="the forward to pod 'web-1' broke"):
        transport.send(REQUEST, timeout_s=PATIENCE_S)
    with pytest.raises(WayEnded, match="pod 'web-1' has gone"):
        transport.send(REQUEST, timeout_s=PATIENCE_S)


def test_another_pod_behind_the_name_gets_no_line(
    cluster: Cluster, fake: FakeArthas, pod: str, way: TunnelWay, transport: LeanTransport
) -> None:
    transport.send(REQUEST, timeout_s=PATIENCE_S)
    count = len(fake.requests)
    cluster.add_pod(pod, {8563: find_port(fake.url)})
    cluster.cut(pod)
    wait_for(lambda: not way.stands)
    for _ in range(2):
        with pytest.raises(WayEnded) as error:
            transport.send(REQUEST, timeout_s=PATIENCE_S)
        assert error.value.message == "another pod is behind the name 'web-1' now"
        assert (error.value.kind, int(error.value.exit_code)) == ("session-lost", 3)
    assert len(fake.requests) == count


def test_a_port_that_is_closed_in_the_pod_is_named_and_tried_again(
    cluster: Cluster, transport: LeanTransport
) -> None:
    cluster.add_pod("web-1")
    for _ in range(2):
        with pytest.raises(NoServer) as error:
            transport.send(REQUEST, timeout_s=PATIENCE_S)
        assert (error.value.kind, error.value.message) == (
            "unreachable",
            "nothing listens on port 8563 of pod 'web-1'",
        )
        assert error.value.hint == (
            "put Arthas in with --attach, or give its HTTP port if that is not 8563:"
            " k8s://NAMESPACE/NAME:PORT"
        )


@pytest.mark.usefixtures("pod")
def test_a_server_that_ends_under_a_request_is_told_from_a_forward_that_breaks(
    fake: FakeArthas, transport: LeanTransport
) -> None:
    def end(exchange: Exchange) -> Reply:
        fake.stop()
        return exchange.answer()

    transport.send(REQUEST, timeout_s=PATIENCE_S)
    fake.faults.next(end, action="exec")
    with pytest.raises(NoServer) as error:
        transport.send(REQUEST, timeout_s=PATIENCE_S)
    assert error.value.kind in ("bad-answer", "unreachable")
    with pytest.raises(NoServer, match="nothing listens on port 8563 of pod 'web-1'"):
        transport.send(REQUEST, timeout_s=PATIENCE_S)


@pytest.mark.usefixtures("pod")
def test_nothing_runs_on_after_kill_9(cluster: Cluster, start: Start) -> None:
    process = start("exec", "--url", URL, WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    assert len(cluster.list_programs()) >= 2
    process.kill()
    wait_for(lambda: not cluster.list_programs())
    wait_for(lambda: not list(cluster.runtime.iterdir()))


@pytest.mark.usefixtures("cluster")
def test_without_a_kubeconfig_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    ended = shell("exec", "--json", "--url", URL, "version")
    assert (ended.exit_code, ended.document["error"]["kind"]) == (3, "tunnel")
    assert ended.document["error"]["message"] == "kubectl has no kubeconfig"
    assert ended.document["error"]["hint"] == (
        "set KUBECONFIG, or have your cluster's own tool write ~/.kube/config (kubectl said: The"
        " connection to the server localhost:8080 was refused - did you specify the right host or"
        " port?)"
    )


@pytest.mark.usefixtures("pod")
def test_ctrl_c_stops_the_watch_and_not_the_forward_to_it(
    cluster: Cluster, fake: FakeArthas, start: Start
) -> None:
    fake.target.rate = 20
    process = start("exec", "--url", URL, WATCH)
    assert process.stdout is not None
    process.stdout.readline()
    # kubectl heeds Ctrl+C even where it was started to ignore it.
    kubectl = [int(line.split()[0]) for line in cluster.list_programs() if "keeper" not in line]
    assert [os.getpgid(pid) == process.pid for pid in kubectl] == [False]
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130, stderr
    assert (fake.jobs, fake.sessions) == ([], [])
    assert cluster.list_programs() == []


def test_a_watch_on_a_real_arthas_comes_through_kubectl(cluster: Cluster, arthas: Target) -> None:
    cluster.add_pod("web-1", {8563: find_port(arthas.url)})
    line = "watch demo.MathGame primeFactors '{params,returnObj}' -n 3"
    ended = shell("exec", "--json", "--url", URL, line)
    document = ended.document
    assert (ended.exit_code, document["lost"]) == (0, 0), ended.stderr
    assert [each["type"] for each in document["results"]] == ["enhancer", *["watch"] * 3]
    assert cluster.list_programs() == []
