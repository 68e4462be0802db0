"""The steps from here to an HTTP answer: name, TCP, TLS, HTTP, and the proxy in between."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import time
from typing import TYPE_CHECKING

from arthas_cli.doctor.model import ANSWER_S, passed, skipped, warned
from arthas_cli.errors import NoServer, NotArthas, TimedOut, TlsError
from arthas_cli.protocol import Action, Request
from arthas_cli.text import count, one_line
from arthas_cli.transport import probe

if TYPE_CHECKING:
    from arthas_cli.doctor.model import Case, Finding

_BAD_REQUEST = 400
_TELNET = b"\xff"  # "interpret as command": how a telnet server begins to negotiate
_TLS_ALERT = b"\x15\x03"
_SOON_S = 14 * 86400
_DAY_S = 86400
_SAID = b"POST /api HTTP/1.1\r\nHost: arthas\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LISTEN_S = 3.0
_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL)
_ATTACH = "attach Arthas (java -jar arthas-boot.jar PID), or give its HTTP port with -p"


def _make_tunnels(case: Case) -> str:
    host, port = case.next_hop
    return f"--url ssh://{host}/{port} or --url k8s://NAMESPACE/POD:{port}"


def check_proxy(case: Case) -> Finding:
    """Return which proxy variables there are, and whether they apply."""
    scheme = "https" if case.is_encrypted else "http"
    names = [f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"]
    given = [name for name in names if os.environ.get(name)]
    proxy = case.door.proxy
    if proxy:
        what = f"{given[0] if given else 'the system'} routes everything through the proxy {proxy}"
        return warned(what, f"set no_proxy={case.host} to bypass it")
    if not given:
        return passed("none is configured")
    why = "not used for this machine itself" if case.is_here else "no_proxy leaves this host out"
    return passed(f"{', '.join(given)}: {why}")


def check_name(case: Case) -> Finding:
    """Look the host's name up."""
    host, port = case.next_hop
    try:
        case.addresses = probe.resolve(host, port)
    except UnicodeError:
        raise NoServer(f"'{host}' is not a valid host name", hint="check the spelling") from None
    except OSError as error:
        if error.errno == socket.EAI_AGAIN:
            what, hint = (
                f"no name server answers for '{host}'",
                "check the network and the VPN",
            )
        else:
            what = f"'{host}' has no address"
            hint = "check the spelling; a name inside a cluster only resolves there"
        raise NoServer(what, hint=hint) from error
    if case.addresses == [host]:
        return passed(f"{host} is an address")
    return passed(f"{host} is {', '.join(case.addresses)}")


def check_tcp(case: Case) -> Finding:
    """Connect to one address after the other until one takes it."""
    _, port = case.next_hop
    refusals: list[str] = []
    last: OSError | None = None
    for address in case.addresses:
        try:
            took_s = probe.time_connection(address, port, case.connection.connect_timeout_s)
        except OSError as error:
            refusals.append(f"{address}: {_name_failure(error)}")
            last = error
        else:
            what = f"{address} port {port} accepts connections, {took_s * 1000:.0f} ms"
            if refusals:
                cure = "use the address itself with -H to save the wait"
                return warned(f"{what}, but not {'; '.join(refusals)}", cure)
            return passed(what)
    raise _explain_tcp(case, last, refusals) from last


def _name_failure(error: OSError) -> str:
    match error:
        case ConnectionRefusedError():
            return "refused"
        case TimeoutError():
            return "no answer in time"
    return (error.strerror or type(error).__name__).lower()


def _explain_tcp(case: Case, error: OSError | None, refusals: list[str]) -> NoServer:
    what = f"no connection to {case.address} ({'; '.join(refusals)})"
    if case.door.proxy:
        return NoServer(what, hint="check the address of the proxy, or bypass it with no_proxy")
    match error:
        case ConnectionRefusedError():
            hint = _ATTACH
            if not case.is_here:
                hint += (
                    "; it listens only on 127.0.0.1 unless attached with --target-ip 0.0.0.0:"
                    f" better {_make_tunnels(case)}"
                )
        case TimeoutError():
            seconds = case.connection.connect_timeout_s
            hint = f"check the firewall, or allow more than {seconds:g} s with --connect-timeout"
            return TimedOut(what, hint=f"{hint}; past a firewall: {_make_tunnels(case)}")
        case OSError() if error.errno in _UNREACHABLE:
            hint = (
                f"check the VPN: there is no route to that network; otherwise {_make_tunnels(case)}"
            )
        case _:
            hint = _ATTACH
    return NoServer(what, hint=hint)


