"""The address of an Arthas server as people write it, read into the URL of its API."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from arthas_cli.config.variables import name_source
from arthas_cli.errors import NotRun

DEFAULT_PORT = 8563
MAX_PORT = 65535
_PATH_SIGNS = "/%:@!$&'()*+,;=~"
# What stands before @ there is a user, whose password ssh asks for itself, or a context of kubectl.
_NAMED = re.compile("(ssh|k8s)://[^:]*", re.IGNORECASE)
_CREDENTIALS_HINT = "give it with -u and --password-stdin, or ARTHAS_SHELL_PASSWORD"


def parse_host(host: str, port: object = None) -> str:
    """Return the API's URL for `HOST[:PORT]`; an IPv6 address stands in brackets.

    Raises:
        NotRun: not a host, or a port twice or out of range.
    """
    _refuse_password(host)
    if "://" in host:
        raise NotRun(f"'{host}' is a URL", hint=f"use --url {host}")
    if host.count(":") > 1 and not host.startswith("["):
        raise NotRun(
            f"'{host}' is not of the form HOST[:PORT]",
            hint=f"put an IPv6 address in brackets: '[{host}]'",
        )
    parts = _split_url(f"http://{host}", host)
    if parts.path or parts.query or parts.fragment or not parts.hostname:
        raise NotRun(
            f"'{host}' is not of the form HOST[:PORT]",
            hint="use --url http://… for an address with a path",
        )
    if parts.port is not None and port is not None:
        other = name_source("port", port)
        raise NotRun(f"'{host}' has a port and {other} gives another", hint="use only one of them")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"http://{name}:{read_port(port if parts.port is None else parts.port)}/api"


def parse_url(url: str) -> str:
    """Return the API's URL for a base URL: `/api` is appended unless the path ends so.

    Raises:
        NotRun: not an http(s) URL, or one with a password, query or fragment in it.
    """
    _refuse_password(url)
    parts = _split_url(url, url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotRun(
            f"'{url}' is not an http:// or https:// URL",
            hint="use a URL such as --url http://HOST:8563",
        )
    if parts.query or parts.fragment:
        raise NotRun(f"'{url}' has a query or fragment", hint="give the base URL alone")
    read_port(parts.port)
    path = quote(parts.path.rstrip("/"), safe=_PATH_SIGNS)
    if not path.endswith("/api"):
        path += "/api"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _refuse_password(address: str) -> None:
    """Refuse an address with a password in it, before any message could repeat it."""
    if has_password(address):
        raise NotRun("an address must not contain a password", hint=_CREDENTIALS_HINT)


def has_password(address: str) -> bool:
    """Return whether an address may hold a password, so that no message is to repeat it."""
    user, mark, _ = address.rpartition("@")
    is_given = "password" in address.partition("?")[2].lower()
    return bool(mark and not _NAMED.fullmatch(user)) or is_given


def _split_url(url: str, shown: str) -> SplitResult:
    if any(character.isspace() or not character.isprintable() for character in shown):
        raise NotRun(
            f"{shown!r} is not an address: it contains spaces or control characters",
            hint="use an address such as -H HOST:8563",
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise NotRun(
            f"'{shown}' is not an address: {error}", hint="use an address such as -H HOST:8563"
        ) from None
    return parts


def read_port(value: object) -> int:
    """Read a port as a person writes it, in plain digits."""
    if value is None:
        return DEFAULT_PORT
    text = str(value)
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_PORT))
    if not (is_number and 0 < int(text) <= MAX_PORT):
        raise NotRun(f"'{value}' is not a port", hint="use a number from 1 to 65535")
    return int(text)
