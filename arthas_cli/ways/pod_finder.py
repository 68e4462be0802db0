"""`k8s://` with `--attach`: a JVM in a pod, into which Arthas is put where there is none."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from arthas_cli.attach.runtime import Place, find_folder
from arthas_cli.config.pod_address import parse_pod
from arthas_cli.config.way import Row
from arthas_cli.errors import NotRun
from arthas_cli.ways.attached import AttachedWay
from arthas_cli.ways.chosen_pod import ChosenPod
from arthas_cli.ways.containers import choose_jvm
from arthas_cli.ways.k8s import PodLeader, describe_kubectl
from arthas_cli.ways.kubectl import Kubectl
from arthas_cli.ways.pod_site import PodSite
from arthas_cli.ways.tunnel import TunnelWay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.config.settings import Connection
    from arthas_cli.config.way import Endpoint
    from arthas_cli.errors import NoServer
    from arthas_cli.ways import Terms
    from arthas_cli.ways.containers import Chosen

_CHOOSE_S = 30.0


def make_attached_way(connection: Connection, terms: Terms) -> AttachedWay:
    """Return the way into the pod; nothing is done yet.

    Raises:
        NotRun: this system cannot keep what is known of an Arthas for us alone.
    """
    if os.name != "posix":
        raise NotRun(
            "--attach needs Linux or macOS here",
            hint="start Arthas in the pod with arthas-boot.jar, and leave out --attach",
        )
    return AttachedWay(PodFinder(connection.url, terms), terms)


class PodFinder:
    """Finds a JVM in a pod, and forwards to the Arthas in it; see `attached.Finder`.

    The pod stays the one that was chosen, for in another one there is no Arthas of ours.
    """

    can_be_watched = False

    def __init__(self, url: str, terms: Terms) -> None:
        self._target = parse_pod(url)
        self._kubectl = Kubectl(self._target)
        self._terms = terms._replace(tells_apart=False, may_ask=False)
        self._chosen = ChosenPod(self._target, self._kubectl, self._terms)
        self._tunnel: TunnelWay | None = None
        self._port = 0

    @property
    def address(self) -> str:
        """What errors call it."""
        return str(self._chosen)

    def find(self) -> tuple[PodSite, Place]:
        """Return the JVM; see `choose_jvm` for what it raises."""
        container, look, jvm = chosen = self._choose()
        place = Place(
            find_folder(), f"pod-{container.pod.uid}-{container.name}-{jvm.pid}-{jvm.start}"
        )
        if jvm.has_arthas and place.read() is None:
            self._terms.say(f"Arthas is in {chosen.container} already, and stays there")
        return PodSite(container, look, jvm, str(self._target), self.forward), place

    def forward(self, port: int) -> TunnelWay:
        """Return the way to that port; there is one at a time."""
        if self._tunnel is None or port != self._port:
            self.close()
            kubectl = Kubectl(self._target._replace(port=port))
            leader = PodLeader(kubectl, self._chosen, self._terms.say)
            self._tunnel, self._port = TunnelWay(leader, self._terms), port
        return self._tunnel

    def open(self, port: int, within_s: float | None) -> Endpoint:
        """Return where the way to that port begins."""
        return self.forward(port).open(within_s)

    def explain(self, port: int, error: NoServer) -> NoServer:
        """Return what kubectl said of it."""
        return self.forward(port).explain(error)

    def list_steps(self) -> Sequence[Row]:
        """Return what `doctor` examines: kubectl, the pod, the JVM in it."""

        def describe() -> str:
            container, _, jvm = self._choose()
            return f"JVM {jvm.pid} {jvm.main or ''} in {container}"

        return (
            Row("kubectl", lambda: describe_kubectl(self._kubectl)),
            Row("context", lambda: self._kubectl.name_context() or "none is chosen"),
            Row("JVM", describe),
        )

    def close(self) -> None:
        """End the forward."""
        tunnel, self._tunnel = self._tunnel, None
        if tunnel is not None:
            tunnel.close()

    def _choose(self) -> Chosen:
        pod = self._chosen.pod or self._chosen.choose(time.monotonic() + _CHOOSE_S)
        return choose_jvm(self._kubectl, pod, self._target)
