"""A cluster with pods that are really ports of this machine, and a `kubectl` that reaches it.

    with serve_cluster(folder, "kubectl") as cluster:
        cluster.add_pod("web-1", {8563: port})
        ... cluster.bin in PATH, cluster.kubeconfig as KUBECONFIG ...

Behind the real kubectl stands `tests/support/kubelet`, with Kubernetes' own streaming code; it is
built by `tests/support/build_kubelet.py`, where Go is. The others are `kubectl_stand_in.py`,
which has the words of a version, and ends as it does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from support.build_kubelet import find_kubelet

from arthas_cli.protocol import Action, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

REAL = "kubectl"
# The pod that the tests begin with, and what is asked of the Arthas in it.
URL = "k8s://shop/web-1"
REQUEST = Request(Action.EXEC, "version", request_id="1")
_STAND_IN = Path(__file__).parent / "kubectl_stand_in.py"
_APPS = {"groupVersion": "apps/v1", "version": "v1"}
_NOT_FOUND = 404


def _list_resources(version: str, *kinds: str) -> dict[str, Any]:
    resources = [
        {
            "name": f"{kind.lower()}s",
            "singularName": kind.lower(),
            "kind": kind,
            "namespaced": True,
            "verbs": ["get", "list"],
        }
        for kind in kinds
    ]
    return {"kind": "APIResourceList", "groupVersion": version, "resources": resources}


_DISCOVERY: dict[str, dict[str, Any]] = {
    "/version": {"major": "1", "minor": "32", "gitVersion": "v1.32.4"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {
        "kind": "APIGroupList",
        "groups": [{"name": "apps", "versions": [_APPS], "preferredVersion": _APPS}],
    },
    "/api/v1": _list_resources("v1", "Pod"),
    "/apis/apps/v1": _list_resources("apps/v1", "Deployment", "StatefulSet"),
}


@dataclass
class Cluster:
    """The cluster. `version`: `REAL`, or that of a stand-in. All is in the namespace `shop`.

    `inside`: the words of a command that runs others where the pods are; then their ports are those
    of this machine. `barred`: the pods in which nothing may be run.
    """

    folder: Path
    version: str
    port: int = 1
    inside: list[str] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)
    _answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    _ports: dict[str, int] = field(default_factory=dict)
    _uids: int = 0

    @property
    def bin(self) -> str:
        """The folder with its kubectl, for the front of PATH."""
        return str(self.folder / "bin")

    @property
    def runtime(self) -> Path:
        """The folder for XDG_RUNTIME_DIR."""
        return self.folder / "run"

    @property
    def kubeconfig(self) -> str:
        """The file for KUBECONFIG."""
        return str(self.folder / "kubeconfig")

    def clear(self) -> None:
        """Removes all that was added."""
        self._answers = {path: _answer(body) for path, body in _DISCOVERY.items()}
        self._ports = {}
        self.inside, self.barred = [], []
        self._write()

    def add_pod(
        self,
        name: str,
        ports: dict[int, int] | None = None,
        *,
        phase: str = "Running",
        is_ready: bool = True,
        containers: tuple[str, ...] = ("app",),
    ) -> None:
        """Adds a pod, or puts another behind its name; its ports are these of this machine."""
        self._uids += 1
        metadata = {"name": name, "namespace": "shop", "uid": f"uid-{self._uids}"}
        ready = {"type": "Ready", "status": str(is_ready)}
        pod = {
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": metadata,
            "spec": {"containers": [{"name": each} for each in containers]},
            "status": {"phase": phase, "conditions": [ready]},
        }
        self._answers[_find(f"pods/{name}")] = _answer(pod)
        begin = f"shop/{name}:"
        self._ports = {each: to for each, to in self._ports.items() if not each.startswith(begin)}
        for port, to in (ports or {}).items():
            self._ports[f"shop/{name}:{port}"] = to
        self._list("app=web")

    def add_owner(self, kind: str, name: str) -> None:
        """Adds a deployment or statefulset, whose pods are all there are."""
        body = {
            "kind": kind,
            "apiVersion": "apps/v1",
            "metadata": {"name": name, "namespace": "shop"},
            "spec": {"selector": {"matchLabels": {"app": "web"}}},
        }
        self._answers[f"/apis/apps/v1/namespaces/shop/{kind.lower()}s/{name}"] = _answer(body)
        self._list("app=web")

    def refuse(self, name: str, status: int, reason: str, message: str) -> None:
        """Has the cluster refuse to tell of a pod."""
        self._answers[_find(f"pods/{name}")] = _fail(status, reason, message)
        self._write()

    def cut(self, name: str) -> None:
        """Cuts every forward to a pod, which goes on."""
        if self.version == REAL:
            url = f"http://127.0.0.1:{self.port}/end/shop/{name}"
            with urllib.request.urlopen(urllib.request.Request(url, method="POST")):
                pass
        else:
            (self.folder / "cut").touch()

    def remove_pod(self, name: str) -> None:
        """Ends a pod, and every forward to it."""
        message = f'pods "{name}" not found'
        self._answers[_find(f"pods/{name}")] = _fail(_NOT_FOUND, "NotFound", message)
        self._list("app=web")
        self.cut(name)

    def list_programs(self) -> list[str]:
        """Returns the pids and command lines of our forwards and of those who keep them."""
        found = []
        mark = f"KUBECONFIG={self.kubeconfig}".encode()
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended
                words = (path / "cmdline").read_bytes().decode(errors="replace").split("\0")
                environ = (path / "environ").read_bytes().split(b"\0")
                if "port-forward" in words and mark in environ:
                    found.append(" ".join([path.name, *words]))
        return found

    def _list(self, selector: str) -> None:
        begin = _find("pods/")
        found = [self._answers[path] for path in self._answers if path.startswith(begin)]
        pods = [answer["body"] for answer in found if answer["status"] == 200]
        body = {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": pods}
        self._answers[f"{_find('pods')}?{selector}"] = _answer(body)
        self._write()

    def _write(self) -> None:
        whole = self.folder / "state.new"
        state = {
            "answers": self._answers,
            "ports": self._ports,
            "root": str(self.folder),
            "inside": self.inside,
            "barred": [f"shop/{name}" for name in self.barred],
        }
        whole.write_text(json.dumps(state), "utf-8")
        whole.replace(self.folder / "state.json")


def find_port(url: str) -> int:
    """Returns the port of a URL."""
    return urlsplit(url).port or 0


def _find(what: str) -> str:
    return f"/api/v1/namespaces/shop/{what}"


def _answer(body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    return {"status": status, "body": body}


def _fail(status: int, reason: str, message: str) -> dict[str, Any]:
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "reason": reason,
        "message": message,
        "code": status,
    }
    return _answer(body, status)


@contextmanager
def serve_cluster(folder: Path, version: str) -> Iterator[Cluster]:
    """Have a cluster in the folder until the end."""
    cluster = Cluster(folder, version)
    cluster.clear()
    kubectl = folder / "bin" / "kubectl"
    kubectl.parent.mkdir()
    cluster.runtime.mkdir()
    if version != REAL:
        _write_kubeconfig(cluster)
        python = f"{sys.executable} -I -S {_STAND_IN} {version} {folder}"
        # Its name stands on the command line as that of the real one does.
        kubectl.write_text(f'#!/bin/sh\nexec {python} {kubectl} "$@"\n', "utf-8")
        kubectl.chmod(0o755)
        yield cluster
        return
    kubectl.symlink_to(os.path.realpath(shutil.which("kubectl") or ""))
    server = subprocess.Popen(
        [find_kubelet(), str(folder / "state.json")], stdout=subprocess.PIPE, text=True
    )
    with server:
        assert server.stdout is not None
        cluster.port = int(server.stdout.readline())
        _write_kubeconfig(cluster)
        try:
            yield cluster
        finally:
            server.kill()


def _write_kubeconfig(cluster: Cluster) -> None:
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "test", "cluster": {"server": f"http://127.0.0.1:{cluster.port}"}},
        ],
        "users": [{"name": "dev", "user": {}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "dev"}}],
        "current-context": "test",
    }
    Path(cluster.kubeconfig).write_text(json.dumps(config), "utf-8")


def find_lack() -> str:
    """Returns why the tests with the real kubectl cannot be run, empty where they can."""
    if shutil.which("kubectl") is None:
        return "there is no kubectl in PATH"
    if not find_kubelet().exists():
        return "run tests/support/build_kubelet.py, which builds its server by Go"
    return ""
