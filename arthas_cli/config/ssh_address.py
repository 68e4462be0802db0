"""An Arthas behind ssh, as people write it: `ssh://[USER@]HOST[:SSHPORT][/PORT]`."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from arthas_cli.config.address import DEFAULT_PORT, read_port
from arthas_cli.errors import NotRun

_FORM = re.compile(
    r"ssh://(?:(?P<user>[^@/?#:]+)@)?(?:\[(?P<address>[0-9A-Fa-f:.%\w]+)\]|(?P<name>[^@/?#:\[\]]+))"
    r"(?::(?P<ssh_port>[^@/?#:]+))?(?:/(?P<port>[^/?#]*))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff'\"`$\\;&<>|(){}]+")
_HINT = "use ssh://[USER@]HOST[:SSHPORT][/PORT], such as ssh://ops@shop-3/8563"


class SshAddress(NamedTuple):
    """Arthas' `port` on 127.0.0.1 of the host. What is None is for the configuration of ssh."""

    host: str
    user: str | None = None
    ssh_port: int | None = None
    port: int = DEFAULT_PORT

    def __str__(self) -> str:
        """Return it with nothing left out that is known."""
        user = "" if self.user is None else f"{quote(self.user, safe='')}@"
        host = f"[{self.host}]" if ":" in self.host else quote(self.host, safe="")
        ssh_port = "" if self.ssh_port is None else f":{self.ssh_port}"
        return f"ssh://{user}{host}{ssh_port}/{self.port}"


def parse_ssh(text: str) -> SshAddress:
    """Read such an address.

    Raises:
        NotRun: it is none, or holds a password.
    """
    if ":" in text.partition("://")[2].rpartition("@")[0]:
        raise NotRun(
            "an address must not contain a password", hint="use a key, or let ssh ask for it"
        )
    match = _FORM.fullmatch(text)
    if match is None:
        raise NotRun(f"'{text}' is not an ssh:// address", hint=_HINT)
    user, host = match["user"], match["address"] or match["name"]
    return SshAddress(
        _read_name(host, text),
        None if user is None else _read_name(user, text),
        None if match["ssh_port"] is None else read_port(match["ssh_port"]),
        read_port(match["port"] or None),
    )


def _read_name(name: str, text: str) -> str:
    """Return a host or user; one that ssh would take for an option, or for two words, is none."""
    read = unquote(name)
    if read.startswith("-") or not _NAME.fullmatch(read):
        raise NotRun(f"'{text}' is not an ssh:// address: '{read}' is not a name", hint=_HINT)
    return read
