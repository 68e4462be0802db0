"""The pods that a selector stands for: the cluster is asked once, before anything is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arthas_cli.config.on import make_targets
from arthas_cli.config.pod_address import parse_pod
from arthas_cli.errors import Tunnel
from arthas_cli.ways.kubectl import Kubectl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.config.on import Target, Targets

_ASK_S = 30.0


def expand(targets: Targets) -> Targets:
    """Return the targets with the pods of each selector in its place, `web-2` before `web-10`.

    Raises:
        NotRun: they are too many.
        Tunnel: no pod of a selector runs, or there is no kubectl.
        ArthasShellError: as `Kubectl.get_pod`.
    """
    if all(target.is_single for target in targets.members):
        return targets
    found = [one for target in targets.members for one in _list_pods(target)]
    return make_targets(found, word=targets.word)


def _list_pods(target: Target) -> Iterator[Target]:
    if target.is_single:
        yield target
        return
    address = parse_pod(target.url)
    pods = Kubectl(address).list_pods(time.monotonic() + _ASK_S)
    names = [pod.name for pod in pods if pod.is_usable]
    if not names:
        raise Tunnel(
            f"no pod of '{target.name}' runs",
            hint=f"run kubectl get pods -n {address.namespace} -l '{address.selector}' to see",
        )
    for name in sorted(names, key=lambda name: (len(name), name)):
        yield target.stand_for(str(address._replace(name=name, labels=())))
