"""The proxy on the way to a server, as the variables of the environment name it."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import requests.utils

from arthas_cli.errors import ConfigError
from arthas_cli.transport import is_loopback

_USABLE = ("http", "https")
_PAST_IT = "list the host in no_proxy to bypass it"


def find_proxies(url: str) -> dict[str, str]:
    """Return the proxies as requests takes them; none for this machine itself.

    Raises:
        ConfigError: the one for this URL cannot be used; then nothing is to go past it unasked.
    """
    proxies = {} if is_loopback(url) else requests.utils.get_environ_proxies(url)
    proxy = requests.utils.select_proxy(url, proxies)
    if proxy:
        _check(proxy)
    return proxies


def name_proxy(url: str, proxies: dict[str, str]) -> str | None:
    """Return the proxy for this URL as "HOST:PORT", None where there is none."""
    proxy = requests.utils.select_proxy(url, proxies)
    return _leave_scheme_out(proxy) if proxy else None


def _check(proxy: str) -> None:
    scheme, mark, _ = proxy.partition("://")
    where = _leave_scheme_out(proxy)
    if mark and scheme.lower() not in _USABLE:
        raise ConfigError(
            f"{_name_source(proxy)} names the proxy '{scheme}://{where}', and only http:// proxies"
            " can be used",
            hint=f"{_PAST_IT}, or go through ssh with --url ssh://HOST",
        )
    try:
        is_address = urlsplit(f"http://{where}").port != 0
    except ValueError:
        is_address = False
    if not is_address:
        what = (
            f"{_name_source(proxy)} names the proxy '{where}', which is not of the form HOST:PORT"
        )
        raise ConfigError(what, hint=f"correct it, or {_PAST_IT}")


def _leave_scheme_out(proxy: str) -> str:
    """Return the address alone, without a password."""
    return proxy.rpartition("://")[2].partition("/")[0].rpartition("@")[2]


def _name_source(proxy: str) -> str:
    given = (name for name, value in os.environ.items() if value == proxy)
    return min((name for name in given if name.lower().endswith("_proxy")), default="the system")
