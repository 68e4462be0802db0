"""A cluster for all tests of a module, by each kubectl there is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from support.cluster import REAL, URL, Cluster, find_lack, find_port, serve_cluster

from arthas_cli.config.settings import Connection
from arthas_cli.transport.lean import LeanTransport
from arthas_cli.ways import Terms
from arthas_cli.ways.k8s import make_way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.fake import FakeArthas

    from arthas_cli.ways.tunnel import TunnelWay

# The real one is of 1.32 or about.
_LACK = find_lack()
_ALL = (
    ("1.20", pytest.param(REAL, marks=pytest.mark.skip(reason=_LACK)), "1.32")
    if _LACK
    else ("1.20", REAL)
)


@pytest.fixture(scope="module", params=_ALL)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    with serve_cluster(tmp_path_factory.mktemp("k8s"), request.param) as cluster:
        yield cluster


@pytest.fixture
def cluster(served: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """The cluster without a pod, and its kubectl in PATH."""
    monkeypatch.setenv("PATH", f"{served.bin}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("KUBECONFIG", served.kubeconfig)
    monkeypatch.setenv("HOME", str(served.folder))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(served.runtime))
    served.clear()
    return served


@pytest.fixture
def pod(cluster: Cluster, fake: FakeArthas) -> str:
    """A pod with the fake Arthas in it."""
    cluster.add_pod("web-1", {8563: find_port(fake.url)})
    return "web-1"


@pytest.fixture
def said() -> list[str]:
    """What the user is told."""
    return []


@pytest.fixture
def way(cluster: Cluster, said: list[str]) -> Iterator[TunnelWay]:
    way = make_way(Connection(f"{URL}:8563"), Terms(say=said.append))
    yield way
    way.close()
    assert cluster.list_programs() == []


@pytest.fixture
def transport(way: TunnelWay) -> LeanTransport:
    return LeanTransport(Connection(f"{URL}:8563", way=way))