def check_tls(case: Case) -> Finding:
    """Agree on TLS and look at the certificate."""
    if not case.is_encrypted:
        return skipped("plain http has none")
    if case.door.proxy:
        return skipped("the proxy stands in between")
    connection = case.connection
    host, port = case.next_hop
    trust = probe.Trust(connection.ca_file, is_blind=connection.insecure)
    try:
        found = probe.shake_hands(host, port, trust, connection.connect_timeout_s)
    except ssl.SSLCertVerificationError as error:
        raise _explain_certificate(case, error) from error
    except OSError as error:
        raise _explain_handshake(case, error) from error
    if connection.insecure:
        what = f"{found.protocol}, but any certificate is accepted (--insecure)"
        return warned(what, "use --ca-file FILE to trust only its authority")
    left_s = (found.expires_s or 0) - time.time()
    what = f"{found.protocol}, the certificate is trusted"
    if left_s < _SOON_S:
        return warned(f"{what} for {count(int(left_s // _DAY_S), 'day')} more", "renew it")
    return passed(f"{what} for {count(int(left_s // _DAY_S), 'day')} more")


def _explain_certificate(case: Case, error: ssl.SSLCertVerificationError) -> TlsError:
    code = error.verify_code
    host, port = case.next_hop
    if code in probe.OTHER_NAMES:
        names = ", ".join(one_line(name) for name in _list_names(case)) or "another host"
        what, hint = f"its certificate is for {names}, not for '{host}'", "use the name it is for"
    elif code == probe.EXPIRED:
        what, hint = (
            "its certificate has expired",
            "renew it on the server, or correct the clock here",
        )
    elif code == probe.NOT_YET_VALID:
        what, hint = "its certificate is not valid yet", "check the clock here"
    elif code in probe.UNKNOWN_ISSUERS:
        what = f"its certificate is not from a trusted authority ({error.verify_message})"
        hint = (
            "use --ca-file FILE to trust its authority; openssl s_client -showcerts -connect"
            f" {host}:{port} shows it"
        )
    else:
        what, hint = f"its certificate is not trusted: {error.verify_message}", ""
    return TlsError(what, hint=f"{hint}; --insecure accepts any certificate" if hint else None)


def _list_names(case: Case) -> tuple[str, ...]:
    """Return what a certificate is for that is trusted but for its name."""
    host, port = case.next_hop
    trust = probe.Trust(case.connection.ca_file, checks_name=False)
    try:
        return probe.shake_hands(host, port, trust, case.connection.connect_timeout_s).names
    except OSError:
        return ()


def _explain_handshake(case: Case, error: OSError) -> NoServer:
    host, port = case.next_hop
    if probe.listen(host, port, _SAID, _LISTEN_S).startswith(b"HTTP/"):
        return TlsError(
            f"{case.address} speaks plain http, not TLS",
            hint="use http:// (Arthas itself has no TLS, a gateway may)",
        )
    hint = "check that this port speaks TLS; if not, use http://"
    if isinstance(error, TimeoutError):
        return TimedOut(f"{case.address} does not answer the TLS handshake", hint=hint)
    reason = getattr(error, "reason", None) or error.strerror or type(error).__name__
    words = str(reason).lower().replace("_", " ")
    return TlsError(f"no TLS with {case.address}: {words}", hint=hint)


def check_http(case: Case) -> Finding:
    """Ask the API something that changes nothing, and take any HTTP answer."""
    begun = time.monotonic()
    try:
        case.reply = case.door.exchange(Request(Action.SESSION_INFO), timeout_s=ANSWER_S)
    except NoServer as error:
        if case.door.proxy or case.is_encrypted or case.connection.way is not None:
            raise
        raise _explain_other_speech(case, error) from error
    took_ms = (time.monotonic() - begun) * 1000
    if (
        not case.is_encrypted
        and case.reply.status == _BAD_REQUEST
        and b"HTTPS" in case.reply.content
    ):
        raise _wants_tls(case)
    return passed(f"an answer after {took_ms:.0f} ms, status {case.reply.status}")


def _explain_other_speech(case: Case, error: NoServer) -> NoServer:
    """Return what it is that speaks no HTTP there, as far as its first bytes tell."""
    host, port = case.next_hop
    heard = probe.listen(host, port, _SAID, _LISTEN_S)
    if heard.startswith(_TELNET):
        return NotArthas(
            f"{case.address} is a telnet port, as Arthas has one (3658) beside its HTTP port",
            hint="give the HTTP port: -p 8563, or what --http-port was when it was attached",
        )
    if heard.startswith(_TLS_ALERT) or probe.speaks_tls(host, port, _LISTEN_S):
        return _wants_tls(case)
    if heard:
        begin = one_line(heard[:40].decode("latin-1"))
        return NotArthas(
            f"{case.address} does not speak HTTP; it says '{begin}'", hint=NotArthas.default_hint
        )
    return error


def _wants_tls(case: Case) -> TlsError:
    return TlsError(
        f"{case.address} speaks TLS, not plain http",
        hint=f"--url {case.connection.url.replace('http://', 'https://', 1).removesuffix('/api')}",
    )
