"""Which pod an address of `k8s://` stands for, and what is told of the way to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.cluster import REQUEST, URL, find_port
from support.program import shell
from support.waiting import PATIENCE_S, wait_for

import arthas_cli
from arthas_cli.config.settings import Connection
from arthas_cli.errors import Tunnel, WayEnded
from arthas_cli.transport.lean import LeanTransport
from arthas_cli.ways import Terms
from arthas_cli.ways.k8s import make_way

if TYPE_CHECKING:
    from support.cluster import Cluster
    from support.fake import FakeArthas

    from arthas_cli.ways.tunnel import TunnelWay

pytestmark = pytest.mark.parametrize("served", ["1.32"], indirect=True, scope="module")
WATCH = "watch demo.MathGame run"


@pytest.mark.usefixtures("pod")
def test_that_others_can_reach_the_port_here_is_said_once(
    cluster: Cluster, transport: LeanTransport, way: TunnelWay, said: list[str]
) -> None:
    transport.send(REQUEST, timeout_s=PATIENCE_S)
    port = way.open(None).port
    cluster.cut("web-1")
    wait_for(lambda: not way.stands)
    transport.send(REQUEST, timeout_s=PATIENCE_S)
    told = (
        f"other users of this machine can reach port {port} of 127.0.0.1, where the way to pod"
        " 'web-1' begins"
    )
    assert said == [told]


def test_another_pod_is_taken_by_who_tells_one_jvm_from_the_next(
    cluster: Cluster, fake: FakeArthas, pod: str
) -> None:
    way = make_way(Connection(f"{URL}:8563"), Terms(tells_apart=True))
    try:
        transport = LeanTransport(Connection(f"{URL}:8563", way=way))
        transport.send(REQUEST, timeout_s=PATIENCE_S)
        cluster.add_pod(pod, {8563: find_port(fake.url)})
        cluster.cut(pod)
        wait_for(lambda: not way.stands)
        assert transport.send(REQUEST, timeout_s=PATIENCE_S).read().state == "SUCCEEDED"
    finally:
        way.close()


def test_a_deployment_is_one_pod_that_is_named_and_kept(cluster: Cluster, fake: FakeArthas) -> None:
    cluster.add_owner("Deployment", "web")
    cluster.add_pod("web-7d9-abc", {8563: 1}, is_ready=False)
    cluster.add_pod("web-7d9-xyz", {8563: find_port(fake.url)})
    said: list[str] = []
    way = make_way(Connection("k8s://shop/deployment/web:8563"), Terms(say=said.append))
    try:
        way.open(None)
        assert said[0] == "deployment 'web': pod 'web-7d9-xyz' is taken; 2 of its pods run"
        assert way.address == "port 8563 of pod 'web-7d9-xyz'"
        cluster.remove_pod("web-7d9-xyz")
        wait_for(lambda: not way.stands)
        with pytest.raises(WayEnded) as error:
            way.open(None)
        assert error.value.message == "pod 'web-7d9-xyz' has gone"
        assert error.value.hint == (
            "of deployment 'web' there is now: web-7d9-abc; name one, or begin anew"
        )
    finally:
        way.close()


def test_a_selector_stands_for_several_pods_which_are_listed(cluster: Cluster) -> None:
    cluster.add_pod("web-10")
    cluster.add_pod("web-9")
    cluster.add_pod("web-2", phase="Pending")
    ended = shell("exec", "--json", "--url", "k8s://shop/?app=web", "version")
    assert ended.exit_code == 2
    assert ended.document["error"] == {
        "kind": "usage",
        "message": "'k8s://shop:8563/?app=web' stands for several pods: web-9, web-10",
        "hint": "name one of them, k8s://NAMESPACE/NAME, or use --on for all of them",
    }


def test_a_pod_that_does_not_run_is_named_with_its_phase(cluster: Cluster) -> None:
    cluster.add_pod("web-1", phase="Pending")
    ended = shell("exec", "--json", "--url", URL, "version")
    assert (ended.exit_code, ended.document["error"]["kind"]) == (3, "tunnel")
    assert (
        ended.document["error"]["message"] == "pod 'web-1' is not running: its phase is 'Pending'"
    )


@pytest.mark.usefixtures("cluster")
def test_a_context_that_kubectl_does_not_know_is_named() -> None:
    ended = shell("exec", "--url", "k8s://prod@shop/web-1", "version")
    assert ended.stderr == (
        "arthas-shell: kubectl knows no context 'prod'\n"
        "hint: run kubectl config get-contexts to list them"
        ' (kubectl said: context "prod" does not exist)\n'
    )


def test_what_the_cluster_forbids_is_said(cluster: Cluster) -> None:
    cluster.refuse("web-1", 403, "Forbidden", 'pods "web-1" is forbidden: User "dev" cannot get')
    ended = shell("exec", "--url", URL, "version")
    assert ended.exit_code == 3
    assert ended.stderr == (
        "arthas-shell: the cluster does not allow it\n"
        "hint: ask for the rights to get pods and to create pods/portforward in 'shop'"
        ' (kubectl said: pods "web-1" is forbidden: User "dev" cannot get)\n'
    )


@pytest.mark.usefixtures("pod")
def test_programs_go_through_kubectl_as_well(cluster: Cluster) -> None:
    with arthas_cli.connect(URL) as arthas:
        assert arthas.run("version").results[0].data["version"] == "4.1.5"
        assert cluster.list_programs()
    assert cluster.list_programs() == []
    with pytest.raises(Tunnel, match="the forward to pod 'web-1' is closed"):
        arthas.run("version")


@pytest.mark.usefixtures("pod")
def test_doctor_says_how_far_the_way_leads(cluster: Cluster) -> None:
    ended = shell("doctor", "--json", "--url", URL)
    steps = {step["name"]: step for step in ended.document["steps"]}
    assert ended.exit_code == 0, steps
    way = ["kubectl", "context", "pod", "forward", "http"]
    assert list(steps)[2:7] == way
    assert [steps[name]["found"] for name in way[1:3]] == ["test", "'web-1' runs, and is ready"]
    assert steps["exposure"]["found"] == "everything goes through k8s shop/web-1"
    failed = shell("doctor", "--json", "--url", "k8s://shop/web-2")
    states = [step["state"] for step in failed.document["steps"][2:6]]
    assert (states, failed.exit_code) == (["pass", "pass", "fail", "skipped"], 3)
    assert cluster.list_programs() == []


@pytest.mark.usefixtures("cluster")
def test_without_kubectl_in_path_it_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = shell("exec", "--json", "--url", URL, "version")
    assert ended.exit_code == 3
    assert ended.document["error"] == {
        "kind": "tunnel",
        "message": "there is no program 'kubectl' in PATH",
        "hint": "install the kubectl of your cluster's version",
    }


def test_a_cluster_that_does_not_answer_holds_nobody(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arthas_cli.ways.tunnel._OPEN_S", 0.3)
    Path(cluster.bin, "kubectl").rename(Path(cluster.bin, "kept"))
    hang = Path(cluster.bin, "kubectl")
    hang.write_text("#!/bin/sh\nexec sleep 60\n", "utf-8")
    hang.chmod(0o755)
    try:
        ended = shell("exec", "--json", "--url", URL, "version")
    finally:
        Path(cluster.bin, "kept").rename(hang)
    assert (ended.exit_code, ended.document["error"]["kind"]) == (3, "timeout")
    assert ended.document["error"]["message"] == "the cluster did not answer kubectl within 0.3 s"
