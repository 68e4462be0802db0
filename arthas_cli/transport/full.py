"""TLS and proxies, by requests; no redirect is followed and no .netrc read."""

from __future__ import annotations

import threading
import time
from http.client import BadStatusLine, RemoteDisconnected
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import requests.utils
from urllib3.exceptions import HTTPError, IncompleteRead, NameResolutionError, ProtocolError

from arthas_cli.errors import ArthasShellError, BadAnswer, NoServer, TimedOut, TlsError
from arthas_cli.protocol import Answer, Request
from arthas_cli.transport import is_loopback
from arthas_cli.transport.answers import check_answer, explain_break
from arthas_cli.transport.headers import make_headers

if TYPE_CHECKING:
    from arthas_cli.settings import Connection

_CHUNK = 1 << 16


class FullTransport:
    """Sends by requests, a requests session per thread: they are not safe to share."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._headers = make_headers(connection.credentials)
        self._threads = threading.local()
        verify: bool | str = connection.ca_file or True
        self._verify = False if connection.insecure else verify
        url = connection.url
        self._proxies = {} if is_loopback(url) else requests.utils.get_environ_proxies(url)

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._connection.url

    def send(self, request: Request, *, timeout_s: float | None) -> Answer:
        """Sends the request and waits for the whole answer; see `protocol.Transport.send`."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        try:
            with self._session().post(
                self.url,
                data=request.encode(),
                headers=self._headers,
                timeout=(self._connection.connect_timeout_s, timeout_s),
                allow_redirects=False,
                verify=self._verify,
                proxies=self._proxies,
                stream=True,
            ) as response:
                content = _read_all(response, deadline)
                location = response.headers.get("location")
                return Answer(request, check_answer(response.status_code, content, location))
        except (requests.RequestException, HTTPError, OSError, UnicodeError) as error:
            raise self._explain(error, timeout_s) from error

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = self._threads.session = requests.Session()
            session.trust_env = False
        return session

    def _explain(self, error: Exception, timeout_s: float | None) -> ArthasShellError:
        host = urlsplit(self.url).netloc
        causes = list(_list_causes(error))
        match error:
            case requests.exceptions.SSLError():
                return TlsError(f"no TLS connection to {host}: {_find_reason(causes)}")
            case requests.exceptions.ProxyError():
                return NoServer(
                    f"the proxy does not reach {host}",
                    hint="no_proxy lists the hosts that need no proxy",
                )
            case requests.exceptions.ConnectTimeout():
                seconds = self._connection.connect_timeout_s
                return TimedOut(f"{host} did not answer within {seconds:g} s")
            case requests.exceptions.Timeout() | TimeoutError():
                return TimedOut(f"{self.url} did not answer within {timeout_s or 0:g} s")
            case requests.exceptions.InvalidURL() | UnicodeError():
                return NoServer(f"there is no host '{host}'", hint="is the name right?")
        return _explain_causes(causes, host)


def _explain_causes(causes: list[BaseException], host: str) -> ArthasShellError:
    for cause in causes:
        match cause:
            case NameResolutionError():
                return NoServer(f"there is no host '{host}'", hint="is the name right?")
            case ConnectionRefusedError():
                return NoServer(f"nothing listens on {host}")
            case RemoteDisconnected() | BadStatusLine() | IncompleteRead() | ConnectionError():
                return explain_break(cause)
    if any(isinstance(cause, ProtocolError) for cause in causes):
        return BadAnswer("the answer was cut off")
    return NoServer(f"no connection to {host}: {_find_reason(causes)}")


def _list_causes(error: BaseException) -> list[BaseException]:
    """Returns the error and what lies beneath it; urllib3 keeps causes in arguments as well."""
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
    """Returns the plainest words that some cause has for it."""
    for cause in reversed(causes):
        words = getattr(cause, "verify_message", None) or getattr(cause, "strerror", None)
        if words:
            return str(words)
    return type(causes[0]).__name__


def _read_all(response: requests.Response, deadline: float | None) -> bytes:
    chunks: list[bytes] = []
    for chunk in response.raw.stream(_CHUNK, decode_content=True):
        chunks.append(chunk)
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(chunks)
