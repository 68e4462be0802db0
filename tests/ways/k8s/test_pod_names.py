"""What is offered behind `k8s://`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.waiting import wait_for, within

from arthas_cli.ways import pod_names
from arthas_cli.ways.pod_names import list_pod_addresses

if TYPE_CHECKING:
    from pathlib import Path

    from support.cluster import Cluster

pytestmark = pytest.mark.parametrize("served", ["1.32"], indirect=True, scope="module")


@pytest.fixture(autouse=True)
def _own_cache(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.add_pod("web-1")
    cluster.add_pod("web-2")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        ("k", ["k8s://"]),
        ("ssh", []),
        ("k8s://", ["k8s://prod%3Aeu@", "k8s://shop/", "k8s://stage/", "k8s://test@"]),
        ("k8s://s", ["k8s://shop/", "k8s://stage/"]),
        ("k8s://te", ["k8s://test@", "k8s://test@shop/", "k8s://test@stage/"]),
        ("k8s://test@sh", ["k8s://test@shop/", "k8s://test@shop/web-1", "k8s://test@shop/web-2"]),
        ("k8s://shop/", ["k8s://shop/web-1", "k8s://shop/web-2"]),
        ("k8s://shop/x", []),
    ],
)
def test_contexts_namespaces_and_pods_are_offered_part_by_part(
    typed: str, expected: list[str]
) -> None:
    wait_for(lambda: list_pod_addresses(typed) == expected)


def test_a_cluster_that_does_not_answer_holds_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "kubectl"
    slow.write_text("#!/bin/sh\nexec sleep 9\n", "utf-8")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with within(6):
        assert list_pod_addresses("k8s://shop/") == []


def test_what_is_known_is_not_asked_again_at_once(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(lambda: list_pod_addresses("k8s://shop/") != [])
    cluster.add_pod("web-3")
    assert list_pod_addresses("k8s://shop/") == ["k8s://shop/web-1", "k8s://shop/web-2"]
    monkeypatch.setattr(pod_names, "_FRESH_S", 0.0)
    wait_for(lambda: "k8s://shop/web-3" in list_pod_addresses("k8s://shop/"))


def test_without_kubectl_nothing_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list_pod_addresses("k8s://") == []


def test_only_the_user_can_read_what_is_kept(tmp_path: Path) -> None:
    wait_for(lambda: list_pod_addresses("k8s://shop/") != [])
    kept = [path for path in (tmp_path / "arthas-shell" / "kubectl").iterdir() if path.is_file()]
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
