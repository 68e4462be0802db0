#!/usr/bin/env python3
"""Builds the server of `tests/support/kubelet`, which the tests of k8s:// run kubectl against.

It needs Go; without it they run with a stand-in for kubectl alone, which is said and no error. The
first time takes minutes; what is built lies in the cache of the user, by what it was built from.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

_SOURCES = Path(__file__).parent / "kubelet"
_GO = "/usr/local/go/bin"
_MAX_S = 240


def find_kubelet() -> Path:
    """Returns where the server of `tests/support/kubelet` is, or would be, built."""
    digest = hashlib.sha256()
    for name in ("main.go", "go.mod", "go.sum"):
        digest.update((_SOURCES / name).read_bytes())
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "arthas-shell-tests" / f"kubelet-{digest.hexdigest()[:12]}"


def build_kubelet() -> str:
    """Builds the server, where it is not yet; returns why not, empty where it is there."""
    go = shutil.which("go", path=f"{os.environ.get('PATH', '')}{os.pathsep}{_GO}")
    target = find_kubelet()
    if target.exists():
        return ""
    if go is None:
        return (
            "there is no Go here, so that the tests of k8s:// run with a stand-in for kubectl alone"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(f".{os.getpid()}")
    command = [go, "build", "-mod=readonly", "-buildvcs=false", "-o", str(half), "."]
    try:
        done = subprocess.run(
            command, cwd=_SOURCES, capture_output=True, text=True, check=False, timeout=_MAX_S
        )
    except subprocess.TimeoutExpired:
        return f"the server for the tests of k8s:// was not built within {_MAX_S} s"
    if done.returncode:
        return f"the server for the tests of k8s:// was not built: {done.stderr.strip()[-500:]}"
    half.replace(target)
    return ""


if __name__ == "__main__":
    print(build_kubelet() or "the server for the tests of k8s:// is there", file=sys.stderr)  # noqa: T201
