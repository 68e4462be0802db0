"""From here to an HTTP answer: each way to fail has a finding and a cure of its own."""

from __future__ import annotations

import errno
import socket
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.raw_server import Listener, http, serve, silence

from arthas_cli.doctor import network
from arthas_cli.errors import ArthasShellError, NoServer, TimedOut, TlsError
from arthas_cli.transport import probe

if TYPE_CHECKING:
    from support.raw_server import Connection

    from .conftest import Examine, MakeCase

TLS = Path(__file__).parent.parent / "data" / "tls"
CERTIFICATE = str(TLS / "certificate.pem")
ANSWER = http(b'{"message":"\'sessionId\' is required","state":"FAILED"}')
TUNNELS = "--url ssh://arthas.example/{port} or --url k8s://NAMESPACE/POD:{port}"


def speak_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    return context


def find_closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
        return port


def fail_to_connect(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch, error: OSError, **settings: object
) -> ArthasShellError:
    def refuse(*_: object) -> float:
        raise error

    monkeypatch.setattr(probe, "time_connection", refuse)
    case = make_case("http://arthas.example:8563", **settings)
    case.addresses = ["192.0.2.1"]
    with pytest.raises(ArthasShellError) as raised:
        network.check_tcp(case)
    return raised.value


def test_a_name_without_an_address_may_be_misspelled(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(probe, "resolve", resolve)
    with pytest.raises(NoServer, match=r"'arthas\.example' has no address") as error:
        network.check_name(make_case("http://arthas.example"))
    assert error.value.hint == "check the spelling; a name inside a cluster only resolves there"


def test_a_name_server_that_is_silent_is_told_from_a_name_that_is_wrong(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(probe, "resolve", resolve)
    with pytest.raises(NoServer, match=r"no name server answers for 'arthas\.example'") as error:
        network.check_name(make_case("http://arthas.example"))
    assert error.value.hint == "check the network and the VPN"


def test_what_cannot_be_a_name_is_said_to_be_none(make_case: MakeCase) -> None:
    with pytest.raises(NoServer, match="is not a valid host name"):
        network.check_name(make_case(f"http://{'a' * 70}.example"))


def test_the_addresses_of_a_name_are_told(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "resolve", lambda *_: ["192.0.2.1", "2001:db8::1"])
    found = network.check_name(make_case("http://arthas.example")).found
    assert found == "arthas.example is 192.0.2.1, 2001:db8::1"
    monkeypatch.setattr(probe, "resolve", lambda *_: ["2001:db8::1"])
    found = network.check_name(make_case("http://[2001:db8::1]:8563")).found
    assert found == "2001:db8::1 is an address"


def test_here_nothing_listens_until_arthas_is_attached(take_steps: Examine) -> None:
    port = find_closed_port()
    finding = take_steps(f"http://127.0.0.1:{port}")["tcp"]
    assert finding.found == f"no connection to 127.0.0.1:{port} (127.0.0.1: refused)"
    assert finding.cure == (
        "attach Arthas (java -jar arthas-boot.jar PID), or give its HTTP port with -p"
    )
    assert finding.error is not None
    assert finding.error.exit_code == 3


def test_elsewhere_a_refusal_may_mean_that_it_listens_on_loopback_alone(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = fail_to_connect(make_case, monkeypatch, ConnectionRefusedError())
    assert error.message == "no connection to arthas.example:8563 (192.0.2.1: refused)"
    assert "unless attached with --target-ip 0.0.0.0" in error.hint
    assert TUNNELS.format(port=8563) in error.hint


def test_a_connection_that_nobody_takes_hints_at_a_firewall(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = fail_to_connect(make_case, monkeypatch, TimeoutError())
    assert isinstance(error, TimedOut)
    assert error.hint.startswith(
        "check the firewall, or allow more than 2 s with --connect-timeout"
    )
    assert TUNNELS.format(port=8563) in error.hint


def test_a_network_without_a_way_hints_at_a_vpn(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = OSError(errno.ENETUNREACH, "Network is unreachable")
    error = fail_to_connect(make_case, monkeypatch, gone)
    assert error.message.endswith("(192.0.2.1: network is unreachable)")
    assert error.hint.startswith("check the VPN: there is no route to that network")


def test_an_address_that_fails_before_another_takes_it_is_told(
    make_case: MakeCase,
) -> None:
    with serve(ANSWER) as server:
        case = make_case(server.url)
        case.addresses = ["::1", "127.0.0.1"]
        finding = network.check_tcp(case)
    assert finding.state == "warn"
    assert finding.found.endswith("ms, but not ::1: refused")


def test_an_ipv6_address_is_examined_like_any_other(take_steps: Examine) -> None:
    with serve(ANSWER, host="::1") as server:
        found = take_steps(server.url)
    assert found["name"].found == "::1 is an address"
    assert found["tcp"].state == "pass"
    assert found["arthas"].found == "the Arthas API"


def test_a_trusted_certificate_passes_with_the_days_it_has(take_steps: Examine) -> None:
    with serve(ANSWER, tls=speak_tls()) as server:
        found = take_steps(server.url, ca_file=CERTIFICATE)
    assert found["tls"].state == "pass"
    assert found["tls"].found.startswith("TLSv1.3, the certificate is trusted for ")
    assert found["arthas"].state == "pass"


def test_a_certificate_of_no_authority_wants_a_ca_file(take_steps: Examine) -> None:
    with serve(ANSWER, tls=speak_tls()) as server:
        finding = take_steps(server.url)["tls"]
    assert finding.found == (
        "its certificate is not from a trusted authority (self-signed certificate)"
    )
    assert finding.cure == (
        "use --ca-file FILE to trust its authority; openssl s_client -showcerts -connect"
        f" 127.0.0.1:{server.port} shows it; --insecure accepts any certificate"
    )
    assert isinstance(finding.error, TlsError)


def test_a_certificate_for_another_name_tells_for_which(take_steps: Examine) -> None:
    with serve(ANSWER, host="127.0.0.2", tls=speak_tls()) as server:
        finding = take_steps(server.url, ca_file=CERTIFICATE)["tls"]
    assert finding.found == "its certificate is for localhost, 127.0.0.1, not for '127.0.0.2'"
    assert finding.cure == "use the name it is for; --insecure accepts any certificate"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        (10, "its certificate has expired"),
        (9, "its certificate is not valid yet"),
        (77, "its certificate is not trusted: odd"),
    ],
)
def test_a_certificate_out_of_its_time_is_told_from_one_that_is_not_trusted(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch, code: int, found: str
) -> None:
    def refuse(*_: object) -> None:
        error = ssl.SSLCertVerificationError(1, "no")
        error.verify_code, error.verify_message = code, "odd"
        raise error

    monkeypatch.setattr(probe, "shake_hands", refuse)
    with pytest.raises(TlsError) as error:
        network.check_tls(make_case("https://arthas.example"))
    assert error.value.message == found
    assert error.value.hint


def test_a_certificate_that_soon_expires_is_warned_of(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        probe, "shake_hands", lambda *_: probe.Encryption("TLSv1.3", expires_s=1000 + 3.5 * 86400)
    )
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    finding = network.check_tls(make_case("https://arthas.example"))
    assert (finding.state, finding.cure) == ("warn", "renew it")
    assert finding.found == "TLSv1.3, the certificate is trusted for 3 days more"


def test_any_certificate_will_do_with_insecure_but_not_unsaid(take_steps: Examine) -> None:
    with serve(ANSWER, tls=speak_tls()) as server:
        found = take_steps(server.url, insecure=True)
    assert found["tls"].state == "warn"
    assert found["tls"].found == "TLSv1.3, but any certificate is accepted (--insecure)"
    assert found["arthas"].state == "pass"


def test_https_to_a_port_that_speaks_plain_http_says_so(take_steps: Examine) -> None:
    with serve(ANSWER) as server:
        finding = take_steps(server.url.replace("http", "https"))["tls"]
    assert finding.found == f"127.0.0.1:{server.port} speaks plain http, not TLS"
    assert finding.cure.startswith("use http://")


def test_plain_http_to_a_port_that_speaks_tls_says_so(take_steps: Examine) -> None:
    with serve(ANSWER, tls=speak_tls()) as server:
        finding = take_steps(server.url.replace("https", "http"))["http"]
    assert finding.found == f"127.0.0.1:{server.port} speaks TLS, not plain http"
    assert finding.cure == f"--url https://127.0.0.1:{server.port}"


def test_a_gateway_that_wants_tls_and_says_so_in_plain_http_is_understood(
    take_steps: Examine,
) -> None:
    answer = http(
        b"The plain HTTP request was sent to HTTPS port",
        status="400 Bad Request",
        content_type="text/html",
    )
    with serve(answer) as server:
        finding = take_steps(server.url)["http"]
    assert finding.cure == f"--url https://127.0.0.1:{server.port}"


def test_the_telnet_port_is_known_by_its_first_byte(take_steps: Examine) -> None:
    with serve(b"\xff\xfb\x01\xff\xfb\x03\x1b[1;31m  ,---. ") as server:
        finding = take_steps(server.url)["http"]
    assert finding.found == (
        f"127.0.0.1:{server.port} is a telnet port, as Arthas has one (3658) beside its HTTP port"
    )
    assert "-p 8563" in finding.cure
    assert finding.error is not None
    assert finding.error.kind == "not-arthas"


def test_what_speaks_no_http_is_quoted_safely(
    take_steps: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_LISTEN_S", 0.5)
    with serve(b"SSH-2.0-OpenSSH\x1b[2J\r\n") as server:
        finding = take_steps(server.url)["http"]
    assert finding.found == (
        f"127.0.0.1:{server.port} does not speak HTTP; it says 'SSH-2.0-OpenSSH␛[2J␍␊'"
    )


def test_a_port_that_says_nothing_is_a_timeout(
    take_steps: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "ANSWER_S", 0.2)
    monkeypatch.setattr(network, "_LISTEN_S", 0.2)
    with serve(silence) as server:
        finding = take_steps(server.url)["http"]
    assert finding.found == f"127.0.0.1:{server.port} did not answer within 0.2 s"


def test_a_proxy_in_the_way_is_examined_instead_and_its_password_is_not_shown(
    take_steps: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    def answer(connection: Connection) -> None:
        seen.append(connection.request)
        connection.socket.sendall(ANSWER)

    with serve(answer) as proxy:
        monkeypatch.setenv("http_proxy", f"http://ops:planted@127.0.0.1:{proxy.port}")
        found = take_steps("http://arthas.example:8563")
    assert found["proxy"].found == (
        f"http_proxy routes everything through the proxy 127.0.0.1:{proxy.port}"
    )
    assert found["proxy"].cure == "set no_proxy=arthas.example to bypass it"
    assert found["tcp"].state == "pass"
    assert found["arthas"].state == "pass"
    assert any(request.startswith(b"POST http://arthas.example:8563/api") for request in seen)
    assert not any("planted" in str(finding) for finding in found.values())


def test_a_proxy_that_does_not_answer_is_named_as_what_fails(
    take_steps: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = find_closed_port()
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{port}")
    finding = take_steps("http://arthas.example:8563")["tcp"]
    assert finding.found == f"no connection to 127.0.0.1:{port} (127.0.0.1: refused)"
    assert finding.cure == "check the address of the proxy, or bypass it with no_proxy"


@pytest.mark.parametrize(
    ("url", "no_proxy", "found"),
    [
        ("http://127.0.0.1:1", "", "http_proxy: not used for this machine itself"),
        (
            "http://arthas.example:1",
            "arthas.example",
            "http_proxy: no_proxy leaves this host out",
        ),
        ("https://arthas.example:1", "", "none is configured"),
    ],
)
def test_a_proxy_variable_that_does_not_apply_is_said_to(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch, url: str, no_proxy: str, found: str
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", no_proxy)
    finding = network.check_proxy(make_case(url))
    assert (finding.state, finding.found) == ("pass", found)


def test_https_by_a_proxy_is_left_to_the_http_step(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    finding = network.check_tls(make_case("https://arthas.example"))
    assert (finding.state, finding.found) == ("skipped", "the proxy stands in between")


def test_a_port_that_speaks_neither_tls_nor_http_is_told_from_both(take_steps: Examine) -> None:
    listener = Listener(lambda connection: connection.sendall(b"SSH-2.0-OpenSSH\r\n"))
    try:
        finding = take_steps(f"https://127.0.0.1:{listener.port}")["tls"]
    finally:
        listener.close()
    assert finding.found.startswith(f"no TLS with 127.0.0.1:{listener.port}: ")
    assert finding.cure == "check that this port speaks TLS; if not, use http://"


def test_a_handshake_without_an_answer_is_a_timeout(
    take_steps: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_LISTEN_S", 0.2)
    with serve(silence) as server:
        url = server.url.replace("http", "https")
        finding = take_steps(url, connect_timeout=0.2)["tls"]
    assert finding.found == f"127.0.0.1:{server.port} does not answer the TLS handshake"
    assert isinstance(finding.error, TimedOut)


def test_what_breaks_behind_tls_is_said_as_it_is(take_steps: Examine) -> None:
    with serve(b"no http", tls=speak_tls()) as server:
        finding = take_steps(server.url, ca_file=CERTIFICATE)["http"]
    assert finding.found == "that port does not speak HTTP"


def test_an_odd_failure_to_connect_is_told_in_the_words_of_the_system(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = fail_to_connect(make_case, monkeypatch, PermissionError(errno.EPERM, "Not Permitted"))
    assert error.message.endswith("(192.0.2.1: not permitted)")
    assert error.hint.startswith("attach Arthas")
