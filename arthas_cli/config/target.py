"""What stands for a JVM wherever a target is wanted, by its scheme (docs/getting-there.md).

A form is read into its one canonical text, which is the `url` of a `Connection`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from arthas_cli.config.address import parse_host, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable


def _read_ssh(text: str) -> str:
    from arthas_cli.config.ssh_address import parse_ssh

    return str(parse_ssh(text))


def _name_ssh(url: str) -> tuple[str, str]:
    from arthas_cli.config.ssh_address import parse_ssh

    host = parse_ssh(url).host
    return host, f"ssh {host}"


def _read_local(text: str) -> str:
    from arthas_cli.config.local_address import parse_local

    return str(parse_local(text))


def _name_local(url: str) -> tuple[str, str]:
    from arthas_cli.config.local_address import parse_local

    return "", parse_local(url).label


def _read_pod(text: str) -> str:
    from arthas_cli.config.pod_address import parse_pod

    return str(parse_pod(text))


def _name_pod(url: str) -> tuple[str, str]:
    from arthas_cli.config.pod_address import parse_pod

    pod = parse_pod(url)
    return pod.label, f"k8s {pod.label}"


# Scheme -> what reads such an address; raises NotRun where it is none.
_FORMS: dict[str, Callable[[str], str]] = {
    "http": parse_url,
    "https": parse_url,
    "ssh": _read_ssh,
    "pid": _read_local,
    "jvm": _read_local,
    "k8s": _read_pod,
}
# Scheme -> what a server is called by the prompt ("" where it is on this machine) and the toolbar.
_NAMES: dict[str, Callable[[str], tuple[str, str]]] = {
    "ssh": _name_ssh,
    "pid": _name_local,
    "jvm": _name_local,
    "k8s": _name_pod,
}


def parse_target(text: str) -> str:
    """Return the canonical address: `http://shop:8563/api` for `shop`, `ssh://shop/8563`.

    Raises:
        NotRun: it is of no form, or holds a password.
    """
    form = _FORMS.get(find_scheme(text))
    if form is not None:
        return form(text)
    if "://" in text or not text:
        return parse_url(text)
    return parse_host(text)


# What stands for every profile.
ALL = "all"


def is_bare(word: str) -> bool:
    """Return whether a word behind `--on` can only be a name: a host has a dot, a port or `//`."""
    return not any(sign in word for sign in ".:/")


def find_scheme(text: str) -> str:
    """Return the scheme in lower case; empty where the text has none that is known."""
    scheme, mark, rest = text.partition(":")
    scheme = scheme.lower()
    is_known = mark and scheme in _FORMS and (rest.startswith("//") or scheme in _BARE)
    return scheme if is_known else ""


# Those that have no // behind them.
_BARE = frozenset({"pid", "jvm"})


def name_place(url: str) -> str:
    """Return the host of a canonical address; for a way what the prompt calls its end."""
    name = _NAMES.get(find_scheme(url))
    return (urlsplit(url).hostname or "") if name is None else name(url)[0]


def name_target(url: str) -> str:
    """Return a canonical address as the toolbar has it: `127.0.0.1:8563`, `ssh shop-3`."""
    name = _NAMES.get(find_scheme(url))
    return urlsplit(url).netloc if name is None else name(url)[1]
