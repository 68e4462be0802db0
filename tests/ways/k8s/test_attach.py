"""`--attach` into a pod: real kubectl, the kubelet's own streaming, a real JVM in namespaces."""

from __future__ import annotations

import json
import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.bare_jvm import BareJvm, start_bare_jvm
from support.cluster import REAL, URL, find_lack
from support.program import shell
from support.waiting import wait_for

from arthas_cli.attach.distribution import find_distribution
from arthas_cli.attach.process import read_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cluster import Cluster
    from ways.conftest import Start

pytestmark = [
    pytest.mark.root,
    pytest.mark.jvm,
    pytest.mark.parametrize("served", [REAL], indirect=True, scope="module"),
    pytest.mark.skipif(bool(_LACK := find_lack()), reason=_LACK),
]
TMP = "/tmp"  # noqa: S108 - of a container, where HotSpot wants it
OWN = ("unshare", "-mpf", "--kill-child", "--mount-proc", "sh", "-c")
WITH_TMP = 'mount -t tmpfs none /tmp && exec "$@"'
LIMIT_S = 100
ATTACH = ("--attach", "--url", URL)


class Inner(NamedTuple):
    """A JVM in a container of its own."""

    jvm: BareJvm

    @property
    def words(self) -> list[str]:
        """What runs a command where it is."""
        return ["nsenter", "-t", str(self.jvm.pid), "-m", "-p", "--"]

    @property
    def pid(self) -> int:
        """As it knows itself."""
        return read_process(self.jvm.pid).inner_pid

    def list_left(self) -> list[str]:
        """Returns what there is of us and of Arthas in it."""
        root = self.jvm.folder / "root"
        files = [str(path) for path in (root / "tmp").glob("arthas-shell-*")]
        return [*files, *self.jvm.list_threads(), *map(str, self.jvm.list_ports())]


@contextmanager
def start_inside(*options: str, script: str = WITH_TMP) -> Iterator[Inner]:
    with start_bare_jvm(*options, before=(*OWN, script, "sh")) as jvm:
        yield Inner(jvm)


@pytest.fixture(scope="module")
def inner() -> Iterator[Inner]:
    with start_inside() as jvm:
        yield jvm


