"""What kubectl writes when it fails, read into errors; the words are those of 1.20 to 1.33."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import Tunnel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.config.pod_address import PodAddress


class Missing(Tunnel):
    """The cluster does not have what kubectl was asked about."""


class _Word(NamedTuple):
    """What `pattern` in a line of kubectl means; {what}, {namespace}, {context} are filled in."""

    pattern: re.Pattern[str]
    message: str
    hint: str
    error: type[Tunnel] = Tunnel


def _word(pattern: str, message: str, hint: str, error: type[Tunnel] = Tunnel) -> _Word:
    return _Word(re.compile(pattern, re.IGNORECASE), message, hint, error)


_LOST = "lost connection to pod"
_WORDS = (
    _word(
        "connection to the server localhost:8080 was refused",
        "kubectl has no kubeconfig",
        "set KUBECONFIG, or have your cluster's own tool write ~/.kube/config",
    ),
    _word(
        "context .*does not exist|context was not found",
        "kubectl knows no context '{context}'",
        "run kubectl config get-contexts to list them",
    ),
    _word(
        r'exec: "[^"]*":.* (executable file not found|no such file)',
        "{what} has no shell",
        "use an image with one, or a debug container: see docs/getting-there.md",
        Missing,
    ),
    _word(
        r"container .* is not valid|container not found",
        "there is no {what} that runs",
        "run kubectl describe pod -n {namespace} to list its containers",
    ),
    _word(
        'resource "pods/exec"',
        "the cluster does not allow to run programs in {what}",
        "ask for the right to create pods/exec in '{namespace}', or have Arthas started there",
    ),
    _word(
        r"\(forbidden\)|is forbidden:",
        "the cluster does not allow it",
        "ask for the rights to get pods and to create pods/portforward in '{namespace}'",
    ),
    _word(
        r"\(unauthorized\)|must be logged in|provide credentials",
        "the cluster does not accept the login of kubectl",
        "log in again; run kubectl get pods -n {namespace} to see whether it works",
    ),
    _word(
        "getting credentials|no auth provider|executable .* not found",
        "kubectl cannot get its credentials",
        "run kubectl get pods -n {namespace} to see why",
    ),
    _word(
        r"\(notfound\)",
        "there is no {what} in namespace '{namespace}'",
        "run kubectl get pods -n {namespace} to list what is there",
        Missing,
    ),
    _word("pod is not running", "{what} is not running", "wait until it runs, or name another pod"),
    _word(
        "x509|certificate",
        "kubectl does not trust the certificate of the cluster",
        "check the certificate-authority of the cluster in the kubeconfig",
    ),
    _word(
        "unable to connect to the server|connection to the server .* was refused|i/o timeout"
        "|no such host|no route to host",
        "kubectl does not reach the cluster",
        "check the network and the VPN; run kubectl config current-context to see which it is",
    ),
    _word(
        _LOST,
        "the forward to {what} broke",
        "run kubectl get pods -n {namespace} to see whether the pod is there",
    ),
)
_REFUSED = re.compile(r"an error occurred forwarding .*connection refused", re.IGNORECASE)
# `E1128 11:53:46.532746    3760 portforward.go:400] …`: what goes into kubectl's log.
_LOGGED = re.compile(r"^[EWIF]\d{4} \S+ +\d+ [\w.]+:\d+\] ")
_CHATTER = re.compile("Forwarding from |Handling connection for ")
# What adds nothing to what follows it.
_BEGIN = re.compile(_LOGGED.pattern + r"|^error: |^Error from server \(\w+\): ")
_CODE = re.compile(r"command terminated with (non-zero )?exit code", re.IGNORECASE)
_SAID = 200


def explain_failure(lines: Sequence[str], address: PodAddress, what: str) -> Tunnel:
    """Return why kubectl has ended; `what` it was asked about, "pod 'web-1'"."""
    told = {"what": what, "namespace": address.namespace, "context": address.context}
    spoken = [line for line in lines if not _CHATTER.match(line)]
    plain = [line for line in spoken if not _LOGGED.match(line)]
    # What is only in the log counts where nothing else does: for 1.20 a pod that is lost.
    for word, said in (
        (word, said) for text in (plain, spoken) for word in _WORDS for said in text
    ):
        if word.pattern.search(said):
            hint = _add_words(word.hint.format(**told), said)
            return word.error(word.message.format(**told), hint=hint)
    hint = f"run kubectl get pods -n {address.namespace} to see why"
    return Tunnel("kubectl ended", hint=_add_words(hint, spoken[-1]) if spoken else hint)


def is_code_of_program(line: str) -> bool:
    """Return whether kubectl says how a program ended that it was to run in a pod."""
    return _CODE.match(line) is not None


def is_lost(line: str) -> bool:
    """Return whether kubectl is about to end, for the pod or the way there has."""
    return _LOST in line


def is_refused(lines: Sequence[str]) -> bool:
    """Return whether a connection came to nothing, for nothing listens there in the pod."""
    return any(_REFUSED.search(line) for line in lines)


def _add_words(hint: str, line: str) -> str:
    """Return the hint with what kubectl said."""
    return f"{hint} (kubectl said: {_BEGIN.sub('', line).strip().rstrip('.')[:_SAID]})"
