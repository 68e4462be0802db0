"""The containers of a pod: which has a JVM, and which JVM it is that an address means."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.attach.jvms import Jvm, find_matches
from arthas_cli.errors import AttachFailed, NotRun
from arthas_cli.ways import pod_script
from arthas_cli.ways.kubectl_words import Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.config.pod_address import PodAddress
    from arthas_cli.ways.kubectl import Kubectl
    from arthas_cli.ways.pod_script import Look, PodJvm
    from arthas_cli.ways.pods import Pod

_LOOK_S = 30.0
_PROBE = ".arthas-shell"
_HINT = "choose one: k8s://NAMESPACE/NAME?container=NAME&jvm=NAME"


class Container(NamedTuple):
    """A container of a pod, in which programs are run."""

    kubectl: Kubectl
    pod: Pod
    name: str

    def __str__(self) -> str:
        """Return what messages call it."""
        pod = f"pod '{self.pod.name}'"
        return pod if len(self.pod.containers) == 1 else f"container '{self.name}' of {pod}"

    def run(
        self, script: str, words: list[str], within_s: float, stdin: bytes | None = None
    ) -> tuple[int, str]:
        """Run a script there; see `Kubectl.run_in`."""
        command = ["sh", "-c", script, "sh", *words]
        until = time.monotonic() + within_s
        return self.kubectl.run_in(self.pod.name, self.name, command, until, stdin)


class Chosen(NamedTuple):
    """A JVM in a container, and what else is there."""

    container: Container
    look: Look
    jvm: PodJvm


def choose_jvm(kubectl: Kubectl, pod: Pod, address: PodAddress) -> Chosen:
    """Return the one JVM of the pod that the address means.

    Raises:
        AttachFailed: there is none.
        NotRun: there are several.
        ArthasShellError: as `Kubectl.run_in`.
    """
    found, failure = _look_into(kubectl, pod, address)
    if address.jvm.isdecimal():
        found = [each for each in found if each.jvm.pid == int(address.jvm)]
    elif address.jvm:
        found = _find_named(found, address.jvm)
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(
            f"{each.jvm.pid} {each.jvm.main or '?'} in '{each.container.name}'" for each in found
        )
        raise NotRun(f"pod '{pod.name}' has {len(found)} JVMs: {which}", hint=_HINT)
    if failure is not None:
        raise failure
    whose = f" '{address.jvm}'" if address.jvm else ""
    where = f"container '{address.container}' of " if address.container else ""
    raise AttachFailed(
        f"there is no JVM{whose} in {where}pod '{pod.name}'",
        hint=f"run kubectl exec -n {address.namespace} {pod.name} -- ps to see what runs there",
    )


def _look_into(
    kubectl: Kubectl, pod: Pod, address: PodAddress
) -> tuple[list[Chosen], Missing | None]:
    """Return the JVMs, and why one container could not be looked into: for it has no shell."""
    found: list[Chosen] = []
    failure: Missing | None = None
    for name in [address.container] if address.container else pod.containers:
        container = Container(kubectl, pod, name)
        try:
            _, said = container.run(pod_script.LOOK, [_PROBE], _LOOK_S)
        except Missing as error:
            failure = error
            continue
        look = pod_script.read_look(said)
        if look is None:
            raise AttachFailed(
                f"{container} could not be looked into: its shell ended early",
                hint="run kubectl exec to see what its shell can do",
            )
        found += [Chosen(container, look, jvm) for jvm in look.jvms]
    return found, failure


def _find_named(found: Sequence[Chosen], name: str) -> list[Chosen]:
    jvms = [
        Jvm(number, "", each.jvm.main, None, 0, is_contained=True)
        for number, each in enumerate(found)
    ]
    return [found[jvm.pid] for jvm in find_matches(name, jvms)]
