"""Both transports, and nothing of this machine that could change what they do."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from arthas_cli.protocol import Action, Request
from arthas_cli.transport.full import FullTransport
from arthas_cli.transport.lean import LeanTransport

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.config.settings import Connection
    from arthas_cli.protocol import Transport

Open: TypeAlias = "Callable[[Connection], Transport]"

REQUEST = Request(Action.EXEC, "version", request_id="1")
ANSWER = b'{"requestId":"1","state":"SUCCEEDED"}'
TLS = Path(__file__).parent.parent / "data" / "tls"
_PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _PROXY_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(params=[LeanTransport, FullTransport], ids=["lean", "full"])
def open_it(request: pytest.FixtureRequest) -> Open:
    """Makes the one transport, then the other; a test that takes it runs twice."""
    opens: Open = request.param
    return opens


def speak_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    return context


@pytest.fixture
def few_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has both transports take 64 KiB for an answer that is too long."""
    for transport in (LeanTransport, FullTransport):
        monkeypatch.setattr(transport, "most_bytes", 1 << 16)
