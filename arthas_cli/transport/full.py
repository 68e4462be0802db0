"""TLS and proxies, by requests; no redirect is followed and no .netrc read."""

from __future__ import annotations

import re
import ssl
import threading
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3
from urllib3.exceptions import (
    HTTPError,
    InsecureRequestWarning,
    ProtocolError,
    ReadTimeoutError,
)

from arthas_cli.config.variables import name_variable
from arthas_cli.errors import ArthasShellError, ConfigError, NoServer, TlsError, TooLarge
from arthas_cli.protocol import Answer, Request
from arthas_cli.transport.answers import check_answer
from arthas_cli.transport.connecting import connect
from arthas_cli.transport.failures import (
    explain_break,
    explain_connect_failure,
    explain_slow_answer,
    explain_slow_connect,
    explain_too_large,
    is_name_failure,
    limit_connect,
)
from arthas_cli.transport.limits import LimitedAdapter, keep_limits
from arthas_cli.transport.proxy import find_proxies, name_proxy
from arthas_cli.transport.route import Route
from arthas_cli.transport.trust import make_context, share_system_context
from arthas_cli.transport.wire import MAX_BYTES, Endless, Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.config.settings import Connection
    from arthas_cli.config.way import Endpoint
    from arthas_cli.transport.limits import Connect

_CHUNK = 1 << 16
_LENGTH = re.compile("[0-9]{1,18}")


class FullTransport:
    """Sends by requests, a requests session per thread: they are not safe to share.

    No connection is used twice: old servers close them without saying so (docs/protocol.md, 6.2).
    `most_bytes`: how long an answer may be.

    Raises:
        ConfigError: `ca_file` cannot be read, or holds no certificate; the proxy cannot be used.
    """

    most_bytes = MAX_BYTES

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._route = Route(connection)
        self._threads = threading.local()
        self._verify = not connection.insecure
        if connection.insecure:  # the user has asked for it, and need not be told at each request
            urllib3.disable_warnings(InsecureRequestWarning)
        self._context = _make_context(connection)
        self._proxies = find_proxies(self._route.url)

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._connection.url

    def send(
        self,
        request: Request,
        *,
        timeout_s: float | None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """Send the request and wait for the whole answer; see `protocol.Transport.send`."""
        if meanwhile is not None:  # requests does not say when it has sent
            meanwhile()
        endpoint, _ = self._route.open(timeout_s)
        try:
            with (
                keep_limits(timeout_s, self.most_bytes, self._connect_by(endpoint)),
                self._session() as session,  # which forgets its connections at the end
                session.post(
                    self._route.url,
                    data=request.encode(),
                    headers=self._route.make_headers(endpoint),
                    timeout=self._choose_timeouts(timeout_s),
                    allow_redirects=False,
                    verify=self._verify,
                    proxies=self._proxies,
                    stream=True,
                ) as response,
            ):
                content = _read_all(response, self.most_bytes)
        except (requests.RequestException, HTTPError, OSError, UnicodeError) as error:
            raise self._explain(error, timeout_s) from error
        except Endless:
            raise explain_too_large(self.most_bytes) from None
        except MemoryError:
            raise TooLarge from None
        reply = Reply(response.status_code, response.headers, content)
        hide = self._route.hide(endpoint)
        return Answer(request, check_answer(reply, hide), hide)

    def _choose_timeouts(self, timeout_s: float | None) -> tuple[float, float | None]:
        """Return the seconds for a connection, and for each wait behind it."""
        return limit_connect(self._connection.connect_timeout_s, timeout_s), timeout_s

    def _connect_by(self, endpoint: Endpoint | None) -> Connect:
        """Return what connects: to wherever requests says, which may be a proxy, or by the way."""
        if endpoint is None:
            return connect
        return lambda _host, _port, within_s: self._route.connect(endpoint, within_s)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            session.trust_env = False
            session.mount("https://", LimitedAdapter(self._context))
            session.mount("http://", LimitedAdapter())
        return session

    def _explain(self, error: Exception, timeout_s: float | None) -> ArthasShellError:
        address, host = self._route.address, urlsplit(self._route.url).hostname or ""
        causes = list(_list_causes(error))
        match error:
            case requests.exceptions.SSLError():
                return _explain_tls(causes, address)
            case requests.exceptions.ProxyError():
                return NoServer(
                    f"the proxy does not reach {address}",
                    hint="add the host to no_proxy if it needs no proxy",
                )
            case requests.exceptions.ConnectTimeout():
                return explain_slow_connect(address, self._choose_timeouts(timeout_s)[0])
            case requests.exceptions.Timeout() | ReadTimeoutError() | TimeoutError():
                return explain_slow_answer(address, timeout_s)
        ours = _explain_causes(causes, host, address)
        return ours if name_proxy(self.url, self._proxies) else self._route.explain(ours)


def _make_context(connection: Connection) -> ssl.SSLContext | None:
    """Return what TLS there trusts; None where there is none."""
    path = connection.ca_file
    if connection.insecure:
        return make_context(is_blind=True)
    if path is None:
        return share_system_context() if connection.url.startswith("https://") else None
    try:
        return make_context(path)
    except ssl.SSLError:
        raise name_variable(
            ConfigError(
                f"'{path}' holds no certificate",
                hint="use a PEM file with the authority's certificate",
            ),
            path,
        ) from None
    except OSError as error:
        raise name_variable(
            ConfigError(f"cannot read the CA file '{path}': {error.strerror}"), path
        ) from None


def _explain_tls(causes: list[BaseException], address: str) -> TlsError:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TlsError(
                f"the certificate of {address} is not trusted: {cause.verify_message}",
                hint="use --ca-file to name the authority to trust; --insecure accepts any"
                " certificate",
            )
    return TlsError(
        f"no TLS connection to {address}: {_find_reason(causes)}",
        hint="check that this port speaks TLS; if not, use http://",
    )


def _explain_causes(causes: list[BaseException], host: str, address: str) -> NoServer:
    for cause in causes:
        if isinstance(cause, HTTPException):
            return explain_break(cause)
    for cause in causes:
        if isinstance(cause, ConnectionRefusedError) or is_name_failure(cause):
            return explain_connect_failure(cause, host, address)
    if any(isinstance(cause, ProtocolError | ConnectionError) for cause in causes):
        return explain_break(causes[0])
    return explain_connect_failure(causes[-1], host, address)


def _list_causes(error: BaseException) -> list[BaseException]:
    """Return the error and what lies beneath it; urllib3 keeps causes in arguments as well."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and not any(cause is known for known in found):
            found.append(cause)
            waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None)]
            waiting += cause.args
    return found


def _find_reason(causes: list[BaseException]) -> str:
    """Return the plainest words that some cause has for it."""
    for cause in reversed(causes):
        if isinstance(cause, ssl.SSLError) and cause.reason:  # e.g. WRONG_VERSION_NUMBER
            return cause.reason.lower().replace("_", " ")
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return type(causes[0]).__name__


def read_length(response: requests.Response) -> int | None:
    """Return how long the body is announced to be, None where that is not said."""
    length = response.headers.get("content-length", "")
    return int(length) if _LENGTH.fullmatch(length) else None


def _read_all(response: requests.Response, most_bytes: int) -> bytes:
    if (read_length(response) or 0) > most_bytes:
        raise Endless
    content = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        content += chunk
    return bytes(content)
