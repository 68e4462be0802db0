"""What kubectl writes, as it was recorded of 1.20.2 and 1.32.4, is read into errors."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.config.pod_address import PodAddress
from arthas_cli.ways.kubectl_words import Missing, explain_failure, is_lost, is_refused

ADDRESS = PodAddress("shop", "web-1", context="prod")
LOG_20 = "E1128 11:53:46.532746    3760 portforward.go:400] "
LOG_32 = 'E1128 11:53:56.859635    4207 portforward.go:424] "Unhandled Error" err="'
REFUSED = (
    "an error occurred forwarding 39415 -> 1: error forwarding port 1 to pod shop/web-1, uid 1:"
    ' failed to execute portforward in network namespace "/run/ns": failed to connect to'
    ' localhost:1 inside namespace "1", IPv4: dial tcp4 127.0.0.1:1: connect: connection refused'
)
TIMED_OUT = (
    "Unable to connect to the server: net/http: request canceled while waiting for connection"
    " (Client.Timeout exceeded while awaiting headers)"
)
NO_SHELL = (
    "error: Internal error occurred: error executing command in container: failed to exec in"
    ' container: OCI runtime exec failed: exec: "sh": executable file not found in $PATH: unknown'
)


@each_row(
    ("line", "message", "said"),
    [
        (
            'Error from server (NotFound): pods "web-1" not found',
            "there is no pod 'web-1' in namespace 'shop'",
            'pods "web-1" not found',
        ),
        (
            "error: You must be logged in to the server (Unauthorized)",
            "the cluster does not accept the login of kubectl",
            "You must be logged in to the server (Unauthorized)",
        ),
        (
            "error: unable to forward port because pod is not running. Current status=Pending",
            "pod 'web-1' is not running",
            "unable to forward port because pod is not running. Current status=Pending",
        ),
        (
            "Error in configuration: context was not found for specified context: prod",
            "kubectl knows no context 'prod'",
            "Error in configuration: context was not found for specified context: prod",
        ),
        (
            "Unable to connect to the server: dial tcp: lookup nohost.invalid: no such host",
            "kubectl does not reach the cluster",
            "Unable to connect to the server: dial tcp: lookup nohost.invalid: no such host",
        ),
        (
            "Unable to connect to the server: getting credentials: exec: executable aws not found",
            "kubectl cannot get its credentials",
            "Unable to connect to the server: getting credentials: exec: executable aws not found",
        ),
        (TIMED_OUT, "kubectl does not reach the cluster", TIMED_OUT),
        (
            "Unable to connect to the server: x509: certificate signed by unknown authority",
            "kubectl does not trust the certificate of the cluster",
            "Unable to connect to the server: x509: certificate signed by unknown authority",
        ),
        (
            "E1128 11:53:46.532746    3760 portforward.go:233] lost connection to pod",
            "the forward to pod 'web-1' broke",
            "lost connection to pod",
        ),
        (
            "error: lost connection to pod",
            "the forward to pod 'web-1' broke",
            "lost connection to pod",
        ),
        (
            NO_SHELL,
            "pod 'web-1' has no shell",
            NO_SHELL.removeprefix("error: "),
        ),
        (
            "Error from server (BadRequest): container side is not valid for pod web-1",
            "there is no pod 'web-1' that runs",
            "container side is not valid for pod web-1",
        ),
        ("error: unknown flag: --address", "kubectl ended", "unknown flag: --address"),
    ],
)
def test_what_kubectl_says_is_in_the_hint(line: str, message: str, said: str) -> None:
    chatter = ["Forwarding from 127.0.0.1:39415 -> 8563", "Handling connection for 39415"]
    error = explain_failure([*chatter, line], ADDRESS, "pod 'web-1'")
    assert error.message == message
    assert error.hint.endswith(f" (kubectl said: {said})")
    assert isinstance(error, Missing) == ("NotFound" in line or 'exec: "sh"' in line)


def test_what_is_only_in_the_log_does_not_count_beside_what_is_said() -> None:
    logged = 'E1128 11:53:55.397712    4181 memcache.go:265] "Unhandled Error" err="x509"'
    said = "The connection to the server 127.0.0.1:1 was refused - did you specify the right host?"
    error = explain_failure([logged, said], ADDRESS, "pod 'web-1'")
    assert error.message == "kubectl does not reach the cluster"
    assert error.hint.endswith(f" (kubectl said: {said})")


def test_a_kubectl_that_says_nothing_ended() -> None:
    error = explain_failure(["Forwarding from 127.0.0.1:1 -> 2"], ADDRESS, "pod 'web-1'")
    assert (error.message, error.hint) == (
        "kubectl ended",
        "run kubectl get pods -n shop to see why",
    )


@pytest.mark.parametrize("line", [f"{LOG_20}{REFUSED}", f'{LOG_32}{REFUSED}"'])
def test_a_refused_connection_is_told_from_a_lost_pod(line: str) -> None:
    assert (is_refused([line]), is_lost(line)) == (True, False)
    assert not is_refused(["error: lost connection to pod"])
    assert is_lost("error: lost connection to pod")
