"""What kubectl knows by name, for completing `k8s://`: contexts, namespaces, pods.

A cluster may take seconds to answer, and nobody who presses Tab is to wait for it: kubectl is asked
behind the scenes, what it says is kept in a file for the next time, and only what is there within a
moment is offered at once.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from pathlib import Path

_SCHEME = "k8s://"
_FRESH_S, _ASKED_S, _MOMENT_S, _POLL_S = 30.0, 10.0, 0.2, 0.01
_CONTEXTS = ("config", "get-contexts", "-o", "name")
_GET = ("--request-timeout=5s", "get")
# Starts the command behind the name of a file, and puts what it prints there once it has ended.
_SHELL = 'umask 077; { "$@" >"$0.new"; mv -f "$0.new" "$0"; } &'
_MAX_BYTES = 1 << 20


def list_pod_addresses(typed: str) -> list[str]:
    """Return what addresses may go on with, as far as it is known; those of one part have its end.

    `k8s://pr` → `k8s://prod@`; `k8s://prod@sh` → `k8s://prod@shop/`; then the pods.
    """
    if not typed.startswith(_SCHEME):
        return [_SCHEME] if typed and _SCHEME.startswith(typed) else []
    found = _list_next(typed)
    if len(found) == 1 and not found[0][-1].isalnum():  # shells would take it for the whole word
        found += _list_next(found[0])
    return found


def _list_next(typed: str) -> list[str]:
    before, mark, rest = typed.removeprefix(_SCHEME).rpartition("@")
    begin = f"{_SCHEME}{before}{mark}"
    context = [f"--context={unquote(before)}"] if before else []
    namespace, slash, _ = rest.partition("/")
    if slash:
        names = _recall([*context, f"--namespace={namespace}", *_GET, "pods", "-o", "name"])
        found = [f"{begin}{namespace}/{name}" for name in names]
    else:
        names = _recall([*context, *_GET, "namespaces", "-o", "name"])
        found = [f"{begin}{name}/" for name in names]
        if not mark:
            found += [f"{_SCHEME}{quote(name, safe='')}@" for name in _recall([*_CONTEXTS])]
    return sorted(url for url in found if url.startswith(typed))


def _recall(arguments: list[str]) -> list[str]:
    """Return the names that kubectl gave last, and have it asked anew where that is long ago."""
    kubectl, shell = shutil.which("kubectl"), shutil.which("sh")
    if kubectl is None or shell is None:
        return []
    about = "\0".join([os.environ.get("KUBECONFIG", ""), *arguments])
    digest = hashlib.sha256(about.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    path = user_cache_path("arthas-shell", appauthor=False) / "kubectl" / digest
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if _find_age(path) > _FRESH_S and _find_age(path.with_suffix(".new")) > _ASKED_S:
            _ask(path, [shell, "-c", _SHELL, str(path), kubectl, *arguments])
        with path.open("rb") as file:
            lines = file.read(_MAX_BYTES).decode("utf-8", "replace").splitlines()
            return [line.rpartition("/")[2] if "get" in arguments else line for line in lines]
    return []


def _ask(path: Path, command: list[str]) -> None:
    """Start it, and give it a moment; it goes on without us, for as long as kubectl waits."""
    asked_at = time.time()
    subprocess.run(  # noqa: S603 - our own command; names are words of their own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    until = time.monotonic() + _MOMENT_S
    while time.monotonic() < until and _find_age(path) > time.time() - asked_at + _POLL_S:
        time.sleep(_POLL_S)


def _find_age(path: Path) -> float:
    """Return how many seconds ago the file was written, very many where there is none."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