@pytest.fixture
def runtime(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARTHAS_SHELL_ARTHAS_HOME", str(find_distribution()))
    return cluster.runtime / "arthas-shell"


@pytest.fixture
def pod(cluster: Cluster, inner: Inner, runtime: Path) -> Inner:
    """The pod with the JVM in it."""
    assert runtime.name
    cluster.inside = inner.words
    cluster.add_pod("web-1")
    return inner


def run(*words: str) -> tuple[str, str, int]:
    ended = shell(*words, ARTHAS_SHELL_ARTHAS_HOME=os.environ["ARTHAS_SHELL_ARTHAS_HOME"])
    return ended.stdout, ended.stderr, ended.exit_code


def is_clean(cluster: Cluster, inner: Inner, runtime: Path) -> bool:
    kept = list(runtime.iterdir()) if runtime.exists() else []
    return not (kept or inner.list_left() or cluster.list_programs())


def test_arthas_is_put_into_a_pod_used_and_taken_out(
    cluster: Cluster, pod: Inner, runtime: Path
) -> None:
    said, talk, code = run("exec", *ATTACH, "version")
    assert (said, code) == ("4.1.5\n", 0), talk
    lines = talk.splitlines()
    assert lines[0] == "putting Arthas into pod 'web-1' …"
    assert "Arthas has left pod 'web-1'" in lines
    wait_for(lambda: is_clean(cluster, pod, runtime))


def test_who_is_interrupted_while_arthas_comes_up_leaves_nothing(
    cluster: Cluster, pod: Inner, runtime: Path, start: Start
) -> None:
    program = start("exec", *ATTACH, "version")
    wait_for(lambda: any(name.startswith("arthas-") for name in pod.list_left()[1:]))
    os.killpg(program.pid, signal.SIGINT)
    _, talk = program.communicate(timeout=LIMIT_S)
    assert (program.returncode, "cannot interrupt" in talk) == (130, False), talk
    wait_for(lambda: is_clean(cluster, pod, runtime))


def test_what_is_kept_is_shared_with_oneself_and_closed_to_others(
    cluster: Cluster, pod: Inner, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, talk, code = run("exec", *ATTACH, "--keep", "version")
    assert (said, code) == ("4.1.5\n", 0), talk
    stop = f"arthas-shell exec --attach --url '{URL}:8563' stop"
    assert talk.splitlines()[-1] == (
        f"Arthas stays in pod 'web-1', for it was to be kept; to stop it, run: {stop}"
    )
    [kept] = runtime.glob("pod-*.json")
    record = json.loads(kept.read_text())
    assert pod.jvm.list_ports() == [record["port"]]
    copy = pod.jvm.folder / "root" / record["copy"].lstrip("/")
    assert sorted(path.name for path in copy.iterdir() if path.is_file()) == [
        *("arthas-agent.jar", "arthas-core.jar", "arthas-spy.jar", "logback.xml"),
    ]
    assert copy.stat().st_mode & 0o077 == 0
    said, talk, code = run("exec", *ATTACH, "session")
    assert (code, talk) == (0, talk.replace("putting Arthas into", ""))
    with monkeypatch.context() as others:
        others.setenv("XDG_RUNTIME_DIR", str(cluster.folder / "bin"))
        said, talk, code = run("exec", "--json", *ATTACH, "version")
        assert (json.loads(said)["error"]["kind"], code) == ("unauthorized", 4)
        assert talk.startswith("Arthas is in pod 'web-1' already, and stays there\n")
    run("exec", *ATTACH, "stop")
    wait_for(lambda: is_clean(cluster, pod, runtime))


def test_several_jvms_are_listed_and_one_is_chosen_by_its_container(
    cluster: Cluster, pod: Inner, runtime: Path
) -> None:
    cluster.add_pod("web-1", containers=("app", "side"))
    said, _, code = run("exec", "--json", *ATTACH, "version")
    assert (json.loads(said)["error"], code) == (
        {
            "kind": "usage",
            "message": f"pod 'web-1' has 2 JVMs: {pod.pid} demo.MathGame in 'app',"
            f" {pod.pid} demo.MathGame in 'side'",
            "hint": "choose one: k8s://NAMESPACE/NAME?container=NAME&jvm=NAME",
        },
        2,
    )
    said, _, code = run("exec", "--json", "--attach", "--url", f"{URL}?jvm=Shop", "version")
    assert json.loads(said)["error"]["message"] == "there is no JVM 'Shop' in pod 'web-1'"
    assert is_clean(cluster, pod, runtime)


def test_a_cluster_that_lets_nobody_run_a_program_there_is_quoted(
    cluster: Cluster, pod: Inner
) -> None:
    cluster.barred = ["web-1"]
    cluster.add_pod("web-1")
    assert pod.pid
    said, _, code = run("exec", "--json", *ATTACH, "version")
    error = json.loads(said)["error"]
    assert (error["kind"], code) == ("tunnel", 3)
    assert error["message"] == (
        "the cluster does not allow to run programs in container 'app' of pod 'web-1'"
    )
    assert error["hint"].startswith(
        "ask for the right to create pods/exec in 'shop', or have Arthas started there (kubectl"
    )


def test_a_file_system_that_cannot_be_written_to_is_named(cluster: Cluster, runtime: Path) -> None:
    with start_inside(script='mount -t tmpfs -o ro none /tmp && exec "$@"') as inner:
        cluster.inside = inner.words
        cluster.add_pod("web-1")
        said, _, code = run("exec", "--json", *ATTACH, "version")
        assert (json.loads(said)["error"], code) == (
            {
                "kind": "attach",
                "message": "pod 'web-1' cannot write to its /tmp, where a JVM lets others attach",
                "hint": "mount an emptyDir at /tmp, or start the JVM with the agent of Arthas",
            },
            3,
        )
        assert is_clean(cluster, inner, runtime)
