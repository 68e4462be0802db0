"""`k8s://`: a port of a pod, by the `kubectl port-forward` of this machine.

A forward leads to one pod for all its life. kubectl ends it when the pod ends, and from some
version on when anything in the pod refuses a connection, which cuts off every other one
(docs/decisions/pods.md): so nothing is ever tried through it.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from arthas_cli.config.pod_address import parse_pod
from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import NoServer
from arthas_cli.ways.chosen_pod import ChosenPod
from arthas_cli.ways.kept import Kept, make_folder
from arthas_cli.ways.kubectl import Kubectl, find_kubectl
from arthas_cli.ways.kubectl_words import explain_failure, is_lost, is_refused
from arthas_cli.ways.tunnel import TunnelWay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.config.settings import Connection
    from arthas_cli.errors import Tunnel
    from arthas_cli.ways import Terms

_CHOOSE_S = 30.0
_STANDS = re.compile(r"Forwarding from 127\.0\.0\.1:(\d+) -> ")


def make_way(connection: Connection, terms: Terms) -> TunnelWay:
    """Return the way by kubectl; nothing is started yet."""
    target = parse_pod(connection.url)
    kubectl = Kubectl(target)
    return TunnelWay(PodLeader(kubectl, ChosenPod(target, kubectl, terms), terms.say), terms)


class PodLeader:
    """kubectl's forward to one port of one pod; see `tunnel.Leader`."""

    can_be_watched = may_ask = False
    word_s = 1.0

    def __init__(self, kubectl: Kubectl, chosen: ChosenPod, say: Callable[[str], None]) -> None:
        self._kubectl = kubectl
        self._target = kubectl.address
        self._chosen = chosen
        self._say = say
        self._until = 0.0
        self._was_known = self._is_told = False
        self.cure = f"run kubectl get pods -n {self._target.namespace} to see whether it answers"

    @property
    def name(self) -> str:
        """What errors call it."""
        return f"the forward to {self._chosen}"

    @property
    def address(self) -> str:
        """What errors call its end."""
        return f"port {self._target.port} of {self._chosen}"

    @property
    def place(self) -> str:
        """What no other pod has."""
        return self._chosen.pod.uid if self._chosen.pod else ""

    def start(self, hear: Callable[[str], None], until: float, *, may_ask: bool) -> Kept:
        """Forward to the pod; see `Leader.start`.

        One that was chosen before must be there before and behind it (`find_endpoint`): before,
        for the cluster says better than the forward why it is not.

        Raises:
            WayEnded: the pod has gone, or there is another behind its name.
            NotRun: the address stands for several pods.
        """
        del hear, may_ask
        self._until = until
        self._was_known = self._chosen.pod is not None
        pod = self._chosen.pod or self._chosen.choose(until)
        if self._was_known:
            pod = self._chosen.confirm(pod, until)
        # kubectl heeds Ctrl+C even where it was started to ignore it.
        return Kept(self._kubectl.make_forward(pod.name), make_folder(), is_apart=True)

    def find_endpoint(self, program: Kept) -> Endpoint | None:
        """Return the port of the forward; see `Leader.find_endpoint`."""
        ports = [int(stands[1]) for line in program.list_lines() if (stands := _STANDS.match(line))]
        if not ports:
            return None
        if self._was_known and self._chosen.pod is not None:
            self._chosen.confirm(self._chosen.pod, self._until)
        if not self._is_told:
            self._is_told = True
            self._say(
                f"other users of this machine can reach port {ports[0]} of 127.0.0.1, where the way"
                f" to {self._chosen} begins"
            )
        return Endpoint(port=ports[0])

    def is_over(self, program: Kept) -> bool:
        """Return whether kubectl has ended, or lost the pod."""
        return program.has_ended or any(map(is_lost, program.list_lines()))

    def explain_end(self, lines: Sequence[str]) -> Tunnel:
        """Return why kubectl has ended; see `Leader.explain_end`."""
        return explain_failure(lines, self._target, str(self._chosen))

    def explain_refusal(self, lines: Sequence[str]) -> NoServer | None:
        """Return that nothing listens there; see `Leader.explain_refusal`."""
        if not is_refused(lines):
            return None
        return NoServer(
            f"nothing listens on {self.address}",
            hint="put Arthas in with --attach, or give its HTTP port if that is not"
            f" {self._target.port}: k8s://NAMESPACE/NAME:PORT",
        )

    def is_shut_out(self, lines: Sequence[str]) -> bool:
        """Return that trying again does no harm."""
        del lines
        return False

    def list_steps(self, open_way: Callable[[], float]) -> Sequence[Row]:
        """Return what `doctor` examines before the forward."""
        del open_way
        return (
            Row("kubectl", lambda: describe_kubectl(self._kubectl)),
            Row("context", lambda: self._kubectl.name_context() or "none is chosen"),
            Row("pod", self._describe_pod),
        )

    def _describe_pod(self) -> str:
        pod = self._chosen.pod or self._chosen.choose(time.monotonic() + _CHOOSE_S)
        return f"'{pod.name}' runs, and is {'ready' if pod.is_ready else 'not ready'}"


def describe_kubectl(kubectl: Kubectl) -> str:
    """Return which program it is."""
    return f"{find_kubectl()}, {kubectl.name_version() or 'of an unknown version'}"
