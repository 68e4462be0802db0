"""Getting there: addresses, names, TLS, proxies, and what must never be said or sent."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import traceback
from typing import TYPE_CHECKING

import pytest
from support.raw_server import Listener, http, reset, serve
from support.table import each_row

from arthas_cli.config.credentials import Credentials
from arthas_cli.config.settings import Connection
from arthas_cli.errors import ArthasShellError, ConfigError, NoServer, TimedOut, TlsError
from arthas_cli.transport import is_loopback, open_transport
from arthas_cli.transport.full import FullTransport
from arthas_cli.transport.lean import LeanTransport

from .conftest import ANSWER, REQUEST, TLS, speak_tls

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Open

CERTIFICATE = str(TLS / "certificate.pem")
SECRET = "planted-secret"
HEADER_OF_SECRET = "b3BzOnBsYW50ZWQtc2VjcmV0"  # ops:planted-secret in base64
NO_TLS = "wrong version number"


def fail(transport: Open, connection: Connection) -> ArthasShellError:
    with pytest.raises(ArthasShellError) as error:
        transport(connection).send(REQUEST, timeout_s=5)
    return error.value


def find_closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
        return port


def test_a_refused_connection_says_that_nothing_listens(open_it: Open) -> None:
    port = find_closed_port()
    error = fail(open_it, Connection(f"http://127.0.0.1:{port}/api"))
    assert (type(error), error.message) == (NoServer, f"nothing listens on 127.0.0.1:{port}")
    assert error.hint == f"attach Arthas there, or give its HTTP port if that is not {port}"


def test_a_connection_that_nobody_takes_is_given_up_in_time(
    open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float | None] = []

    def wait(line: socket.socket, _: object) -> None:
        waited.append(line.gettimeout())
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", wait)
    error = fail(open_it, Connection("http://127.0.0.1:8563/api", connect_timeout_s=2.5))
    assert (type(error), error.message) == (
        TimedOut,
        "no connection to 127.0.0.1:8563 within 2.5 s",
    )
    assert error.hint == "check for a firewall, or allow more time with --connect-timeout"
    assert waited == [pytest.approx(2.5, abs=0.1)]


def test_a_network_that_leads_nowhere_is_named(
    open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EHOSTUNREACH, "No route to host")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    error = fail(open_it, Connection())
    assert type(error) is NoServer
    assert error.message == "no connection to 127.0.0.1:8563: no route to host"


def test_a_name_that_nobody_knows_is_an_error_of_its_own(
    open_it: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    error = fail(open_it, Connection("http://nowhere.example:8563/api"))
    assert (type(error), error.message) == (NoServer, "cannot find the host 'nowhere.example'")
    assert error.hint == "check the name and the DNS"


@pytest.mark.parametrize("name", ["a" * 64, "a..b", "*a", "ü" * 64])
def test_a_name_that_cannot_be_one_is_reported_like_an_unknown_one(
    open_it: Open, name: str
) -> None:
    error = fail(open_it, Connection(f"http://{name}:8563/api"))
    assert (type(error), error.message) == (NoServer, f"cannot find the host '{name}'")


def test_netrc_is_not_read(open_it: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine 127.0.0.1 login ops password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serve(http(ANSWER)) as server:
        open_it(Connection(server.url)).send(REQUEST, timeout_s=5)
    assert b"authorization" not in server.requests[0].lower()


def test_no_proxy_is_used_for_this_machine(open_it: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(http(ANSWER)) as proxy, serve(http(ANSWER)) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        open_it(Connection(server.url)).send(REQUEST, timeout_s=5)
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    ("proxy", "said"),
    [
        ("socks5://127.0.0.1:1080", "'socks5://127.0.0.1:1080', and only http:// proxies"),
        (f"socks5h://ops:{SECRET}@proxy", "'socks5h://proxy', and only http:// proxies"),
        ("ftp://proxy", "'ftp://proxy', and only http:// proxies"),
        ("http://proxy:99999", "'proxy:99999', which is not of the form HOST:PORT"),
        (f"ops:{SECRET}@proxy:a:b", "'proxy:a:b', which is not of the form HOST:PORT"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_and_not_passed_by(
    monkeypatch: pytest.MonkeyPatch, variable: str, proxy: str, said: str
) -> None:
    monkeypatch.setenv(variable, proxy)
    with pytest.raises(ConfigError) as error:
        open_transport(Connection("http://shop.example:8563/api"), os.environ)
    assert error.value.message.startswith(f"{variable} names the proxy {said}")
    assert "no_proxy" in error.value.hint
    monkeypatch.setenv("no_proxy", "shop.example")
    open_transport(Connection("http://shop.example:8563/api"), os.environ)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_another_host_is_reached_by_the_proxy(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with serve(http(ANSWER)) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        transport = open_transport(Connection("http://arthas.example:8563/api"), os.environ)
        assert transport.send(REQUEST, timeout_s=5).content == ANSWER
    assert proxy.requests[0].startswith(b"POST http://arthas.example:8563/api HTTP/1.1\r\n")


def test_a_host_that_needs_no_proxy_is_reached_without(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(http(ANSWER)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "a" * 64)
        error = fail(FullTransport, Connection(f"http://{'a' * 64}:8563/api"))
        assert proxy.requests == []
    assert error.message == f"cannot find the host '{'a' * 64}'"


def test_a_proxy_that_is_not_there_is_told_from_a_server_that_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", f"http://ops:{SECRET}@127.0.0.1:{find_closed_port()}")
    error = fail(FullTransport, Connection("http://arthas.example:8563/api"))
    assert error.message == "the proxy does not reach arthas.example:8563"
    assert error.hint == "add the host to no_proxy if it needs no proxy"
    assert SECRET not in "".join(traceback.format_exception(error))


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with serve(http(ANSWER), tls=speak_tls()) as server:
        error = fail(FullTransport, Connection(server.url))
        assert server.requests == []
    assert type(error) is TlsError
    assert error.message.startswith(
        f"the certificate of 127.0.0.1:{server.port} is not trusted: self"
    )
    assert error.hint == (
        "use --ca-file to name the authority to trust; --insecure accepts any certificate"
    )


@pytest.mark.parametrize(
    "trust", [{"ca_file": CERTIFICATE}, {"insecure": True}], ids=["--ca-file", "--insecure"]
)
def test_a_certificate_is_accepted_by_its_authority_or_without_a_look_and_silently(
    trust: dict[str, str | bool],
) -> None:
    with serve(http(ANSWER), tls=speak_tls()) as server:
        connection = Connection(server.url, Credentials("ops", SECRET), **trust)  # type: ignore[arg-type]
        answer = FullTransport(connection).send(REQUEST, timeout_s=5)
    assert answer.content == ANSWER
    assert HEADER_OF_SECRET.encode() in server.requests[0]


def test_a_certificate_of_another_host_is_refused() -> None:
    with serve(http(ANSWER), tls=speak_tls(), host="127.0.0.2") as server:
        error = fail(FullTransport, Connection(server.url, ca_file=CERTIFICATE))
    assert type(error) is TlsError
    assert "IP address mismatch, certificate is not valid for '127.0.0.2'" in error.message


def test_a_port_that_speaks_no_tls_is_told_from_a_bad_certificate() -> None:
    with contextlib.closing(Listener(lambda wire: wire.sendall(http(ANSWER)))) as server:
        error = fail(FullTransport, Connection(f"https://127.0.0.1:{server.port}/api"))
    assert type(error) is TlsError
    assert error.message == f"no TLS connection to 127.0.0.1:{server.port}: {NO_TLS}"
    assert error.hint == "check that this port speaks TLS; if not, use http://"


def test_a_ca_file_that_is_not_there_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    path = str(tmp_path / "nosuch.pem")
    with pytest.raises(ConfigError) as error:
        FullTransport(Connection("https://127.0.0.1:1/api", ca_file=path))
    assert error.value.message == f"cannot read the CA file '{path}': No such file or directory"


def test_a_ca_file_without_a_certificate_is_a_fault_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "empty.pem"
    path.write_text("nothing\n")
    with pytest.raises(ConfigError) as error:
        FullTransport(Connection("https://127.0.0.1:1/api", ca_file=str(path)))
    assert error.value.message == f"'{path}' holds no certificate"


@pytest.mark.parametrize("script", [http(status="401 x"), http(b"<", status="404 x"), b"", reset])
def test_no_secret_is_in_any_word_of_a_transport_or_its_errors(
    open_it: Open, script: bytes
) -> None:
    with serve(script) as server:
        connection = Connection(server.url, Credentials("ops", SECRET))
        transport = open_it(connection)
        with contextlib.suppress(ArthasShellError):
            transport.send(REQUEST, timeout_s=5)
        error = fail(open_it, connection)
    words = [transport.url, repr(transport), repr(connection), repr(error), str(error), error.hint]
    words += traceback.format_exception(error)
    assert not [word for word in words if SECRET in word or HEADER_OF_SECRET in word]


@each_row(
    ("url", "environ", "kind"),
    [
        ("http://127.0.0.1:8563/api", {}, LeanTransport),
        ("http://localhost:8563/api", {"http_proxy": "http://p:1"}, LeanTransport),
        ("http://[::1]:8563/api", {"ALL_PROXY": "http://p:1"}, LeanTransport),
        ("http://arthas.example/api", {}, LeanTransport),
        ("http://arthas.example/api", {"http_proxy": ""}, LeanTransport),
        ("http://arthas.example/api", {"https_proxy": "http://p:1"}, LeanTransport),
        ("http://arthas.example/api", {"http_proxy": "http://p:1"}, FullTransport),
        ("http://127.0.0.1.example/api", {"http_proxy": "http://p:1"}, FullTransport),
        ("https://127.0.0.1:8563/api", {}, FullTransport),
    ],
)
def test_tls_and_proxies_alone_need_the_full_transport(
    url: str, environ: dict[str, str], kind: type
) -> None:
    transport = open_transport(Connection(url), environ)
    assert type(transport) is kind
    assert transport.url == url


@each_row(
    ("url", "is_local"),
    [
        ("http://localhost/api", True),
        ("http://LOCALHOST:8563/api", True),
        ("http://127.0.0.1:8563/api", True),
        ("http://127.1.2.3/api", True),
        ("http://[::1]:8563/api", True),
        ("http://127.0.0.1.example/api", False),
        ("http://127.example/api", False),
        ("http://localhost.example/api", False),
        ("http://10.0.0.1:8563/127.0.0.1", False),
        ("http://[::2]/api", False),
    ],
)
def test_this_machine_is_known_by_its_own_names_alone(url: str, *, is_local: bool) -> None:
    assert is_loopback(url) is is_local
