"""The pods that a selector behind `--on` stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.cluster import find_port
from support.program import shell

from arthas_cli import connect_all
from arthas_cli.config.file import Config
from arthas_cli.config.on import Targets, read_targets, resolve_targets
from arthas_cli.errors import NotRun, Tunnel
from arthas_cli.ways.expand import expand

if TYPE_CHECKING:
    from support.cluster import Cluster
    from support.fake import FakeArthas

pytestmark = pytest.mark.parametrize("served", ["1.32"], indirect=True, scope="module")
_SELECTOR = "k8s://shop/?app=web"
_CONFIG = Config(
    profiles={
        "web": {"url": f"{_SELECTOR}", "username": "ops", "password": "planted-secret"},
    }
)


def read(*words: str) -> Targets:
    return expand(read_targets(words, _CONFIG))


def list_names(*words: str) -> list[str]:
    return [target.name for target in read(*words).members]


@pytest.fixture
def pods(cluster: Cluster) -> None:
    """Two pods that run, and one that does not yet."""
    cluster.add_pod("web-10")
    cluster.add_pod("web-9", is_ready=False)
    cluster.add_pod("web-2", phase="Pending")


@pytest.mark.usefixtures("pods")
def test_a_selector_is_the_pods_that_run_each_by_its_own_address() -> None:
    targets = read(_SELECTOR)
    assert [(one.name, one.url, dict(one.layer), one.is_single) for one in targets.members] == [
        ("k8s://shop/web-9", url := "k8s://shop/web-9:8563", {"url": url}, True),
        ("k8s://shop/web-10", url := "k8s://shop/web-10:8563", {"url": url}, True),
    ]
    assert (targets.is_one, targets.label) == (False, _SELECTOR)


@pytest.mark.usefixtures("pods")
def test_the_port_of_a_selector_is_that_of_each_pod() -> None:
    assert list_names("k8s://shop:9000/?app=web") == [
        "k8s://shop/web-9:9000",
        "k8s://shop/web-10:9000",
    ]


@pytest.mark.usefixtures("pods")
def test_pods_stand_where_their_selector_did_and_none_twice() -> None:
    names = list_names("first:1", _SELECTOR, "k8s://shop/web-9", "last:1")
    assert names == ["first:1", "k8s://shop/web-9", "k8s://shop/web-10", "last:1"]


@pytest.mark.usefixtures("pods")
def test_a_profile_with_a_selector_lends_its_settings_to_each_pod() -> None:
    settings = resolve_targets(read("web"), [], _CONFIG)
    found = [
        (one.connection.url, one.profile and one.profile.name, one.connection.credentials)
        for one in settings
    ]
    assert [(url, name, login and login.password) for url, name, login in found] == [
        ("k8s://shop/web-9:8563", "web", "planted-secret"),
        ("k8s://shop/web-10:8563", "web", "planted-secret"),
    ]


def test_a_selector_without_a_pod_that_runs_is_an_error(cluster: Cluster) -> None:
    cluster.add_pod("web-2", phase="Pending")
    with pytest.raises(Tunnel) as error:
        read("first:1", _SELECTOR)
    assert error.value.message == f"no pod of '{_SELECTOR}' runs"
    assert error.value.hint == "run kubectl get pods -n shop -l 'app=web' to see"


@pytest.mark.usefixtures("pods")
def test_more_pods_than_targets_are_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arthas_cli.config.on.MOST", 1)
    with pytest.raises(NotRun, match=re.escape("these are more than 1 targets")):
        read(_SELECTOR)


@pytest.mark.usefixtures("cluster")
def test_kubectl_is_not_asked_where_there_is_no_selector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert list_names("web:1", "k8s://shop/web-9") == ["web:1", "k8s://shop/web-9"]
    with pytest.raises(Tunnel, match="there is no program 'kubectl' in PATH"):
        read(_SELECTOR)


@pytest.fixture
def running(cluster: Cluster, fake: FakeArthas) -> Cluster:
    """The cluster with two pods, an Arthas in one of them."""
    cluster.add_pod("web-1", {8563: find_port(fake.url)})
    cluster.add_pod("web-2", {8563: 1})
    return cluster


def test_a_command_goes_to_the_pods_of_a_selector(running: Cluster) -> None:
    ended = shell("exec", "--json", "--on", _SELECTOR, "version")
    assert ended.exit_code == 3
    targets = ended.document["targets"]
    assert [(one["target"], one["error"] and one["error"]["kind"]) for one in targets] == [
        ("k8s://shop/web-1", None),
        ("k8s://shop/web-2", "unreachable"),
    ]
    assert targets[0]["results"][0]["version"] == "4.1.5"
    assert running.list_programs() == []


def test_programs_reach_the_pods_of_a_selector_and_leave_no_forward(running: Cluster) -> None:
    with connect_all([_SELECTOR]) as fleet:
        answers = fleet.run("version")
        assert running.list_programs()
    assert list(answers) == ["k8s://shop/web-1", "k8s://shop/web-2"]
    assert list(answers.failed) == ["k8s://shop/web-2"]
    assert running.list_programs() == []
