"""Stands in for kubectl where the real one, or its server, cannot be had: its words, its ends.

    kubectl_stand_in.py VERSION FOLDER PATH ARGUMENT…

1.20 ends a forward with code 0 when its pod has gone, and goes on when a port in it is closed; 1.32
ends with code 1 either way. FOLDER holds the `state.json` of `support.cluster`; a file `cut` there
ends the forwards.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

_KINDS = {"pod": "/api/v1", "pods": "/api/v1"}
_APPS = "/apis/apps/v1"
_POLL_S = 0.01
_NO_CONFIG = (
    "The connection to the server localhost:8080 was refused - did you specify the right host or"
    " port?"
)
# What goes into the log, before what is said.
_LOGGED = {
    "1.20": "W1128 11:53:44.106874    3724 loader.go:223] Config not found: /nope",
    "1.32": (
        'E1128 11:53:55.140345    4153 memcache.go:265] "Unhandled Error" err="couldn\'t get'
        ' current server API group list: Get \\"http://localhost:8080/api?timeout=32s\\": dial tcp'
        ' 127.0.0.1:8080: connect: connection refused"'
    ),
}
_OCCURRED = {
    "1.20": "E1128 11:53:46.532746    3760 portforward.go:400] {}",
    "1.32": 'E1128 11:53:56.859635    4207 portforward.go:424] "Unhandled Error" err="{}"',
}
_REFUSED = (
    "an error occurred forwarding {here} -> {port}: error forwarding port {port} to pod {pod}, uid"
    " 1: failed to execute portforward in network namespace '/run/ns': failed to connect to"
    " localhost:{port} inside namespace '1', IPv4: dial tcp4 127.0.0.1:{port}: connect: connection"
    " refused"
)
_LOST = "lost connection to pod"


class StandIn:
    """One run of kubectl."""

    def __init__(self, version: str, folder: Path, arguments: list[str]) -> None:
        self.version = version
        self.folder = folder
        self.context = _take(arguments, "--context=")
        self.namespace = _take(arguments, "--namespace=")
        _take(arguments, "--request-timeout=")
        self.arguments = arguments

    def run(self) -> None:
        """Does what its arguments say, and ends."""
        match self.arguments:
            case ["version", *_]:
                _print(json.dumps({"clientVersion": {"gitVersion": f"v{self.version}.2"}}))
            case ["config", "current-context"]:
                _print("test")
            case ["config", "get-contexts", "-o", "name"]:
                _print("test\nprod:eu")
            case ["get", kind, "-o", "name"]:
                _print("\n".join(f"{kind.removesuffix('s')}/{name}" for name in self._list(kind)))
            case ["get", kind, "-l", selector, "-o", "json"]:
                self._get(f"{_KINDS[kind]}/namespaces/{self.namespace}/{kind}?{selector}")
            case ["get", kind, name, "-o", "json"]:
                plural = kind.partition(".")[0].removesuffix("s") + "s"
                begin = _KINDS.get(kind, _APPS)
                self._get(f"{begin}/namespaces/{self.namespace}/{plural}/{name}")
            case ["port-forward", "--address", "127.0.0.1", pod, port]:
                self._forward(pod.removeprefix("pod/"), int(port.removeprefix(":")))
            case other:
                self._end(f"error: unknown command {other}")

    def _state(self) -> Any:  # noqa: ANN401 - JSON of any shape
        return json.loads((self.folder / "state.json").read_text("utf-8"))

    def _get(self, path: str) -> None:
        _print(json.dumps(self._find(path)))

    def _list(self, kind: str) -> list[str]:
        if kind == "namespaces":
            return ["shop", "stage"]
        begin = f"/api/v1/namespaces/{self.namespace}/{kind}/"
        return [path.removeprefix(begin) for path in self._state()["answers"] if begin in path]

    def _find(self, path: str) -> Any:  # noqa: ANN401 - likewise
        if not Path(os.environ.get("KUBECONFIG", "")).is_file():
            _print(_LOGGED[self.version], sys.stderr)
            self._end(_NO_CONFIG)
        if self.context not in ("", "test"):
            self._end(f'error: context "{self.context}" does not exist')
        answer = self._state()["answers"].get(path)
        if answer is None:
            self._end("Error from server (NotFound): the server could not find it")
        body = answer["body"]
        if body["kind"] == "Status":
            self._end(f"Error from server ({body['reason']}): {body['message']}")
        return body

    def _forward(self, pod: str, port: int) -> None:
        path = f"/api/v1/namespaces/{self.namespace}/pods/{pod}"
        uid = self._find(path)["metadata"]["uid"]
        cut = self.folder / "cut"
        cut.unlink(missing_ok=True)
        listening = socket.create_server(("127.0.0.1", 0))
        here = listening.getsockname()[1]
        _print(f"Forwarding from 127.0.0.1:{here} -> {port}")
        threading.Thread(target=self._accept, args=(listening, pod, port), daemon=True).start()
        while not cut.exists():
            answer = self._state()["answers"][path]["body"]
            if answer["kind"] == "Status" or answer["metadata"]["uid"] != uid:
                break
            time.sleep(_POLL_S)
        self._lose()

    def _lose(self) -> NoReturn:
        if self.version == "1.20":
            _print(f"E1128 11:53:46.532746    3760 portforward.go:233] {_LOST}", sys.stderr)
            os._exit(0)
        self._end(f"error: {_LOST}")

    def _accept(self, listening: socket.socket, pod: str, port: int) -> None:
        here = listening.getsockname()[1]
        while True:
            near, _ = listening.accept()
            _print(f"Handling connection for {here}")
            to = self._state()["ports"].get(f"{self.namespace}/{pod}:{port}", 1)
            try:
                far = socket.create_connection(("127.0.0.1", to))
            except OSError:
                said = _REFUSED.format(here=here, port=port, pod=pod)
                _print(_OCCURRED[self.version].format(said), sys.stderr)
                near.close()
                if self.version != "1.20":
                    self._lose()
                continue
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_copy, args=(source, sink), daemon=True).start()

    def _end(self, said: str) -> NoReturn:
        _print(said, sys.stderr)
        os._exit(1)


def _take(arguments: list[str], option: str) -> str:
    """Removes an option from the arguments, and returns its value."""
    found = next((each for each in arguments if each.startswith(option)), None)
    if found is None:
        return ""
    arguments.remove(found)
    return found.removeprefix(option)


def _print(text: str, stream: Any = None) -> None:  # noqa: ANN401 - a stream of text
    print(text, file=stream or sys.stdout, flush=True)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while chunk := source.recv(1 << 16):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        sink.close()


if __name__ == "__main__":
    StandIn(sys.argv[1], Path(sys.argv[2]), sys.argv[4:]).run()
