"""An Arthas in a pod, as people write it: `k8s://[CONTEXT@]NAMESPACE/[KIND/]NAME[:PORT]`.

`k8s://[CONTEXT@]NAMESPACE[:PORT]/?LABEL=VALUE` stands for all pods that carry the labels.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from arthas_cli.config.address import DEFAULT_PORT, read_port
from arthas_cli.errors import NotRun
from arthas_cli.text import keep_end

_FORM = re.compile(
    r"k8s://(?:(?P<context>[^@/?#:]+)@)?(?P<namespace>[^@/?#:]+)(?::(?P<all_port>[^@/?#:]+))?/"
    r"(?:(?:(?P<kind>[^@/?#:]+)/)?(?P<name>[^@/?#:]+)(?::(?P<port>[^@/?#:]+))?|\?(?P<labels>[^?#]+))",
    re.IGNORECASE,
)
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_LABEL = re.compile(r"[A-Za-z0-9][-\w./]{0,316}")
_VALUE = re.compile(r"([A-Za-z0-9][-\w.]{0,62})?")
_CONTEXT = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff'\"`$\\;&<>|(){}]+")
_HINT = (
    "use k8s://[CONTEXT@]NAMESPACE/[KIND/]NAME[:PORT], such as k8s://shop/web-1:8563; write"
    " / @ : ? within a part as %2F %40 %3A %3F"
)
_MOST_CONTEXT = 24
# As kubectl has them -> the kind.
KINDS = {
    **dict.fromkeys(("pod", "pods", "po"), "pod"),
    **dict.fromkeys(("deployment", "deployments", "deploy"), "deployment"),
    **dict.fromkeys(("statefulset", "statefulsets", "sts"), "statefulset"),
}


class PodAddress(NamedTuple):
    """A pod, or what has some: the `kind` and its `name`, or where that is "" pods by `labels`.

    `context`: "" for the one that kubectl has chosen. `labels`: pairs of name and value.
    """

    namespace: str
    name: str = ""
    kind: str = "pod"
    port: int = DEFAULT_PORT
    context: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return it with nothing left out that is known."""
        context = f"{quote(self.context, safe='')}@" if self.context else ""
        begin = f"k8s://{context}{self.namespace}"
        if self.labels:
            return f"{begin}:{self.port}/?{'&'.join(map('='.join, self.labels))}"
        kind = "" if self.kind == "pod" else f"{self.kind}/"
        return f"{begin}/{kind}{self.name}:{self.port}"

    @property
    def selector(self) -> str:
        """The labels as kubectl takes them."""
        return ",".join(map("=".join, self.labels))

    @property
    def label(self) -> str:
        """What it is called where there is little room."""
        context = f"{keep_end(self.context, _MOST_CONTEXT)}@" if self.context else ""
        return f"{context}{self.namespace}/{self.name or self.selector}"


def parse_pod(text: str) -> PodAddress:
    """Read such an address.

    Raises:
        NotRun: it is none, or holds a password.
    """
    if ":" in text.partition("://")[2].partition("/")[0].rpartition("@")[0]:
        raise NotRun(
            "an address must not contain a password",
            hint="kubectl has its own login; write ':' in the name of a context as %3A",
        )
    match = _FORM.fullmatch(text)
    if match is None:
        raise NotRun(f"'{text}' is not a k8s:// address", hint=_HINT)
    kind = KINDS.get((match["kind"] or "pod").lower())
    if kind is None:
        raise NotRun(
            f"'{match['kind']}' is not a kind that has pods",
            hint="use pod/NAME, deployment/NAME or statefulset/NAME",
        )
    if match["all_port"] and match["name"]:
        raise NotRun(f"'{text}' is not a k8s:// address: the port is behind the name", hint=_HINT)
    return PodAddress(
        _read(_NAME, match["namespace"], text),
        _read(_NAME, match["name"], text) if match["name"] else "",
        kind,
        read_port(match["port"] or match["all_port"]),
        _read(_CONTEXT, match["context"], text) if match["context"] else "",
        tuple(_read_labels(match["labels"] or "", text)),
    )


def _read(form: re.Pattern[str], part: str, text: str) -> str:
    read = unquote(part)
    if not form.fullmatch(read):
        raise NotRun(f"'{text}' is not a k8s:// address: '{read}' is not a name", hint=_HINT)
    return read


def _read_labels(written: str, text: str) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in re.split("[&,]", written) if part]
    return [(_read(_LABEL, name, text), _read(_VALUE, value, text)) for name, _, value in pairs]
