"""Exchanges other than those of the API: any path and method, the answer taken as it is."""

from __future__ import annotations

import time
from contextlib import contextmanager
from http.client import IncompleteRead
from typing import TYPE_CHECKING

import requests
from urllib3.exceptions import HTTPError

from arthas_cli.transport.failures import explain_break
from arthas_cli.transport.full import FullTransport
from arthas_cli.transport.limits import keep_limits
from arthas_cli.transport.proxy import name_proxy
from arthas_cli.transport.wire import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.errors import ArthasShellError
    from arthas_cli.protocol import Request

_CHUNK = 1 << 16
# More of an answer tells no more about who gave it.
_MAX_READ = 1 << 20


class HttpClient(FullTransport):
    """The full transport, opened for files and for questions about who answers there."""

    @property
    def proxy(self) -> str | None:
        """The proxy on the way, "HOST:PORT" without its password; None where there is none."""
        return name_proxy(self._route.url, self._proxies)

    def locate(self, path: str) -> str:
        """Return the URL of another path of the server, beside the API."""
        return self._route.url.removesuffix("/api") + path

    def exchange(self, request: Request | None, *, path: str = "", timeout_s: float) -> Reply:
        """Post the request to the API, or get another path of the server; return what comes.

        Raises:
            NoServer: and its kinds, where no HTTP answer comes.
        """
        url = self.locate(path or "/api")
        content = None if request is None else request.encode()
        until = time.monotonic() + timeout_s
        with self.open(url, content=content, timeout_s=timeout_s) as response:
            read = b""
            for chunk in self.read(response, timeout_s):
                read += chunk
                if len(read) > _MAX_READ or time.monotonic() > until:
                    break
            return Reply(response.status_code, response.headers, read)

    @contextmanager
    def open(
        self, url: str, *, content: bytes | None = None, timeout_s: float | None
    ) -> Iterator[requests.Response]:
        """Send a GET, or a POST of the content; its head comes within `timeout_s` seconds.

        Raises:
            NoServer: and its kinds, where no HTTP answer comes.
        """
        endpoint, _ = self._route.open(timeout_s)
        headers = self._route.make_headers(endpoint) | {"Accept": "*/*"}
        with self._session() as session:
            try:
                with keep_limits(timeout_s, connect=self._connect_by(endpoint)):
                    response = session.request(
                        "GET" if content is None else "POST",
                        url,
                        data=content,
                        headers=headers,
                        timeout=self._choose_timeouts(timeout_s),
                        allow_redirects=False,
                        verify=self._verify,
                        proxies=self._proxies,
                        stream=True,
                    )
            except (requests.RequestException, HTTPError, OSError, UnicodeError) as error:
                raise self._explain(error, timeout_s) from error
            with response:
                yield response

    def read(self, response: requests.Response, timeout_s: float | None) -> Iterator[bytes]:
        """Yield the body as it comes; `timeout_s` seconds of silence end it.

        Raises:
            BadAnswer: it was cut off.
            NoServer: and its kinds, where the connection broke.
        """
        while True:
            try:
                chunk = response.raw.read1(_CHUNK, decode_content=False)
            except (HTTPError, OSError) as error:
                raise self._explain_end(error, timeout_s) from error
            if not chunk:
                return
            yield chunk

    def _explain_end(self, error: Exception, timeout_s: float | None) -> ArthasShellError:
        if isinstance(error, ConnectionError):
            return explain_break(IncompleteRead(b""))
        return self._explain(error, timeout_s)
