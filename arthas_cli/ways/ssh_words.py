"""What ssh writes when it fails, read into errors; the words are those of OpenSSH."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import NoServer, Tunnel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.config.ssh_address import SshAddress


class _Word(NamedTuple):
    """What `pattern` in a line of ssh means; {host} is filled in."""

    pattern: re.Pattern[str]
    message: str
    hint: str


def _word(pattern: str, message: str, hint: str) -> _Word:
    return _Word(re.compile(pattern, re.IGNORECASE), message, hint)


_SHUT_OUT = re.compile(r"permission denied \(|too many authentication failures", re.IGNORECASE)
_CHANGED = re.compile("remote host identification has changed", re.IGNORECASE)
# The first that fits anywhere is the cause: ssh says on later lines what came of it.
_ENDS = (
    _word(
        "^host key for .* has changed|man-in-the-middle attacks|host key check failure",
        "the host key of '{host}' is not the one that ssh knows",
        "ask whoever runs it whether the key was changed; if so, run ssh-keygen -R {host}",
    ),
    _word(
        "host key verification failed",
        "ssh does not know the host key of '{host}'",
        "run ssh {host} once, and compare the key before you accept it",
    ),
    _word(
        _SHUT_OUT.pattern,
        "ssh was not let in on '{host}'",
        "run ssh {host} to see why; ssh-add gives a key to the agent",
    ),
    _word(
        "could not resolve hostname",
        "ssh cannot find the host '{host}'",
        "check the name, or give it a Host entry in ~/.ssh/config",
    ),
    _word(
        r"connect to host .*(timed out|no route|unreachable)|connection timed out",
        "ssh does not reach '{host}'",
        "check the network and the VPN; a ProxyJump in ~/.ssh/config leads through another host",
    ),
    _word(
        "connection refused",
        "no ssh server listens on '{host}'",
        "check the host and the port: ssh://HOST:SSHPORT",
    ),
    _word(
        "connection closed by|connection reset|broken pipe|not responding|connection to .* closed",
        "the ssh connection to '{host}' broke",
        "check the network; the way is opened again with the next command",
    ),
)
_REFUSED = re.compile("open failed: connect failed: connection refused", re.IGNORECASE)
_PROHIBITED = re.compile("open failed: administratively prohibited", re.IGNORECASE)
_OPEN_FAILED = re.compile("open failed: (.*)", re.IGNORECASE)
_SAID = 200


def explain_end(lines: Sequence[str], host: str) -> Tunnel:
    """Return why ssh has ended."""
    for word in _ENDS:
        said = next((line for line in lines if word.pattern.search(line)), None)
        if said is not None:
            hint = _add_words(word.hint.format(host=host), said)
            return Tunnel(word.message.format(host=host), hint=hint)
    hint = f"run ssh {host} to see why"
    return Tunnel(f"ssh to '{host}' ended", hint=_add_words(hint, lines[-1]) if lines else hint)


def is_changed(lines: Sequence[str]) -> bool:
    """Return whether the host has another key than before: then ssh itself forwards nothing."""
    return any(_CHANGED.search(line) for line in lines)


def is_shut_out(lines: Sequence[str]) -> bool:
    """Return whether the host would not let us in."""
    return any(_SHUT_OUT.search(line) for line in lines)


def explain_refusal(lines: Sequence[str], target: SshAddress, address: str) -> NoServer | None:
    """Return why a connection through ssh came to nothing, None where it does not say so."""
    host = target.host
    for line in reversed(lines):
        if _REFUSED.search(line):
            hint = f"attach Arthas there, or give its HTTP port if that is not {target.port}"
            return NoServer(f"nothing listens on {address}", hint=f"{hint}: ssh://{host}/PORT")
        if _PROHIBITED.search(line):
            hint = "ask whoever runs it for AllowTcpForwarding, or use a host that allows it"
            return Tunnel(f"'{host}' does not forward connections", hint=_add_words(hint, line))
        if failed := _OPEN_FAILED.search(line):
            hint = _add_words(f"run ssh {host} to see why", failed[1])
            return Tunnel(f"'{host}' does not reach {address}", hint=hint)
    return None


def _add_words(hint: str, line: str) -> str:
    """Return the hint with what ssh said."""
    return f"{hint} (ssh said: {line.strip().rstrip('.')[:_SAID]})"
