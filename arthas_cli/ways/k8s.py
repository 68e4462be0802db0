"""`k8s://`: a port of a pod, by the `kubectl port-forward` of this machine.

A forward leads to one pod for all its life. kubectl ends it when the pod ends, and from some
version on when anything in the pod refuses a connection, which cuts off every other one
(docs/decisions/pods.md): so nothing is ever tried through it.
"""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING

from arthas_cli.config.pod_address import parse_pod
from arthas_cli.config.way import Endpoint, Row
from arthas_cli.errors import BadAnswer, NoServer, ServerGone, TimedOut, Tunnel, TunnelBroke
from arthas_cli.ways.chosen_pod import ChosenPod
from arthas_cli.ways.kept import Kept, make_folder
from arthas_cli.ways.kubectl import Kubectl, find_kubectl
from arthas_cli.ways.kubectl_words import explain_failure, is_lost, is_refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.config.settings import Connection
    from arthas_cli.ways import Terms

_OPEN_S = 30.0
_POLL_S = 0.01
# kubectl says why a connection through it came to nothing right behind its end; where the pod or
# the port in it failed, it ends.
_WORD_S = 1.0
_STANDS = re.compile(r"Forwarding from 127\.0\.0\.1:(\d+) -> ")


class K8sWay:
    """The forward to one pod, begun anew when it has broken; see `config.way.Way`.

    Threads: any may use it. `_opening` is held by the one that opens it, and guards all fields but
    `_is_closed`, which only ever becomes True and ends what is being opened, and `_is_lost`, which
    the thread that reads what kubectl writes sets.
    """

    asks_user = False
    can_be_watched = False

    def __init__(self, connection: Connection, terms: Terms) -> None:
        self._target = parse_pod(connection.url)
        self._kubectl = Kubectl(self._target)
        self._chosen = ChosenPod(self._target, self._kubectl, terms)
        self._say = terms.say
        self._opening = threading.Lock()
        self._program: Kept | None = None
        self._endpoint = Endpoint()
        self._uses = 0
        self._is_lost = False
        self._is_closed = False
        self.address = f"port {self._target.port} of {self._chosen}"

    @property
    def stands(self) -> bool:
        """Whether kubectl runs, and has not said that it is about to end."""
        program = self._program
        return not (program is None or program.has_ended or self._is_lost)

    def open(self, within_s: float | None) -> Endpoint:
        """Return the port of the forward; see `Way.open`.

        Raises:
            WayEnded: the pod has gone, or there is another behind its name.
            NotRun: the address stands for several pods.
        """
        limit_s = min(within_s or _OPEN_S, _OPEN_S)
        until = time.monotonic() + limit_s
        if not self._opening.acquire(timeout=limit_s):
            raise TimedOut(f"the forward to {self._chosen} did not open", within_s=limit_s)
        try:
            if self._is_closed:
                raise Tunnel(f"the forward to {self._chosen} is closed", hint="")
            if not self.stands:
                self._start(until)
            self._uses += 1
        finally:
            self._opening.release()
        return self._endpoint

    def explain(self, error: NoServer) -> NoServer:
        """Return what kubectl said of it; see `Way.explain`."""
        program = self._program
        if program is None or isinstance(error, TimedOut):
            return error
        since = time.monotonic() - _WORD_S
        while time.monotonic() < since + 2 * _WORD_S and self.stands:
            if is_refused(program.list_lines(since)):
                program.end()  # as kubectl does by itself from some version on
            time.sleep(_POLL_S)
        if is_refused(program.list_lines(since)):
            return self._explain_refusal(error)
        if not self.stands:
            ours = explain_failure(program.list_lines(), self._target, str(self._chosen))
            is_cut = isinstance(error, BadAnswer)
            return TunnelBroke(ours.message, hint=ours.hint) if is_cut else ours
        return error

    def list_rows(self) -> Sequence[Row]:
        """Return what `doctor` examines."""
        return (
            Row("kubectl", self._describe_program),
            Row("context", lambda: self._kubectl.name_context() or "none is chosen"),
            Row("pod", self._describe_pod),
            Row("forward", self._describe_forward),
        )

    def close(self) -> None:
        """End the forward, also one that is being opened."""
        self._is_closed = True
        self._end()

    def _end(self) -> None:
        program, self._program = self._program, None
        if program is not None:
            program.end()

    def _start(self, until: float) -> None:
        """Forward to the pod; one that was chosen before must be there before and after.

        Before, for the cluster says better than the forward why it is not.
        """
        self._end()
        is_first, is_told = self._chosen.pod is None, bool(self._endpoint.port)
        pod = self._chosen.pod or self._chosen.choose(until)
        if not is_first:
            pod = self._chosen.confirm(pod, until)
        self._forward(pod.name, until)
        if not is_first:
            self._chosen.confirm(pod, until)
        self.address = f"port {self._target.port} of {self._chosen}"
        if not is_told:
            self._say(
                f"other users of this machine can reach port {self._endpoint.port} of 127.0.0.1,"
                f" where the way to {self._chosen} begins"
            )

    def _forward(self, pod: str, until: float) -> None:
        """Run kubectl, and wait until it listens."""
        ports: list[int] = []

        def hear(line: str) -> None:
            if stands := _STANDS.match(line):
                ports.append(int(stands[1]))
            elif ports and is_lost(line):
                self._is_lost = True

        self._is_lost = False
        command = self._kubectl.make_forward(pod)
        # kubectl heeds Ctrl+C even where it was started to ignore it.
        program = self._program = Kept(command, make_folder(), hear, is_apart=True)
        while not ports:
            if program.has_ended and not ports:
                self._end()
                raise explain_failure(program.list_lines(), self._target, str(self._chosen))
            if time.monotonic() >= until or self._is_closed:
                self._end()
                raise TimedOut(f"kubectl did not open a forward to {self._chosen}")
            time.sleep(_POLL_S)
        self._endpoint, self._uses = Endpoint(port=ports[0]), 0

    def _explain_refusal(self, error: NoServer) -> NoServer:
        """Return that nothing listens there: none was sent, where it was the first connection."""
        if isinstance(error, BadAnswer) and self._uses > 1:
            return ServerGone(f"the server has ended: nothing listens on {self.address} any more")
        return NoServer(
            f"nothing listens on {self.address}",
            hint="start Arthas in the pod (kubectl exec, java -jar arthas-boot.jar), or give its"
            f" HTTP port if that is not {self._target.port}: k8s://NAMESPACE/NAME:PORT",
        )

    def _describe_program(self) -> str:
        return f"{find_kubectl()}, {self._kubectl.name_version() or 'of an unknown version'}"

    def _describe_pod(self) -> str:
        pod = self._chosen.pod or self._chosen.choose(time.monotonic() + _OPEN_S)
        return f"'{pod.name}' runs, and is {'ready' if pod.is_ready else 'not ready'}"

    def _describe_forward(self) -> str:
        return f"port {self.open(None).port} of 127.0.0.1 leads to {self.address}"
