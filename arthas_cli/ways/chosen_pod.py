"""Which pod an address stands for: chosen once, and known again by what no other pod has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError, NotRun, Tunnel, WayEnded
from arthas_cli.ways.kubectl_words import Missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.config.pod_address import PodAddress
    from arthas_cli.ways import Terms
    from arthas_cli.ways.kubectl import Kubectl
    from arthas_cli.ways.pods import Pod

_MOST_NAMES = 10
_OVER = ("Succeeded", "Failed")
_NONE = "none that runs"


class ChosenPod:
    """The pod of an address. `pod` is None until one is chosen."""

    def __init__(self, address: PodAddress, kubectl: Kubectl, terms: Terms) -> None:
        self._address = address
        self._kubectl = kubectl
        self._terms = terms
        self.pod: Pod | None = None

    def __str__(self) -> str:
        """Return what messages call it, "pod 'web-1'"."""
        if self.pod is not None:
            return f"pod '{self.pod.name}'"
        return f"{self._address.kind} '{self._address.name}'"

    def choose(self, until: float) -> Pod:
        """Choose a pod that runs, and say which, where the address does not.

        Raises:
            NotRun: the address stands for several.
            ArthasShellError: as `Kubectl.get_pod`.
        """
        address = self._address
        if address.labels:
            names = _join(self._list_usable(until))
            raise NotRun(
                f"'{address}' stands for several pods: {names}",
                hint="name one of them, k8s://NAMESPACE/NAME, or use --on for all of them",
            )
        if address.kind == "pod":
            pod = self._kubectl.get_pod(address.name, until)
        else:
            pod = self._choose_of_several(until)
        if pod.phase != "Running":
            raise Tunnel(
                f"pod '{pod.name}' is not running: its phase is '{pod.phase}'",
                hint=f"wait until it runs; run kubectl get pods -n {address.namespace} to see",
            )
        self.pod = pod
        return pod

    def confirm(self, pod: Pod, until: float) -> Pod:
        """Return the pod that is behind the name now, where it is the same or may be another.

        Raises:
            WayEnded: it is not, or may not.
            ArthasShellError: as `Kubectl.get_pod`.
        """
        try:
            now = self._kubectl.get_pod(pod.name, until)
        except Missing:
            raise WayEnded(f"{self} has gone", hint=self._name_others(until)) from None
        if now.uid == pod.uid and now.phase in _OVER:
            raise WayEnded(f"{self} has ended: '{now.phase}'", hint=self._name_others(until))
        if now.uid != pod.uid and not self._terms.tells_apart:
            raise WayEnded(
                f"another pod is behind the name '{pod.name}' now",
                hint="run the command again to run it there",
            )
        self.pod = now
        return now

    def _choose_of_several(self, until: float) -> Pod:
        pods = self._kubectl.list_pods(until)
        if not pods:
            raise Tunnel(
                f"{self} has no pods",
                hint=f"run kubectl get pods -n {self._address.namespace} to list what is there",
            )
        running = sum(pod.is_usable for pod in pods)
        self._terms.say(f"{self}: pod '{pods[0].name}' is taken; {running} of its pods run")
        return pods[0]

    def _name_others(self, until: float) -> str:
        """Return what else there is."""
        if self._address.kind == "pod":
            return f"run kubectl get pods -n {self._address.namespace} to list what is there"
        try:
            names = _join(self._list_usable(until))
        except ArthasShellError:
            names = ""
        whose = f"{self._address.kind} '{self._address.name}'"
        return f"of {whose} there is now: {names or _NONE}; name one, or begin anew"

    def _list_usable(self, until: float) -> list[str]:
        return [pod.name for pod in self._kubectl.list_pods(until) if pod.is_usable]


def _join(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _MOST_NAMES} more" if len(listed) > _MOST_NAMES else ""
    return ", ".join(listed[:_MOST_NAMES]) + more or _NONE
