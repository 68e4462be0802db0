from __future__ import annotations

import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from support.raw_server import http, serve

from arthas_cli.transport import trust
from arthas_cli.transport.limits import LimitedAdapter

TLS = Path(__file__).parent.parent / "data" / "tls"
CERTIFICATE = TLS / "certificate.pem"
ASK = """
from arthas_cli.__main__ import main
main()
"""


@pytest.fixture
def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, TLS / "key.pem")
    return context


def ask(url: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs `version` as a program of its own: OpenSSL reads its variables at the start."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SSL_CERT")}
    return subprocess.run(
        [sys.executable, "-c", ASK, "exec", "--url", url, *options, "version"],
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


VERSION = (
    b'{"state":"SUCCEEDED","body":{"results":[{"type":"version","version":"4.1.5","jobId":1},'
    b'{"type":"status","statusCode":0,"jobId":1}]}}'
)


def test_what_the_system_trusts_is_trusted_without_an_option(
    server_context: ssl.SSLContext,
) -> None:
    with serve(http(VERSION), tls=server_context) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        done = ask(url, SSL_CERT_FILE=str(CERTIFICATE), REQUESTS_CA_BUNDLE="/nowhere")
        assert (done.stdout, done.stderr) == ("4.1.5\n", "")


def test_what_nobody_trusts_is_refused(server_context: ssl.SSLContext) -> None:
    with serve(http(VERSION), tls=server_context) as server:
        done = ask(server.url.replace("127.0.0.1", "localhost"))
        assert done.returncode == 3
        assert "the certificate of localhost" in done.stderr


def test_a_file_of_authorities_takes_the_place_of_the_systems() -> None:
    context = trust.make_context(str(CERTIFICATE))
    assert len(context.get_ca_certs()) == 1
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_nothing_is_added_to_the_one_authority_that_is_trusted(
    server_context: ssl.SSLContext,
) -> None:
    context = trust.make_context(str(CERTIFICATE))
    with serve(http(VERSION), tls=server_context) as server, requests.Session() as session:
        session.trust_env = False  # as ours: else the variables of requests are added
        session.mount("https://", LimitedAdapter(context))
        assert session.get(server.url, timeout=10).status_code == 200
    assert len(context.get_ca_certs()) == 1


def test_the_context_that_takes_anything_checks_nothing() -> None:
    context = trust.make_context(is_blind=True)
    assert (context.check_hostname, context.verify_mode) == (False, ssl.CERT_NONE)


def test_where_openssl_knows_no_store_truststore_does(monkeypatch: pytest.MonkeyPatch) -> None:
    import truststore

    monkeypatch.setattr(trust, "_has_store", lambda: False)
    assert isinstance(trust.make_context(), truststore.SSLContext)
    assert isinstance(ssl.create_default_context(), ssl.SSLContext)
    assert ssl.SSLContext is not truststore.SSLContext


def test_the_systems_store_is_read_once() -> None:
    assert trust.share_system_context() is trust.share_system_context()
