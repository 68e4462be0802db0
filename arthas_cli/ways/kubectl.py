"""The `kubectl` of this machine, with its own configuration: asked for pods, and how to forward."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

from arthas_cli.errors import BadAnswer, TimedOut, Tunnel
from arthas_cli.jsontext import read_strict
from arthas_cli.text import one_line
from arthas_cli.ways.kubectl_words import explain_failure, is_code_of_program
from arthas_cli.ways.pods import Pod, read_pod, read_pods, read_selector

if TYPE_CHECKING:
    from arthas_cli.config.pod_address import PodAddress
    from arthas_cli.jsontext import Json

_MIN_S = 0.1
_VERSION_S = 10.0
_GROUPS = {"deployment": "deployments.apps", "statefulset": "statefulsets.apps"}


class Kubectl:
    """Runs kubectl in the context and the namespace of an address."""

    def __init__(self, address: PodAddress) -> None:
        self.address = address

    def make_forward(self, pod: str) -> list[str]:
        """Return the command that forwards a free port of 127.0.0.1 to that of the pod."""
        command = [*self._begin(), "port-forward", "--address", "127.0.0.1", f"pod/{pod}"]
        return [*command, f":{self.address.port}"]

    def get_pod(self, name: str, until: float) -> Pod:
        """Return the pod.

        Raises:
            Missing: there is none of that name.
            Tunnel: it cannot be known.
            TimedOut: the cluster did not answer in time.
        """
        return read_pod(self._get(["pod", name], f"pod '{name}'", until))

    def list_pods(self, until: float) -> list[Pod]:
        """Return the pods of the address, the best first; raises as `get_pod`."""
        address, selector = self.address, self.address.selector
        if address.kind in _GROUPS and not selector:
            what = f"{address.kind} '{address.name}'"
            found = self._get([_GROUPS[address.kind], address.name], what, until)
            selector = read_selector(found)
            if not selector:  # it would be all pods of the namespace
                raise Tunnel(f"{what} has no selector", hint="name one of its pods")
        what = f"pod with '{selector}'"
        return read_pods(self._get(["pods", "-l", selector], what, until))

    def run_in(
        self, pod: str, container: str, words: list[str], until: float, stdin: bytes | None = None
    ) -> tuple[int, str]:
        """Run a program in a container; return its exit code, and what it printed on stdout.

        Raises:
            Missing: there is no such program in it.
            Tunnel, TimedOut: as `get_pod`; the program may go on.
        """
        gives = [] if stdin is None else ["--stdin"]
        command = [*self._begin(), "exec", *gives, f"--container={container}", pod, "--", *words]
        done = self._start(command, until, stdin, is_apart=True)
        lines = _split(done.stderr)
        if done.returncode and not any(map(is_code_of_program, lines)):
            raise explain_failure(lines, self.address, f"container '{container}' of pod '{pod}'")
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def name_context(self) -> str:
        """Return the context that is used, empty where kubectl has chosen none, as in a pod."""
        if self.address.context:
            return self.address.context
        command = [find_kubectl(), "config", "current-context"]
        try:
            said = self._run(command, "context", time.monotonic() + _VERSION_S)
        except Tunnel:
            return ""
        return one_line(said.strip())

    def name_version(self) -> str:
        """Return the version of the program, empty where it does not tell."""
        command = [find_kubectl(), "version", "--client", "-o", "json"]
        said = self._run(command, "version", time.monotonic() + _VERSION_S)
        try:
            version = read_strict(said)
        except BadAnswer:
            return ""
        found = version.get("clientVersion") if isinstance(version, dict) else None
        return one_line(str(found.get("gitVersion") or "")) if isinstance(found, dict) else ""

    def _get(self, about: list[str], what: str, until: float) -> Json:
        """Return what the cluster knows of something; raises as `get_pod`."""
        within_s = max(1, int(until - time.monotonic()))
        command = [*self._begin(), f"--request-timeout={within_s}s", "get", *about, "-o", "json"]
        try:
            return read_strict(self._run(command, what, until))
        except BadAnswer:
            raise Tunnel(
                "kubectl printed what is not JSON", hint="check what 'kubectl' is"
            ) from None

    def _run(self, command: list[str], what: str, until: float) -> str:
        done = self._start(command, until)
        if done.returncode:
            raise explain_failure(_split(done.stderr), self.address, what)
        return done.stdout.decode("utf-8", "replace")

    def _start(
        self,
        command: list[str],
        until: float,
        stdin: bytes | None = None,
        *,
        is_apart: bool = False,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run kubectl; `is_apart`: Ctrl+C in the terminal is not for it, but for us."""
        within_s = max(_MIN_S, until - time.monotonic())
        try:
            return subprocess.run(  # noqa: S603 - our own program
                command,
                input=b"" if stdin is None else stdin,
                capture_output=True,
                timeout=within_s,
                check=False,
                process_group=0 if is_apart and os.name == "posix" else None,
            )
        except subprocess.TimeoutExpired:
            raise TimedOut(
                "the cluster did not answer kubectl",
                within_s=round(within_s, 1),
                hint=f"run kubectl get pods -n {self.address.namespace} to see what it waits for",
            ) from None

    def _begin(self) -> list[str]:
        context = [f"--context={self.address.context}"] if self.address.context else []
        return [find_kubectl(), *context, f"--namespace={self.address.namespace}"]


def _split(written: bytes) -> list[str]:
    """Return the lines that hold something."""
    lines = map(one_line, written.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line]


def find_kubectl() -> str:
    """Return where the program is; raises Tunnel where it is not."""
    found = shutil.which("kubectl")
    if found is None:
        raise Tunnel(
            "there is no program 'kubectl' in PATH",
            hint="install the kubectl of your cluster's version",
        )
    return found
